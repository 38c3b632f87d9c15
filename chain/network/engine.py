"""The engine of a chain of several nodes: CometBFT decides, this node executes. See `engine.engine` for what it does.

A submitted transaction enters this node's pool, and then the engine's, which passes it on to the pools of its peers. A
block is final when it is stored. Nothing is ever taken back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from pathlib import Path

from ...runtime.crypto.hashing import blake2_256
from ...runtime.frame.extrinsic import Extrinsic
from ..blocks import ImportedBlock
from ..engine.engine import EngineStatus, Slicer
from ..errors import ChainError
from ..pool.status import Watcher
from .application import Application
from .client import EngineClient, EngineRefused, EngineUnavailable
from .messages import Message
from .wire import WireError, listen, serve_connection

#: Seconds between two looks at the engine, and before a transaction is offered again that it did not take.
LOOK_EVERY_S, RETRY_S = 1.0, 0.5
#: Transactions that are given to the engine at the same time.
SPREADERS = 8
#: Parts of the engine's messages about transactions that it has, or has had a short time ago.
KNOWN = ("already exists in cache",)

log = logging.getLogger(__name__)


class CometEngine:
    """Runs the application of a node at a Unix socket, for the engine whose RPC `client` calls."""

    def __init__(self, application: Application, socket: Path, client: EngineClient) -> None:
        self.application, self.chain, self._socket, self._client = application, application.chain, socket, client
        self.chain.finality.set_lag(0)
        #: Set when the node must stop, with the reason in `failure`.
        self.stopped = asyncio.Event()
        self.failure: BaseException | None = None
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._status = EngineStatus(0, 0, is_syncing=True, expects_peers=True)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def sliced(self) -> Slicer | None:
        """Makes a call that runs in slices."""
        return self.application.sliced

    @sliced.setter
    def sliced(self, slicer: Slicer | None) -> None:
        self.application.sliced = slicer

    @property
    def on_demand(self) -> bool:
        """Return that clients may not request blocks."""
        return False

    @property
    def shared(self) -> bool:
        """Return that other nodes hold the same chain."""
        return True

    @property
    def longest_wait_ms(self) -> int | None:
        """How long a ready transaction may wait for its block: no limit, because the validators may be cut off."""
        return None

    def status(self) -> EngineStatus:
        """Return the number of peers, and whether the engine still fetches blocks, as it was a second ago."""
        return self._status

    def submit(self, raw: bytes, watcher: Watcher | None = None, decoded: Extrinsic | None = None) -> bytes:
        """Put an encoded extrinsic into the pools of this node and of its peers; raises `Rejected`."""
        transaction_hash = self.chain.pool.submit(raw, watcher, decoded)
        self._outgoing.put_nowait(raw)
        return transaction_hash

    def produce(self, first: Iterable[Extrinsic] = ()) -> ImportedBlock:
        """Refuse to make a block at a request."""
        raise ChainError("expected a chain of this node alone: the validators decide when there is a block")

    def finalize(self, number: int) -> None:
        """Refuse to make a block final at a request."""
        raise ChainError("expected a chain of this node alone: its blocks are final when they are stored")

    # --- running -------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve the engine until cancelled, or until this node must not go on (`stopped`)."""
        try:
            server = await listen(self._socket, self._connected)
            async with server, asyncio.TaskGroup() as group:
                group.create_task(self._look())
                for _ in range(SPREADERS):
                    group.create_task(self._spread())
                await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001  # whatever it is, the node must not seem to go on
            self._stop(error)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._client.close()
            self.application.close()

    def _stop(self, reason: BaseException) -> None:
        self.failure = self.failure or reason
        self.stopped.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        try:
            await serve_connection(reader, writer, self._handle)
        except (WireError, ConnectionError) as error:
            log.warning("a connection of the engine has ended: %s", error)
        except asyncio.CancelledError:
            pass  # the node stops
        finally:
            if task is not None:
                self._tasks.discard(task)
            writer.close()

    async def _handle(self, request: Message) -> Message:
        try:
            return await self.application.handle(request)
        except Exception as error:
            log.critical("this node stops: %s", error)
            self._stop(error)
            raise ConnectionError("the node stops") from error

    async def _look(self) -> None:
        while True:
            with contextlib.suppress(EngineUnavailable, EngineRefused):
                state = (await self._client.call("status"))["sync_info"]
                peers = int((await self._client.call("net_info"))["n_peers"])
                highest = max(int(state["latest_block_height"]), self.chain.head.number)
                self._status = EngineStatus(peers, highest, is_syncing=state["catching_up"], expects_peers=True)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _spread(self) -> None:
        """Give submitted transactions to the engine, again and again as long as they wait in the pool."""
        while True:
            raw = await self._outgoing.get()
            try:
                await self._client.spread(raw)
            except EngineUnavailable:
                self._offer_later(raw)
            except EngineRefused as refused:
                if not any(part in str(refused) for part in KNOWN):
                    self._offer_later(raw)

    def _offer_later(self, raw: bytes) -> None:
        def offer() -> None:
            if self.chain.is_open and blake2_256(raw) in self.chain.pool:
                self._outgoing.put_nowait(raw)

        asyncio.get_running_loop().call_later(RETRY_S, offer)
