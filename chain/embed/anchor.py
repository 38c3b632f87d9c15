"""Anchors, which revert everything that happens inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..chain import Blockchain
from ..history.blocks import Pin


@contextmanager
def anchored(chain: Blockchain) -> Iterator[None]:
    """Revert blocks, state, pool and clock at the end, after any number of blocks and also after an exception.

    The history discards nothing meanwhile. Closing the chain inside reverts its blocks and state, too. An anchor that
    ends before anchors inside it reverts their blocks as well; their own ends then change nothing.

    Blocks are stored as always: a process that is killed inside an anchor leaves them in a chain on disk.
    """
    chain.building.complete()
    head, final, pending = chain.head, chain.finalized.number, chain.state.changes()
    clock, pool = chain.clock.snapshot(), chain.pool.snapshot()
    pins, pin = chain.history.pins, Pin(head.number, final)
    pins.append(pin)
    try:
        yield
    finally:
        if pin in pins:
            del pins[pins.index(pin) + 1 :]
            if chain.is_open and (chain.head != head or chain.finalized.number != final):
                chain._roll_back(head.number, final)
            pins.remove(pin)
            if chain.is_open and chain.state.changes() != pending:
                chain.state.discard()
                for key, value in pending.items():
                    chain.state.put(key, value)
            clock()
            pool()
