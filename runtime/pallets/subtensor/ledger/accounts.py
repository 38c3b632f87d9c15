"""Owners of hotkeys: a hotkey belongs to the first coldkey that names it, until one of the two is swapped.

`Owner` is authoritative; `OwnedHotkeys` is the same relation by coldkey. `StakingHotkeys` lists the hotkeys on which
a coldkey may have stake, its own hotkeys first.
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
    """Return whether a coldkey owns the hotkey."""
    return storage.Owner.contains(ctx, hotkey)


def get_owning_coldkey_for_hotkey(ctx: Context, hotkey: bytes) -> bytes:
    """Return the owner of a hotkey, or the account of zeros when it has none."""
    return storage.Owner.get(ctx, hotkey)


def coldkey_owns_hotkey(ctx: Context, coldkey: bytes, hotkey: bytes) -> bool:
    """Return whether this coldkey owns the hotkey."""
    return hotkey_account_exists(ctx, hotkey) and storage.Owner.get(ctx, hotkey) == coldkey


def ensure_not_system_account(ctx: Context, hotkey: bytes) -> None:
    """Refuse the account of a subnet (CannotUseSystemAccount)."""
    ensure(is_subnet_account_id(ctx, hotkey) is None, Error.CannotUseSystemAccount)


def create_account_if_non_existent(ctx: Context, coldkey: bytes, hotkey: bytes) -> None:
    """Make the coldkey the owner of a hotkey without owner; a hotkey with an owner keeps it.

    Fails with CannotUseSystemAccount for the account of a subnet.
    """
    ensure_not_system_account(ctx, hotkey)
    if not hotkey_account_exists(ctx, hotkey):
        storage.Owner.put(ctx, hotkey, coldkey)
        _append_once(ctx, storage.OwnedHotkeys, coldkey, hotkey)
        _append_once(ctx, storage.StakingHotkeys, coldkey, hotkey)


def _append_once(
    ctx: Context, hotkeys: StorageMap[bytes, list[bytes], list[bytes]], coldkey: bytes, hotkey: bytes
) -> None:
    listed = hotkeys.get(ctx, coldkey)
    if hotkey not in listed:
        hotkeys.put(ctx, coldkey, [*listed, hotkey])


@pallet.call(91, weight=weight_of(25_337_000, 4283, reads=3, writes=3))
def try_associate_hotkey(ctx: Context, hotkey: AccountId) -> None:
    """Make the signer the owner of a hotkey that has no owner yet.

    If the hotkey has an owner, nothing changes and the call succeeds at the same cost. Fails with
    CannotUseSystemAccount for the account of a subnet.
    """
    create_account_if_non_existent(ctx, ctx.ensure_signed(), hotkey)
