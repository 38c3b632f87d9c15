"""Proofs, checked by a verifier that uses only the root and the node format."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.state.overlay import MemoryBackend, State
from pysubtensor.runtime.state.proof import prove
from pysubtensor.runtime.state.reference import nibbles_of, slow_root
from pysubtensor.runtime.state.trie import Trie


class NotProven(Exception):
    """A node is missing."""


def blake2_256(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def string(data: bytes) -> tuple[bytes, bytes]:
    """A string with its compact length, and what follows."""
    size = {0: 1, 1: 2, 2: 4}[data[0] & 3]
    length = int.from_bytes(data[:size], "little") >> 2
    return data[size : size + length], data[size + length :]


def start_of(node: bytes) -> tuple[str, tuple[int, ...], bytes]:
    """A node's kind, its partial key and the rest of it."""
    kinds = [("leaf", 0b01, 6), ("branch", 0b10, 6), ("branch value", 0b11, 6), ("leaf hash", 0b001, 5)]
    kinds.append(("branch hash", 0b0001, 4))
    kind, _, bits = next(entry for entry in kinds if node[0] >> entry[2] == entry[1])
    count = node[0] & ((1 << bits) - 1)
    node = node[1:]
    if count == (1 << bits) - 1:
        while node[0] == 255:
            count, node = count + 255, node[1:]
        count, node = count + node[0], node[1:]
    size = (count + 1) // 2
    return kind, nibbles_of(node[:size])[count % 2 :], node[size:]


def read(root: bytes, proof: list[bytes], key: bytes) -> bytes | None:
    """The proven value of `key`, None for one proven absent."""
    by_hash = {blake2_256(node): node for node in proof}

    def found(digest: bytes) -> bytes:
        if digest not in by_hash:
            raise NotProven
        return by_hash[digest]

    node, rest = found(root), nibbles_of(key)
    while True:
        if node == b"\0":
            return None
        kind, partial, body = start_of(node)
        if rest[: len(partial)] != partial:
            return None
        rest = rest[len(partial) :]
        bitmap = 0
        if kind.startswith("branch"):
            bitmap, body = int.from_bytes(body[:2], "little"), body[2:]
        value = None
        if kind.endswith("hash"):
            digest, body = body[:32], body[32:]
            value = digest if rest else found(digest)
        elif kind != "branch":
            value, body = string(body)
        if not rest:
            return value
        if not bitmap >> rest[0] & 1:
            return None
        for nibble in range(rest[0] + 1):
            if bitmap >> nibble & 1:
                child, body = string(body)
        node, rest = (child if len(child) < 32 else found(child)), rest[1:]


def trie_of(pairs: dict[bytes, bytes], version: int) -> tuple[Trie, MemoryBackend]:
    backend, records = MemoryBackend(), dict[bytes, bytes]()
    trie = Trie(records, backend, version)
    state = State(backend)
    for key, value in pairs.items():
        state.put(key, value)
    _, nodes = trie.update(state.diff())
    records.update((path, record) for path, record in nodes.items() if record is not None)
    backend.apply(state.changes())
    trie.commit()
    return trie, backend


KEYS = st.one_of(
    st.binary(max_size=2),
    st.integers(0, 40).map(lambda n: b"a prefix that is long enough" + bytes([n])),
)
VALUES = st.sampled_from([b"", b"v", b"v" * 31, b"w" * 32, b"x" * 33, b"y" * 90])


@settings(max_examples=200)
@given(st.dictionaries(KEYS, VALUES, max_size=25), st.lists(KEYS, min_size=1, max_size=4), st.sampled_from([0, 1]))
def test_a_proof_proves_values_and_absence(pairs: dict[bytes, bytes], absent: list[bytes], version: int) -> None:
    trie, state = trie_of(pairs, version)
    root = slow_root(pairs, version)
    for key in [*pairs, *absent]:
        proof = prove(trie, state, [key])
        assert proof == sorted(set(proof))
        assert read(root, proof, key) == pairs.get(key)
        for node in proof:
            with pytest.raises(NotProven):
                read(root, [other for other in proof if other != node], key)
    together = prove(trie, state, [*pairs, *absent])
    for key in [*pairs, *absent]:
        assert read(root, together, key) == pairs.get(key)
