"""Storage: the entries of an item, a page at a time, and single entries by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...runtime.client.errors import PlainError
from ..node.connection import NodeError
from ..node.forms import value_from_text
from ..node.interface import Interface, Item
from ..node.node import Node, from_hex, key_of, parts_of, to_hex, value_of
from ..node.values import text_of

#: Entries of a page, and characters of a key or value in it.
PAGE, LENGTH = 25, 200


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its key in hexadecimal, the parts of its key and its value."""

    key: str
    parts: tuple[Any, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries in the chain's order; `after` is the key of the last one if there may be more."""

    entries: tuple[Entry, ...]
    after: str | None


async def read_entries(node: Node, item: Item, at: str | None = None, after: str | None = None) -> EntryPage:
    """Return a page of the entries of a map."""
    found = await node.entries(item, (), at, limit=PAGE, after=after)
    entries = tuple(Entry(*each) for each in found)
    return EntryPage(entries, entries[-1].key if len(entries) == PAGE else None)


async def read_entry(node: Node, item: Item, key: str, at: str | None = None) -> Entry:
    """Return the entry at a storage key, which must be one of the item's; raise NodeError."""
    interface = await node.interface(at)
    if not from_hex(key).startswith(item.prefix):
        raise NodeError(f"{key[:80]} is no key of {item.pallet}.{item.name}")
    raw = await node.call("state_getStorage", key, *([at] if at else []))
    return Entry(key, parts_of(interface, item, key), value_of(interface, item, raw))


def key_from_text(interface: Interface, item: Item, parts: list[str]) -> str:
    """Return the storage key of an entry from what a person wrote for each part of it; raise PlainError."""
    if len(parts) != len(item.keys):
        raise PlainError(f"expected {len(item.keys)} parts of a key, got {len(parts)}")
    values = [value_from_text(interface.types, number, part) for number, part in zip(item.keys, parts, strict=True)]
    return to_hex(key_of(interface, item, values))


def key_text(parts: tuple[Any, ...]) -> str:
    """Return the parts of a key as text."""
    return ", ".join("(hashed)" if part is None else text_of(part, LENGTH) for part in parts)
