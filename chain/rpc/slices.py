"""Long work in slices, so that blocks and other clients have their turn in between.

The chain is used by one thread, so a request that computes for long would delay all others. Such requests run in a
greenlet, which leaves the event loop to others at a `pause` once its slice is over. Decoders, weights and reads of
`Paced` states pause. What uses the live state, or changes anything, must not be interrupted: it runs outside of a
greenlet, or in `whole`.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic, thread_time
from typing import Any, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet

from ...consensus.internal import InternalError
from ..chain import Blockchain

#: Length of a slice in seconds. A pause comes within about a millisecond after its end.
SLICE_S = 0.005
#: Works about short and about long requests that may be under way at once. Others wait before they begin: one about a
#: long request may take 150 MB, and long requests must not keep short ones waiting.
MAX_SHORT, MAX_LARGE = 2, 1
#: Executions that may be under way at once, beside those: they may take seconds, and must not keep others waiting.
MAX_RUNS = 4
#: Reads between two pauses.
READS = 16

Item = TypeVar("Item")
Result = TypeVar("Result")


class TimeIsUp(Exception):
    """A work has used up the time that it may take."""


class Work(greenlet):
    """A function that runs in slices."""

    #: The time at which the slice is over.
    until = 0.0
    #: Seconds of the processor that it may use yet, and where this clock was at the beginning of the slice.
    seconds_left = math.inf
    began = 0.0

    def begin(self, seconds: float) -> None:
        """Begin a slice of this time."""
        self.until, self.began = monotonic() + seconds, thread_time()


def pause() -> None:
    """Leave the loop to others if the current work has used up its slice; outside of work do nothing.

    Raises TimeIsUp if the work has used up its time.
    """
    work = getcurrent()
    if isinstance(work, Work) and monotonic() >= work.until:
        if work.parent is None:
            raise InternalError("expected work that has a parent, as it has until it ends")
        work.seconds_left -= thread_time() - work.began
        if work.seconds_left < 0:
            raise TimeIsUp
        work.parent.switch()


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Let the current work use the processor for at most this time inside; after it a pause raises TimeIsUp."""
    work = getcurrent()
    if not isinstance(work, Work):
        yield
        return
    before, work.seconds_left = work.seconds_left, seconds
    try:
        yield
    finally:
        work.seconds_left = before


def paced(items: Iterable[Item], every: int = READS) -> Iterator[Item]:
    """Yield items, with a pause before each group of `every` ones."""
    for at, item in enumerate(items):
        if at % every == 0:
            pause()
        yield item


def in_slices() -> bool:
    """Return whether the caller may be interrupted by `pause`."""
    return isinstance(getcurrent(), Work)


def whole(function: Callable[..., Result], *arguments: Any) -> Result:
    """Run a function of the current work without a pause and return its result."""
    work = getcurrent()
    if not isinstance(work, Work):
        return function(*arguments)
    until, work.until = work.until, math.inf
    try:
        return function(*arguments)
    finally:
        work.until = until


class SlicedCall:
    """A call that runs a slice at a time, whenever its owner lets it."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self._work = Work(self._run)
        self._result: Any = None
        self._error: BaseException | None = None

    def _run(self) -> None:
        try:
            self._result = self._function()
        except BaseException as error:  # noqa: BLE001  # raised by `finish`
            self._error = error

    def step(self, seconds: float) -> bool:
        """Run until a pause after this time; return whether the call has ended."""
        if not self._work.dead:
            self._work.begin(seconds)
            self._work.parent = getcurrent()
            self._work.switch()
        return self._work.dead

    def finish(self) -> Any:
        """Run to the end without a pause, and return the result or raise the error."""
        self.step(math.inf)
        if self._error is not None:
            raise self._error
        result, self._result = self._result, None
        return result


class Slices:
    """Runs the long works of one event loop: at most one slice of them in each of its rounds."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._short, self._large = asyncio.Semaphore(MAX_SHORT), asyncio.Semaphore(MAX_LARGE)
        self._runs = asyncio.Semaphore(MAX_RUNS)

    async def short(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run a function that takes some milliseconds in a turn of its own, in one piece; return its result."""
        async with self._turn:
            result = function(*arguments)
            await asyncio.sleep(0)
            return result

    async def long(self, is_large: bool, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run a function in slices and return its result. What it uses must not change in its pauses.

        `is_large` says whether it is about a long request.
        """
        async with self._large if is_large else self._short:
            return await self._in_turns(function, *arguments)

    async def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Do as `long`, in a queue of its own for what may take seconds."""
        async with self._runs:
            return await self._in_turns(function, *arguments)

    async def _in_turns(self, function: Callable[..., Result], *arguments: Any) -> Result:
        work = Work(function)
        try:
            while True:
                async with self._turn:
                    work.begin(SLICE_S)
                    result: Result = work.switch(*arguments)
                    await asyncio.sleep(0)
                if work.dead:
                    return result
                arguments = ()
        finally:
            if not work.dead:
                work.throw(GreenletExit)


class Pace:
    """A count of reads, of which every `READS`-th pauses."""

    __slots__ = ("_reads",)

    def __init__(self) -> None:
        self._reads = 0

    def __call__(self) -> None:
        """Count a read."""
        self._reads += 1
        if self._reads >= READS:
            self._reads = 0
            pause()


class Paced:
    """The state after a block (a `Backend`), whose reads pause: for long reads in slices."""

    def __init__(self, chain: Blockchain, block_hash: bytes) -> None:
        """Raises UnknownBlock and StateDiscarded, as later reads do if the block is no longer kept."""
        self._state = chain.history.state_at(block_hash)
        # Not a method of this object: the cycle would keep the state until the collector finds it.
        self._state.step = self._read = Pace()

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, or None."""
        self._read()
        return self._state.get(key)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs in ascending order; see `Backend.items`."""
        for pair in self._state.items(prefix, after):
            yield pair
            self._read()
