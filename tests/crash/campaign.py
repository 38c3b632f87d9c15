"""The rounds of the campaign: kill a chain that grows, fill its disk, flip bytes of its files.

Each chain lives in processes of its own, forked from a server that has loaded everything.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep

from . import chains
from .chains import CRASHED, LOST, WRONG, Reported, Truth

FORKED = get_context("forkserver")
FORKED.set_forkserver_preload(["tests.crash.chains"])
#: Longest wait for the first message of a process, in seconds.
PATIENCE_S = 60


@dataclass
class Tally:
    """The outcomes of rounds; `failures` are those that must not happen."""

    engine: str
    kind: str
    rounds: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def count(self, found: str | None, what: str, refusals_allowed: bool = True) -> None:
        """Count a round with what it found: None, a refusal, or a failure; `what` names the round."""
        self.rounds += 1
        kind = "whole" if found is None else found.split(":")[0]
        self.outcomes[kind] += 1
        if kind in (LOST, WRONG, CRASHED) or (kind == "refused" and not refusals_allowed):
            self.failures.append(f"{self.engine}, {self.kind}, {what}: {found}")


@contextmanager
def child(work: Callable[..., None], *arguments: object) -> Iterator[tuple[int, Connection]]:
    """Run `work` in a process of its own, and give its id and the connection with what it sends."""
    receiver, sender = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=work, args=(sender, *arguments))
    process.start()
    sender.close()
    assert process.pid is not None
    try:
        yield process.pid, receiver
    finally:
        process.kill()
        process.join()
        receiver.close()


def received(connection: Connection) -> Iterator[object]:
    """Yield what a process sends, until it ends."""
    try:
        while connection.poll(PATIENCE_S):
            yield connection.recv()
    except EOFError:
        return


def kill_rounds(path: Path, engine: str, rounds: int, seed: int, longest_ms: float = 4) -> Tally:
    """Kill a growing chain at random moments; each next process proves what the killed one reported."""
    tally, chance, last = Tally(engine, "SIGKILL"), random.Random(seed), None
    for round_ in range(rounds):
        with child(chains.prove_and_grow, path, engine, chance.randrange(1 << 30), last) as (pid, connection):
            messages = received(connection)
            found = next(messages, f"{CRASHED}: nothing was said")
            for _ in range(chance.randrange(12) if found is None else 0):
                last = reported(next(messages, None)) or last
            sleep(chance.random() * longest_ms / 1000)
            os.kill(pid, signal.SIGKILL)
            for message in messages:
                last = reported(message) or last
        tally.count(text_of(found), f"seed {seed}, round {round_}", refusals_allowed=False)
        if found is not None:
            break
    return tally


def reported(message: object) -> Reported | None:
    return message if isinstance(message, tuple) else None


def text_of(message: object) -> str | None:
    return None if message is None else str(message)


def full_rounds(path: Path, engine: str, rounds: int, seed: int, real: bool = False) -> Tally:
    """Fill the disk under a growing chain: by a limit of the size of files or, with `real`, by a file beside it."""
    tally, chance, last = Tally(engine, "full disk"), random.Random(seed), None
    work = chains.fill_real_disk if real else chains.fill_disk
    for round_ in range(rounds):
        with child(work, path, engine, chance.randrange(1 << 30), last) as (_, connection):
            messages = received(connection)
            proved = next(messages, f"{CRASHED}: nothing was said")
            found = text_of(proved)
            for message in messages if proved is None else ():
                if isinstance(message, str):
                    found = message
                last = reported(message) or last
        # Space comes back before the next process, so that it must not refuse.
        tally.count(found, f"seed {seed}, round {round_}", refusals_allowed=proved is None)
        if proved is not None:
            break
    return tally


def make_template(path: Path, engine: str, seed: int, killed: bool, blocks: int) -> Truth:
    """Make a data directory with files of all kinds, closed or killed at its end, and return the truth about it."""
    chance, last = random.Random(seed), None
    for sessions in range(4):
        with child(chains.prove_and_grow, path, engine, chance.randrange(1 << 30), last) as (pid, connection):
            messages = received(connection)
            assert next(messages, "nothing") is None
            for _ in range(blocks):
                last = reported(next(messages))
            os.kill(pid, signal.SIGKILL)
            for message in messages:
                last = reported(message) or last
        if sessions == 2 and not killed:
            break
    if not killed:
        with child(chains.close_cleanly, path, engine) as (_, connection):
            assert [*received(connection)] == [None]
    copy = path.with_name(path.name + ".truth")
    shutil.copytree(path, copy)
    with child(chains.tell_truth, copy, engine) as (_, connection):
        truth = next(received(connection))
    shutil.rmtree(copy)
    assert isinstance(truth, Truth)
    return truth


def flip_rounds(folder: Path, engine: str, rounds: int, seed: int, blocks: int = 40) -> Tally:
    """Flip a byte in a copy of a data directory, and read everything.

    There are two directories, one closed and one killed, of a chain that was opened four times for `blocks` each.
    """
    tally, chance = Tally(engine, "flipped byte"), random.Random(seed)
    templates = [folder / f"{engine}-{name}" for name in ("closed", "killed")]
    truths = [make_template(path, engine, seed, path.name.endswith("killed"), blocks) for path in templates]
    for round_ in range(rounds):
        copy = folder / f"{engine}-flipped"
        shutil.copytree(templates[round_ % 2], copy)
        where = flip(copy, chance)
        with child(chains.examine, copy, truths[round_ % 2]) as (_, connection):
            found = next(received(connection), f"{CRASHED}: nothing was said")
        tally.count(text_of(found), f"seed {seed}, round {round_}, {where}")
        shutil.rmtree(copy)
    return tally


def flip(folder: Path, chance: random.Random) -> str:
    """Change a byte of a file, chosen by size or among all files, and return which."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    files = [path for path in files if not path.name.startswith("LO")]  # locks, and LevelDB's diary
    sizes = [path.stat().st_size for path in files]
    file = chance.choices(files, sizes)[0] if chance.random() < 0.5 else chance.choice(files)
    contents = bytearray(file.read_bytes())
    at = chance.randrange(len(contents))
    contents[at] ^= chance.choice([1 << chance.randrange(8), chance.randrange(1, 256)])
    file.write_bytes(contents)
    return f"byte {at} of {file.relative_to(folder)} ({len(contents)} bytes)"
