"""Parameters: from JSON to what handlers take, and the complaint when they do not fit.

A handler's annotations say what it takes: `Bytes`, `Hash`, `Number`, `Text`, … and `| None` for what may be left out.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

import orjson

from .errors import RpcError, invalid_params

Convert = Callable[[Any], Any]

U32_MAX = (1 << 32) - 1
#: What clients read: hex, with or without `0x`.
ANY_BYTES = "a (both 0x-prefixed or not) hex string or byte array"


class BadParameter(RpcError):
    """A parameter that does not fit: why, and the column of its text up to which the genuine node has read."""

    def __init__(self, why: str, column: int) -> None:
        error = invalid_params(f"{why} at line 1 column {column}")
        super().__init__(error.code, str(error), error.data)
        self.why, self.column = why, column


def wrong_type(value: Any, expected: str) -> BadParameter:
    """Make the complaint about a type, in the genuine node's words: it does not begin to read lists and maps."""
    column = 0 if isinstance(value, list | dict) else len(orjson.dumps(value))
    return BadParameter(f"invalid type: {shown(value)}, expected {expected}", column)


def wrong_value(value: Any, why: str) -> BadParameter:
    """Make the complaint about a value that does not fit, though of the right type."""
    return BadParameter(why, len(orjson.dumps(value)))


def shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"boolean `{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"{'integer' if isinstance(value, int) else 'floating point'} `{value}`"
    if isinstance(value, str):
        return f"string {orjson.dumps(value).decode()}"
    return "sequence" if isinstance(value, list) else "map"


def to_bytes(value: Any) -> bytes:
    """Hex of any length; an odd digit more stands for a leading zero, as with the genuine node."""
    if not isinstance(value, str):
        raise wrong_type(value, ANY_BYTES)
    digits = value[2:] if value[:2] == "0x" else value
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return odd_bytes(value, digits)


def odd_bytes(value: str, digits: str) -> bytes:
    """Bytes whose hex is no pairs of digits, or the complaint about a character that is none."""
    for at, character in enumerate(digits):
        if character not in "0123456789abcdefABCDEF \r\n\t":
            raise wrong_value(value, f"invalid hex character: {character}, at {at + len(value) - len(digits)}")
    digits = "".join(digits.split())
    return bytes.fromhex("0" + digits if len(digits) % 2 else digits)


def to_hash(value: Any) -> bytes:
    """Hex of 32 bytes."""
    expected = f"{ANY_BYTES} containing 32 bytes"
    if not isinstance(value, str):
        raise wrong_type(value, expected)
    digits = value.removeprefix("0x")
    if len(digits) != 64:
        raise wrong_value(value, f"invalid length {len(digits)}, expected {expected}")
    return to_bytes(value)


def to_text(value: Any) -> str:
    if not isinstance(value, str):
        raise wrong_type(value, "a string")
    return value


def to_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong_type(value, "a boolean")
    return value


def to_number(value: Any) -> int:
    if type(value) is not int:
        raise wrong_type(value, "u32")
    if not 0 <= value <= U32_MAX:
        raise wrong_value(value, f"invalid value: integer `{value}`, expected u32")
    return value


def to_list(convert: Convert) -> Convert:
    """Return the conversion of a list of what `convert` takes."""

    def of_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise wrong_type(value, "a sequence")
        converted: list[Any] = []
        try:
            for item in value:
                converted.append(convert(item))
        except BadParameter as error:
            read = len(orjson.dumps(value[: len(converted)])) if converted else 1
            raise BadParameter(error.why, read + error.column) from None
        return converted

    return of_all


def to_block_number(value: Any) -> int:
    """Return a block number as a number or in hex."""
    if isinstance(value, str):
        try:
            return int(value.removeprefix("0x") or "0", 16)
        except ValueError:
            raise wrong_value(value, "data did not match any variant of untagged enum ListOrValue") from None
    if type(value) is not int or value < 0:
        raise wrong_value(value, "data did not match any variant of untagged enum ListOrValue")
    return value


def to_block_numbers(value: Any) -> int | list[int]:
    """Return one block number, or a list of them."""
    return [to_block_number(item) for item in value] if isinstance(value, list) else to_block_number(value)


Bytes = Annotated[bytes, to_bytes]
Hash = Annotated[bytes, to_hash]
Text = Annotated[str, to_text]
Flag = Annotated[bool, to_flag]
Number = Annotated[int, to_number]
Keys = Annotated[list[bytes], to_list(to_bytes)]
BlockNumbers = Annotated[int | list[int], to_block_numbers]


def converter(annotation: Any) -> tuple[Convert, bool]:
    """Return how to read a parameter of this annotation, and whether it must be there."""
    optional = False
    if get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation):
        optional = True
        (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    if get_origin(annotation) is not Annotated:
        raise TypeError(f"expected one of the types of this module, got {annotation}")
    convert: Convert = get_args(annotation)[1]
    return convert, not optional


def read(params: Any, converters: Sequence[tuple[Convert, bool]]) -> list[Any]:
    """Return the handler's arguments; what comes after them is ignored, as by the genuine node."""
    if not converters:
        return []
    if params is None:
        params = []
    if not isinstance(params, list):
        given = orjson.dumps(orjson.dumps(params).decode()).decode()
        raise invalid_params(f"Invalid params. Expected one of '[', ']' or ',' but found {given}")
    arguments: list[Any] = []
    for position, (convert, required) in enumerate(converters):
        value = params[position] if position < len(params) else None
        if value is not None:
            arguments.append(convert(value))
        elif not required:
            arguments.append(None)
        elif position < len(params):
            arguments.append(convert(None))
        else:
            raise invalid_params("No more params")
    return arguments
