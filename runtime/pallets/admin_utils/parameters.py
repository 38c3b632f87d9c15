"""Calls by which root sets the parameters of the whole chain."""

from __future__ import annotations

from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.weight import weight_of
from ...scale import u8, u16, u64
from ...scale.fixed_types import I64F64, I96F32, U64F64
from ..shared.types import BlockNumber, MechId, TaoBalance
from ..subtensor import storage
from ..subtensor.staking.helpers import clear_small_nominations
from ..subtensor.subnets import hyperparameters, networks
from ..subtensor.subnets.mechanism import do_set_max_mechanism_count
from .pallet import Error, pallet

#: One, as a U64F64.
ONE = 1 << 64

#: What calls without a benchmark of their own are taken to cost.
GLOBAL = weight_of(14_000_000, writes=1)
FLOW = weight_of(7_343_000, writes=1)

# --- stake and takes -------------------------------------------------------------------------------------------


@pallet.call(1, weight=weight_of(5_400_000, writes=1))
def sudo_set_default_take(ctx: Context, default_take: u16) -> None:
    """Set the greatest take of delegates, which is also that of new ones: a u16 proportion."""
    ctx.ensure_root()
    hyperparameters.set_max_delegate_take(ctx, default_take)


@pallet.call(46, weight=weight_of(5_490_000, writes=1))
def sudo_set_min_delegate_take(ctx: Context, take: u16) -> None:
    """Set the least take of delegates, a u16 proportion."""
    ctx.ensure_root()
    hyperparameters.set_min_delegate_take(ctx, take)


@pallet.call(42, weight=weight_of(5_500_000, writes=1))
def sudo_set_stake_threshold(ctx: Context, min_stake: u64) -> None:
    """Set the least stake for setting weights, in alpha."""
    ctx.ensure_root()
    hyperparameters.set_stake_threshold(ctx, min_stake)


@pallet.call(43, weight=weight_of(30_697_000, 6890, reads=5, writes=1))
def sudo_set_nominator_min_required_stake(ctx: Context, min_stake: u64) -> None:
    """Set the least nomination, in millionths of the least stake.

    Smaller nominations are given back if that is more than the least nomination was so far, in rao: as on the chain,
    the two are compared although their units differ.
    """
    ctx.ensure_root()
    before = hyperparameters.get_nominator_min_required_stake(ctx)
    storage.NominatorMinRequiredStake.put(ctx, min_stake)
    if min_stake > before:
        clear_small_nominations(ctx)


@pallet.call(73, weight=weight_of(15_650_000, reads=1, writes=1))
def sudo_set_ck_burn(ctx: Context, burn: u64) -> None:
    """Set the part of the dividends of children of other owners that is burned, out of 2^64 - 1."""
    ctx.ensure_root()
    storage.CKBurn.put(ctx, burn)


# --- rate limits and delays, in blocks unless said -------------------------------------------------------------


@pallet.call(2, weight=weight_of(5_440_000, writes=1))
def sudo_set_tx_rate_limit(ctx: Context, tx_rate_limit: u64) -> None:
    """Set the blocks between two swaps of a coldkey's hotkeys."""
    ctx.ensure_root()
    hyperparameters.set_tx_rate_limit(ctx, tx_rate_limit)


@pallet.call(45, weight=weight_of(5_420_000, writes=1))
def sudo_set_tx_delegate_take_rate_limit(ctx: Context, tx_rate_limit: u64) -> None:
    """Set the blocks between two increases of a delegate's take."""
    ctx.ensure_root()
    hyperparameters.set_tx_delegate_take_rate_limit(ctx, tx_rate_limit)


@pallet.call(74, weight=weight_of(5_450_000, writes=1))
def sudo_set_admin_freeze_window(ctx: Context, window: u16) -> None:
    """Set the blocks before each epoch in which parameters are frozen."""
    ctx.ensure_root()
    hyperparameters.set_admin_freeze_window(ctx, window)


@pallet.call(75, weight=weight_of(5_471_000, writes=1))
def sudo_set_owner_hparam_rate_limit(ctx: Context, epochs: u16) -> None:
    """Set the epochs between two changes of a parameter by a subnet's owner."""
    ctx.ensure_root()
    hyperparameters.set_owner_hyperparam_rate_limit(ctx, epochs)


@pallet.call(86, weight=weight_of(5_370_000, writes=1))
def sudo_set_coldkey_swap_announcement_delay(ctx: Context, duration: BlockNumber) -> None:
    """Set the blocks from the announcement of a coldkey's swap to the swap."""
    ctx.ensure_root()
    hyperparameters.set_coldkey_swap_announcement_delay(ctx, duration)


@pallet.call(87, weight=weight_of(5_360_000, writes=1))
def sudo_set_coldkey_swap_reannouncement_delay(ctx: Context, duration: BlockNumber) -> None:
    """Set the blocks after that, until a coldkey's swap may be announced anew."""
    ctx.ensure_root()
    hyperparameters.set_coldkey_swap_reannouncement_delay(ctx, duration)


@pallet.call(55, weight=weight_of(5_591_000, writes=1))
def sudo_set_dissolve_network_schedule_duration(ctx: Context, duration: BlockNumber) -> None:
    """Set the blocks from scheduling the dissolution of a subnet to it."""
    ctx.ensure_root()
    hyperparameters.set_dissolve_network_schedule_duration(ctx, duration)


# --- subnets in general ----------------------------------------------------------------------------------------


@pallet.call(28, weight=GLOBAL)
def sudo_set_subnet_owner_cut(ctx: Context, subnet_owner_cut: u16) -> None:
    """Set the part of a subnet's emission that goes to its owner, a u16 proportion."""
    ctx.ensure_root()
    hyperparameters.set_subnet_owner_cut(ctx, subnet_owner_cut)


@pallet.call(29, weight=GLOBAL)
def sudo_set_network_rate_limit(ctx: Context, rate_limit: u64) -> None:
    """Set the blocks between two registrations of subnets."""
    ctx.ensure_root()
    networks.set_network_rate_limit(ctx, rate_limit)


@pallet.call(35, weight=GLOBAL)
def sudo_set_network_immunity_period(ctx: Context, immunity_period: u64) -> None:
    """Set the blocks in which a new subnet is not removed for another."""
    ctx.ensure_root()
    networks.set_network_immunity_period(ctx, immunity_period)


@pallet.call(36, weight=GLOBAL)
def sudo_set_network_min_lock_cost(ctx: Context, lock_cost: TaoBalance) -> None:
    """Set the least price of a subnet, in rao."""
    ctx.ensure_root()
    networks.set_network_min_lock(ctx, lock_cost)


@pallet.call(37, weight=GLOBAL)
def sudo_set_subnet_limit(ctx: Context, max_subnets: u16) -> None:
    """Set the greatest number of subnets, root not counted."""
    ctx.ensure_root()
    hyperparameters.set_max_subnets(ctx, max_subnets)


@pallet.call(38, weight=GLOBAL)
def sudo_set_lock_reduction_interval(ctx: Context, interval: u64) -> None:
    """Set the blocks in which the price of a subnet falls by half."""
    ctx.ensure_root()
    networks.set_lock_reduction_interval(ctx, interval)


@pallet.call(85, weight=GLOBAL)
def sudo_set_start_call_delay(ctx: Context, delay: u64) -> None:
    """Set the blocks before a new subnet can be started."""
    ctx.ensure_root()
    networks.set_start_call_delay(ctx, delay)


@pallet.call(88, weight=weight_of(15_000_000, reads=1, writes=1))
def sudo_set_max_mechanism_count(ctx: Context, max_mechanism_count: MechId) -> None:
    """Set the greatest number of mechanisms of a subnet."""
    ctx.ensure_root()
    do_set_max_mechanism_count(ctx, max_mechanism_count)


@pallet.call(71, weight=weight_of(6_052_000, writes=1))
def sudo_set_commit_reveal_version(ctx: Context, version: u16) -> None:
    """Set the version of commit-reveal that clients must use."""
    ctx.ensure_root()
    hyperparameters.set_commit_reveal_weights_version(ctx, version)


@pallet.call(96, weight=weight_of(5_530_000, writes=1))
def sudo_set_max_epochs_per_block(ctx: Context, max_epochs_per_block: u8) -> None:
    """Set the most epochs in one block, at least one."""
    ctx.ensure_root()
    ensure(max_epochs_per_block >= 1, Error.ValueNotInBounds)
    hyperparameters.set_max_epochs_per_block(ctx, max_epochs_per_block)


# --- emission --------------------------------------------------------------------------------------------------


@pallet.call(63, weight=weight_of(2_955_000, writes=1))
def sudo_set_subnet_moving_alpha(ctx: Context, alpha: I96F32) -> None:
    """Set how fast moving prices follow, before the age of a subnet slows them."""
    ctx.ensure_root()
    storage.SubnetMovingAlpha.put(ctx, alpha)


@pallet.call(81, weight=FLOW)
def sudo_set_tao_flow_cutoff(ctx: Context, flow_cutoff: I64F64) -> None:
    """Set the TAO flow, in rao, below which a subnet earns nothing."""
    ctx.ensure_root()
    storage.TaoFlowCutoff.put(ctx, flow_cutoff)


@pallet.call(82, weight=FLOW)
def sudo_set_tao_flow_normalization_exponent(ctx: Context, exponent: U64F64) -> None:
    """Set the power to which flows are raised before they are compared, from 1 to 2."""
    ctx.ensure_root()
    ensure(ONE <= exponent <= 2 * ONE, Error.InvalidValue)
    storage.FlowNormExponent.put(ctx, exponent)


@pallet.call(83, weight=FLOW)
def sudo_set_tao_flow_smoothing_factor(ctx: Context, smoothing_factor: u64) -> None:
    """Set the weight of the newest flow in moving averages, out of 2^63 - 1."""
    ctx.ensure_root()
    storage.FlowEmaSmoothingFactor.put(ctx, smoothing_factor)


@pallet.call(91, weight=FLOW)
def sudo_set_net_tao_flow_enabled(ctx: Context, enabled: bool) -> None:
    """Decide whether the chain's own flow is subtracted when subnets share the emission."""
    ctx.ensure_root()
    storage.NetTaoFlowEnabled.put(ctx, enabled)


@pallet.call(33, weight=weight_of(5_931_000))
def sudo_set_total_issuance(ctx: Context, total_issuance: TaoBalance) -> None:
    """Deprecated: nobody sets the issuance any more."""
    raise DispatchFailed(Error.Deprecated)
