"""Opening a fork: the block from which it begins, the layout of its state, and a configuration that suits both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ..genesis.config import ChainConfig, ConfigError
from ..genesis.forks import dev_powers, fork_config, take_over
from ..runtime.composition import spec_425
from ..runtime.frame.context import BlockEnvironment, Context
from ..runtime.frame.runtime import Runtime
from ..runtime.inherents import block_time
from ..runtime.metadata import v14
from ..runtime.metadata.layout import Differences, Layout, compare, layout_of, read_layout
from ..runtime.scale import ScaleError
from ..runtime.state.overlay import State
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


@dataclass(frozen=True, slots=True)
class ForkOptions:
    """How a fork differs from the chain that it forks."""

    #: The folder for what is read, by default the system's folder for caches.
    cache: Path | None = None
    #: Whether the state is edited: development accounts are funded, //Alice has the sudo key and is the only authority.
    dev_accounts: bool = False
    #: Whether the state is read as a whole at the beginning, so that own blocks have the roots of its trie.
    whole: bool = False
    #: Storage items whose other layout is accepted: a value that does not decode then counts as absent.
    accept: Collection[str] = ()
    #: The time between blocks, by default the other chain's. Only for a state that is edited.
    slot_ms: int | None = None
    #: Whether time goes on from the block that is forked; otherwise it is the machine's.
    logical_time: bool = True


def open_fork(
    url: str, at: int | bytes | None = None, own: Store | Path | None = None, options: ForkOptions | None = None
) -> Fork:
    """Return what a fork of a block (number or hash, by default the last one) of the node at `url` needs.

    `own` is the store for the fork's own blocks. Raises ChainError for a block that the node does not have and for a
    state with another layout, SourceFailed if neither the node nor the cache answers, StoreError.
    """
    options = options or ForkOptions()
    point = find_point(url, at, options.cache or default_folder())
    try:
        layout = _layout(point)
        config, notes = _config(point, layout, options)
        runtime = spec_425(config.constants)
        notes += _notes(point, compare(layout_of(v14.build(runtime)), layout), options.accept)
        point.state.prefetch(
            [item.prefix for each in runtime.pallets for item in each.storage.values() if not item.hashers]
        )
        ctx = _context(runtime, point)
        if options.dev_accounts:
            take_over(ctx, config)
        store = open_store(own) if own is None or isinstance(own, Path) else own
    except BaseException:
        point.close()
        raise
    return Fork(config, ForkStore(store, point, ctx.state.diff(), options.whole), tuple(notes))


def _context(runtime: Runtime, point: ForkPoint) -> Context:
    return Context(runtime, State(point.state), BlockEnvironment(point.number, bytes(32)))


def _layout(point: ForkPoint) -> Layout:
    found = point.fact("state_getMetadata", at_block=True)
    try:
        return read_layout(bytes.fromhex(str(found).removeprefix("0x")))
    except (ScaleError, ValueError) as error:
        raise SourceFailed(f"the metadata of {point.url} cannot be decoded: {error}") from None


def _config(point: ForkPoint, layout: Layout, options: ForkOptions) -> tuple[ChainConfig, list[str]]:
    """Return the configuration, and a note if the version differs."""
    name, properties = point.fact("system_chain"), point.fact("system_properties")
    version = point.fact("state_getRuntimeVersion", at_block=True)
    if not isinstance(name, str) or not isinstance(properties, dict) or not isinstance(version, dict):
        raise SourceFailed(f"the node at {point.url} does not say what its chain is")
    spec, notes = version.get("specVersion"), list[str]()
    if spec != SPEC_VERSION:
        notes.append(f"the chain at {point.url} has spec version {spec!r:.20}; its fork continues with {SPEC_VERSION}")
    parameters = dev_powers() if options.dev_accounts else {}
    if options.slot_ms is not None:
        parameters["slot_duration_ms"] = options.slot_ms
    if options.logical_time:
        parameters["start_ms"] = block_time(_context(spec_425(), point)) or None
    try:
        return fork_config(layout, name[:100], properties, **parameters), notes
    except (ConfigError, TypeError, ValueError) as error:
        raise ChainError(f"no fork of the chain at {point.url} can be made: {error}") from None


def _notes(point: ForkPoint, found: Differences, accept: Collection[str]) -> list[str]:
    """Return notes on items that only one of both chains has; raises ChainError for items that would be misread."""
    misread = {name: why for name, why in found.misread.items() if name not in (*REPLACED, *accept)}
    if misread:
        lines = "".join(f"\n- {name}: {why}" for name, why in misread.items())
        raise ChainError(
            f"the state at {point.url} has another layout, in which these items would be misread; fork from a chain of "
            f"spec version {SPEC_VERSION}, or accept them by name:{lines}"
        )
    notes = [f"{name} may be misread: {found.misread[name]}" for name in accept if name in found.misread]
    if found.absent:
        notes.append(f"the chain at {point.url} does not have {_named(found.absent)}: absent, they have their defaults")
    if found.unknown:
        notes.append(f"only the chain at {point.url} has {_named(found.unknown)}: its fork never reads or changes them")
    return notes


def _named(items: tuple[str, ...]) -> str:
    more = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
    return ", ".join(items[:NAMED]) + more
