"""Proofs that keys have their values, or are absent, in a state of which only the root is known."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Iterable, Iterator

from .nodes import BRANCH_HASHED, LONGEST_INLINE, LONGEST_PLAIN_VALUE, SLOT, encode_leaf
from .overlay import Backend
from .trie import Trie, items_below


def prove(trie: Trie, state: Backend, keys: Iterable[bytes]) -> list[bytes]:
    """The nodes (and values that stand outside their node) from the root to each key, in ascending order.

    `state` is the state that the trie commits to. Whoever knows the root finds each node by its hash.
    """
    return sorted({node for key in keys for node in nodes_to(trie, state, key)})


def nodes_to(trie: Trie, state: Backend, key: bytes) -> Iterator[bytes]:
    """What is read on the way from the root to `key`, as far as the way exists."""
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
                yield from value_of(state, key)
            return
        slot = SLOT[path[end]]
        if not branch.parts[slot]:
            return
        depth = end + 1
        if branch.leaves >> slot - 1 & 1:
            break
    yield from leaf_on(trie, state, key, depth)


def leaf_on(trie: Trie, state: Backend, key: bytes, depth: int) -> Iterator[bytes]:
    """The leaf `depth` nibbles deep on the way to `key`, if any: it may belong to another key."""
    for found, value in items_below(state, hexlify(key)[:depth]):
        encoding = encode_leaf(found, depth, value, trie.version)
        if depth == 0 or len(encoding) > LONGEST_INLINE:
            yield encoding
        if found == key and trie.version == 1 and len(value) > LONGEST_PLAIN_VALUE:
            yield value
        return
    if depth == 0:
        yield b"\0"


def value_of(state: Backend, key: bytes) -> Iterator[bytes]:
    """The value under `key`, if any."""
    value = state.get(key)
    if value is not None:
        yield value
