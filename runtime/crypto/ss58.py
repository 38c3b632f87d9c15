"""SS58: the text form of a public key, with the network's prefix and a checksum.

An address is base58 of `prefix ++ key ++ checksum`. The prefix takes one byte below 64 and two bytes above;
the checksum is the first two bytes of BLAKE2b-512 over `"SS58PRE" ++ prefix ++ key`.
"""

from __future__ import annotations

from .hashing import blake2_512

#: Bittensor's network, which is also Substrate's generic one.
BITTENSOR_PREFIX = 42
#: Bytes of account ids and most public keys, and of compressed ecdsa keys.
KEY_LENGTHS = (32, 33)
#: Prefixes that the registry reserves.
RESERVED_PREFIXES = (46, 47)

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DIGITS = {character: digit for digit, character in enumerate(ALPHABET)}
CHECKSUM_LENGTH = 2
#: Base58 digits of the longest address, 37 bytes; longer text is refused without decoding.
MAX_CHARACTERS = 51


class Ss58Error(ValueError):
    """Text that is not an address, or not one of the expected network."""


def ss58_encode(public: bytes, prefix: int = BITTENSOR_PREFIX) -> str:
    """Return the address of a key of 32 or 33 bytes on the network `prefix` (0..16383, but not 46 or 47).

    Raise Ss58Error for another length or prefix.
    """
    if len(public) not in KEY_LENGTHS:
        raise Ss58Error(f"expected a key of 32 or 33 bytes, got {len(public)}")
    body = _prefix_bytes(prefix) + public
    return _base58_encode(body + _checksum(body))


def ss58_decode(address: str, prefix: int | None = None) -> bytes:
    """Return the key (32 or 33 bytes) of an address of the network `prefix`, or of any network without a prefix.

    Raise Ss58Error for text that is not such an address.
    """
    data = _base58_decode(address)
    width = 2 if data and data[0] >= 64 else 1
    body, checksum = data[:-CHECKSUM_LENGTH], data[-CHECKSUM_LENGTH:]
    if len(body) - width not in KEY_LENGTHS:
        raise Ss58Error(f"expected a key of 32 or 33 bytes, got {max(len(body) - width, 0)} in {address!r}")
    network = _read_prefix(body)
    if checksum != _checksum(body):
        raise Ss58Error(f"expected the checksum 0x{_checksum(body).hex()}, got 0x{checksum.hex()} in {address!r}")
    if prefix is not None and network != prefix:
        raise Ss58Error(f"expected an address of network {prefix}, got one of network {network}: {address!r}")
    return body[width:]


def _checksum(body: bytes) -> bytes:
    return blake2_512(b"SS58PRE" + body)[:CHECKSUM_LENGTH]


def _prefix_bytes(prefix: int) -> bytes:
    if not 0 <= prefix < 1 << 14 or prefix in RESERVED_PREFIXES:
        raise Ss58Error(f"expected a network prefix in 0..16383 other than 46 and 47, got {prefix}")
    if prefix < 64:
        return bytes([prefix])
    return bytes([(prefix & 0xFC) >> 2 | 0x40, prefix >> 8 | (prefix & 3) << 6])


def _read_prefix(body: bytes) -> int:
    first = body[0]
    if first >= 128:
        raise Ss58Error(f"expected a first byte below 128, got {first}")
    prefix = first if first < 64 else (first & 0x3F) << 2 | body[1] >> 6 | (body[1] & 0x3F) << 8
    if prefix in RESERVED_PREFIXES:
        raise Ss58Error(f"expected a network prefix other than 46 and 47, got {prefix}")
    return prefix


def _base58_encode(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    characters = []
    while number:
        number, digit = divmod(number, 58)
        characters.append(ALPHABET[digit])
    leading_zeros = len(data) - len(data.lstrip(b"\0"))
    return ALPHABET[0] * leading_zeros + "".join(reversed(characters))


def _base58_decode(text: str) -> bytes:
    if len(text) > MAX_CHARACTERS:
        raise Ss58Error(f"expected at most {MAX_CHARACTERS} characters, got {len(text)}")
    number = 0
    for character in text:
        digit = DIGITS.get(character)
        if digit is None:
            raise Ss58Error(f"expected base58 characters, got {character!r}")  # without the text: it may be a phrase
        number = number * 58 + digit
    leading_zeros = len(text) - len(text.lstrip(ALPHABET[0]))
    return bytes(leading_zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
