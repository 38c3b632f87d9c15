"""The index of derived commands: its file, and the names of commands."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("index.json")


@cache
def index() -> dict[str, Any]:
    """Return the index, which is read once."""
    loaded: dict[str, Any] = json.loads(FILE.read_bytes())
    return loaded


def kebab(name: str) -> str:
    """Return a name of the chain in kebab case: `EVMChainId` is `evm-chain-id`."""
    letters = []
    for index, letter in enumerate(name):
        before, after = name[index - 1 : index], name[index + 1 : index + 2]
        if letter.isupper() and before and before not in "_-" and (not before.isupper() or after.islower()):
            letters.append("-")
        letters.append("-" if letter == "_" else letter.lower())
    return "".join(letters)
