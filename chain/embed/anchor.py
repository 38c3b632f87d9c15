"""Anchors: whatever happens inside of one is undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..chain import Blockchain


@contextmanager
def anchored(chain: Blockchain) -> Iterator[None]:
    """Undo blocks, state, pool and clock at the end, however many blocks there are and however it ends.

    The history keeps what the way back takes, beyond its retention. Closing the chain inside undoes them, too.
    """
    head, pending = chain.head, chain.state.changes()
    clock, pool = chain.clock.snapshot(), chain.pool.snapshot()
    pins = chain.history.pins
    pins.append(head.number)
    try:
        yield
    finally:
        if chain.is_open and chain.head != head:
            chain.rollback_to(head.number)
        pins.pop()
        if chain.is_open and chain.state.changes() != pending:
            chain.state.discard()
            for key, value in pending.items():
                chain.state.put(key, value)
        clock()
        pool()
