"""The fast epoch against the reference on generated inputs, and properties of every epoch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st
from pysubtensor.consensus.yuma import cells, fast, reference
from pysubtensor.consensus.yuma.case import epoch_output
from pysubtensor.consensus.yuma.types import EpochInput, InvalidInput, SparseRows

examples = settings(max_examples=300)
u16 = st.one_of(st.sampled_from([0, 1, 2, 32767, 32768, 65534, 65535]), st.integers(0, 65535))
proportions = st.sampled_from([0, 1, 20000, 32767, 32768, 45875, 58982, 65534, 65535])
#: Up to 10^6 the fast epoch computes them itself; Yuma 3 wraps those from 2^31 · 10^6 on.
AVERAGES = [0, 1, 900_000, 975_000, 999_999, 10**6, 10**6 + 1, 2**31 * 10**6, 2**32 * 10**6 + 1, 2**63, 2**64 - 1]
blocks = st.sampled_from([0, 1, 639, 640, 641, 642, 900, 901, 999, 1000, 2**64 - 1])
stakes = st.one_of(
    st.sampled_from([0, 1, 1 << 64, 5 << 64, (5 << 64) - 1, 10**15 << 64, 1 << 120]), st.integers(0, 1 << 118)
)


@st.composite
def sparse_rows(draw: st.DrawFn, n: int) -> SparseRows:
    """Rows of any length and order, some targets beyond the last uid."""
    targets = st.lists(st.integers(0, n + 2), unique=True, max_size=n + 2)
    rows = [[(j, draw(u16)) for j in draw(targets)] for _ in range(n)]
    return SparseRows.from_rows(rows if draw(st.booleans()) else [sorted(row) for row in rows])


@st.composite
def epochs(draw: st.DrawFn) -> EpochInput:
    n = draw(st.integers(0, 6))

    def per_uid(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=n, max_size=n))

    return EpochInput(
        n=n,
        current_block=draw(st.sampled_from([1000, 300, 0, 5900, 2**64 - 1])),
        tempo=draw(st.sampled_from([0, 360, 65535])),
        activity_cutoff=draw(st.sampled_from([0, 1, 99, 100, 5000, 2**64 - 1])),
        last_update=np.array(per_uid(blocks), np.uint64),
        block_at_registration=np.array(per_uid(blocks), np.uint64),
        total_stake=per_uid(stakes),
        min_stake=draw(st.sampled_from([0, 1, 5, 10**15])),
        owner_uid=draw(st.one_of(st.none(), st.integers(0, n - 1))) if n else None,
        validator_permits=np.array(per_uid(st.booleans())[: draw(st.integers(0, 20))], bool),
        max_allowed_validators=draw(st.sampled_from([0, 1, 2, 3, 64])),
        weights=draw(sparse_rows(n)),
        bonds=draw(sparse_rows(n)),
        kappa=draw(proportions),
        bonds_penalty=draw(proportions),
        alpha_low=draw(proportions),
        alpha_high=draw(proportions),
        bonds_moving_average=draw(st.sampled_from(AVERAGES)),
        yuma3_on=draw(st.booleans()),
        liquid_alpha_on=draw(st.booleans()),
        alpha_sigmoid_steepness=draw(st.sampled_from([-32768, -1000, -1, 0, 1, 99, 1000, 32767])),
        last_mechanism_step_block=draw(st.sampled_from([0, 1, 640, 2**64 - 1])),
        commit_reveal_enabled=draw(st.booleans()),
        commit_blocks=np.array(per_uid(blocks), np.uint64),
        rao_emission=draw(st.sampled_from([0, 1, 10**9, 7_200_000_000_000, 2**63, 2**64 - 1])),
    )


@pytest.fixture(scope="module", params=[0, 3, 10**6], ids=["scattered", "either", "grid"])
def layout(request: pytest.FixtureRequest) -> Any:
    """Run with the usual choice of layout, and with a grid wherever there is an entry."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "GRID_CELLS_PER_ENTRY", request.param)
        yield request.param


@examples
@forall(given=epochs())
def test_fast_equals_reference(layout: int, given: EpochInput) -> None:
    assert epoch_output(fast.epoch(given)) == epoch_output(reference.epoch(given))


@examples
@forall(given=epochs())
def test_an_epoch_emits_at_most_its_emission(given: EpochInput) -> None:
    output = fast.epoch(given)
    rao = output.server_emission.astype(object).sum() + output.validator_emission.astype(object).sum()
    assert 0 <= rao <= given.rao_emission
    assert output.combined_emission.astype(object).sum() <= given.rao_emission
    assert output.stake_bits.sum() <= 1 << 32
    assert output.incentive_bits.sum() <= 1 << 32
    without_permit = ~output.new_validator_permits
    assert not output.bonds.lengths[without_permit].any()
    owners = 0 if given.owner_uid is None else 1
    assert output.new_validator_permits.sum() <= given.max_allowed_validators + owners


@pytest.mark.parametrize("variant", ["yuma2", "yuma3", "liquid"])
def test_a_large_subnet_needs_wide_integers(variant: str) -> None:
    """1,100 neurons with 64 full rows have more than 2^16 cells."""
    n, validators = 1100, 64
    rng = np.random.default_rng(7)
    rows = [np.stack([np.arange(n), rng.integers(0, 65536, n)], axis=1) for _ in range(validators)]
    given = replace(
        EpochInput.blank(n),
        weights=SparseRows.from_rows([*rows, *([] for _ in range(n - validators))]),
        bonds=SparseRows.from_rows([*rows[::-1], *([] for _ in range(n - validators))]),
        total_stake=[int(rao) << 64 for rao in rng.integers(0, 10**15, n)],
        validator_permits=np.arange(n) < validators,
        yuma3_on=variant != "yuma2",
        liquid_alpha_on=variant == "liquid",
        bonds_penalty=40000,
        rao_emission=10**12,
    )
    got, expected = epoch_output(fast.epoch(given)), epoch_output(reference.epoch(given))
    assert got == expected


def test_an_epoch_does_not_change_its_input_or_earlier_outputs() -> None:
    weights = SparseRows.from_rows([[(1, 5), (2, 7)], [(0, 3)], []])
    given = replace(
        EpochInput.blank(3),
        total_stake=[3 << 64, 1 << 64, 0],
        validator_permits=np.array([True, True, False]),
        weights=weights,
        rao_emission=10**9,
    )
    first = fast.epoch(given)
    before = epoch_output(first)
    again = fast.epoch(replace(given, weights=SparseRows.from_rows([[(2, 9)], [(2, 1)], []]), kappa=0))
    assert epoch_output(first) == before != epoch_output(again)
    assert weights.to_lists() == [[(1, 5), (2, 7)], [(0, 3)], []]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"last_update": np.zeros(2, np.uint64)}, "last_update: expected length 3, got 2"),
        ({"validator_permits": np.zeros(4, bool)}, "validator_permits: expected length 3, got 4"),
        ({"owner_uid": 3}, "owner_uid: expected a uid below 3, got 3"),
        ({"n": 1 << 16}, "n: expected 0 to 32768 neurons, got 65536"),
        ({"bonds": SparseRows.empty(2)}, "bonds: expected length 3, got 2"),
    ],
)
def test_an_invalid_input_is_refused_with_the_expected_value(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        replace(EpochInput.blank(3), **changes)
