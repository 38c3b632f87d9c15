"""A small part of the crash campaign (`make crash`): kills, full disks and flipped bytes, on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysubtensor.chain.history.stores.choose import available

from tests.crash.campaign import flip_rounds, full_rounds, kill_rounds


@pytest.mark.parametrize("engine", available())
def test_a_kill_at_any_moment_loses_nothing(engine: str, tmp_path: Path) -> None:
    tally = kill_rounds(tmp_path / "data", engine, rounds=10, seed=11, longest_ms=0)
    assert tally.failures == []
    assert tally.outcomes == {"whole": 10}


@pytest.mark.parametrize("engine", available())
def test_a_full_disk_stops_the_chain_and_loses_nothing(engine: str, tmp_path: Path) -> None:
    tally = full_rounds(tmp_path / "data", engine, rounds=6, seed=12)
    assert tally.failures == []
    assert tally.outcomes["refused"] > 0


@pytest.mark.parametrize("engine", available())
def test_a_flipped_byte_is_refused_or_has_no_effect(engine: str, tmp_path: Path) -> None:
    tally = flip_rounds(tmp_path, engine, rounds=10, seed=13, blocks=12)
    assert tally.failures == []
    assert tally.outcomes["refused"] > 0
