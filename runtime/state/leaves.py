"""Queries of the trie: the keys of a state below a path, and the positions of absent values among changes."""

from __future__ import annotations

from binascii import unhexlify
from collections.abc import Iterator

from .overlay import Backend


def positions_of_none(values: list[bytes | None]) -> set[int]:
    """Return the positions of None in a list, fast when there are few."""
    found, at = set[int](), -1
    for _ in range(values.count(None)):
        at = values.index(None, at + 1)
        found.add(at)
    return found


def items_below(state: Backend, path: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and values of a state whose keys begin with the nibbles of `path`, ascending."""
    if len(path) % 2 == 0:
        yield from state.items(unhexlify(path))
        return
    # The last nibble is the upper half of a byte: start at the least value of that byte and stop when the half changes.
    least = unhexlify(path + b"0")
    value = state.get(least)
    if value is not None:
        yield least, value
    for key, value in state.items(least[:-1], least):
        if key[len(least) - 1] >> 4 != least[-1] >> 4:
            return
        yield key, value
