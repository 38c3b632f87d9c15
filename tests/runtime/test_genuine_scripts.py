"""The runtime against the genuine one: what that answered to scripts of blocks, calls, extrinsics and runtime APIs.

`tests/genuine/scripts/README.md` states what the scripts cover; `python -m tests.genuine` names each difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.genuine.replay import replay

FILES = sorted((Path(__file__).parents[1] / "genuine" / "scripts").glob("*.json.gz"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".json.gz"))
def test_no_difference_from_the_genuine_pallets(path: Path) -> None:
    found = replay(path, limit=3)
    assert found.unreadable is None
    assert not found.kinds, "\n".join(map(str, found.named))


def test_there_are_scripts() -> None:
    assert len(FILES) == 53
