"""Python's cyclic garbage collector, kept from looking for cycles where none are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects made until the collector looks again, for a process that does nothing but serve a chain.
THRESHOLDS = (200_000, 20, 20)


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Executing a block makes many small objects and no cycles: looking for some costs a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def settle() -> None:
    """For a process that serves a chain: what the start made stays, and collections become rare.

    Without it the collector takes a third of the time of a busy node. It concerns the whole process, so programs that
    embed a chain decide for themselves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
