"""The code of all pages runs as they show it, and prints what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pysubtensor.consensus.yuma import EpochOutput

from pysubtensor import Chain

pytest_plugins = "pytester"

ROOT = Path(__file__).resolve().parent.parent
PAGES = {path.name: path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))}
#: Pages with code, and where it runs.
RUN_BY = {
    "README.md": "test_examples.py; the program for the SDK in clients/test_readme.py",
    "architecture.md": "test_guides.py",
    "command-line.md": "test_guides.py",
    "embed.md": "test_examples.py",
    "fork.md": "test_guides.py",
    "pallets.md": "test_guides.py",
    "testing.md": "test_guides.py",
    "yuma.md": "test_guides.py",
}
#: Options of pytest in pytest: no state from one run in the next.
OPTIONS = ("-p", "no:randomly", "-p", "no:cacheprovider")


def blocks_of(page: str) -> list[str]:
    """The Python code of a page, block by block."""
    found = re.findall(r"^( *)```python\n(.*?)^ *```", PAGES[page].read_text(), re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def test_the_code_of_each_page_is_run() -> None:
    assert {page for page in PAGES if blocks_of(page)} == set(RUN_BY)


TESTING = blocks_of("testing.md")


@pytest.mark.parametrize("block", TESTING, ids=[re.findall(r"def (test_\w+)", block)[0] for block in TESTING])
def test_the_guide_for_testing_is_right(pytester: pytest.Pytester, block: str) -> None:
    pytester.makepyfile(test_guide=block)
    result = pytester.runpytest_inprocess(*OPTIONS)
    result.assert_outcomes(passed=block.count("def test_"))


def test_the_pallet_of_the_guide_works(pytester: pytest.Pytester) -> None:
    pallet, tests = blocks_of("pallets.md")
    pytester.makepyfile(notes=pallet, test_notes=tests)
    result = pytester.runpytest_subprocess(*OPTIONS)
    result.assert_outcomes(passed=tests.count("def test_"))


#: Runs a call that a page adds to SubtensorModule, in a process of its own: it must not be there for other tests.
WITH_THE_CALL = """
from pysubtensor.runtime.pallets.subtensor.declared import events
from pysubtensor.runtime.pallets.subtensor.neurons import identity
exec({event!r}, vars(events))
exec({call!r}, vars(identity))
from pysubtensor import Chain
with Chain.dev() as chain:
    names = ("url", "github_repo", "image", "discord", "description", "additional")
    chain.subnet(miners=["//Bob"])
    chain.execute("SubtensorModule.set_identity", "//Bob", name=b"Miner", **dict.fromkeys(names, b""))
    chain.execute("SubtensorModule.clear_identity", "//Bob")
    print(chain.query("SubtensorModule.IdentitiesV2", "//Bob"))
    try:
        chain.execute("SubtensorModule.clear_identity", "//Bob")
    except Exception as failed:
        print(failed.name)
"""


def test_the_call_that_the_architecture_adds_works() -> None:
    event, call = blocks_of("architecture.md")
    command = [sys.executable, "-c", WITH_THE_CALL.format(event=event, call=call)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.stdout.split() == ["None", "SubtensorModule.InvalidIdentity"], ran.stderr


def test_the_scenario_of_the_command_line_starts() -> None:
    (block,) = blocks_of("command-line.md")
    names: dict[str, object] = {}
    exec(block, names)
    assert "one-subnet" in block
    chain = names["chain"]
    assert isinstance(chain, Chain)
    assert not chain.is_open


#: Serves a chain, and runs a program that forks it.
SERVED = """
from pysubtensor import Chain
with Chain.dev() as source:
    source.produce(3)
    with source.serve() as server:
        exec({block!r}.replace("ws://localhost:9944", server.url))
"""


def test_the_fork_of_the_guide_goes_on_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (block,) = blocks_of("fork.md")
    command = [sys.executable, "-c", SERVED.format(block=block)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.stdout.split() == ["3", "2", "4"], ran.stderr


def test_the_epoch_of_three_blank_neurons_pays_nothing() -> None:
    (block,) = blocks_of("yuma.md")
    names: dict[str, object] = {}
    exec(block, names)
    output = names["output"]
    assert isinstance(output, EpochOutput)
    assert output.incentive.tolist() == [0, 0, 0]
