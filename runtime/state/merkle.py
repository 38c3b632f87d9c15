"""The Merkle values of nodes, found in a proof (see `proof`)."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Mapping

from .nodes import EMPTY_ROOT, LEAF, LEAF_HASHED, SLOT, Branch, read_header

HASH_LENGTH = 32


def closest_descendant(nodes: Mapping[bytes, bytes], root: bytes, key: bytes) -> bytes | None:
    """Return the Merkle value of the highest node whose key begins with `key`; None if there is none.

    It is the hash of the node, or for one of less than 32 bytes other than the root its encoding. `nodes` are those on
    the way from the root to the key, by their hashes.
    """
    path, merkle = hexlify(key), root
    while merkle and merkle != EMPTY_ROOT:
        node = nodes[merkle] if len(merkle) == HASH_LENGTH else merkle
        kind, nibbles, start = read_header(node, 0)
        partial = hexlify(node[start : start + (nibbles + 1 >> 1)])[nibbles & 1 :]
        if partial.startswith(path):
            return merkle
        if kind in (LEAF, LEAF_HASHED) or not path.startswith(partial):
            return None
        branch = Branch.from_record(b"\0\0" + node)  # in a record, its leaves are marked before the node
        # A reference is a compact length of one byte, and the Merkle value; empty where there is no child.
        merkle = branch.parts[SLOT[path[nibbles]]][1:]
        path = path[nibbles + 1 :]
    return None
