"""Calls by which a subnet's owner or root sets its size, registrations, stake and endpoints."""

from __future__ import annotations

from typing import Annotated

from ....consensus import fixed
from ...frame.context import Context
from ...frame.errors import ensure
from ...frame.weight import DispatchClass, weight_of
from ...scale import AccountId, SourceName, u16, u64
from ...scale.fixed_types import U64F64
from ..shared.types import NetUid, TaoBalance
from ..subtensor import storage
from ..subtensor.declared import constants
from ..subtensor.declared.limits import MAX_BURN_HALF_LIFE
from ..subtensor.declared.types import Hyperparameter, RecycleOrBurnEnum, TransactionType
from ..subtensor.lifecycle.network_registration import do_set_sn_owner_hotkey
from ..subtensor.neurons.uids import trim_to_max_allowed_uids
from ..subtensor.subnets import hyperparameters
from ..subtensor.subnets.mechanism import ensure_max_uids_over_all_mechanisms
from ..subtensor.subnets.owner_rules import ensure_subnet_owner_or_root
from ..subtensor.subnets.tempo import ensure_admin_window_open
from .pallet import BurnHalfLifeSet, BurnIncreaseMultSet, Error, pallet
from .rules import ensure_subnet, ensure_subnet_except_root, owner_change

#: Two types under the names that they have in this pallet's metadata.
SystemAccountId = Annotated[AccountId, SourceName("<T as frame_system::Config>::AccountId")]
RecycleOrBurnArg = Annotated[RecycleOrBurnEnum, SourceName("pallet_subtensor::RecycleOrBurnEnum")]

#: Weight of calls without a benchmark of their own.
DEFAULT_WEIGHT = weight_of(25_000_000, reads=4, writes=1)

# --- size and immunity ---------------------------------------------------------------------------------------------


@pallet.call(15, weight=weight_of(43_381_000, 4433, reads=8, writes=1))
def sudo_set_max_allowed_uids(ctx: Context, netuid: NetUid, max_allowed_uids: u16) -> None:
    """Set the maximum number of neurons.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist; below the minimum or the current number of neurons with MaxAllowedUidsLessThanMinAllowedUids or
    MaxAllowedUIdsLessThanCurrentUIds; above 256 with MaxAllowedUidsGreaterThanDefaultMaxAllowedUids; above 256 over all
    mechanisms with TooManyUIDsPerMechanism.
    """
    with owner_change(ctx, netuid, Hyperparameter.MaxAllowedUids):
        ensure_subnet(ctx, netuid)
        ensure(max_allowed_uids >= storage.MinAllowedUids.get(ctx, netuid), Error.MaxAllowedUidsLessThanMinAllowedUids)
        ensure(max_allowed_uids >= storage.SubnetworkN.get(ctx, netuid), Error.MaxAllowedUIdsLessThanCurrentUIds)
        limit = constants.InitialMaxAllowedUids.get(ctx)
        ensure(max_allowed_uids <= limit, Error.MaxAllowedUidsGreaterThanDefaultMaxAllowedUids)
        ensure_max_uids_over_all_mechanisms(ctx, max_allowed_uids, storage.MechanismCountCurrent.get(ctx, netuid))
        hyperparameters.set_max_allowed_uids(ctx, netuid, max_allowed_uids)


@pallet.call(78, weight=weight_of(38_302_000, 4398, reads=8, writes=1))
def sudo_trim_to_max_allowed_uids(ctx: Context, netuid: NetUid, max_n: u16) -> None:
    """Set the maximum number of neurons and remove those beyond it with the least emission.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. The remaining uids
    are renumbered without gaps. Fails with SubnetNotExists, InvalidValue or TrimmingWouldExceedMaxImmunePercentage.
    """
    with owner_change(ctx, netuid, TransactionType.MaxUidsTrimming):
        trim_to_max_allowed_uids(ctx, netuid, max_n)


@pallet.call(13, weight=weight_of(34_414_000, 4383, reads=5, writes=1))
def sudo_set_immunity_period(ctx: Context, netuid: NetUid, immunity_period: u16) -> None:
    """Set the number of blocks during which a new neuron is immune against replacement.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist.
    """
    with owner_change(ctx, netuid, Hyperparameter.ImmunityPeriod):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_immunity_period(ctx, netuid, immunity_period)


@pallet.call(72, weight=weight_of(25_107_000, 4280, reads=4, writes=1))
def sudo_set_owner_immune_neuron_limit(ctx: Context, netuid: NetUid, immune_neurons: u16) -> None:
    """Set the number of the owner's neurons that are always immune, from 1 to 10.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    InvalidValue.
    """
    with owner_change(ctx, netuid, Hyperparameter.ImmuneNeuronLimit):
        hyperparameters.set_owner_immune_neuron_limit(ctx, netuid, immune_neurons)


# --- registrations -------------------------------------------------------------------------------------------------


@pallet.call(22, weight=weight_of(37_780_000, 4385, reads=6, writes=1))
def sudo_set_min_burn(ctx: Context, netuid: NetUid, min_burn: TaoBalance) -> None:
    """Set the minimum price of a registration, in rao.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, or with ValueNotInBounds unless the price is below one TAO and below the maximum price.
    """
    with owner_change(ctx, netuid, Hyperparameter.MinBurn):
        ensure_subnet(ctx, netuid)
        ensure(min_burn < constants.MinBurnUpperBound.get(ctx), Error.ValueNotInBounds)
        ensure(min_burn < storage.MaxBurn.get(ctx, netuid), Error.ValueNotInBounds)
        hyperparameters.set_min_burn(ctx, netuid, min_burn)


@pallet.call(23, weight=weight_of(36_949_000, 4410, reads=6, writes=1))
def sudo_set_max_burn(ctx: Context, netuid: NetUid, max_burn: TaoBalance) -> None:
    """Set the maximum price of a registration, in rao.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, or with ValueNotInBounds unless the price is above 0.1 TAO and above the minimum price.
    """
    with owner_change(ctx, netuid, Hyperparameter.MaxBurn):
        ensure_subnet(ctx, netuid)
        ensure(max_burn > constants.MaxBurnLowerBound.get(ctx), Error.ValueNotInBounds)
        ensure(max_burn > storage.MinBurn.get(ctx, netuid), Error.ValueNotInBounds)
        hyperparameters.set_max_burn(ctx, netuid, max_burn)


@pallet.call(89, weight=DEFAULT_WEIGHT, class_=DispatchClass.Operational)
def sudo_set_burn_half_life(ctx: Context, netuid: NetUid, burn_half_life: u16) -> None:
    """Set the number of blocks in which the price of a registration falls by half, from 1 to 36,100.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, NotPermittedOnRootSubnet or InvalidValue.
    """
    with owner_change(ctx, netuid, Hyperparameter.BurnHalfLife):
        ensure_subnet_except_root(ctx, netuid)
        ensure(0 < burn_half_life <= MAX_BURN_HALF_LIFE, Error.InvalidValue)
        storage.BurnHalfLife.put(ctx, netuid, burn_half_life)
        ctx.deposit(BurnHalfLifeSet(netuid, burn_half_life))


@pallet.call(90, weight=DEFAULT_WEIGHT, class_=DispatchClass.Operational)
def sudo_set_burn_increase_mult(ctx: Context, netuid: NetUid, burn_increase_mult: U64F64) -> None:
    """Set the factor by which each registration increases the price of the next, U64F64, from 1 to 3.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, NotPermittedOnRootSubnet or InvalidValue.
    """
    with owner_change(ctx, netuid, Hyperparameter.BurnIncreaseMult):
        ensure_subnet_except_root(ctx, netuid)
        ensure(fixed.U64F64.one <= burn_increase_mult <= 3 * fixed.U64F64.one, Error.InvalidValue)
        storage.BurnIncreaseMult.put(ctx, netuid, burn_increase_mult)
        ctx.deposit(BurnIncreaseMultSet(netuid, burn_increase_mult))


@pallet.call(5, weight=weight_of(34_704_000, 4383, reads=5, writes=1))
def sudo_set_max_difficulty(ctx: Context, netuid: NetUid, max_difficulty: u64) -> None:
    """Set the maximum difficulty of registrations by proof of work.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist.
    """
    with owner_change(ctx, netuid, Hyperparameter.MaxDifficulty):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_max_difficulty(ctx, netuid, max_difficulty)


@pallet.call(9, weight=weight_of(14_000_000, reads=1, writes=1))
def sudo_set_adjustment_alpha(ctx: Context, netuid: NetUid, adjustment_alpha: u64) -> None:
    """Set the former smoothing of price and difficulty adjustments, out of 2^64; has no effect.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist.
    """
    with owner_change(ctx, netuid, Hyperparameter.AdjustmentAlpha):
        ensure_subnet(ctx, netuid)
        hyperparameters.set_adjustment_alpha(ctx, netuid, adjustment_alpha)


# --- stake and takes -----------------------------------------------------------------------------------------------


@pallet.call(61, weight=weight_of(28_343_000, 4280, reads=4, writes=1))
def sudo_set_toggle_transfer(ctx: Context, netuid: NetUid, toggle: bool) -> None:
    """Allow or forbid the transfer of the subnet's stake between coldkeys.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window.
    """
    with owner_change(ctx, netuid, Hyperparameter.TransferEnabled):
        hyperparameters.toggle_transfer(ctx, netuid, toggle)


@pallet.call(93, weight=weight_of(38_100_000, 4419, reads=7, writes=1))
def sudo_set_min_childkey_take_per_subnet(ctx: Context, netuid: NetUid, take: u16) -> None:
    """Set the subnet's minimum childkey take, a u16 proportion.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window. Fails with
    SubnetDoesNotExist, or with InvalidValue unless the take is between the chain's minimum and maximum.
    """
    with owner_change(ctx, netuid, Hyperparameter.MinChildkeyTake):
        ensure_subnet(ctx, netuid)
        ensure(storage.MinChildkeyTake.get(ctx) <= take <= storage.MaxChildkeyTake.get(ctx), Error.InvalidValue)
        hyperparameters.set_min_childkey_take_for_subnet(ctx, netuid, take)


@pallet.call(80, weight=weight_of(20_000_000, reads=2, writes=2))
def sudo_set_recycle_or_burn(ctx: Context, netuid: NetUid, recycle_or_burn: RecycleOrBurnArg) -> None:
    """Decide whether the miner emission of the owner's hotkeys is recycled or burned.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window.
    """
    with owner_change(ctx, netuid, Hyperparameter.RecycleOrBurn):
        storage.RecycleOrBurn.put(ctx, netuid, recycle_or_burn)


@pallet.call(92, weight=DEFAULT_WEIGHT, class_=DispatchClass.Operational)
def sudo_set_owner_cut_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Enable or disable the owner's cut of the emission.

    For the subnet's owner and for root, without rate limit; refused in the admin freeze window. Fails with
    SubnetDoesNotExist or NotPermittedOnRootSubnet.
    """
    ensure_subnet_owner_or_root(ctx, netuid)
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet_except_root(ctx, netuid)
    storage.OwnerCutEnabled.put(ctx, netuid, enabled)


@pallet.call(95, weight=DEFAULT_WEIGHT, class_=DispatchClass.Operational)
def sudo_set_owner_cut_auto_lock_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Enable or disable the lock of the owner's cut when it is paid.

    For the subnet's owner and for root, without rate limit; refused in the admin freeze window. Fails with
    SubnetDoesNotExist or NotPermittedOnRootSubnet.
    """
    ensure_subnet_owner_or_root(ctx, netuid)
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet_except_root(ctx, netuid)
    storage.OwnerCutAutoLockEnabled.put(ctx, netuid, enabled)


# --- endpoints and the owner's hotkey ------------------------------------------------------------------------------


@pallet.call(3, weight=weight_of(28_633_000, 4212, reads=4, writes=1))
def sudo_set_serving_rate_limit(ctx: Context, netuid: NetUid, serving_rate_limit: u64) -> None:
    """Set the number of blocks between two publications of a neuron's endpoint.

    For the subnet's owner, within its rate limit, and for root; refused in the admin freeze window.
    """
    with owner_change(ctx, netuid, Hyperparameter.ServingRateLimit):
        hyperparameters.set_serving_rate_limit(ctx, netuid, serving_rate_limit)


@pallet.call(64, weight=weight_of(3_918_000, writes=1))
def sudo_set_subnet_owner_hotkey(ctx: Context, netuid: NetUid, hotkey: SystemAccountId) -> None:
    """Set the hotkey of the subnet's owner.

    For the subnet's owner and for root, once a week. Fails with SubnetNotExists, TxRateLimitExceeded, or
    CannotUseSystemAccount for the account of a subnet.
    """
    do_set_sn_owner_hotkey(ctx, netuid, hotkey)


@pallet.call(67, weight=weight_of(25_687_000, 4177, reads=2, writes=2))
def sudo_set_sn_owner_hotkey(ctx: Context, netuid: NetUid, hotkey: SystemAccountId) -> None:
    """Set the hotkey of the subnet's owner; the same as `sudo_set_subnet_owner_hotkey`.

    For the subnet's owner and for root, once a week. Fails with SubnetNotExists, TxRateLimitExceeded, or
    CannotUseSystemAccount for the account of a subnet.
    """
    do_set_sn_owner_hotkey(ctx, netuid, hotkey)
