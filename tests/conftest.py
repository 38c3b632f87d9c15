"""Checks of all tests: after every block of every chain in this process, every rao is accounted for; and no test
leaves a file in the working folder.

A test that breaks an invariant on purpose is marked: `@pytest.mark.lawless("what it does")`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from pysubtensor.chain.authoring import BuiltBlock
from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.chain import Blockchain
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.invariants import find_violations

pytest.register_assert_rewrite("tests.world")
#: Properties try the same examples in each run, without a deadline, so that a busy machine does not fail them.
settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "clients: drives a real client, in an environment of its own")
    config.addinivalue_line("markers", "lawless(why): breaks an invariant of the chain on purpose")


@pytest.fixture(scope="session", autouse=True)
def broken() -> Iterator[list[str]]:
    """Check the invariants after each block of all chains; return the list of violations."""
    found: list[str] = []
    append = Blockchain._append

    def append_and_look(chain: Blockchain, built: BuiltBlock, header: Header) -> ImportedBlock:
        block = append(chain, built, header)
        found.extend(f"block {header.number}: {violation.message}" for violation in find_violations(chain.context()))
        return block

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Blockchain, "_append", append_and_look)
        yield found


@pytest.fixture(autouse=True)
def _every_rao_is_accounted_for(broken: list[str], request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test whose blocks violate an invariant; blocks of a shared chain count for the first of its tests."""
    yield
    found = list(broken)
    broken.clear()
    assert not found or request.node.get_closest_marker("lawless"), "\n".join(found[:10])


@pytest.fixture(autouse=True)
def _no_file_is_left_in_the_working_folder() -> Iterator[None]:
    folder = os.getcwd()
    before = visible_names(folder)
    yield
    left = visible_names(folder) - before
    assert not left, f"files that the test has left in {folder}: {', '.join(sorted(left))}"


def visible_names(folder: str) -> set[str]:
    """Return what is in a folder but for caches, which are hidden, and builds."""
    return {name for name in os.listdir(folder) if not name.startswith(".") and name not in ("build", "dist")}
