"""Merkle values of the closest descendant, against nodes encoded by hand."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from pysubtensor.runtime.state.merkle import closest_descendant
from pysubtensor.runtime.state.overlay import MemoryBackend, State
from pysubtensor.runtime.state.proof import prove
from pysubtensor.runtime.state.trie import Trie


def hashed(node: bytes) -> bytes:
    return blake2b(node, digest_size=32).digest()


LONG = b"v" * 32
#: A leaf of 34 bytes or more, which its parent holds by its hash, and one that it holds as it is: header, the nibbles
#: that are left, compact length, value.
BIG_LEAF = bytes([0x40 | 1, 0x5]) + bytes([32 << 2]) + LONG
SMALL_LEAF = bytes([0x40 | 1, 0x2]) + bytes([1 << 2]) + b"s"
#: The branch at the nibbles 1, 2: children 3 (the big leaf, key 0x1235) and 4 (the small one, key 0x1242).
BRANCH = bytes([0x80 | 2, 0x12]) + (1 << 3 | 1 << 4).to_bytes(2, "little")
BRANCH += bytes([32 << 2]) + hashed(BIG_LEAF) + bytes([len(SMALL_LEAF) << 2]) + SMALL_LEAF
VALUES = {b"\x12\x35": LONG, b"\x12\x42": b"s"}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (b"", hashed(BRANCH)),
        (b"\x12", hashed(BRANCH)),
        (b"\x12\x35", hashed(BIG_LEAF)),
        (b"\x12\x42", SMALL_LEAF),
        (b"\x12\x42\x00", None),
        (b"\x12\x36", None),
        (b"\x12\x55", None),
        (b"\x13", None),
        (b"\xff\xff", None),
    ],
)
def test_the_value_is_that_of_the_highest_node_below_a_key(key: bytes, expected: bytes | None) -> None:
    backend, records = MemoryBackend(), dict[bytes, bytes]()
    state, trie = State(backend), Trie(records, backend)
    for each, value in VALUES.items():
        state.put(each, value)
    root, nodes = trie.update(state.diff())
    records.update({path: node for path, node in nodes.items() if node is not None})
    trie.commit()
    backend.apply(dict(VALUES))
    proof = {hashed(node): node for node in prove(trie, backend, [key])}
    assert root == hashed(BRANCH)
    assert closest_descendant(proof, root, key) == expected


def test_an_empty_trie_has_none() -> None:
    assert closest_descendant({}, hashed(b"\0"), b"") is None
