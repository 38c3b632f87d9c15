"""Measures of concentration."""

from __future__ import annotations

from collections.abc import Sequence

TOP = 10
MILLION = 1_000_000


def gini(values: Sequence[int]) -> float:
    """Return the Gini coefficient: 0 where all have the same, towards 1 where one has all; 0 of nothing."""
    ordered, whole = sorted(values), sum(values)
    if not whole:
        return 0.0
    weighted = sum(rank * value for rank, value in enumerate(ordered, 1))
    return 2 * weighted / (len(ordered) * whole) - (len(ordered) + 1) / len(ordered)


def top_share(values: Sequence[int], count: int = TOP) -> float:
    """Return the part that the `count` largest have; 0 of nothing."""
    whole = sum(values)
    return sum(sorted(values, reverse=True)[:count]) / whole if whole else 0.0


def millionths(share: float) -> int:
    """Return a proportion in millionths."""
    return round(share * MILLION)
