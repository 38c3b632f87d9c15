"""Edits: what a program writes into the state between two blocks.

An edit belongs to the next block. It is in the state at once, and everything that reads the head sees it; the states
after blocks stay those of their headers. The next block takes it into its own changes, so that the record of what the
block replaced has the values before the edit, and going back to the parent undoes it. The history keeps the edits of
each block beside it, without which the block could not be executed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...runtime.client.receipt import explain
from ...runtime.frame.context import BlockEnvironment, Context
from ...runtime.frame.errors import DispatchFailed
from ...runtime.frame.events import Initialization
from ..chain import Blockchain
from ..errors import ChainError
from ..pool.operating import forgive


@contextmanager
def editing(chain: Blockchain) -> Iterator[Context]:
    """Yield a context at the beginning of the next block, in which calls and storage items write into the state.

    What the pool has refused may be submitted again. An exception undoes all of it; a call that fails raises ChainError
    with the name of its error. Events that are deposited are in no block.
    """
    chain.require_open()
    chain.building.complete()
    if chain.state.depth:
        raise ChainError("expected an edit between two blocks, got one while a block is made")
    block = BlockEnvironment(chain.head.number + 1, chain.head.hash)
    block.enter_phase(Initialization())
    try:
        with chain.state.transaction():
            yield Context(chain.runtime, chain.state, block)
    except DispatchFailed as failure:
        name, docs = explain(failure.error)
        raise ChainError(f"{name}: {docs}" if docs else name) from failure
    forgive(chain.pool)  # a signer who could not pay may have been funded
