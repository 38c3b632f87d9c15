"""The engine of a chain that this process alone authors: when blocks are made and final, in five sealing modes.

| mode     | a block is made                                      | sealed | time            | final             |
|----------|------------------------------------------------------|--------|-----------------|-------------------|
| interval | at the beginning of each slot, empty or not          | yes    | the slot's      | two blocks later  |
| instant  | at once when a transaction is ready                  | no     | parent + a slot | at once           |
| mixed    | at once, and after a block time without transactions | no     | parent + a slot | at once           |
| manual   | when a client requests it                            | no     | parent + a slot | at a request      |
| embedded | when the program that holds the chain makes it       | no     | parent + a slot | as the chain says |
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from ...runtime.crypto import Keypair
from ...runtime.frame.extrinsic import Extrinsic
from ..blocks import ImportedBlock
from ..chain import Blockchain
from ..clock import TimeLimit
from ..errors import SourceFailed, StoreFailed
from ..garbage import no_garbage_collection
from ..pool.status import Watcher
from .authors import slot_author
from .engine import EngineStatus, Slicer

#: Longest that a burst of transactions may delay its block, in seconds.
GATHER_S = 0.15
#: Ready transactions from which on a burst may pause, and how long, in seconds. A client that sends one transaction, or
#: a few, waits for no others.
BURST, LULL_S = 8, 0.005
#: Time for which a block is built before others have their turn, in seconds.
SLICE_S = 0.01
#: The length of a slot of the genuine chain, in milliseconds.
GENUINE_SLOT_MS = 12_000
#: Blocks on top of a final one with interval sealing. On the genuine localnet GRANDPA's voters choose the block two
#: before the best one (the default voting rule). A round ends within a slot of 12 s, but takes a few fast blocks.
GRANDPA_LAG = 2

log = logging.getLogger(__name__)


class Sealing(Enum):
    """The sealing modes."""

    INTERVAL = "interval"
    INSTANT = "instant"
    MIXED = "mixed"
    MANUAL = "manual"
    EMBEDDED = "embedded"


#: The blocks on top that make a block final; None: none do, a client finalizes it.
LAGS: dict[Sealing, int | None] = {
    Sealing.INTERVAL: GRANDPA_LAG,
    Sealing.INSTANT: 0,
    Sealing.MIXED: 0,
    Sealing.MANUAL: None,
}


class LocalEngine:
    """Makes the blocks of a chain by its sealing mode.

    `now` returns the machine's time in seconds. `finality_lag` is the number of blocks on top that make a block final,
    by default that of the sealing mode. `keys` are those of all authorities, with which interval sealing signs; by
    default those of development accounts.
    """

    def __init__(
        self,
        chain: Blockchain,
        sealing: Sealing = Sealing.EMBEDDED,
        block_time_ms: int | None = None,
        now: Callable[[], float] = time.time,
        finality_lag: int | None = None,
        keys: Sequence[Keypair] | None = None,
    ) -> None:
        if block_time_ms is not None and block_time_ms <= 0:
            raise ValueError(f"expected a block time of at least 1 ms, got {block_time_ms}")
        if finality_lag is not None and finality_lag < 0:
            raise ValueError(f"expected a finality lag of at least 0 blocks, got {finality_lag}")
        self.chain = chain
        self.sealing = sealing
        self.block_time_ms = block_time_ms or chain.slot_ms
        self.keys = keys
        self._author = slot_author(chain, keys) if sealing is Sealing.INTERVAL else None
        self._now = now
        self._woken = asyncio.Event()
        #: Makes a call that runs in slices, for a server; None: blocks are built in one piece.
        self.sliced: Slicer | None = None
        self._changed, self._chosen_lag = False, finality_lag is not None
        if finality_lag is not None or sealing in LAGS:
            chain.finality.set_lag(LAGS[sealing] if finality_lag is None else finality_lag)

    @property
    def on_demand(self) -> bool:
        """Whether clients may request blocks."""
        return self.sealing in (Sealing.INSTANT, Sealing.MIXED, Sealing.MANUAL)

    @property
    def shared(self) -> bool:
        """Return that no other node holds the chain."""
        return False

    @property
    def longest_wait_ms(self) -> int | None:
        """How long a ready transaction may wait for its block, in milliseconds; None: no limit."""
        return None if self.sealing in (Sealing.MANUAL, Sealing.EMBEDDED) else self.block_time_ms

    @property
    def timer_ms(self) -> int | None:
        """Time between blocks that are made without a request, in milliseconds; None: there are none."""
        return self.block_time_ms if self.sealing in (Sealing.INTERVAL, Sealing.MIXED) else None

    @property
    def authoring_limit(self) -> TimeLimit | None:
        """The time for the transactions of a block: a third of the block time; embedded chains have no limit.

        On demand it is at least a third of the genuine slot, so that fast chains do not divide what a client submits.
        """
        if self.sealing is Sealing.EMBEDDED:
            return None
        return TimeLimit((max(self.block_time_ms, GENUINE_SLOT_MS) if self.on_demand else self.block_time_ms) / 3_000)

    def status(self) -> EngineStatus:
        """Return the status of a node without a network: no peers, and its own head as the highest block."""
        return EngineStatus(0, self.chain.head.number, is_syncing=False, expects_peers=False)

    def submit(self, raw: bytes, watcher: Watcher | None = None, decoded: Extrinsic | None = None) -> bytes:
        """Put an encoded extrinsic into the pool and return its hash; raises `Rejected`."""
        transaction_hash = self.chain.pool.submit(raw, watcher, decoded)
        self._woken.set()
        return transaction_hash

    def wants_block(self) -> bool:
        """Return whether a ready transaction needs a block now."""
        return self.sealing in (Sealing.INSTANT, Sealing.MIXED) and self.chain.pool.ready_count > 0

    def produce(self, first: Iterable[Extrinsic] = ()) -> ImportedBlock:
        """Append a block, with these extrinsics before those of the pool, and return it."""
        return self.chain.produce_block(self._author, self.authoring_limit, first)

    def set_sealing(self, sealing: Sealing, block_time_ms: int | None = None) -> None:
        """Make blocks by another mode from now on; its finality holds unless another lag was chosen.

        Raises ChainError for interval sealing without the keys of all authorities.
        """
        author = slot_author(self.chain, self.keys) if sealing is Sealing.INTERVAL else None
        self._author, self.sealing = author, sealing
        self.block_time_ms = block_time_ms or self.chain.slot_ms
        if sealing in LAGS and not self._chosen_lag:
            self.chain.finality.set_lag(LAGS[sealing])
        self._changed = True
        self._woken.set()

    def finalize(self, number: int) -> None:
        """Make a block final, with all blocks before it; ChainError unless it follows the last final one."""
        self.chain.finality.finalize(number)

    # --- running -------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Append blocks when they are due, until cancelled."""
        while True:
            if await self._woken_early():
                await self._seal_waiting()
            elif self._changed:
                self._changed = False
            else:
                await self._try_to_produce()
                await asyncio.sleep(0)

    async def _woken_early(self) -> bool:
        """Wait until transactions need a block (return True) or the timer is due (False)."""
        try:
            async with asyncio.timeout(self._delay()):
                while True:
                    await self._woken.wait()
                    await self._gather()
                    if self._changed or self.wants_block():
                        return not self._changed
        except TimeoutError:
            return False

    async def _gather(self) -> None:
        """Wait while transactions keep arriving, so that a burst goes into one block."""
        loop = asyncio.get_running_loop()
        end = loop.time() + GATHER_S
        while self._woken.is_set() and loop.time() < end:
            self._woken.clear()
            await asyncio.sleep(0)
            if not self._woken.is_set() and self.chain.pool.ready_count >= BURST:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LULL_S):
                        await self._woken.wait()
        self._woken.clear()

    def _delay(self) -> float | None:
        """Return the seconds until the timer is due, at the next slot or after one block time; None without a timer."""
        timer = self.timer_ms
        if timer is None:
            return None
        passed = self._now() * 1000 % timer if self.sealing is Sealing.INTERVAL else 0
        return (timer - passed) / 1000

    async def _seal_waiting(self) -> None:
        """Make blocks as long as they include ready transactions."""
        pool = self.chain.pool
        while self.wants_block():
            before = pool.ready_count
            await self._try_to_produce()
            await asyncio.sleep(0)
            if pool.ready_count >= before:
                break

    async def _try_to_produce(self) -> None:
        try:
            await self._produce_in_slices()
        except StoreFailed:
            pass  # the node hears of it from the chain, and stops
        except SourceFailed as error:
            log.error("no block could be made: %s", error)
        except Exception:
            log.exception("a block could not be made, or a listener of it failed")

    async def _produce_in_slices(self) -> None:
        """Append a block, and let others have their turn while it is built.

        What needs the block, or another head, completes it first (`Blockchain.building.finish`).
        """
        chain = self.chain
        if self.sliced is None or chain.state.changes():  # which others could not read meanwhile
            self.produce()
            return
        building = self.sliced(lambda: chain.build_block(self._author, self.authoring_limit))

        def finish() -> None:
            chain.building.finish = None
            with no_garbage_collection():
                chain.append_block(building.finish())

        chain.building.finish = finish
        try:
            while chain.building.finish is finish and not building.step(SLICE_S):
                await asyncio.sleep(0)
        finally:
            if chain.building.finish is finish:
                finish()
