"""Calls by which root alone sets the parameters of one subnet."""

from __future__ import annotations

from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.weight import weight_of
from ...scale import u16, u64
from ..shared.types import NetUid, TaoBalance
from ..subtensor import storage
from ..subtensor.subnets import hyperparameters
from ..subtensor.subnets.owner_rules import ensure_admin_window_open
from ..subtensor.subnets.tempo import apply_tempo_with_cycle_reset
from .pallet import Error, SubnetEmissionEnabledSet, pallet
from .rules import ensure_subnet, ensure_subnet_beside_root

# --- at any time -----------------------------------------------------------------------------------------------


@pallet.call(7, weight=weight_of(16_420_000, 4084, reads=1, writes=1))
def sudo_set_weights_set_rate_limit(ctx: Context, netuid: NetUid, weights_set_rate_limit: u64) -> None:
    """Set the blocks between two settings of weights by a validator."""
    ctx.ensure_root()
    ensure_subnet(ctx, netuid)
    hyperparameters.set_weights_set_rate_limit(ctx, netuid, weights_set_rate_limit)


@pallet.call(8, weight=weight_of(16_320_000, 4084, reads=1, writes=1))
def sudo_set_adjustment_interval(ctx: Context, netuid: NetUid, adjustment_interval: u16) -> None:
    """Set the blocks between adjustments of price and difficulty, which no longer happen."""
    ctx.ensure_root()
    ensure_subnet(ctx, netuid)
    hyperparameters.set_adjustment_interval(ctx, netuid, adjustment_interval)


@pallet.call(16, weight=weight_of(16_301_000, 4084, reads=1, writes=1))
def sudo_set_kappa(ctx: Context, netuid: NetUid, kappa: u16) -> None:
    """Set the majority of stake that makes consensus, a u16 proportion."""
    ctx.ensure_root()
    ensure_subnet(ctx, netuid)
    hyperparameters.set_kappa(ctx, netuid, kappa)


@pallet.call(39, weight=weight_of(16_541_000, 4084, reads=1, writes=1))
def sudo_set_rao_recycled(ctx: Context, netuid: NetUid, rao_recycled: TaoBalance) -> None:
    """Set the count of rao that registrations have recycled."""
    ctx.ensure_root()
    ensure_subnet(ctx, netuid)
    hyperparameters.set_rao_recycled(ctx, netuid, rao_recycled)


@pallet.call(94, weight=weight_of(16_351_000, 4084, reads=1, writes=1))
def sudo_set_subnet_emission_enabled(ctx: Context, netuid: NetUid, enabled: bool) -> None:
    """Decide whether the subnet's pool receives emission and the chain buys its alpha; neurons earn either way."""
    ctx.ensure_root()
    ensure_subnet_beside_root(ctx, netuid)
    storage.SubnetEmissionEnabled.put(ctx, netuid, enabled)
    ctx.deposit(SubnetEmissionEnabledSet(netuid, enabled))


# --- at any time, even before the subnet exists ----------------------------------------------------------------


@pallet.call(19, weight=weight_of(7_113_000, writes=1))
def sudo_set_network_registration_allowed(ctx: Context, netuid: NetUid, registration_allowed: bool) -> None:
    """Open or close the subnet's registrations."""
    ctx.ensure_root()
    hyperparameters.set_network_registration_allowed(ctx, netuid, registration_allowed)


@pallet.call(65, weight=weight_of(4_198_000, writes=1))
def sudo_set_ema_price_halving_period(ctx: Context, netuid: NetUid, ema_halving: u64) -> None:
    """Set the age of the subnet, in blocks, at which its moving price follows half as fast as it will in the end."""
    ctx.ensure_root()
    storage.EMAPriceHalvingBlocks.put(ctx, netuid, ema_halving)


@pallet.call(84, weight=weight_of(6_783_000, writes=1))
def sudo_set_min_non_immune_uids(ctx: Context, netuid: NetUid, min: u16) -> None:
    """Set the least number of neurons that are not immune."""
    ctx.ensure_root()
    hyperparameters.set_min_non_immune_uids(ctx, netuid, min)


@pallet.call(20, weight=weight_of(14_000_000, writes=1))
def sudo_set_network_pow_registration_allowed(ctx: Context, netuid: NetUid, registration_allowed: bool) -> None:
    """Deprecated: registration by proof of work cannot be allowed any more."""
    raise DispatchFailed(Error.POWRegistrationDisabled)


# --- not while parameters are frozen ---------------------------------------------------------------------------


@pallet.call(30, weight=weight_of(36_298_000, 4383, reads=5, writes=2))
def sudo_set_tempo(ctx: Context, netuid: NetUid, tempo: u16) -> None:
    """Set the blocks from epoch to epoch, within no bounds; the next epoch comes that many blocks from now."""
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    apply_tempo_with_cycle_reset(ctx, netuid, tempo)


@pallet.call(4, weight=weight_of(34_554_000, 4383, reads=5, writes=1))
def sudo_set_min_difficulty(ctx: Context, netuid: NetUid, min_difficulty: u64) -> None:
    """Set the least difficulty of registrations by proof of work."""
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    hyperparameters.set_min_difficulty(ctx, netuid, min_difficulty)


@pallet.call(24, weight=weight_of(34_434_000, 4383, reads=5, writes=1))
def sudo_set_difficulty(ctx: Context, netuid: NetUid, difficulty: u64) -> None:
    """Set the difficulty of registrations by proof of work."""
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    hyperparameters.set_difficulty(ctx, netuid, difficulty)


@pallet.call(21, weight=weight_of(34_103_000, 4383, reads=5, writes=1))
def sudo_set_target_registrations_per_interval(
    ctx: Context, netuid: NetUid, target_registrations_per_interval: u16
) -> None:
    """Set the registrations aimed at in an interval."""
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    hyperparameters.set_target_registrations_per_interval(ctx, netuid, target_registrations_per_interval)


@pallet.call(27, weight=weight_of(34_604_000, 4383, reads=5, writes=1))
def sudo_set_max_registrations_per_block(ctx: Context, netuid: NetUid, max_registrations_per_block: u16) -> None:
    """Set the most registrations in one block."""
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    hyperparameters.set_max_registrations_per_block(ctx, netuid, max_registrations_per_block)


@pallet.call(25, weight=weight_of(35_896_000, 4383, reads=6, writes=1))
def sudo_set_max_allowed_validators(ctx: Context, netuid: NetUid, max_allowed_validators: u16) -> None:
    """Set the greatest number of validators, at most that of neurons."""
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    ensure(max_allowed_validators <= storage.MaxAllowedUids.get(ctx, netuid), Error.MaxValidatorsLargerThanMaxUIds)
    hyperparameters.set_max_allowed_validators(ctx, netuid, max_allowed_validators)


@pallet.call(79, weight=weight_of(37_890_000, 4383, reads=7, writes=1))
def sudo_set_min_allowed_uids(ctx: Context, netuid: NetUid, min_allowed_uids: u16) -> None:
    """Set the number of neurons down to which the subnet may be trimmed: less than may be and than there are."""
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    ensure_subnet(ctx, netuid)
    ensure(min_allowed_uids < storage.MaxAllowedUids.get(ctx, netuid), Error.MinAllowedUidsGreaterThanMaxAllowedUids)
    ensure(min_allowed_uids < storage.SubnetworkN.get(ctx, netuid), Error.MinAllowedUidsGreaterThanCurrentUids)
    hyperparameters.set_min_allowed_uids(ctx, netuid, min_allowed_uids)


@pallet.call(66, weight=weight_of(25_467_000, 4280, reads=4, writes=1))
def sudo_set_subtoken_enabled(ctx: Context, netuid: NetUid, subtoken_enabled: bool) -> None:
    """Open or close the trade in the subnet's alpha."""
    ctx.ensure_root()
    ensure_admin_window_open(ctx, netuid)
    storage.SubtokenEnabled.put(ctx, netuid, subtoken_enabled)
