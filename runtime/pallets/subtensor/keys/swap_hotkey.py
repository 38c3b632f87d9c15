"""The calls that replace a hotkey by another of the same coldkey, on one subnet or on all."""

from __future__ import annotations

from .....consensus.integers import saturating_add_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import PostInfo, weight_of
from ....scale import AccountId
from ...shared.types import ROOT_NETUID, NetUid
from .. import storage
from ..declared import constants, events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import LastTxBlock, LastTxBlockChildKeyTake, LastTxBlockDelegateTake
from ..ledger.accounts import coldkey_owns_hotkey, ensure_not_system_account, hotkey_account_exists
from ..ledger.share_pool import get_stake_for_hotkey_on_subnet
from ..ledger.tao import can_remove_balance_from_coldkey_account, recycle_tao
from ..neurons.uids import is_hotkey_registered_on_any_network
from ..staking.helpers import alpha_iter_single_prefix
from ..subnets.networks import get_all_subnet_netuids
from .database_cost import DatabaseCost
from .locks import swap_hotkey_locks
from .one_subnet import perform_hotkey_swap_on_one_subnet

#: Rate limits whose last block goes over to the new hotkey.
INHERITED = (LastTxBlock, LastTxBlockDelegateTake, LastTxBlockChildKeyTake)


@pallet.call(70, weight=weight_of(1_242_038_000, 28912, reads=182, writes=99))
def swap_hotkey(ctx: Context, hotkey: AccountId, new_hotkey: AccountId, netuid: NetUid | None) -> PostInfo:
    """Replace one of the signer's hotkeys by another on a subnet, or on all without a `netuid`.

    Neurons, stake, children and dividends go over. It costs TAO: `KeySwapOnSubnetCost`, or `KeySwapCost` for all.
    Fails with NonAssociatedColdKey, NewHotKeyIsSameWithOld, HotKeySetTxRateLimitExceeded,
    HotKeyAlreadyRegisteredInSubNet, NewHotKeyNotCleanForRootSwap when the new hotkey has stake or dividends on root,
    HotKeySwapOnSubnetIntervalNotPassed, NotEnoughBalanceToPaySwapHotKey, CannotUseSystemAccount and InvalidChild.
    """
    return do_swap_hotkey(ctx, ctx.ensure_signed(), hotkey, new_hotkey, netuid, keep_stake=False)


@pallet.call(72, weight=weight_of(275_300_000, reads=52, writes=35))
def swap_hotkey_v2(
    ctx: Context, hotkey: AccountId, new_hotkey: AccountId, netuid: NetUid | None, keep_stake: bool
) -> PostInfo:
    """Replace one of the signer's hotkeys by another, as `swap_hotkey` does; with `keep_stake` the stake stays."""
    return do_swap_hotkey(ctx, ctx.ensure_signed(), hotkey, new_hotkey, netuid, keep_stake=keep_stake)


def do_swap_hotkey(
    ctx: Context, coldkey: bytes, old: bytes, new: bytes, netuid: int | None, *, keep_stake: bool
) -> PostInfo:
    """Replace a hotkey and return the weight; fails as `swap_hotkey` does."""
    cost = DatabaseCost()
    _ensure_swappable(ctx, coldkey, old, new, netuid)
    cost.add(4)
    for limit in INHERITED:
        last = storage.LastRateLimitedBlock.get(ctx, limit(old))
        storage.LastRateLimitedBlock.put(ctx, limit(new), last)
    cost.add(3, 3)
    if netuid is None:
        _swap_on_all_subnets(ctx, coldkey, old, new, cost, keep_stake=keep_stake)
    else:
        _swap_on_subnet(ctx, coldkey, old, new, netuid, cost, keep_stake=keep_stake)
    return PostInfo(cost.weight)


def _ensure_swappable(ctx: Context, coldkey: bytes, old: bytes, new: bytes, netuid: int | None) -> None:
    ensure(coldkey_owns_hotkey(ctx, coldkey, old), Error.NonAssociatedColdKey)
    if hotkey_account_exists(ctx, new):
        ensure(coldkey_owns_hotkey(ctx, coldkey, new), Error.NonAssociatedColdKey)
    ensure(old != new, Error.NewHotKeyIsSameWithOld)
    last, limit = storage.LastRateLimitedBlock.get(ctx, LastTxBlock(coldkey)), storage.TxRateLimit.get(ctx)
    too_soon = bool(limit and last) and saturating_sub(ctx.block.number, last) <= limit
    ensure(not too_soon, Error.HotKeySetTxRateLimitExceeded)
    if netuid is None:
        registered = is_hotkey_registered_on_any_network(ctx, new)
    else:
        registered = storage.IsNetworkMember.contains(ctx, new, netuid)
    ensure(not registered, Error.HotKeyAlreadyRegisteredInSubNet)
    if netuid is None or netuid == ROOT_NETUID:
        ensure(_is_clean_on_root(ctx, new), Error.NewHotKeyNotCleanForRootSwap)


def _is_clean_on_root(ctx: Context, hotkey: bytes) -> bool:
    """Return whether a hotkey has no stake on root, no dividends of it, and no claims."""
    if storage.RootClaimable.get(ctx, hotkey) or get_stake_for_hotkey_on_subnet(ctx, hotkey, ROOT_NETUID):
        return False
    return not any(True for _ in storage.RootClaimed.under(ctx, ROOT_NETUID, hotkey))


# --- on one subnet -------------------------------------------------------------------------------------------------


def _swap_on_subnet(
    ctx: Context, coldkey: bytes, old: bytes, new: bytes, netuid: int, cost: DatabaseCost, *, keep_stake: bool
) -> None:
    last = storage.LastHotkeySwapOnNetuid.get(ctx, netuid, coldkey)
    _ensure_interval_passed(ctx, last)
    ensure_not_system_account(ctx, new)
    price = constants.KeySwapOnSubnetCost.get(ctx)
    ensure(can_remove_balance_from_coldkey_account(ctx, coldkey, price), Error.NotEnoughBalanceToPaySwapHotKey)
    recycle_tao(ctx, coldkey, price)
    storage.Owner.put(ctx, new, coldkey)
    cost.add(7, 2)
    owned = storage.OwnedHotkeys.get(ctx, coldkey)
    if new not in owned:
        storage.OwnedHotkeys.put(ctx, coldkey, [*owned, new])
        cost.add(1, 1)
    swap_hotkey_locks(ctx, old, new, [netuid], cost)
    perform_hotkey_swap_on_one_subnet(ctx, old, new, netuid, cost, keep_stake=keep_stake)
    _note_swap(ctx, coldkey, [netuid])
    cost.add(0, 2)
    ctx.deposit(events.HotkeySwappedOnSubnet(coldkey, old, new, netuid))


def _ensure_interval_passed(ctx: Context, last: int) -> None:
    earliest = saturating_add_u64(last, constants.HotkeySwapOnSubnetInterval.get(ctx))
    ensure(earliest < ctx.block.number, Error.HotKeySwapOnSubnetIntervalNotPassed)


def _note_swap(ctx: Context, coldkey: bytes, netuids: list[int]) -> None:
    """Record that a coldkey has swapped a hotkey on these subnets in this block."""
    for netuid in netuids:
        storage.LastHotkeySwapOnNetuid.put(ctx, netuid, coldkey, ctx.block.number)
    storage.LastRateLimitedBlock.put(ctx, LastTxBlock(coldkey), ctx.block.number)


# --- on all subnets ------------------------------------------------------------------------------------------------


def _swap_on_all_subnets(
    ctx: Context, coldkey: bytes, old: bytes, new: bytes, cost: DatabaseCost, *, keep_stake: bool
) -> None:
    netuids = get_all_subnet_netuids(ctx)
    affected = [each for each in netuids if _is_active_on(ctx, old, each)]
    cost.add(2 * len(netuids) + 1)
    for netuid in affected:
        if last := storage.LastHotkeySwapOnNetuid.get(ctx, netuid, coldkey):
            _ensure_interval_passed(ctx, last)
    price = constants.KeySwapCost.get(ctx)
    ensure(can_remove_balance_from_coldkey_account(ctx, coldkey, price), Error.NotEnoughBalanceToPaySwapHotKey)
    recycle_tao(ctx, coldkey, price)
    cost.add(len(affected) + 3, 2)
    _perform_swap_on_all_subnets(ctx, coldkey, old, new, netuids, cost, keep_stake=keep_stake)
    _note_swap(ctx, coldkey, affected)
    cost.add(0, len(affected) + 1)
    ctx.deposit(events.HotkeySwapped(coldkey, old, new))


def _is_active_on(ctx: Context, hotkey: bytes, netuid: int) -> bool:
    return storage.IsNetworkMember.get(ctx, hotkey, netuid) or bool(storage.ChildKeys.get(ctx, hotkey, netuid))


def _perform_swap_on_all_subnets(
    ctx: Context, coldkey: bytes, old: bytes, new: bytes, netuids: list[int], cost: DatabaseCost, *, keep_stake: bool
) -> None:
    shares = list(alpha_iter_single_prefix(ctx, old))
    cost.add(len(shares))
    swap_hotkey_locks(ctx, old, new, netuids, cost)
    storage.Owner.remove(ctx, old)
    ensure_not_system_account(ctx, new)
    storage.Owner.put(ctx, new, coldkey)
    owned = storage.OwnedHotkeys.get(ctx, coldkey)
    owned = owned if new in owned else [*owned, new]
    storage.OwnedHotkeys.put(ctx, coldkey, [each for each in owned if each != old])
    cost.add(2, 2)
    for netuid in netuids:
        perform_hotkey_swap_on_one_subnet(ctx, old, new, netuid, cost, keep_stake=keep_stake)
    for limit in INHERITED:
        storage.LastRateLimitedBlock.remove(ctx, limit(old))
    cost.add(3, 6)
    if storage.Delegates.contains(ctx, old):
        storage.Delegates.put(ctx, new, storage.Delegates.take(ctx, old))
        cost.add(2, 2)
    if not keep_stake:
        _rename_in_staking_hotkeys(ctx, old, new, [staker for staker, _, share in shares if not share.is_zero()], cost)


def _rename_in_staking_hotkeys(ctx: Context, old: bytes, new: bytes, stakers: list[bytes], cost: DatabaseCost) -> None:
    """Replace a hotkey in the lists of the coldkeys that had stake on it; the new one comes last."""
    for coldkey in stakers:
        hotkeys = storage.StakingHotkeys.get(ctx, coldkey)
        cost.add(1)
        if old in hotkeys:
            rest = [each for each in hotkeys if each not in (old, new)]
            storage.StakingHotkeys.put(ctx, coldkey, [*rest, new])
            cost.add(0, 1)
