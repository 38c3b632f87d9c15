"""The node from which a fork reads: hashes, blocks, keys and values by its RPC, each checked for its form.

What it says about the state is believed, as by every client; headers must have their hash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ....runtime.frame.header import Header
from ....runtime.scale import ScaleError
from ....runtime.scale.reader import encode_compact
from ...errors import SourceFailed
from ..blocks import StoredBlock
from .wire import Refused, Request, Wire, WireError

#: Most keys in one request for values. The answer with the values of that many may be too long: then it is halved.
VALUES_AT_ONCE = 256
#: The longest page of keys that the genuine node answers.
MAX_PAGE = 1000
HASH_LENGTH = 32
#: The error codes of a method that does not exist, or that only an operator may call.
NO_METHOD = -32601
#: Part of the error for a state that a node no longer has.
DISCARDED = "State already discarded"
START_AGAIN = "Start that node again, or fork from another one of the same chain; what was read before is in the cache"


class Malformed(WireError):
    """An answer does not have the form that the method's answers have."""


class Source:
    """The calls to the node at a URL; `what` names the fork in messages."""

    def __init__(self, wire: Wire, what: str = "a fork") -> None:
        self._wire = wire
        self.url = wire.url
        self.what = what
        self._lists_values = True

    def close(self) -> None:
        """End the connection."""
        self._wire.close()

    def ask(self, method: str, *params: Any) -> Any:
        """Return the result of a method."""
        return self._guarded(method, lambda: self._wire.call(method, *params))

    def _guarded(self, method: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except WireError as error:
            discarded = isinstance(error, Refused) and DISCARDED in str(error)
            advice = "Fork from a node that keeps that block's state, an archive node" if discarded else START_AGAIN
            raise SourceFailed(f"{self.what} needs {method} of {self.url}: {error}. {advice}") from error

    # --- blocks --------------------------------------------------------------------------------------------

    def block_hash(self, number: int | None = None) -> bytes | None:
        """Return the hash of a block of the node's best chain, by default of the last one; None above it."""

        def read() -> bytes | None:
            params = [] if number is None else [number]
            found = self._wire.call("chain_getBlockHash", *params)
            return None if found is None else to_hash(found)

        found: bytes | None = self._guarded("chain_getBlockHash", read)
        return found

    def header(self, block_hash: bytes) -> Header | None:
        """Return a block's header, which has been compared with the hash; None for an unknown block."""

        def read() -> Header | None:
            found = self._wire.call("chain_getHeader", to_hex(block_hash))
            return None if found is None else to_header(found, block_hash)

        found: Header | None = self._guarded("chain_getHeader", read)
        return found

    def block(self, block_hash: bytes) -> StoredBlock | None:
        """Return a block, whose header has been compared with the hash; None for one that the node does not have."""

        def read() -> StoredBlock | None:
            found = self._wire.call("chain_getBlock", to_hex(block_hash))
            if found is None:
                return None
            block = part(found, "block", dict)
            header = to_header(part(block, "header", dict), block_hash)
            body = tuple(to_bytes(each) for each in part(block, "extrinsics", list))
            return StoredBlock(header.number, block_hash, header.encode(), body)

        found: StoredBlock | None = self._guarded("chain_getBlock", read)
        return found

    # --- state ---------------------------------------------------------------------------------------------

    def keys(self, prefix: bytes, count: int, after: bytes | None, at: bytes) -> list[bytes]:
        """Return the first `count` keys with a prefix, greater than `after`, ascending, after block `at`."""

        def read() -> list[bytes]:
            start = None if after is None else to_hex(after)
            found = self._wire.call("state_getKeysPaged", to_hex(prefix), count, start, to_hex(at))
            if not isinstance(found, list) or len(found) > count:
                raise Malformed(f"expected at most {count} keys, got {found!r:.60}")
            keys = [to_bytes(each) for each in found]
            before = after if after is not None else prefix[:-1]
            for key in keys:
                if not key.startswith(prefix) or key <= before:
                    raise Malformed(f"expected ascending keys with the prefix {to_hex(prefix)}, got {to_hex(key):.200}")
                before = key
            return keys

        found: list[bytes] = self._guarded("state_getKeysPaged", read)
        return found

    def values(self, keys: Sequence[bytes], at: bytes) -> list[bytes | None]:
        """Return the value under each key after block `at`, None where there is none."""
        found: list[bytes | None] = []
        for start in range(0, len(keys), VALUES_AT_ONCE):
            some = keys[start : start + VALUES_AT_ONCE]
            found += self._guarded("state_queryStorageAt", partial(self._values, some, at))
        return found

    def _values(self, keys: Sequence[bytes], at: bytes) -> list[bytes | None]:
        if len(keys) == 1 or not self._lists_values:
            single: list[Request] = [("state_getStorage", [to_hex(key), to_hex(at)]) for key in keys]
            return [None if each is None else to_bytes(each) for each in self._wire.call_all(single)]
        try:
            sets = self._wire.call("state_queryStorageAt", [to_hex(key) for key in keys], to_hex(at))
        except Refused as refused:
            if refused.code == NO_METHOD:
                self._lists_values = False
                return self._values(keys, at)
            # Most likely the answer would be too long, which nodes express in several ways.
            half = len(keys) // 2
            return self._values(keys[:half], at) + self._values(keys[half:], at)
        if not isinstance(sets, list) or len(sets) != 1:
            raise Malformed(f"expected one set of changes, got {sets!r:.60}")
        found: dict[bytes, bytes | None] = {}
        for change in part(sets[0], "changes", list):
            if not isinstance(change, list) or len(change) != 2:
                raise Malformed(f"expected pairs of key and value, got {change!r:.60}")
            found[to_bytes(change[0])] = None if change[1] is None else to_bytes(change[1])
        if missing := [key for key in keys if key not in found]:
            raise Malformed(f"expected a value for {to_hex(missing[0])}, got none")
        return [found[key] for key in keys]


# --- forms -----------------------------------------------------------------------------------------------------


def to_hex(data: bytes) -> str:
    """Return `0x` and two digits per byte."""
    return "0x" + data.hex()


def to_bytes(value: Any) -> bytes:
    """Return the bytes of a hexadecimal text."""
    if isinstance(value, str) and value.startswith("0x"):
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            pass
    raise Malformed(f"expected 0x and hexadecimal digits, got {value!r:.60}")


def to_hash(value: Any) -> bytes:
    """Return the 32 bytes of a hexadecimal text."""
    data = to_bytes(value)
    if len(data) != HASH_LENGTH:
        raise Malformed(f"expected a hash of {HASH_LENGTH} bytes, got {len(data)} bytes")
    return data


def part(value: Any, name: str, kind: type) -> Any:
    """Return a part of a JSON object, which must have this type."""
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, kind):
        raise Malformed(f"expected {name!r} in an object, got {value!r:.60}")
    return found


def to_header(value: Any, block_hash: bytes) -> Header:
    """Return a header from its JSON; its hash must be `block_hash`."""
    logs = part(part(value, "digest", dict), "logs", list)
    try:
        number = int(part(value, "number", str), 16)
        encoded = b"".join(
            (
                to_hash(value.get("parentHash")),
                encode_compact(number),
                to_hash(value.get("stateRoot")),
                to_hash(value.get("extrinsicsRoot")),
                encode_compact(len(logs)),
                *map(to_bytes, logs),
            )
        )
        header = Header.decode(encoded)
    except (ScaleError, ValueError) as error:
        raise Malformed(f"expected a header, got one that cannot be decoded: {error}") from None
    if header.hash != block_hash:
        raise Malformed(f"expected the header of {to_hex(block_hash)}, got that of {to_hex(header.hash)}")
    return header
