"""Reusable arrays: which are shared, when, and how large they are."""

from __future__ import annotations

import numpy as np
import pytest
from pysubtensor.consensus.yuma import scratch
from pysubtensor.consensus.yuma.scratch import Scratch


@pytest.fixture(autouse=True)
def idle(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[object]]:
    """The idle arrays, none at first."""
    known: dict[int, list[object]] = {}
    monkeypatch.setattr(scratch, "_idle", known)
    return known


def test_arrays_are_reused_after_the_block_and_not_inside_it() -> None:
    with Scratch() as first:
        one, two = first.empty((4, 4)), first.empty((16,))
        assert not np.shares_memory(one, two)
    with Scratch() as second:
        three, four, five = (second.empty((2, 8)) for _ in range(3))
        assert np.shares_memory(three, two)
        assert np.shares_memory(four, one)
        assert not any(np.shares_memory(five, other) for other in (one, two))


def test_an_error_gives_the_arrays_back_too(idle: dict[int, list[object]]) -> None:
    inside = Scratch()
    inside.empty((4,))
    inside.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    assert {length: len(arrays) for length, arrays in idle.items()} == {4: 1}
    assert inside._taken == []


@pytest.mark.parametrize(
    ("shape", "dtype", "words"),
    [
        ((0,), np.uint64, 1),
        ((1,), np.uint64, 1),
        ((3,), np.uint64, 4),
        ((2, 2), np.int64, 4),
        ((5,), np.uint64, 8),
        ((9,), np.uint8, 2),
        ((8,), np.uint8, 1),
        ((3, 3), np.uint16, 4),
    ],
)
def test_arrays_have_a_power_of_two_words(
    idle: dict[int, list[object]], shape: tuple[int, ...], dtype: type, words: int
) -> None:
    with Scratch() as inside:
        array = inside.empty(shape, dtype)
        assert (array.shape, array.dtype) == (shape, np.dtype(dtype))
    assert list(idle) == [words]
