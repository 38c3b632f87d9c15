"""The error of a chain that is asked for something that it cannot do."""

from __future__ import annotations


class ChainError(ValueError):
    """A chain was asked for something that it cannot do; the message says what was expected and what came."""
