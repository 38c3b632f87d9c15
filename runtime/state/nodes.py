"""Nodes of the state trie as bytes: headers, partial keys, values and references to children.

A path is a key in hexadecimal digits (ASCII bytes): one nibble is one byte, slices are paths, and the
order of paths is the order of keys. Layouts: spec/formats.md, section 4.
"""

from __future__ import annotations

from binascii import hexlify, unhexlify
from functools import cache
from hashlib import blake2b

from ..scale.reader import encode_compact

#: The root of a trie without keys: Blake2b-256 of a zero byte.
EMPTY_ROOT = blake2b(b"\0", digest_size=32).digest()
#: Longest encoding that is one byte shorter than a hash: such a child stands in its parent as it is.
LONGEST_INLINE = 31
#: Under state version 1, longer values are represented by their hash.
LONGEST_PLAIN_VALUE = 32

# The kinds of node: the fixed high bits of the header byte. The low bits hold the length of the partial key.
LEAF, LEAF_HASHED = 0b01_000000, 0b001_00000
BRANCH, BRANCH_VALUE, BRANCH_HASHED = 0b10_000000, 0b11_000000, 0b0001_0000
#: Kind of node -> the greatest length that the low bits could hold, which they never do: it means "longer".
LENGTH_MASK = {LEAF: 63, BRANCH: 63, BRANCH_VALUE: 63, LEAF_HASHED: 31, BRANCH_HASHED: 15}

#: ASCII code of a hexadecimal digit -> its slot in `Branch.parts`, 1 to 16.
SLOT = bytes(int(chr(c), 16) + 1 if chr(c) in "0123456789abcdef" else 0 for c in range(103))
DIGITS = b"0123456789abcdef"


class HashedValue(bytes):
    """A value of which only the Blake2b-256 is known (32 bytes), as state version 1 puts it into the trie.

    Stands for `:code` where a genesis is published without it.
    """

    __slots__ = ()


@cache
def header(kind: int, nibbles: int) -> bytes:
    """The first bytes of a node: its kind and the length of its partial key in nibbles."""
    mask = LENGTH_MASK[kind]
    if nibbles < mask:
        return bytes([kind | nibbles])
    full, rest = divmod(nibbles - mask, 255)
    return bytes([kind | mask]) + b"\xff" * full + bytes([rest])


def pack(path: bytes) -> bytes:
    """Nibbles two a byte; of an odd number, the first one stands alone in the low half of its byte."""
    return unhexlify(b"0" + path if len(path) & 1 else path)


def reference(encoding: bytes) -> bytes:
    """How a parent writes a child: its length, then its encoding or, when that is long, the hash of it."""
    if len(encoding) > LONGEST_INLINE:
        return b"\x80" + blake2b(encoding, digest_size=32).digest()
    return bytes([len(encoding) << 2]) + encoding


def encode_leaf(key: bytes, depth: int, value: bytes, version: int) -> bytes:
    """A leaf for `key` whose parents stand for the key's first `depth` nibbles."""
    nibbles = 2 * len(key) - depth
    at = depth >> 1
    partial = bytes((key[at] & 15,)) + key[at + 1 :] if depth & 1 else key[at:]
    if version == 1 and len(value) > LONGEST_PLAIN_VALUE:
        return header(LEAF_HASHED, nibbles) + partial + blake2b(value, digest_size=32).digest()
    if value.__class__ is HashedValue:
        return header(LEAF_HASHED, nibbles) + partial + value
    return header(LEAF, nibbles) + partial + encode_compact(len(value)) + value


class Branch:
    """A decoded branch, ready to have a child replaced and to be encoded again by one join."""

    __slots__ = ("kind", "leaves", "mark", "partial", "parts", "value")

    def __init__(self, partial: bytes) -> None:
        #: The nibbles between the branch's own path and its children.
        self.partial = partial
        #: BRANCH, BRANCH_VALUE or BRANCH_HASHED.
        self.kind = BRANCH
        #: The value as the encoding holds it: with its length, or as a hash.
        self.value = b""
        #: Bit i: child i is a leaf. Not part of the encoding, but it spares looking for branches there.
        self.leaves = 0
        #: `leaves` as the record begins with it, and all that stands before the children: see `settle`.
        self.mark = b""
        #: The bytes before the children, then sixteen references, empty where there is no child.
        self.parts = [b""] * 17

    def set_value(self, value: bytes | None, version: int) -> None:
        """Take the value of the key that ends here; None when there is none."""
        if value is None:
            self.kind, self.value = BRANCH, b""
        elif version == 1 and len(value) > LONGEST_PLAIN_VALUE:
            self.kind, self.value = BRANCH_HASHED, blake2b(value, digest_size=32).digest()
        elif value.__class__ is HashedValue:
            self.kind, self.value = BRANCH_HASHED, bytes(value)
        else:
            self.kind, self.value = BRANCH_VALUE, encode_compact(len(value)) + value

    def set_child(self, slot: int, child: bytes, is_leaf: bool) -> None:
        """Put the reference of a child (empty: none) into `slot`, 1 to 16."""
        self.parts[slot] = child
        bit = 1 << slot >> 1
        self.leaves = self.leaves | bit if is_leaf else self.leaves & ~bit

    def children(self) -> int:
        """How many children there are."""
        return 16 - self.parts[1:].count(b"")

    def settle(self) -> None:
        """Write what stands before the children, after that (or which children there are) has changed."""
        bitmap = sum(1 << slot >> 1 for slot in range(1, 17) if self.parts[slot])
        start = header(self.kind, len(self.partial)) + pack(self.partial)
        self.parts[0] = start + bitmap.to_bytes(2, "little") + self.value
        self.mark = self.leaves.to_bytes(2, "little")

    def encoding(self) -> bytes:
        """The node's bytes."""
        return b"".join(self.parts)

    def record(self) -> bytes:
        """The node as it is stored: which children are leaves (u16, little-endian), then its encoding."""
        return self.mark + b"".join(self.parts)

    @classmethod
    def from_record(cls, record: bytes) -> Branch:
        """The inverse of `record`. Records are our own, so nothing is checked."""
        kind, nibbles, at = read_header(record, 2)
        start, at = at, at + ((nibbles + 1) >> 1)
        branch = cls(hexlify(record[start:at])[nibbles & 1 :] if nibbles else b"")
        branch.leaves = record[0] | record[1] << 8
        branch.mark = record[:2]
        slots = SLOTS_OF[record[at]] + SLOTS_OF[256 + record[at + 1]]
        at += 2
        if kind != BRANCH:
            branch.kind = kind
            start, at = at, at + 32 if kind == BRANCH_HASHED else end_of_string(record, at)
            branch.value = record[start:at]
        parts = branch.parts
        parts[0] = record[2:at]
        if len(record) - at == 33 * len(slots):
            # All children by their hash, the longest reference: no need to look at one to find the next.
            for slot in slots:
                parts[slot] = record[at : at + 33]
                at += 33
        else:
            for slot in slots:
                # A reference has at most 32 bytes, so its compact length is one byte.
                start, at = at, at + 1 + (record[at] >> 2)
                parts[slot] = record[start:at]
        return branch


def skim(record: bytes) -> tuple[int, int, int]:
    """Of a branch's record without a value: nibbles of its partial key, bitmap, position of its children.

    Without decoding, for branches of which one child is replaced and nothing else. Position 0: the record
    is not as simple as that.
    """
    nibbles = record[2] & 63
    if record[2] & 0xC0 != BRANCH or nibbles == 63:
        return 0, 0, 0
    at = 3 + (nibbles + 1 >> 1)
    bitmap = record[at] | record[at + 1] << 8
    at += 2
    # Every reference has its greatest length, so each has the same place whatever the others hold.
    return (nibbles, bitmap, at) if len(record) - at == 33 * bitmap.bit_count() else (0, 0, 0)


def slots_of(byte: int, first: int) -> tuple[int, ...]:
    """The slots of the children whose bits are set in one byte of a bitmap; `first` is for its lowest bit."""
    return tuple(first + bit for bit in range(8) if byte >> bit & 1)


#: Slots by the byte of the bitmap: its first byte as it is, its second byte plus 256.
SLOTS_OF = [slots_of(byte, first) for first in (1, 9) for byte in range(256)]
#: First byte of a node -> its kind and the low bits: the number of nibbles, or that there are more.
KINDS = {kind | low: (kind, low) for kind, mask in LENGTH_MASK.items() for low in range(mask + 1)}


def read_header(data: bytes, at: int) -> tuple[int, int, int]:
    """Kind, nibbles of the partial key and the position after the header that begins at `at`."""
    kind, nibbles = KINDS[data[at]]
    at += 1
    if nibbles == LENGTH_MASK[kind]:
        while data[at] == 255:
            nibbles += 255
            at += 1
        nibbles += data[at]
        at += 1
    return kind, nibbles, at


def end_of_string(data: bytes, at: int) -> int:
    """The position after the string that begins with its compact length at `at`."""
    size = (1, 2, 4)[data[at] & 3]
    return at + size + (int.from_bytes(data[at : at + size], "little") >> 2)
