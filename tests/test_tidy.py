"""The house rules, checked on the source itself: import direction, sizes, purity."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: Each folder may import the folders before it in this list.
ORDER = ["consensus", "runtime", "genesis", "chain", "pysubtensor", "cli"]
SOURCES = sorted(path for folder in ORDER for path in (ROOT / folder).rglob("*.py"))
#: Modules with a clock, random numbers or sockets, which pure functions must not import.
IMPURE = {"time", "random", "secrets", "asyncio", "socket", "threading", "datetime"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """Absolute names of the modules that a file imports, relative imports resolved within pysubtensor."""
    parts = ["pysubtensor", *path.relative_to(ROOT).with_suffix("").parts]
    if parts[1] == "pysubtensor":
        parts = parts[1:]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = parts[: len(parts) - node.level] if node.level else []
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    own = ORDER.index(path.relative_to(ROOT).parts[0])
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "pysubtensor" and len(parts) > 1 and parts[1] in ORDER:
            assert ORDER.index(parts[1]) <= own, f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_the_runtime_is_a_pure_function(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] not in ("consensus", "runtime"):
        return
    used = {module.split(".")[0] for module in imports(path)} & IMPURE
    assert not used, f"{name_of(path)} imports {sorted(used)}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_functions_are_short_and_files_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), f"{name_of(path)} has no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= 70, f"{name_of(path)}: {node.name} has {lines} lines"
