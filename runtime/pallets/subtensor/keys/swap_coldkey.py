"""The swap of a coldkey: announced by its hash, made after a delay, disputed in between; or made by root.

The swap moves all TAO, stake, hotkeys, subnets and locks. Between announcement and swap the account may do little else
(`guards`).
"""

from __future__ import annotations

from .....consensus.integers import saturate_u32
from ....crypto.hashing import blake2_256
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...shared.types import ROOT_NETUID, Hash, TaoBalance
from .. import storage
from ..declared import constants, events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import LastTxBlock
from ..ledger import share_pool
from ..ledger.accounts import ensure_not_system_account, hotkey_account_exists
from ..ledger.tao import get_coldkey_balance, recycle_tao, transfer_tao
from ..staking.claims import maybe_add_coldkey_index, maybe_remove_coldkey_index
from ..staking.transfer_lock import ACCEPTS_LOCKED_ALPHA
from ..subnets.networks import get_all_subnet_netuids
from .locks import swap_coldkey_locks
from .one_subnet import transfer_root_claimed_for_new_keys

# --- the swap ------------------------------------------------------------------------------------------------------


def do_swap_coldkey(ctx: Context, old: bytes, new: bytes) -> None:
    """Give all that a coldkey has to another.

    Fails with ColdKeyAlreadyAssociated when the new one stakes, NewColdKeyIsHotkey, ActiveLockExists, and
    CannotUseSystemAccount.
    """
    ensure(not storage.StakingHotkeys.get(ctx, new), Error.ColdKeyAlreadyAssociated)
    ensure(not hotkey_account_exists(ctx, new), Error.NewColdKeyIsHotkey)
    if not storage.IdentitiesV2.contains(ctx, new):
        identity = storage.IdentitiesV2.take(ctx, old)
        if identity is not None:
            storage.IdentitiesV2.put(ctx, new, identity)
    storage.AccountFlags.mutate(ctx, new, lambda flags: flags | ACCEPTS_LOCKED_ALPHA)
    for netuid in get_all_subnet_netuids(ctx):
        if storage.SubnetOwner.get(ctx, netuid) == old:
            storage.SubnetOwner.put(ctx, netuid, new)
        _move_auto_stake(ctx, netuid, old, new)
        _move_stake(ctx, netuid, old, new)
    _move_hotkeys(ctx, old, new)
    swap_coldkey_locks(ctx, old, new)
    if balance := get_coldkey_balance(ctx, old):
        transfer_tao(ctx, old, new, balance)
    storage.LastRateLimitedBlock.put(ctx, LastTxBlock(new), ctx.block.number)
    ctx.deposit(events.ColdkeySwapped(old, new))


def _move_auto_stake(ctx: Context, netuid: int, old: bytes, new: bytes) -> None:
    hotkey = storage.AutoStakeDestination.take(ctx, old, netuid)
    if hotkey is not None:
        storage.AutoStakeDestination.put(ctx, new, netuid, hotkey)
        coldkeys = storage.AutoStakeDestinationColdkeys.get(ctx, hotkey, netuid)
        rest = [each for each in coldkeys if each not in (old, new)]
        storage.AutoStakeDestinationColdkeys.put(ctx, hotkey, netuid, [*rest, new])


def _move_stake(ctx: Context, netuid: int, old: bytes, new: bytes) -> None:
    """Move the stake of a coldkey on a subnet, and what it has claimed of the subnet's alpha."""
    stake_of = share_pool.get_stake_for_hotkey_and_coldkey_on_subnet
    for hotkey in storage.StakingHotkeys.get(ctx, old):
        alpha = stake_of(ctx, hotkey, old, netuid)
        share_pool.decrease_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, old, netuid, alpha)
        share_pool.increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, new, netuid, alpha)
        if stake_of(ctx, hotkey, new, netuid):
            transfer_root_claimed_for_new_keys(ctx, netuid, (hotkey, old), (hotkey, new))
            if netuid == ROOT_NETUID:
                maybe_add_coldkey_index(ctx, new)
    if netuid == ROOT_NETUID:
        maybe_remove_coldkey_index(ctx, old)


def _move_hotkeys(ctx: Context, old: bytes, new: bytes) -> None:
    """Move the lists of the hotkeys that a coldkey stakes on and owns, and the ownership."""
    for item in (storage.StakingHotkeys, storage.OwnedHotkeys):
        present, moved = item.get(ctx, new), item.take(ctx, old)
        if item is storage.OwnedHotkeys:
            for hotkey in moved:
                ensure_not_system_account(ctx, hotkey)
                storage.Owner.put(ctx, hotkey, new)
        item.put(ctx, new, [*present, *(hotkey for hotkey in moved if hotkey not in present)])


@pallet.call(71, weight=weight_of(312_301_000, 13056, reads=37, writes=19))
def swap_coldkey(ctx: Context, old_coldkey: AccountId, new_coldkey: AccountId, swap_cost: TaoBalance) -> None:
    """Replace a coldkey at once, for `swap_cost` rao that the old one pays. Only root may.

    Ends an announcement and a dispute. Fails with NotEnoughBalanceToPaySwapColdKey, ColdKeyAlreadyAssociated when the
    new coldkey stakes, NewColdKeyIsHotkey and ActiveLockExists.
    """
    ctx.ensure_root()
    if swap_cost:
        _charge_swap_cost(ctx, old_coldkey, swap_cost)
    do_swap_coldkey(ctx, old_coldkey, new_coldkey)
    storage.ColdkeySwapAnnouncements.remove(ctx, old_coldkey)
    storage.ColdkeySwapDisputes.remove(ctx, old_coldkey)


def _charge_swap_cost(ctx: Context, coldkey: bytes, price: int) -> None:
    try:
        recycle_tao(ctx, coldkey, price)
    except DispatchFailed:
        raise DispatchFailed(Error.NotEnoughBalanceToPaySwapColdKey) from None


# --- announcements -------------------------------------------------------------------------------------------------


def _find_announcement(ctx: Context, coldkey: bytes) -> tuple[int, bytes]:
    """Return the first block in which the announced swap can be made, and the hash of the new coldkey."""
    found = storage.ColdkeySwapAnnouncements.get(ctx, coldkey)
    if found is None:
        raise DispatchFailed(Error.ColdkeySwapAnnouncementNotFound)
    return found


def _may_change(ctx: Context, executable_at: int) -> bool:
    """Return whether an announcement is so old that it may be replaced or cleared."""
    return ctx.block.number >= saturate_u32(executable_at + storage.ColdkeySwapReannouncementDelay.get(ctx))


@pallet.call(125, weight=weight_of(47_248_000, 4159, reads=4, writes=3))
def announce_coldkey_swap(ctx: Context, new_coldkey_hash: Hash) -> None:
    """Announce that the signer's coldkey will be replaced by the one with this BLAKE2b-256 hash.

    The first announcement costs `KeySwapCost`. It can be replaced some time after the swap has become possible, not
    before: ColdkeySwapReannouncedTooEarly. Fails with NotEnoughBalanceToPaySwapColdKey.
    """
    who = ctx.ensure_signed()
    announced = storage.ColdkeySwapAnnouncements.get(ctx, who)
    if announced is None:
        _charge_swap_cost(ctx, who, constants.KeySwapCost.get(ctx))
    else:
        ensure(_may_change(ctx, announced[0]), Error.ColdkeySwapReannouncedTooEarly)
    executable_at = saturate_u32(ctx.block.number + storage.ColdkeySwapAnnouncementDelay.get(ctx))
    storage.ColdkeySwapAnnouncements.put(ctx, who, (executable_at, new_coldkey_hash))
    ctx.deposit(events.ColdkeySwapAnnounced(who, new_coldkey_hash))


@pallet.call(126, weight=weight_of(288_156_000, 13000, reads=37, writes=15))
def swap_coldkey_announced(ctx: Context, new_coldkey: AccountId) -> None:
    """Replace the signer's coldkey by the one that was announced, after the delay.

    Fails with ColdkeySwapAnnouncementNotFound, AnnouncedColdkeyHashDoesNotMatch, ColdkeySwapTooEarly,
    ColdKeyAlreadyAssociated when the new coldkey stakes, NewColdKeyIsHotkey and ActiveLockExists.
    """
    who = ctx.ensure_signed()
    executable_at, new_coldkey_hash = _find_announcement(ctx, who)
    ensure(new_coldkey_hash == blake2_256(new_coldkey), Error.AnnouncedColdkeyHashDoesNotMatch)
    ensure(ctx.block.number >= executable_at, Error.ColdkeySwapTooEarly)
    storage.ColdkeySwapAnnouncements.remove(ctx, who)
    do_swap_coldkey(ctx, who, new_coldkey)


@pallet.call(127, weight=weight_of(23_293_000, 4130, reads=2, writes=1))
def dispute_coldkey_swap(ctx: Context) -> None:
    """Stop the announced swap of the signer's coldkey, and all its other calls, until root decides.

    For an owner whose key was stolen. Fails with ColdkeySwapAnnouncementNotFound and ColdkeySwapAlreadyDisputed.
    """
    coldkey = ctx.ensure_signed()
    _find_announcement(ctx, coldkey)
    ensure(not storage.ColdkeySwapDisputes.contains(ctx, coldkey), Error.ColdkeySwapAlreadyDisputed)
    storage.ColdkeySwapDisputes.put(ctx, coldkey, ctx.block.number)
    ctx.deposit(events.ColdkeySwapDisputed(coldkey))


@pallet.call(128, weight=weight_of(8_857_000, writes=2))
def reset_coldkey_swap(ctx: Context, coldkey: AccountId) -> None:
    """Remove the announcement and the dispute of a coldkey's swap. Only root may."""
    ctx.ensure_root()
    storage.ColdkeySwapAnnouncements.remove(ctx, coldkey)
    storage.ColdkeySwapDisputes.remove(ctx, coldkey)
    ctx.deposit(events.ColdkeySwapReset(coldkey))


@pallet.call(133, weight=weight_of(17_890_000, reads=2, writes=1))
def clear_coldkey_swap_announcement(ctx: Context) -> None:
    """Withdraw the announced swap of the signer's coldkey, some time after the swap has become possible.

    Fails with ColdkeySwapAnnouncementNotFound, and ColdkeySwapClearTooEarly before.
    """
    who = ctx.ensure_signed()
    executable_at, _ = _find_announcement(ctx, who)
    ensure(_may_change(ctx, executable_at), Error.ColdkeySwapClearTooEarly)
    storage.ColdkeySwapAnnouncements.remove(ctx, who)
    ctx.deposit(events.ColdkeySwapCleared(who))


@pallet.call(73, weight=weight_of(0, reads=5))
def schedule_swap_coldkey(ctx: Context, new_coldkey: AccountId) -> None:
    """Deprecated: use `announce_coldkey_swap` and `swap_coldkey_announced`."""
    raise DispatchFailed(Error.Deprecated)
