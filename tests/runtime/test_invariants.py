"""The invariants: a state that breaks one is reported with its subject and the difference."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.invariants import Violation, check, find_violations
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.declared import (
    BalanceLock,
    ExistentialDeposit,
    HoldAmount,
    Holds,
    Locks,
    Reasons,
    ReserveData,
    Reserves,
    TotalIssuance,
)
from pysubtensor.runtime.pallets.crowdloan.declared import Contributions, CrowdloanInfo, Crowdloans, NextCrowdloanId
from pysubtensor.runtime.pallets.preimage import HoldReason
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.pallets.subtensor import storage
from pysubtensor.runtime.pallets.subtensor.declared.types import LockState, SafeFloat, SubnetLease
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.system import AccountInfo

from tests.world import ALICE, ALICE_KEY, BOB, EVE, TAO, empty_context, fund

HELD = HoldAmount(HoldReason.Preimage, 30)


@pytest.fixture
def ctx() -> Context:
    """A state with two accounts in which everything is accounted for."""
    ctx = empty_context()
    fund(ctx, [ALICE, BOB])
    check(ctx)
    return ctx


def put(ctx: Context, info: AccountInfo) -> None:
    """Set Alice's account, and the issuance so that it agrees."""
    system.Account.put(ctx, ALICE, info)
    TotalIssuance.put(ctx, info.data.total + system.Account.get(ctx, BOB).data.total)


def violations(ctx: Context) -> dict[tuple[object, ...], int]:
    """Return the differences by their subjects."""
    return {violation.subject: violation.difference for violation in find_violations(ctx)}


def test_a_rao_too_many_is_reported(ctx: Context) -> None:
    TotalIssuance.put(ctx, 2_000 * TAO - 5)
    assert list(find_violations(ctx)) == [
        Violation(("issuance",), 5, "accounts own 2000000000000 rao, but 1999999999995 rao are issued")
    ]
    with pytest.raises(AssertionError, match=r"^accounts own 2000000000000 rao, but 1999999999995 rao are issued$"):
        check(ctx)


def test_funds_and_consumers_need_a_provider(ctx: Context) -> None:
    put(ctx, AccountInfo(providers=0, data=AccountData(free=7)))
    assert violations(ctx) == {("provider", ALICE): 1}
    put(ctx, AccountInfo(providers=0, consumers=1))
    assert violations(ctx) == {("provider", ALICE): 1}
    put(ctx, AccountInfo(providers=0, sufficients=1))
    assert violations(ctx) == {}


def test_reserved_and_frozen_funds_need_a_consumer(ctx: Context) -> None:
    put(ctx, AccountInfo(providers=1, data=AccountData(reserved=5)))
    assert violations(ctx) == {("consumer", ALICE): 1}
    put(ctx, AccountInfo(providers=1, consumers=1, data=AccountData(free=9, frozen=5)))
    assert violations(ctx) == {("locks", ALICE): 5}
    put(ctx, AccountInfo(providers=1, data=AccountData(free=9, frozen=5)))
    assert violations(ctx) == {("consumer", ALICE): 1, ("locks", ALICE): 5}


def test_holds_and_named_reserves_are_at_most_what_is_reserved(ctx: Context) -> None:
    Holds.put(ctx, ALICE, [HELD])
    Reserves.put(ctx, ALICE, [ReserveData(b"somebody", 12)])
    put(ctx, AccountInfo(providers=1, consumers=1, data=AccountData(reserved=42)))
    assert violations(ctx) == {}
    put(ctx, AccountInfo(providers=1, consumers=1, data=AccountData(reserved=41)))
    assert violations(ctx) == {("holds", ALICE): 1}


def test_the_largest_lock_is_what_is_frozen(ctx: Context) -> None:
    Locks.put(ctx, ALICE, [BalanceLock(b"one lock", 8, Reasons.All), BalanceLock(b"two lock", 5, Reasons.All)])
    put(ctx, AccountInfo(providers=1, consumers=1, data=AccountData(free=9, frozen=8)))
    assert violations(ctx) == {}
    put(ctx, AccountInfo(providers=1, consumers=1, data=AccountData(free=9, frozen=5)))
    assert violations(ctx) == {("locks", ALICE): -3}


def test_the_account_of_a_subnet_owns_its_pool_but_for_an_existential_deposit(ctx: Context) -> None:
    storage.NetworksAdded.put(ctx, 3, True)
    subnet = get_subnet_account_id(ctx, 3)
    assert subnet is not None
    system.Account.put(ctx, subnet, AccountInfo(providers=1, data=AccountData(free=10 * TAO)))
    TotalIssuance.put(ctx, 2_010 * TAO)
    storage.TotalStake.put(ctx, 11 * TAO)
    storage.SubnetTAO.put(ctx, 3, 10 * TAO + 500)
    assert ExistentialDeposit.get(ctx) == 500
    assert violations(ctx) == {}
    storage.SubnetTAO.put(ctx, 3, 10 * TAO + 501)
    assert violations(ctx) == {("pool", 3): 1}


def test_only_the_first_pool_of_block_0_is_unbacked(ctx: Context) -> None:
    """The genesis pool of subnet 1 has 10 TAO (`pallets/subtensor/src/macros/genesis.rs`)."""
    storage.NetworksAdded.put(ctx, 1, True)
    storage.TotalStake.put(ctx, TAO)
    storage.SubnetTAO.put(ctx, 1, 10 * TAO + 501)
    assert violations(ctx) == {("pool", 1): 1}
    storage.NetworkRegisteredAt.put(ctx, 1, 1)
    assert violations(ctx) == {("pool", 1): 10 * TAO + 1}
    storage.SubnetTAO.put(ctx, 1, 0)
    storage.SubnetTAO.put(ctx, 2, 10 * TAO + 500)
    storage.NetworksAdded.put(ctx, 2, True)
    assert violations(ctx) == {("pool", 2): 10 * TAO}


def test_the_total_stake_counts_all_pools_but_the_first(ctx: Context) -> None:
    storage.SubnetTAO.put(ctx, 0, 400)
    storage.SubnetTAO.put(ctx, 2, 10 * TAO)
    storage.TotalStake.put(ctx, 399)
    assert violations(ctx)[("total stake",)] == 1
    storage.TotalStake.put(ctx, 400)
    assert ("total stake",) not in violations(ctx)


def test_stake_is_at_most_the_outstanding_alpha(ctx: Context) -> None:
    storage.TotalHotkeyAlpha.put(ctx, ALICE, 2, 60)
    storage.TotalHotkeyAlpha.put(ctx, BOB, 2, 40)
    storage.SubnetAlphaOut.put(ctx, 2, 100)
    assert violations(ctx) == {}
    storage.SubnetAlphaOut.put(ctx, 2, 97)
    assert violations(ctx) == {("stake", 2): 3}


def test_shares_are_worth_at_most_the_hotkeys_stake_and_one_more_for_each_staker(ctx: Context) -> None:
    """A denominator that is smaller than the shares makes them worth more: 100 of 50 of 60 alpha are 120."""
    coldkey = ALICE_KEY.account
    storage.SubnetAlphaOut.put(ctx, 2, 1_000)
    storage.TotalHotkeyAlpha.put(ctx, BOB, 2, 60)
    storage.TotalHotkeySharesV2.put(ctx, BOB, 2, SafeFloat(100, 0))
    storage.AlphaV2.put(ctx, (BOB, coldkey, 2), SafeFloat(100, 0))
    assert violations(ctx) == {}
    storage.TotalHotkeySharesV2.put(ctx, BOB, 2, SafeFloat(50, 0))
    assert violations(ctx) == {("shares", BOB, 2): 120 - 61}


# --- alpha that is promised ----------------------------------------------------------------------------------------


def test_pending_alpha_is_outstanding_beside_stake(ctx: Context) -> None:
    storage.TotalHotkeyAlpha.put(ctx, ALICE, 2, 6_000)
    storage.PendingServerEmission.put(ctx, 2, 3_000)
    storage.PendingOwnerCut.put(ctx, 2, 2_000)
    storage.SubnetAlphaOut.put(ctx, 2, 11_000)
    assert violations(ctx) == {}
    storage.SubnetAlphaOut.put(ctx, 2, 9_999)
    assert violations(ctx) == {("promised", 2): 1_001}


def test_alpha_owed_to_stake_on_root_is_outstanding(ctx: Context) -> None:
    """At a rate of a half, a stake of 8,000 has earned 4,000, of which 1,000 are claimed."""
    coldkey = ALICE_KEY.account
    storage.SubnetAlphaOut.put(ctx, 0, 8_000)
    storage.TotalHotkeyAlpha.put(ctx, BOB, 0, 8_000)
    storage.TotalHotkeySharesV2.put(ctx, BOB, 0, SafeFloat(1, 0))
    storage.AlphaV2.put(ctx, (BOB, coldkey, 0), SafeFloat(1, 0))
    storage.RootClaimable.put(ctx, BOB, {2: 1 << 31})
    storage.RootClaimed.put(ctx, (2, BOB, coldkey), 1_000)
    storage.SubnetAlphaOut.put(ctx, 2, 3_000)
    assert violations(ctx) == {}
    storage.SubnetAlphaOut.put(ctx, 2, 1_000)
    assert violations(ctx) == {("promised", 2): 2_000}


# --- relations -----------------------------------------------------------------------------------------------------


def test_a_lock_is_listed_single_and_covered_by_stake(ctx: Context) -> None:
    coldkey = ALICE_KEY.account
    storage.SubnetAlphaOut.put(ctx, 2, 1_000)
    storage.TotalHotkeyAlpha.put(ctx, BOB, 2, 500)
    storage.TotalHotkeySharesV2.put(ctx, BOB, 2, SafeFloat(1, 0))
    storage.AlphaV2.put(ctx, (BOB, coldkey, 2), SafeFloat(1, 0))
    storage.StakingHotkeys.put(ctx, coldkey, [BOB])
    storage.Lock.put(ctx, (coldkey, 2, BOB), LockState(501, 0, 0))
    assert violations(ctx) == {("lock", coldkey, 2, BOB): 1}
    storage.LockingColdkeys.put(ctx, (2, BOB, coldkey), None)
    assert violations(ctx) == {}
    storage.Lock.put(ctx, (coldkey, 2, BOB), LockState(600, 0, 0))
    assert violations(ctx) == {("locked", coldkey, 2): 99}
    storage.LockingColdkeys.put(ctx, (2, ALICE, coldkey), None)
    assert violations(ctx) == {("lock", coldkey, 2, ALICE): 1, ("locked", coldkey, 2): 99}
    storage.Lock.put(ctx, (coldkey, 2, ALICE), LockState(600, 0, 0))
    assert violations(ctx)["number of locks", coldkey, 2] == 1


def test_perpetual_locks_add_up_to_their_sums(ctx: Context) -> None:
    for coldkey, alpha in ((ALICE, 5_000), (BOB, 3_000)):
        storage.SubnetAlphaOut.mutate(ctx, 2, lambda out: out + 5_000)
        storage.TotalHotkeyAlpha.put(ctx, coldkey, 2, 5_000)
        storage.TotalHotkeySharesV2.put(ctx, coldkey, 2, SafeFloat(1, 0))
        storage.AlphaV2.put(ctx, (coldkey, coldkey, 2), SafeFloat(1, 0))
        storage.StakingHotkeys.put(ctx, coldkey, [coldkey])
        storage.Lock.put(ctx, (coldkey, 2, coldkey), LockState(alpha, 0, 0))
        storage.LockingColdkeys.put(ctx, (2, coldkey, coldkey), None)
        storage.DecayingLock.put(ctx, coldkey, 2, False)
    storage.HotkeyLock.put(ctx, 2, ALICE, LockState(5_000, 0, 0))
    storage.OwnerLock.put(ctx, 2, LockState(4_000, 0, 0))
    assert violations(ctx) == {}
    storage.OwnerLock.put(ctx, 2, LockState(4_001, 0, 0))
    assert violations(ctx) == {("perpetual locks", 2): 1_001}


def test_a_child_is_stored_with_its_parent_and_parents_give_at_most_all(ctx: Context) -> None:
    storage.ChildKeys.put(ctx, ALICE, 2, [(1 << 63, BOB)])
    assert violations(ctx) == {("child", 2, ALICE, BOB): 1}
    storage.ParentKeys.put(ctx, BOB, 2, [(1 << 63, ALICE)])
    assert violations(ctx) == {}
    storage.ChildKeys.put(ctx, ALICE, 2, [(1 << 63, BOB), (1 << 63, EVE)])
    storage.ParentKeys.put(ctx, EVE, 2, [(1 << 63, ALICE)])
    assert violations(ctx) == {("given", 2, ALICE): 1}


def test_stakers_on_root_have_the_indices_below_their_number(ctx: Context) -> None:
    storage.StakingColdkeys.put(ctx, ALICE, 0)
    storage.StakingColdkeysByIndex.put(ctx, 0, ALICE)
    assert violations(ctx) == {("stakers on root",): 1}
    storage.NumStakingColdkeys.put(ctx, 1)
    assert violations(ctx) == {}
    storage.StakingColdkeysByIndex.put(ctx, 0, BOB)
    assert violations(ctx) == {("stakers on root",): 1}


# --- crowdloans and leases -----------------------------------------------------------------------------------------


def test_a_crowdloan_owns_what_its_contributors_gave(ctx: Context) -> None:
    crowdloan = CrowdloanInfo(ALICE, 10, 1, 99, 50, BOB, 30, EVE, None, False, 2)
    Crowdloans.put(ctx, 0, crowdloan)
    NextCrowdloanId.put(ctx, 1)
    Contributions.put(ctx, 0, ALICE, 10)
    assert violations(ctx) == {("raised", 0): -20, ("contributors", 0): -1}
    Contributions.put(ctx, 0, EVE, 20)
    assert violations(ctx) == {}
    Crowdloans.put(ctx, 0, replace(crowdloan, funds_account=EVE))
    assert violations(ctx) == {("funds", 0): 30}
    Crowdloans.put(ctx, 0, replace(crowdloan, funds_account=EVE, finalized=True))
    assert violations(ctx) == {}
    NextCrowdloanId.put(ctx, 0)
    assert violations(ctx) == {("crowdloan", 0): 1}


def test_a_lease_is_that_of_its_subnet_and_has_what_it_saved(ctx: Context) -> None:
    storage.SubnetLeases.put(ctx, 5, SubnetLease(ALICE, BOB, EVE, 30, None, 2, 100))
    assert violations(ctx) == {("lease", 5): 1}
    storage.SubnetUidToLeaseId.put(ctx, 2, 5)
    storage.SubnetLeaseShares.put(ctx, 5, ALICE, 1 << 63)
    storage.SubnetLeaseShares.put(ctx, 5, EVE, 1 << 63)
    assert violations(ctx) == {}
    storage.SubnetLeaseShares.put(ctx, 5, EVE, (1 << 63) + 1)
    assert violations(ctx) == {("shares of lease", 5): 1}
    storage.SubnetLeaseShares.remove(ctx, 5, EVE)
    storage.AccumulatedLeaseDividends.put(ctx, 5, 7)
    assert violations(ctx) == {("saved by lease", 5): 7}
