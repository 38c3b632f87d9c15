"""Membership of root: its conditions, its rate limits, and the replacement of members."""

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
    """Root without members, with ten registrations per block."""
    add_network(ROOT, 100)
    MaxRegistrationsPerBlock.put(ctx, ROOT, 10)
    TargetRegistrationsPerInterval.put(ctx, ROOT, 10)


def test_joining_root_is_free_and_makes_the_hotkey_a_delegate(ctx: Context, dispatch: Dispatch, events: Events) -> None:
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


def test_a_foreign_hotkey_can_join_and_keeps_its_owner(ctx: Context, dispatch: Dispatch) -> None:
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


def test_registrations_per_block_are_limited(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    MaxRegistrationsPerBlock.put(ctx, ROOT, 2)
    for hotkey in HOTKEYS[:2]:
        dispatch(ALICE, root_register.call(hotkey))
    refused(ALICE, root_register.call(HOTKEYS[2]), Error.TooManyRegistrationsThisBlock)
    RegistrationsThisBlock.put(ctx, ROOT, 0)
    dispatch(ALICE, root_register.call(HOTKEYS[2]))


def test_registrations_per_interval_are_limited_to_three_times_the_target(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    TargetRegistrationsPerInterval.put(ctx, ROOT, 2)
    for hotkey in HOTKEYS[:6]:
        dispatch(ALICE, root_register.call(hotkey))
    refused(ALICE, root_register.call(HOTKEYS[6]), Error.TooManyRegistrationsThisInterval)


def test_three_times_the_target_saturates(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    TargetRegistrationsPerInterval.put(ctx, ROOT, 30_000)
    RegistrationsThisInterval.put(ctx, ROOT, 65_534)
    dispatch(ALICE, root_register.call(HOTKEYS[0]))
    refused(ALICE, root_register.call(HOTKEYS[1]), Error.TooManyRegistrationsThisInterval)


def test_root_with_more_members_than_it_may_have_takes_no_further_one(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    for hotkey in HOTKEYS[:3]:
        dispatch(ALICE, root_register.call(hotkey))
    for most in (3, 2):
        MaxAllowedUids.put(ctx, ROOT, most)
        refused(ALICE, root_register.call(HOTKEYS[3]), Error.StakeTooLowForRoot)


def test_the_member_with_the_least_stake_is_replaced_by_more_stake(
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


def test_the_lowest_uid_is_replaced_among_members_of_equal_stake(ctx: Context, dispatch: Dispatch) -> None:
    MaxAllowedUids.put(ctx, ROOT, 3)
    for hotkey in HOTKEYS[:3]:
        dispatch(ALICE, root_register.call(hotkey))
    TotalHotkeyAlpha.put(ctx, HOTKEYS[3], ROOT, 1)
    dispatch(ALICE, root_register.call(HOTKEYS[3]))
    assert Keys.get(ctx, ROOT, 0) == HOTKEYS[3]


def test_root_without_uids_refuses_members(ctx: Context, refused: RefusedCall) -> None:
    MaxAllowedUids.put(ctx, ROOT, 0)
    refused(ALICE, root_register.call(HOTKEYS[0]), Error.HotKeyNotRegisteredInSubNet)


def test_joining_needs_root_and_a_signature(ctx: Context, refused: RefusedCall) -> None:
    call = root_register.call(HOTKEYS[0])
    refused(NONE, call, BadOrigin())
    NetworksAdded.remove(ctx, ROOT)
    refused(NONE, call, Error.RootNetworkDoesNotExist)


def test_the_weight_of_joining() -> None:
    info = own_info(root_register.call(HOTKEYS[0]))
    assert (info.call_weight, info.pays_fee) == (weight_of(103_934_000, 4981, 19, 16), Pays.Yes)
