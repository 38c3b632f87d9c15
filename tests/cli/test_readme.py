"""The commands of the README run, in their order, against one node."""

from __future__ import annotations

import os
import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import Running, running

from .conftest import Shell
from .test_devnet_cli import devnet, line_of, stop

README = Path(__file__).resolve().parents[2] / "README.md"
#: Words of commands that need the network, or files that the README does not have.
ELSEWHERE = ("https://", "pulses.jsonl", "--keystore", "ws://other", "--fork")


def commands() -> list[list[str]]:
    """The commands of the program in the README's shell blocks, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("pysubtensor ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


@pytest.fixture
def node() -> Iterator[Running]:
    with Chain.dev() as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
        yield server


def test_the_commands_run(online: Shell) -> None:
    found = [words for words in commands() if words[0] != "devnet" and not set(ELSEWHERE) & set(words)]
    assert len(found) >= 10
    for words in found:
        online(*words, stdin="y\n")


DEVNETS = [words for words in commands() if words[0] == "devnet" and not any(e in " ".join(words) for e in ELSEWHERE)]


@pytest.mark.parametrize("words", DEVNETS, ids=" ".join)
def test_the_devnets_start(words: list[str], tmp_path: Path) -> None:
    here = Path.cwd()
    os.chdir(tmp_path)  # some write files
    try:
        with devnet(*words[1:]) as process:
            assert line_of(process).startswith("ws://")
            stop(process, signal.SIGTERM)
    finally:
        os.chdir(here)
