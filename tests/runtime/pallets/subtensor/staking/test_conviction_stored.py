"""Locks in storage, and their sums."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed
from pysubtensor.runtime.frame.storage import StorageMap
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import StakeLocked
from pysubtensor.runtime.pallets.subtensor.declared.types import LockState
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.staking.conviction import (
    auto_lock_owner_cut,
    cleanup_lock_if_zero,
    do_lock_stake,
    force_reduce_lock,
    get_current_locked,
    stake_availability,
)
from pysubtensor.runtime.pallets.subtensor.storage.locks import (
    DecayingHotkeyLock,
    DecayingLock,
    DecayingOwnerLock,
    HotkeyLock,
    Lock,
    LockingColdkeys,
    OwnerCutAutoLockEnabled,
    OwnerLock,
    UnlockRate,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner, SubnetOwnerHotkey

from tests.world import ONE, AddNetwork, GoTo, account

NETUID, STAKE = 1, 1_000_000
HOT, OTHER_HOT, OWNER_HOT, COLD = (account(number) for number in range(1, 5))

OwnerItem = StorageMap[int, LockState, LockState | None]


@pytest.fixture(autouse=True)
def staked(ctx: Context, add_network: AddNetwork) -> None:
    """A coldkey that owns the subnet, and has stake on two hotkeys."""
    add_network(NETUID, 13, owner=COLD)
    SubnetOwnerHotkey.put(ctx, NETUID, OWNER_HOT)
    for hotkey in (HOT, OTHER_HOT, OWNER_HOT):
        create_account_if_non_existent(ctx, COLD, hotkey)
    for hotkey in (HOT, OTHER_HOT):
        increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, COLD, NETUID, STAKE)


def test_a_lock_locks_stake_on_any_hotkey(ctx: Context) -> None:
    do_lock_stake(ctx, COLD, NETUID, HOT, 1_500_000)
    assert ctx.block.events[-1] == StakeLocked(COLD, HOT, NETUID, 1_500_000)
    assert stake_availability(ctx, COLD, NETUID) == (2 * STAKE, 1_500_000, 500_000)
    assert LockingColdkeys.contains(ctx, (NETUID, HOT, COLD))


@pytest.mark.parametrize(
    ("hotkey", "amount", "error"),
    [
        (HOT, 0, Error.AmountTooLow),
        (bytes(32), 1_000, Error.HotKeyAccountNotExists),
        (OTHER_HOT, 1_000, Error.LockHotkeyMismatch),
        (HOT, 2 * STAKE - 1_000 + 1, Error.InsufficientStakeForLock),
    ],
)
def test_invalid_locks_are_refused(ctx: Context, hotkey: bytes, amount: int, error: Error) -> None:
    do_lock_stake(ctx, COLD, NETUID, HOT, 1_000)
    before = ctx.state.changes()
    with pytest.raises(DispatchFailed) as failure:
        do_lock_stake(ctx, COLD, NETUID, hotkey, amount)
    assert failure.value.reason is error
    assert ctx.state.changes() == before


def test_each_lock_counts_in_the_sum_of_its_kind(ctx: Context) -> None:
    do_lock_stake(ctx, COLD, NETUID, HOT, 1_000)
    do_lock_stake(ctx, COLD, NETUID, HOT, 500)
    assert DecayingHotkeyLock.get(ctx, NETUID, HOT) == LockState(1_500, 0, 1) == Lock.get(ctx, (COLD, NETUID, HOT))
    assert not HotkeyLock.contains(ctx, NETUID, HOT)


@pytest.mark.parametrize("hotkey", [HOT, OWNER_HOT], ids=["another", "owner"])
def test_sums_of_perpetual_and_of_decaying_locks_are_separate(ctx: Context, hotkey: bytes) -> None:
    coldkeys = [account(number) for number in range(20, 24)]
    for number, coldkey in enumerate(coldkeys):
        DecayingLock.put(ctx, coldkey, NETUID, number >= 2)
        increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, coldkey, NETUID, STAKE)
        do_lock_stake(ctx, coldkey, NETUID, hotkey, 1_000 * 10**number)
    perpetual, decaying = (
        (OwnerLock.get(ctx, NETUID), DecayingOwnerLock.get(ctx, NETUID))
        if hotkey == OWNER_HOT
        else (HotkeyLock.get(ctx, NETUID, hotkey), DecayingHotkeyLock.get(ctx, NETUID, hotkey))
    )
    assert perpetual is not None
    assert decaying is not None
    assert (perpetual.locked_mass, decaying.locked_mass) == (11_000, 1_100_000)


@pytest.mark.parametrize(
    ("perpetual", "item", "other"), [(True, OwnerLock, DecayingOwnerLock), (False, DecayingOwnerLock, OwnerLock)]
)
def test_a_lock_to_the_owners_hotkey_has_full_conviction(
    ctx: Context, perpetual: bool, item: OwnerItem, other: OwnerItem
) -> None:
    if perpetual:
        DecayingLock.put(ctx, COLD, NETUID, False)
    do_lock_stake(ctx, COLD, NETUID, OWNER_HOT, 1_000)
    assert item.get(ctx, NETUID) == LockState(1_000, 1_000 * ONE, 1)
    assert not other.contains(ctx, NETUID)


def test_a_decayed_lock_lowers_the_sum_and_is_removed_at_zero(ctx: Context, go_to: GoTo) -> None:
    UnlockRate.put(ctx, 100)
    do_lock_stake(ctx, COLD, NETUID, HOT, 1_000)
    go_to(101)
    assert get_current_locked(ctx, COLD, NETUID) == 367
    cleanup_lock_if_zero(ctx, COLD, NETUID)
    lock, total = Lock.get(ctx, (COLD, NETUID, HOT)), DecayingHotkeyLock.get(ctx, NETUID, HOT)
    assert lock is not None
    assert total is not None
    assert (lock.locked_mass, lock.last_update) == (total.locked_mass, total.last_update) == (367, 101)
    go_to(2_000)
    cleanup_lock_if_zero(ctx, COLD, NETUID)
    assert Lock.get(ctx, (COLD, NETUID, HOT)) is None
    assert not LockingColdkeys.contains(ctx, (NETUID, HOT, COLD))


def test_unlocking_reduces_conviction_in_proportion(ctx: Context) -> None:
    DecayingLock.put(ctx, COLD, NETUID, False)
    for item_put in (
        lambda state: Lock.put(ctx, (COLD, NETUID, HOT), state),
        lambda state: HotkeyLock.put(ctx, NETUID, HOT, state),
    ):
        item_put(LockState(1_000, 800 * ONE, 1))
    force_reduce_lock(ctx, COLD, NETUID, 250)
    assert Lock.get(ctx, (COLD, NETUID, HOT)) == HotkeyLock.get(ctx, NETUID, HOT) == LockState(750, 600 * ONE, 1)
    force_reduce_lock(ctx, COLD, NETUID, 5_000)
    assert Lock.get(ctx, (COLD, NETUID, HOT)) is HotkeyLock.get(ctx, NETUID, HOT) is None


def test_the_owners_cut_is_locked_if_the_subnet_enables_it(ctx: Context) -> None:
    auto_lock_owner_cut(ctx, NETUID, 1_000)
    assert get_current_locked(ctx, COLD, NETUID) == 0
    OwnerCutAutoLockEnabled.put(ctx, NETUID, True)
    auto_lock_owner_cut(ctx, NETUID, 0)
    auto_lock_owner_cut(ctx, NETUID, 1_000)
    assert SubnetOwner.get(ctx, NETUID) == COLD
    assert Lock.get(ctx, (COLD, NETUID, OWNER_HOT)) == LockState(1_000, 1_000 * ONE, 1)


def test_the_owners_cut_is_added_to_the_existing_lock(ctx: Context) -> None:
    do_lock_stake(ctx, COLD, NETUID, HOT, 500)
    OwnerCutAutoLockEnabled.put(ctx, NETUID, True)
    auto_lock_owner_cut(ctx, NETUID, 1_000)
    assert Lock.get(ctx, (COLD, NETUID, HOT)) == LockState(1_500, 0, 1)
