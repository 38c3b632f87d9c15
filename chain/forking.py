"""Opening a fork: the block from which it begins, the layout of its state, and a configuration that suits both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..genesis.config import ChainConfig, ConfigError
from ..genesis.forks import fork_config, take_over
from ..runtime.composition import spec_425
from ..runtime.frame.context import BlockEnvironment, Context
from ..runtime.frame.runtime import Runtime
from ..runtime.inherents import block_time
from ..runtime.metadata import v14
from ..runtime.metadata.layout import Differences, Layout, compare, layout_of, read_layout
from ..runtime.scale import ScaleError
from ..runtime.state.overlay import Diff, State
from ..runtime.version import SPEC_VERSION
from .errors import ChainError, SourceFailed
from .history.fork.cache import default_folder
from .history.fork.point import ForkPoint, find_point
from .history.fork.store import ForkStore
from .history.stores import Store, open_store

#: Items that each block replaces before it reads them, so that another type of them does no harm.
REPLACED = ("System.Events",)
#: Items that a note names.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Fork:
    """What a chain needs to be a fork. `notes` are sentences on what differs from the other chain."""

    config: ChainConfig
    store: ForkStore
    notes: tuple[str, ...]


def open_fork(
    url: str,
    at: int | bytes | None = None,
    cache: Path | None = None,
    own: Store | Path | None = None,
    *,
    dev_accounts: bool = False,
    logical_time: bool = True,
) -> Fork:
    """Return what a fork of a block (number or hash, by default the last one) of the node at `url` needs.

    `cache` is the folder for what is read, `own` the store for the fork's own blocks. With `dev_accounts` the state is
    edited: development accounts are funded, //Alice has the sudo key and is the only authority. With `logical_time`
    time goes on from that block, otherwise it is the machine's.

    Raises ChainError for a block that the node does not have and for a state with another layout, SourceFailed if
    neither the node nor the cache answers, StoreError.
    """
    point = find_point(url, at, default_folder() if cache is None else cache)
    try:
        layout = _layout(point)
        config, notes = _config(point, layout, logical_time)
        runtime = spec_425(config.constants)
        notes += _notes(point, compare(layout_of(v14.build(runtime)), layout))
        point.state.read(
            [item.prefix for pallet in runtime.pallets for item in pallet.storage.values() if not item.hashers]
        )
        edits = Diff({}, {})
        if dev_accounts:
            ctx = _context(runtime, point)
            take_over(ctx, config)
            edits = ctx.state.diff()
        store = open_store(own) if own is None or isinstance(own, Path) else own
    except BaseException:
        point.close()
        raise
    return Fork(config, ForkStore(store, point, edits), tuple(notes))


def _context(runtime: Runtime, point: ForkPoint) -> Context:
    return Context(runtime, State(point.state), BlockEnvironment(point.number, bytes(32)))


def _layout(point: ForkPoint) -> Layout:
    found = point.fact("state_getMetadata", at_block=True)
    try:
        return read_layout(bytes.fromhex(str(found).removeprefix("0x")))
    except (ScaleError, ValueError) as error:
        raise SourceFailed(f"the metadata of {point.url} cannot be decoded: {error}") from None


def _config(point: ForkPoint, layout: Layout, logical_time: bool) -> tuple[ChainConfig, list[str]]:
    """Return the configuration, and a note if the version differs."""
    name, properties = point.fact("system_chain"), point.fact("system_properties")
    version = point.fact("state_getRuntimeVersion", at_block=True)
    if not isinstance(name, str) or not isinstance(properties, dict) or not isinstance(version, dict):
        raise SourceFailed(f"the node at {point.url} does not say what its chain is")
    spec, notes = version.get("specVersion"), list[str]()
    if spec != SPEC_VERSION:
        notes.append(f"the chain at {point.url} has spec version {spec!r:.20}; its fork continues with {SPEC_VERSION}")
    time = block_time(_context(spec_425(), point))
    try:
        start_ms = (time or None) if logical_time else None
        return fork_config(layout, name[:100], properties, start_ms), notes
    except (ConfigError, TypeError, ValueError) as error:
        raise ChainError(f"no fork of the chain at {point.url} can be made: {error}") from None


def _notes(point: ForkPoint, found: Differences) -> list[str]:
    """Return notes on items that only one of both chains has; raises ChainError for items that would be misread."""
    misread = {name: why for name, why in found.misread.items() if name not in REPLACED}
    if misread:
        lines = "".join(f"\n- {name}: {why}" for name, why in misread.items())
        raise ChainError(f"the state at {point.url} has another layout, and would be misread:{lines}")
    notes = []
    if found.absent:
        notes.append(f"the chain at {point.url} does not have {_named(found.absent)}: absent, they have their defaults")
    if found.unknown:
        notes.append(f"only the chain at {point.url} has {_named(found.unknown)}: its fork never reads or changes them")
    return notes


def _named(items: tuple[str, ...]) -> str:
    more = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
    return ", ".join(items[:NAMED]) + more
