"""The cost of state, trie, stores and history.

Each figure has a ratio to a yardstick of the same run, the time of one Blake2b-256 of 64 bytes, so that runs on
different machines can be compared.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import ParamSpec, TypeVar

from pysubtensor.chain.history.blocks import StoredBlock
from pysubtensor.chain.history.history import History
from pysubtensor.chain.history.stores import open_store
from pysubtensor.chain.history.stores.choose import available
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from .harness import Figure, best, peak_megabytes

SYSTEM_ACCOUNT = bytes.fromhex("26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9")
#: Keys of single values, in 25 pallet prefixes.
VALUES = [
    blake2b(bytes([n // 8]), digest_size=16).digest() + blake2b(bytes([n]), digest_size=16).digest() for n in range(200)
]
SMALL = 1000
BLOCK = "block of 220 keys, median"


def account_key(number: int) -> bytes:
    """Return a key of `System.Account`: Blake2_128Concat of 32 bytes."""
    account = blake2b(number.to_bytes(4), digest_size=32).digest()
    return SYSTEM_ACCOUNT + blake2b(account, digest_size=16).digest() + account


HASH = "Blake2b-256 of 64 bytes"


def blake2_256_seconds() -> float:
    """Measure the yardstick: seconds for one hash."""
    data = bytes(64)
    return best(lambda: [blake2b(data, digest_size=32).digest() for _ in range(10_000)], rounds=5) / 10_000


class Table:
    """Builds figures: times in microseconds, with their ratio to the yardstick."""

    def __init__(self) -> None:
        self.unit = blake2_256_seconds()

    def add(self, name: str, seconds: float) -> Figure:
        return Figure(name, seconds * 1e6, "us", seconds / self.unit, HASH)


def measure_overlay(table: Table) -> Iterator[Figure]:
    """Measure reads, writes and layers, on 1,000 keys that were accessed before."""
    keys = [account_key(number) for number in range(SMALL)]
    state = State(MemoryBackend(dict.fromkeys(keys, bytes(56))))
    get, put, value = state.get, state.put, bytes(56)
    state.put(keys[0], value)

    def transactions() -> None:
        for _ in range(SMALL):
            with state.transaction():
                pass

    def undone() -> None:
        for key in keys:
            with state.anchor():
                put(key, value)

    yield table.add("State.get", best(lambda: [get(key) for key in keys]) / SMALL)
    yield table.add("State.put", best(lambda: [put(key, value) for key in keys]) / SMALL)
    yield table.add("State.transaction, empty", best(transactions) / SMALL)
    yield table.add("State.anchor around one put", best(undone) / SMALL)


def fill(history: History, accounts: int) -> None:
    """Append the first block: accounts and single values."""
    rng = random.Random(0)
    state = State(history.state)
    for number in range(accounts):
        state.put(account_key(number), rng.randbytes(56))
    for key in VALUES:
        state.put(key, rng.randbytes(8))
    commit(history, state)


def commit(history: History, state: State, body: tuple[bytes, ...] = ()) -> tuple[float, float]:
    """Append a block of the changes in `state`; return the seconds of trie and of store."""
    diff = state.diff()
    start = perf_counter()
    root, nodes = history.trie.update(diff)
    hashed = perf_counter()
    number = 0 if history.empty else history.head.number + 1
    history.commit_block(StoredBlock(number, number.to_bytes(32), root * 5, body), diff, nodes)
    state.commit()
    return hashed - start, perf_counter() - hashed


def blocks(history: History, accounts: int, touched: int, count: int) -> Iterator[tuple[float, float, float]]:
    """Append blocks that read and write `touched` random accounts and 20 values.

    Yields for each the seconds in total, of the trie and of the store.
    """
    rng, state = random.Random(count), State(history.state)
    body = tuple(rng.randbytes(140) for _ in range(touched // 2))
    for _ in range(count):
        keys = [account_key(rng.randrange(accounts)) for _ in range(touched)] + VALUES[:20]
        values = [rng.randbytes(56 if len(key) > 32 else 8) for key in keys]
        start = perf_counter()
        for key in keys:
            state.get(key)
        for key, value in zip(keys, values, strict=True):
            state.put(key, value)
        trie, store = commit(history, state, body)
        yield perf_counter() - start, trie, store


def empty_blocks(history: History, count: int) -> float:
    """Return the median seconds of a block that changes 12 values."""
    state, times = State(history.state), []
    for number in range(count):
        start = perf_counter()
        for key in VALUES[:12]:
            state.put(key, number.to_bytes(8))
        commit(history, state)
        times.append(perf_counter() - start)
    return median(times)


def open_history(engine: str, path: Path) -> History:
    """Open a history in a store of this engine; in memory, a new one."""
    return History(open_store(None if engine == "memory" else path, None if engine == "memory" else engine))


def fill_store(engine: str, path: Path, accounts: int) -> float:
    """Write the first block of a store on disk; return the seconds per account."""
    history = open_history(engine, path)
    start = perf_counter()
    fill(history, accounts)
    history.close()
    return (perf_counter() - start) / accounts


def figures(engine: str, path: Path, accounts: int) -> tuple[dict[str, float], float]:
    """Measure blocks and past states; run in a fresh process."""
    start = perf_counter()
    history = open_history(engine, path)
    if history.empty:
        fill(history, accounts)
    history.trie.update(State(history.state).diff())
    seconds = {"opening, first root": perf_counter() - start}
    for _ in blocks(history, accounts, 200, 10):
        pass
    measured = list(blocks(history, accounts, 200, 128))
    total, trie, store = (median(column) for column in zip(*measured, strict=True))
    seconds[BLOCK] = total
    seconds["  the same, mean (the trie is saved now and then)"] = mean(row[0] for row in measured)
    seconds["  of it the trie, a key"] = trie / 220
    seconds["  of it the store"] = store
    seconds["empty block (12 keys)"] = empty_blocks(history, 200)
    past = history.state_at((history.head.number - 250).to_bytes(32))
    keys = [*VALUES[:12], *(account_key(number) for number in range(500))]
    seconds["read of a state 250 blocks back"] = best(lambda: [past.get(key) for key in keys]) / len(keys)
    start = perf_counter()
    history.rollback_to(history.head.number - 20)
    seconds["rollback of 20 blocks"] = perf_counter() - start
    peak = peak_megabytes()
    history.close()
    return seconds, peak


def measure_engine(table: Table, engine: str, accounts: int, folder: Path) -> Iterator[Figure]:
    """Measure one engine with few and with many accounts, each step in a fresh process."""
    totals = []
    for size in (SMALL, accounts):
        label, path = f"{engine}, {size:,} accounts: ", folder / f"{engine}-{size}"
        if engine != "memory":
            yield table.add(label + "filling, a key", in_fresh_process(fill_store, engine, path, size))
        times, peak = in_fresh_process(figures, engine, path, size)
        for name, seconds in times.items():
            yield table.add(label + name, seconds)
        yield Figure(label + "peak of resident memory", peak, "MB", bound=600 if engine == "leveldb" else None)
        totals.append(times[BLOCK])
    yield Figure(f"{engine}: state and store of a block, many accounts to few", totals[1] / totals[0], "times")


Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


def in_fresh_process(work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Run `work` in a new interpreter, which has no memory in use and no garbage, and return its result."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


def measure_memory_bound() -> Iterator[Figure]:
    """Measure the growth of the memory store after the retention is reached."""
    store = open_store(None)
    history = History(store)
    fill(history, SMALL)
    sizes = []
    for _ in range(3):
        empty_blocks(history, 4500)
        sizes.append(sum(1 for _ in store.items(b"")))
    assert sizes[2] == sizes[1], "expected no growth beyond the retention"
    yield Figure("memory store, pairs after 13,500 blocks", sizes[2], "pairs", sizes[2] / sizes[0], "4,500 blocks", 1.0)


def run(small: bool) -> Iterator[Figure]:
    table = Table()
    yield from measure_overlay(table)
    with tempfile.TemporaryDirectory() as folder:
        for engine in ["memory"] if small else ["memory", *available()]:
            yield from measure_engine(table, engine, 2_000 if small else 100_000, Path(folder))
    if not small:
        yield from measure_memory_bound()
