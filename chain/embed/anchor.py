"""Anchors, which revert everything that happens inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..chain import Blockchain


@contextmanager
def anchored(chain: Blockchain) -> Iterator[None]:
    """Revert blocks, state, pool and clock at the end, after any number of blocks and also after an exception.

    The history discards nothing meanwhile. Closing the chain inside reverts its blocks and state, too.
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
