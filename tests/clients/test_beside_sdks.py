"""pysubtensor and the SDK can be installed into one environment."""

from __future__ import annotations

import subprocess

import pytest

from tests.clients.environments import BESIDE, PIP, ROOT
from tests.clients.visits import PATIENCE_S, interpreter

pytestmark = pytest.mark.clients

IMPORT_BOTH = "import pysubtensor.chain.embed.chain, bittensor; print(pysubtensor.__path__[0], bittensor.__version__)"
VERSIONS = {"bittensor-11.3": "11.3.0", "bittensor-11": "11.0.0", "bittensor-10": "10.5.0"}


@pytest.mark.parametrize("name", BESIDE)
def test_requirements_of_both_are_met_in_one_environment(name: str) -> None:
    checked = run(name, *PIP, "check")
    assert checked.stdout.strip() == "No broken requirements found."


@pytest.mark.parametrize("name", BESIDE)
def test_both_can_be_imported_in_one_environment(name: str) -> None:
    imported = run(name, "-c", IMPORT_BOTH)
    assert imported.stdout.split() == [str(ROOT / "pysubtensor"), VERSIONS[name]]


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run([interpreter(name), *arguments], capture_output=True, text=True, timeout=PATIENCE_S)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran
