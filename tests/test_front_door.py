"""The public interface: every listed name exists, and modules are loaded on demand."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pysubtensor

PUBLIC = [
    "Chain",
    "ChainConfig",
    "ChainError",
    "Head",
    "ImportedBlock",
    "Keypair",
    "LogicalClock",
    "Metagraph",
    "Receipt",
    "Rejected",
    "Runtime",
    "Scheme",
    "SystemClock",
    "TransactionFailed",
    "ss58_decode",
    "ss58_encode",
    "tao",
]


def test_every_listed_name_can_be_imported() -> None:
    assert sorted(pysubtensor.__all__) == PUBLIC
    assert dir(pysubtensor) == PUBLIC
    assert all(getattr(pysubtensor, name).__doc__ for name in PUBLIC)


def test_importing_the_package_loads_no_submodule() -> None:
    code = "import pysubtensor, sys; print(sum(name.startswith('pysubtensor.') for name in sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "0"


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text())["project"]
    assert pysubtensor.__version__ == project["version"]
    command = [sys.executable, "-m", "pysubtensor", "--version"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.split()[-1] == project["version"]
