"""Stored bytes that are not the encoding of a value: root may store any bytes; they are read as in FRAME."""

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


def test_bytes_after_a_value_are_ignored(ctx: Context) -> None:
    item: StorageValue[int, int] = StorageValue("Test", "Value", u16, 7, "")
    ctx.state.put(item.prefix, b"\x05\x01\xff\xff")
    assert item.get(ctx) == 261


@pytest.mark.parametrize(("default", "expected"), [(7, 7), (ABSENT, None)])
def test_an_undecodable_value_reads_as_absent(ctx: Context, default: object, expected: int | None) -> None:
    item: StorageValue[int, int | None] = StorageValue("Test", "Value", u16, default, "")
    ctx.state.put(item.prefix, b"\x05")
    assert item.get(ctx) == expected


def test_iteration_skips_undecodable_values(ctx: Context) -> None:
    map_: StorageMap[int, int, int] = StorageMap("Test", "Map", [(Identity, u16)], u16, 0, "")
    for key, raw in ((1, b"\x05"), (2, b"\x05\x01\xff"), (3, b"\x06\x01")):
        ctx.state.put(map_.key(key), raw)
    assert list(map_.items(ctx)) == [(2, 261), (3, 262)]


def test_iteration_of_double_maps_skips_undecodable_values(ctx: Context) -> None:
    map_: StorageDoubleMap[int, int, int, int] = StorageDoubleMap(
        "Test", "Pairs", [(Identity, u16), (Identity, u16)], u16, 0, ""
    )
    for key, raw in ((1, b"\x05"), (2, b"\x05\x01\xff"), (3, b"\x06\x01")):
        ctx.state.put(map_.key(1, key), raw)
    assert list(map_.items(ctx)) == [((1, 2), 261), ((1, 3), 262)]
