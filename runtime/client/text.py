"""Amounts, accounts and bytes as text."""

from __future__ import annotations

import re

from ..crypto import Keypair, SecretError, Ss58Error, ss58_decode
from ..scale.codec import AnyCodec
from ..units import RAO_PER_TAO
from .errors import SHOWN, PlainError, expected

TAO_DECIMALS = 9
_AMOUNT = re.compile(r"([0-9][0-9_]{0,40})(?:\.([0-9]+))?\s*(tao|rao)", re.IGNORECASE)
_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")

#: Ends of the paths of types that are accounts or keys: their values are shown as SS58 addresses.
ADDRESSES = ("AccountId32", "::Public")


def is_amount(text: str) -> bool:
    """Return whether text is an amount with its unit."""
    return _AMOUNT.fullmatch(text) is not None


def parse_amount(text: str) -> int:
    """Return the rao of an amount such as "1.5tao" or "10rao"."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise expected("an amount such as 1.5tao or 10rao", text)
    whole, decimals, unit = match[1], match[2] or "", match[3].lower()
    if len(decimals) > (TAO_DECIMALS if unit == "tao" else 0):
        raise expected("at most nine decimals of TAO, and none of rao", text)
    if unit == "rao":
        return int(whole)
    return int(whole) * RAO_PER_TAO + int(decimals.ljust(TAO_DECIMALS, "0"))


def parse_account(text: str, size: int = 32) -> bytes:
    """Return the account of an SS58 address, of `0x…` or of a secret URI that begins with a path (`//Alice`)."""
    if text.startswith("/"):
        try:
            return Keypair.from_uri(text).account
        except SecretError as error:
            raise PlainError(str(error)) from None
    if text.startswith("0x"):
        return sized(parse_hex(text), size, text)
    try:
        return sized(ss58_decode(text), size, text)
    except Ss58Error as error:
        raise PlainError(f"expected an address, //Name or 0x…: {error}") from None


def encode_text(text: str) -> bytes:
    """Return text in UTF-8; PlainError for half a surrogate pair, which has no encoding."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise expected("text that UTF-8 can hold", text) from None


def parse_hex(text: str) -> bytes:
    """Return the bytes of `0x…`."""
    if not _HEX.fullmatch(text):
        raise expected("0x and pairs of hexadecimal digits", text)
    return bytes.fromhex(text[2:])


def sized(data: bytes, size: int, value: object) -> bytes:
    """Return `data`, which must have `size` bytes; `value` is what it was read from."""
    if len(data) != size:
        raise PlainError(f"expected {size} bytes, got {len(data)} in {value!r:.{SHOWN}}")
    return data


def is_address(codec: AnyCodec) -> bool:
    """Return whether values of a type are shown as SS58 addresses."""
    return codec.name.endswith(ADDRESSES)


def short_name(codec: AnyCodec) -> str:
    """Return a type's name without the paths of its crates."""
    words = codec.name.replace("<", " < ").replace(">", " > ").replace(",", " ,").split(" ")
    return "".join(word.rpartition("::")[2] + (" " if word == "," else "") for word in words)
