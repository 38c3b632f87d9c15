"""Checks of the arguments of `Chain`: an invalid one raises ChainError with what was expected and what came."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ...genesis.config import ChainConfig
from ...runtime import beacon
from ...runtime.client.leaves import is_integer
from ...runtime.client.text import parse_key
from ...runtime.crypto import Keypair
from ...runtime.frame.call import Call
from ...runtime.frame.era import Era
from ...runtime.scale import AccountId, codec_of
from ...runtime.scale.codec import shown
from ..chain import Blockchain
from ..errors import ChainError
from ..history.blocks import Retention, UnknownBlock

MAX_BLOCK = (1 << 32) - 1
HASH_LENGTH = 32
#: Characters of an invalid value that a message shows.
SHOWN = 60
ACCOUNT = codec_of(AccountId)
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


def argument_error(wanted: str, came: object, advice: str = "") -> ChainError:
    """Return the error for an argument: what was expected, what came, and what to do."""
    return ChainError(f"expected {wanted}, got {shown(came, SHOWN)}{advice and f': {advice}'}")


def require_integer(what: str, value: Any, low: int = 0, high: int = MAX_BLOCK) -> int:
    """Return an integer, Python's or NumPy's, from `low` to `high`."""
    if not is_integer(value) or not low <= value <= high:
        raise argument_error(f"{what} ({low} to {high})", value)
    return int(value)


def require_block_number(value: Any) -> int:
    """Return `value`, which must be a block number."""
    return require_integer("a block number", value)


def block_id(at: Any) -> bytes | int:
    """Return the hash or the number by which `at` names a block."""
    if isinstance(at, bytes) and len(at) == HASH_LENGTH:
        return at
    if isinstance(at, str) and _HASH.fullmatch(at):
        return bytes.fromhex(at[2:])
    if not is_integer(at):
        raise argument_error("a block: its hash (32 bytes, or 0x and 64 digits) or its number", at)
    return require_block_number(at)


def resolve_block(chain: Blockchain, at: Any) -> bytes:
    """Return the hash of the block that `at` names; UnknownBlock for a number that no kept block has."""
    number = block_id(at)
    if isinstance(number, bytes):
        return number
    found = chain.hash_at(number)
    if found is None:
        raise UnknownBlock(number)
    return found


def resolve_keypair(key: Any) -> Keypair:
    """Return a key, or the key of a secret URI or of a development account."""
    if isinstance(key, str):
        return parse_key(key)
    if not isinstance(key, Keypair):
        raise argument_error('a Keypair, a secret URI such as "//Alice", or a name such as "alice"', key)
    return key


def require_call(chain: Blockchain, value: Any) -> Call:
    """Return `value`, which must be a call of the chain's runtime."""
    if not isinstance(value, Call):
        raise argument_error('a Call, as chain.call("Pallet.call", …) makes it', value)
    try:
        chain.runtime.require_own(value)
    except TypeError as error:
        raise ChainError(str(error)) from None
    return value


def require_era_hash(chain: Blockchain, era: Any) -> bytes | None:
    """Return the hash of the block at which an era of the head began, None for the immortal era."""
    if not isinstance(era, Era):
        raise argument_error("an Era, such as Era.mortal(64, chain.head.number)", era)
    if era.is_immortal:
        return None
    if not era.is_encodable:
        raise argument_error("an era as Era.mortal(period, block) makes it", era)
    birth = era.birth(chain.head.number)
    found = chain.hash_at(birth)
    if found is None:
        wanted = f"an era that began at a kept block up to the head, {chain.head.number}"
        raise argument_error(wanted, f"block {birth}")
    return found


def pulse_extrinsic(chain: Blockchain, number: int, signature: Any) -> bytes:
    """Return the extrinsic that brings the pulse of a round, signed by the local beacon unless a signature is given."""
    chain.require_open()
    ctx = chain.pending_context()
    if signature is not None:
        return beacon.pulse_extrinsic(ctx, beacon.pulse_of(number, require_bytes("the signature", signature)))
    if not beacon.is_local(ctx):
        raise ChainError('expected a signature of the beacon; a chain made with beacon="local" needs none')
    return beacon.pulse_extrinsic(ctx, beacon.local_pulse(number))


def require_chain_parts(config: Any, store: Any, clock: Any, retention: Any) -> None:
    """Refuse arguments of which no chain can be made."""
    if not isinstance(config, ChainConfig):
        raise argument_error("a ChainConfig", config, "Chain.dev() makes a chain for tests")
    require_store(store)
    if not (clock is None or hasattr(clock, "next_timestamp")):
        raise argument_error("a clock, or None", clock, "use LogicalClock or SystemClock")
    if not (retention is None or isinstance(retention, Retention)):
        raise argument_error("a Retention, or None", retention)


def require_store(store: Any) -> None:
    """Refuse what is no store."""
    if not (store is None or isinstance(store, Path) or hasattr(store, "write")):
        raise argument_error("a Path, a Store, or None", store, "make a path of text with pathlib.Path")


def require_folder(folder: Any) -> None:
    """Refuse what is no folder for a cache."""
    if not (folder is None or isinstance(folder, Path)):
        raise argument_error("a Path, or None", folder, "make a path of text with pathlib.Path")


def split_name(what: str, name: Any) -> tuple[str, str]:
    """Return both parts of a name, before and after its first dot."""
    before, dot, after = name.partition(".") if isinstance(name, str) else ("", "", "")
    if not (before and dot and after):
        raise argument_error(f"the name of {what}", name)
    return before, after


def require_bytes(what: str, value: Any) -> bytes:
    """Return `value`, which must be bytes."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, bytearray):
        raise argument_error(f"{what} as bytes", value, "convert hexadecimal text with bytes.fromhex")
    return bytes(value)


def count_text(what: str, wanted: list[str]) -> str:
    """Return a count and the names of what is counted, such as "1 key (u16)"."""
    names = f" ({', '.join(wanted)})" if wanted else ""
    return f"{len(wanted)} {what}{'' if len(wanted) == 1 else 's'}{names}"
