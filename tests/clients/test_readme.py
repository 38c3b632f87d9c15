"""The README's program for the SDK does what it says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running

from tests.clients.environments import ROOT
from tests.clients.visits import PATIENCE_S, interpreter

pytestmark = pytest.mark.clients


def test_the_program_of_the_readme_moves_some_tao(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (program,) = [block for block in blocks if "import bittensor" in block]
    (says,) = re.findall(r"^print\(.*\)  # (.*)$", program, re.MULTILINE)
    with Chain.dev() as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
        for was, now in (("ws://127.0.0.1:9944", server.url), ("/tmp/wallets", str(tmp_path / "wallets"))):
            assert was in program
            program = program.replace(was, now)
        command = [interpreter("bittensor-10"), "-c", program]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == says
