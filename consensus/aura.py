"""Aura: time is divided into slots, and the authorities author them in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

A = TypeVar("A")


def slot_of(timestamp_ms: int, slot_ms: int) -> int:
    """Return the slot of a time, in milliseconds since 1970."""
    return timestamp_ms // slot_ms


def author_of(slot: int, authorities: Sequence[A]) -> A:
    """Return the authority that may author a block in a slot."""
    return authorities[slot % len(authorities)]
