"""The time of the next block."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pysubtensor.chain.clock import SystemClock
from pysubtensor.genesis.presets import EPOCH_MS, dev

from pysubtensor import Chain, ChainError

HOUR = 3_600_000


def test_the_next_block_is_as_much_later_as_one_says() -> None:
    with Chain.dev() as chain:
        chain.produce(1)
        assert chain.head_ms == EPOCH_MS
        assert chain.travel(hours=2) == EPOCH_MS + 2 * HOUR
        chain.produce(2)
        assert chain.head_ms == EPOCH_MS + 2 * HOUR + 12_000
        assert chain.travel(ms=30_000) == EPOCH_MS + 2 * HOUR + 36_000, "the beginning of the slot"


def test_the_next_block_has_the_date_that_one_says() -> None:
    noon = datetime(2030, 1, 31, 12, tzinfo=UTC)
    with Chain.dev() as chain:
        for date in (noon, noon.replace(tzinfo=None), noon.astimezone(timezone(timedelta(hours=5)))):
            assert chain.travel(date) == 1_896_091_200_000
        chain.produce(1)
        assert chain.query("Timestamp.Now") == 1_896_091_200_000
        with pytest.raises(ChainError, match="the next block must be later than 1896091200000 ms"):
            chain.travel(noon)


def test_the_time_of_the_machine_is_ahead_from_then_on() -> None:
    with Chain(dev(), clock=SystemClock(lambda: 1_800_000_000.0)) as chain:
        chain.produce(1)
        assert chain.head_ms == 1_800_000_000_000
        snapshot = chain.snapshot()
        chain.travel(days=1)
        chain.produce(1)
        assert chain.head_ms == 1_800_000_000_000 + 24 * HOUR
        chain.revert(snapshot)
        chain.produce(1)
        assert chain.head_ms == 1_800_000_012_000
