"""Encoding of the nodes of the state trie: headers, partial keys, values and references to children.

A path is a key in hexadecimal digits (ASCII bytes): one nibble is one byte, slices of paths are paths, and paths are in
the order of keys. The layout is that of Substrate's base-16 trie (`sp-trie`, state versions 0 and 1).
"""

from __future__ import annotations

from binascii import hexlify, unhexlify
from hashlib import blake2b
from itertools import compress

from ..scale.reader import encode_compact

#: The root of a trie without keys: Blake2b-256 of a zero byte.
EMPTY_ROOT = blake2b(b"\0", digest_size=32).digest()
#: The first byte of a reference that is the child's hash: the compact length of 32 bytes.
HASHED, HASHED_SIZE = 0x80, b"\x80"
#: Longest encoding of a child that its parent contains as it is: one byte shorter than a hash.
LONGEST_INLINE = 31
#: In state version 1, longer values are replaced by their hash.
LONGEST_PLAIN_VALUE = 32

# The kinds of node: the fixed high bits of the header byte. The low bits hold the length of the partial key.
LEAF, LEAF_HASHED = 0b01_000000, 0b001_00000
BRANCH, BRANCH_VALUE, BRANCH_HASHED = 0b10_000000, 0b11_000000, 0b0001_0000
#: Kind of node -> the low bits that mean that the length continues in the next bytes.
LENGTH_MASK = {LEAF: 63, BRANCH: 63, BRANCH_VALUE: 63, LEAF_HASHED: 31, BRANCH_HASHED: 15}

#: ASCII code of a hexadecimal digit -> its slot in `Branch.parts`, 1 to 16.
SLOT = bytes(int(chr(c), 16) + 1 if chr(c) in "0123456789abcdef" else 0 for c in range(103))
DIGITS = b"0123456789abcdef"
#: ASCII code of a hexadecimal digit -> its bit in a branch's bitmap.
BIT = tuple(1 << slot >> 1 for slot in SLOT)
#: The bit of a branch's bitmap for each of `Branch.parts`; none for the first, which is no child.
BITS = (0, *(1 << child for child in range(16)))


class HashedValue(bytes):
    """The Blake2b-256 (32 bytes) in place of a value, as in nodes of state version 1.

    It replaces `:code` where a genesis is published without the code.
    """

    __slots__ = ()


def encode_header(kind: int, nibbles: int) -> bytes:
    """Return the first bytes of a node: kind, and length of the partial key in nibbles."""
    mask = LENGTH_MASK[kind]
    if nibbles < mask:
        return bytes([kind | nibbles])
    full, rest = divmod(nibbles - mask, 255)
    return bytes([kind | mask]) + b"\xff" * full + bytes([rest])


#: What leaves of most keys begin with, by the length of their partial key in nibbles.
LEAF_HEADERS = tuple(encode_header(LEAF, nibbles) for nibbles in range(400))
#: What branches without a value begin with, by the length of a partial key of less than 63 nibbles.
BRANCH_HEADERS = tuple(encode_header(BRANCH, nibbles) for nibbles in range(LENGTH_MASK[BRANCH]))
#: A partial key of one nibble, and the compact form of small lengths.
NIBBLE = tuple(bytes((nibble,)) for nibble in range(16))
COMPACT = tuple(encode_compact(size) for size in range(64))


def pack_nibbles(path: bytes) -> bytes:
    """Return the nibbles of a path, two in a byte; with an odd number the first byte has one, in its low half."""
    return unhexlify(b"0" + path if len(path) & 1 else path)


def encode_reference(encoding: bytes) -> bytes:
    """Return the reference to a child: length prefix, then its encoding or, if that is 32 bytes or longer, the hash."""
    if len(encoding) > LONGEST_INLINE:
        return HASHED_SIZE + blake2b(encoding, digest_size=32).digest()
    return COMPACT[len(encoding)] + encoding


def encode_leaf(key: bytes, depth: int, value: bytes, version: int) -> bytes:
    """Return the encoding of a leaf below `depth` nibbles of its key."""
    nibbles, at, size = 2 * len(key) - depth, depth >> 1, len(value)
    partial = NIBBLE[key[at] & 15] + key[at + 1 :] if depth & 1 else key[at:]
    if value.__class__ is HashedValue:
        return encode_header(LEAF_HASHED, nibbles) + partial + value
    if version == 1 and size > LONGEST_PLAIN_VALUE:
        return encode_header(LEAF_HASHED, nibbles) + partial + blake2b(value, digest_size=32).digest()
    header = LEAF_HEADERS[nibbles] if nibbles < len(LEAF_HEADERS) else encode_header(LEAF, nibbles)
    return header + partial + (COMPACT[size] if size < len(COMPACT) else encode_compact(size)) + value


def leaf_reference(key: bytes, depth: int, value: bytes, version: int) -> bytes:
    """Return the reference to a leaf below `depth` nibbles of its key."""
    return encode_reference(encode_leaf(key, depth, value, version))


def encode_branch_value(value: bytes, version: int) -> tuple[int, bytes]:
    """Return the kind of a branch with this value, and the value as in its encoding."""
    if version == 1 and len(value) > LONGEST_PLAIN_VALUE:
        return BRANCH_HASHED, blake2b(value, digest_size=32).digest()
    if value.__class__ is HashedValue:
        return BRANCH_HASHED, bytes(value)
    return BRANCH_VALUE, encode_compact(len(value)) + value


def encode_branch_head(kind: int, partial: bytes, bitmap: int, value: bytes) -> bytes:
    """Return the encoding of a branch up to the references to its children; `value` is encoded already."""
    header = (
        BRANCH_HEADERS[len(partial)]
        if kind == BRANCH and len(partial) < len(BRANCH_HEADERS)
        else encode_header(kind, len(partial))
    )
    return header + pack_nibbles(partial) + bitmap.to_bytes(2, "little") + value


class Branch:
    """A decoded branch. After a child was replaced, one join encodes it again."""

    __slots__ = ("encoded_leaves", "kind", "leaves", "partial", "parts", "value")

    def __init__(self, partial: bytes) -> None:
        #: The nibbles from the path of the branch to its children.
        self.partial = partial
        #: BRANCH, BRANCH_VALUE or BRANCH_HASHED.
        self.kind = BRANCH
        #: The value as in the encoding: with its length, or as a hash.
        self.value = b""
        #: Bit i: child i is a leaf, so that there is no record of it. Not part of the encoding.
        self.leaves = 0
        #: `leaves` as stored at the beginning of the record; see `encode_head`.
        self.encoded_leaves = b""
        #: The bytes before the children (see `encode_head`), then sixteen references, empty where there is no child.
        self.parts = [b""] * 17

    def copy(self) -> Branch:
        """Return a branch that changes apart from this one."""
        branch = Branch(self.partial)
        branch.kind, branch.value, branch.parts = self.kind, self.value, self.parts.copy()
        branch.leaves, branch.encoded_leaves = self.leaves, self.encoded_leaves
        return branch

    def set_value(self, value: bytes | None, version: int) -> None:
        """Set the value of the key that ends here; None removes it."""
        self.kind, self.value = (BRANCH, b"") if value is None else encode_branch_value(value, version)

    def set_child(self, slot: int, child: bytes, is_leaf: bool) -> None:
        """Set the reference of the child in `slot`, 1 to 16; an empty one removes the child."""
        self.parts[slot] = child
        bit = 1 << slot >> 1
        self.leaves = self.leaves | bit if is_leaf else self.leaves & ~bit

    def children(self) -> int:
        """Return the number of children."""
        return 16 - self.parts[1:].count(b"")

    def encode_head(self) -> None:
        """Encode the bytes before the children again, after the partial key, value or set of children has changed."""
        self.parts[0] = encode_branch_head(self.kind, self.partial, sum(compress(BITS, self.parts)), self.value)
        self.encoded_leaves = self.leaves.to_bytes(2, "little")

    def encoding(self) -> bytes:
        """Return the encoding of the node."""
        return b"".join(self.parts)

    def record(self) -> bytes:
        """Return the node as it is stored: bitmap of the leaves (u16, little-endian), then the encoding."""
        return self.encoded_leaves + b"".join(self.parts)

    @classmethod
    def from_record(cls, record: bytes) -> Branch:
        """Return the branch of a record. Records are trusted, so they are not checked."""
        kind, nibbles, at = read_header(record, 2)
        start, at = at, at + ((nibbles + 1) >> 1)
        branch = cls(hexlify(record[start:at])[nibbles & 1 :] if nibbles else b"")
        branch.leaves = record[0] | record[1] << 8
        branch.encoded_leaves = record[:2]
        slots = SLOTS_OF[record[at]] + SLOTS_OF[256 + record[at + 1]]
        at += 2
        if kind != BRANCH:
            branch.kind = kind
            start, at = at, at + 32 if kind == BRANCH_HASHED else end_of_string(record, at)
            branch.value = record[start:at]
        parts = branch.parts
        parts[0] = record[2:at]
        if len(record) - at == 33 * len(slots):
            # All references are hashes, so their positions follow from their number.
            for slot in slots:
                parts[slot] = record[at : at + 33]
                at += 33
        else:
            for slot in slots:
                # A reference has at most 32 bytes, so its compact length is one byte.
                start, at = at, at + 1 + (record[at] >> 2)
                parts[slot] = record[start:at]
        return branch


def locate_children(record: bytes) -> tuple[int, int, int]:
    """Return nibbles of the partial key, bitmap and position of the children in the record of a branch.

    With these a child is replaced without decoding the branch. Position 0 means that the branch has a value, a long
    partial key or a child that is not referenced by its hash, and must be decoded.
    """
    nibbles = record[2] & 63
    if record[2] & 0xC0 != BRANCH or nibbles == 63:
        return 0, 0, 0
    at = 3 + (nibbles + 1 >> 1)
    bitmap = record[at] | record[at + 1] << 8
    at += 2
    # All references are hashes, so their positions follow from the bitmap.
    return (nibbles, bitmap, at) if len(record) - at == 33 * bitmap.bit_count() else (0, 0, 0)


def slots_of(byte: int, first: int) -> tuple[int, ...]:
    """Return the slots of the children whose bits are set in one byte of a bitmap; `first` is for its lowest bit."""
    return tuple(first + bit for bit in range(8) if byte >> bit & 1)


#: Slots by the byte of the bitmap: its first byte as it is, its second byte plus 256.
SLOTS_OF = [slots_of(byte, first) for first in (1, 9) for byte in range(256)]
#: First byte of a node -> its kind and the low bits: the number of nibbles, or that it continues.
KINDS = {kind | low: (kind, low) for kind, mask in LENGTH_MASK.items() for low in range(mask + 1)}


def read_header(data: bytes, at: int) -> tuple[int, int, int]:
    """Return kind, nibbles of the partial key and the end position of the header at `at`."""
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
    """Return the end position of the string that begins with its compact length at `at`."""
    size = (1, 2, 4)[data[at] & 3]
    return at + size + (int.from_bytes(data[at : at + size], "little") >> 2)
