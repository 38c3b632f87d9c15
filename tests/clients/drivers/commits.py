"""Hashes of committed weights, which the SDK 11 can reveal but no longer makes."""

import hashlib
import struct


def commitment(hotkey, netuid, weights, salt):
    """Return the hash of a commit: `weights` are uids and values, as the SDK normalizes them."""
    packed = hotkey + struct.pack("<H", netuid)
    for numbers in (*weights, salt):
        packed += struct.pack(f"<B{len(numbers)}H", len(numbers) << 2, *numbers)
    return "0x" + hashlib.blake2b(packed + bytes(8), digest_size=32).hexdigest()
