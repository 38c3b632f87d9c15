"""Rights of one account on subnets: its neighbours in the order of bytes, one on each side, do not have them."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed
from pysubtensor.runtime.pallets.admin_utils.subnet_by_owner import sudo_set_serving_rate_limit
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import coldkey_owns_hotkey, create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.neurons.identity import set_subnet_identity
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake

from tests.world import ALICE, BOB, TAO, Dispatch, RefusedCall, account, neighbours

HOTKEY = account(7)


def test_a_subnet_has_one_owner(owned_subnet: int, dispatch: Dispatch, refused: RefusedCall) -> None:
    limit = sudo_set_serving_rate_limit.call(owned_subnet, 5)
    identity = set_subnet_identity.call(owned_subnet, b"name", b"", b"", b"", b"", b"", b"", b"")
    for who in neighbours(BOB):
        refused(who, limit, BadOrigin())
        refused(who, identity, Error.NotSubnetOwner)
    dispatch(BOB, limit)
    dispatch(BOB, identity)


def test_a_hotkey_has_one_owner(ctx: Context) -> None:
    create_account_if_non_existent(ctx, ALICE, HOTKEY)
    below, above = neighbours(ALICE)
    assert [coldkey_owns_hotkey(ctx, who, HOTKEY) for who in (below, ALICE, above)] == [False, True, False]


def test_a_lock_is_to_one_hotkey(ctx: Context, owned_subnet: int) -> None:
    hotkeys = (HOTKEY, *neighbours(HOTKEY))
    for hotkey in hotkeys:
        create_account_if_non_existent(ctx, ALICE, hotkey)
        increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, ALICE, owned_subnet, TAO)
    do_lock_stake(ctx, ALICE, owned_subnet, HOTKEY, 1_000)
    for hotkey in hotkeys[1:]:
        with pytest.raises(DispatchFailed) as failure:
            do_lock_stake(ctx, ALICE, owned_subnet, hotkey, 1_000)
        assert failure.value.reason is Error.LockHotkeyMismatch
    do_lock_stake(ctx, ALICE, owned_subnet, HOTKEY, 1_000)
