"""Slots and their authors."""

from __future__ import annotations

import pytest
from pysubtensor.consensus.aura import author_of, slot_of


@pytest.mark.parametrize(
    ("timestamp_ms", "slot"), [(0, 0), (11_999, 0), (12_000, 1), (24_001, 2), (1_700_000_004_000, 141_666_667)]
)
def test_a_slot_is_a_whole_number_of_slot_durations(timestamp_ms: int, slot: int) -> None:
    assert slot_of(timestamp_ms, 12_000) == slot


def test_authorities_author_in_turn() -> None:
    assert [author_of(slot, "abc") for slot in (0, 1, 2, 3, 4, 302)] == ["a", "b", "c", "a", "b", "c"]
