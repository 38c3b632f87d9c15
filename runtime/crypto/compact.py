"""The compact length prefix of SCALE strings and lists.

It repeats a small part of `scale.reader`, so that addresses and keys load without the codecs.
"""

from __future__ import annotations

from ...consensus.internal import InternalError


def encode_length(length: int) -> bytes:
    """Encode a length below 2^30 in 1, 2 or 4 bytes, little-endian; the two lowest bits hold the form."""
    if length < 1 << 6:
        return (length << 2).to_bytes(1, "little")
    if length < 1 << 14:
        return (length << 2 | 1).to_bytes(2, "little")
    if length >= 1 << 30:
        raise InternalError(f"expected a length below 2^30, got {length}")
    return (length << 2 | 2).to_bytes(4, "little")


def encode_bytes(data: bytes) -> bytes:
    """Encode bytes as a SCALE string or `Vec<u8>`: length, then the bytes."""
    return encode_length(len(data)) + data
