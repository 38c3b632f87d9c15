"""Parameters: their conversion from JSON, and the errors for those that are invalid, in the genuine node's words.

A handler's parameters are annotated with `Bytes`, `Hash`, `Number`, `Text`, …; optional ones with `| None`.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

import orjson

from ...consensus.integers import U32_MAX
from .errors import RpcError, clipped, invalid_params
from .slices import paced

Convert = Callable[[Any], Any]

#: In place of a parameter that an object does not have.
MISSING = object()

#: A character that has no place in hex.
NO_DIGIT = re.compile(r"[^0-9a-fA-F \r\n\t]")
#: Digits that are converted without a pause; an even number.
DIGITS_AT_ONCE = 1 << 20
#: A number in hex, which is a U256 on the genuine node.
HEX_NUMBER = re.compile(r"(?:0x)?([0-9a-fA-F]{0,64})")

#: The genuine node's name for bytes in error texts.
ANY_BYTES = "a (both 0x-prefixed or not) hex string or byte array"


class BadParameter(RpcError):
    """An invalid parameter: the reason, and the column of its text up to which the genuine node has read."""

    def __init__(self, why: str, column: int) -> None:
        error = invalid_params(f"{why} at line 1 column {column}")
        super().__init__(error.code, str(error), error.data)
        self.why, self.column = why, column


def invalid_type(value: Any, expected: str) -> BadParameter:
    """Return the error for a value of another type; the genuine node does not begin to read lists and maps."""
    column = 0 if isinstance(value, list | dict) else width(value)
    return BadParameter(f"invalid type: {describe(value)}, expected {expected}", column)


def invalid_value(value: Any, why: str) -> BadParameter:
    """Return the error for an invalid value of the right type."""
    return BadParameter(why, width(value))


def width(value: Any) -> int:
    """Return the length of a value as JSON."""
    return len(written(value))


def written(value: Any) -> str:
    """Return a value as JSON, "..." if it nests too deeply to be written."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return "..."


def describe(value: Any) -> str:
    """Return a JSON value in the words of serde's error texts."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"boolean `{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"{'integer' if isinstance(value, int) else 'floating point'} `{value}`"
    if isinstance(value, str):
        return f"string {orjson.dumps(clipped(value)).decode()}"
    return "sequence" if isinstance(value, list) else "map"


def to_bytes(value: Any) -> bytes:
    """Return bytes from hex of any length; an odd number of digits has a leading zero, as on the genuine node."""
    if not isinstance(value, str):
        raise invalid_type(value, ANY_BYTES)
    digits = value[2:] if value[:2] == "0x" else value
    try:
        if len(digits) <= DIGITS_AT_ONCE:
            return bytes.fromhex(digits)
        starts = paced(range(0, len(digits), DIGITS_AT_ONCE), 1)
        return b"".join([bytes.fromhex(digits[start : start + DIGITS_AT_ONCE]) for start in starts])
    except ValueError:
        return odd_bytes(value, digits)


def odd_bytes(value: str, digits: str) -> bytes:
    """Return bytes from hex with an odd number of digits; raise BadParameter for a character that is no digit."""
    if wrong := NO_DIGIT.search(digits):
        at = wrong.start() + len(value) - len(digits)
        raise invalid_value(value, f"invalid hex character: {wrong[0]}, at {at}")
    digits = "".join(digits.split())
    return bytes.fromhex("0" + digits if len(digits) % 2 else digits)


def to_hash(value: Any) -> bytes:
    """Return 32 bytes from hex."""
    expected = f"{ANY_BYTES} containing 32 bytes"
    if not isinstance(value, str):
        raise invalid_type(value, expected)
    digits = value.removeprefix("0x")
    if len(digits) != 64:
        raise invalid_value(value, f"invalid length {len(digits)}, expected {expected}")
    return to_bytes(value)


def to_text(value: Any) -> str:
    if not isinstance(value, str):
        raise invalid_type(value, "a string")
    return value


def to_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise invalid_type(value, "a boolean")
    return value


def to_number(value: Any) -> int:
    if type(value) is not int:
        raise invalid_type(value, "u32")
    if not 0 <= value <= U32_MAX:
        raise invalid_value(value, f"invalid value: integer `{value}`, expected u32")
    return value


def to_list(convert: Convert) -> Convert:
    """Return the conversion of a list whose items `convert` converts."""

    def of_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise invalid_type(value, "a sequence")
        converted: list[Any] = []
        try:
            for item in paced(value):
                converted.append(convert(item))
        except BadParameter as error:
            read = len(orjson.dumps(value[: len(converted)])) if converted else 1
            raise BadParameter(error.why, read + error.column) from None
        return converted

    return of_all


def to_block_number(value: Any) -> int:
    """Return a block number as a number or in hex."""
    if isinstance(value, str):
        if number := HEX_NUMBER.fullmatch(value):
            return int(number[1] or "0", 16)
    elif type(value) is int and value >= 0:
        return value
    raise invalid_value(value, "data did not match any variant of untagged enum ListOrValue")


def to_block_numbers(value: Any) -> int | list[int]:
    """Return one block number, or a list of them."""
    return [to_block_number(item) for item in paced(value)] if isinstance(value, list) else to_block_number(value)


Bytes = Annotated[bytes, to_bytes]
Hash = Annotated[bytes, to_hash]
Text = Annotated[str, to_text]
Flag = Annotated[bool, to_flag]
Number = Annotated[int, to_number]
Keys = Annotated[list[bytes], to_list(to_bytes)]
BlockNumbers = Annotated[int | list[int], to_block_numbers]


def converter(annotation: Any) -> tuple[Convert, bool]:
    """Return the conversion for an annotation, and whether the parameter is required."""
    optional = False
    if get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation):
        optional = True
        (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    if get_origin(annotation) is not Annotated:
        raise TypeError(f"expected one of the types of this module, got {annotation}")
    convert: Convert = get_args(annotation)[1]
    return convert, not optional


def camel_case(name: str) -> str:
    """Return a name in snake case as in lower camel case."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def in_order(params: Any, names: Sequence[str]) -> Any:
    """Return an object of parameters, by names in snake or lower camel case, as a list; anything else as it is.

    Other names are ignored.
    """
    if not isinstance(params, dict) or not names:
        return params
    found = [params.get(name, params.get(camel_case(name), MISSING)) for name in names]
    while found and found[-1] is MISSING:
        found.pop()
    return found


def read(params: Any, converters: Sequence[tuple[Convert, bool]], names: Sequence[str] = ()) -> list[Any]:
    """Return the handler's arguments; further parameters are ignored, as by the genuine node.

    An object has them by `names`.
    """
    if not converters:
        return []
    values = [] if params is None else in_order(params, names)
    if isinstance(params, dict):
        for name in names:
            if name != camel_case(name) and {name, camel_case(name)} <= params.keys():
                raise invalid_params(f"duplicate field `{name}` at line 1 column {width(params)}")
    if not isinstance(values, list):
        given = orjson.dumps(clipped(written(params))).decode()
        raise invalid_params(f"Invalid params. Expected one of '[', ']' or ',' but found {given}")
    arguments: list[Any] = []
    for position, (convert, required) in enumerate(converters):
        value = values[position] if position < len(values) else MISSING
        if value is MISSING or (value is None and not required):
            if required:
                raise missing(params, names[position] if isinstance(params, dict) else None)
            arguments.append(None)
        else:
            arguments.append(convert(value))
    return arguments


def missing(params: Any, name: str | None) -> RpcError:
    """Return the error for a parameter that is missing in a list, or by name in an object."""
    return invalid_params(
        "No more params" if name is None else f"missing field `{name}` at line 1 column {width(params)}"
    )
