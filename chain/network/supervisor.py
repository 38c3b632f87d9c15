"""The supervisor: starts a node's two processes, the application first, and starts them again when they end."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..errors import ChainError
from . import guard
from .home import Home

#: Seconds before a process that has ended is started again: at first, at most, and how long it must run to begin anew.
FIRST_S, MOST_S, STABLE_S = 0.5, 10.0, 30.0
#: Seconds for the end of a process before it is killed.
STOP_S = 15.0
#: Seconds between two looks at what the validator has signed.
NOTE_EVERY_S = 5.0
#: Bytes after which a log is begun anew at the next start.
LOG_BYTES = 50 * 1024 * 1024


class AlreadyRunning(ChainError):
    """Another supervisor runs the node."""


class Child:
    """A process that is to run always.

    `ready` says whether it can be started now; `check` is called before each start, and raises to end everything;
    `ended` is called when the process has ended.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        ready: Callable[[], bool] = lambda: True,
        check: Callable[[], object] = lambda: None,
        ended: Callable[[], object] = lambda: None,
    ) -> None:
        self.name, self.command, self.log = name, command, log
        self.ready, self.check, self.ended = ready, check, ended
        self.process: asyncio.subprocess.Process | None = None

    async def keep_running(self, say: Callable[[str], object]) -> None:
        """Start the process again and again, until cancelled; raises what `check` raises."""
        delay = FIRST_S
        while True:
            while not self.ready():
                await asyncio.sleep(0.05)
            self.check()
            began = time.monotonic()
            code = await self._run()
            self.ended()
            delay = FIRST_S if time.monotonic() - began > STABLE_S else min(delay * 2, MOST_S)
            say(f"{self.name} has ended ({code}), see {self.log}; it starts again in {delay:g} s")
            await asyncio.sleep(delay)

    async def _run(self) -> int:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.unlink()
        with self.log.open("ab") as output:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        return await self.process.wait()

    async def stop(self) -> None:
        """End the process, by force if it does not end in time."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def children_of(home: Home, application: Sequence[str], engine: Sequence[str]) -> list[Child]:
    """Return the processes of a node, in the order in which they start."""
    name = home.folder.name
    app = Child(
        f"{name}: the application",
        application,
        home.folder / "node.log",
        # The engine, which ends with it, then waits for the new socket; the old one it would try every three seconds.
        ended=lambda: home.socket.unlink(missing_ok=True),
    )
    comet = Child(
        f"{name}: the engine",
        engine,
        home.folder / "cometbft.log",
        ready=home.socket.exists,
        check=lambda: guard.check(home),
    )
    return [app, comet]


async def supervise(home: Home, children: Sequence[Child], say: Callable[[str], object]) -> None:
    """Run a node until SIGINT or SIGTERM, or until it must not run (CopiedState)."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    home.socket.unlink(missing_ok=True)
    work = [asyncio.create_task(each.keep_running(say)) for each in children]
    work.append(asyncio.create_task(_note_votes(home)))
    waiting = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([waiting, *work], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in [waiting, *work]:
            task.cancel()
        await asyncio.gather(waiting, *work, return_exceptions=True)
        for child in reversed(children):
            await child.stop()
        with contextlib.suppress(guard.CopiedState):
            guard.note(home)


async def _note_votes(home: Home) -> None:
    while True:
        await asyncio.sleep(NOTE_EVERY_S)
        if (home.folder / "bound.json").exists():
            guard.note(home)


@contextlib.contextmanager
def sole(home: Home) -> Iterator[None]:
    """Be the only supervisor of a node, with the process id in its file; raises AlreadyRunning."""
    descriptor = os.open(home.pid, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"{home.folder} runs already: `pysubtensor network stop` stops it") from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def running_pid(home: Home) -> int | None:
    """Return the process id of a node's supervisor; None if none runs."""
    try:
        descriptor = os.open(home.pid, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.read(descriptor, 20) or 0) or None
    else:
        return None
    finally:
        os.close(descriptor)
