"""Calling listeners, of which one may raise: the others are called as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TypeVar

Value = TypeVar("Value")


def call_all(listeners: Iterable[Callable[[Value], object]], value: Value) -> None:
    """Call all listeners in their order; afterwards raise the last error, with the others as its context."""
    with ExitStack() as calls:  # which makes its calls from the last to the first
        for listener in reversed(list(listeners)):
            calls.callback(listener, value)
