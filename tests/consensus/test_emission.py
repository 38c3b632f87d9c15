"""Emission: halvings, shares of subnets, and the distribution of a subnet's alpha.

Expected numbers are those of the real pallet's tests (`coinbase.rs`, `subnet_emissions.rs`, `voting_power.rs`) or
follow from exact fractions.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.consensus import emission
from pysubtensor.consensus.emission import Contribution
from pysubtensor.consensus.fixed import I96F32, U64F64, U96F32, log2

from tests.world import ALICE, BOB, CHARLIE, TAO, U64_MAX


def u96(value: Fraction | int) -> int:
    return int(value * U96F32.one)


def u64f64(value: Fraction | int) -> int:
    return int(value * U64F64.one)


# The emission of a block


@pytest.mark.parametrize(
    ("issued", "emitted"),
    [
        (0, TAO),
        (10_500_000 * TAO - 1, TAO),
        (10_500_000 * TAO, TAO // 2),
        (15_750_000 * TAO - 1, TAO // 2),
        (15_750_000 * TAO, TAO // 4),
        (18_375_000 * TAO, TAO // 8),
        (21_000_000 * TAO - 1, 0),
        (21_000_000 * TAO, 0),
        (U64_MAX, 0),
    ],
)
def test_emission_halves_when_half_of_the_remaining_supply_is_emitted(issued: int, emitted: int) -> None:
    assert emission.block_emission(issued) == emitted


@given(st.integers(I96F32.one, 1 << 64))
@settings(max_examples=300)
def test_halvings_are_the_whole_part_of_the_chains_logarithm(x: int) -> None:
    logarithm = log2(x, I96F32)
    assert logarithm is not None
    assert emission.halvings(x) == logarithm >> 32


# The shares of subnets


def test_shares_are_in_the_proportion_of_prices() -> None:
    one, two = emission.price_shares([u64f64(1), u64f64(2)])
    assert (one, two) == ((1 << 64) // 3, (2 << 64) // 3)
    assert emission.price_shares([0, 0]) == [0, 0]


def test_a_subnet_that_withholds_all_of_its_miners_rewards_gets_no_share() -> None:
    shares = emission.price_shares([u64f64(1), u64f64(1)])
    assert emission.without_burned(shares, [u96(1), 0]) == [0, U64F64.one]
    quarter, rest = emission.without_burned(shares, [u96(Fraction(2, 3)), 0])
    assert (round(quarter / U64F64.one, 9), round(rest / U64F64.one, 9)) == (0.25, 0.75)


def test_shares_are_unchanged_when_all_subnets_withhold_everything() -> None:
    shares = emission.price_shares([u64f64(1), u64f64(3)])
    assert emission.without_burned(shares, [u96(1), u96(2)]) == shares


def test_the_share_of_a_disabled_subnet_goes_to_the_others() -> None:
    third = (1 << 64) // 3
    assert emission.split_among_enabled([third] * 3, [True, False, True]) == [1 << 63, 0, 1 << 63]
    assert emission.split_among_enabled([third] * 3, [True] * 3) == [third] * 3
    assert emission.split_among_enabled([third] * 3, [False] * 3) == [0, 0, 0]
    assert U96F32.to_int(emission.part_of_emission(3_333_333, 1 << 63), 64) == 1_666_666


# What a subnet is given


def test_root_proportion_is_roots_weight_against_all_alpha() -> None:
    weight = U96F32.safe_div(U96F32.from_int(3_320_413_933_267_719_290), U96F32.from_int(U64_MAX))
    root = Fraction(weight, U96F32.one) * 10**12
    proportion = emission.root_proportion(10**12, weight, 10**11)
    assert proportion == int(root / (root + 10**11) * U96F32.one)
    assert emission.root_proportion(0, U96F32.one, 0) == 0


def test_tao_and_alpha_are_injected_at_the_price() -> None:
    terms = emission.subnet_terms(u96(100_000_000), TAO, u96(1), root_proportion=u96(Fraction(1, 2)))
    assert (terms.tao_in, terms.alpha_in, terms.excess_tao) == (u96(100_000_000), u96(100_000_000), 0)


def test_alpha_beyond_the_root_proportion_is_bought_instead_of_injected() -> None:
    terms = emission.subnet_terms(u96(900_000_000), TAO, u96(Fraction(1, 2)), root_proportion=u96(Fraction(1, 4)))
    assert terms.alpha_in == u96(250_000_000)
    assert terms.tao_in == u96(125_000_000)
    assert terms.excess_tao == u96(775_000_000)


def test_without_a_price_all_tao_counts_as_injected_without_alpha() -> None:
    terms = emission.subnet_terms(u96(7), TAO, price=0, root_proportion=u96(1))
    assert (terms.tao_in, terms.alpha_in, terms.excess_tao) == (u96(7), 0, 0)


def test_alpha_is_split_between_miners_validators_and_root_after_the_owners_cut() -> None:
    split = emission.split_alpha(TAO, owner_cut=0, root_proportion=u96(Fraction(1, 4)))
    assert (split.owner, split.servers, split.validators, split.root) == (0, 500_000_000, 375_000_000, 125_000_000)
    split = emission.split_alpha(TAO, owner_cut=u96(1), root_proportion=u96(Fraction(1, 4)))
    assert (split.owner, split.servers, split.validators, split.root) == (TAO, 0, 0, 0)


# What validators are given


def test_dividends_go_to_parents_by_contribution() -> None:
    parents = [Contribution(ALICE, u96(600), same_owner=True), Contribution(BOB, u96(300), same_owner=True)]
    shared = emission.share_with_parents(1000, 100, parents, take=u96(1), burn=u96(1))
    assert shared.parents == [(ALICE, 599), (BOB, 299)]  # quotients are cut off after 32 bits
    assert (shared.own, shared.burned) == (100, [])


def test_the_child_takes_and_burns_parts_of_the_dividends_of_other_coldkeys() -> None:
    parents = [Contribution(ALICE, u96(512), same_owner=False), Contribution(BOB, u96(256), same_owner=True)]
    quarter = u96(Fraction(1, 4))
    shared = emission.share_with_parents(1024, 256, parents, take=u96(Fraction(1, 2)), burn=quarter)
    assert shared.parents == [(ALICE, 128), (BOB, 256)]
    assert (shared.own, shared.burned) == (256 + 256, [128])


def test_dividends_of_both_kinds_add_up_to_the_pending_alpha() -> None:
    stakes = {ALICE: (4_859_302, 2_342_352), BOB: (23_423, 859_273)}
    earned = {ALICE: u96(77_783_738), BOB: u96(19_283_940)}
    validators, root = 183_123_567_452, 837_120_949_872
    shared = emission.split_dividends(earned, stakes, validators, root, u96(Fraction(18, 100)))
    assert 0 <= validators - U96F32.to_int(sum(shared.alpha.values()), 64) < 1_000
    assert 0 <= root - U96F32.to_int(sum(shared.root.values()), 64) < 1_000


def test_without_tao_weight_stake_on_root_earns_nothing() -> None:
    stakes = {ALICE: (100, 10**9), BOB: (300, 0)}
    shared = emission.split_dividends({ALICE: u96(10), BOB: u96(30)}, stakes, 4_000, 5_000, tao_weight=0)
    assert shared.alpha == {ALICE: u96(1_000), BOB: u96(3_000)}
    assert shared.root == {ALICE: 0, BOB: 0}


def test_a_hotkey_without_dividends_earns_nothing_and_lessens_no_other_part() -> None:
    stakes = {ALICE: (100, 300), BOB: (100, 300)}
    shared = emission.split_dividends({ALICE: u96(8), BOB: 0}, stakes, 4_000, 5_000, tao_weight=u96(1))
    assert shared.alpha == {ALICE: u96(4_000), BOB: 0}
    assert shared.root == {ALICE: u96(5_000), BOB: 0}
    smallest = emission.split_dividends({ALICE: 2, BOB: 0}, {ALICE: (100, 0)}, 4_000, 5_000, tao_weight=u96(1))
    assert smallest.alpha == {ALICE: u96(4_000), BOB: 0}
    alone = emission.split_dividends({BOB: 0}, stakes, 4_000, 5_000, tao_weight=u96(1))
    assert (alone.alpha, alone.root) == ({BOB: 0}, {BOB: 0})


def test_a_hotkey_without_stake_has_alpha_dividends_only() -> None:
    shared = emission.split_dividends({CHARLIE: u96(5)}, {CHARLIE: (0, 0)}, 10, 10, tao_weight=u96(1))
    assert (shared.alpha, shared.root) == ({CHARLIE: u96(10)}, {CHARLIE: 0})


def test_a_delegate_keeps_its_take() -> None:
    assert emission.after_take(u96(1_000), u96(Fraction(1, 8))) == (125, 875)
    assert emission.after_take(u96(Fraction(21, 2)), u96(Fraction(1, 2))) == (5, 5)


def test_the_withheld_proportion_is_a_part_of_all_miners_rewards() -> None:
    assert emission.withheld_proportion(3, 4) == u96(Fraction(3, 4))
    assert emission.withheld_proportion(0, 0) == 0


def test_voting_power_moves_by_its_weight_and_stays_within_64_bits() -> None:
    assert emission.voting_power(0, 1_000_000_000_000, 10**17) == 100_000_000_000
    assert emission.voting_power(100_000_000_000, 1_000_000_000_000, 10**17) == 190_000_000_000
    assert emission.voting_power(7, 9, 0) == 7
    assert emission.voting_power(U64_MAX, U64_MAX, 5 * 10**17) == U64_MAX
