"""Accepting: a few connections at a time, and what happens when there is nothing to accept them with."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pysubtensor.chain.rpc.accept import AT_ONCE, PAUSE_S, Acceptor
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.chain.rpc.peers import Peers, Phase
from pysubtensor.chain.rpc.turns import Turns


class Listener:
    """A listening socket that accepts nothing but errors."""

    def __init__(self, *errors: int) -> None:
        self.errors = list(errors)

    def accept(self) -> tuple[Any, Any]:
        if not self.errors:
            raise BlockingIOError
        raise OSError(self.errors.pop(0), "no")


class Loop:
    """The readers and timers of an event loop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.readers: set[Any] = set()
        self.timers: list[tuple[float, Callable[..., None], Any]] = []
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, "add_reader", lambda each, *_: self.readers.add(each))
        monkeypatch.setattr(loop, "remove_reader", self.readers.discard)
        monkeypatch.setattr(loop, "call_later", self.call_later)

    def call_later(self, seconds: float, action: Callable[..., None], argument: Any) -> asyncio.TimerHandle:
        self.timers.append((seconds, action, argument))
        return asyncio.TimerHandle(seconds, action, (argument,), asyncio.get_running_loop())


def run(monkeypatch: pytest.MonkeyPatch, scene: Callable[[Acceptor, Peers, Loop], Awaitable[None]]) -> None:
    async def main() -> None:
        peers = Peers(ServerLimits(), lambda: 0.0, Turns(lambda: 0.0, lambda _: None))
        with monkeypatch.context() as patched:
            loop = Loop(patched)
            await scene(Acceptor((), peers, asyncio.Protocol), peers, loop)

    asyncio.run(main())


@pytest.mark.parametrize("error", [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS])
def test_without_files_accepting_pauses(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: int
) -> None:
    async def scene(acceptor: Acceptor, peers: Peers, loop: Loop) -> None:
        listener: Any = Listener(error, error)
        loop.readers.add(listener)
        acceptor.accept(listener)
        assert (listener.errors, loop.readers) == ([error], set()), "it tried once"
        ((seconds, action, argument),) = loop.timers
        assert seconds == PAUSE_S
        action(argument)
        assert loop.readers == {listener}

    with caplog.at_level(logging.WARNING):
        run(monkeypatch, scene)
    assert [each.getMessage() for each in caplog.records] == ["cannot accept connections: no"]


def test_without_files_an_idle_connection_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(acceptor: Acceptor, peers: Peers, loop: Loop) -> None:
        ended: list[bool] = []
        peers.enter(lambda: ended.append(True))
        peers.enter_phase(peers.enter(lambda: ended.append(False)), Phase.ANSWER)
        listener: Any = Listener(errno.EMFILE)
        loop.readers.add(listener)
        acceptor.accept(listener)
        assert (ended, loop.readers, loop.timers) == ([True], {listener}, [])

    run(monkeypatch, scene)


def test_other_errors_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(acceptor: Acceptor, peers: Peers, loop: Loop) -> None:
        listener: Any = Listener(errno.EBADF)
        with pytest.raises(OSError, match="no"):
            acceptor.accept(listener)

    run(monkeypatch, scene)


def test_a_burst_is_accepted_in_parts() -> None:
    async def scene() -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=3 * AT_ONCE) as listener:
            listener.setblocking(False)
            peers = Peers(ServerLimits(), lambda: 0.0, Turns(lambda: 0.0, lambda _: None))
            acceptor = Acceptor((), peers, asyncio.Protocol)
            clients = [socket.create_connection(listener.getsockname()) for _ in range(AT_ONCE + 3)]
            acceptor.accept(listener)
            assert len(acceptor._connecting) == AT_ONCE
            acceptor.accept(listener)
            assert len(acceptor._connecting) == AT_ONCE + 3
            await asyncio.gather(*acceptor._connecting)
            for each in clients:
                each.close()
            await asyncio.sleep(0)

    asyncio.run(scene())
