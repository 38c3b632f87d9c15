"""Ways through maps that are shorter than one read after the other, and must give the same."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame import hashers
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.hashers import Blake2_128Concat, Identity, KeyParts
from pysubtensor.runtime.frame.storage import ABSENT, StorageDoubleMap, StorageMap
from pysubtensor.runtime.scale import codec_of, u16

from tests.world import empty_context

Numbers = StorageMap[int, int, int]
Pairs = StorageDoubleMap[int, int, int, int | None]


@pytest.fixture
def ctx() -> Context:
    return empty_context()


@pytest.fixture
def numbers() -> Numbers:
    return StorageMap("Test", "Numbers", [(Identity, u16)], u16, 0, "")


@pytest.fixture
def pairs() -> Pairs:
    return StorageDoubleMap("Test", "Pairs", [(Blake2_128Concat, u16), (Identity, u16)], u16, ABSENT, "")


def test_all_keys_are_those_of_the_present_state_in_the_chains_order(ctx: Context, numbers: Numbers) -> None:
    for key in (257, 1, 2):
        numbers.put(ctx, key, key)
    assert numbers.all_keys(ctx) == (1, 257, 2)
    with ctx.state.anchor():
        numbers.remove(ctx, 1)
        numbers.put(ctx, 256, 0)
        assert numbers.all_keys(ctx) == (256, 257, 2)
    assert numbers.all_keys(ctx) == (1, 257, 2)
    assert numbers.clear(ctx) == 3
    assert numbers.all_keys(ctx) == ()


def test_a_row_and_a_column_are_what_single_reads_give(ctx: Context, pairs: Pairs) -> None:
    pairs.put(ctx, 1, 2, 12)
    pairs.put(ctx, 1, 3, 13)
    pairs.put(ctx, 2, 3, 23)
    assert pairs.row(ctx, 1, [3, 4, 2]) == [13, None, 12]
    assert pairs.column(ctx, [2, 3, 1], 3) == [23, None, 13]


def test_parts_of_keys_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashers, "KEY_CACHE_LIMIT", 2)
    parts = KeyParts(Blake2_128Concat, codec_of(u16))
    made = [parts[key] for key in (1, 2, 3, 1)]
    assert made[0] == made[3]
    assert made[0][16:] == b"\1\0"
    assert len(parts) <= 2


def test_what_can_change_is_no_key() -> None:
    with pytest.raises(AssertionError, match="immutable"):
        KeyParts(Identity, codec_of(list[u16]))
