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
KEPT = sorted((Path(__file__).resolve().parent / "vectors").glob("*.json.gz"))
CASES = KEPT + sorted(VECTORS.glob("[0-9]*.json.gz"))


def test_no_known_answer_is_missing() -> None:
    if not VECTORS.exists():
        pytest.skip("only the kept cases are checked: the full set of known answers is not beside this repository")
    assert len(CASES) == len(KEPT) + 105


@pytest.mark.parametrize("epoch", [reference.epoch, fast.epoch], ids=["reference", "fast"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".json.gz"))
def test_every_output_equals_the_chain(path: Path, epoch: Callable[[EpochInput], EpochOutput]) -> None:
    case = json.loads(gzip.decompress(path.read_bytes()))
    assert epoch_output(epoch(epoch_input(case))) == case["outputs"]
