"""The pytest plugin: one test in a process of its own, and a hundred with subnets, as subnet developers write them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .harness import Figure

TESTS = 100
#: Ten lines of tests.
SHORT = """
def test_the_better_miner_earns_more(chain):
    subnet = chain.subnet(validators=1, miners=2, tempo=10)
    (validator,), (good, bad) = subnet.validators, subnet.miners
    weights = {"dests": [good.uid, bad.uid], "weights": [9, 1], "version_key": 0}
    chain.execute("SubtensorModule.set_weights", validator.hotkey, netuid=subnet.netuid, **weights)
    chain.next_epoch(subnet)
    metagraph = chain.ask("SubnetInfoRuntimeApi.get_metagraph", subnet.netuid)
    assert metagraph.incentives.tolist() == [0, 0, 58981, 6553]
"""
WEIGHTS = """
def set_weights(chain, subnet, weight):
    (validator,), (miner,) = subnet.validators, subnet.miners
    values = {"dests": [validator.uid, miner.uid], "weights": [1, weight], "version_key": 0}
    chain.execute("SubtensorModule.set_weights", validator.hotkey, netuid=subnet.netuid, **values)
"""
OWN = f"""
import pytest
{WEIGHTS}
@pytest.mark.parametrize("weight", range(1, COUNT + 1))
def test_own_subnet(chain, weight):
    set_weights(chain, chain.subnet(validators=1, miners=1), weight)
"""
SHARED = f"""
import pytest
{WEIGHTS}
def two_neurons(chain):
    return chain.subnet(validators=1, miners=1)

@pytest.mark.scenario("two_neurons")
@pytest.mark.parametrize("weight", range(1, COUNT + 1))
def test_shared_subnet(chain, scenario, weight):
    set_weights(chain, scenario, weight)
"""


def run(small: bool) -> Iterator[Figure]:
    count = 3 if small else TESTS
    rounds = 1 if small else 3
    bare = seconds("def test_nothing(): pass", rounds)
    yield Figure("CPU of pytest with a test of nothing", bare, "s")
    yield figure("CPU of pytest with one test of ten lines", seconds(SHORT, rounds), bare, 3)
    own = seconds(OWN.replace("COUNT", str(count)), rounds)
    yield figure(f"CPU of pytest with {count} tests, each with its own subnet", own, bare, 5)
    shared = seconds(SHARED.replace("COUNT", str(count)), rounds)
    yield figure(f"CPU of pytest with {count} tests that share a scenario", shared, bare, 2)


def figure(name: str, value: float, bare: float, bound: float) -> Figure:
    """Return the figure of a run of pytest; its note has the ratio to a run without a chain."""
    return Figure(name, value, "s", bound=bound, note=f"{value / bare:.1f} times a test of nothing")


def seconds(tests: str, rounds: int) -> float:
    """Return the least CPU seconds of a process of pytest that runs a file of tests, which all must pass."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_subnet.py").write_text(tests)
        Path(folder, "pytest.ini").write_text("[pytest]\n")
        words = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
        for _ in range(rounds):
            process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            assert process.returncode == 0, "the tests must pass"
            times.append(usage.ru_utime + usage.ru_stime)
    return min(times)
