"""Known answers: facts about the genuine chain, from outside this project; each folder's README says where from.

Files are gzipped JSON unless stated otherwise. A file that is missing fails the test that reads it.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


def load(name: str) -> Any:
    """Return the JSON of a file, named by its path below this folder without its ending: `formats/eras`."""
    return json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))


def metadata(name: str) -> bytes:
    """Return the metadata of a real chain, magic number and version byte included."""
    return gzip.decompress((FOLDER / "metadata" / f"{name}.scale.gz").read_bytes())


def yuma_cases() -> list[Path]:
    """Return the files of the known epochs of Yuma Consensus, in the order of their numbers."""
    return sorted((FOLDER / "yuma").glob("[0-9]*.json.gz"))
