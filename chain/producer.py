"""Sealing: when blocks are made. One producer, four modes.

| mode     | a block is made                                     | sealed | time            |
|----------|-----------------------------------------------------|--------|-----------------|
| interval | every block time, empty or not                      | yes    | the slot's      |
| instant  | at once when a transaction is ready                 | no     | parent + a slot |
| mixed    | at once, and an empty one when none came for a while | no     | parent + a slot |
| manual   | when somebody asks for it                           | no     | parent + a slot |
"""

from __future__ import annotations

from enum import Enum

from .chain import Chain, Head


class Sealing(Enum):
    """The modes."""

    INTERVAL = "interval"
    INSTANT = "instant"
    MIXED = "mixed"
    MANUAL = "manual"


class Producer:
    """Makes the blocks of a chain. It knows no time: whoever drives it (`rpc.driver`) waits `timer_ms` and asks."""

    def __init__(self, chain: Chain, sealing: Sealing, block_time_ms: int | None = None) -> None:
        if block_time_ms is not None and block_time_ms <= 0:
            raise ValueError(f"expected a block time of at least 1 ms, got {block_time_ms}")
        self.chain = chain
        self.sealing = sealing
        self.block_time_ms = block_time_ms or chain.slot_ms

    @property
    def timer_ms(self) -> int | None:
        """How long to wait for a block that nobody asks for, in milliseconds; None: for ever."""
        return self.block_time_ms if self.sealing in (Sealing.INTERVAL, Sealing.MIXED) else None

    @property
    def follows_slots(self) -> bool:
        """Whether blocks begin when slots do, by the machine's time."""
        return self.sealing is Sealing.INTERVAL

    def wants_block(self) -> bool:
        """Whether a ready transaction asks for a block right now."""
        return self.sealing in (Sealing.INSTANT, Sealing.MIXED) and self.chain.pool.ready_count > 0

    def make(self) -> Head:
        """Make the block that is due."""
        return self.chain.produce(sealed=self.sealing is Sealing.INTERVAL)
