"""The timing of epochs: tempo, epochs that the owner requests, the freeze window, how many epochs fit into a block.

An epoch is due `Tempo` blocks after the last one, or in the block `PendingEpochAt` if that comes first. A block runs
at most `MaxEpochsPerBlock` epochs; the others are deferred to the next block (`epochs_deferred_this_block`).
`LastEpochBlock` and `SubnetEpochIndex` count the epochs that were due, run or skipped; commits of weights refer to
that index. The number of blocks after which a validator is inactive follows from the tempo too.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import weight_of
from ....scale import u16, u32
from ...shared.types import NetUid
from .. import storage
from ..declared import constants, events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import Hyperparameter, TransactionType
from .epoch_schedule import blocks_until_next_auto_epoch
from .hyperparameters import set_activity_cutoff_factor_milli
from .owner_rules import ensure_subnet_owner, ensure_subnet_owner_or_root
from .rate_limits import LimitedAction, passes_rate_limit_on_subnet, set_last_block_on_subnet

# --- the next epoch ------------------------------------------------------------------------------------------------


def should_run_epoch(ctx: Context, netuid: int, current_block: int) -> bool:
    """Return whether an epoch is due; never with a tempo of 0.

    Apart from the tempo and the owner's request, an epoch is due when the last one is more than `MaxTempo` blocks
    ago.
    """
    return bool(due_epochs(ctx, [netuid], current_block))


def due_epochs(ctx: Context, netuids: Sequence[int], current_block: int) -> list[int]:
    """Return those of these subnets for which `should_run_epoch` holds."""
    greatest = constants.MaxTempo.get(ctx)
    return [
        netuid
        for netuid, tempo, pending_at, since_last_step, last_epoch in zip(
            netuids,
            storage.Tempo.column(ctx, netuids),
            storage.PendingEpochAt.column(ctx, netuids),
            storage.BlocksSinceLastStep.column(ctx, netuids),
            storage.LastEpochBlock.column(ctx, netuids),
            strict=True,
        )
        if tempo
        and (0 < pending_at <= current_block or since_last_step > greatest or current_block - last_epoch >= tempo)
    ]


def is_epoch_input_state_consistent(ctx: Context, netuid: int) -> bool:
    """Return whether no hotkey has two uids; epochs of a subnet where one has are skipped."""
    hotkeys = [hotkey for _, hotkey in storage.Keys.under(ctx, netuid)]
    return len(set(hotkeys)) == len(hotkeys)


def epochs_deferred_this_block(ctx: Context, subnets: list[int], current_block: int) -> set[int]:
    """Return those of `subnets` whose epochs are due but exceed the limit of the block. Skipped epochs do not count."""
    limit, run, deferred = storage.MaxEpochsPerBlock.get(ctx), 0, set[int]()
    due = due_epochs(ctx, subnets, current_block)
    if len(due) <= limit:
        return deferred
    for netuid in due:
        if run >= limit:
            deferred.add(netuid)
        elif is_epoch_input_state_consistent(ctx, netuid):
            run += 1
    return deferred


def get_activity_cutoff_blocks(ctx: Context, netuid: int) -> int:
    """Return the blocks without setting weights after which a validator is inactive.

    They are `ActivityCutoffFactorMilli` thousandths of the tempo, at least 1.
    """
    return max(storage.ActivityCutoffFactorMilli.get(ctx, netuid) * storage.Tempo.get(ctx, netuid) // 1000, 1)


# --- the freeze window ---------------------------------------------------------------------------------------------


def is_in_admin_freeze_window(ctx: Context, netuid: int, block: int) -> bool:
    """Return whether parameters are frozen, because validators set weights for the next epoch under the present ones.

    They are in the last `AdminFreezeWindow` blocks of a tempo, and while an epoch that the owner requested is ahead.
    """
    tempo = storage.Tempo.get(ctx, netuid)
    if tempo == 0:
        return False
    return storage.PendingEpochAt.get(ctx, netuid) > block or (
        blocks_until_next_auto_epoch(ctx, netuid, tempo, block) < storage.AdminFreezeWindow.get(ctx)
    )


def ensure_admin_window_open(ctx: Context, netuid: int) -> None:
    """Refuse changes while parameters are frozen, by root too (AdminActionProhibitedDuringWeightsWindow)."""
    frozen = is_in_admin_freeze_window(ctx, netuid, ctx.block.number)
    ensure(not frozen, Error.AdminActionProhibitedDuringWeightsWindow)


# --- setting the tempo ---------------------------------------------------------------------------------------------


def set_tempo_unchecked(ctx: Context, netuid: int, tempo: int) -> None:
    """Set the tempo; the blocks since the last epoch keep counting."""
    storage.Tempo.put(ctx, netuid, tempo)
    ctx.deposit(events.TempoSet(netuid, tempo))


def apply_tempo_with_cycle_reset(ctx: Context, netuid: int, tempo: int) -> None:
    """Set the tempo; the next epoch is one whole tempo from this block."""
    set_tempo_unchecked(ctx, netuid, tempo)
    storage.LastEpochBlock.put(ctx, netuid, ctx.block.number)


def _ensure_within_rate_limit(ctx: Context, action: LimitedAction, who: bytes, netuid: int) -> None:
    """Refuse what `who` did on the subnet too few blocks ago (TxRateLimitExceeded)."""
    ensure(passes_rate_limit_on_subnet(ctx, action, who, netuid), Error.TxRateLimitExceeded)


@pallet.call(139, weight=weight_of(46_407_000, 4440, reads=6, writes=3))
def set_tempo(ctx: Context, netuid: NetUid, tempo: u16) -> None:
    """Set the tempo of a subnet, in blocks between epochs; the next epoch is one tempo from now.

    Only the owner of the subnet may call it. Fails with TempoOutOfBounds outside of `MinTempo` to `MaxTempo` (360 to
    50,400), AdminActionProhibitedDuringWeightsWindow in the freeze window before an epoch, and TxRateLimitExceeded
    within `MinTempo` blocks of the last change.
    """
    who = ensure_subnet_owner(ctx, netuid)
    ensure(constants.MinTempo.get(ctx) <= tempo <= constants.MaxTempo.get(ctx), Error.TempoOutOfBounds)
    ensure_admin_window_open(ctx, netuid)
    _ensure_within_rate_limit(ctx, TransactionType.TempoUpdate, who, netuid)

    apply_tempo_with_cycle_reset(ctx, netuid, tempo)
    set_last_block_on_subnet(ctx, TransactionType.TempoUpdate, who, netuid, ctx.block.number)


@pallet.call(140, weight=weight_of(39_193_000, 4364, reads=7, writes=2))
def set_activity_cutoff_factor(ctx: Context, netuid: NetUid, factor_milli: u32) -> None:
    """Set after how many thousandths of a tempo without setting weights a validator is inactive.

    The owner of the subnet may call it, and root. Fails with ActivityCutoffFactorMilliOutOfBounds outside of 1,000
    to 50,000; for the owner also with AdminActionProhibitedDuringWeightsWindow in the freeze window before an epoch,
    and with TxRateLimitExceeded.
    """
    owner = ensure_subnet_owner_or_root(ctx, netuid)
    low, high = constants.MinActivityCutoffFactorMilli.get(ctx), constants.MaxActivityCutoffFactorMilli.get(ctx)
    ensure(low <= factor_milli <= high, Error.ActivityCutoffFactorMilliOutOfBounds)
    if owner is not None:
        ensure_admin_window_open(ctx, netuid)
        _ensure_within_rate_limit(ctx, Hyperparameter.ActivityCutoffFactorMilli, owner, netuid)

    set_activity_cutoff_factor_milli(ctx, netuid, factor_milli)
    if owner is not None:
        set_last_block_on_subnet(ctx, Hyperparameter.ActivityCutoffFactorMilli, owner, netuid, ctx.block.number)


@pallet.call(141, weight=weight_of(42_539_000, 4447, reads=8, writes=2))
def trigger_epoch(ctx: Context, netuid: NetUid) -> None:
    """Request an epoch after the freeze window (`AdminFreezeWindow` blocks), which begins now.

    Only the owner of the subnet may call it. Fails with DynamicTempoBlockedByCommitReveal while commit-reveal is on,
    whose commits count in epochs, EpochTriggerAlreadyPending, AutoEpochAlreadyImminent when the next epoch comes
    within the window anyway, and TxRateLimitExceeded.
    """
    who = ensure_subnet_owner(ctx, netuid)
    ensure(not storage.CommitRevealWeightsEnabled.get(ctx, netuid), Error.DynamicTempoBlockedByCommitReveal)
    ensure(storage.PendingEpochAt.get(ctx, netuid) == 0, Error.EpochTriggerAlreadyPending)
    now, window = ctx.block.number, storage.AdminFreezeWindow.get(ctx)
    remaining = blocks_until_next_auto_epoch(ctx, netuid, storage.Tempo.get(ctx, netuid), now)
    ensure(remaining >= window, Error.AutoEpochAlreadyImminent)
    _ensure_within_rate_limit(ctx, Hyperparameter.TriggerEpoch, who, netuid)

    storage.PendingEpochAt.put(ctx, netuid, now + window)
    set_last_block_on_subnet(ctx, Hyperparameter.TriggerEpoch, who, netuid, now)
    ctx.deposit(events.EpochTriggered(netuid, who, now + window))
