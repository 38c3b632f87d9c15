"""Subnets that a crowdloan pays for; rules and numbers of the chain's `leasing.rs`."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pysubtensor.runtime.crypto.accounts import pallet_sub_account
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.crowdloan.declared import (
    Contributions,
    CrowdloanInfo,
    Crowdloans,
    CurrentCrowdloanId,
)
from pysubtensor.runtime.pallets.crowdloan.declared import Error as CrowdloanError
from pysubtensor.runtime.pallets.proxy.calls import proxy
from pysubtensor.runtime.pallets.proxy.declared import Proxies
from pysubtensor.runtime.pallets.subtensor.declared import events
from pysubtensor.runtime.pallets.subtensor.declared.constants import LeaseDividendsDistributionInterval
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import SubnetLease
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.lifecycle.leases import (
    distribute_leased_network_dividends,
    register_leased_network,
    terminate_lease,
)
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import start_call
from pysubtensor.runtime.pallets.subtensor.staking.helpers import get_hotkey_take
from pysubtensor.runtime.pallets.subtensor.storage.emission import TotalIssuance
from pysubtensor.runtime.pallets.subtensor.storage.leases import (
    AccumulatedLeaseDividends,
    NextSubnetLeaseId,
    SubnetLeases,
    SubnetLeaseShares,
    SubnetUidToLeaseId,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner, SubnetOwnerHotkey, SubtokenEnabled

from tests.runtime.pallets.subtensor.pools import free, give_stake, set_reserves, stake_of
from tests.world import ALICE, TAO, AddNetwork, Dispatch, GoTo, RefusedCall, account

GIVER, SECOND, HOT = (account(number) for number in range(1, 4))
FUNDS_ACCOUNT = pallet_sub_account(b"bt/cloan", bytes(4))
DEPOSIT, CAP, END = 10 * TAO, 1_000 * TAO, 500
#: What the two contributors give.
GIFTS = {GIVER: 600 * TAO, SECOND: 390 * TAO}


def raise_funds(ctx: Context, gifts: dict[bytes, int]) -> None:
    """Let Alice's crowdloan of 1,000 TAO be finalized right now."""
    crowdloan = CrowdloanInfo(ALICE, DEPOSIT, 0, 0, CAP, FUNDS_ACCOUNT, CAP, None, None, False, 1 + len(gifts))
    Crowdloans.put(ctx, 0, crowdloan)
    for who, amount in {ALICE: DEPOSIT, **gifts}.items():
        Contributions.put(ctx, 0, who, amount)
    mint_into(ctx, FUNDS_ACCOUNT, CAP)
    TotalIssuance.mutate(ctx, lambda issued: issued + CAP)
    CurrentCrowdloanId.put(ctx, 0)


@pytest.fixture
def lease(ctx: Context, add_network: AddNetwork, dispatch: Dispatch) -> SubnetLease:
    """A started subnet, leased to Alice until block 500, with 100 alpha; 30 % of the cut are for contributors."""
    add_network(0, 100)
    raise_funds(ctx, GIFTS)
    return leased(ctx, dispatch)


def leased(ctx: Context, dispatch: Dispatch, end_block: int | None = END) -> SubnetLease:
    dispatch(ALICE, register_leased_network.call(30, end_block))
    lease = SubnetLeases.get(ctx, 0)
    assert lease is not None
    SubtokenEnabled.put(ctx, lease.netuid, True)
    set_reserves(ctx, lease.netuid, 1_000 * TAO, 1_000 * TAO)
    give_stake(ctx, lease.hotkey, lease.coldkey, lease.netuid, 100 * TAO)
    return lease


# --- registration --------------------------------------------------------------------------------------------------


def test_a_crowdloan_pays_for_a_subnet_and_its_creator_manages_it(ctx: Context, lease: SubnetLease) -> None:
    assert (lease.beneficiary, lease.emissions_share, lease.end_block) == (ALICE, 30, END)
    assert SubnetUidToLeaseId.get(ctx, lease.netuid) == 0
    assert NextSubnetLeaseId.get(ctx) == 1
    assert (SubnetOwner.get(ctx, lease.netuid), SubnetOwnerHotkey.get(ctx, lease.netuid)) == (
        lease.coldkey,
        lease.hotkey,
    )
    assert get_hotkey_take(ctx, lease.hotkey) == 0
    (delegates, _) = Proxies.get(ctx, lease.coldkey)
    assert [each.delegate for each in delegates] == [ALICE]
    assert events.SubnetLeaseCreated(ALICE, 0, lease.netuid, END) in ctx.block.events


def test_contributors_share_what_the_subnet_did_not_cost(ctx: Context, lease: SubnetLease) -> None:
    """The first subnet costs 100 TAO, and the deposit for the proxy; the creator gets the rest of the rest."""
    assert lease.cost == 100 * TAO + 60_000_000 + 33_000_000
    leftover = CAP - lease.cost
    refunds = {who: int(Fraction((amount << 64) // CAP, 1 << 64) * leftover) for who, amount in GIFTS.items()}
    for who, amount in GIFTS.items():
        assert SubnetLeaseShares.get(ctx, 0, who) == (amount << 64) // CAP
        assert free(ctx, who) == refunds[who]
    assert not SubnetLeaseShares.contains(ctx, 0, ALICE)
    assert free(ctx, ALICE) == 1_000 * TAO + leftover - sum(refunds.values())
    assert free(ctx, FUNDS_ACCOUNT) == 0


def test_a_lease_is_registered_by_the_crowdloan_that_is_finalized(
    ctx: Context, add_network: AddNetwork, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    add_network(0, 100)
    call = register_leased_network.call(30, END)
    refused(NONE, call, BadOrigin())
    refused(ROOT_ORIGIN, call, BadOrigin())
    refused(ALICE, call, CrowdloanError.InvalidCrowdloanId)
    CurrentCrowdloanId.put(ctx, 7)
    refused(ALICE, call, CrowdloanError.InvalidCrowdloanId)
    raise_funds(ctx, GIFTS)
    refused(GIVER, call, Error.InvalidLeaseBeneficiary)
    go_to(END)
    refused(ALICE, call, Error.LeaseCannotEndInThePast)
    go_to(END - 1)
    dispatch(ALICE, call)


def test_the_beneficiary_acts_for_the_owner_but_does_not_take_its_funds(
    ctx: Context, lease: SubnetLease, dispatch: Dispatch
) -> None:
    SubtokenEnabled.put(ctx, lease.netuid, False)
    before = free(ctx, lease.coldkey)
    mint_into(ctx, lease.coldkey, TAO)
    for call in (start_call.call(lease.netuid), transfer_keep_alive.call(Id(ALICE), TAO // 2)):
        dispatch(ALICE, proxy.call(Id(lease.coldkey), None, call))
    assert free(ctx, lease.coldkey) == before + TAO


# --- dividends -----------------------------------------------------------------------------------------------------

CUT, SAVED = 5 * TAO, 10 * TAO
#: What is shared: 10 alpha that were saved up, and 30 % of 5.
SHARED = SAVED + 1_500_000_000


def test_contributors_share_the_dividends_and_the_beneficiary_has_the_rest(
    ctx: Context, lease: SubnetLease, go_to: GoTo
) -> None:
    go_to(LeaseDividendsDistributionInterval.get(ctx))
    AccumulatedLeaseDividends.put(ctx, 0, SAVED)
    distribute_leased_network_dividends(ctx, 0, CUT)
    parts = {who: -(-((amount << 64) // CAP * SHARED) // (1 << 64)) for who, amount in GIFTS.items()}
    parts[ALICE] = SHARED - sum(parts.values())
    for who, alpha in parts.items():
        assert stake_of(ctx, lease.hotkey, who, lease.netuid) == alpha
        assert events.SubnetLeaseDividendsDistributed(0, who, alpha) in ctx.block.events
    assert stake_of(ctx, lease.hotkey, lease.coldkey, lease.netuid) == pytest.approx(100 * TAO - SHARED, abs=3)
    assert AccumulatedLeaseDividends.get(ctx, 0) == 0


def test_a_creator_without_other_contributors_has_all_dividends(
    ctx: Context, add_network: AddNetwork, dispatch: Dispatch, go_to: GoTo
) -> None:
    add_network(0, 100)
    raise_funds(ctx, {ALICE: 990 * TAO})
    lease = leased(ctx, dispatch)
    go_to(LeaseDividendsDistributionInterval.get(ctx))
    AccumulatedLeaseDividends.put(ctx, 0, SAVED)
    distribute_leased_network_dividends(ctx, 0, CUT)
    assert stake_of(ctx, lease.hotkey, ALICE, lease.netuid) == SHARED
    assert ctx.block.events[-1] == events.SubnetLeaseDividendsDistributed(0, ALICE, SHARED)


def test_dividends_are_saved_up_between_payments(ctx: Context, lease: SubnetLease, go_to: GoTo) -> None:
    go_to(LeaseDividendsDistributionInterval.get(ctx) + 1)
    AccumulatedLeaseDividends.put(ctx, 0, SAVED)
    distribute_leased_network_dividends(ctx, 0, CUT)
    assert AccumulatedLeaseDividends.get(ctx, 0) == SHARED
    assert stake_of(ctx, lease.hotkey, GIVER, lease.netuid) == 0


def test_the_contributors_part_is_rounded_up(ctx: Context, lease: SubnetLease) -> None:
    """30 % of 5 are 2."""
    distribute_leased_network_dividends(ctx, 0, 5)
    assert AccumulatedLeaseDividends.get(ctx, 0) == 2


@pytest.mark.parametrize("ended", [END, END + 1])
def test_a_lease_that_has_ended_or_does_not_exist_pays_nothing(
    ctx: Context, lease: SubnetLease, go_to: GoTo, ended: int
) -> None:
    go_to(ended)
    AccumulatedLeaseDividends.put(ctx, 0, SAVED)
    distribute_leased_network_dividends(ctx, 0, CUT)
    distribute_leased_network_dividends(ctx, 1, CUT)
    assert AccumulatedLeaseDividends.get(ctx, 0) == SAVED
    assert not AccumulatedLeaseDividends.contains(ctx, 1)
    assert stake_of(ctx, lease.hotkey, GIVER, lease.netuid) == 0


def test_a_payment_below_the_minimum_stake_is_saved_up(ctx: Context, lease: SubnetLease, go_to: GoTo) -> None:
    """Then no contributor is paid, and no event left."""
    go_to(LeaseDividendsDistributionInterval.get(ctx))
    seen = len(ctx.block.events)
    distribute_leased_network_dividends(ctx, 0, 5_000_000)
    assert AccumulatedLeaseDividends.get(ctx, 0) == 1_500_000
    assert stake_of(ctx, lease.hotkey, GIVER, lease.netuid) == 0
    assert ctx.block.events[seen:] == []


# --- the end -------------------------------------------------------------------------------------------------------


def test_the_beneficiary_takes_the_subnet_over_after_the_end(
    ctx: Context, lease: SubnetLease, dispatch: Dispatch, go_to: GoTo
) -> None:
    create_account_if_non_existent(ctx, ALICE, HOT)
    go_to(END)
    dispatch(ALICE, terminate_lease.call(0, HOT))
    assert (SubnetOwner.get(ctx, lease.netuid), SubnetOwnerHotkey.get(ctx, lease.netuid)) == (ALICE, HOT)
    assert SubnetLeases.get(ctx, 0) is None
    assert not list(SubnetLeaseShares.under(ctx, 0))
    assert not AccumulatedLeaseDividends.contains(ctx, 0)
    assert Proxies.get(ctx, lease.coldkey)[0] == []
    assert events.SubnetLeaseTerminated(ALICE, lease.netuid) in ctx.block.events
    assert system.Account.get(ctx, lease.hotkey).providers == 0


def test_a_lease_is_ended_by_its_beneficiary_with_an_own_hotkey_and_in_time(
    ctx: Context, lease: SubnetLease, refused: RefusedCall, go_to: GoTo
) -> None:
    create_account_if_non_existent(ctx, ALICE, HOT)
    create_account_if_non_existent(ctx, GIVER, account(9))
    refused(NONE, terminate_lease.call(0, HOT), BadOrigin())
    refused(ALICE, terminate_lease.call(1, HOT), Error.LeaseDoesNotExist)
    refused(GIVER, terminate_lease.call(0, HOT), Error.ExpectedBeneficiaryOrigin)
    refused(ALICE, terminate_lease.call(0, HOT), Error.LeaseHasNotEnded)
    go_to(END)
    refused(ALICE, terminate_lease.call(0, account(9)), Error.BeneficiaryDoesNotOwnHotkey)


def test_a_lease_without_end_does_not_end(
    ctx: Context, add_network: AddNetwork, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    add_network(0, 100)
    raise_funds(ctx, GIFTS)
    leased(ctx, dispatch, None)
    create_account_if_non_existent(ctx, ALICE, HOT)
    go_to(10**9)
    refused(ALICE, terminate_lease.call(0, HOT), Error.LeaseHasNoEndBlock)
