"""Bytes in the state that are not exactly a value: root may store any, and blocks go on as on the real chain."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.hashers import Identity
from pysubtensor.runtime.frame.storage import ABSENT, StorageDoubleMap, StorageMap, StorageValue
from pysubtensor.runtime.scale import u16

from tests.world import empty_context


@pytest.fixture
def ctx() -> Context:
    return empty_context()


def test_bytes_behind_a_value_do_not_count(ctx: Context) -> None:
    item: StorageValue[int, int] = StorageValue("Test", "Value", u16, 7, "")
    ctx.state.put(item.prefix, b"\x05\x01\xff\xff")
    assert item.get(ctx) == 261


@pytest.mark.parametrize(("default", "expected"), [(7, 7), (ABSENT, None)])
def test_where_no_value_is_nothing_is_stored(ctx: Context, default: object, expected: int | None) -> None:
    item: StorageValue[int, int | None] = StorageValue("Test", "Value", u16, default, "")
    ctx.state.put(item.prefix, b"\x05")
    assert item.get(ctx) == expected


def test_walks_pass_over_what_is_no_value(ctx: Context) -> None:
    map_: StorageMap[int, int, int] = StorageMap("Test", "Map", [(Identity, u16)], u16, 0, "")
    for key, raw in ((1, b"\x05"), (2, b"\x05\x01\xff"), (3, b"\x06\x01")):
        ctx.state.put(map_.key(key), raw)
    assert list(map_.items(ctx)) == [(2, 261), (3, 262)]


def test_walks_over_several_keys_do_so_too(ctx: Context) -> None:
    map_: StorageDoubleMap[int, int, int, int] = StorageDoubleMap(
        "Test", "Pairs", [(Identity, u16), (Identity, u16)], u16, 0, ""
    )
    for key, raw in ((1, b"\x05"), (2, b"\x05\x01\xff"), (3, b"\x06\x01")):
        ctx.state.put(map_.key(1, key), raw)
    assert list(map_.items(ctx)) == [((1, 2), 261), ((1, 3), 262)]
