"""The prepared known answers about formats, where they are at hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "vectors" / "formats"


@pytest.fixture
def known_answers() -> Callable[[str], Any]:
    """Reads `<name>.json`; a test without it is skipped."""

    def read(name: str) -> Any:
        path = VECTORS / f"{name}.json"
        if not path.exists():
            pytest.skip(f"known answers are not here: {path.name}")
        return json.loads(path.read_text())

    return read
