"""The code of the guides runs as they show it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = "pytester"

DOCS = Path(__file__).resolve().parent.parent / "docs"
BLOCKS = re.findall(r"```python\n(.*?)```", (DOCS / "testing.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[re.findall(r"def (test_\w+)", block)[0] for block in BLOCKS])
def test_the_guide_for_testing_is_right(pytester: pytest.Pytester, block: str) -> None:
    pytester.makepyfile(test_guide=block)
    result = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=block.count("def test_"))
