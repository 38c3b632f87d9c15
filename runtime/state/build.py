"""Roots of whole tries: of key-value pairs, of lists, and of child tries."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b

from ..scale.reader import encode_compact
from .nodes import (
    BIT,
    BRANCH,
    EMPTY_ROOT,
    encode_branch_head,
    encode_branch_value,
    encode_leaf,
    encode_reference,
    leaf_reference,
)

#: The key of a child trie's root in the main trie is this prefix and the child's id.
CHILD_PREFIX = b":child_storage:default:"

#: Path, key and value of one leaf.
Leaf = tuple[bytes, bytes, bytes]
#: Receives the path and the record of each branch of a built trie, children first.
Sink = Callable[[bytes, bytes], object]


def common_prefix_length(one: bytes, other: bytes) -> int:
    """Return the length of the common prefix of two byte strings."""
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(i for i in range(length) if one[i] != other[i])


def build_node(leaves: Sequence[Leaf], low: int, high: int, depth: int, version: int, sink: Sink | None) -> bytes:
    """Return the encoding of the node with leaves[low:high] (at least one, ascending) below it.

    The leaves share their first `depth` nibbles, which is the path of the node.
    """
    first = leaves[low][0]
    if high - low == 1:
        return encode_leaf(leaves[low][1], depth, leaves[low][2], version)
    split = depth + common_prefix_length(first[depth:], leaves[high - 1][0][depth:])
    kind, stored = BRANCH, b""
    if len(first) == split:
        kind, stored = encode_branch_value(leaves[low][2], version)
        low += 1
    references, bitmap, marks = list[bytes](), 0, 0
    while low < high:
        digit, end = leaves[low][0][split], low + 1
        while end < high and leaves[end][0][split] == digit:
            end += 1
        bitmap |= BIT[digit]
        if end - low == 1:
            marks |= BIT[digit]
            references.append(leaf_reference(leaves[low][1], split + 1, leaves[low][2], version))
        else:
            references.append(encode_reference(build_node(leaves, low, end, split + 1, version, sink)))
        low = end
    encoding = b"".join((encode_branch_head(kind, first[depth:split], bitmap, stored), *references))
    if sink is not None:
        sink(first[:depth], marks.to_bytes(2, "little") + encoding)
    return encoding


def root_of(pairs: Mapping[bytes, bytes] | Iterable[tuple[bytes, bytes]], version: int) -> bytes:
    """Return the root (32 bytes) of the trie of `pairs` (distinct keys, any order) in a state version (0 or 1).

    A value may be a `HashedValue`.
    """
    if isinstance(pairs, Mapping):
        pairs = pairs.items()
    leaves = [(hexlify(key), key, value) for key, value in sorted(pairs)]
    if not leaves:
        return EMPTY_ROOT
    return blake2b(build_node(leaves, 0, len(leaves), 0, version, None), digest_size=32).digest()


def ordered_root(values: Sequence[bytes], version: int = 0) -> bytes:
    """Return the root of a list, such as a block's extrinsics: the key of value i is the compact encoding of i."""
    return root_of([(encode_compact(i), value) for i, value in enumerate(values)], version)


def with_children(
    top: Mapping[bytes, bytes], children: Mapping[bytes, Mapping[bytes, bytes]], version: int
) -> dict[bytes, bytes]:
    """Return the pairs of `top` and the roots of child tries (by child id). An empty child trie has no entry."""
    roots = {CHILD_PREFIX + name: root_of(pairs, version) for name, pairs in children.items() if pairs}
    return {**top, **roots}
