"""Each method, each piece of Python and each option of the page for users of Anvil works as it is written there."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner
from pysubtensor.chain.embed import pytest_plugin
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.chain.rpc.table import METHODS
from pysubtensor.cli import main

from pysubtensor import Chain, Receipt

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "from-anvil.md").read_text()
#: The cells of the three tables, without their titles.
TABLES = [
    [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)
]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def ask(url: str, method: str, params: Any) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    with urlopen(Request(url.replace("ws", "http"), body, {"Content-Type": "application/json"})) as answer:
        return json.load(answer)


@pytest.fixture
def log_level() -> Iterator[None]:
    """The level of the log, as it was before the test: a method sets it."""
    logger = logging.getLogger("pysubtensor")
    former = logger.level
    yield
    logger.setLevel(former)


@pytest.mark.usefixtures("log_level")
def test_the_methods_do_what_they_are_called_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    calls = [each.partition(" ") for row in TABLES[0] for each in code(row[2])]
    assert len(calls) == len(TABLES[0])
    with Chain.dev() as chain, running(chain, engine=LocalEngine(chain, Sealing.MANUAL)) as server:
        for method, _, params in calls:
            answer = ask(server.url, method, json.loads(params))
            assert "error" not in answer, (method, answer)
        assert ask(server.url, "dev_nodeInfo", [])["result"]["head"]["number"] == 0, "it was started again"


def test_the_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [each for row in TABLES[0] for each in code(row[3]) if "…" not in each and "raw" not in each]
    assert len(lines) >= 15
    done: dict[str, tuple[int, int]] = {}
    with Chain.dev() as chain:
        names: dict[str, Any] = {"chain": chain, "Chain": Chain, "datetime": datetime, "UTC": UTC}
        for line in lines:
            exec(line, names)
            done[line.partition("(")[0]] = chain.query("SubtensorModule.Tempo", 1), chain.nonce("//Dave")
    assert done["chain.travel"] == (100, 0)
    assert done["chain.set_storage"] == (20, 5)


def test_names_that_are_mentioned_exist() -> None:
    assert set(re.findall(r"\bdev_\w+", PAGE)) - {"dev_"} <= set(METHODS)
    with Chain.dev() as chain:
        assert [name for name in re.findall(r"\bchain\.(\w+)", PAGE) if not hasattr(chain, name)] == []
    assert hasattr(Receipt, "events_of")
    assert hasattr(Chain, "fork")
    assert "scenario" in (pytest_plugin.__doc__ or "")


def test_options_exist() -> None:
    shown = CliRunner().invoke(main, ["devnet", "--help"]).stdout
    named = {option for row in TABLES[2] for option in re.findall(r"--[\w-]+", row[1])}
    assert len(named) >= 10
    assert [option for option in named if option not in shown] == []
