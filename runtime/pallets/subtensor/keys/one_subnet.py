"""What a hotkey has on one subnet, given to another hotkey: its neuron, relations, stake, and dividends of root."""

from __future__ import annotations

from typing import Any

from .....consensus.fixed import I96F32
from .....consensus.integers import saturate_u128, saturating_add_u64
from ....frame.context import Context
from ....frame.storage import StorageDoubleMap
from ...shared.types import ROOT_NETUID
from .. import storage
from ..ledger import share_pool
from ..lifecycle.network_registration import set_subnet_owner_hotkey
from ..subnets.mechanism import storage_indices
from .database_cost import DatabaseCost
from .relations import parent_child_swap_hotkey, rename_in_pending_children

#: An item by netuid or storage index, and hotkey.
ByHotkey = StorageDoubleMap[int, bytes, Any, Any]


def perform_hotkey_swap_on_one_subnet(
    ctx: Context, old: bytes, new: bytes, netuid: int, cost: DatabaseCost, *, keep_stake: bool
) -> None:
    """Give to `new` what `old` has on a subnet; with `keep_stake` all but the stake and what follows from it.

    Fails as `parent_child_swap_hotkey` does, and with CannotUseSystemAccount.
    """
    member = storage.IsNetworkMember.get(ctx, old, netuid)
    storage.IsNetworkMember.remove(ctx, old, netuid)
    storage.IsNetworkMember.put(ctx, new, netuid, member)
    cost.add(1, 2)
    if member:
        _move_neuron(ctx, old, new, netuid, cost)
    if storage.ChildkeyTake.contains(ctx, old, netuid):
        storage.ChildkeyTake.put(ctx, new, netuid, storage.ChildkeyTake.take(ctx, old, netuid))
        cost.add(1, 2)
    parent_child_swap_hotkey(ctx, old, new, netuid, cost)
    rename_in_pending_children(ctx, old, new, netuid, cost)
    _move_auto_stake(ctx, old, new, netuid)
    if storage.SubnetOwnerHotkey.contains(ctx, netuid):
        cost.add(1)
        if storage.SubnetOwnerHotkey.get(ctx, netuid) == old:
            set_subnet_owner_hotkey(ctx, netuid, new)
            cost.add(0, 1)
    if not keep_stake:
        _move_dividends(ctx, old, new, netuid, cost)
        _move_stake(ctx, old, new, netuid, cost)
        if netuid == ROOT_NETUID:
            _move_root_dividends(ctx, old, new, cost)


# --- the neuron ----------------------------------------------------------------------------------------------------


def _move_neuron(ctx: Context, old: bytes, new: bytes, netuid: int, cost: DatabaseCost) -> None:
    """Move the uid, the endpoints, and the commits of weights."""
    uid = storage.Uids.take(ctx, netuid, old)
    if uid is not None:
        storage.Uids.put(ctx, netuid, new, uid)
        storage.Keys.put(ctx, netuid, uid, new)
        cost.add(1, 3)
    places: list[tuple[ByHotkey, int]] = [(storage.Prometheus, netuid), (storage.Axons, netuid)]
    places += [(storage.WeightCommits, index) for index in storage_indices(ctx, netuid)]
    for item, index in [*places, (storage.NeuronCertificates, netuid)]:
        value = item.take(ctx, index, old)
        if value is not None:
            item.put(ctx, index, new, value)
            cost.add(1, 2)
    emission = storage.LoadedEmission.get(ctx, netuid)
    if emission is not None:
        renamed = [(new if hotkey == old else hotkey, server, own) for hotkey, server, own in emission]
        storage.LoadedEmission.put(ctx, netuid, renamed)
        cost.add(1, 2)


def _move_auto_stake(ctx: Context, old: bytes, new: bytes, netuid: int) -> None:
    """Make the new hotkey the destination of the coldkeys that stake automatically on the old one."""
    if not storage.AutoStakeDestinationColdkeys.contains(ctx, old, netuid):
        return
    coldkeys = storage.AutoStakeDestinationColdkeys.take(ctx, old, netuid)
    for coldkey in coldkeys:
        storage.AutoStakeDestination.put(ctx, coldkey, netuid, new)
    storage.AutoStakeDestinationColdkeys.put(ctx, new, netuid, coldkeys)


# --- stake ---------------------------------------------------------------------------------------------------------


def _move_dividends(ctx: Context, old: bytes, new: bytes, netuid: int, cost: DatabaseCost) -> None:
    """Add what the last epoch counted for the old hotkey, and its voting power, to the new one's."""
    last_epoch, dividends = storage.TotalHotkeyAlphaLastEpoch, storage.AlphaDividendsPerSubnet
    alpha = last_epoch.take(ctx, old, netuid)
    last_epoch.mutate(ctx, new, netuid, lambda present: saturating_add_u64(alpha, present))
    earned = dividends.take(ctx, netuid, old)
    dividends.mutate(ctx, netuid, new, lambda present: saturating_add_u64(earned, present))
    power = storage.VotingPower.take(ctx, netuid, old)
    if power:
        storage.VotingPower.mutate(ctx, netuid, new, lambda present: saturating_add_u64(power, present))
    cost.add(6, 6)


def _move_stake(ctx: Context, old: bytes, new: bytes, netuid: int, cost: DatabaseCost) -> None:
    """Move the stake of all coldkeys on the old hotkey."""
    entries = [parts for item in (storage.Alpha, storage.AlphaV2) for parts, _ in item.under(ctx, old)]
    cost.add(len(entries), len(entries))
    for coldkey in sorted({coldkey for coldkey, subnet in entries if subnet == netuid}):
        alpha = share_pool.get_stake_for_hotkey_and_coldkey_on_subnet(ctx, old, coldkey, netuid)
        share_pool.decrease_stake_for_hotkey_and_coldkey_on_subnet(ctx, old, coldkey, netuid, alpha)
        share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, new, coldkey, netuid, alpha)
        cost.add(3, 2)
        hotkeys = storage.StakingHotkeys.get(ctx, coldkey)
        if old in hotkeys and new not in hotkeys:
            storage.StakingHotkeys.put(ctx, coldkey, [*hotkeys, new])
            cost.add(0, 1)


# --- dividends of root ---------------------------------------------------------------------------------------------


def _move_root_dividends(ctx: Context, old: bytes, new: bytes, cost: DatabaseCost) -> None:
    """Move what stake on root has earned and claimed, and the choice about new subnets."""
    transfer_root_claimable_for_new_hotkey(ctx, old, new)
    cost.add(3, 2)
    for subnet in storage.RootClaimable.get(ctx, new):
        coldkeys = [coldkey for (coldkey,), _ in storage.RootClaimed.under(ctx, subnet, old)]
        for coldkey in coldkeys:
            transfer_root_claimed_for_new_keys(ctx, subnet, (old, coldkey), (new, coldkey))
        cost.add(3 * len(coldkeys), 2 * len(coldkeys))
    if storage.AutoParentDelegationEnabled.contains(ctx, old):
        enabled = storage.AutoParentDelegationEnabled.take(ctx, old)
        storage.AutoParentDelegationEnabled.put(ctx, new, enabled)
        cost.add(1, 2)


def transfer_root_claimable_for_new_hotkey(ctx: Context, old: bytes, new: bytes) -> None:
    """Add the rates of a hotkey to those of another."""
    rates = dict(storage.RootClaimable.get(ctx, new))
    for netuid, rate in storage.RootClaimable.take(ctx, old).items():
        rates[netuid] = I96F32.saturating_add(rates[netuid], rate) if netuid in rates else rate
    storage.RootClaimable.put(ctx, new, dict(sorted(rates.items())))


def transfer_root_claimed_for_new_keys(
    ctx: Context, netuid: int, old: tuple[bytes, bytes], new: tuple[bytes, bytes]
) -> None:
    """Add what a hotkey and coldkey have claimed of a subnet's alpha to the claims of another pair."""
    claimed = storage.RootClaimed.take(ctx, (netuid, *old))
    storage.RootClaimed.mutate(ctx, (netuid, *new), lambda present: saturate_u128(claimed + present))
