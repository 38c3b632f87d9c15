"""Limits that do not hold for a while, or for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...runtime.edits import limits
from ...runtime.frame.context import Context
from ..blocks import ImportedBlock
from ..chain import Blockchain
from ..errors import ChainError
from .editing import editing

Restore = Callable[[Context], None]


class Waivers:
    """The limits of a chain that are waived, and how to bring them back.

    While rate limits are waived, the blocks of last actions are forgotten after each block: some limits are constants
    of the runtime.
    """

    def __init__(self, chain: Blockchain) -> None:
        self._chain = chain
        self._waived: dict[str, Restore] = {}
        chain.listeners.append(self._renew)

    @classmethod
    def of(cls, chain: Blockchain) -> Waivers:
        """Return the waivers of a chain."""
        return chain.attached(cls)

    def waive(self, kind: str) -> None:
        """Let the limits of a kind not hold; they may be waived already."""
        self._chain.require_open()
        if kind not in limits.KINDS:
            raise ChainError(f"expected one of {', '.join(limits.KINDS)}, got {kind!r:.60}")
        with editing(self._chain) as ctx:
            self._waived.setdefault(kind, limits.saved(ctx, kind))
            limits.lift(ctx, kind)

    def end(self, kind: str) -> None:
        """Let the limits of a kind be what they were before they were waived."""
        restore = self._waived.pop(kind, None)
        if restore is not None and self._chain.is_open:
            with editing(self._chain) as ctx:
                restore(ctx)

    def forget(self) -> None:
        """Let no limits be waived, because the state in which they were has given way to another one."""
        self._waived.clear()

    def values(self, kind: str) -> dict[str, Any]:
        """Return the present limits of a kind by the names of their parameters, those of subnets by netuid."""
        return limits.values(self._chain.context(), kind)

    def snapshot(self) -> Callable[[], None]:
        """Return a function that restores which limits are waived; the state has to be restored, too."""
        waived = dict(self._waived)

        def restore() -> None:
            self._waived = dict(waived)

        return restore

    def _renew(self, block: ImportedBlock) -> None:
        if limits.RATE_LIMITS in self._waived:
            with editing(self._chain) as ctx:
                limits.lift(ctx, limits.RATE_LIMITS)


class Waiver:
    """Limits that are waived: for good, or until the end of its `with` block."""

    def __init__(self, chain: Blockchain, kinds: tuple[str, ...]) -> None:
        self._waivers, self._kinds = Waivers.of(chain), kinds
        for kind in kinds:
            self._waivers.waive(kind)

    def __enter__(self) -> Waiver:
        return self

    def __exit__(self, *_: object) -> None:
        for kind in self._kinds:
            self._waivers.end(kind)
