"""Powers of ratios against the chain's own crate, and the quick implementation against the series."""

from __future__ import annotations

from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.consensus.power import MAX_EXACT_EXPONENT, SCALE, quick_power, ratio_power, root, series_power

from tests.vectors import load

CASES = load("pool/power")["cases"]
examples = settings(max_examples=60)
weights = st.integers(SCALE // 100, SCALE - SCALE // 100)
reserves = st.integers(1, 2**64 - 1)


def reduced(p: int, q: int) -> tuple[int, int]:
    return p // gcd(p, q), q // gcd(p, q)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"({case[0]}/{case[1]})^({case[2]}/{case[3]})")
def test_powers_are_those_of_the_chains_crate(case: list[str]) -> None:
    a, b, p, q, precision, expected = map(int, case)
    assert ratio_power(a, b, p, q, precision) == expected
    if max(reduced(p, q)) > MAX_EXACT_EXPONENT:
        assert series_power(a, b, *reduced(p, q), precision) == expected


def test_results_of_a_series_without_convergence_are_the_chains() -> None:
    """(1 / 2^64)^99 is nearly zero, but the result of the chain's series does not even fit u64."""
    wrong = [int(case[5]) for case in CASES if int(case[5]) < 0 or int(case[5]) > 2**64]
    assert len(wrong) >= 3
    assert ratio_power(1, 2**64 - 1, 99, 1, 256) == 0, "a power that needs no series is right"


@examples
@given(reserves, st.integers(0, 10**6), st.integers(1, 10**6), weights)
def test_quick_powers_equal_the_series(a: int, parts: int, of: int, weight: int) -> None:
    b = a + a * min(parts, of) // of
    p, q = reduced(weight, SCALE - weight)
    quick = quick_power(a, b, p, q)
    assert quick in (None, series_power(a, b, p, q, 256))
    quick = quick_power(b, a, p, q)
    assert quick in (None, series_power(b, a, p, q, 256))


def test_quick_powers_suffice_for_usual_trades() -> None:
    for paid_in in (10**6, 10**9, 10**12):
        assert quick_power(10**14, 10**14 + paid_in, *reduced(SCALE * 51 // 100, SCALE * 49 // 100)) is not None


def test_quick_powers_near_a_whole_number_are_not_certain() -> None:
    """2^60 / 2^60 is one, but a slightly smaller value would be floored to 10^18 - 1, so the result is uncertain."""
    assert quick_power(2**60, 2**60, 3, 7919) is None
    assert ratio_power(2**60, 2**60, 3, 7919, 256) == SCALE


@examples
@given(st.integers(0, 2**600), st.integers(1, 40))
def test_roots_are_the_largest_integers_whose_power_fits(x: int, degree: int) -> None:
    found = root(x, degree)
    assert found**degree <= x < (found + 1) ** degree


def test_zero_to_any_power_is_zero() -> None:
    assert ratio_power(0, 5, SCALE // 3, SCALE, 256) == 0
