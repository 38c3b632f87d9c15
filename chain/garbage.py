"""Control of Python's cyclic garbage collector, which searches for cycles where none are created."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Thresholds of the collector (`gc.set_threshold`) in a process that only serves a chain.
THRESHOLDS = (50_000, 10, 10)


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Disable the collector: a block creates many objects and no cycles, and searching takes a tenth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def tune_garbage_collection() -> None:
    """Exclude the objects of the start from collections and make those rare, in a process that serves a chain.

    Without it the collector takes a third of the time of a busy node. It affects the whole process, so programs that
    embed a chain decide for themselves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
