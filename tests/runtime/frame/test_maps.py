"""Bulk reads of maps, which must equal single reads."""

from __future__ import annotations

import pytest
from pysubtensor.consensus.internal import InternalError
from pysubtensor.runtime.frame import hashers
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.hashers import Blake2_128Concat, Identity, KeyParts
from pysubtensor.runtime.frame.storage import ABSENT, CountedStorageMap, StorageDoubleMap, StorageMap, StorageNMap
from pysubtensor.runtime.frame.storage.multi_maps import WALKS_LIMIT
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


def test_keys_are_iterated_in_the_chains_order(ctx: Context, numbers: Numbers) -> None:
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


def test_rows_and_columns_equal_single_reads(ctx: Context, pairs: Pairs) -> None:
    pairs.put(ctx, 1, 2, 12)
    pairs.put(ctx, 1, 3, 13)
    pairs.put(ctx, 2, 3, 23)
    assert pairs.row(ctx, 1, [3, 4, 2]) == [13, None, 12]
    assert pairs.column(ctx, [2, 3, 1], 3) == [23, None, 13]


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "default"])
def test_lists_from_bulk_reads_belong_to_the_caller(ctx: Context, stored: bool) -> None:
    lists: StorageMap[int, list[int], list[int]] = StorageMap("Test", "Lists", [(Identity, u16)], list[u16], [], "")
    expected = [7] if stored else []
    if stored:
        for key in (1, 2):
            lists.put(ctx, key, [7])
    for bulk in (True, True, False, False, True):
        values = list(lists.column(ctx, [1, 2])) if bulk else [lists.get(ctx, key) for key in (1, 2)]
        assert values == [expected, expected]
        values[0].append(9)
        assert values == [[*expected, 9], expected]


def test_the_cache_of_key_parts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashers, "KEY_CACHE_LIMIT", 2)
    parts = KeyParts(Blake2_128Concat, codec_of(u16))
    made = [parts[key] for key in (1, 2, 3, 1)]
    assert made[0] == made[3]
    assert made[0][16:] == b"\1\0"
    assert len(parts) <= 2


def test_mutable_values_are_refused_as_keys() -> None:
    with pytest.raises(InternalError, match="immutable"):
        KeyParts(Identity, codec_of(list[u16]))


@pytest.mark.parametrize("known", [[], [1, 2, 257]])
def test_a_column_is_written_as_single_values_are(ctx: Context, numbers: Numbers, known: list[int]) -> None:
    other = empty_context()
    for each in (ctx, other):
        for key in known:
            numbers.put(each, key, 9)
    assert numbers.column(ctx, [1, 3, 257]) == [numbers.get(other, key) for key in (1, 3, 257)]
    with ctx.state.anchor():
        numbers.put_column(ctx, [1, 3, 257], [9, 8, 7])
        assert numbers.column(ctx, [257, 2, 3, 1]) == [7, 9 if known else 0, 8, 9]
        assert numbers.all_keys(ctx) == ((1, 257, 2, 3) if known else (1, 257, 3))
        for key, value in ((1, 9), (3, 8), (257, 7)):
            numbers.put(other, key, value)
        assert ctx.state.changes() == other.state.changes()
    assert numbers.column(ctx, [1, 3, 257]) == [9 if key in known else 0 for key in (1, 3, 257)]


def test_rows_and_columns_of_pairs_are_written_as_single_values_are(ctx: Context, pairs: Pairs) -> None:
    pairs.put_row(ctx, 1, [2, 3], [12, 13])
    pairs.put_column(ctx, [2, 3], 3, [23, 33])
    assert sorted(pairs.items(ctx)) == [((1, 2), 12), ((1, 3), 13), ((2, 3), 23), ((3, 3), 33)]


def test_a_counted_map_counts_the_values_of_a_column(ctx: Context) -> None:
    counted = CountedStorageMap[int, int, int]("Test", "Counted", [(Identity, u16)], u16, 0, "")
    counted.put_column(ctx, [1, 2, 1], [1, 2, 3])
    assert (counted.count(ctx), counted.column(ctx, [1, 2])) == (2, [3, 2])


def test_what_was_cleared_is_known_to_be_empty_until_a_key_comes(ctx: Context, numbers: Numbers) -> None:
    numbers.put(ctx, 1, 1)
    with ctx.state.anchor():
        assert [numbers.clear(ctx), numbers.clear(ctx)] == [1, 0]
        assert numbers.is_empty(ctx)
        numbers.put(ctx, 2, 2)
        assert numbers.all_keys(ctx) == (2,)
    assert numbers.all_keys(ctx) == (1,)


def test_keys_after_another_follow_entries_that_come_and_go(ctx: Context) -> None:
    triples = StorageNMap[tuple[int, int, int], int, int]("Test", "Triples", [(Identity, u16)] * 3, u16, 0, "")
    first, second, third = (triples.key((1, 1, number)) for number in (1, 2, 3))
    assert triples.is_empty(ctx)
    assert triples.keys_after(ctx, None, 2) == ()
    triples.put(ctx, (1, 1, 1), 7)
    triples.put(ctx, (1, 1, 3), 7)
    assert not triples.is_empty(ctx)
    assert triples.keys_after(ctx, None, 2) == (first, third)
    with ctx.state.anchor():
        triples.put(ctx, (1, 1, 2), 7)
        assert [triples.keys_after(ctx, after, 2) for after in (None, first, third)] == [
            (first, second),
            (second, third),
            (),
        ]
        triples.remove(ctx, (1, 1, 3))
        assert triples.keys_after(ctx, first, 2) == (second,)
        assert triples.clear(ctx) == 2
        assert triples.keys_after(ctx, first, 2) == ()
    assert triples.keys_after(ctx, first, 2) == (third,)


def test_few_walks_over_the_keys_are_cached(ctx: Context) -> None:
    triples = StorageNMap[tuple[int, int, int], int, int]("Test", "Triples", [(Identity, u16)] * 3, u16, 0, "")
    keys = [triples.key((1, 1, number)) for number in range(2 * WALKS_LIMIT)]
    for number in range(2 * WALKS_LIMIT):
        triples.put(ctx, (1, 1, number), 7)
    assert [triples.keys_after(ctx, key, 1) for key in keys] == [(key,) for key in keys[1:]] + [()]
    cached = ctx.state.decoded[triples.prefix]
    assert isinstance(cached, dict)
    assert len(cached) <= WALKS_LIMIT + 1
    assert not triples.is_empty(ctx)
