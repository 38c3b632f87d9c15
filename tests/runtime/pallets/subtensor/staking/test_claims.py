"""Dividends of stake on root: what is claimable, how it is paid, and automatic claims."""

from __future__ import annotations

import pytest
from pysubtensor.consensus.fixed import I96F32
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor.coinbase.distribution import distribute_root_dividends
from pysubtensor.runtime.pallets.subtensor.declared.events import RootClaimed as RootClaimedEvent
from pysubtensor.runtime.pallets.subtensor.declared.types import Keep, KeepSubnets, Swap
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet,
    increase_stake_for_hotkey_and_coldkey_on_subnet,
)
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import init_new_network
from pysubtensor.runtime.pallets.subtensor.staking import claims
from pysubtensor.runtime.pallets.subtensor.storage import emission, networks, pools
from pysubtensor.runtime.pallets.subtensor.storage.delegation import Delegates
from pysubtensor.runtime.pallets.subtensor.storage.root import (
    NumRootClaim,
    NumStakingColdkeys,
    RootClaimable,
    RootClaimed,
    RootClaimType,
    StakingColdkeys,
    StakingColdkeysByIndex,
)
from pysubtensor.runtime.pallets.subtensor.storage.staking import AlphaV2MapLastKey, Owner

from tests.world import ALICE, BOB, TAO, AddNetwork, Events, account

ROOT, NETUID, OTHER = 0, 1, 2
HOT = account(1)


@pytest.fixture(autouse=True)
def subnet(ctx: Context, add_network: AddNetwork) -> None:
    """Root, and a subnet with a pool at one TAO for an alpha; Alice has 2 TAO on root with a hotkey, Bob 1."""
    init_new_network(ctx, ROOT, 100)
    add_network(NETUID, 10_000)
    networks.SubnetMechanism.put(ctx, NETUID, 1)
    for reserve in (pools.SubnetTAO, pools.SubnetAlphaIn):
        reserve.put(ctx, NETUID, 1_000_000 * TAO)
    pools.SubnetAlphaOut.put(ctx, NETUID, 10 * TAO)
    account = get_subnet_account_id(ctx, NETUID)
    assert account is not None
    mint_into(ctx, account, 1_000_000 * TAO)
    for coldkey, amount in ((ALICE, 2 * TAO), (BOB, TAO)):
        increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, coldkey, ROOT, amount)


def stake(ctx: Context, coldkey: bytes, netuid: int) -> int:
    return get_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, coldkey, netuid)


def earn(ctx: Context, amount: int, netuid: int = NETUID) -> None:
    Delegates.put(ctx, HOT, 0)
    distribute_root_dividends(ctx, netuid, {HOT: amount << 32})


def owed(ctx: Context, coldkey: bytes) -> int:
    return claims.get_root_owed_for_hotkey_coldkey_float(ctx, HOT, coldkey, NETUID) >> 32


# What is owed


def test_stakers_are_owed_in_proportion_to_their_stake_on_root(ctx: Context) -> None:
    earn(ctx, TAO)
    earn(ctx, TAO // 2)
    assert RootClaimable.get(ctx, HOT) == {NETUID: (TAO << 32) // (3 * TAO) + (TAO // 2 << 32) // (3 * TAO)}
    assert owed(ctx, ALICE) == pytest.approx(TAO, abs=2)
    assert owed(ctx, BOB) == pytest.approx(TAO // 2, abs=2)


def test_alpha_beyond_the_stake_on_root_goes_to_the_owner_of_the_hotkey(ctx: Context) -> None:
    Owner.put(ctx, HOT, BOB)
    earn(ctx, 3 * TAO + 1)
    assert stake(ctx, BOB, NETUID) == 3 * TAO + 1
    assert RootClaimable.get(ctx, HOT) == {}


def test_a_subnet_without_dividends_is_listed_too(ctx: Context) -> None:
    earn(ctx, 0, OTHER)
    earn(ctx, TAO)
    assert list(RootClaimable.get(ctx, HOT)) == [NETUID, OTHER]


def test_new_stake_has_no_claim_and_removed_stake_keeps_its_claim(ctx: Context) -> None:
    earn(ctx, TAO)
    before = owed(ctx, BOB)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, BOB, ROOT, 5 * TAO)
    claims.add_stake_adjust_root_claimed_for_hotkey_and_coldkey(ctx, HOT, BOB, 5 * TAO)
    assert owed(ctx, BOB) == pytest.approx(before, abs=2)
    claims.remove_stake_adjust_root_claimed_for_hotkey_and_coldkey(ctx, HOT, BOB, 5 * TAO)
    assert RootClaimed.get(ctx, (NETUID, HOT, BOB)) == 0


# How it is paid


def test_keep_claims_become_stake_on_the_subnet(ctx: Context) -> None:
    earn(ctx, TAO)
    RootClaimType.put(ctx, BOB, Keep())
    amount = owed(ctx, BOB)
    assert claims.do_root_claim(ctx, BOB, None) == (1, 1)
    assert stake(ctx, BOB, NETUID) == amount == RootClaimed.get(ctx, (NETUID, HOT, BOB))
    assert owed(ctx, BOB) == 0


def test_swap_claims_become_stake_on_root(ctx: Context, events: Events) -> None:
    earn(ctx, TAO)
    amount, before = owed(ctx, ALICE), pools.SubnetTAO.get(ctx, NETUID)
    claims.do_root_claim(ctx, ALICE, None)
    sold = emission.SubnetRootSellTao.get(ctx, NETUID)
    assert sold == pytest.approx(amount, rel=1e-5)
    assert pools.SubnetTAO.get(ctx, NETUID) == before - sold
    assert pools.SubnetAlphaOut.get(ctx, NETUID) == 10 * TAO - amount
    assert (pools.SubnetTAO.get(ctx, ROOT), pools.SubnetAlphaOut.get(ctx, ROOT)) == (sold, sold)
    assert stake(ctx, ALICE, ROOT) == pytest.approx(2 * TAO + sold, abs=2)
    assert emission.SubnetProtocolFlow.get(ctx, NETUID) == -sold
    assert owed(ctx, ALICE) == pytest.approx(0, abs=2)  # the new stake earns from now on
    assert events()[-1] == RootClaimedEvent(ALICE)


def test_claims_below_the_threshold_are_paid_only_if_it_is_ignored(ctx: Context) -> None:
    earn(ctx, 600_000)
    claims.root_claim_on_subnet(ctx, HOT, BOB, NETUID, Keep(), False)
    assert stake(ctx, BOB, NETUID) == 0
    claims.root_claim_on_subnet(ctx, HOT, BOB, NETUID, Keep(), True)
    assert stake(ctx, BOB, NETUID) == pytest.approx(200_000, abs=2)


def test_only_the_named_subnets_are_claimed(ctx: Context) -> None:
    earn(ctx, TAO)
    assert claims.do_root_claim(ctx, BOB, frozenset({OTHER})) == (1, 0)
    assert RootClaimed.get(ctx, (NETUID, HOT, BOB)) == 0


def test_a_choice_may_differ_by_subnet() -> None:
    assert not claims.keeps_alpha(Swap(), NETUID)
    assert claims.keeps_alpha(Keep(), NETUID)
    assert claims.keeps_alpha(KeepSubnets(frozenset({NETUID})), NETUID)
    assert not claims.keeps_alpha(KeepSubnets(frozenset({NETUID})), OTHER)


def test_a_claim_that_fails_changes_nothing(ctx: Context) -> None:
    earn(ctx, TAO)
    pools.SubnetTAO.put(ctx, NETUID, 1)  # a pool that cannot pay
    before = ctx.state.changes()
    with pytest.raises(DispatchFailed):
        claims.do_root_claim(ctx, ALICE, None)
    assert ctx.state.changes() == before


# For whom it is claimed


def test_indices_of_coldkeys_have_no_gaps(ctx: Context) -> None:
    names = [account(number) for number in range(10, 14)]
    for coldkey in [*names, names[0]]:
        claims.maybe_add_coldkey_index(ctx, coldkey)
    claims.maybe_remove_coldkey_index(ctx, names[1])
    claims.maybe_remove_coldkey_index(ctx, names[1])
    places = dict(StakingColdkeysByIndex.items(ctx))
    assert places == {0: names[0], 1: names[3], 2: names[2]}
    assert dict(StakingColdkeys.items(ctx)) == {coldkey: place for place, coldkey in places.items()}
    assert NumStakingColdkeys.get(ctx) == 3
    claims.maybe_remove_coldkey_index(ctx, names[2])  # the last one
    assert dict(StakingColdkeysByIndex.items(ctx)) == {0: names[0], 1: names[3]}


def test_the_parents_hash_selects_the_coldkeys_for_automatic_claims() -> None:
    words = b"".join(word.to_bytes(8, "big") for word in (7, 2, 4, 1))
    # From index 7 on in steps of 7, 2, 4, 1 and again 7, modulo the number of coldkeys.
    assert claims.block_hash_to_indices(words, 5, 10) == [0, 1, 4, 6, 8]
    assert claims.block_hash_to_indices(words, 0, 10) == []
    assert claims.block_hash_to_indices(b"\xff" * 32, 2, 10) == [5]  # sums stop at 2^64 - 1


def test_automatic_claims_are_made_in_each_block(ctx: Context, events: Events) -> None:
    earn(ctx, TAO)
    for coldkey in (ALICE, BOB):
        RootClaimType.put(ctx, coldkey, Keep())
        claims.maybe_add_coldkey_index(ctx, coldkey)
    NumRootClaim.put(ctx, 1)
    amount = owed(ctx, BOB)
    events()
    claims.run_auto_claim_root_divs(ctx, bytes(7) + b"\x03" + bytes(24))  # 3 + 3 is Alice's index, of two
    assert events() == [RootClaimedEvent(ALICE)]
    assert (owed(ctx, ALICE), owed(ctx, BOB)) == (0, amount)


def test_coldkeys_with_stake_on_root_are_found_in_batches(ctx: Context) -> None:
    stakers = {ALICE, BOB}
    for number in range(40):
        coldkey = bytes([9, number]) * 16
        increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, coldkey, NETUID if number % 2 else ROOT, TAO)
        if number % 2 == 0:
            stakers.add(coldkey)
    claims.populate_root_coldkey_staking_maps(ctx)
    assert 0 < NumStakingColdkeys.get(ctx) < len(stakers)
    assert AlphaV2MapLastKey.get(ctx) is not None
    claims.populate_root_coldkey_staking_maps(ctx)
    assert set(dict(StakingColdkeys.items(ctx))) == stakers
    assert AlphaV2MapLastKey.get(ctx) is None  # from the start again


def test_rates_are_stored_with_32_fraction_bits(ctx: Context) -> None:
    earn(ctx, 1)
    assert RootClaimable.get(ctx, HOT)[NETUID] == I96F32.one // (3 * TAO)
