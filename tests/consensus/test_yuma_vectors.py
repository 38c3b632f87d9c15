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

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "yuma"
CASES = sorted(VECTORS.glob("[0-9]*.json.gz"))


def test_the_known_answers_are_here() -> None:
    if not VECTORS.exists():
        pytest.skip("the known answers of the chain's epoch are not beside this repository")
    assert len(CASES) == 105


@pytest.mark.parametrize("epoch", [reference.epoch, fast.epoch], ids=["reference", "fast"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".json.gz"))
def test_every_output_equals_the_chain(path: Path, epoch: Callable[[EpochInput], EpochOutput]) -> None:
    case = json.loads(gzip.decompress(path.read_bytes()))
    assert epoch_output(epoch(epoch_input(case))) == case["outputs"]
