"""The house rules, checked on the source itself. The direction of imports is import-linter's (`make check`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("consensus", "runtime", "genesis", "chain", "lab", "explorer", "pysubtensor", "cli")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]

MAX_FILE, MAX_FUNCTION = 300, 40
#: Longer files, each with its reason. An entry for a file that is short enough fails.
LONG_FILES = {
    "chain/chain.py": "the one object that all parts of a node hold: reading, making blocks, importing, going back",
    "consensus/yuma/cells.py": "one representation of sparse matrices with all that it can do",
    "consensus/yuma/reference.py": "Yuma from its first step to its last, in the order in which it is explained",
    "runtime/client/from_plain.py": "one function for each type of codec",
    "runtime/frame/pallet.py": "a third are the typed overloads of storage declarations",
    "runtime/pallets/balances/declared.py": "declarations",
    "runtime/pallets/grandpa.py": "two thirds are declarations",
    "runtime/pallets/mev_shield.py": "half are declarations",
    "runtime/pallets/multisig.py": "a third are declarations",
    "runtime/pallets/preimage.py": "a third are declarations",
    "runtime/pallets/subtensor/declared/events.py": "declarations",
    "runtime/pallets/system.py": "half are declarations",
    "runtime/scale/codec.py": "the codecs of all plain types",
    "runtime/state/overlay.py": "the undo log with all ways to read and to write through it",
}
#: Longer functions, each with its reason.
LONG_FUNCTIONS = {
    "runtime/frame/pallet.py: __init__": "the rows that a pallet has",
}
#: Words that plain technical English does without.
QUAINT = re.compile(r"\b(nobody|whoever|somebody|anybody|so many|reckon\w*|less ado)\b", re.IGNORECASE)
#: Files of the pallet that docs/architecture.md adds as an example.
EXAMPLES = {"runtime/pallets/notes.py", "tests/runtime/pallets/test_notes.py"}
#: A name of a file in the repository.
NAMED_FILE = re.compile(
    r"\b(?:consensus|runtime|genesis|chain|lab|explorer|cli|tests|benchmarks|docs|examples)/[\w/.-]*\.(?:py|md|json|sh)\b"
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield name and number of lines of each function of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_files_are_short_or_there_is_a_reason() -> None:
    long = {name_of(path) for path in SOURCES if len(path.read_text().splitlines()) > MAX_FILE}
    assert long == set(LONG_FILES)


def test_functions_are_short_or_there_is_a_reason() -> None:
    long = {f"{name_of(path)}: {name}" for path in SOURCES for name, size in functions(path) if size > MAX_FUNCTION}
    assert long == set(LONG_FUNCTIONS)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_says_what_it_owns(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_words_are_plain(path: Path) -> None:
    assert QUAINT.findall(path.read_text()) == []


def test_imports_inside_functions_only_save_time() -> None:
    """A command loads what it needs, and heavy libraries wait for their first use; no circle is hidden so."""
    waiting = {
        "chain/embed/chain.py": "only forks need what makes them",
        "chain/embed/cheats.py": "few tests look into calls, or write a chain into a file",
        "chain/embed/pytest_plugin.py": "pytest loads it also where no test uses a chain",
        "chain/embed/serving.py": "programs that do not serve their chain need no server",
        "chain/opening.py": "only forks need what opens them",
        "runtime/metadata/__init__.py": "few chains of tests are asked for metadata",
        "runtime/pallets/evm/precompiles/__init__.py": "few transactions come near a precompile",
        "runtime/pallets/evm/runner.py": "few chains execute anything in the EVM",
        "runtime/pallets/evm/engine/library.py": "py-evm takes long to load, and chains without contracts need none",
    }
    inside = {
        name_of(path)
        for path in SOURCES
        if name_of(path).split("/")[0] not in ("cli", "pysubtensor")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in ast.walk(node)
        if isinstance(statement, ast.ImportFrom) and statement.level
    }
    assert inside == set(waiting)


@pytest.mark.parametrize("path", [*SOURCES, *PAGES], ids=name_of)
def test_files_that_are_named_exist(path: Path) -> None:
    missing = {name for name in NAMED_FILE.findall(path.read_text()) if not (ROOT / name).exists()}
    assert missing <= EXAMPLES
