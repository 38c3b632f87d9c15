"""Accepting connections. asyncio's own server accepts without limit, and fails without end when files run out."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable, Sequence

from .peers import Peers

#: Connections that wait in the system until they are accepted.
BACKLOG = 1024
#: Connections accepted before those that are open have their turn.
AT_ONCE = 16
#: Seconds until another attempt when there is nothing with which to accept.
PAUSE_S = 1.0
EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

log = logging.getLogger(__name__)


class Acceptor:
    """Accepts connections from listening sockets within the limit of `peers`, each with a protocol of its own."""

    def __init__(
        self, sockets: Sequence[socket.socket], peers: Peers, protocol: Callable[[], asyncio.Protocol]
    ) -> None:
        self._sockets = sockets
        self._peers = peers
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._connecting: set[asyncio.Task[None]] = set()
        self._retries: set[asyncio.TimerHandle] = set()

    def start(self) -> None:
        """Listen."""
        for each in self._sockets:
            each.setblocking(False)
            each.listen(BACKLOG)
            self._loop.add_reader(each, self.accept, each)

    def close(self) -> None:
        """Accept no more, and free the port."""
        for handle in self._retries:
            handle.cancel()
        for each in self._sockets:
            self._loop.remove_reader(each)
            each.close()
        self._sockets = ()

    def accept(self, listener: socket.socket) -> None:
        """Accept what has arrived; refuse what is beyond the limit by closing it."""
        for _ in range(AT_ONCE):
            try:
                connection, _ = listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in EXHAUSTED:
                    raise
                self._exhausted(listener, error)
                return
            connection.setblocking(False)
            if self._peers.accepts(len(self._connecting)):
                task = self._loop.create_task(self._connect(connection))
                self._connecting.add(task)
                task.add_done_callback(self._connecting.discard)
            else:
                connection.close()

    async def _connect(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError as error:
            connection.close()
            log.debug("a connection ended at once: %s", error)

    def _exhausted(self, listener: socket.socket, error: OSError) -> None:
        """Close a connection that asks for nothing; without one, wait before the next attempt."""
        log.warning("cannot accept connections: %s", error.strerror)
        if self._peers.make_way():
            return
        self._loop.remove_reader(listener)
        handle = self._loop.call_later(PAUSE_S, self._resume, listener)
        self._retries = {each for each in self._retries if not each.cancelled() and each.when() > self._loop.time()}
        self._retries.add(handle)

    def _resume(self, listener: socket.socket) -> None:
        self._loop.add_reader(listener, self.accept, listener)
