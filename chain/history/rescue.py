"""Looking into a store that may be damaged, and continuing it at its last whole block."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ..errors import BlocksLost, ChainError, StoreError
from .archive import PAIRS, ArchiveWriter
from .commits import Commits
from .history import History
from .layout import FORK_ROOT
from .marker import Marker
from .stores import Store
from .stores.choose import written_by
from .stores.leveldb import LevelStore
from .stores.lock import FolderLock
from .stores.sqlite import SqliteStore
from .verifying import Tick, Verification, Verified

#: Files of LevelDB that never change once they are written.
UNCHANGING = (".ldb", ".sst")
#: The copy of a LevelDB database that is looked into.
RESCUE = "leveldb.rescue"


class Opened(NamedTuple):
    """A store that is open for rescue, its history, and the reasons why a node would refuse it."""

    store: Store
    history: History
    refusals: tuple[str, ...]


@contextmanager
def opened_leniently(folder: Path) -> Iterator[Opened]:
    """Open the store of a data directory so that damage ends single reads only.

    LevelDB's lenient recovery drops what is damaged in its log for good, so it works on a copy, `leveldb.rescue`,
    which shares the unchanging files and is removed at the end.
    """
    engine = written_by(folder)
    if engine is None:
        raise StoreError(f"expected the data directory of a node, got {folder}, which is empty or missing")
    with closing(FolderLock(folder / engine)) if engine == "leveldb" else nullcontext():
        store, refusals = _open_copy(folder / engine) if engine == "leveldb" else _open_sqlite(folder / engine)
        try:
            history = History(store, inspect=True)
            if history.empty:
                raise StoreError(f"{folder} holds no block")
            with suppress(StoreError):
                if store.get(FORK_ROOT) is not None:
                    raise ChainError(
                        f"{folder} holds a fork of block {history.head.first}: most of its state is at another node, "
                        "so it cannot be verified, exported or recovered"
                    )
            try:
                Commits(store, history.head).abandon()
            except BlocksLost as lost:
                refusals.append(str(lost))
            yield Opened(store, history, tuple(refusals))
        finally:
            store.close()
            shutil.rmtree(folder / RESCUE, ignore_errors=True)


def _open_sqlite(folder: Path) -> tuple[Store, list[str]]:
    store = SqliteStore(folder)
    store.health.strict = False
    return store, []


def _open_copy(original: Path) -> tuple[Store, list[str]]:
    """Return a copy of a LevelDB database, opened, and why the original cannot be opened as it is."""
    copy, refusals = original.with_name(RESCUE), list[str]()
    for lenient in (False, True):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(original, copy, copy_function=_link_or_copy)
        try:
            store = LevelStore(copy, lenient)
        except StoreError as error:
            if lenient:
                raise
            refusals.append(str(error).split(";")[0].replace(str(copy), str(original)))
        else:
            break
    store.health.strict = False
    store.health.file = original
    return store, refusals


def _link_or_copy(source: str, target: str) -> None:
    if source.endswith(UNCHANGING):
        with suppress(OSError):  # a file system without hard links
            os.link(source, target)
            return
    shutil.copy2(source, target)


def verify(folder: Path, tick: Tick, past: bool = True) -> Verified:
    """Verify the store of a data directory and return what is whole, without changing anything."""
    with opened_leniently(folder) as (store, history, refusals):
        found = Verification(store, history, tick).run(past)
        return replace(found, problems=(*refusals, *found.problems))


def export(folder: Path, file: BinaryIO, tick: Tick) -> tuple[Verified, range]:
    """Write what is whole into a file; return what was found, and the blocks in it besides block 0.

    With a whole state these are the blocks that lead to it, else those that follow block 0 without a gap.
    """
    with opened_leniently(folder) as (store, history, refusals):
        found = Verification(store, history, tick).run(past=False)
        if found.whole_until < found.first:
            raise ChainError(f"nothing in {folder} can be rescued: block {found.first} is damaged")
        if found.state_whole:
            blocks = range(max(found.whole_from, found.first + 1), found.head + 1)
        else:
            blocks = range(found.first + 1, found.whole_until + 1)
        first = history.block_by_number(found.first)
        writer = ArchiveWriter(file)
        writer.begin(first.hash, blocks[-1] if blocks else found.first, found.state_whole)
        writer.block(first)
        for number in blocks:
            writer.block(history.block_by_number(number))
        if found.state_whole:
            pairs = history.state.items(b"")
            while part := list(islice(pairs, PAIRS)):
                writer.state(part)
        writer.end()
        return replace(found, problems=(*refusals, *found.problems)), blocks


def recover(folder: Path, tick: Tick) -> Verified:
    """Continue a data directory at the last block that its database has, if all is whole up to there.

    The loss of later blocks is accepted: they are no longer missed when the store is opened. Nothing changes if there
    are problems.
    """
    with opened_leniently(folder) as (store, history, _):
        found = Verification(store, history, tick).run()
        if not found.problems:
            head = history.head
            store.close()
            if store.engine == "leveldb":
                _promote(folder / "leveldb", folder / RESCUE, folder / "leveldb.damaged")
            with closing(Marker(folder)) as marker:
                marker.write(head.number, head.hash, sync=True)
        return found


def _promote(original: Path, copy: Path, damaged: Path) -> None:
    """Put the recovered copy in the place of the original; a kill in between leaves the original as `damaged`."""
    shutil.rmtree(damaged, ignore_errors=True)
    os.replace(original, damaged)
    os.replace(copy, original)
    shutil.rmtree(damaged)
