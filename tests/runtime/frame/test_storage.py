"""Storage items of each kind against a plain dictionary, by the same random operations."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from pysubtensor.consensus.internal import InternalError
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.hashers import Blake2_128Concat, Identity, Twox64Concat
from pysubtensor.runtime.frame.storage import (
    ABSENT,
    CountedStorageMap,
    StorageDoubleMap,
    StorageItem,
    StorageMap,
    StorageNMap,
    StorageValue,
)
from pysubtensor.runtime.scale import u8, u16

from tests.world import empty_context

#: Types of values, a default of each, and values in the order of their use.
NUMBER = (u16, 7, lambda chance: chance.randrange(5))
LIST = (list[u16], [], lambda chance: [chance.randrange(5) for _ in range(chance.randrange(3))])
OPTION = (u16, ABSENT, lambda chance: chance.randrange(5))
FILLED = (list[u16], [1, 2], lambda chance: [chance.randrange(5)])
KINDS = pytest.mark.parametrize(
    ("type_", "default", "value"), [NUMBER, LIST, OPTION, FILLED], ids=["number", "list", "option", "filled list"]
)
KEYS = [0, 1, 2, 255]


@pytest.fixture
def ctx() -> Context:
    return empty_context()


def absent(default: Any) -> Any:
    return None if default is ABSENT else default


class Model:
    """An item and the dictionary that it has to equal; keys are tuples."""

    def __init__(self, ctx: Context, item: Any, default: Any) -> None:
        self.ctx, self.item, self.default = ctx, item, absent(default)
        self.rows: dict[tuple[int, ...], Any] = {}
        self.wraps = isinstance(item, StorageNMap)

    def parts(self, key: tuple[int, ...]) -> tuple[Any, ...]:
        """Return the arguments that stand for a key."""
        return (key,) if self.wraps else key

    def step(self, chance: Random, key: tuple[int, ...], value: Any) -> None:
        """Do the same to both."""
        parts, before = self.parts(key), self.rows.get(key, self.default)
        match chance.randrange(5):
            case 0 | 1:
                self.item.put(self.ctx, *parts, value)
                self.rows[key] = value
            case 2:
                self.item.remove(self.ctx, *parts) if key else self.item.kill(self.ctx)
                self.rows.pop(key, None)
            case 3:
                assert self.item.take(self.ctx, *parts) == before
                self.rows.pop(key, None)
            case 4:
                assert self.item.mutate(self.ctx, *parts, lambda read: value if read == before else None) == value
                self.rows[key] = value

    def check(self, key: tuple[int, ...]) -> None:
        parts = self.parts(key)
        exists = self.item.contains if key else self.item.exists
        assert exists(self.ctx, *parts) == (key in self.rows)
        for _ in range(2):  # what was read and changed must not be what is stored
            read = self.item.get(self.ctx, *parts)
            assert read == self.rows.get(key, self.default)
            if isinstance(read, list):
                read.append(999)
        assert self.item.read(self.ctx, key) == self.rows.get(key, self.default)

    def check_all(self) -> None:
        prefix, state = self.item.prefix, self.ctx.state
        encoded = {self.item.key_of(key): self.item.codec.encode(value) for key, value in self.rows.items()}
        assert dict(state.items(prefix)) == encoded
        assert {self.item.parts_of(raw) for raw in state.keys(prefix)} == set(self.rows)
        if isinstance(self.item, StorageMap):
            assert [(key,) for key, _ in self.item.items(self.ctx)] == [self.item.parts_of(k) for k in sorted(encoded)]
        if not isinstance(self.item, StorageValue):
            found = {key if isinstance(key, tuple) else (key,): value for key, value in self.item.items(self.ctx)}
            assert found == self.rows
            assert self.item.is_empty(self.ctx) == (not self.rows)
        if isinstance(self.item, StorageMap):
            assert (
                sorted(self.item.keys(self.ctx))
                == sorted(self.item.all_keys(self.ctx))
                == sorted(key for (key,) in self.rows)
            )
        if isinstance(self.item, CountedStorageMap):
            assert self.item.count(self.ctx) == len(self.rows)


def run(model: Model, seed: int, keys: int, value: Any) -> None:
    """Do random operations, some of them inside an anchor that takes them back."""
    chance = Random(seed)
    for _ in range(60):
        if chance.random() < 0.1:
            kept = dict(model.rows)
            with model.ctx.state.anchor():
                for _ in range(3):
                    key = tuple(chance.choice(KEYS) for _ in range(keys))
                    model.step(chance, key, value(chance))
                    model.check(key)
                model.check_all()
            model.rows = kept
        key = tuple(chance.choice(KEYS) for _ in range(keys))
        model.step(chance, key, value(chance))
        model.check(key)
        model.check_all()


@KINDS
def test_a_value_is_what_was_written_last(ctx: Context, type_: Any, default: Any, value: Any) -> None:
    run(Model(ctx, StorageValue("Test", "One", type_, default, ""), default), 1, 0, value)


@KINDS
@pytest.mark.parametrize("kind", [StorageMap, CountedStorageMap])
def test_a_map_is_a_dictionary(
    ctx: Context, kind: type[StorageMap[Any, Any, Any]], type_: Any, default: Any, value: Any
) -> None:
    for hasher in (Identity, Twox64Concat, Blake2_128Concat):
        item = kind("Test", repr(hasher), [(hasher, u8)], type_, default, "")
        run(Model(ctx, item, default), 2, 1, value)


@KINDS
def test_a_double_map_is_a_dictionary_of_pairs(ctx: Context, type_: Any, default: Any, value: Any) -> None:
    item = StorageDoubleMap[int, int, Any, Any](
        "Test", "Pairs", [(Twox64Concat, u8), (Identity, u16)], type_, default, ""
    )
    model = Model(ctx, item, default)
    run(model, 3, 2, value)
    for first in KEYS:
        under = {key[1]: value for key, value in model.rows.items() if key[0] == first}
        assert dict(item.under(ctx, first)) == under
        assert [item.get(ctx, first, second) for second in KEYS] == item.row(ctx, first, KEYS)
        assert [item.get(ctx, second, first) for second in KEYS] == item.column(ctx, KEYS, first)
    count = sum(key[0] == 1 for key in model.rows)
    assert count > 0
    assert item.clear_under(ctx, 1) == count
    model.rows = {key: value for key, value in model.rows.items() if key[0] != 1}
    model.check_all()
    item.keep_under(ctx, 2, [255, 7])
    model.rows = {key: value for key, value in model.rows.items() if key[0] != 2 or key[1] == 255}
    model.check_all()
    assert item.clear(ctx) == len(model.rows) > 0
    model.rows = {}
    model.check_all()


@KINDS
def test_a_map_of_three_keys_is_a_dictionary_of_triples(ctx: Context, type_: Any, default: Any, value: Any) -> None:
    hashers = [(Twox64Concat, u8), (Identity, u8), (Blake2_128Concat, u8)]
    item = StorageNMap[Any, Any, Any]("Test", "Triples", hashers, type_, default, "")
    model = Model(ctx, item, default)
    run(model, 4, 3, value)
    for first in KEYS:
        for second in KEYS:
            prefix = item.key_of((first, second))
            inside = {key for key in model.rows if key[:2] == (first, second)}
            assert {item.parts_of(raw) for raw in ctx.state.keys(prefix)} == inside
            assert {item.parts_of(raw, 2) for raw in ctx.state.keys(prefix)} == {key[2:] for key in inside}
            assert dict(item.under(ctx, first, second)) == {key[2:]: model.rows[key] for key in inside}
        assert {key for key, _ in item.under(ctx, first)} == {key[1:] for key in model.rows if key[0] == first}
    count = sum(key[0] == 1 for key in model.rows)
    assert count > 0
    assert item.clear_under(ctx, 1) == count
    model.rows = {key: value for key, value in model.rows.items() if key[0] != 1}
    model.check_all()


def test_the_prefix_of_an_item_is_the_hash_of_its_pallet_and_its_name() -> None:
    """The prefix of `System.Number`, as every explorer shows it."""
    item = StorageValue[int, int]("System", "Number", u16, 0, "")
    assert item.prefix.hex() == "26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac"


@pytest.mark.parametrize("parts", [(), (1, 2)])
def test_a_value_is_read_by_as_many_keys_as_it_has(ctx: Context, parts: tuple[int, ...]) -> None:
    item: StorageItem[Any, Any] = StorageMap("Test", "Map", [(Identity, u8)], u8, 0, "")
    with pytest.raises(InternalError, match=f"has 1 keys, got {len(parts)}"):
        item.read(ctx, parts)
