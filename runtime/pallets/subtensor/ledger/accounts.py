"""Whose hotkey is whose: a hotkey belongs to the coldkey that first named it, until one of them is swapped.

`Owner` is the truth; `OwnedHotkeys` is the same read from the coldkey's side. `StakingHotkeys` lists where a coldkey
may have stake, its own hotkeys first.
"""

from __future__ import annotations

from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.storage import StorageMap
from ....frame.weight import weight_of
from ....scale import AccountId
from .. import storage
from ..declared.errors import Error
from ..declared.pallet import pallet
from .subnet_accounts import is_subnet_account_id


def hotkey_account_exists(ctx: Context, hotkey: bytes) -> bool:
    """Whether the hotkey belongs to a coldkey."""
    return storage.Owner.contains(ctx, hotkey)


def get_owning_coldkey_for_hotkey(ctx: Context, hotkey: bytes) -> bytes:
    """The coldkey of a hotkey; the account of zeros when it has none."""
    return storage.Owner.get(ctx, hotkey)


def coldkey_owns_hotkey(ctx: Context, coldkey: bytes, hotkey: bytes) -> bool:
    """Whether the hotkey is this coldkey's."""
    return hotkey_account_exists(ctx, hotkey) and storage.Owner.get(ctx, hotkey) == coldkey


def ensure_not_system_account(ctx: Context, hotkey: bytes) -> None:
    """CannotUseSystemAccount for the account of a subnet."""
    ensure(is_subnet_account_id(ctx, hotkey) is None, Error.CannotUseSystemAccount)


def create_account_if_non_existent(ctx: Context, coldkey: bytes, hotkey: bytes) -> None:
    """Give a hotkey that belongs to nobody to the coldkey; one that belongs to somebody stays theirs.

    CannotUseSystemAccount for the account of a subnet.
    """
    ensure_not_system_account(ctx, hotkey)
    if not hotkey_account_exists(ctx, hotkey):
        storage.Owner.put(ctx, hotkey, coldkey)
        _append_once(ctx, storage.OwnedHotkeys, coldkey, hotkey)
        _append_once(ctx, storage.StakingHotkeys, coldkey, hotkey)


def set_hotkey_owner(ctx: Context, coldkey: bytes, hotkey: bytes) -> None:
    """Give a hotkey to the coldkey, whoever had it; the lists of hotkeys stay. CannotUseSystemAccount."""
    ensure_not_system_account(ctx, hotkey)
    storage.Owner.put(ctx, hotkey, coldkey)


def _append_once(
    ctx: Context, hotkeys: StorageMap[bytes, list[bytes], list[bytes]], coldkey: bytes, hotkey: bytes
) -> None:
    known = hotkeys.get(ctx, coldkey)
    if hotkey not in known:
        hotkeys.put(ctx, coldkey, [*known, hotkey])


def do_try_associate_hotkey(ctx: Context, coldkey: bytes, hotkey: bytes) -> None:
    """Give the hotkey to the coldkey if it is free; without complaint if it is not."""
    create_account_if_non_existent(ctx, coldkey, hotkey)


@pallet.call(91, weight=weight_of(25_337_000, 4283, reads=3, writes=3))
def try_associate_hotkey(ctx: Context, hotkey: AccountId) -> None:
    """Make a hotkey that belongs to nobody the signer's. Succeeds, and costs the same, if it belongs to somebody."""
    do_try_associate_hotkey(ctx, ctx.ensure_signed(), hotkey)
