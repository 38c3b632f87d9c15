"""Checks of the arguments of `Chain`: an invalid one raises ChainError with what was expected and what came."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...genesis.config import ChainConfig
from ...runtime import beacon
from ...runtime.client.text import parse_key
from ...runtime.crypto import Keypair
from ...runtime.frame.call import Call
from ...runtime.frame.era import Era
from ...runtime.scale import AccountId, codec_of
from ..arguments import argument_error
from ..chain import Blockchain
from ..errors import ChainError
from ..history.blocks import Retention

ACCOUNT = codec_of(AccountId)


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


def require_bytes(what: str, value: Any) -> bytes:
    """Return `value`, which must be bytes."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, bytearray):
        raise argument_error(f"{what} as bytes", value, "convert hexadecimal text with bytes.fromhex")
    return bytes(value)
