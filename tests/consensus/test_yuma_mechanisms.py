"""Merged mechanisms against the same sums in scalar fixed point, and simulations of many epochs."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.consensus.fixed import U64F64
from pysubtensor.consensus.yuma import fast
from pysubtensor.consensus.yuma.mechanisms import merge, split_emission
from pysubtensor.consensus.yuma.scenario import from_json
from pysubtensor.consensus.yuma.simulate import Variant, simulate
from pysubtensor.consensus.yuma.types import EpochInput, EpochOutput, SparseRows

examples = settings(max_examples=100)
AVERAGED = {
    "stake_weight": 16,
    "consensus": 16,
    "dividends": 16,
    "validator_trust": 16,
    "combined_emission": 64,
}


def epoch_of(rng: np.random.Generator, rao: int) -> EpochOutput:
    n = 5
    rows = [[(j, int(rng.integers(65536))) for j in range(n)] if i < 3 else [] for i in range(n)]
    return fast.epoch(
        replace(
            EpochInput.blank(n),
            weights=SparseRows.from_rows(rows),
            total_stake=[int(rng.integers(1, 1 << 50)) << 64 for _ in range(n)],
            validator_permits=np.arange(n) < 3,
            max_allowed_validators=int(rng.integers(1, n)),
            rao_emission=rao,
        )
    )


def accumulated(values: list[int], weights: list[int], bits: int) -> int:
    total = 0
    for value, weight in zip(values, weights, strict=True):
        term = U64F64.saturating_mul(U64F64.from_int(value), weight)
        total = U64F64.to_int(U64F64.saturating_add(U64F64.from_int(total), term), bits)
    return total


@examples
@given(
    seed=st.integers(0, 1000),
    shares=st.one_of(st.none(), st.lists(st.integers(0, 30000), min_size=1, max_size=4)),
    count=st.integers(1, 4),
    rao=st.sampled_from([0, 1, 7, 10**9, 7_200_000_000_001, 2**63, 2**64 - 1]),
)
def test_the_merge_is_an_average_by_emission(seed: int, shares: list[int] | None, count: int, rao: int) -> None:
    rng = np.random.default_rng(seed)
    parts = split_emission(rao, count, shares)
    assert sum(parts) == rao
    outputs = [epoch_of(rng, part) for part in parts]
    merged = merge(outputs, parts, rao)
    weights = [
        U64F64.safe_div(U64F64.from_int(part), U64F64.from_int(rao), U64F64.one if index == 0 else 0)
        for index, part in enumerate(parts)
    ]
    for name, bits in AVERAGED.items():
        columns = zip(*(getattr(output, name).tolist() for output in outputs), strict=True)
        assert getattr(merged, name).tolist() == [accumulated(list(v), weights, bits) for v in columns]
    for name in ("server_emission", "validator_emission"):
        assert getattr(merged, name).tolist() == [
            sum(values) for values in zip(*(getattr(output, name).tolist() for output in outputs), strict=True)
        ]
    permits = np.any([output.new_validator_permits for output in outputs], axis=0)
    assert merged.new_validator_permits.tolist() == permits.tolist()


def test_a_single_mechanism_is_unchanged() -> None:
    for rao in (0, 10**9):
        output = epoch_of(np.random.default_rng(1), rao)
        merged = merge([output], [rao], rao)
        for field in fields(merged):
            assert getattr(merged, field.name).tolist() == getattr(output, field.name).tolist()


@pytest.mark.parametrize(("more", "total"), [(6, 2**64 - 2), (7, 2**64 - 1), (8, 2**64 - 1)])
def test_emission_of_all_mechanisms_together_is_at_most_the_largest_u64(more: int, total: int) -> None:
    output = epoch_of(np.random.default_rng(1), 10**9)
    first, second = (
        replace(output, server_emission=np.full(5, rao, np.uint64), validator_emission=np.full(5, rao, np.uint64))
        for rao in (2**64 - 8, more)
    )
    merged = merge([first, second], [10**9, 0], 10**9)
    assert merged.server_emission.tolist() == merged.validator_emission.tolist() == [total] * 5


@pytest.mark.parametrize(
    ("rao", "count", "shares", "parts"),
    [
        (100, 3, None, [34, 33, 33]),
        (100, 2, [65535, 0], [100, 0]),
        (100, 2, [32767, 32768], [50, 50]),  # 49 and 50: the odd one goes to mechanism 0
        (100, 3, [65535], [100, 0, 0]),
        (100, 1, [30000, 35535], [100]),
    ],
)
def test_emission_is_split_without_loss(rao: int, count: int, shares: list[int] | None, parts: list[int]) -> None:
    assert split_emission(rao, count, shares) == parts


def test_bonds_grow_from_epoch_to_epoch_and_converge() -> None:
    story = from_json(
        {
            "epochs": 60,
            "validators": [{"name": "Ann", "stake": 3}, {"name": "Bob", "stake": 2}],
            "miners": ["good", "bad"],
            "timeline": [{"epoch": 0, "weights": {"Ann": {"good": 3, "bad": 1}, "Bob": {"good": 3, "bad": 1}}}],
        }
    )
    bonds = [dict(output.bonds.row(0).tolist())[2] for output in simulate(story, Variant.YUMA3)]
    assert bonds == sorted(bonds)
    # A tenth of the distance to the weight (3/4) is made good in each epoch, less what storing as u16 cuts off.
    expected = 0.75 * (1 - 0.9 ** np.arange(1, 61)) * 65535
    assert np.abs(np.array(bonds) - expected).max() < 11
