"""Answers that arrive as notifications: they are made a step at a time, in slices, and only as fast as they are read.

Each client has a queue of its own whose jobs take turns, so that one client's jobs do not delay those of others by more
than a step.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator

from .slices import Slices
from .subscriptions import Sink, Subscription

#: Bytes of notifications after which a client has time to read them, and the longest wait for it in seconds.
ROOM_BYTES, ROOM_S = 1024 * 1024, 2.0
#: Bytes that all jobs may hold, and jobs of one client: those of four followers with 16 each, and some more.
MAX_HELD, MAX_QUEUED = 64 * 1024 * 1024, 80

log = logging.getLogger(__name__)


class Job:
    """Work for a subscription. Each of its steps sends notifications and yields how many bytes these have."""

    __slots__ = ("_on_end", "_steps", "size", "subscription")

    def __init__(
        self, subscription: Subscription, steps: Iterator[int], on_end: Callable[[], object], size: int = 0
    ) -> None:
        """`on_end` is called when the steps are done, or the subscription is closed. `size` is the memory in bytes."""
        self.subscription, self._steps, self._on_end, self.size = subscription, steps, on_end, size

    def step(self) -> int | None:
        """Do a step; return the bytes that it sent, None after the last one."""
        return next(self._steps, None)

    def end(self) -> None:
        """Free what the job holds."""
        self._on_end()


class Jobs:
    """The jobs of all clients of a node."""

    def __init__(self) -> None:
        #: Runs long works of the node's event loop, these and long requests.
        self.slices = Slices()
        self._queues: dict[Sink, deque[Job]] = {}
        #: Bytes that all jobs hold.
        self.held = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def has_room(self, client: Sink, size: int) -> bool:
        """Return whether a client may start another job, which holds `size` bytes."""
        return self.held + size <= MAX_HELD and len(self._queues.get(client, ())) < MAX_QUEUED

    def start(self, job: Job) -> None:
        """Do a job after the others of its client; an event loop is running."""
        client = job.subscription.sink
        self.held += job.size
        if client in self._queues:
            self._queues[client].append(job)
            return
        queue = self._queues[client] = deque([job])
        task = asyncio.get_running_loop().create_task(self._serve(client, queue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until all jobs are done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _serve(self, client: Sink, queue: deque[Job]) -> None:
        sent = 0
        try:
            while queue:
                job = queue.popleft()
                size = await self._step(job)
                if size is None:
                    self.held -= job.size
                    job.end()
                    continue
                queue.append(job)
                sent += size
                if sent >= ROOM_BYTES:
                    sent = 0
                    await has_read(client)
        finally:
            del self._queues[client]

    async def _step(self, job: Job) -> int | None:
        if not job.subscription.open:
            return None
        try:
            return await self.slices.long(False, job.step)
        except Exception:  # no client may stop the jobs of others
            log.exception("a job failed")
            return None


async def has_read(client: Sink) -> None:
    """Wait until a client has read what was sent to it, for `ROOM_S` at most."""
    read = asyncio.get_running_loop().create_future()
    client.when_quiet(lambda: None if read.done() else read.set_result(None))
    await asyncio.wait([read], timeout=ROOM_S)
