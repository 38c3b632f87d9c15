"""Parameters of Ethereum's methods: quantities, addresses, blocks by tag, number or hash."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Annotated, Any

from .....consensus.integers import U64_MAX
from ...errors import clipped
from ...params import ANY_BYTES, BadParameter, Convert, invalid_type, invalid_value, to_hash

HEX = re.compile(r"0x[0-9a-fA-F]*")
NO_DIGIT = re.compile(r"[^0-9a-fA-F]")
#: The most digits that are read of a number in text.
DIGITS = re.compile(r"[0-9]{1,20}")
ADDRESS_DIGITS, WORD_DIGITS = 40, 64
#: The most entries of a list of addresses, topics, authorizations or overrides (for filters the genuine node's limit).
MOST = 1024
#: The most storage slots of an access list or of overrides.
MOST_SLOTS = 16 * 1024
USIZE_MAX = U64_MAX


class Tag(Enum):
    """A block by what it is."""

    LATEST = "latest"
    EARLIEST = "earliest"
    PENDING = "pending"
    SAFE = "safe"
    FINALIZED = "finalized"


#: A block: its tag, its number, or the hash of the Ethereum block.
BlockRef = Tag | int | bytes
TAGS = {tag.value: tag for tag in Tag}


def to_quantity(bits: int) -> Callable[[Any], int]:
    """Return the conversion of numbers in hex, with or without 0x, of at most this many bits."""
    digits = bits // 4
    expected = f"{ANY_BYTES} containing between (0; {bits // 8}] bytes"

    def convert(value: Any) -> int:
        if not isinstance(value, str):
            raise invalid_type(value, expected)
        found = value.removeprefix("0x")
        if not 0 < len(found) <= digits:
            raise invalid_value(value, f"invalid length {len(found)}, expected {expected}")
        return int(require_digits(value, found), 16)

    return convert


def require_digits(value: str, digits: str) -> str:
    """Return hexadecimal digits; BadParameter, with the whole value, for others."""
    if wrong := NO_DIGIT.search(digits):
        raise invalid_value(value, f"invalid hex character: {wrong[0]}, at {wrong.start() + len(value) - len(digits)}")
    return digits


to_u256, to_u64 = to_quantity(256), to_quantity(64)


def to_address(value: Any) -> bytes:
    """Return the 20 bytes of an address."""
    expected = f"{ANY_BYTES} containing 20 bytes"
    if not isinstance(value, str):
        raise invalid_type(value, expected)
    digits = value.removeprefix("0x")
    if len(digits) != ADDRESS_DIGITS:
        raise invalid_value(value, f"invalid length {len(digits)}, expected {expected}")
    return bytes.fromhex(require_digits(value, digits))


def to_data(value: Any) -> bytes:
    """Return bytes from hex with 0x and an even number of digits."""
    if not isinstance(value, str):
        raise invalid_type(value, "a 0x-prefixed, hex-encoded vector of bytes")
    if not value.startswith("0x") or len(value) % 2:
        why = "Invalid bytes format. Expected a 0x-prefixed hex string with even length"
        raise invalid_value(value, why)
    if not HEX.fullmatch(value):
        raise invalid_value(value, "Invalid hex: Invalid character")
    return bytes.fromhex(value[2:])


def to_block_ref(value: Any) -> BlockRef:
    """Return a block from a tag, a number (hex, decimal, JSON's), {"blockHash": H} or {"blockNumber": N}."""
    if isinstance(value, str):
        return TAGS[value] if value in TAGS else _block_number(value)
    if type(value) is int and 0 <= value <= U64_MAX:
        return value
    if isinstance(value, dict):
        return _block_of_object(value)
    raise invalid_type(value, "a block number or 'latest', 'safe', 'finalized', 'earliest' or 'pending'")


def _block_number(text: str) -> int:
    if text.startswith("0x"):
        if not 2 < len(text) <= 2 + 16 or not HEX.fullmatch(text):
            kind = "cannot parse integer from empty string" if len(text) == 2 else _kind_of(text)
            raise invalid_value(text, f"Invalid block number: {kind}")
        return int(text, 16)
    if DIGITS.fullmatch(text) and int(text) <= U64_MAX:
        return int(text)
    raise invalid_value(text, "Invalid block number: non-decimal or missing 0x prefix")


def _kind_of(text: str) -> str:
    return "number too large to fit in target type" if HEX.fullmatch(text) else "invalid digit found in string"


def _block_of_object(value: Mapping[str, Any]) -> BlockRef:
    found: bytes | None = None
    for key, given in value.items():
        if key == "blockNumber":
            if not isinstance(given, str) or not given.startswith("0x"):
                raise invalid_value(value, "Invalid block number: missing 0x prefix")
            return _block_number(given)
        if key == "blockHash":
            found = to_hash(given)
        elif key != "requireCanonical":
            raise invalid_value(value, f"Unknown key: {clipped(key)}")
    if found is None:
        raise invalid_value(value, "Invalid input")
    return found


def to_index(value: Any) -> int:
    """Return an index in hex, in decimal, or as JSON's number."""
    if type(value) is int and 0 <= value <= USIZE_MAX:
        return value
    if not isinstance(value, str):
        raise invalid_type(value, "a hex-encoded or decimal index")
    number = None
    if value.startswith("0x"):
        number = int(value, 16) if 2 < len(value) <= 18 and HEX.fullmatch(value) else None
    elif DIGITS.fullmatch(value):
        number = int(value)
    if number is None or number > USIZE_MAX:
        raise invalid_value(value, "Invalid index: invalid digit found in string")
    return number


def to_block_count(value: Any) -> int:
    """Return a number of blocks as JSON's number, in decimal or in hex."""
    if type(value) is int and 0 <= value <= U64_MAX:
        return value
    if not isinstance(value, str):
        raise invalid_type(value, f"an intenger, {ANY_BYTES} containing between (0; 32] bytes")
    if DIGITS.fullmatch(value):
        return min(int(value), U64_MAX)
    try:
        return min(to_u256(value), U64_MAX)
    except BadParameter:
        why = "Invalid block count: non-decimal or missing 0x prefix"
        raise invalid_value(value, why) from None


def to_percentiles(value: Any) -> list[float]:
    """Return percentiles of rewards, of which there may be 100."""
    if not isinstance(value, list):
        raise invalid_type(value, "a sequence")
    if len(value) > 100:
        raise invalid_value(value, f"expected at most 100 percentiles, got {len(value)}")
    for each in value:
        if isinstance(each, bool) or not isinstance(each, int | float):
            raise invalid_type(each, "f64")
    return [float(min(max(each, 0), 100)) for each in value]


def field(value: Mapping[str, Any], name: str, convert: Convert) -> Any:
    """Return an optional field of an object; the error about it begins with its name."""
    given = value.get(name)
    if given is None:
        return None
    try:
        return convert(given)
    except BadParameter as error:
        raise BadParameter(f"{name}: {error.why}", error.column) from None


def items(what: str, convert: Convert, most: int = MOST) -> Convert:
    """Return the conversion of a list of at most `most` items."""

    def of_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise invalid_type(value, "a sequence")
        if len(value) > most:
            raise invalid_value(value, f"expected at most {most} {what}, got {len(value)}")
        return [convert(each) for each in value]

    return of_all


def to_object(value: Any, what: str) -> dict[str, Any]:
    """Return an object."""
    if not isinstance(value, dict):
        raise invalid_type(value, what)
    return value


Quantity = Annotated[int, to_u256]
Address = Annotated[bytes, to_address]
Data = Annotated[bytes, to_data]
Block = Annotated[BlockRef, to_block_ref]
Index = Annotated[int, to_index]
BlockCount = Annotated[int, to_block_count]
Percentiles = Annotated[list[float], to_percentiles]
