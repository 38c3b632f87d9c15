"""The root of Ethereum's trie of values by their index: transactions and receipts of a block."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Sequence
from itertools import takewhile

from ...crypto.hashing import keccak_256
from .rlp import Item, encode

EMPTY_ROOT = bytes.fromhex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")
#: Nodes with shorter encodings stand in their parents, others by their hash.
HASHED = 32

#: The nibbles of a key, each as a hexadecimal digit, and the value.
Entry = tuple[bytes, bytes]


def ordered_root(values: Sequence[bytes]) -> bytes:
    """Return the root of the trie that maps the RLP of each index to its value, none of which is empty."""
    if not values:
        return EMPTY_ROOT
    entries = sorted((hexlify(encode(index)), value) for index, value in enumerate(values))
    return keccak_256(encode(_node(entries, 0)))


def _node(entries: Sequence[Entry], depth: int) -> Item:
    """Return the node for entries whose keys have the first `depth` digits in common."""
    first, last = entries[0][0], entries[-1][0]
    if len(entries) == 1:
        return [_prefixed(first[depth:], is_leaf=True), entries[0][1]]
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first[depth:], last[depth:], strict=False)))
    if common:
        return [_prefixed(first[depth : depth + common], is_leaf=False), _reference(entries, depth + common)]
    # No key is the beginning of another one, so that no branch has a value.
    children = {digit: [entry for entry in entries if entry[0][depth] == digit] for digit in b"0123456789abcdef"}
    return [*[_reference(below, depth + 1) if below else b"" for below in children.values()], b""]


def _reference(entries: Sequence[Entry], depth: int) -> Item:
    """Return what stands for a node in its parent."""
    node = _node(entries, depth)
    encoding = encode(node)
    return keccak_256(encoding) if len(encoding) >= HASHED else node


def _prefixed(digits: bytes, *, is_leaf: bool) -> bytes:
    """Return digits as bytes behind a flag: leaf or not, and whether their number is odd."""
    odd = len(digits) % 2
    flag = b"%x" % (2 * is_leaf + odd)
    return bytes.fromhex((flag + (b"" if odd else b"0") + digits).decode())
