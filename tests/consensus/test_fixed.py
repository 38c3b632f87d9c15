"""Fixed point against the chain's own arithmetic (known answers), scalar and vectorised."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysubtensor.consensus import fixed
from pysubtensor.consensus.fixed import I32F32, I64F64, I96F32, U64F64, arrays

from tests.vectors import load

ONE = I32F32.one
raw = st.one_of(
    st.integers(I32F32.min, I32F32.max),
    st.integers(-(2**34), 2**34),
    st.sampled_from([I32F32.min, I32F32.min + 1, -ONE, -1, 0, 1, ONE, I32F32.max]),
)
unit = st.one_of(st.integers(0, ONE), st.sampled_from([0, 1, ONE - 1, ONE]))


@pytest.fixture(scope="module")
def math() -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = load("yuma/math")["groups"]
    return groups


def column(cases: list[dict[str, Any]], name: str) -> Any:
    return np.array([case[name] for case in cases], dtype=np.int64)


def test_products_are_floored(math: dict[str, list[dict[str, Any]]]) -> None:
    for case in math["i32f32_mul"]:
        assert I32F32.saturating_mul(case["a"], case["b"]) == case["saturating"]
        assert I32F32.checked_mul(case["a"], case["b"]) == case["checked"]
    cases = math["i32f32_mul"]
    product = arrays.saturating_mul(column(cases, "a"), column(cases, "b"))
    assert product.tolist() == [case["saturating"] for case in cases]


def test_quotients_are_truncated_toward_zero(math: dict[str, list[dict[str, Any]]]) -> None:
    cases = math["i32f32_div"]
    for case in cases:
        assert I32F32.checked_div(case["a"], case["b"]) == case["checked"]
        assert I32F32.safe_div(case["a"], case["b"]) == case["safe_div"]
        if case["b"]:
            assert I32F32.saturating_div(case["a"], case["b"]) == case["saturating"]
    quotient = arrays.safe_div(column(cases, "a"), column(cases, "b"))
    assert quotient.tolist() == [case["safe_div"] for case in cases]
    cases = [case for case in cases if case["b"]]
    quotient = arrays.saturating_div(column(cases, "a"), column(cases, "b"))
    assert quotient.tolist() == [case["saturating"] for case in cases]


def test_sums_saturate_or_wrap_by_name(math: dict[str, list[dict[str, Any]]]) -> None:
    cases = math["i32f32_add_sub"]
    a, b = column(cases, "a"), column(cases, "b")
    assert arrays.saturating_add(a, b).tolist() == [case["saturating_add"] for case in cases]
    assert arrays.saturating_sub(a, b).tolist() == [case["saturating_sub"] for case in cases]
    for case in cases:
        assert I32F32.saturating_add(case["a"], case["b"]) == case["saturating_add"]
        assert I32F32.saturating_sub(case["a"], case["b"]) == case["saturating_sub"]
        assert I32F32.wrapping_sum([case["a"], case["b"]]) == case["plain_add_release"]


def test_conversions_floor_and_clamp(math: dict[str, list[dict[str, Any]]]) -> None:
    for case in math["i32f32_conversions"]:
        x = case["x"]
        assert I32F32.to_int(x, 16) == case["to_u16"]
        assert I32F32.to_int(x, 64) == case["to_u64"]
        assert I64F64.convert(x, I32F32) == int(case["to_i64f64"])
        assert fixed.to_u16_proportion(x) == case["proportion_to_u16"]
        assert I32F32.safe_div(x, I32F32.from_int(65535)) == case["fixed_u16_proportion"]
    for case in math["fixed_proportion_to_u16"]:
        assert fixed.to_u16_proportion(case["x"]) == case["u16"]
    for case in math["u16_proportion_to_fixed"]:
        assert fixed.proportion(case["u16"]) == case["bits"]
        assert arrays.unit_proportion(np.array([case["u16"]])).tolist() == [case["bits"]]
    for case in math["i64f64_conversions"]:
        assert I32F32.convert(int(case["x"]), I64F64) == case["to_i32f32"]
        assert I64F64.to_int(int(case["x"]), 64) == case["to_u64"]
    for case in math["u64_to_i64f64_saturating"]:
        assert I64F64.from_int(case["u64"]) == int(case["bits"])


def test_stake_arithmetic_has_64_fraction_bits(math: dict[str, list[dict[str, Any]]]) -> None:
    for case in math["i64f64_mul"]:
        a, b, checked = int(case["a"]), int(case["b"]), case["checked"]
        assert I64F64.saturating_mul(a, b) == int(case["saturating"])
        assert I64F64.checked_mul(a, b) == (None if checked is None else int(checked))
    for case in math["i64f64_div"]:
        a, b, checked = int(case["a"]), int(case["b"]), case["checked"]
        assert I64F64.safe_div(a, b) == int(case["safe_div"])
        assert I64F64.checked_div(a, b) == (None if checked is None else int(checked))


def test_emission_is_the_floor_of_an_exact_product(math: dict[str, list[dict[str, Any]]]) -> None:
    for case in math["emission_i96f32"]:
        product = I96F32.saturating_mul(I96F32.convert(case["share"], I32F32), I96F32.from_int(case["rao"]))
        assert product == int(case["product_bits"])
        assert I96F32.to_int(product, 64) == case["u64"]


def test_exp_is_a_truncated_series(math: dict[str, list[dict[str, Any]]]) -> None:
    cases = math["exp"]
    for case in cases:
        assert fixed.exp(case["x"]) == case["exp_unclamped"]
        assert fixed.exp_safe(case["x"]) == case["exp_safe"]
    assert arrays.exp_safe(column(cases, "x")).tolist() == [case["exp_safe"] for case in cases]


def test_ln_and_sigmoid(math: dict[str, list[dict[str, Any]]]) -> None:
    for case in math["safe_ln"]:
        assert fixed.safe_ln(case["x"]) == case["ln"]
    for case in math["sigmoid_safe"]:
        assert fixed.sigmoid_safe(case["x"], case["rho"], case["kappa"]) == case["out"]


def test_normalisers(math: dict[str, list[dict[str, Any]]]) -> None:
    for case in math["inplace_normalize"]:
        assert fixed.normalise(case["x"]) == case["out"]
        if case["x"] and min(case["x"]) >= 0 and max(case["x"]) <= ONE:
            assert arrays.unit_normalise(np.array(case["x"], np.uint64)).tolist() == case["out"]
    for case in math["inplace_normalize_64"]:
        assert fixed.normalise_stake([int(x) for x in case["x"]]) == case["out_i32f32"]
    for case in math["vec_u16_max_upscale_to_u16"]:
        assert fixed.max_upscale_to_u16(case["x"]) == case["out"]


def test_a_share_stored_as_u16_loses_one_unit() -> None:
    lost = [k - fixed.to_u16_proportion(fixed.proportion(k)) for k in range(65536)]
    assert lost == [0] + [1] * 65534 + [0]


@given(st.lists(st.tuples(raw, raw), min_size=1))
def test_arrays_equal_the_scalar_functions(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    assert arrays.saturating_mul(a, b).tolist() == [I32F32.saturating_mul(x, y) for x, y in pairs]
    assert arrays.safe_div(a, b).tolist() == [I32F32.safe_div(x, y) for x, y in pairs]
    assert arrays.saturating_add(a, b).tolist() == [I32F32.saturating_add(x, y) for x, y in pairs]
    assert arrays.saturating_sub(a, b).tolist() == [I32F32.saturating_sub(x, y) for x, y in pairs]
    assert arrays.exp_safe(a).tolist() == [fixed.exp_safe(x) for x, _ in pairs]


@given(st.lists(st.tuples(unit, unit), min_size=1))
def test_unit_arithmetic_holds_up_to_exactly_one(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array(side, np.uint64) for side in zip(*pairs, strict=True))
    assert arrays.unit_mul(a, b).tolist() == [I32F32.saturating_mul(x, y) for x, y in pairs]
    assert arrays.unit_to_u16(a).tolist() == [fixed.to_u16_proportion(x) for x, _ in pairs]
    divisor = np.maximum(a, b) + np.uint64(2)
    expected = [I32F32.safe_div(x, max(x, y) + 2) for x, y in pairs]
    assert arrays.unit_div(a, divisor).tolist() == expected
    table = a.reshape(-1, 1)
    assert arrays.unit_div(table, divisor.reshape(-1, 1)).ravel().tolist() == expected
    assert arrays.unit_div(a, divisor, out=a).tolist() == expected


def test_square_roots_and_powers_reach_their_epsilon() -> None:
    two = U64F64.from_int(2)
    root = fixed.checked_sqrt(two, epsilon=1 << 20, fmt=U64F64)
    assert root is not None
    assert abs(root * root - (2 << 128)) < 1 << 88
    assert fixed.checked_sqrt(-1, 1, I64F64) is None
    assert fixed.checked_pow(I32F32.from_int(3), 4, I32F32) == I32F32.from_int(81)
    assert fixed.checked_pow(I32F32.from_int(2), -2, I32F32) == ONE // 4
    assert fixed.checked_pow(0, -1, I32F32) is None
    assert fixed.checked_pow(0, 3, I32F32) == 0
    assert fixed.log2(U64F64.from_int(8), U64F64) == U64F64.from_int(3)
