"""SafeFloat against the chain's own, digit for digit, and against exact fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysubtensor.consensus.safe_float import MAX_EXPONENT, MAX_MANTISSA, MIN_EXPONENT, ZERO, SafeFloat

from tests.vectors import load

VECTORS = load("pool/shares")["floats"]
normal = st.builds(SafeFloat, st.integers(10**20 + 1, 10**21), st.integers(-60, 40))
Operation = Callable[..., SafeFloat | None]


def made(mantissa: int, exponent: int = 0) -> SafeFloat:
    value = SafeFloat.of(mantissa, exponent)
    assert value is not None
    return value


def exact(x: SafeFloat) -> Fraction:
    return x.mantissa * Fraction(10) ** x.exponent


def answer(operation: str, numbers: list[int]) -> str:
    """Return the result of an operation, in the notation of the known answers."""
    if operation == "new":
        result: object = SafeFloat.of(*numbers)
    elif operation == "fix":
        result = SafeFloat.from_u64f64(numbers[0])
    else:
        values = [SafeFloat(*numbers[i : i + 2]) for i in range(0, len(numbers), 2)]
        operations: dict[str, Callable[..., object]] = {
            "add": SafeFloat.checked_add,
            "sub": SafeFloat.checked_sub,
            "div": SafeFloat.checked_div,
            "muldiv": SafeFloat.checked_mul_div,
            "gt": SafeFloat.__gt__,
            "u64": SafeFloat.to_u64,
        }
        result = operations[operation](*values)
    if isinstance(result, SafeFloat):
        return f"{result.mantissa} {result.exponent}"
    return str(result).lower()


@pytest.mark.parametrize("operation", ["new", "fix", "add", "sub", "div", "muldiv", "gt", "u64"])
def test_every_operation_is_the_chains_to_the_last_digit(operation: str) -> None:
    cases = [case for case in VECTORS if case[0] == operation]
    assert len(cases) > 10
    for _, numbers, expected in cases:
        assert answer(operation, list(map(int, numbers))) == expected, numbers


@pytest.mark.parametrize(
    ("mantissa", "expected"),
    [
        (0, (0, 0)),
        (1, (10**21, -21)),
        (10, (10**21, -20)),
        (1_000, (10**21, -18)),
        (10**20, (10**21, -1)),
        (MAX_MANTISSA, (MAX_MANTISSA, 0)),
    ],
)
def test_numbers_are_kept_in_normal_form(mantissa: int, expected: tuple[int, int]) -> None:
    assert SafeFloat.of(mantissa) == SafeFloat(*expected)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((1, 0), (1, 0), (2 * 10**20, -20)),
        ((0, 0), (1, -1), (10**21, -22)),
        ((1, -1000), (1, -1), (10**21, -22)),
        ((MAX_MANTISSA, 0), (MAX_MANTISSA, 0), (2 * 10**20, 1)),
        ((123, 0), (1, 23), (10**21, 2)),
        ((123, 1), (1, 23), (100_000_000_000_000_000_001, 3)),
        ((10**21 - 1, 0), (1, 22), (109_999_999_999_999_999_999, 2)),
        ((4_200, 0), (1, 23), (100_000_000_000_000_000_004, 3)),
        ((1, 24), (123_456_789_012_345_678_901, 0), (100_012_345_678_901_234_567, 4)),
        ((1, 22), (1, 23), (11 * 10**19, 3)),
        ((10**21 - 1, 22), (1, 22), (10**21, 22)),
    ],
)
def test_sums_lose_the_digits_that_do_not_fit(
    a: tuple[int, int], b: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert made(*a).checked_add(made(*b)) == SafeFloat(*expected)
    assert made(*b).checked_add(made(*a)) == SafeFloat(*expected)


def test_mantissas_above_the_largest_are_refused() -> None:
    assert SafeFloat.of(MAX_MANTISSA + 1) is None


def test_division_by_zero_is_none() -> None:
    one = made(1)
    assert one.checked_div(ZERO) is None
    assert one.checked_mul_div(one, ZERO) is None


def test_differences_stop_at_zero_but_subtracting_from_zero_is_none() -> None:
    one, two = made(1), made(2)
    assert one.checked_sub(two) == ZERO
    assert ZERO.checked_sub(one) is None
    assert ZERO.checked_sub(ZERO) == ZERO


@pytest.mark.parametrize("exponent", [MAX_EXPONENT, MIN_EXPONENT])
def test_exponents_beyond_64_bits_are_none(exponent: int) -> None:
    extreme = SafeFloat(5 * 10**20, exponent)
    assert extreme.checked_mul_div(SafeFloat(5 * 10**20, 22 if exponent > 0 else -22), made(1)) is None
    assert SafeFloat.of(1, MIN_EXPONENT) is None


@given(st.integers(0, 2**64 - 1))
def test_whole_numbers_convert_exactly(value: int) -> None:
    assert SafeFloat.from_u64(value).to_u64() == value


def test_conversion_to_u64_floors_and_saturates() -> None:
    assert made(19, -1).to_u64() == 1
    assert made(10**20).to_u64() == 2**64 - 1
    assert made(1, MIN_EXPONENT + 30).to_u64() == 0


@given(normal, normal, normal)
def test_results_are_exact_up_to_a_floored_last_digit(a: SafeFloat, b: SafeFloat, c: SafeFloat) -> None:
    cases = [
        (a.checked_add(b), exact(a) + exact(b)),
        (a.checked_div(b), exact(a) / exact(b)),
        (a.checked_mul_div(b, c), exact(a) * exact(b) / exact(c)),
    ]
    for result, true in cases:
        assert result is not None
        assert 0 <= true - exact(result) <= true / 10**18


@given(normal, normal)
def test_order_is_that_of_the_numbers(a: SafeFloat, b: SafeFloat) -> None:
    assert (a > b) == (exact(a) > exact(b))
    assert (a < b) == (exact(a) < exact(b))
    assert a > ZERO
    assert not a < ZERO


@given(st.integers(0, 2**128 - 1))
def test_former_shares_keep_their_value(bits: int) -> None:
    """A U64F64 has up to 39 digits; its whole part and 18 digits of its fraction are kept, within 21 digits."""
    value, true = exact(SafeFloat.from_u64f64(bits)), Fraction(bits, 2**64)
    assert 0 <= true - value <= max(true / 10**19, Fraction(1, 10**19))
