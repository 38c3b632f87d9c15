"""Opening the blocks and the state of a chain: read from a store and proved, or block 0 written into an empty one."""

from __future__ import annotations

from pathlib import Path

from ..genesis.build import genesis_hash, genesis_header, genesis_state
from ..genesis.config import ChainConfig
from ..runtime.state.overlay import Diff, State
from ..runtime.version import STATE_VERSION
from .errors import ChainError
from .history.blocks import Retention, StoredBlock
from .history.history import History
from .history.proving import prove_head
from .history.stores import Store, open_store


def open_history(config: ChainConfig, store: Store | Path | None, retention: Retention | None) -> History:
    """Return the history in a store, which is closed when that fails.

    Raises `StoreError` if the store cannot be opened, is damaged or has lost blocks, ChainError if it holds the chain
    of another configuration.
    """
    if store is None or isinstance(store, Path):
        opened = open_store(store)
    elif (fork := _open_fork(store, retention)) is not None:
        return fork
    else:
        opened = store
    try:
        history = History(opened, retention, STATE_VERSION)
    except BaseException:
        opened.close()
        raise
    try:
        if history.empty:
            commit_genesis(history, config)
        else:
            check_identity(history, config)
            prove_head(history)
    except BaseException:
        history.abandon()
        raise
    return history


def open_state(history: History) -> State:
    """Return the head's state, with the edits that were stored when the chain was closed."""
    state = State(history.state)
    if edits := history.records.edits(history.head.number + 1):
        state.discard(edits)
        history.keep_edits({})
    return state


def _open_fork(store: Store, retention: Retention | None) -> History | None:
    """Return the history of a fork, which begins with a block of another chain; None if the store holds none."""
    from .history.fork.history import ForkHistory  # a chain without a store of its own does not wait for them
    from .history.fork.store import ForkStore

    if not isinstance(store, ForkStore):
        return None
    history: ForkHistory | None = None
    try:
        history = ForkHistory(store, retention, STATE_VERSION)
        if history.empty:
            history.begin()
        history.check_point()
    except BaseException:
        if history is None:
            store.close()
        else:
            history.abandon()
        raise
    return history


def commit_genesis(history: History, config: ChainConfig) -> None:
    """Append block 0 of a configuration."""
    values = genesis_state(config)
    diff = Diff(dict(values), dict.fromkeys(values))
    root, nodes = history.trie.update(diff)
    header = genesis_header(root)
    history.commit_block(StoredBlock(0, header.hash, header.encode(), ()), diff, nodes)


def check_identity(history: History, config: ChainConfig) -> None:
    """Raise ChainError if the history is that of another configuration."""
    first = first_hash(history)
    expected = genesis_hash(config)
    if expected != first:
        raise ChainError(
            f"the store holds the chain with genesis 0x{first.hex()}, "
            f"the configuration is that of 0x{expected.hex()}: use its own parameters, or another directory"
        )


def first_hash(history: History) -> bytes:
    """Return the hash of block 0; raises ChainError if the history does not begin with it."""
    first = history.hash_at(0)
    if first is None:
        raise ChainError(
            f"the store begins with block {history.head.first}: it holds a fork, continue it as one (--fork)"
        )
    return first
