"""What state, trie, stores and history cost: `python -m benchmarks.state [--accounts 1000000]`.

Each figure comes with its ratio to a yardstick of the same run, the time of one Blake2b-256 of 64 bytes, so
that runs on different machines can be compared.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from statistics import median
from time import perf_counter

from pysubtensor.chain.history import Block, History
from pysubtensor.chain.stores import Store, open_store
from pysubtensor.chain.stores.choose import available
from pysubtensor.runtime.state.overlay import MemoryBackend, State

SYSTEM_ACCOUNT = bytes.fromhex("26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9")
#: Keys of single values, spread over as many prefixes as pallets have.
VALUES = [
    blake2b(bytes([n // 8]), digest_size=16).digest() + blake2b(bytes([n]), digest_size=16).digest() for n in range(200)
]
SMALL = 1000


def account_key(number: int) -> bytes:
    """A key as `System.Account` has it: Blake2_128Concat of 32 bytes."""
    account = blake2b(number.to_bytes(4), digest_size=32).digest()
    return SYSTEM_ACCOUNT + blake2b(account, digest_size=16).digest() + account


def blake2_256_seconds() -> float:
    """The yardstick: seconds for one hash."""
    data = bytes(64)
    return best(lambda: [blake2b(data, digest_size=32).digest() for _ in range(10_000)]) / 10_000


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The least seconds of some rounds."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


class Table:
    """Prints figures as they come."""

    def __init__(self) -> None:
        self.unit = blake2_256_seconds()
        print(f"{'one Blake2b-256 of 64 bytes':58}{self.unit * 1e6:12.2f} us   ratio")

    def add(self, name: str, seconds: float) -> None:
        """One figure; the ratio is to the yardstick."""
        shown = f"{seconds * 1e6:12.2f} us" if seconds < 1e-3 else f"{seconds * 1e3:12.2f} ms"
        print(f"{name:58}{shown}{seconds / self.unit:10.1f}", flush=True)

    def note(self, name: str, text: str) -> None:
        """A figure that is no time."""
        print(f"{name:58}{text:>15}", flush=True)


def measure_overlay(table: Table) -> None:
    """Reads, writes and layers, each on 1,000 keys that were touched before."""
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

    table.add("State.get", best(lambda: [get(key) for key in keys]) / SMALL)
    table.add("State.put", best(lambda: [put(key, value) for key in keys]) / SMALL)
    table.add("State.transaction, empty", best(transactions) / SMALL)
    table.add("State.anchor around one put", best(undone) / SMALL)


def fill(history: History, accounts: int) -> None:
    """The first block: accounts and single values."""
    chance = random.Random(0)
    state = State(history.state)
    for number in range(accounts):
        state.put(account_key(number), chance.randbytes(56))
    for key in VALUES:
        state.put(key, chance.randbytes(8))
    commit(history, state)


def commit(history: History, state: State, body: tuple[bytes, ...] = ()) -> tuple[float, float, int]:
    """Append a block of what `state` changed; seconds of trie and store, and how many keys."""
    diff = state.diff()
    start = perf_counter()
    root, nodes = history.trie.update(diff)
    hashed = perf_counter()
    number = 0 if history.empty else history.head.number + 1
    history.commit_block(Block(number, number.to_bytes(32), root * 5, body), diff, nodes)
    state.commit()
    return hashed - start, perf_counter() - hashed, len(diff.after)


def blocks(history: History, accounts: int, touched: int, count: int) -> Iterator[tuple[float, float, float]]:
    """Blocks that read and write `touched` accounts of all and 20 values: seconds in all, of trie, of store."""
    chance, state = random.Random(count), State(history.state)
    body = tuple(chance.randbytes(140) for _ in range(touched // 2))
    for _ in range(count):
        keys = [account_key(chance.randrange(accounts)) for _ in range(touched)] + VALUES[:20]
        values = [chance.randbytes(56 if len(key) > 32 else 8) for key in keys]
        start = perf_counter()
        for key in keys:
            state.get(key)
        for key, value in zip(keys, values, strict=True):
            state.put(key, value)
        trie, store, _ = commit(history, state, body)
        yield perf_counter() - start, trie, store


def empty_blocks(history: History, count: int) -> float:
    """Median seconds of a block that changes 12 values."""
    state, times = State(history.state), []
    for number in range(count):
        start = perf_counter()
        for key in VALUES[:12]:
            state.put(key, number.to_bytes(8))
        commit(history, state)
        times.append(perf_counter() - start)
    return median(times)


def measure_engine(table: Table, engine: str, accounts: int, folder: Path) -> None:
    """Filling, blocks and reopening of one engine, with few accounts and with many."""
    totals = []
    for size in (SMALL, accounts):
        path = None if engine == "memory" else folder / f"{engine}-{size}"
        history = History(open_store(path, None if path is None else engine))
        start = perf_counter()
        fill(history, size)
        label = f"{engine}, {size:,} accounts: "
        table.add(label + "filling, a key", (perf_counter() - start) / size)
        gc.collect()
        measured = list(blocks(history, size, 200, 70))
        total, trie, store = (median(column) for column in zip(*measured, strict=True))
        totals.append(total)
        table.add(label + "block of 220 keys", total)
        table.add(label + "  the same, mean", sum(row[0] for row in measured) / len(measured))
        table.add(label + "  trie, a key", trie / 220)
        table.add(label + "  store", store)
        table.add(label + "empty block", empty_blocks(history, 200))
        measure_past(table, label, history)
        history.close()
        if path is not None:
            table.note(label + "reopening", reopened(path))
    table.note(f"{engine}: a block with many accounts, to one with few", f"{totals[1] / totals[0]:.2f}")


def measure_past(table: Table, label: str, history: History) -> None:
    """A read 250 blocks back, and taking 20 blocks back."""
    past = history.state_at((history.head.number - 250).to_bytes(32))
    keys = [*VALUES[:12], *(account_key(number) for number in range(500))]
    table.add(label + "read of a past state", best(lambda: [past.get(key) for key in keys]) / len(keys))
    start = perf_counter()
    history.rollback_to(history.head.number - 20)
    table.add(label + "rollback of 20 blocks", perf_counter() - start)


def reopened(path: Path) -> str:
    """Seconds and memory of a new process that opens a store and appends ten blocks."""
    command = [sys.executable, "-m", "benchmarks.state", "--reopen", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def reopen(path: Path) -> str:
    """The child's part of `reopened`."""
    start = perf_counter()
    store: Store = open_store(path)
    history = History(store)
    root, _ = history.trie.update(State(history.state).diff())
    seconds = perf_counter() - start
    for _ in blocks(history, SMALL, 200, 10):
        pass
    history.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
    assert len(root) == 32
    return f"{seconds:.3f} s {peak:.0f} MB"


def measure_memory_bound(table: Table) -> None:
    """What the memory store grows by once the retention is reached."""
    store = open_store(None)
    history = History(store)
    fill(history, SMALL)
    sizes = []
    for _ in range(3):
        empty_blocks(history, 4500)
        sizes.append(sum(1 for _ in store.items(b"")))
    table.note("memory store, pairs after 4,500, 9,000 and 13,500 blocks", " ".join(map(str, sizes)))
    assert sizes[2] == sizes[1], "expected no growth beyond the retention"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--engines", default=",".join(["memory", *available()]))
    parser.add_argument("--reopen", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reopen is not None:
        print(reopen(options.reopen))
        return
    table = Table()
    measure_overlay(table)
    with tempfile.TemporaryDirectory() as folder:
        for engine in options.engines.split(","):
            measure_engine(table, engine, options.accounts, Path(folder))
    measure_memory_bound(table)


if __name__ == "__main__":
    main()
