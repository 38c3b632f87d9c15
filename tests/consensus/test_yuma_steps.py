"""Each formula of the reference epoch against the chain's own function of the same purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pysubtensor.consensus.fixed import I32F32
from pysubtensor.consensus.yuma import fast, reference
from pysubtensor.consensus.yuma.liquid import liquid_alphas
from pysubtensor.consensus.yuma.types import EpochInput

from tests.vectors import load

Groups = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def answers() -> Groups:
    groups: Groups = load("yuma/math")["groups"]
    return groups


def rows(matrix: list[list[list[int]]]) -> list[reference.Row]:
    return [[(j, x) for j, x in row] for row in matrix]


def test_clipping_to_zero_drops_entries(answers: Groups) -> None:
    for case in answers["col_clip_sparse"]:
        assert reference.clip(rows(case["m"]), case["threshold"]) == rows(case["out"])


def test_columns_are_normalised_and_upscaled(answers: Groups) -> None:
    for case in answers["col_normalize_sparse"]:
        assert reference.normalise_columns(rows(case["m"]), case["columns"]) == rows(case["out"])
    for case in answers["col_max_upscale_sparse"]:
        assert reference.max_upscale_columns(rows(case["m"]), case["columns"]) == rows(case["out"])


def test_rows_are_normalised(answers: Groups) -> None:
    for case in answers["row_normalize_sparse"]:
        assert [reference.normalise_row(row) for row in rows(case["m"])] == rows(case["out"])


def test_a_penalty_interpolates_except_at_its_bounds(answers: Groups) -> None:
    for case in answers["interpolate_sparse"]:
        mixed = reference.penalise(rows(case["a"]), rows(case["b"]), case["ratio"], case["columns"])
        assert mixed == rows(case["out"])


def test_moving_averages(answers: Groups) -> None:
    for case in answers["mat_ema_sparse"]:
        assert reference.moving_average(rows(case["new"]), rows(case["old"]), case["alpha"]) == rows(case["out"])
    for case in answers["bonds_alpha"]:
        assert reference.moving_average_alpha(case["bonds_moving_average"]) == case["alpha"]
        assert reference.yuma3_moving_average_alpha(case["bonds_moving_average"]) == case["alpha"]
    for case in answers["mat_ema_alpha_sparse"]:
        mixed = [
            reference.follow(new, old, lambda j, alphas=alphas: alphas[j])
            for new, old, alphas in zip(rows(case["new"]), rows(case["old"]), case["alpha"], strict=True)
        ]
        assert mixed == rows(case["out"])


#: The largest I32F32, and a millionth in it, rounded up.
LARGEST, MILLIONTH = 2**63 - 1, 4295
#: Bonds moving averages that Yuma 3 wraps, and its alpha (I32F32). 2^31 becomes -2^31, so that alpha saturates; a
#: multiple of 2^32 vanishes; 2^63 becomes -2^63, and -2^63 / 10^6 = -9223372036854.775808 keeps 2077252342.775808.
WRAPPED = [
    (2**31 * 10**6, LARGEST),
    (2**32 * 10**6, 2**32),
    (2**32 * 10**6 + 900_000, 429_496_730),
    (2**63, (1 + 2_077_252_342) * 2**32 + 3_332_069_988),
    (2**64 - 1, 2**32 + MILLIONTH),
]


@pytest.mark.parametrize(("average", "alpha"), WRAPPED)
def test_yuma_3_wraps_a_large_moving_average_where_yuma_2_saturates(average: int, alpha: int) -> None:
    assert reference.yuma3_moving_average_alpha(average) == alpha
    assert reference.moving_average_alpha(average) == 2**32 - LARGEST


def test_the_largest_moving_average_that_does_not_wrap() -> None:
    alphas = {
        alpha(2**31 * 10**6 - 1) for alpha in (reference.moving_average_alpha, reference.yuma3_moving_average_alpha)
    }
    assert alphas == {2**32 - (2**63 - MILLIONTH)}


def test_products(answers: Groups) -> None:
    for case in answers["products"]:
        m, v = rows(case["m"]), case["v"]
        assert reference.ranks(m, v, len(v)) == case["matmul_sparse"]
        assert [reference.weighted_sum(row, v) for row in m] == case["matmul_transpose_sparse"]


def test_the_largest_stakes_get_permits(answers: Groups) -> None:
    for case in answers["is_topk"]:
        assert reference.top_stakes(case["x"], case["k"], None) == case["is_topk_nonzero"]
        fast_permits = fast.top_stakes(np.array(case["x"], np.uint64), case["k"], None)
        assert fast_permits.tolist() == case["is_topk_nonzero"]


def test_the_median_by_stake(answers: Groups) -> None:
    for case in answers["weighted_median_col_sparse"]:
        median = reference.weighted_median(rows(case["m"]), case["stake"], case["majority"], case["columns"])
        assert median == case["out"]
    for case in answers["weighted_median"]:
        if min(case["stake"], default=0) > 0 and case["lo"] == 0 and case["hi"] == sum(case["stake"]):
            ballot = sorted(zip(case["score"], case["stake"], strict=True))
            if len(ballot) > 1:
                assert reference.median_of(ballot, case["minority"]) == case["median"]


def test_liquid_alpha_is_a_sigmoid(answers: Groups) -> None:
    for case in answers["alpha_sigmoid"]:
        given = replace(
            EpochInput.blank(1),
            alpha_low=case["alpha_low_u16"],
            alpha_high=case["alpha_high_u16"],
            alpha_sigmoid_steepness=case["steepness"],
        )
        w, b, c = case["weight"], case["bond"], case["consensus"]
        assert reference.liquid_alpha(given)(w, b, c) == case["alpha"]
        if max(w, b, c) <= I32F32.one:
            alpha, *cells = (np.array([x], np.uint64) for x in (0, w, b, c))
            liquid_alphas(given, *cells, out=alpha)
            assert alpha.tolist() == [case["alpha"]]
