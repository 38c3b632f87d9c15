"""The swap of a hotkey on one subnet or on all; rules of `swap_hotkey.rs` and `swap_hotkey_with_subnet.rs`."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.declared import events
from pysubtensor.runtime.pallets.subtensor.declared.constants import KeySwapCost, KeySwapOnSubnetCost
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import (
    AxonInfo,
    LastTxBlock,
    LastTxBlockChildKeyTake,
    LastTxBlockDelegateTake,
    PrometheusInfo,
)
from pysubtensor.runtime.pallets.subtensor.keys.database_cost import DatabaseCost
from pysubtensor.runtime.pallets.subtensor.keys.locks import swap_hotkey_locks
from pysubtensor.runtime.pallets.subtensor.keys.swap_hotkey import swap_hotkey, swap_hotkey_v2
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.staking.childkeys import get_childkey_take
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.storage.delegation import (
    AutoParentDelegationEnabled,
    ChildKeys,
    ChildkeyTake,
    Delegates,
    ParentKeys,
    PendingChildKeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.locks import DecayingLock, HotkeyLock, Lock, OwnerLock
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.neurons import IsNetworkMember, Keys, Uids
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import LastRateLimitedBlock, TxRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.root import RootClaimable, RootClaimed
from pysubtensor.runtime.pallets.subtensor.storage.serving import Axons, Prometheus
from pysubtensor.runtime.pallets.subtensor.storage.staking import (
    AlphaDividendsPerSubnet,
    AutoStakeDestination,
    AutoStakeDestinationColdkeys,
    OwnedHotkeys,
    Owner,
    StakingHotkeys,
    TotalHotkeyAlphaLastEpoch,
)
from pysubtensor.runtime.pallets.subtensor.storage.swaps import LastHotkeySwapOnNetuid
from pysubtensor.runtime.pallets.subtensor.storage.voting import VotingPower
from pysubtensor.runtime.scale import Reader

from tests.runtime.pallets.subtensor.pools import free, give_stake, stake_of
from tests.world import ALICE, BOB, TAO, U64_MAX, AddNetwork, AddNeuron, Dispatch, GoTo, RefusedCall, account

OLD, NEW, NEWER, CHILD, PARENT, OTHER = (account(number) for number in range(1, 7))
#: Blocks that must pass between two swaps on a subnet, in the genuine tests.
INTERVAL = 15
ROOT, FIRST, SECOND = 0, 1, 2


@pytest.fixture(autouse=True)
def _subnets(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron, go_to: GoTo) -> None:
    """Root and two subnets; Alice's hotkey is a neuron of the first and of the second."""
    for netuid in (ROOT, FIRST, SECOND):
        add_network(netuid, 13)
    for netuid in (FIRST, SECOND):
        add_neuron(netuid, OLD, ALICE)
    go_to(20)


#: On one subnet, or on all.
SCOPES = pytest.mark.parametrize("scope", [FIRST, None], ids=["one subnet", "all subnets"])


# --- what goes over ------------------------------------------------------------------------------------------------


def test_a_swap_on_all_subnets_replaces_the_hotkey_of_its_owner(ctx: Context, dispatch: Dispatch) -> None:
    before = free(ctx, ALICE)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, None))
    assert not Owner.contains(ctx, OLD)
    assert Owner.get(ctx, NEW) == ALICE
    assert OwnedHotkeys.get(ctx, ALICE) == [NEW]
    assert before - free(ctx, ALICE) == KeySwapCost.get(ctx) == TAO
    assert ctx.block.events[-1] == events.HotkeySwapped(ALICE, OLD, NEW)


def test_a_swap_on_one_subnet_adds_a_hotkey_to_its_owner(ctx: Context, dispatch: Dispatch) -> None:
    before = free(ctx, ALICE)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, FIRST))
    assert Owner.get(ctx, OLD) == Owner.get(ctx, NEW) == ALICE
    assert OwnedHotkeys.get(ctx, ALICE) == [OLD, NEW]
    assert before - free(ctx, ALICE) == KeySwapOnSubnetCost.get(ctx) == 10_000_000
    assert ctx.block.events[-1] == events.HotkeySwappedOnSubnet(ALICE, OLD, NEW, FIRST)


@SCOPES
def test_the_neuron_goes_over(ctx: Context, dispatch: Dispatch, scope: int | None) -> None:
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, scope))
    for netuid in (FIRST, SECOND):
        hotkey, other = (NEW, OLD) if scope in (None, netuid) else (OLD, NEW)
        assert Uids.get(ctx, netuid, hotkey) == 0
        assert Uids.get(ctx, netuid, other) is None
        assert Keys.get(ctx, netuid, 0) == hotkey
        assert IsNetworkMember.get(ctx, hotkey, netuid)
        assert not IsNetworkMember.get(ctx, other, netuid)


@SCOPES
def test_endpoints_go_over(ctx: Context, dispatch: Dispatch, scope: int | None) -> None:
    axon, prometheus = (cls.scale.read(Reader(bytes([7] * 99))) for cls in (AxonInfo, PrometheusInfo))
    Axons.put(ctx, FIRST, OLD, axon)
    Prometheus.put(ctx, FIRST, OLD, prometheus)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, scope))
    assert (Axons.get(ctx, FIRST, NEW), Axons.get(ctx, FIRST, OLD)) == (axon, None)
    assert (Prometheus.get(ctx, FIRST, NEW), Prometheus.get(ctx, FIRST, OLD)) == (prometheus, None)


@SCOPES
def test_the_stake_of_all_coldkeys_goes_over(ctx: Context, dispatch: Dispatch, scope: int | None) -> None:
    for who, alpha in ((ALICE, 10_000), (BOB, 20_000)):
        for netuid in (FIRST, SECOND):
            give_stake(ctx, OLD, who, netuid, alpha)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, scope))
    for who, alpha in ((ALICE, 10_000), (BOB, 20_000)):
        assert (stake_of(ctx, OLD, who, FIRST), stake_of(ctx, NEW, who, FIRST)) == (0, alpha)
        rest = (0, alpha) if scope is None else (alpha, 0)
        assert (stake_of(ctx, OLD, who, SECOND), stake_of(ctx, NEW, who, SECOND)) == rest
        assert StakingHotkeys.get(ctx, who) == ([NEW] if scope is None else [OLD, NEW])


@SCOPES
def test_the_stake_stays_where_it_is_when_it_should(ctx: Context, dispatch: Dispatch, scope: int | None) -> None:
    give_stake(ctx, OLD, ALICE, FIRST, 10_000)
    give_stake(ctx, OLD, BOB, FIRST, 20_000)
    dispatch(ALICE, swap_hotkey_v2.call(OLD, NEW, scope, True))
    assert (stake_of(ctx, OLD, ALICE, FIRST), stake_of(ctx, OLD, BOB, FIRST)) == (10_000, 20_000)
    assert stake_of(ctx, NEW, ALICE, FIRST) == 0
    assert Uids.get(ctx, FIRST, NEW) == 0


@pytest.mark.parametrize("keep", [False, True])
def test_what_the_last_epoch_counted_goes_with_the_stake(ctx: Context, dispatch: Dispatch, keep: bool) -> None:
    TotalHotkeyAlphaLastEpoch.put(ctx, OLD, FIRST, 20_000)
    AlphaDividendsPerSubnet.put(ctx, FIRST, OLD, 10_000)
    VotingPower.put(ctx, FIRST, OLD, 5_000)
    VotingPower.put(ctx, FIRST, NEW, 1_000)
    dispatch(ALICE, swap_hotkey_v2.call(OLD, NEW, FIRST, keep))
    old, new = (
        (
            TotalHotkeyAlphaLastEpoch.get(ctx, hotkey, FIRST),
            AlphaDividendsPerSubnet.get(ctx, FIRST, hotkey),
            VotingPower.get(ctx, FIRST, hotkey),
        )
        for hotkey in (OLD, NEW)
    )
    assert (old, new) == (((20_000, 10_000, 5_000), (0, 0, 1_000)) if keep else ((0, 0, 0), (20_000, 10_000, 6_000)))


def test_takes_and_rate_limits_go_over(ctx: Context, dispatch: Dispatch) -> None:
    limits = {LastTxBlock: 3, LastTxBlockDelegateTake: 4_567, LastTxBlockChildKeyTake: 8_910}
    for limit, block in limits.items():
        LastRateLimitedBlock.put(ctx, limit(OLD), block)
    ChildkeyTake.put(ctx, OLD, FIRST, 5_000)
    Delegates.put(ctx, OLD, 100)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, None))
    assert [LastRateLimitedBlock.get(ctx, limit(NEW)) for limit in limits] == list(limits.values())
    assert [LastRateLimitedBlock.get(ctx, limit(OLD)) for limit in limits] == [0, 0, 0]
    assert ChildkeyTake.get(ctx, NEW, FIRST) == get_childkey_take(ctx, NEW, FIRST) == 5_000
    assert not ChildkeyTake.contains(ctx, OLD, FIRST)
    assert (Delegates.contains(ctx, OLD), Delegates.get(ctx, NEW)) == (False, 100)


@SCOPES
def test_the_hotkey_of_a_subnets_owner_is_replaced(ctx: Context, dispatch: Dispatch, scope: int | None) -> None:
    for netuid in (FIRST, SECOND):
        SubnetOwnerHotkey.put(ctx, netuid, OLD)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, scope))
    assert SubnetOwnerHotkey.get(ctx, FIRST) == NEW
    assert SubnetOwnerHotkey.get(ctx, SECOND) == (NEW if scope is None else OLD)


@SCOPES
def test_the_destination_of_automatic_stake_is_replaced(ctx: Context, dispatch: Dispatch, scope: int | None) -> None:
    AutoStakeDestinationColdkeys.put(ctx, OLD, FIRST, [BOB, ALICE])
    for who in (ALICE, BOB):
        AutoStakeDestination.put(ctx, who, FIRST, OLD)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, scope))
    assert AutoStakeDestinationColdkeys.get(ctx, NEW, FIRST) == [BOB, ALICE]
    assert AutoStakeDestinationColdkeys.get(ctx, OLD, FIRST) == []
    assert AutoStakeDestination.get(ctx, ALICE, FIRST) == AutoStakeDestination.get(ctx, BOB, FIRST) == NEW


# --- children and parents ------------------------------------------------------------------------------------------


@SCOPES
def test_children_and_parents_go_over_at_both_ends(ctx: Context, dispatch: Dispatch, scope: int | None) -> None:
    ParentKeys.put(ctx, OLD, FIRST, [(100, PARENT)])
    ChildKeys.put(ctx, PARENT, FIRST, [(100, OLD), (500, OTHER)])
    ParentKeys.put(ctx, OTHER, FIRST, [(500, PARENT)])
    ChildKeys.put(ctx, OLD, FIRST, [(300, CHILD)])
    ParentKeys.put(ctx, CHILD, FIRST, [(300, OLD)])
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, scope))
    assert ParentKeys.get(ctx, NEW, FIRST) == [(100, PARENT)]
    assert ChildKeys.get(ctx, NEW, FIRST) == [(300, CHILD)]
    assert ParentKeys.get(ctx, CHILD, FIRST) == [(300, NEW)]
    assert sorted(ChildKeys.get(ctx, PARENT, FIRST)) == [(100, NEW), (500, OTHER)]
    assert ChildKeys.get(ctx, OLD, FIRST) == ParentKeys.get(ctx, OLD, FIRST) == []


def test_scheduled_children_go_over_and_the_hotkey_is_renamed_among_them(ctx: Context, dispatch: Dispatch) -> None:
    PendingChildKeys.put(ctx, FIRST, OLD, ([(U64_MAX, CHILD)], 99))
    PendingChildKeys.put(ctx, FIRST, PARENT, ([(U64_MAX, OLD)], 77))
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, None))
    assert PendingChildKeys.get(ctx, FIRST, NEW) == ([(U64_MAX, CHILD)], 99)
    assert not PendingChildKeys.contains(ctx, FIRST, OLD)
    assert PendingChildKeys.get(ctx, FIRST, PARENT) == ([(U64_MAX, NEW)], 77)


def test_the_new_hotkey_may_not_be_a_scheduled_child_of_the_old(ctx: Context, refused: RefusedCall) -> None:
    PendingChildKeys.put(ctx, FIRST, OLD, ([(U64_MAX, NEW)], 99))
    refused(ALICE, swap_hotkey.call(OLD, NEW, None), Error.InvalidChild)


def test_a_subnet_where_the_hotkey_is_only_a_parent_counts_as_one_of_its_subnets(
    ctx: Context, add_network: AddNetwork, dispatch: Dispatch
) -> None:
    """Where it is only a child it does not count: any coldkey can choose it as one."""
    for netuid in (3, 4):
        add_network(netuid, 13)
    ChildKeys.put(ctx, OLD, 3, [(U64_MAX, CHILD)])
    ParentKeys.put(ctx, CHILD, 3, [(U64_MAX, OLD)])
    ParentKeys.put(ctx, OLD, 4, [(U64_MAX, PARENT)])
    ChildKeys.put(ctx, PARENT, 4, [(U64_MAX, OLD)])
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, None))
    assert ChildKeys.get(ctx, NEW, 3) == [(U64_MAX, CHILD)]
    assert ParentKeys.get(ctx, NEW, 4) == [(U64_MAX, PARENT)]
    assert [LastHotkeySwapOnNetuid.get(ctx, netuid, ALICE) for netuid in (FIRST, SECOND, 3, 4)] == [20, 20, 20, 0]


# --- locks and dividends of root -----------------------------------------------------------------------------------


@SCOPES
def test_locks_to_the_hotkey_go_over_on_its_subnets(ctx: Context, dispatch: Dispatch, scope: int | None) -> None:
    for netuid in (FIRST, SECOND):
        give_stake(ctx, OTHER, BOB, netuid, 10_000)
        DecayingLock.put(ctx, BOB, netuid, False)
        do_lock_stake(ctx, BOB, netuid, OLD, 5_000)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, scope))
    for netuid in (FIRST, SECOND):
        hotkey, other = (NEW, OLD) if scope in (None, netuid) else (OLD, NEW)
        lock, total = Lock.get(ctx, (BOB, netuid, hotkey)), HotkeyLock.get(ctx, netuid, hotkey)
        assert lock is not None
        assert total is not None
        assert lock.locked_mass == total.locked_mass == 5_000
        assert Lock.get(ctx, (BOB, netuid, other)) is HotkeyLock.get(ctx, netuid, other) is None


def test_locks_to_the_hotkey_of_an_owner_stay_locks_to_the_owner(ctx: Context, dispatch: Dispatch) -> None:
    SubnetOwnerHotkey.put(ctx, FIRST, OLD)
    give_stake(ctx, OTHER, BOB, FIRST, 10_000)
    DecayingLock.put(ctx, BOB, FIRST, False)
    do_lock_stake(ctx, BOB, FIRST, OLD, 5_000)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, FIRST))
    lock, total = Lock.get(ctx, (BOB, FIRST, NEW)), OwnerLock.get(ctx, FIRST)
    assert lock is not None
    assert total is not None
    assert (lock.locked_mass, total.locked_mass, lock.conviction) == (5_000, 5_000, 5_000 << 64)


def test_the_sum_of_locks_replaces_that_of_the_new_hotkey(ctx: Context) -> None:
    """As on the chain, which does not add them: the sum is 5,000, the locks are 8,000."""
    create_account_if_non_existent(ctx, ALICE, NEW)
    for who, hotkey, alpha in ((ALICE, NEW, 3_000), (BOB, OLD, 5_000)):
        give_stake(ctx, OTHER, who, FIRST, 10_000)
        DecayingLock.put(ctx, who, FIRST, False)
        do_lock_stake(ctx, who, FIRST, hotkey, alpha)
    swap_hotkey_locks(ctx, OLD, NEW, [FIRST], DatabaseCost())
    locks = [Lock.get(ctx, (who, FIRST, NEW)) for who in (ALICE, BOB)]
    assert [lock and lock.locked_mass for lock in locks] == [3_000, 5_000]
    total = HotkeyLock.get(ctx, FIRST, NEW)
    assert total is not None
    assert total.locked_mass == 5_000


@pytest.mark.parametrize(("scope", "moves"), [(FIRST, False), (ROOT, True), (None, True)])
def test_dividends_of_root_go_over_with_the_stake_on_root(
    ctx: Context, dispatch: Dispatch, scope: int | None, moves: bool
) -> None:
    give_stake(ctx, OLD, BOB, ROOT, 1_000)
    RootClaimable.put(ctx, OLD, {FIRST: 1 << 30})
    RootClaimed.put(ctx, (FIRST, OLD, BOB), 100)
    AutoParentDelegationEnabled.put(ctx, OLD, False)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, scope))
    holder, other = (NEW, OLD) if moves else (OLD, NEW)
    assert RootClaimable.get(ctx, holder) == {FIRST: 1 << 30}
    assert RootClaimed.get(ctx, (FIRST, holder, BOB)) == 100
    assert AutoParentDelegationEnabled.get(ctx, holder) is False
    assert stake_of(ctx, holder, BOB, ROOT) == 1_000
    assert RootClaimable.get(ctx, other) == {}
    assert RootClaimed.get(ctx, (FIRST, other, BOB)) == stake_of(ctx, other, BOB, ROOT) == 0
    assert AutoParentDelegationEnabled.get(ctx, other) is True


@pytest.mark.parametrize("scope", [ROOT, None], ids=["root", "all subnets"])
def test_a_hotkey_with_stake_on_root_does_not_replace_another_there(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, scope: int | None
) -> None:
    create_account_if_non_existent(ctx, ALICE, NEW)
    give_stake(ctx, NEW, BOB, ROOT, 1_000_000)
    refused(ALICE, swap_hotkey.call(OLD, NEW, scope), Error.NewHotKeyNotCleanForRootSwap)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, FIRST))


# --- refusals ------------------------------------------------------------------------------------------------------


@SCOPES
def test_only_the_owner_swaps_to_a_free_hotkey(
    ctx: Context, add_neuron: AddNeuron, refused: RefusedCall, scope: int | None
) -> None:
    create_account_if_non_existent(ctx, BOB, OTHER)
    add_neuron(FIRST, NEWER, ALICE)
    refused(BOB, swap_hotkey.call(OLD, NEW, scope), Error.NonAssociatedColdKey)
    refused(ALICE, swap_hotkey.call(OLD, OTHER, scope), Error.NonAssociatedColdKey)
    refused(ALICE, swap_hotkey.call(account(99), NEW, scope), Error.NonAssociatedColdKey)
    refused(ALICE, swap_hotkey.call(OLD, OLD, scope), Error.NewHotKeyIsSameWithOld)
    refused(ALICE, swap_hotkey.call(OLD, NEWER, scope), Error.HotKeyAlreadyRegisteredInSubNet)


@SCOPES
def test_a_swap_needs_its_price(ctx: Context, add_neuron: AddNeuron, refused: RefusedCall, scope: int | None) -> None:
    poor = account(88)
    add_neuron(FIRST, OTHER, poor)
    refused(poor, swap_hotkey.call(OTHER, NEW, scope), Error.NotEnoughBalanceToPaySwapHotKey)


def test_swaps_are_limited_in_time_for_each_coldkey(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    TxRateLimit.put(ctx, 1_000)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, None))
    go_to(20 + 1_000)
    refused(ALICE, swap_hotkey.call(NEW, NEWER, None), Error.HotKeySetTxRateLimitExceeded)
    go_to(20 + 1_001)
    dispatch(ALICE, swap_hotkey.call(NEW, NEWER, None))


@SCOPES
def test_swaps_on_a_subnet_are_limited_in_time_also_as_part_of_all_subnets(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo, scope: int | None
) -> None:
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, FIRST))
    assert LastHotkeySwapOnNetuid.get(ctx, FIRST, ALICE) == 20
    go_to(20 + INTERVAL)
    refused(ALICE, swap_hotkey.call(NEW, NEWER, scope), Error.HotKeySwapOnSubnetIntervalNotPassed)
    go_to(20 + INTERVAL + 1)
    dispatch(ALICE, swap_hotkey.call(NEW, NEWER, scope))
    assert LastHotkeySwapOnNetuid.get(ctx, FIRST, ALICE) == 20 + INTERVAL + 1


def test_a_swap_can_be_reverted(ctx: Context, dispatch: Dispatch, go_to: GoTo) -> None:
    """Neuron, stake and dividends come back; the interval must have passed."""
    for who, alpha in ((ALICE, 10_000), (BOB, 20_000)):
        give_stake(ctx, OLD, who, FIRST, alpha)
    AlphaDividendsPerSubnet.put(ctx, FIRST, OLD, 10_000)
    ChildKeys.put(ctx, OLD, FIRST, [(300, CHILD)])
    ParentKeys.put(ctx, CHILD, FIRST, [(300, OLD)])
    former = state_of(ctx, OLD)
    dispatch(ALICE, swap_hotkey.call(OLD, NEW, FIRST))
    go_to(20 + INTERVAL + 1)
    dispatch(ALICE, swap_hotkey.call(NEW, OLD, FIRST))
    assert state_of(ctx, OLD) == former


def state_of(ctx: Context, hotkey: bytes) -> list[Any]:
    """Return what a hotkey has on the first subnet."""
    stakes = [stake_of(ctx, hotkey, who, FIRST) for who in (ALICE, BOB)]
    children = ChildKeys.get(ctx, hotkey, FIRST)
    return [Uids.get(ctx, FIRST, hotkey), *stakes, AlphaDividendsPerSubnet.get(ctx, FIRST, hotkey), children]
