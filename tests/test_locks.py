"""The lock files: all dependencies with their hashes, and nothing about where files come from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
LINE = re.compile(r"([a-z0-9.-]+==\S+(?: ; [^\\]+)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


def locked(name: str) -> dict[str, list[Requirement]]:
    """Return the requirements of a lock file by their names."""
    found: dict[str, list[Requirement]] = {}
    for line, _ in LINE.findall((ROOT / name).read_text()):
        requirement = Requirement(line)
        found.setdefault(requirement.name, []).append(requirement)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_has_only_versions_and_hashes(name: str) -> None:
    """So it has no address of an index, no link and no path."""
    assert LINE.sub("", (ROOT / name).read_text()) == ""


def test_all_dependencies_are_locked_within_their_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime, development = project["dependencies"], project["optional-dependencies"]["dev"]
    for name, dependencies in zip(LOCKS, (runtime, runtime + development), strict=True):
        found = locked(name)
        for dependency in map(Requirement, dependencies):
            versions = [str(each.specifier).removeprefix("==") for each in found.get(dependency.name, [])]
            assert versions, f"{dependency.name} is missing in {name}"
            assert all(version in dependency.specifier for version in versions)


def test_both_files_lock_the_same_versions() -> None:
    runtime, development = map(locked, LOCKS)
    assert {name: list(map(str, found)) for name, found in runtime.items()} == {
        name: list(map(str, development[name])) for name in runtime
    }
