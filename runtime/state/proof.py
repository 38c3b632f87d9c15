"""Proofs that keys have certain values, or are absent, in a state with a certain root."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Iterable, Iterator

from .leaves import items_below
from .nodes import BRANCH_HASHED, LONGEST_INLINE, LONGEST_PLAIN_VALUE, SLOT, encode_leaf
from .overlay import Backend
from .trie import Trie


class ProofTooLarge(ValueError):
    """A proof exceeds its limit in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the proof has more than {limit} bytes: prove fewer keys")


def prove(trie: Trie, state: Backend, keys: Iterable[bytes], limit: int | None = None) -> list[bytes]:
    """Return the nodes from the root to each key, and values that are outside their node, in ascending order.

    `state` is the state of the trie. A verifier begins at the root and finds each node by its hash. Raises
    ProofTooLarge above `limit` bytes.
    """
    nodes, size = set[bytes](), 0
    for key in keys:
        for node in _nodes_to(trie, state, key):
            if node not in nodes:
                nodes.add(node)
                size += len(node)
                if limit is not None and size > limit:
                    raise ProofTooLarge(limit)
    return sorted(nodes)


def _nodes_to(trie: Trie, state: Backend, key: bytes) -> Iterator[bytes]:
    """Return the nodes that are read from the root towards `key`, up to the last one that exists."""
    path = hexlify(key)
    depth = 0
    while (branch := trie.branch(path[:depth])) is not None:
        encoding = branch.encoding()
        if depth == 0 or len(encoding) > LONGEST_INLINE:
            yield encoding
        end = depth + len(branch.partial)
        if not path.startswith(branch.partial, depth):
            return
        if len(path) == end:
            if branch.kind == BRANCH_HASHED:
                yield from _value_of(state, key)
            return
        slot = SLOT[path[end]]
        if not branch.parts[slot]:
            return
        depth = end + 1
        if branch.leaves >> slot - 1 & 1:
            break
    yield from _leaf_towards(trie, state, key, depth)


def _leaf_towards(trie: Trie, state: Backend, key: bytes, depth: int) -> Iterator[bytes]:
    """Return the leaf at the first `depth` nibbles of `key`, if any, which may belong to another key."""
    for leaf_key, value in items_below(state, hexlify(key)[:depth]):
        encoding = encode_leaf(leaf_key, depth, value, trie.version)
        if depth == 0 or len(encoding) > LONGEST_INLINE:
            yield encoding
        if leaf_key == key and trie.version == 1 and len(value) > LONGEST_PLAIN_VALUE:
            yield value
        return
    if depth == 0:
        yield b"\0"


def _value_of(state: Backend, key: bytes) -> Iterator[bytes]:
    """Return the value under `key`, if any."""
    value = state.get(key)
    if value is not None:
        yield value
