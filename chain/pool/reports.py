"""Reports of extrinsics that do not enter the pool, and of those that become ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

from ...runtime.frame.extrinsic import Extrinsic
from .rejections import Rejected

P = ParamSpec("P")
Result = TypeVar("Result")
Pool = TypeVar("Pool", bound="Reporting")


class Reporting:
    """A pool that reports what it rejects, and what becomes ready."""

    @cached_property
    def on_rejection(self) -> list[Callable[[bytes, Rejected], None]]:
        """Functions that are called with each rejected extrinsic and the reason."""
        return []

    @cached_property
    def on_ready(self) -> list[Callable[[Extrinsic], None]]:
        """Functions that are called with each extrinsic that could enter the next block from now on."""
        return []

    def report_rejection(self, raw: bytes, reason: Rejected) -> None:
        """Report an extrinsic that does not enter the pool, or the block for which it was ready."""
        for listener in [*self.on_rejection]:
            listener(raw, reason)

    @contextmanager
    def raising(self, raw: bytes) -> Iterator[None]:
        """Raise, at the end of the context, why this extrinsic was rejected within it, if it was."""
        reasons: list[Rejected] = []

        def note(rejected: bytes, reason: Rejected) -> None:
            if rejected == raw:
                reasons.append(reason)

        self.on_rejection.append(note)
        try:
            yield
        finally:
            self.on_rejection.remove(note)
        if reasons:
            raise reasons[0]

    def report_ready(self, extrinsic: Extrinsic) -> None:
        """Report an extrinsic that has become ready."""
        for listener in self.on_ready:
            listener(extrinsic)


def reporting(method: Callable[Concatenate[Pool, bytes, P], Result]) -> Callable[Concatenate[Pool, bytes, P], Result]:
    """Let a method that takes an encoded extrinsic report its rejection, which it raises."""

    def reported(pool: Pool, raw: bytes, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            return method(pool, raw, *args, **kwargs)
        except Rejected as rejected:
            pool.report_rejection(raw, rejected)
            raise

    update_wrapper(reported, method)
    return reported
