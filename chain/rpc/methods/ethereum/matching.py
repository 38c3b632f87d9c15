"""Which logs a client wants: by addresses and topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from .....runtime.client.ethereum import Log, bloom_bits
from ...params import BadParameter, Convert, describe, invalid_type, invalid_value, to_hash
from .params import MOST, BlockRef, field, to_address, to_block_ref, to_object

#: The values that one position may have; None: any.
Choice = frozenset[bytes] | None


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is wanted. Blocks that were not given are None."""

    first: BlockRef | None
    last: BlockRef | None
    block_hash: bytes | None
    addresses: Choice
    #: The choices for the first topics, without those at the end that may be anything.
    topics: tuple[Choice, ...]

    def matches(self, log: Log) -> bool:
        """Return whether a log is wanted, wherever it is."""
        if self.addresses is not None and log.address not in self.addresses:
            return False
        if len(self.topics) > len(log.topics):
            return False
        return all(wanted is None or topic in wanted for wanted, topic in zip(self.topics, log.topics, strict=False))

    def may_be_in(self, bloom: bytes) -> bool:
        """Return whether a block with this bloom filter may have such a log."""
        bits = int.from_bytes(bloom, "big")
        return all(
            any(bits & own == own for own in map(bloom_bits, choice))
            for choice in (self.addresses, *self.topics)
            if choice is not None
        )


def to_filter(value: Any) -> LogFilter:
    """Return a filter from an object."""
    given = to_object(value, "struct Filter")
    if unknown := given.keys() - {"fromBlock", "toBlock", "blockHash", "address", "topics"}:
        known = "expected one of `fromBlock`, `toBlock`, `blockHash`, `address`, `topics`"
        raise invalid_value(value, f"unknown field `{min(unknown):.60}`, {known}")
    return LogFilter(
        field(given, "fromBlock", to_block_ref),
        field(given, "toBlock", to_block_ref),
        field(given, "blockHash", to_hash),
        field(given, "address", lambda each: _choice(each, to_address)),
        field(given, "topics", _topics) or (),
    )


def _choice(value: Any, convert: Convert) -> Choice:
    """Return the values of which one is wanted: one, or a list. None, no values, or null in the list: any."""
    if value is None:
        return None
    if not isinstance(value, list):
        return frozenset([_variadic(convert, value)])
    if len(value) > MOST:
        raise invalid_value(value, "Invalid variadic value type: too big array")
    if not value or None in value:
        return None
    return frozenset(_variadic(convert, each) for each in value)


def _variadic(convert: Convert, value: Any) -> bytes:
    if not isinstance(value, str):
        raise invalid_type(value, f"a value or a list of values, not a {describe(value)}")
    try:
        found: bytes = convert(value)
    except BadParameter as error:
        raise BadParameter(f"Invalid variadic value type: {error.why}", error.column) from None
    return found


def _topics(value: Any) -> tuple[Choice, ...]:
    """Return the choices by position; a single topic is the first one."""
    if not isinstance(value, list):
        return (frozenset([_variadic(to_hash, value)]),)
    if len(value) > MOST:
        raise invalid_value(value, "Invalid variadic value type: too big array")
    choices: Sequence[Choice] = [_choice(each, to_hash) for each in value]
    while choices and choices[-1] is None:
        choices = choices[:-1]
    return tuple(choices)


Filter = Annotated[LogFilter, to_filter]
