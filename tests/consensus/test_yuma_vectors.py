"""Both versions of the epoch against the chain's own answers, raw intermediates included."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pysubtensor.consensus.yuma import fast, reference
from pysubtensor.consensus.yuma.case import epoch_input, epoch_output
from pysubtensor.consensus.yuma.types import EpochInput, EpochOutput

from tests.vectors import yuma_cases

CASES = yuma_cases()


def test_no_known_answer_is_missing() -> None:
    assert len(CASES) == 105


@pytest.mark.parametrize("epoch", [reference.epoch, fast.epoch], ids=["reference", "fast"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".json.gz"))
def test_every_output_equals_the_chain(path: Path, epoch: Callable[[EpochInput], EpochOutput]) -> None:
    case = json.loads(gzip.decompress(path.read_bytes()))
    assert epoch_output(epoch(epoch_input(case))) == case["outputs"]
