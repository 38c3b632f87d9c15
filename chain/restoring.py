"""Restoring a data directory from an export: a whole state is stored, otherwise all blocks are executed again."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

from ..genesis.config import ChainConfig
from ..runtime.frame.header import Header
from ..runtime.version import STATE_VERSION
from .chain import Blockchain
from .clock import LogicalClock
from .errors import ChainError
from .history.adopting import Adoption, checked_header
from .history.archive import ArchiveReader
from .history.blocks import StoredBlock
from .history.stores import Store, open_store
from .history.verifying import Tick


def restore(source: Path, target: Path, config: ChainConfig, tick: Tick, replay: bool = False) -> int:
    """Make the data directory `target` from an export, and return the number of its last block.

    The export's state is stored if it has one, and past states are then those of the last block alone. With `replay`,
    or without a state in the export, its blocks are executed on block 0 of `config`.

    Raises ChainError for a target that exists, a file that is no whole export, blocks that do not fit together, and a
    configuration of another chain. A target that failed is removed.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ChainError(f"expected a new or empty folder for the chain, got {target}")
    work = target.with_name(target.name + ".importing")
    shutil.rmtree(work, ignore_errors=True)
    try:
        with source.open("rb") as file:
            archive = ArchiveReader(file, source)
            adopt = archive.has_state and not replay
            with closing(open_store(work)) as store:
                last = _adopt(archive, store, tick) if adopt else _replay(archive, store, config, tick)
        if target.exists():
            target.rmdir()
        os.replace(work, target)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return last


def _adopt(archive: ArchiveReader, store: Store, tick: Tick) -> int:
    adoption, values = Adoption(store, STATE_VERSION), 0
    for record in archive.records():
        if isinstance(record, StoredBlock):
            adoption.block(record)
            if record.number % 100 == 0:
                tick("blocks", record.number, archive.last)
        else:
            adoption.state(record)
            values += len(record)
            tick("values of the state", values, 0)
    return adoption.finish()


def _replay(archive: ArchiveReader, store: Store, config: ChainConfig, tick: Tick) -> int:
    # A clock that advances with the blocks accepts the times of all blocks.
    with closing(Blockchain(config, store, LogicalClock(0))) as chain:
        if chain.genesis_hash != archive.genesis_hash:
            raise ChainError(
                f"the export holds the chain with genesis 0x{archive.genesis_hash.hex()}, the options describe that of "
                f"0x{chain.genesis_hash.hex()}: use the options of `pysubtensor devnet` with which the chain began"
            )
        for block in archive.records():
            if not isinstance(block, StoredBlock) or block.number == 0:
                continue
            if block.number != chain.head.number + 1:
                raise ChainError(
                    f"expected block {chain.head.number + 1} next, got block {block.number}: "
                    "earlier blocks are not in the export, so they cannot be executed"
                )
            checked_header(block)
            chain.import_block(Header.decode(block.header), list(block.body))
            if block.number % 100 == 0:
                tick("blocks", block.number, archive.last)
        return chain.head.number
