"""Calls by which root sets parameters of the whole chain."""

from __future__ import annotations

from ....consensus import fixed
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.weight import weight_of
from ...scale import u8, u16, u64
from ...scale.fixed_types import I64F64, I96F32, U64F64
from ..shared.types import BlockNumber, MechId, TaoBalance
from ..subtensor import storage
from ..subtensor.staking.helpers import clear_small_nominations
from ..subtensor.subnets import hyperparameters
from ..subtensor.subnets.mechanism import do_set_max_mechanism_count
from .pallet import Error, pallet

#: Weights of calls without a benchmark of their own: of parameters in general, and of those of the TAO flow.
GLOBAL_WEIGHT = weight_of(14_000_000, writes=1)
FLOW_WEIGHT = weight_of(7_343_000, writes=1)

# --- stake and takes -------------------------------------------------------------------------------------------


@pallet.call(1, weight=weight_of(5_400_000, writes=1))
def sudo_set_default_take(ctx: Context, default_take: u16) -> None:
    """Set the maximum delegate take, which is also the take of new delegates, a u16 proportion, by root."""
    ctx.ensure_root()
    hyperparameters.set_max_delegate_take(ctx, default_take)


@pallet.call(46, weight=weight_of(5_490_000, writes=1))
def sudo_set_min_delegate_take(ctx: Context, take: u16) -> None:
    """Set the minimum delegate take, a u16 proportion, by root."""
    ctx.ensure_root()
    hyperparameters.set_min_delegate_take(ctx, take)


@pallet.call(42, weight=weight_of(5_500_000, writes=1))
def sudo_set_stake_threshold(ctx: Context, min_stake: u64) -> None:
    """Set the minimum stake weight for setting weights, in billionths, by root."""
    ctx.ensure_root()
    hyperparameters.set_stake_threshold(ctx, min_stake)


@pallet.call(43, weight=weight_of(30_697_000, 6890, reads=5, writes=1))
def sudo_set_nominator_min_required_stake(ctx: Context, min_stake: u64) -> None:
    """Set the minimum nomination, in millionths of the minimum stake, by root.

    Smaller nominations are paid out if `min_stake` exceeds the former minimum nomination in rao; as on the chain, the
    two numbers are compared although their units differ.
    """
    ctx.ensure_root()
    before = hyperparameters.get_nominator_min_required_stake(ctx)
    storage.NominatorMinRequiredStake.put(ctx, min_stake)
    if min_stake > before:
        clear_small_nominations(ctx)


@pallet.call(73, weight=weight_of(15_650_000, reads=1, writes=1))
def sudo_set_ck_burn(ctx: Context, burn: u64) -> None:
    """Set the burned share of the dividends that children earn for parents of other coldkeys, by root.

    The share is out of 2^64 - 1.
    """
    ctx.ensure_root()
    storage.CKBurn.put(ctx, burn)


# --- rate limits and delays ------------------------------------------------------------------------------------


@pallet.call(2, weight=weight_of(5_440_000, writes=1))
def sudo_set_tx_rate_limit(ctx: Context, tx_rate_limit: u64) -> None:
    """Set the number of blocks between two hotkey swaps by one coldkey, by root."""
    ctx.ensure_root()
    hyperparameters.set_tx_rate_limit(ctx, tx_rate_limit)


@pallet.call(45, weight=weight_of(5_420_000, writes=1))
def sudo_set_tx_delegate_take_rate_limit(ctx: Context, tx_rate_limit: u64) -> None:
    """Set the number of blocks between two increases of a delegate take, by root."""
    ctx.ensure_root()
    hyperparameters.set_tx_delegate_take_rate_limit(ctx, tx_rate_limit)


@pallet.call(74, weight=weight_of(5_450_000, writes=1))
def sudo_set_admin_freeze_window(ctx: Context, window: u16) -> None:
    """Set the number of blocks before an epoch in which parameters are frozen, by root."""
    ctx.ensure_root()
    hyperparameters.set_admin_freeze_window(ctx, window)


@pallet.call(75, weight=weight_of(5_471_000, writes=1))
def sudo_set_owner_hparam_rate_limit(ctx: Context, epochs: u16) -> None:
    """Set the epochs between two changes of a hyperparameter by a subnet's owner, by root."""
    ctx.ensure_root()
    hyperparameters.set_owner_hyperparam_rate_limit(ctx, epochs)


@pallet.call(86, weight=weight_of(5_370_000, writes=1))
def sudo_set_coldkey_swap_announcement_delay(ctx: Context, duration: BlockNumber) -> None:
    """Set the blocks from the announcement of a coldkey swap to the swap, by root."""
    ctx.ensure_root()
    hyperparameters.set_coldkey_swap_announcement_delay(ctx, duration)


@pallet.call(87, weight=weight_of(5_360_000, writes=1))
def sudo_set_coldkey_swap_reannouncement_delay(ctx: Context, duration: BlockNumber) -> None:
    """Set the delay until a coldkey swap can be announced again, by root.

    The delay, in blocks, begins at the end of the announcement delay.
    """
    ctx.ensure_root()
    hyperparameters.set_coldkey_swap_reannouncement_delay(ctx, duration)


@pallet.call(55, weight=weight_of(5_591_000, writes=1))
def sudo_set_dissolve_network_schedule_duration(ctx: Context, duration: BlockNumber) -> None:
    """Set the former delay of a scheduled dissolution, in blocks, by root."""
    ctx.ensure_root()
    hyperparameters.set_dissolve_network_schedule_duration(ctx, duration)


# --- subnets in general ----------------------------------------------------------------------------------------


@pallet.call(28, weight=GLOBAL_WEIGHT)
def sudo_set_subnet_owner_cut(ctx: Context, subnet_owner_cut: u16) -> None:
    """Set the owner's share of a subnet's emission, a u16 proportion, by root."""
    ctx.ensure_root()
    hyperparameters.set_subnet_owner_cut(ctx, subnet_owner_cut)


@pallet.call(29, weight=GLOBAL_WEIGHT)
def sudo_set_network_rate_limit(ctx: Context, rate_limit: u64) -> None:
    """Set the number of blocks between two subnet registrations, by root."""
    ctx.ensure_root()
    hyperparameters.set_network_rate_limit(ctx, rate_limit)


@pallet.call(35, weight=GLOBAL_WEIGHT)
def sudo_set_network_immunity_period(ctx: Context, immunity_period: u64) -> None:
    """Set the blocks during which a new subnet is immune against removal, by root."""
    ctx.ensure_root()
    hyperparameters.set_network_immunity_period(ctx, immunity_period)


@pallet.call(36, weight=GLOBAL_WEIGHT)
def sudo_set_network_min_lock_cost(ctx: Context, lock_cost: TaoBalance) -> None:
    """Set the minimum price of a subnet registration, in rao, by root."""
    ctx.ensure_root()
    hyperparameters.set_network_min_lock(ctx, lock_cost)


@pallet.call(37, weight=GLOBAL_WEIGHT)
def sudo_set_subnet_limit(ctx: Context, max_subnets: u16) -> None:
    """Set the maximum number of subnets, root excluded, by root."""
    ctx.ensure_root()
    hyperparameters.set_max_subnets(ctx, max_subnets)


@pallet.call(38, weight=GLOBAL_WEIGHT)
def sudo_set_lock_reduction_interval(ctx: Context, interval: u64) -> None:
    """Set the blocks in which the price of a subnet registration falls by half, by root."""
    ctx.ensure_root()
    hyperparameters.set_lock_reduction_interval(ctx, interval)


@pallet.call(85, weight=GLOBAL_WEIGHT)
def sudo_set_start_call_delay(ctx: Context, delay: u64) -> None:
    """Set the blocks from the registration of a subnet until it can be started, by root."""
    ctx.ensure_root()
    hyperparameters.set_start_call_delay(ctx, delay)


@pallet.call(88, weight=weight_of(15_000_000, reads=1, writes=1))
def sudo_set_max_mechanism_count(ctx: Context, max_mechanism_count: MechId) -> None:
    """Set the maximum number of mechanisms of a subnet, from 1 to 16 (else InvalidValue), by root."""
    ctx.ensure_root()
    do_set_max_mechanism_count(ctx, max_mechanism_count)


@pallet.call(71, weight=weight_of(6_052_000, writes=1))
def sudo_set_commit_reveal_version(ctx: Context, version: u16) -> None:
    """Set the version of commit-reveal that clients must use, by root."""
    ctx.ensure_root()
    hyperparameters.set_commit_reveal_weights_version(ctx, version)


@pallet.call(96, weight=weight_of(5_530_000, writes=1))
def sudo_set_max_epochs_per_block(ctx: Context, max_epochs_per_block: u8) -> None:
    """Set the maximum number of epochs in one block, at least 1 (else ValueNotInBounds), by root."""
    ctx.ensure_root()
    ensure(max_epochs_per_block >= 1, Error.ValueNotInBounds)
    hyperparameters.set_max_epochs_per_block(ctx, max_epochs_per_block)


# --- emission --------------------------------------------------------------------------------------------------


@pallet.call(63, weight=weight_of(2_955_000, writes=1))
def sudo_set_subnet_moving_alpha(ctx: Context, alpha: I96F32) -> None:
    """Set the weight of the current price in the moving price of an old subnet, I96F32, by root."""
    ctx.ensure_root()
    storage.SubnetMovingAlpha.put(ctx, alpha)


@pallet.call(81, weight=FLOW_WEIGHT)
def sudo_set_tao_flow_cutoff(ctx: Context, flow_cutoff: I64F64) -> None:
    """Set the TAO flow in rao, I64F64, below which a subnet receives no emission, by root."""
    ctx.ensure_root()
    storage.TaoFlowCutoff.put(ctx, flow_cutoff)


@pallet.call(82, weight=FLOW_WEIGHT)
def sudo_set_tao_flow_normalization_exponent(ctx: Context, exponent: U64F64) -> None:
    """Set the exponent of the TAO flows when the emission is split among subnets, by root.

    U64F64, from 1 to 2, else InvalidValue.
    """
    ctx.ensure_root()
    ensure(fixed.U64F64.one <= exponent <= 2 * fixed.U64F64.one, Error.InvalidValue)
    storage.FlowNormExponent.put(ctx, exponent)


@pallet.call(83, weight=FLOW_WEIGHT)
def sudo_set_tao_flow_smoothing_factor(ctx: Context, smoothing_factor: u64) -> None:
    """Set the weight of the latest TAO flow in its moving averages, out of 2^63 - 1, by root."""
    ctx.ensure_root()
    storage.FlowEmaSmoothingFactor.put(ctx, smoothing_factor)


@pallet.call(91, weight=FLOW_WEIGHT)
def sudo_set_net_tao_flow_enabled(ctx: Context, enabled: bool) -> None:
    """Decide whether the protocol flow is subtracted from the TAO flow of subnets, by root."""
    ctx.ensure_root()
    storage.NetTaoFlowEnabled.put(ctx, enabled)


@pallet.call(33, weight=weight_of(5_931_000))
def sudo_set_total_issuance(ctx: Context, total_issuance: TaoBalance) -> None:
    """Deprecated: the issuance cannot be set. Fails always."""
    raise DispatchFailed(Error.Deprecated)
