"""`InternalError`: an invariant of this program does not hold."""

from __future__ import annotations


class InternalError(Exception):
    """A defect of this program: no input may lead here. Raised instead of `assert`, which `python -O` removes.

    The message states what was expected and what came. A block or transaction that leads here is refused.
    """
