"""What the trie asks of a state and of its changes: the keys below a path, and which changes let a key come or go."""

from __future__ import annotations

from binascii import unhexlify
from collections.abc import Iterator

from .overlay import Backend


def positions_of_none(values: list[bytes | None]) -> set[int]:
    """Where None stands in a list that holds few of it."""
    found, at = set[int](), -1
    for _ in range(values.count(None)):
        at = values.index(None, at + 1)
        found.add(at)
    return found


def items_below(state: Backend, path: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a state whose keys begin with the nibbles of `path`, ascending."""
    if len(path) % 2 == 0:
        yield from state.items(unhexlify(path))
        return
    # The last nibble is the upper half of a byte: begin at that byte's least value, end when it is left.
    least = unhexlify(path + b"0")
    value = state.get(least)
    if value is not None:
        yield least, value
    for key, value in state.items(least[:-1], least):
        if key[len(least) - 1] >> 4 != least[-1] >> 4:
            return
        yield key, value
