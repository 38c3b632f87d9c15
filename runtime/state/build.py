"""Tries built from nothing: roots of sorted pairs, of lists, and of child tries."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b

from ..scale.reader import encode_compact
from .nodes import EMPTY_ROOT, SLOT, Branch, encode_leaf, reference

#: In the main trie, the root of a child trie stands under this prefix and the child's id.
CHILD_PREFIX = b":child_storage:default:"

#: Path, key and value of one leaf.
Leaf = tuple[bytes, bytes, bytes]
#: Takes each branch of a built trie, children first, with its path.
Sink = Callable[[bytes, Branch], object]


def shared(one: bytes, other: bytes) -> int:
    """How many bytes two byte strings have in common at their beginning."""
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(i for i in range(length) if one[i] != other[i])


def build(leaves: Sequence[Leaf], low: int, high: int, depth: int, version: int, sink: Sink | None) -> bytes:
    """The encoding of the node that holds leaves[low:high] (at least one, ascending).

    All of them share their first `depth` nibbles, for which the node's parents stand.
    """
    first = leaves[low][0]
    if high - low == 1:
        return encode_leaf(leaves[low][1], depth, leaves[low][2], version)
    split = depth + shared(first[depth:], leaves[high - 1][0][depth:])
    branch = Branch(first[depth:split])
    if len(first) == split:
        branch.set_value(leaves[low][2], version)
        low += 1
    while low < high:
        digit = leaves[low][0][split]
        end = low + 1
        while end < high and leaves[end][0][split] == digit:
            end += 1
        encoding = build(leaves, low, end, split + 1, version, sink)
        branch.set_child(SLOT[digit], reference(encoding), end - low == 1)
        low = end
    branch.settle()
    if sink is not None:
        sink(first[:depth], branch)
    return branch.encoding()


def root_of(pairs: Mapping[bytes, bytes] | Iterable[tuple[bytes, bytes]], version: int) -> bytes:
    """The root (32 bytes) of the trie that holds `pairs` (keys differ, any order) under a state version.

    A value may be a `HashedValue`.
    """
    if isinstance(pairs, Mapping):
        pairs = pairs.items()
    leaves = [(hexlify(key), key, value) for key, value in sorted(pairs)]
    if not leaves:
        return EMPTY_ROOT
    return blake2b(build(leaves, 0, len(leaves), 0, version, None), digest_size=32).digest()


def ordered_root(values: Sequence[bytes], version: int = 0) -> bytes:
    """The root of a list: value i stands under the compact encoding of i. A block's extrinsics root."""
    return root_of([(encode_compact(i), value) for i, value in enumerate(values)], version)


def with_children(
    top: Mapping[bytes, bytes], children: Mapping[bytes, Mapping[bytes, bytes]], version: int
) -> dict[bytes, bytes]:
    """`top` and the roots of child tries, by child id. An empty child leaves no entry."""
    roots = {CHILD_PREFIX + name: root_of(pairs, version) for name, pairs in children.items() if pairs}
    return {**top, **roots}
