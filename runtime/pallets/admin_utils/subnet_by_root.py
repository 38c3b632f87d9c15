"""Calls by which root sets parameters of one subnet."""

from __future__ import annotations

from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.weight import weight_of
from ...scale import u16, u64
from ..shared.types import NetUid, TaoBalance
from ..subtensor import storage
from ..subtensor.subnets import hyperparameters
from ..subtensor.subnets.tempo import apply_tempo_with_cycle_reset, ensure_admin_window_open
from .pallet import Error, SubnetEmissionEnabledSet, pallet
from .rules import ensure_subnet, ensure_subnet_except_root

# --- at any time ----------------------------------------------------------------------------------------------------


@pallet.call(7, weight=weight_of(16_420_000, 4084, reads=1, writes=1))
def sudo_set_weights_set_rate_limit(ctx: Context, netuid: NetUid, weights_set_rate_limit: u64) -> None:
    """Set the number of blocks between two settings of weights by a neuron, by root.

    Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_subnet(ctx, netuid)
    hyperparameters.set_weights_set_rate_limit(ctx, netuid, weights_set_rate_limit)


@pallet.call(8, weight=weight_of(16_320_000, 4084, reads=1, writes=1))
def sudo_set_adjustment_interval(ctx: Context, netuid: NetUid, adjustment_interval: u16) -> None:
    """Set the former interval between price and difficulty adjustments, in blocks, by root.

    It has no effect. Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_subnet(ctx, netuid)
    hyperparameters.set_adjustment_interval(ctx, netuid, adjustment_interval)


@pallet.call(16, weight=weight_of(16_301_000, 4084, reads=1, writes=1))
def sudo_set_kappa(ctx: Context, netuid: NetUid, kappa: u16) -> None:
    """Set kappa, the stake majority that makes consensus, a u16 proportion, by root.

    Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_subnet(ctx, netuid)
    hyperparameters.set_kappa(ctx, netuid, kappa)


@pallet.call(39, weight=weight_of(16_541_000, 4084, reads=1, writes=1))
def sudo_set_rao_recycled(ctx: Context, netuid: NetUid, rao_recycled: TaoBalance) -> None:
    """Set the count of rao recycled by registrations, by root.

    Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_subnet(ctx, netuid)
    hyperparameters.set_rao_recycled(ctx, netuid, rao_recycled)


@pallet.call(94, weight=weight_of(16_351_000, 4084, reads=1, writes=1))
def sudo_set_subnet_emission_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Enable or disable emission into the subnet's pool and the chain's purchases of its alpha, by root.

    Neurons earn either way. Fails with SubnetDoesNotExist or NotPermittedOnRootSubnet.
    """
    ctx.ensure_root()
    ensure_subnet_except_root(ctx, netuid)
    storage.SubnetEmissionEnabled.put(ctx, netuid, enabled)
    ctx.deposit(SubnetEmissionEnabledSet(netuid, enabled))


# --- at any time, also for subnets that do not exist ----------------------------------------------------------------


@pallet.call(19, weight=weight_of(7_113_000, writes=1))
def sudo_set_network_registration_allowed(ctx: Context, netuid: NetUid, registration_allowed: bool) -> None:
    """Allow or forbid registrations on the subnet, by root."""
    ctx.ensure_root()
    hyperparameters.set_network_registration_allowed(ctx, netuid, registration_allowed)


@pallet.call(65, weight=weight_of(4_198_000, writes=1))
def sudo_set_ema_price_halving_period(ctx: Context, netuid: NetUid, ema_halving: u64) -> None:
    """Set the age in blocks at which the moving price follows at half its final speed, by root."""
    ctx.ensure_root()
    storage.EMAPriceHalvingBlocks.put(ctx, netuid, ema_halving)


@pallet.call(84, weight=weight_of(6_783_000, writes=1))
def sudo_set_min_non_immune_uids(ctx: Context, netuid: NetUid, min: u16) -> None:
    """Set the minimum number of neurons without immunity, by root."""
    ctx.ensure_root()
    hyperparameters.set_min_non_immune_uids(ctx, netuid, min)


@pallet.call(20, weight=weight_of(14_000_000, writes=1))
def sudo_set_network_pow_registration_allowed(ctx: Context, netuid: NetUid, registration_allowed: bool) -> None:
    """Deprecated: registration by proof of work cannot be enabled. Fails with POWRegistrationDisabled."""
    raise DispatchFailed(Error.POWRegistrationDisabled)


# --- outside of the admin freeze window -----------------------------------------------------------------------------


@pallet.call(30, weight=weight_of(36_298_000, 4383, reads=5, writes=2))
def sudo_set_tempo(ctx: Context, netuid: NetUid, tempo: u16) -> None:
    """Set the blocks from epoch to epoch, without bounds; the next epoch runs that many blocks from now, by root.

    Refused in the admin freeze window. Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    apply_tempo_with_cycle_reset(ctx, netuid, tempo)


@pallet.call(4, weight=weight_of(34_554_000, 4383, reads=5, writes=1))
def sudo_set_min_difficulty(ctx: Context, netuid: NetUid, min_difficulty: u64) -> None:
    """Set the minimum difficulty of registrations by proof of work, by root.

    Refused in the admin freeze window. Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    hyperparameters.set_min_difficulty(ctx, netuid, min_difficulty)


@pallet.call(24, weight=weight_of(34_434_000, 4383, reads=5, writes=1))
def sudo_set_difficulty(ctx: Context, netuid: NetUid, difficulty: u64) -> None:
    """Set the difficulty of registrations by proof of work, by root.

    Refused in the admin freeze window. Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    hyperparameters.set_difficulty(ctx, netuid, difficulty)


@pallet.call(21, weight=weight_of(34_103_000, 4383, reads=5, writes=1))
def sudo_set_target_registrations_per_interval(
    ctx: Context, netuid: NetUid, target_registrations_per_interval: u16
) -> None:
    """Set the target number of registrations per interval, by root.

    Refused in the admin freeze window. Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    hyperparameters.set_target_registrations_per_interval(ctx, netuid, target_registrations_per_interval)


@pallet.call(27, weight=weight_of(34_604_000, 4383, reads=5, writes=1))
def sudo_set_max_registrations_per_block(ctx: Context, netuid: NetUid, max_registrations_per_block: u16) -> None:
    """Set the maximum number of registrations per block, by root.

    Refused in the admin freeze window. Fails with SubnetDoesNotExist.
    """
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    hyperparameters.set_max_registrations_per_block(ctx, netuid, max_registrations_per_block)


@pallet.call(25, weight=weight_of(35_896_000, 4383, reads=6, writes=1))
def sudo_set_max_allowed_validators(ctx: Context, netuid: NetUid, max_allowed_validators: u16) -> None:
    """Set the maximum number of validators, by root.

    Refused in the admin freeze window. Fails with SubnetDoesNotExist, or with MaxValidatorsLargerThanMaxUIds above the
    maximum number of neurons.
    """
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    ensure(max_allowed_validators <= storage.MaxAllowedUids.get(ctx, netuid), Error.MaxValidatorsLargerThanMaxUIds)
    hyperparameters.set_max_allowed_validators(ctx, netuid, max_allowed_validators)


@pallet.call(79, weight=weight_of(37_890_000, 4383, reads=7, writes=1))
def sudo_set_min_allowed_uids(ctx: Context, netuid: NetUid, min_allowed_uids: u16) -> None:
    """Set the minimum number of neurons to which the subnet can be trimmed, by root.

    Refused in the admin freeze window. Fails with SubnetDoesNotExist; with MinAllowedUidsGreaterThanMaxAllowedUids or
    MinAllowedUidsGreaterThanCurrentUids unless it is below the maximum and the current number of neurons.
    """
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    ensure(min_allowed_uids < storage.MaxAllowedUids.get(ctx, netuid), Error.MinAllowedUidsGreaterThanMaxAllowedUids)
    ensure(min_allowed_uids < storage.SubnetworkN.get(ctx, netuid), Error.MinAllowedUidsGreaterThanCurrentUids)
    hyperparameters.set_min_allowed_uids(ctx, netuid, min_allowed_uids)


@pallet.call(66, weight=weight_of(25_467_000, 4280, reads=4, writes=1))
def sudo_set_subtoken_enabled(ctx: Context, netuid: NetUid, subtoken_enabled: bool) -> None:
    """Enable or disable trading of the subnet's alpha, by root.

    Refused in the admin freeze window.
    """
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    storage.SubtokenEnabled.put(ctx, netuid, subtoken_enabled)
