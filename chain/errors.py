"""The error for misuse of a chain."""

from __future__ import annotations


class ChainError(ValueError):
    """A request that a chain cannot fulfil; the message states what was expected and what came."""
