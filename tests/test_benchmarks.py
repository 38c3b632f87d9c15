"""Every benchmark runs in its small size."""

from __future__ import annotations

import importlib

import pytest

from benchmarks.__main__ import NAMES


@pytest.mark.lawless("large subnets are written into storage, with unpaid stake")
@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_runs_small(name: str) -> None:
    figures = list(importlib.import_module(f"benchmarks.{name}").run(small=True))
    assert figures
    assert all(figure.value > 0 for figure in figures)
