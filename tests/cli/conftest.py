"""A running node for commands that need one, and the program to run them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import Running, running
from pysubtensor.cli import main


@dataclass(frozen=True)
class Shell:
    """Runs the program, with a node as its `--url`."""

    url: str | None = None

    def __call__(self, *arguments: str, code: int = 0, stdin: str | None = None) -> Result:
        """Run a command line and check its exit code."""
        env = {"PYSUBTENSOR_URL": self.url, "PYSUBTENSOR_FROM": None, "BT_DEFAULT_TOKEN_WALLET": None}
        result = CliRunner().invoke(main, arguments, env=env, input=stdin)
        assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
        assert "Traceback" not in result.output
        return result

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Return the result of a command with --json."""
        return json.loads(self(*arguments, "--json", code=code).stdout)


@pytest.fixture(autouse=True)
def _no_cache_of_the_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what commands remember in a folder of the tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "caches"))


@pytest.fixture
def shell() -> Shell:
    """The program, without a node."""
    return Shell()


@pytest.fixture(scope="module")
def node() -> Iterator[Running]:
    """A node for each file of tests, which makes a block for each transaction."""
    with Chain.dev() as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
        yield server


@pytest.fixture
def online(node: Running) -> Shell:
    """The program, connected to that node."""
    return Shell(node.url)
