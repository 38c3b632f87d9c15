"""Amounts, accounts and bytes as text."""

from __future__ import annotations

import re

from ..crypto import Keypair, SecretError, Ss58Error, ss58_decode
from ..scale.codec import AnyCodec
from ..scale.containers import Bounded, Newtype, Option
from ..units import RAO, TAO, written_amount
from .development import find_account, find_uri
from .errors import SHOWN, PlainError, expected

_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")

#: Ends of the paths of types that are accounts or keys: their values are shown as SS58 addresses.
ADDRESSES = ("AccountId32", "::Public")


def is_amount(text: str) -> bool:
    """Return whether text is an amount of TAO with its unit."""
    amount = written_amount(text)
    return amount is not None and amount.unit in (TAO, RAO)


def parse_amount(text: str) -> int:
    """Return the rao of an amount such as "1.5tao" or "10rao"."""
    amount = written_amount(text.strip())
    if amount is None or amount.unit not in (TAO, RAO):
        raise expected("an amount such as 1.5tao or 10rao", text)
    if not amount.is_exact:
        raise expected("at most nine decimals of TAO, and none of rao", text)
    return amount.rao


def parse_account(text: str, size: int = 32) -> bytes:
    """Return the account of an SS58 address, of `0x…`, of a secret URI that begins with a path, or of a known name.

    Such a path is `//Alice//hot`, a known name that of a development account: `alice`.
    """
    known = find_account(text)
    if known is not None:
        return known
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
        raise PlainError(f"expected an address, //Name, 0x… or a name such as alice: {error}") from None


def parse_key(text: str) -> Keypair:
    """Return the key of a secret URI, or of the name of a development account; PlainError for other text."""
    try:
        return Keypair.from_uri(find_uri(text) or text)
    except SecretError as error:
        if _is_address(text):
            raise PlainError(f"expected a key that can sign, got the address {text}: it has no secret key") from None
        wanted = "a secret URI such as //Alice, or a name such as alice"
        raise PlainError(f"expected {wanted}: {error}") from None


def _is_address(text: str) -> bool:
    try:
        ss58_decode(text)
    except Ss58Error:
        return False
    return True


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


def core(codec: AnyCodec) -> AnyCodec:
    """Return the codec inside bounds, options and named wrappers of other types."""
    while isinstance(codec, Bounded | Newtype | Option) and not is_address(codec):
        codec = codec.item if isinstance(codec, Option) else codec.inner
    return codec


def is_address(codec: AnyCodec) -> bool:
    """Return whether values of a type are shown as SS58 addresses."""
    return codec.name.endswith(ADDRESSES)


def short_name(codec: AnyCodec) -> str:
    """Return a type's name without the paths of its crates."""
    words = codec.name.replace("<", " < ").replace(">", " > ").replace(",", " ,").split(" ")
    return "".join(word.rpartition("::")[2] + (" " if word == "," else "") for word in words)
