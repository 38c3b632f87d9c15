"""Which engine a data directory gets."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from .leveldb import LevelStore
from .memory import MemoryStore
from .sqlite import SqliteStore
from .store import Store, StoreError, WrongEngine

#: Engines by name, the preferred one first.
ENGINES: dict[str, Callable[[Path], Store]] = {"leveldb": LevelStore, "sqlite": SqliteStore}
#: The file that says which engine wrote a data directory.
MARK = "ENGINE"


def available() -> list[str]:
    """Return the engines that work here, the preferred one first. plyvel has wheels for Linux x86-64 only."""
    return [name for name in ENGINES if name != "leveldb" or find_spec("plyvel") is not None]


def open_store(path: Path | None, engine: str | None = None) -> Store:
    """Return the store in the data directory `path`, made when there is none; None: a new one in memory.

    Without `engine`, an existing directory is opened by the engine that wrote it and a new one gets the
    best engine of this machine; the store says which in `engine`. Raises `WrongEngine` when they do not
    agree, `StoreLocked` when the directory is in use, `StoreError` when it is not ours.
    """
    if path is None:
        return MemoryStore()
    here = available()
    if engine is not None and engine not in here:
        raise StoreError(f"expected one of the engines {', '.join(here)}, got {engine!r}")
    written = written_by(path)
    chosen = engine or written or here[0]
    if written is not None and written != chosen:
        raise WrongEngine(f"{path} was written by {written} and cannot be opened by {chosen}")
    if chosen not in here:
        raise WrongEngine(
            f"{path} was written by {chosen}, and here there is only {', '.join(here)}; "
            f"use another data directory, or install the package `plyvel`"
        )
    if written is None:
        path.mkdir(parents=True, exist_ok=True)
        (path / MARK).write_text(f"{chosen}\n")
    return ENGINES[chosen](path / chosen)


def written_by(path: Path) -> str | None:
    """Return the engine that wrote the data directory; None when it is new or empty."""
    mark = path / MARK
    if mark.exists():
        return mark.read_text().strip()
    if path.exists() and any(path.iterdir()):
        raise StoreError(f"expected an empty folder or a data directory of a node, got {path}")
    return None
