"""Voting power: a moving average of the stake of each validator, updated at each epoch of subnets that track it."""

from __future__ import annotations

from .....consensus.emission import voting_power
from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import weight_of
from ....scale import u64
from ...shared.types import NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.limits import MAX_VOTING_POWER_EMA_ALPHA, VOTING_POWER_DISABLE_GRACE_PERIOD_BLOCKS
from ..declared.pallet import pallet
from ..subnets.owner_rules import ensure_subnet_owner_or_root

# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(129, weight=weight_of(10_000, reads=2, writes=2))
def enable_voting_power_tracking(ctx: Context, netuid: NetUid) -> None:
    """Track the voting power of the validators of a subnet, and cancel a scheduled end of the tracking.

    The owner of the subnet may call it, and root.
    """
    ensure_subnet_owner_or_root(ctx, netuid)
    storage.VotingPowerTrackingEnabled.put(ctx, netuid, True)
    storage.VotingPowerDisableAtBlock.remove(ctx, netuid)
    ctx.deposit(events.VotingPowerTrackingEnabled(netuid))


@pallet.call(130, weight=weight_of(10_000, reads=2, writes=1))
def disable_voting_power_tracking(ctx: Context, netuid: NetUid) -> None:
    """Schedule the end of the tracking of voting power in 14 days; all voting power of the subnet is removed then.

    The owner of the subnet may call it, and root. Fails with VotingPowerTrackingNotEnabled.
    """
    ensure_subnet_owner_or_root(ctx, netuid)
    ensure(storage.VotingPowerTrackingEnabled.get(ctx, netuid), Error.VotingPowerTrackingNotEnabled)
    end = ctx.block.number + VOTING_POWER_DISABLE_GRACE_PERIOD_BLOCKS
    storage.VotingPowerDisableAtBlock.put(ctx, netuid, end)
    ctx.deposit(events.VotingPowerTrackingDisableScheduled(netuid, end))


@pallet.call(131, weight=weight_of(6_000, reads=1, writes=1))
def sudo_set_voting_power_ema_alpha(ctx: Context, netuid: NetUid, alpha: u64) -> None:
    """Set the weight of the newest stake in the moving average of voting power, in parts of 10^18.

    Only root may call it. Fails with InvalidVotingPowerEmaAlpha above 10^18.
    """
    ctx.ensure_root()
    ensure(alpha <= MAX_VOTING_POWER_EMA_ALPHA, Error.InvalidVotingPowerEmaAlpha)
    storage.VotingPowerEmaAlpha.put(ctx, netuid, alpha)
    ctx.deposit(events.VotingPowerEmaAlphaSet(netuid, alpha))


# --- after an epoch ------------------------------------------------------------------------------------------------


def update_voting_power_for_subnet(
    ctx: Context, netuid: int, hotkeys: list[bytes], permits: list[bool], stakes: list[int]
) -> None:
    """Update the average of each neuron, by uid, after an epoch, or end the tracking when its end has come.

    `stakes` are stake weights in rao. Neurons without a validator permit and hotkeys that left the subnet lose their
    power.
    """
    if not storage.VotingPowerTrackingEnabled.get(ctx, netuid):
        return
    if 0 < storage.VotingPowerDisableAtBlock.get(ctx, netuid) <= ctx.block.number:
        _finalize_voting_power_disable(ctx, netuid)
        return
    for hotkey, permitted, stake in zip(hotkeys, permits, stakes, strict=True):
        if permitted:
            _update_voting_power_for_hotkey(ctx, netuid, hotkey, stake)
        else:
            storage.VotingPower.remove(ctx, netuid, hotkey)
    for hotkey in [hotkey for hotkey, _ in storage.VotingPower.under(ctx, netuid)]:
        if not storage.IsNetworkMember.get(ctx, hotkey, netuid):
            storage.VotingPower.remove(ctx, netuid, hotkey)


def _update_voting_power_for_hotkey(ctx: Context, netuid: int, hotkey: bytes, stake: int) -> None:
    """Update the average of one validator.

    A power that falls below `StakeThreshold` is removed; one that has never reached it keeps growing.
    """
    previous, threshold = storage.VotingPower.get(ctx, netuid, hotkey), storage.StakeThreshold.get(ctx)
    power = voting_power(previous, stake, storage.VotingPowerEmaAlpha.get(ctx, netuid))
    if power < threshold <= previous:
        storage.VotingPower.remove(ctx, netuid, hotkey)
    elif power:
        storage.VotingPower.put(ctx, netuid, hotkey, power)


def _finalize_voting_power_disable(ctx: Context, netuid: int) -> None:
    """Remove all voting power of a subnet and end the tracking."""
    storage.VotingPower.clear_under(ctx, netuid)
    storage.VotingPowerTrackingEnabled.put(ctx, netuid, False)
    storage.VotingPowerDisableAtBlock.remove(ctx, netuid)
    ctx.deposit(events.VotingPowerTrackingDisabled(netuid))
