"""The choice of the engine for a data directory."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from ...errors import StoreError, WrongEngine
from .leveldb import LevelStore
from .memory import MemoryStore
from .rights import reason_of
from .sqlite import SqliteStore
from .store import Store

#: Engines by name, the preferred one first.
ENGINES: dict[str, Callable[[Path], Store]] = {"leveldb": LevelStore, "sqlite": SqliteStore}
#: The file with the name of the engine that wrote a data directory.
MARK = "ENGINE"


def available() -> list[str]:
    """Return the engines that are available, the preferred one first. plyvel has wheels for Linux x86-64 only."""
    return [name for name in ENGINES if name != "leveldb" or find_spec("plyvel") is not None]


def open_store(path: Path | None, engine: str | None = None) -> Store:
    """Open the store in the data directory `path`, which is created if missing; None: a new store in memory.

    Without `engine`, an existing directory is opened by the engine that wrote it, and a new one gets the
    preferred engine that is available. Raises `WrongEngine` if another engine wrote the directory,
    `StoreLocked` if it is in use, `StoreError` if it holds something else.
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
        _mark(path, chosen)
    return ENGINES[chosen](path / chosen)


def written_by(path: Path) -> str | None:
    """Return the engine that wrote the data directory; None if it is new or empty."""
    mark = path / MARK
    require_utf_8(path)
    try:
        if path.exists() and not path.is_dir():
            raise StoreError(f"expected the data directory of a node, got the file {path}")
        if mark.exists():
            name = mark.read_bytes().removesuffix(b"\n").decode(errors="replace")
        elif path.exists() and {each.name for each in path.iterdir()} - {_new(mark).name}:
            raise StoreError(f"expected an empty folder or a data directory of a node, got {path}")
        else:
            return None
    except OSError as error:
        raise StoreError(f"cannot read the data directory {path}: {reason_of(error, path)}") from error
    if name not in ENGINES:
        raise WrongEngine(
            f"expected the name of an engine ({', '.join(ENGINES)}) in {mark}, got {name[:40]!r}: it is damaged, or "
            "another version of pysubtensor wrote it; correct it if you know the engine"
        )
    return name


def require_utf_8(path: Path) -> None:
    """Raise StoreError for a path that is not UTF-8, which the engines do not open and messages cannot show."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise StoreError(f"expected a data directory with a path in UTF-8, got {os.fsencode(path)!r}") from None


def _mark(path: Path, engine: str) -> None:
    """Write the engine's name into a new data directory: all of it or, after a kill, nothing."""
    mark = path / MARK
    try:
        path.mkdir(parents=True, exist_ok=True)
        _new(mark).write_text(f"{engine}\n")
        os.replace(_new(mark), mark)
    except OSError as error:
        raise StoreError(f"cannot write the data directory {path}: {reason_of(error, path)}") from error


def _new(mark: Path) -> Path:
    return mark.with_name(mark.name + ".new")
