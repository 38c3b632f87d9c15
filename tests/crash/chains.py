"""What the processes of the campaign do with a chain on disk: grow it, prove it, and read all of it."""

from __future__ import annotations

import os
import random
import resource
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.errors import StoreError, StoreFailed
from pysubtensor.chain.history.stores import leveldb, open_store
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.version import STATE_VERSION

#: With so small a buffer LevelDB often begins a new log, and merges files.
SMALL_BUFFER = 64 << 10
#: What a check found that must not happen; any other message is a refusal.
LOST, WRONG, CRASHED = "LOST", "WRONG VALUE", "CRASHED"
FIVE_TAO = 5 * 10**9

#: Number and hash of a block.
Reported = tuple[int, bytes]


def open_chain(path: Path, engine: str, small_buffer: bool) -> Chain:
    leveldb.WRITE_BUFFER = SMALL_BUFFER if small_buffer else 32 << 20
    return Chain(dev(), open_store(path, engine))


def grow(chain: Chain, chance: random.Random) -> Reported:
    """Append a block with transfers to old and to new accounts, and return its number and hash."""
    for name in ("//Alice", "//Bob", "//Charlie"):
        key = Keypair.from_uri(name)
        for _ in range(chance.randrange(4)):
            receiver = chance.choice([chance.randrange(50), chance.randrange(1 << 60)]).to_bytes(32, "little")
            chain.submit(chain.sign(transfer_keep_alive.call(Id(receiver), FIVE_TAO), key))
    block = chain.produce()
    return block.number, block.hash


def prove(chain: Chain, last: Reported | None) -> str | None:
    """Return what is wrong with a chain that reported `last`; None if nothing is."""
    if last is not None and chain.hash_at(last[0]) != last[1]:
        return f"{LOST}: block {last[0]} was reported, the head is {chain.head.number}"
    if chain.head_header.state_root != root_of(chain.history.state.items(b""), STATE_VERSION):
        return f"{WRONG}: the state is not that of block {chain.head.number}"
    return None


def reporting(result: Connection, work: Callable[[], str | None]) -> None:
    """Send what `work` found, also if it fails."""
    try:
        result.send(work())
    except StoreError as error:
        result.send(f"refused: {error}")
    except Exception as error:  # noqa: BLE001  # anything else is a finding
        result.send(f"{CRASHED}: {type(error).__name__}: {error}")
    result.close()


def prove_and_grow(result: Connection, path: Path, engine: str, seed: int, last: Reported | None) -> None:
    """Prove the chain, then append blocks and report each, until killed."""

    def work() -> str | None:
        chance = random.Random(seed)
        chain = open_chain(path, engine, chance.random() < 0.5)
        result.send(prove(chain, last))
        while True:
            result.send(grow(chain, chance))

    reporting(result, work)


def fill_disk(result: Connection, path: Path, engine: str, seed: int, last: Reported | None) -> None:
    """Prove the chain, then append blocks and report each, until a limit of the size of files ends it.

    Then end the process, close the chain, or lift the limit and go on with an opened one, by the seed.
    """

    def work() -> str | None:
        chance = random.Random(seed)
        small, limit = chance.random() < 0.5, int(2 ** chance.uniform(14, 21))
        chain = open_chain(path, engine, small)
        found = prove(chain, last)
        result.send(found)
        limit_files(limit)
        failure = grow_until_it_fails(chain, chance, result.send)
        with suppress(StoreFailed):
            chain.produce()
            return f"{LOST}: a block was made after {failure}"
        after = chance.randrange(3)
        if after == 0:
            os._exit(0)
        if after == 1:
            limit_files(None)
        chain.close()
        limit_files(None)
        with open_chain(path, engine, small) as chain:
            for _ in range(5):
                result.send(grow(chain, chance))
        return f"refused: {failure}"

    reporting(result, work)


def fill_real_disk(result: Connection, path: Path, engine: str, seed: int, last: Reported | None) -> None:
    """As `fill_disk`, on a small file system: a file takes its free space but for a little, and is removed later."""

    def work() -> str | None:
        chance = random.Random(seed)
        chain = open_chain(path, engine, chance.random() < 0.5)
        result.send(prove(chain, last))
        ballast = path.parent / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        with suppress(OSError):
            os.truncate(ballast, ballast.stat().st_size - (chance.randrange(1 << 18) & ~4095))
        try:
            failure = grow_until_it_fails(chain, chance, result.send)
            with suppress(StoreFailed):
                chain.produce()
                return f"{LOST}: a block was made after {failure}"
            with suppress(StoreFailed):
                chain.close()
        finally:
            ballast.unlink()
        with open_chain(path, engine, False) as chain:
            for _ in range(5):
                result.send(grow(chain, chance))
        return f"refused: {failure}"

    reporting(result, work)


def limit_files(size: int | None) -> None:
    """Limit the size of files; None: as large as they may be."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


def grow_until_it_fails(chain: Chain, chance: random.Random, report: Callable[[Reported], None]) -> StoreFailed:
    while True:
        try:
            report(grow(chain, chance))
        except StoreFailed as failure:
            return failure


@dataclass(frozen=True, slots=True)
class Truth:
    """What a data directory holds, and which blocks follow."""

    hashes: list[bytes | None]
    state: dict[bytes, bytes]
    past: dict[bytes, bytes]
    following: list[bytes]


#: Blocks between the head and the past state that is compared.
BACK = 30


def read_truth(chain: Chain) -> Truth:
    """Read the whole chain, then append blocks."""
    hashes = [chain.hash_at(number) for number in range(chain.head.number + 1)]
    state = dict(chain.history.state.items(b""))
    earlier = hashes[-BACK]
    assert earlier is not None
    past = dict(chain.history.state_at(earlier).items(b""))
    for key in state:
        assert chain.history.state.get(key) == state[key]
    for key in past:
        assert chain.history.state_at(earlier).get(key) == past[key]
    for number in range(chain.head.number + 1):
        assert chain.history.block_by_number(number).hash == hashes[number]
    # Without transactions, whose signatures are random.
    return Truth(hashes, state, past, [chain.produce().hash for _ in range(3)])


def close_cleanly(result: Connection, path: Path, engine: str) -> None:
    """Open the chain, append a block, and close it."""
    with open_chain(path, engine, small_buffer=True) as chain:
        grow(chain, random.Random(0))
    result.send(None)
    result.close()


def tell_truth(result: Connection, path: Path, engine: str) -> None:
    """Send the `Truth` about an undamaged data directory."""
    with Chain(dev(), open_store(path, engine)) as chain:
        result.send(read_truth(chain))


def examine(result: Connection, path: Path, truth: Truth) -> None:
    """Read a damaged data directory, and send how it differs from the truth; None: it does not."""

    def work() -> str | None:
        with Chain(dev(), path) as chain:
            if chain.head.number < len(truth.hashes) - 1:
                return f"{LOST}: the head is {chain.head.number} instead of {len(truth.hashes) - 1}"
            found = read_truth(chain)
        return None if found == truth else f"{WRONG}: {differences(found, truth)}"

    reporting(result, work)


def differences(found: Truth, truth: Truth) -> str:
    names = ("hashes", "state", "past", "following")
    return ", ".join(name for name in names if getattr(found, name) != getattr(truth, name))
