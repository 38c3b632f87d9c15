"""Plain integers, booleans and bytes as typed values, in each form in which tools write them."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np

from ..crypto import Keypair
from ..scale.codec import FixedBytes, Integer
from .errors import PlainError, expected
from .text import encode_text, is_address, is_amount, parse_account, parse_amount, parse_hex, sized

#: Bytes of an account: only for this size does text without `0x` name an account.
ACCOUNT_SIZE = 32
ACCOUNT_TYPES = (str, bytes, bytearray, memoryview, list, tuple, np.ndarray)
#: Bytes of the smallest integers that hold amounts.
MONEY_SIZE = 8
#: The longest number that a message shows in digits; Python refuses to write very long ones.
SHOWN_BITS = 256
BYTES_FORMS = "bytes: 0x…, text, or a list of numbers from 0 to 255"


def is_integer(value: object) -> bool:
    """Return whether a value is an integer, Python's or NumPy's; but not a boolean."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def integer(codec: Integer, value: Any, amounts: bool) -> int:
    """Return an integer in the range of the type, from a number or its decimal or `0x` text."""
    if isinstance(value, str):
        value = _integer_of_text(codec, value.strip(), amounts)
    if not is_integer(value):
        raise expected(_integer_name(codec, amounts), value)
    number = int(value)
    if not codec.low <= number < codec.high:
        shown = number if number.bit_length() <= SHOWN_BITS else f"a number of {number.bit_length()} bits"
        raise PlainError(f"{shown} does not fit {codec.name}: {codec.low} to {codec.high - 1}")
    return number


def _integer_of_text(codec: Integer, text: str, amounts: bool) -> int:
    try:
        return int(text, 16 if text.startswith("0x") else 10)
    except ValueError:
        if amounts and codec.size >= MONEY_SIZE and is_amount(text):
            return parse_amount(text)
        raise expected(_integer_name(codec, amounts), text) from None


def _integer_name(codec: Integer, amounts: bool) -> str:
    money = " or an amount such as 1.5tao" if amounts and codec.size >= MONEY_SIZE else ""
    return f"an integer ({codec.name}){money}"


def boolean(value: Any) -> bool:
    """Return a boolean, Python's, NumPy's or text; numbers are refused."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool | np.bool_):
        raise expected("true or false", value)
    return bool(value)


def octets(value: Any) -> bytes:
    """Return bytes from `0x…`, text (UTF-8), a bytes-like value, or a sequence of numbers from 0 to 255."""
    if isinstance(value, str):
        return parse_hex(value) if value.startswith("0x") else encode_text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim == 1):
        return _octets_of_numbers(value)
    raise expected(BYTES_FORMS, value)


def _octets_of_numbers(numbers: Sequence[Any] | np.ndarray[Any, Any]) -> bytes:
    for index, number in enumerate(numbers):
        if not is_integer(number) or not 0 <= number <= 255:
            raise expected("a number from 0 to 255", number).inside(f"[{index}]")
    return bytes([int(number) for number in numbers])


def fixed_octets(codec: FixedBytes, value: Any) -> bytes:
    """Return bytes of the type's size; of 32 bytes, an address, `//Name` or a key is its account."""
    if codec.size == ACCOUNT_SIZE:
        if isinstance(value, Keypair):
            return value.account
        if isinstance(value, str) and not value.startswith("0x"):
            return parse_account(value)
        if is_address(codec) and not isinstance(value, ACCOUNT_TYPES):
            raise expected(f"an account: an address, //Name, 0x… or {codec.size} bytes", value)
    return sized(octets(value), codec.size, value)
