"""Checks of what programs pass to a chain: a mistake becomes one ChainError, with what was expected and what came."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...genesis.config import ChainConfig
from ...runtime.client.leaves import is_integer
from ...runtime.crypto import Keypair
from ...runtime.frame.call import Call
from ...runtime.scale import AccountId, codec_of
from ..chain import Blockchain
from ..errors import ChainError
from ..history.blocks import Retention, UnknownBlock

#: What names a block: its hash (bytes, or 0x…) or its number.
BlockId = bytes | str | int

MAX_BLOCK = (1 << 32) - 1
HASH_LENGTH = 32
#: Characters of a wrong value that a message shows.
SHOWN = 60
ACCOUNT = codec_of(AccountId)


def mistake(wanted: str, came: object, advice: str = "") -> ChainError:
    """Make the error for an argument: what was expected, what came, and what to do."""
    return ChainError(f"expected {wanted}, got {came!r:.{SHOWN}}{advice and f': {advice}'}")


def integer(what: str, value: Any, low: int = 0, high: int = MAX_BLOCK) -> int:
    """Return an integer, Python's or NumPy's, from `low` to `high`."""
    if not is_integer(value) or not low <= value <= high:
        raise mistake(f"{what} ({low} to {high})", value)
    return int(value)


def block_number(value: Any) -> int:
    """Return a block number."""
    return integer("a block number", value)


def block_hash(chain: Blockchain, at: Any) -> bytes:
    """Return the hash of the block that `at` names; UnknownBlock for a number that no kept block has."""
    if isinstance(at, bytes) and len(at) == HASH_LENGTH:
        return at
    if isinstance(at, str) and at.startswith("0x") and len(at) == 2 + 2 * HASH_LENGTH:
        try:
            return bytes.fromhex(at[2:])
        except ValueError:
            pass
    if not is_integer(at):
        raise mistake("a block: its hash (32 bytes, or 0x and 64 digits) or its number", at)
    number = block_number(at)
    found = chain.hash_at(number)
    if found is None:
        raise UnknownBlock(number)
    return found


def keypair(key: Any) -> Keypair:
    """Return the key that a key or a secret URI is."""
    if isinstance(key, str):
        return Keypair.from_uri(key)
    if not isinstance(key, Keypair):
        raise mistake('a Keypair, or a secret URI such as "//Alice"', key)
    return key


def call(value: Any) -> Call:
    """Return a call."""
    if not isinstance(value, Call):
        raise mistake('a Call, as chain.call("Pallet.call", …) makes it', value)
    return value


def parts_of_chain(config: Any, store: Any, clock: Any, retention: Any) -> None:
    """Refuse what a chain cannot be made of."""
    if not isinstance(config, ChainConfig):
        raise mistake("a ChainConfig", config, "Chain.dev() makes a chain for tests")
    if not (store is None or isinstance(store, Path) or hasattr(store, "write")):
        raise mistake("a Path, a Store, or None", store, "pathlib.Path makes a path of text")
    if not (clock is None or hasattr(clock, "next_timestamp")):
        raise mistake("a clock, or None", clock, "LogicalClock and SystemClock are there")
    if not (retention is None or isinstance(retention, Retention)):
        raise mistake("a Retention, or None", retention)


def parts_of_name(what: str, name: Any) -> tuple[str, str]:
    """Return both parts of a name with one dot."""
    before, dot, after = name.partition(".") if isinstance(name, str) else ("", "", "")
    if not (before and dot and after):
        raise mistake(f"the name of {what}", name)
    return before, after


def encoded(what: str, value: Any) -> bytes:
    """Return encoded bytes."""
    if not isinstance(value, bytes | bytearray):
        raise mistake(f"{what} as bytes", value, "bytes.fromhex turns hexadecimal text into bytes")
    return bytes(value)
