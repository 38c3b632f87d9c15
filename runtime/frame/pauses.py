"""Pauses in work on input from outside, which may take long, so that the thread can do something else meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from ..scale.reader import PAUSE_EVERY


def no_pause() -> None:
    """Go on at once."""


class Pausing:
    """What works on calls one by one, and calls `pause` after each `PAUSE_EVERY` of them."""

    def __init__(self) -> None:
        #: Also called by readers of many items. By default it does nothing.
        self.pause: Callable[[], object] = no_pause
        self._steps = 0

    def step(self) -> None:
        """Count one call."""
        self._steps += 1
        if self._steps >= PAUSE_EVERY:
            self._steps = 0
            self.pause()
