"""How plain values are written: names, amounts, accounts and bytes as text, and the one error about them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from ..crypto import Keypair, SecretError, Ss58Error, ss58_decode
from .codec import AnyCodec

RAO_PER_TAO = 10**9
TAO_DECIMALS = 9
_AMOUNT = re.compile(r"([0-9][0-9_]{0,40})(?:\.([0-9]+))?\s*(tao|rao)", re.IGNORECASE)
_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")

#: Types that are accounts or keys, and that people read as SS58 addresses: the ends of their paths.
ADDRESSES = ("AccountId32", "::Public")
#: A line of an error message shows so much of the value that is wrong.
SHOWN = 60
#: It lists up to so many names that would have been right.
MAX_LISTED = 12


class PlainError(ValueError):
    """A plain value is not what its type asks for. `path` names what leads there, innermost last."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path: list[str] = []

    def inside(self, part: str) -> PlainError:
        """The same error, seen from the container whose part is wrong."""
        self.path.insert(0, part)
        return self

    def __str__(self) -> str:
        where = ".".join(self.path).replace(".[", "[")
        return f"{where}: {self.reason}" if where else self.reason


def expected(what: str, value: object) -> PlainError:
    """The error for a value that is something else than `what`."""
    return PlainError(f"expected {what}, got {value!r:.{SHOWN}}")


def unknown(what: str, name: str, known: Iterable[str]) -> PlainError:
    """The error for a name that does not exist, with the names that do."""
    names = list(known)
    near = difflib.get_close_matches(name, names, 3, 0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    if not near and 0 < len(names) <= MAX_LISTED:
        hint = f"; known: {', '.join(names)}"
    return PlainError(f"there is no {what} {name!r:.{SHOWN}}{hint}")


def is_amount(text: str) -> bool:
    """Whether text is an amount with its unit."""
    return _AMOUNT.fullmatch(text) is not None


def parse_amount(text: str) -> int:
    """An amount in rao from "1.5tao" or "10rao"; a TAO has nine decimals."""
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
    """The account that an address, `0x…` or a development key (`//Alice`) names."""
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


def parse_hex(text: str) -> bytes:
    """The bytes of `0x…`."""
    if not _HEX.fullmatch(text):
        raise expected("0x and pairs of hexadecimal digits", text)
    return bytes.fromhex(text[2:])


def sized(data: bytes, size: int, value: object) -> bytes:
    """The bytes, which must be `size`; `value` is what they came from."""
    if len(data) != size:
        raise PlainError(f"expected {size} bytes, got {len(data)} in {value!r:.{SHOWN}}")
    return data


def is_address(codec: AnyCodec) -> bool:
    """Whether values of a type are shown as SS58 addresses."""
    return codec.name.endswith(ADDRESSES)


def same_name(one: str, other: str) -> bool:
    """Whether two names differ only in how they are written: `transfer-keep-alive`, `transfer_keep_alive`."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


def find_name(what: str, name: str, known: Iterable[str]) -> str:
    """The one of the known names that is meant; PlainError when there is none."""
    names = list(known)
    for candidate in names:
        if candidate == name:
            return candidate
    for candidate in names:
        if same_name(candidate, name):
            return candidate
    raise unknown(what, name, names)
