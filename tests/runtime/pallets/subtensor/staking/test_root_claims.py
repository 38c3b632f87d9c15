"""Calls about dividends of stake on root; rules and numbers of the chain's `claim_root.rs`.

A delegate with a take of 18 % pays the rest to its stakers on root.
"""

from __future__ import annotations

import pytest
from pysubtensor.consensus.integers import U16_MAX
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor.coinbase.distribution import distribute_emission
from pysubtensor.runtime.pallets.subtensor.coinbase.run_coinbase import Pending
from pysubtensor.runtime.pallets.subtensor.declared import events
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import Keep, KeepSubnets, RootClaimTypeEnum, Swap
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.subtensor.staking.move import transfer_stake
from pysubtensor.runtime.pallets.subtensor.staking.remove import remove_stake
from pysubtensor.runtime.pallets.subtensor.staking.root_claims import (
    claim_root,
    set_root_claim_type,
    sudo_set_num_root_claims,
    sudo_set_root_claim_threshold,
)
from pysubtensor.runtime.pallets.subtensor.storage.delegation import Delegates
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaOut
from pysubtensor.runtime.pallets.subtensor.storage.root import (
    NumRootClaim,
    RootClaimable,
    RootClaimableThreshold,
    RootClaimed,
    RootClaimType,
    StakingColdkeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.staking import TaoWeight
from pysubtensor.runtime.pallets.swap import Error as SwapError

from tests.runtime.pallets.subtensor.pools import give_stake, set_reserves, stake_of
from tests.world import ALICE, BOB, CHARLIE, TAO, U64_MAX, AddDynamicNetwork, AddNetwork, Dispatch, RefusedCall, account

HOT, OWNER_COLD, OTHER = account(1), account(2), account(3)
ROOT = 0
#: What a delegate keeps of 1,000,000.
TAKE = 11_796
KEPT = 1 - TAKE / U16_MAX


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork, add_network: AddNetwork) -> int:
    """A subnet at half a TAO for an alpha, beside root; its hotkey has 10,000,000 alpha of its owner."""
    add_network(ROOT, 100)
    netuid = add_dynamic_network(HOT, OWNER_COLD)
    set_reserves(ctx, netuid, 50 * TAO, 100 * TAO)
    give_stake(ctx, HOT, OWNER_COLD, netuid, 10_000_000)
    TaoWeight.put(ctx, U64_MAX)
    Delegates.put(ctx, HOT, TAKE)
    return netuid


def earn(ctx: Context, netuid: int, alpha: int) -> None:
    """Run an epoch in which stake on root earns this much alpha."""
    SubnetAlphaOut.mutate(ctx, netuid, lambda outstanding: outstanding + alpha)
    distribute_emission(ctx, netuid, Pending(0, 0, alpha, 0))


def stake_on_root(ctx: Context, dispatch: Dispatch, claim_type: RootClaimTypeEnum, **stakes: int) -> None:
    """Give the named accounts stake on root, and let them choose how they are paid."""
    for name, rao in stakes.items():
        who = {"alice": ALICE, "bob": BOB, "other": OTHER}[name]
        give_stake(ctx, HOT, who, ROOT, rao)
        dispatch(who, set_root_claim_type.call(claim_type))


# --- claiming ------------------------------------------------------------------------------------------------------


def test_stake_on_root_claims_the_dividends_of_every_epoch(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    """Twice 1,000,000, of which the delegate's owner gets 18 %."""
    stake_on_root(ctx, dispatch, Keep(), alice=2_000_000)
    for times in (1, 2):
        earn(ctx, netuid, 1_000_000)
        assert stake_of(ctx, HOT, OWNER_COLD, netuid) == pytest.approx(10_000_000 + 180_000 * times, abs=100)
        assert RootClaimable.get(ctx, HOT)[netuid] / 2**32 == pytest.approx(0.41 * times, abs=0.001)
        dispatch(ALICE, claim_root.call({netuid}))
        assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(820_000 * times, abs=10)
        assert RootClaimed.get(ctx, (netuid, HOT, ALICE)) == stake_of(ctx, HOT, ALICE, netuid)
    assert ctx.block.events[-1] == events.RootClaimed(ALICE)


@pytest.mark.parametrize(
    ("alice", "bob", "other"), [(1_000_000, 1_000_000, 8_000_000), (1_000_000, 2_000_000, 7_000_000)]
)
def test_stakers_are_paid_in_proportion(
    ctx: Context, netuid: int, dispatch: Dispatch, alice: int, bob: int, other: int
) -> None:
    stake_on_root(ctx, dispatch, Keep(), alice=alice, bob=bob, other=other)
    earn(ctx, netuid, 10_000_000)
    for who, staked in ((ALICE, alice), (BOB, bob)):
        dispatch(who, claim_root.call({netuid}))
        assert stake_of(ctx, HOT, who, netuid) == pytest.approx(10_000_000 * KEPT * staked / 10_000_000, abs=100)


def test_stake_that_comes_or_goes_earns_from_then_on(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    """Bob halves his stake after the first epoch, and restores it after the second: a half, a third, a half."""
    stake_on_root(ctx, dispatch, Keep(), alice=8_000_000, bob=8_000_000)
    former = {ALICE: 0, BOB: 0}
    for part in (2, 3, 2):
        earn(ctx, netuid, 10_000_000)
        for who in former:
            dispatch(who, claim_root.call({netuid}))
        gained = {who: stake_of(ctx, HOT, who, netuid) - alpha for who, alpha in former.items()}
        assert gained[BOB] == pytest.approx(10_000_000 * KEPT / part, abs=100)
        assert gained[ALICE] == pytest.approx(10_000_000 * KEPT - gained[BOB], abs=100)
        former = {who: stake_of(ctx, HOT, who, netuid) for who in former}
        if part == 3:
            dispatch(BOB, add_stake.call(HOT, ROOT, 4_000_000))
        elif stake_of(ctx, HOT, BOB, ROOT) == 8_000_000:
            dispatch(BOB, remove_stake.call(HOT, ROOT, 4_000_000))


def test_a_transfer_of_root_stake_leaves_what_was_earned_before(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    """After a first epoch that was claimed, a half of the second, of 4,100,000 alpha."""
    stake_on_root(ctx, dispatch, Keep(), alice=8_000_000, bob=8_000_000)
    earn(ctx, netuid, 10_000_000)
    for who in (ALICE, BOB):
        dispatch(who, claim_root.call({netuid}))
    earn(ctx, netuid, 10_000_000)
    dispatch(BOB, transfer_stake.call(CHARLIE, HOT, ROOT, ROOT, 4_000_000))
    dispatch(CHARLIE, set_root_claim_type.call(Keep()))
    for who, alpha in ((ALICE, 8_200_000), (BOB, 8_200_000), (CHARLIE, 0)):
        dispatch(who, claim_root.call({netuid}))
        assert stake_of(ctx, HOT, who, netuid) == pytest.approx(alpha, abs=200)


def test_stake_that_leaves_root_gives_up_what_exceeds_earlier_claims(
    ctx: Context, netuid: int, dispatch: Dispatch
) -> None:
    """As on the chain: what is claimed does not fall below zero. Half of the stake takes half of 1,640,000 along."""
    stake_on_root(ctx, dispatch, Keep(), alice=8_000_000)
    earn(ctx, netuid, 2_000_000)
    dispatch(ALICE, transfer_stake.call(BOB, HOT, ROOT, ROOT, 4_000_000))
    dispatch(ALICE, claim_root.call({netuid}))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(820_000, abs=10)


@pytest.mark.parametrize("claim_type", [Swap(), KeepSubnets(frozenset({100}))], ids=["swap", "keeps another subnet"])
def test_dividends_are_sold_for_stake_on_root(
    ctx: Context, netuid: int, dispatch: Dispatch, claim_type: RootClaimTypeEnum
) -> None:
    """At half a TAO for an alpha; a tenth of the stake, which grows with each claim."""
    stake_on_root(ctx, dispatch, claim_type, alice=2_000_000, other=18_000_000)
    own, total = 2_000_000.0, 20_000_000.0
    for _ in range(3):
        earn(ctx, netuid, 10_000_000)
        dispatch(ALICE, claim_root.call({netuid}))
        gained = 10_000_000 * KEPT * 0.5 * own / total
        own, total = own + gained, total + gained
        assert stake_of(ctx, HOT, ALICE, ROOT) == pytest.approx(own, abs=10_000)
    assert stake_of(ctx, HOT, ALICE, netuid) == 0


def test_dividends_of_chosen_subnets_are_kept(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    stake_on_root(ctx, dispatch, KeepSubnets(frozenset({netuid})), alice=2_000_000)
    earn(ctx, netuid, 1_000_000)
    dispatch(ALICE, claim_root.call({netuid}))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(820_000, abs=10)
    assert stake_of(ctx, HOT, ALICE, ROOT) == 2_000_000


def test_a_claim_that_cannot_be_sold_is_not_consumed(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    """The pool has too little TAO to pay from."""
    stake_on_root(ctx, dispatch, Swap(), alice=2_000_000, other=18_000_000)
    earn(ctx, netuid, 10_000_000)
    set_reserves(ctx, netuid, 999_999, 100 * TAO)
    refused(ALICE, claim_root.call({netuid}), SwapError.ReservesTooLow)
    assert RootClaimed.get(ctx, (netuid, HOT, ALICE)) == 0


def test_other_subnets_are_not_claimed(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    stake_on_root(ctx, dispatch, Keep(), alice=2_000_000)
    earn(ctx, netuid, 1_000_000)
    dispatch(ALICE, claim_root.call({netuid + 1, netuid + 2}))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0


def test_what_is_below_the_threshold_waits(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    """820,000 of 1,000,000 are below 900,000, and after the next epoch they are not."""
    stake_on_root(ctx, dispatch, Keep(), alice=2_000_000)
    dispatch(ROOT_ORIGIN, sudo_set_root_claim_threshold.call(netuid, 900_000))
    earn(ctx, netuid, 1_000_000)
    dispatch(ALICE, claim_root.call({netuid}))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0
    earn(ctx, netuid, 1_000_000)
    dispatch(ALICE, claim_root.call({netuid}))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(1_640_000, abs=10)


def test_a_claim_names_one_to_five_subnets(dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, claim_root.call(frozenset()), Error.InvalidSubnetNumber)
    refused(ALICE, claim_root.call(frozenset(range(6))), Error.InvalidSubnetNumber)
    dispatch(ALICE, claim_root.call(frozenset(range(5))))


# --- choices and limits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim_type", [Keep(), Swap(), KeepSubnets(frozenset({1, 7}))], ids=str)
def test_a_coldkey_chooses_how_it_is_paid(ctx: Context, dispatch: Dispatch, claim_type: RootClaimTypeEnum) -> None:
    """Before that dividends are sold. The choice lists the coldkey for automatic claims."""
    assert RootClaimType.get(ctx, ALICE) == Swap()
    dispatch(ALICE, set_root_claim_type.call(claim_type))
    assert RootClaimType.get(ctx, ALICE) == claim_type
    assert StakingColdkeys.get(ctx, ALICE) == 0
    assert ctx.block.events[-1] == events.RootClaimTypeSet(ALICE, claim_type)


def test_a_choice_of_subnets_names_some(refused: RefusedCall) -> None:
    refused(ALICE, set_root_claim_type.call(KeepSubnets(frozenset())), Error.InvalidSubnetNumber)


def test_root_sets_the_number_of_automatic_claims(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, sudo_set_num_root_claims.call(50), BadOrigin())
    refused(ROOT_ORIGIN, sudo_set_num_root_claims.call(51), Error.InvalidNumRootClaim)
    for value in (50, 27):
        dispatch(ROOT_ORIGIN, sudo_set_num_root_claims.call(value))
        assert NumRootClaim.get(ctx) == value


def test_root_and_the_owner_set_the_threshold(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    assert RootClaimableThreshold.get(ctx, netuid) == 500_000 << 32
    for who, value in ((ROOT_ORIGIN, 1_000), (OWNER_COLD, 2_000)):
        mint_into(ctx, OWNER_COLD, TAO)
        dispatch(who, sudo_set_root_claim_threshold.call(netuid, value))
        assert RootClaimableThreshold.get(ctx, netuid) == value << 32
    refused(CHARLIE, sudo_set_root_claim_threshold.call(netuid, 2_000), BadOrigin())
    refused(OWNER_COLD, sudo_set_root_claim_threshold.call(netuid, 10_000_001), Error.InvalidRootClaimThreshold)
