"""Aura: time is cut into slots, and authorities take turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

A = TypeVar("A")


def slot_of(timestamp_ms: int, slot_ms: int) -> int:
    """The slot that a time (milliseconds since 1970) lies in."""
    return timestamp_ms // slot_ms


def author_of(slot: int, authorities: Sequence[A]) -> A:
    """Whose turn a slot is."""
    return authorities[slot % len(authorities)]
