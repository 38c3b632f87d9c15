"""A whole chain in one file. Equal chains give equal bytes, and a chain that is loaded gives the bytes of its file.

magic      the line "pysubtensor chain 1"
header     a line of JSON: the configuration where it differs from the real chain's, the clock, the waiting transactions
records    all records of the store in ascending order, key and value in turns, packed as their count and lengths (u32,
           little-endian) and then their bytes; edits that wait for the next block are among them
digest     the Blake2b-256 of all bytes before it
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from ...genesis.config import ChainConfig
from ..chain import Blockchain
from ..clock import Clock, LogicalClock, SystemClock
from ..errors import ChainError
from ..history.layout import EDITS, HEAD, NODE, number_key, pack, unpack
from ..history.records import edits_record
from ..history.stores.memory import MemoryStore
from ..pool.rejections import Rejected
from .config_json import config_from_json, config_to_json

MAGIC = b"pysubtensor chain 1\n"
DIGEST = 32


def dump_bytes(chain: Blockchain) -> bytes:
    """Return a chain as the bytes of a file: blocks, states, edits, clock and ready transactions."""
    chain.require_open()
    chain.building.complete()
    if chain.history.is_fork:
        raise ChainError("expected a chain with all of its state, this one is a fork: its cache is its file")
    header = {
        "config": config_to_json(chain.config),
        "clock": _clock_to_json(chain.clock),
        "pool": [extrinsic.raw.hex() for extrinsic in chain.pool.ready()],
    }
    history, head = chain.history, chain.history.head
    # As if the trie had just been saved, and the chain been closed.
    instead: dict[bytes, bytes | None] = {NODE + path: record for path, record in history.nodes.unsaved.items()}
    instead[HEAD] = head._replace(trie=head.number).record()
    instead[EDITS + number_key(head.number + 1)] = edits_record(chain.state.changes())
    parts = [part for pair in history.records.all(instead) for part in pair]
    content = MAGIC + orjson.dumps(header, option=orjson.OPT_SORT_KEYS) + b"\n" + pack(parts)
    return content + blake2b(content, digest_size=DIGEST).digest()


def dump(chain: Blockchain, path: Path) -> Path:
    """Write a chain into a file and return its path; ChainError if it cannot be written."""
    data = dump_bytes(chain)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ChainError(f"cannot write {path}: {error.strerror}") from error
    return path


@dataclass(frozen=True, slots=True)
class Dumped:
    """What a file holds: the parts of a chain, and the transactions that waited."""

    config: ChainConfig
    clock: Clock
    store: MemoryStore
    pool: tuple[bytes, ...]


def read_dump(path: Path) -> Dumped:
    """Return what a file holds; ChainError if it cannot be read, or is no whole dump."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ChainError(f"cannot read {path}: {error.strerror}") from error
    return parse_dump(data, str(path))


def parse_dump(data: bytes, name: str) -> Dumped:
    """Return what the bytes of a file hold; `name` names it in errors."""
    if not data.startswith(MAGIC):
        raise ChainError(f"expected a chain that was dumped, got {name}")
    content, digest = data[:-DIGEST], data[-DIGEST:]
    if blake2b(content, digest_size=DIGEST).digest() != digest:
        raise ChainError(f"{name} is not whole: its digest is another one; dump the chain again")
    line, _, records = content[len(MAGIC) :].partition(b"\n")
    try:
        header = orjson.loads(line)
        config, clock = config_from_json(header["config"]), _clock_from_json(header["clock"])
        pool, parts = tuple(bytes.fromhex(raw) for raw in header["pool"]), unpack(records)
    except (ValueError, TypeError, LookupError) as error:
        raise ChainError(f"{name} was written by another version of pysubtensor: {error}") from error
    store = MemoryStore()
    store.write(dict(zip(parts[::2], parts[1::2], strict=True)))
    return Dumped(config, clock, store, pool)


def resubmit(chain: Blockchain, pool: tuple[bytes, ...]) -> None:
    """Put transactions into the pool again; those that are invalid now are left out."""
    for raw in pool:
        try:
            chain.submit(raw)
        except Rejected:
            continue


def _clock_to_json(clock: Clock) -> dict[str, Any]:
    if isinstance(clock, LogicalClock):
        return {"logical": [clock.start_ms, clock.next_timestamp(0, 1)]}
    return {"system": clock.ahead_ms if isinstance(clock, SystemClock) else 0}


def _clock_from_json(value: dict[str, Any]) -> Clock:
    if "logical" in value:
        start, earliest = value["logical"]
        logical = LogicalClock(start)
        logical.set_next(earliest, -1)
        return logical
    system = SystemClock()
    system.ahead_ms = value["system"]
    return system
