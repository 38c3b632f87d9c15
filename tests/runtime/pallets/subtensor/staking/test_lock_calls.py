"""Calls about locked stake, and what a lock allows; rules and numbers of the chain's `locks.rs`."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.pallets.subtensor.declared import events
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import LockState
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.staking.conviction import get_current_locked
from pysubtensor.runtime.pallets.subtensor.staking.lock_calls import (
    lock_stake,
    move_lock,
    set_perpetual_lock,
    set_reject_locked_alpha,
)
from pysubtensor.runtime.pallets.subtensor.staking.move import move_stake, swap_stake, transfer_stake
from pysubtensor.runtime.pallets.subtensor.staking.remove import remove_stake
from pysubtensor.runtime.pallets.subtensor.storage.locks import (
    AccountFlags,
    DecayingHotkeyLock,
    DecayingLock,
    DecayingOwnerLock,
    HotkeyLock,
    Lock,
    LockingColdkeys,
    OwnerLock,
    UnlockRate,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner, SubnetOwnerHotkey

from tests.runtime.pallets.subtensor.pools import give_stake, set_reserves, stake_of
from tests.world import ALICE, BOB, TAO, AddDynamicNetwork, Dispatch, GoTo, RefusedCall, account

HOT, OTHER_HOT, FOREIGN_HOT, OWNER_HOT, OWNER_COLD = (account(number) for number in range(1, 6))
STAKE, LOCKED = 100 * TAO, 5_000
#: One as a conviction.
ONE = 1 << 64


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork) -> int:
    """A started subnet; Alice has 100 alpha on her hotkey, and perpetual locks."""
    netuid = add_dynamic_network(OWNER_HOT, OWNER_COLD)
    set_reserves(ctx, netuid, 1_000_000 * TAO, 1_000_000 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, STAKE)
    create_account_if_non_existent(ctx, ALICE, OTHER_HOT)
    create_account_if_non_existent(ctx, BOB, FOREIGN_HOT)
    DecayingLock.put(ctx, ALICE, netuid, False)
    return netuid


def lock_of(ctx: Context, coldkey: bytes, netuid: int, hotkey: bytes) -> LockState:
    lock = Lock.get(ctx, (coldkey, netuid, hotkey))
    assert lock is not None
    return lock


# --- locking -------------------------------------------------------------------------------------------------------


def test_a_lock_has_no_conviction_at_first(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE // 2))
    assert lock_of(ctx, ALICE, netuid, HOT) == LockState(STAKE // 2, 0, ctx.block.number)
    assert HotkeyLock.get(ctx, netuid, HOT) == LockState(STAKE // 2, 0, ctx.block.number)
    assert LockingColdkeys.contains(ctx, (netuid, HOT, ALICE))
    assert ctx.block.events[-1] == events.StakeLocked(ALICE, HOT, netuid, STAKE // 2)


def test_a_lock_counts_as_decaying_unless_it_is_perpetual(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    DecayingLock.remove(ctx, ALICE, netuid)
    dispatch(ALICE, lock_stake.call(HOT, netuid, LOCKED))
    assert HotkeyLock.get(ctx, netuid, HOT) is None
    total = DecayingHotkeyLock.get(ctx, netuid, HOT)
    assert total is not None
    assert total.locked_mass == LOCKED


@pytest.mark.parametrize("owns", [True, False], ids=["the owner", "another coldkey"])
def test_a_lock_to_the_hotkey_of_a_subnets_owner_has_full_conviction(
    ctx: Context, netuid: int, dispatch: Dispatch, owns: bool
) -> None:
    if owns:
        SubnetOwner.put(ctx, netuid, ALICE)
        SubnetOwnerHotkey.put(ctx, netuid, HOT)
    hotkey = HOT if owns else OWNER_HOT
    dispatch(ALICE, lock_stake.call(hotkey, netuid, LOCKED))
    dispatch(ALICE, lock_stake.call(hotkey, netuid, 7_000))
    wanted = LockState(12_000, 12_000 * ONE, ctx.block.number)
    assert lock_of(ctx, ALICE, netuid, hotkey) == OwnerLock.get(ctx, netuid) == wanted
    assert HotkeyLock.get(ctx, netuid, hotkey) is None


def test_a_lock_of_the_owner_to_another_hotkey_has_no_conviction_at_first(
    ctx: Context, netuid: int, dispatch: Dispatch
) -> None:
    SubnetOwner.put(ctx, netuid, ALICE)
    SubnetOwnerHotkey.put(ctx, netuid, OTHER_HOT)
    dispatch(ALICE, lock_stake.call(HOT, netuid, LOCKED))
    assert lock_of(ctx, ALICE, netuid, HOT).conviction == 0
    assert OwnerLock.get(ctx, netuid) is None


def test_locks_are_within_the_stake_and_to_one_hotkey(netuid: int, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, lock_stake.call(HOT, netuid, 0), Error.AmountTooLow)
    refused(ALICE, lock_stake.call(account(99), netuid, 1), Error.HotKeyAccountNotExists)
    refused(ALICE, lock_stake.call(HOT, netuid, STAKE + 1), Error.InsufficientStakeForLock)
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE - LOCKED))
    refused(ALICE, lock_stake.call(OTHER_HOT, netuid, LOCKED), Error.LockHotkeyMismatch)
    refused(ALICE, lock_stake.call(HOT, netuid, LOCKED + 1), Error.InsufficientStakeForLock)
    dispatch(ALICE, lock_stake.call(HOT, netuid, LOCKED))


def test_each_subnet_has_its_own_lock(
    ctx: Context, netuid: int, add_dynamic_network: AddDynamicNetwork, dispatch: Dispatch, refused: RefusedCall
) -> None:
    other = add_dynamic_network(account(9), OWNER_COLD)
    set_reserves(ctx, other, 1_000_000 * TAO, 1_000_000 * TAO)
    give_stake(ctx, OTHER_HOT, ALICE, other, STAKE)
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE))
    dispatch(ALICE, lock_stake.call(OTHER_HOT, other, STAKE // 2))
    assert [get_current_locked(ctx, ALICE, each) for each in (netuid, other)] == [STAKE, STAKE // 2]
    refused(ALICE, remove_stake.call(HOT, netuid, TAO), Error.StakeUnavailable)
    dispatch(ALICE, remove_stake.call(OTHER_HOT, other, STAKE // 2))


@pytest.mark.parametrize("origin", [NONE, ROOT_ORIGIN], ids=["unsigned", "root"])
@pytest.mark.parametrize(
    "call",
    [
        lock_stake.call(HOT, 1, 1),
        move_lock.call(HOT, 1),
        set_perpetual_lock.call(1, True),
        set_reject_locked_alpha.call(True),
    ],
    ids=lambda call: call.name,
)
def test_calls_about_locks_are_signed(refused: RefusedCall, call: Call, origin: object) -> None:
    refused(origin, call, BadOrigin())  # type: ignore[arg-type]  # an origin of the two


# --- perpetual and decaying ----------------------------------------------------------------------------------------


def test_a_perpetual_lock_keeps_its_mass_and_a_decaying_one_does_not(
    ctx: Context, netuid: int, dispatch: Dispatch, go_to: GoTo
) -> None:
    """Over a tenth of the unlock rate a decaying lock keeps e^-0.1 of its mass, and again from there."""
    tenth, kept = UnlockRate.get(ctx) // 10, exp(-0.1)
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE))
    dispatch(ALICE, set_perpetual_lock.call(netuid, False))
    go_to(1 + tenth)
    assert get_current_locked(ctx, ALICE, netuid) == pytest.approx(STAKE * kept, rel=1e-5)
    dispatch(ALICE, set_perpetual_lock.call(netuid, True))
    assert ctx.block.events[-1] == events.PerpetualLockUpdated(ALICE, netuid, True)
    at_boundary = get_current_locked(ctx, ALICE, netuid)
    go_to(1 + 2 * tenth)
    assert get_current_locked(ctx, ALICE, netuid) == at_boundary
    dispatch(ALICE, set_perpetual_lock.call(netuid, False))
    go_to(1 + 3 * tenth)
    assert get_current_locked(ctx, ALICE, netuid) == pytest.approx(STAKE * kept**2, rel=1e-5)


def test_the_mass_moves_between_both_sums(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, lock_stake.call(HOT, netuid, LOCKED))
    for enabled, present, absent in ((False, DecayingHotkeyLock, HotkeyLock), (True, HotkeyLock, DecayingHotkeyLock)):
        dispatch(ALICE, set_perpetual_lock.call(netuid, enabled))
        total = present.get(ctx, netuid, HOT)
        assert total is not None
        assert total.locked_mass == LOCKED
        assert absent.get(ctx, netuid, HOT) is None


def test_a_decaying_lock_to_the_owner_keeps_full_conviction_of_what_is_left(
    ctx: Context, netuid: int, dispatch: Dispatch, go_to: GoTo
) -> None:
    dispatch(ALICE, set_perpetual_lock.call(netuid, False))
    dispatch(ALICE, lock_stake.call(OWNER_HOT, netuid, STAKE))
    assert OwnerLock.get(ctx, netuid) is None
    go_to(1_001)
    dispatch(ALICE, lock_stake.call(OWNER_HOT, netuid, 1))
    lock = lock_of(ctx, ALICE, netuid, OWNER_HOT)
    assert lock.locked_mass < STAKE
    assert lock.conviction == lock.locked_mass * ONE
    total = DecayingOwnerLock.get(ctx, netuid)
    assert total is not None
    assert total.locked_mass == pytest.approx(lock.locked_mass, abs=2)


# --- what a lock allows --------------------------------------------------------------------------------------------


def test_what_is_not_locked_is_sold(ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE // 2))
    refused(ALICE, remove_stake.call(HOT, netuid, STAKE // 2 + 1), Error.StakeUnavailable)
    dispatch(ALICE, remove_stake.call(HOT, netuid, STAKE // 2))
    assert stake_of(ctx, HOT, ALICE, netuid) == STAKE // 2


def test_locked_stake_moves_to_another_hotkey_but_not_to_another_subnet(
    ctx: Context, netuid: int, add_dynamic_network: AddDynamicNetwork, dispatch: Dispatch, refused: RefusedCall
) -> None:
    other = add_dynamic_network(account(9), OWNER_COLD)
    set_reserves(ctx, other, 1_000_000 * TAO, 1_000_000 * TAO)
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE))
    refused(ALICE, swap_stake.call(HOT, netuid, other, STAKE), Error.StakeUnavailable)
    refused(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, other, STAKE), Error.StakeUnavailable)
    refused(ALICE, transfer_stake.call(BOB, HOT, netuid, other, STAKE), Error.StakeUnavailable)
    dispatch(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, netuid, STAKE))
    assert lock_of(ctx, ALICE, netuid, HOT).locked_mass == STAKE


def test_a_transfer_takes_the_lock_along(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    """A half is locked, and all is transferred."""
    DecayingLock.put(ctx, BOB, netuid, False)
    dispatch(BOB, set_reject_locked_alpha.call(False))
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE // 2))
    dispatch(ALICE, transfer_stake.call(BOB, HOT, netuid, netuid, STAKE))
    assert Lock.get(ctx, (ALICE, netuid, HOT)) is None
    assert lock_of(ctx, BOB, netuid, HOT).locked_mass == STAKE // 2
    total = HotkeyLock.get(ctx, netuid, HOT)
    assert total is not None
    assert total.locked_mass == STAKE // 2


@pytest.mark.parametrize("chosen", [True, False], ids=["by choice", "by default"])
def test_locked_alpha_is_not_transferred_to_an_account_that_rejects_it(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall, chosen: bool
) -> None:
    if chosen:
        dispatch(BOB, set_reject_locked_alpha.call(False))
        dispatch(BOB, set_reject_locked_alpha.call(True))
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE // 2))
    refused(ALICE, transfer_stake.call(BOB, HOT, netuid, netuid, STAKE), Error.AccountRejectsLockedAlpha)
    dispatch(ALICE, transfer_stake.call(BOB, HOT, netuid, netuid, STAKE // 2))
    assert lock_of(ctx, ALICE, netuid, HOT).locked_mass == STAKE // 2
    assert Lock.get(ctx, (BOB, netuid, HOT)) is None


def test_locked_alpha_is_not_transferred_to_an_account_with_a_lock_to_another_hotkey(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    give_stake(ctx, FOREIGN_HOT, BOB, netuid, STAKE)
    dispatch(BOB, set_reject_locked_alpha.call(False))
    dispatch(BOB, lock_stake.call(FOREIGN_HOT, netuid, LOCKED))
    dispatch(ALICE, lock_stake.call(HOT, netuid, STAKE))
    refused(ALICE, transfer_stake.call(BOB, HOT, netuid, netuid, STAKE), Error.LockHotkeyMismatch)


def test_the_choice_about_locked_alpha_is_a_flag_of_the_account(ctx: Context, dispatch: Dispatch) -> None:
    assert AccountFlags.get(ctx, ALICE) == 0
    dispatch(ALICE, set_reject_locked_alpha.call(False))
    assert AccountFlags.get(ctx, ALICE) == 1
    assert ctx.block.events[-1] == events.RejectLockedAlphaUpdated(ALICE, False)
    dispatch(ALICE, set_reject_locked_alpha.call(True))
    assert not AccountFlags.contains(ctx, ALICE)


# --- moving a lock -------------------------------------------------------------------------------------------------


def convince(ctx: Context, coldkeys: tuple[bytes, ...], netuid: int, conviction: int) -> None:
    """Give the locks of these coldkeys, and their sum, a conviction each."""
    for coldkey in coldkeys:
        Lock.put(ctx, (coldkey, netuid, HOT), replace(lock_of(ctx, coldkey, netuid, HOT), conviction=conviction * ONE))
    total = HotkeyLock.get(ctx, netuid, HOT)
    assert total is not None
    HotkeyLock.put(ctx, netuid, HOT, replace(total, conviction=conviction * len(coldkeys) * ONE))


def test_a_lock_moves_with_its_conviction_to_a_hotkey_of_the_same_owner(
    ctx: Context, netuid: int, dispatch: Dispatch
) -> None:
    dispatch(ALICE, lock_stake.call(HOT, netuid, LOCKED))
    convince(ctx, (ALICE,), netuid, 1_234)
    dispatch(ALICE, move_lock.call(OTHER_HOT, netuid))
    wanted = LockState(LOCKED, 1_234 * ONE, ctx.block.number)
    assert lock_of(ctx, ALICE, netuid, OTHER_HOT) == HotkeyLock.get(ctx, netuid, OTHER_HOT) == wanted
    assert HotkeyLock.get(ctx, netuid, HOT) is None
    assert ctx.block.events[-1] == events.LockMoved(ALICE, HOT, OTHER_HOT, netuid)


@pytest.mark.parametrize(("destination", "kept"), [(OTHER_HOT, 1_000), (FOREIGN_HOT, 0)], ids=["own", "foreign"])
def test_a_moved_lock_leaves_those_of_others(
    ctx: Context, netuid: int, dispatch: Dispatch, destination: bytes, kept: int
) -> None:
    """To the hotkey of another owner it loses its conviction."""
    give_stake(ctx, HOT, BOB, netuid, STAKE // 2)
    DecayingLock.put(ctx, BOB, netuid, False)
    for who in (ALICE, BOB):
        dispatch(who, lock_stake.call(HOT, netuid, LOCKED))
    convince(ctx, (ALICE, BOB), netuid, 1_000)
    dispatch(ALICE, move_lock.call(destination, netuid))
    moved, rest = LockState(LOCKED, kept * ONE, ctx.block.number), LockState(LOCKED, 1_000 * ONE, ctx.block.number)
    assert lock_of(ctx, ALICE, netuid, destination) == HotkeyLock.get(ctx, netuid, destination) == moved
    assert lock_of(ctx, BOB, netuid, HOT) == HotkeyLock.get(ctx, netuid, HOT) == rest


def test_a_lock_moved_to_the_owner_has_full_conviction(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, lock_stake.call(HOT, netuid, LOCKED))
    dispatch(ALICE, move_lock.call(OWNER_HOT, netuid))
    wanted = LockState(LOCKED, LOCKED * ONE, ctx.block.number)
    assert lock_of(ctx, ALICE, netuid, OWNER_HOT) == OwnerLock.get(ctx, netuid) == wanted


def test_only_an_existing_lock_moves_to_an_existing_hotkey(
    netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(ALICE, move_lock.call(account(99), netuid), Error.HotKeyAccountNotExists)
    refused(ALICE, move_lock.call(OTHER_HOT, netuid), Error.NoExistingLock)
