"""Membership of root: who may join, how many at a time, and who makes room."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.frame.weight import Pays, weight_of
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import NeuronRegistered
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import get_owning_coldkey_for_hotkey
from pysubtensor.runtime.pallets.subtensor.neurons.root import root_register
from pysubtensor.runtime.pallets.subtensor.storage.delegation import Delegates
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import MaxAllowedUids
from pysubtensor.runtime.pallets.subtensor.storage.networks import NetworksAdded
from pysubtensor.runtime.pallets.subtensor.storage.neurons import Keys, SubnetworkN, Uids
from pysubtensor.runtime.pallets.subtensor.storage.registration import (
    MaxRegistrationsPerBlock,
    RegistrationsThisBlock,
    RegistrationsThisInterval,
    TargetRegistrationsPerInterval,
)
from pysubtensor.runtime.pallets.subtensor.storage.staking import TotalHotkeyAlpha

from tests.costs import own_info
from tests.world import ALICE, BOB, AddNetwork, Dispatch, Events, RefusedCall, account

ROOT = 0
HOTKEYS = [account(number) for number in range(1, 9)]


@pytest.fixture(autouse=True)
def root(ctx: Context, add_network: AddNetwork) -> None:
    """Root without members, which takes ten in a block."""
    add_network(ROOT, 100)
    MaxRegistrationsPerBlock.put(ctx, ROOT, 10)
    TargetRegistrationsPerInterval.put(ctx, ROOT, 10)


def test_a_hotkey_joins_for_nothing_and_becomes_a_delegate(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    before = account_data(ctx, ALICE).free
    events()
    dispatch(ALICE, root_register.call(HOTKEYS[0]))
    assert Uids.get(ctx, ROOT, HOTKEYS[0]) == 0
    assert SubnetworkN.get(ctx, ROOT) == 1
    assert get_owning_coldkey_for_hotkey(ctx, HOTKEYS[0]) == ALICE
    assert Delegates.get(ctx, HOTKEYS[0]) == 11_796  # 18 %
    assert account_data(ctx, ALICE).free == before
    assert (RegistrationsThisBlock.get(ctx, ROOT), RegistrationsThisInterval.get(ctx, ROOT)) == (1, 1)
    assert events() == [NeuronRegistered(ROOT, 0, HOTKEYS[0])]


def test_a_delegate_keeps_its_take(ctx: Context, dispatch: Dispatch) -> None:
    Delegates.put(ctx, HOTKEYS[0], 5_898)
    dispatch(ALICE, root_register.call(HOTKEYS[0]))
    assert Delegates.get(ctx, HOTKEYS[0]) == 5_898


def test_anybodys_hotkey_can_be_made_a_member_and_stays_theirs(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, root_register.call(HOTKEYS[0]))
    MaxAllowedUids.put(ctx, ROOT, 1)
    TotalHotkeyAlpha.put(ctx, HOTKEYS[1], ROOT, 1)
    dispatch(BOB, root_register.call(HOTKEYS[1]))
    TotalHotkeyAlpha.put(ctx, HOTKEYS[0], ROOT, 2)
    dispatch(BOB, root_register.call(HOTKEYS[0]))
    assert get_owning_coldkey_for_hotkey(ctx, HOTKEYS[0]) == ALICE


def test_a_member_joins_once(dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, root_register.call(HOTKEYS[0]))
    refused(ALICE, root_register.call(HOTKEYS[0]), Error.HotKeyAlreadyRegisteredInSubNet)


def test_a_block_takes_so_many_members(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    MaxRegistrationsPerBlock.put(ctx, ROOT, 2)
    for hotkey in HOTKEYS[:2]:
        dispatch(ALICE, root_register.call(hotkey))
    refused(ALICE, root_register.call(HOTKEYS[2]), Error.TooManyRegistrationsThisBlock)
    RegistrationsThisBlock.put(ctx, ROOT, 0)
    dispatch(ALICE, root_register.call(HOTKEYS[2]))


def test_an_interval_takes_three_times_its_target(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    TargetRegistrationsPerInterval.put(ctx, ROOT, 2)
    for hotkey in HOTKEYS[:6]:
        dispatch(ALICE, root_register.call(hotkey))
    refused(ALICE, root_register.call(HOTKEYS[6]), Error.TooManyRegistrationsThisInterval)


def test_three_times_the_target_saturates(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    TargetRegistrationsPerInterval.put(ctx, ROOT, 30_000)
    RegistrationsThisInterval.put(ctx, ROOT, 65_534)
    dispatch(ALICE, root_register.call(HOTKEYS[0]))
    refused(ALICE, root_register.call(HOTKEYS[1]), Error.TooManyRegistrationsThisInterval)


def test_the_member_with_the_least_stake_makes_room_for_more_stake(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    MaxAllowedUids.put(ctx, ROOT, 3)
    for hotkey, stake in zip(HOTKEYS, [30, 10, 20, 10, 11], strict=False):
        TotalHotkeyAlpha.put(ctx, hotkey, ROOT, stake)
    for hotkey in HOTKEYS[:3]:
        dispatch(ALICE, root_register.call(hotkey))
    refused(ALICE, root_register.call(HOTKEYS[3]), Error.StakeTooLowForRoot)
    dispatch(ALICE, root_register.call(HOTKEYS[4]))
    assert [Keys.get(ctx, ROOT, uid) for uid in range(3)] == [HOTKEYS[0], HOTKEYS[4], HOTKEYS[2]]
    assert SubnetworkN.get(ctx, ROOT) == 3


def test_of_members_with_equal_stake_the_lowest_uid_makes_room(ctx: Context, dispatch: Dispatch) -> None:
    MaxAllowedUids.put(ctx, ROOT, 3)
    for hotkey in HOTKEYS[:3]:
        dispatch(ALICE, root_register.call(hotkey))
    TotalHotkeyAlpha.put(ctx, HOTKEYS[3], ROOT, 1)
    dispatch(ALICE, root_register.call(HOTKEYS[3]))
    assert Keys.get(ctx, ROOT, 0) == HOTKEYS[3]


def test_root_without_places_takes_nobody(ctx: Context, refused: RefusedCall) -> None:
    MaxAllowedUids.put(ctx, ROOT, 0)
    refused(ALICE, root_register.call(HOTKEYS[0]), Error.HotKeyNotRegisteredInSubNet)


def test_there_must_be_a_root_and_a_signature(ctx: Context, refused: RefusedCall) -> None:
    call = root_register.call(HOTKEYS[0])
    refused(NONE, call, BadOrigin())
    NetworksAdded.remove(ctx, ROOT)
    refused(NONE, call, Error.RootNetworkDoesNotExist)


def test_what_joining_costs_to_include() -> None:
    info = own_info(root_register.call(HOTKEYS[0]))
    assert (info.call_weight, info.pays_fee) == (weight_of(103_934_000, 4981, 19, 16), Pays.Yes)
