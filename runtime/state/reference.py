"""Slow and simple versions for tests: a state that copies everything, and a trie built from its definition.

Tests run one suite over these and over `overlay`, `build` and `trie`. Keep them simple, not fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import NamedTuple


class CopyingState:
    """The simple version of `overlay.State`: each layer is a copy of the whole state."""

    def __init__(self, stored: Mapping[bytes, bytes]) -> None:
        self._stored = dict(stored)
        self._values = dict(stored)

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, or None."""
        return self._values.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        """Write `value` under `key`."""
        self._values[key] = value

    def delete(self, key: bytes) -> None:
        """Remove `key` if it is there."""
        self._values.pop(key, None)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs with `prefix` and greater than `after`, ascending."""
        for key, value in sorted(self._values.items()):
            if key.startswith(prefix) and (after is None or key > after):
                yield key, value

    def clear_prefix(self, prefix: bytes, limit: int | None = None) -> int:
        """Delete the first `limit` keys with `prefix`."""
        keys = [key for key, _ in self.items(prefix)][:limit]
        for key in keys:
            del self._values[key]
        return len(keys)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Return a layer that an exception undoes."""
        copy = dict(self._values)
        try:
            yield
        except BaseException:
            self._values = copy
            raise

    @contextmanager
    def anchor(self) -> Iterator[None]:
        """Return a layer that is undone."""
        copy = dict(self._values)
        try:
            yield
        finally:
            self._values = copy

    def changes(self) -> dict[bytes, bytes | None]:
        """Return every key whose value differs from the stored one."""
        keys = self._stored.keys() | self._values.keys()
        return {key: self._values.get(key) for key in keys if self._values.get(key) != self._stored.get(key)}

    def commit(self) -> None:
        """Make the present values the stored ones."""
        self._stored = dict(self._values)

    def discard(self) -> None:
        """Make the stored values the present ones."""
        self._values = dict(self._stored)


Nibbles = tuple[int, ...]


class Kind(NamedTuple):
    """A kind of node: the high bits of the first byte, and the number of low bits left for a length."""

    bits: int
    length_bits: int


LEAF, LEAF_HASHED = Kind(0b01, 6), Kind(0b001, 5)
BRANCH, BRANCH_VALUE, BRANCH_HASHED = Kind(0b10, 6), Kind(0b11, 6), Kind(0b0001, 4)


def blake2_256(data: bytes) -> bytes:
    """Return the hash function of the trie."""
    return blake2b(data, digest_size=32).digest()


def compact(number: int) -> bytes:
    """Return a length in compact form."""
    if number < 1 << 6:
        return bytes([number << 2])
    if number < 1 << 14:
        return (number << 2 | 0b01).to_bytes(2, "little")
    return (number << 2 | 0b10).to_bytes(4, "little")


def nibbles_of(key: bytes) -> Nibbles:
    """Return the nibbles of a key, the high half of each byte first."""
    return tuple(half for byte in key for half in (byte >> 4, byte & 15))


def start_of_node(kind: Kind, partial: Nibbles) -> bytes:
    """Return header and partial key of a node."""
    most = (1 << kind.length_bits) - 1
    out = [(kind.bits << kind.length_bits) | min(len(partial), most)]
    if len(partial) >= most:
        rest = len(partial) - most
        while rest >= 255:
            out.append(255)
            rest -= 255
        out.append(rest)
    padded = (0, *partial) if len(partial) % 2 else partial
    out += [high << 4 | low for high, low in zip(padded[::2], padded[1::2], strict=True)]
    return bytes(out)


def encode_node(values: Mapping[Nibbles, bytes], version: int) -> bytes:
    """Return the encoding of the node with `values` (at least one) below it."""
    paths = list(values)
    partial = paths[0]
    while not all(path[: len(partial)] == partial for path in paths):
        partial = partial[:-1]
    value = values.get(partial)
    hashed = value is not None and version == 1 and len(value) > 32
    content = b"" if value is None else blake2_256(value) if hashed else compact(len(value)) + value
    children: dict[int, dict[Nibbles, bytes]] = {}
    for path in paths:
        if path != partial:
            inner = children.setdefault(path[len(partial)], {})
            inner[path[len(partial) + 1 :]] = values[path]
    if not children:
        return start_of_node(LEAF_HASHED if hashed else LEAF, partial) + content
    kind = BRANCH if value is None else BRANCH_HASHED if hashed else BRANCH_VALUE
    bitmap = sum(1 << nibble for nibble in children).to_bytes(2, "little")
    references = b""
    for nibble in sorted(children):
        child = encode_node(children[nibble], version)
        child = child if len(child) < 32 else blake2_256(child)
        references += compact(len(child)) + child
    return start_of_node(kind, partial) + bitmap + content + references


def slow_root(pairs: Mapping[bytes, bytes], version: int) -> bytes:
    """Return the root of a trie, computed from the definition of the format."""
    if not pairs:
        return blake2_256(b"\0")
    return blake2_256(encode_node({nibbles_of(key): value for key, value in pairs.items()}, version))
