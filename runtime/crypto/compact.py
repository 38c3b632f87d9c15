"""The compact length that stands before a SCALE string or list.

A copy of the general codec's smallest part, so that addresses and keys load without the codecs.
"""

from __future__ import annotations


def compact_length(length: int) -> bytes:
    """`length` below 2^30 in 1, 2 or 4 bytes, little-endian; the two lowest bits say which."""
    if length < 1 << 6:
        return (length << 2).to_bytes(1, "little")
    if length < 1 << 14:
        return (length << 2 | 1).to_bytes(2, "little")
    assert length < 1 << 30, f"expected a length below 2^30, got {length}"
    return (length << 2 | 2).to_bytes(4, "little")


def prefixed(data: bytes) -> bytes:
    """`data` as SCALE encodes a string or a `Vec<u8>`: its length, then its bytes."""
    return compact_length(len(data)) + data
