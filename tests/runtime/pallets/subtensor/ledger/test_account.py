"""The owners of hotkeys: the first coldkey that names an unowned hotkey."""

from __future__ import annotations

from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.frame.weight import Pays, weight_of
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import (
    coldkey_owns_hotkey,
    get_owning_coldkey_for_hotkey,
    hotkey_account_exists,
    try_associate_hotkey,
)
from pysubtensor.runtime.pallets.subtensor.storage.staking import OwnedHotkeys, StakingHotkeys

from tests.costs import own_info
from tests.world import ALICE, BOB, Dispatch, RefusedCall

HOTKEY, OTHER_HOTKEY = b"\1" * 32, b"\2" * 32
#: The account of subnet 1: `modl`, `subtensr`, the netuid in two bytes, zeros.
SUBNET_ACCOUNT = bytes.fromhex("6d6f646c73756274656e73720100").ljust(32, b"\0")


def test_an_unowned_hotkey_is_assigned_to_the_signer(ctx: Context, dispatch: Dispatch) -> None:
    assert not hotkey_account_exists(ctx, HOTKEY)
    for hotkey in (HOTKEY, OTHER_HOTKEY):
        dispatch(ALICE, try_associate_hotkey.call(hotkey))
        assert get_owning_coldkey_for_hotkey(ctx, hotkey) == ALICE
    assert OwnedHotkeys.get(ctx, ALICE) == StakingHotkeys.get(ctx, ALICE) == [HOTKEY, OTHER_HOTKEY]
    assert coldkey_owns_hotkey(ctx, ALICE, HOTKEY)
    assert not coldkey_owns_hotkey(ctx, BOB, HOTKEY)


def test_an_owned_hotkey_keeps_its_owner(ctx: Context, dispatch: Dispatch) -> None:
    for coldkey in (ALICE, BOB, ALICE):
        dispatch(coldkey, try_associate_hotkey.call(HOTKEY))
    assert get_owning_coldkey_for_hotkey(ctx, HOTKEY) == ALICE
    assert OwnedHotkeys.get(ctx, ALICE) == [HOTKEY]
    assert OwnedHotkeys.get(ctx, BOB) == StakingHotkeys.get(ctx, BOB) == []


def test_a_hotkey_staked_to_before_is_listed_once(ctx: Context, dispatch: Dispatch) -> None:
    StakingHotkeys.put(ctx, ALICE, [HOTKEY])
    dispatch(ALICE, try_associate_hotkey.call(HOTKEY))
    assert StakingHotkeys.get(ctx, ALICE) == OwnedHotkeys.get(ctx, ALICE) == [HOTKEY]


def test_an_unknown_hotkey_has_no_owner(ctx: Context) -> None:
    assert get_owning_coldkey_for_hotkey(ctx, HOTKEY) == bytes(32)
    assert not coldkey_owns_hotkey(ctx, bytes(32), HOTKEY)


def test_the_account_of_a_subnet_cannot_be_a_hotkey(refused: RefusedCall) -> None:
    refused(ALICE, try_associate_hotkey.call(SUBNET_ACCOUNT), Error.CannotUseSystemAccount)


def test_association_is_signed_and_paid(refused: RefusedCall) -> None:
    call = try_associate_hotkey.call(HOTKEY)
    refused(NONE, call, BadOrigin())
    assert own_info(call).pays_fee is Pays.Yes
    assert own_info(call).call_weight == weight_of(25_337_000, 4283, 3, 3)
