"""The commands of all pages run: those of a page in their order, against one node."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import Running, running
from pysubtensor.cli.greeting import account_lines
from pysubtensor.genesis.presets import NAMED

from tests.vectors import load
from tests.world import ALICE_ADDRESS

from .conftest import Shell
from .test_devnet_cli import devnet, line_of, stop

ROOT = Path(__file__).resolve().parents[2]
PAGES = {path.name: path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))}
#: Commands that are tested elsewhere, by what they contain, and where.
ELSEWHERE = {
    "--fork": "test_fork_cli.py",
    "explorer --url": "runs until it is stopped: tests/explorer/test_serving.py",
    "--keystore": "test_the_chain_with_keys_of_its_own, below",
    "https://": "needs the network",
    "yuma ": "test_yuma_cli.py, and test_the_commands_about_yuma_run, below",
}
#: Commands of others: they need the network, or prepare a folder.
OTHERS = ("git clone", "pip install", "python3 -m venv", "mkdir", ". .venv/bin/activate", "docker run")


def commands(page: str) -> list[str]:
    """The commands of a page, without comments: of its shell blocks, and of indented lines."""
    text = PAGES[page].read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.split("\n")]
    lines += re.findall(r"^    ((?:pysubtensor|make|git|pip|python) .*)$", text, re.MULTILINE)
    return [re.split(r"  +|#", line)[0].strip() for line in lines if line.strip()]


def own(page: str, *, devnets: bool) -> list[list[str]]:
    """The commands of pysubtensor in a page that can run here, as words: those that start a devnet, or the others."""
    found = [line for line in commands(page) if line.startswith("pysubtensor ")]
    here = [shlex.split(line)[1:] for line in found if not any(part in line for part in ELSEWHERE)]
    return [words for words in here if (words[0] == "devnet") is devnets]


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_each_command_is_of_a_known_kind(page: str) -> None:
    """Commands of pysubtensor run below, targets of the Makefile exist, and so do the extras that are installed."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for line in commands(page):
        words = shlex.split(line)
        if words[0] == "make":
            assert words[1] in targets(), line
        elif words[0] not in ("pysubtensor", "pytest"):
            assert line.startswith(OTHERS), line
        for named in re.findall(r"pysubtensor\[(\w+)\]", line):
            assert named in extras, line


@pytest.fixture
def node() -> Iterator[Running]:
    with Chain.dev() as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
        yield server


@pytest.mark.parametrize("page", [page for page in PAGES if own(page, devnets=False)])
def test_the_commands_of_a_page_run(online: Shell, page: str) -> None:
    for words in own(page, devnets=False):
        online(*words, stdin="y\n")


DEVNETS = sorted({shlex.join(words) for page in PAGES for words in own(page, devnets=True)})


@pytest.mark.parametrize("line", DEVNETS)
def test_the_devnets_start(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # some write files
    pulses = load("drand/quicknet")["pulses"]
    Path("pulses.jsonl").write_text("".join(f"{json.dumps(pulse)}\n" for pulse in pulses))
    with devnet(*shlex.split(line)[1:]) as process:
        assert line_of(process).startswith("ws://")
        stop(process, signal.SIGTERM)


def test_the_chain_with_keys_of_its_own(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the guide, with the keys that they make in the place of the dots in its file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYSUBTENSOR_KEYSTORE_PASSWORD", "correct horse battery staple")
    aura, gran, start = (shlex.split(line)[1:] for line in commands("devnet.md") if "--keystore" in line)
    made = [json.loads(shell(*words, "--json").stdout)["address"] for words in (aura, gran)]
    (chain,) = re.findall(r"```toml\n(name.*?)```", PAGES["devnet.md"].read_text(), re.DOTALL)
    for dots, address in zip(("5F…", "5G…", "5C…"), (ALICE_ADDRESS, *made), strict=True):
        assert dots in chain
        chain = chain.replace(dots, address)
    Path("chain.toml").write_text(chain)
    with devnet(*start[1:]) as process:
        assert line_of(process).startswith("ws://")
        assert "Shielding  random keys" in stop(process, signal.SIGTERM)


def test_the_commands_about_yuma_run(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = [shlex.split(line)[1:] for line in commands("yuma.md") if line.startswith("pysubtensor yuma sim")]
    assert len(found) == 2
    assert "cabal" in shell(*found[0]).stdout
    shell(*found[1])
    assert {path.name for path in tmp_path.iterdir()} == {"c.png", "c.csv"}


# --- the picture -----------------------------------------------------------------------------------------------


def test_the_picture_shows_the_greeting_of_today() -> None:
    picture = (ROOT / "docs" / "assets" / "devnet.svg").read_text()
    shown = unescape(re.sub(r"<[^>]+>", "", picture)).replace("\xa0", " ")
    with Chain(NAMED["localnet"]()) as chain:
        lines = [line.strip() for line in account_lines(chain)]
    assert [line for line in lines if line.replace(" ", "") not in shown.replace(" ", "")] == []
    assert "✓" in shown
    assert "✗" in shown
    assert "Balances.transfer_keep_alive" in shown


def test_the_picture_loads_nothing() -> None:
    picture = (ROOT / "docs" / "assets" / "devnet.svg").read_text()
    assert not re.search(r"url\(.?http|<(image|script|link)|@import", picture)


def test_make_knows_its_targets() -> None:
    """`make -n` prints what a target does, without doing it."""
    environment = {**os.environ, "MAKEFLAGS": ""}
    for target in ("devnet", "test", "docs", "coverage", "picture"):
        command = ["make", "-n", target]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, check=False)
        assert ran.returncode == 0, ran.stderr
