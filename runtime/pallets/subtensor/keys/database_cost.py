"""The weight of a call whose reads and writes are counted while it runs."""

from __future__ import annotations

from ....frame.weight import Weight, weight_of


class DatabaseCost:
    """The reads and writes of storage so far, as the genuine call counts them."""

    __slots__ = ("reads", "writes")

    def __init__(self) -> None:
        self.reads = 0
        self.writes = 0

    def add(self, reads: int, writes: int = 0) -> None:
        """Count further reads and writes."""
        self.reads += reads
        self.writes += writes

    @property
    def weight(self) -> Weight:
        """Return their weight."""
        return weight_of(0, reads=self.reads, writes=self.writes)
