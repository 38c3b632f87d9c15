"""A short run of every fuzzer."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz import FUZZERS


@pytest.mark.parametrize("name", FUZZERS)
def test_a_short_run_finds_no_failure(name: str) -> None:
    FUZZERS[name](Random(425), 60)
