"""Putting another chain into the place of the one that a process holds and serves."""

from __future__ import annotations

from ...genesis.config import ChainConfig
from ..chain import Blockchain
from ..clock import Clock
from ..errors import ChainError
from ..forking import Fork, ForkOptions, open_fork
from ..history.stores import Store
from ..listeners import call_all
from ..unshielding import ShieldKeys
from .dump import Dumped, resubmit
from .instance import Instance
from .waiving import Waivers


def replace_by(chain: Blockchain, dumped: Dumped) -> None:
    """Let a chain in memory be the one that was dumped; clients and listeners stay."""
    _replace(chain, dumped.config, dumped.store, dumped.clock)
    resubmit(chain, dumped.pool)


def begin_anew(chain: Blockchain, config: ChainConfig) -> None:
    """Let a chain in memory begin again with block 0 of a configuration; clients and listeners stay."""
    _replace(chain, config, None, None)


def fork_into(chain: Blockchain, url: str, at: int | bytes | None, options: ForkOptions) -> Fork:
    """Let a chain in memory be a fork of the node at `url` at a block (the last one by default), and return that fork.

    Clients and listeners stay. Raises what `open_fork` raises, and then nothing has changed.
    """
    _require_replaceable(chain)
    fork = open_fork(url, at, None, options)
    _replace(chain, fork.config, fork.store, None)
    return fork


def _require_replaceable(chain: Blockchain) -> None:
    chain.require_open()
    chain.building.complete()
    if not chain.history.records.in_memory:
        raise ChainError("expected a chain in memory, this one is on disk: begin another one in another folder")
    if any(pin.firm for pin in chain.history.pins):
        raise ChainError("expected a chain without an open anchor: leave the anchor first")


def _replace(chain: Blockchain, config: ChainConfig, store: Store | None, clock: Clock | None) -> None:
    _require_replaceable(chain)
    fresh = Blockchain(config, store, clock, chain.history.retention)
    chain.history.close()
    chain.become(fresh)
    if type(chain.shield_keys) is ShieldKeys:
        chain.shield_keys = fresh.shield_keys
    Waivers.of(chain).forget()
    Instance.of(chain).renew()
    call_all(chain.rewound, chain.head)
