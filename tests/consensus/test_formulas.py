"""Formulas of emission and prices that are written as integer expressions, against the same in the chain's fixed-point
formats, step by step."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.consensus import emission
from pysubtensor.consensus.emission import AlphaSplit, SubnetTerms
from pysubtensor.consensus.fixed import I96F32, U64F64, U96F32
from pysubtensor.consensus.reserves import WHOLE, Reserves, price

deterministic = settings(derandomize=True, deadline=None, database=None, max_examples=300)
U64_MAX, U128_MAX, HALF = (1 << 64) - 1, (1 << 128) - 1, U96F32.one // 2


def numbers(bits: int) -> st.SearchStrategy[int]:
    """Numbers of any order of magnitude, and the ends of the range."""
    top = (1 << bits) - 1
    some = st.builds(lambda value, shift: value >> shift, st.integers(0, top), st.integers(0, bits - 1))
    return st.one_of(some, st.sampled_from([0, 1, top - 1, top]))


u64s, u128s = numbers(64), numbers(128)
#: U96F32 proportions of at most one, and U64F64 shares of at most one.
parts, shares = st.integers(0, U96F32.one), st.integers(0, U64F64.one)


@deterministic
@given(st.one_of(u64s, st.integers(0, emission.TOTAL_SUPPLY), st.integers(1, 4_000)))
def test_the_emission_found_by_bisection_is_that_of_the_logarithm(issued: int) -> None:
    issuances = [issued, emission.TOTAL_SUPPLY - issued % emission.TOTAL_SUPPLY - 1]
    for threshold in map(emission.issuance_of_halving, range(1, emission.halvings_at(emission.TOTAL_SUPPLY - 1) + 1)):
        issuances += [threshold - 1, threshold]
    for issuance in issuances:
        expected = 0
        if issuance < emission.TOTAL_SUPPLY:
            share = I96F32.saturating_div(I96F32.from_int(issuance), I96F32.from_int(emission.TOTAL_SUPPLY))
            left = I96F32.saturating_div(I96F32.one, I96F32.one - share)
            expected = emission.FULL_BLOCK_EMISSION >> emission.halvings(left)
        assert emission.block_emission(issuance) == expected


@deterministic
@given(st.lists(u128s, max_size=6))
def test_price_shares(prices: list[int]) -> None:
    total = U64F64.clamp(sum(prices))
    assert emission.price_shares(prices) == [U64F64.safe_div(each, total) for each in prices]


@deterministic
@given(st.lists(st.tuples(shares, u128s), max_size=6))
def test_shares_without_what_is_withheld(given: list[tuple[int, int]]) -> None:
    weighted = [
        U64F64.saturating_mul(share, U64F64.one - min(U64F64.convert(part, U96F32), U64F64.one))
        for share, part in given
    ]
    total = U64F64.clamp(sum(weighted))
    expected = [U64F64.safe_div(each, total) for each in weighted] if total else [share for share, _ in given]
    assert emission.without_burned([share for share, _ in given], [part for _, part in given]) == expected


@deterministic
@given(st.lists(st.tuples(shares, st.booleans()), max_size=6))
def test_shares_of_the_enabled(given: list[tuple[int, bool]]) -> None:
    on = [enabled for _, enabled in given]
    total = U64F64.clamp(sum(share for share, enabled in given if enabled))
    expected = [U64F64.safe_div(share, total) if enabled else 0 for share, enabled in given]
    if all(on):
        expected = [share for share, _ in given]
    assert emission.split_among_enabled([share for share, _ in given], on) == expected


@deterministic
@given(u64s, st.one_of(shares, u128s))
def test_a_part_of_the_emission(rao: int, share: int) -> None:
    expected = U96F32.convert(U64F64.saturating_mul(U64F64.from_int(rao), share), U64F64)
    assert emission.part_of_emission(rao, share) == expected


@deterministic
@given(u64s, st.one_of(parts, u128s), st.lists(u64s, max_size=4))
def test_root_proportions(root_tao: int, weight: int, issuances: list[int]) -> None:
    weighted = U96F32.saturating_mul(U96F32.from_int(root_tao), weight)
    expected = [
        U96F32.safe_div(weighted, U96F32.saturating_add(weighted, U96F32.from_int(issued))) for issued in issuances
    ]
    assert emission.root_proportions(root_tao, weight, issuances) == expected


@deterministic
@given(u128s, u64s, u128s, parts)
def test_subnet_terms(tao: int, alpha: int, alpha_price: int, proportion: int) -> None:
    tao_in, alpha_in = tao, U96F32.safe_div(tao, alpha_price)
    limit = U96F32.saturating_mul(proportion, U96F32.from_int(alpha))
    if alpha_in > limit:
        alpha_in, tao_in = limit, U96F32.saturating_mul(limit, alpha_price)
    expected = SubnetTerms(tao_in, alpha_in, U96F32.saturating_sub(tao, tao_in))
    assert emission.subnet_terms(tao, alpha, alpha_price, proportion) == expected


@deterministic
@given(u64s, parts, parts)
def test_the_split_of_alpha(alpha: int, cut: int, proportion: int) -> None:
    owner = U96F32.saturating_mul(U96F32.from_int(alpha), cut)
    rest = U96F32.saturating_sub(U96F32.from_int(alpha), owner)
    root = U96F32.saturating_mul(U96F32.saturating_mul(proportion, rest), HALF)
    servers = U96F32.saturating_mul(rest, HALF)
    validators = U96F32.saturating_sub(U96F32.saturating_sub(rest, servers), root)
    expected = AlphaSplit(*(U96F32.to_int(part, 64) for part in (owner, servers, validators, root)))
    assert emission.split_alpha(alpha, cut, proportion) == expected


@deterministic
@given(u128s, u128s, numbers(32), u64s, u128s)
def test_the_moving_price(former: int, newest: int, age: int, halving: int, follow: int) -> None:
    b, h = U64F64.from_int(age), U64F64.from_int(halving)
    weight = U64F64.saturating_mul(follow, U64F64.safe_div(b, U64F64.saturating_add(b, h)))
    moved = U64F64.saturating_mul(weight, min(newest, U64F64.one))
    rest = U64F64.saturating_mul(U64F64.saturating_sub(U64F64.one, weight), former)
    expected = I96F32.convert(U64F64.saturating_add(moved, rest), U64F64)
    assert emission.moved_price(former, newest, age, halving, follow) == expected


@deterministic
@given(u64s, u64s, st.one_of(st.integers(0, WHOLE), u64s))
def test_the_price_of_a_pool(tao: int, alpha: int, weight: int) -> None:
    weights = U64F64.safe_div(U64F64.from_int(WHOLE - weight), U64F64.from_int(weight))
    reserves = U64F64.safe_div(U64F64.from_int(tao), U64F64.from_int(alpha))
    assert price(Reserves(tao, alpha, weight)) == U64F64.saturating_mul(weights, reserves)
