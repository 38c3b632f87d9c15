"""A small part of the crash campaign (`make crash`): kills, full disks and flipped bytes, on each engine."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.stores.choose import available
from pysubtensor.genesis.presets import localnet

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


def test_a_node_on_a_full_disk_stops_with_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pysubtensor", "devnet", "--data-dir", str(tmp_path), "--port", "0", "--verbose"]
    node = subprocess.run(
        ["bash", "-c", 'ulimit -f 400; exec "$0" "$@"', *command, "--block-time", "20ms"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert node.returncode == 1
    assert "Traceback" not in node.stderr
    last = node.stderr.splitlines()[-1]
    assert last.startswith("Error: block ")
    assert f" could not be written to {tmp_path}/" in last
    assert last.endswith("no block was made after it: free space, or mend the disk, then start again")
    made = int(node.stdout.split("Imported #")[-1].split()[0])
    with Chain(replace(localnet(), slot_duration_ms=20), tmp_path) as chain:
        assert chain.head.number == made
