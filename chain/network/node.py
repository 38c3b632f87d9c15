"""Opening a node of a network: its chain, its application, its engine."""

from __future__ import annotations

from ...genesis.config import ChainConfig
from ..chain import Blockchain
from ..history.stores import open_store
from ..unshielding import OwnShieldKeys
from .application import Application, Timing
from .client import EngineClient
from .engine import CometEngine
from .engine_config import longest_pause_s
from .home import Home, HomeError
from .statesync import StateSync
from .turns import Turns
from .validators import powers_of
from .voters import voters_of


def open_chain(home: Home, config: ChainConfig) -> Blockchain:
    """Return the chain of a node; raises HomeError unless the configuration is a network's."""
    if config.authoring != "claims" or config.start_ms is not None:
        raise HomeError("expected a chain whose blocks claim their authors, with the machine's time")
    return Blockchain(config, open_store(home.folder / "db"))


def open_engine(home: Home, chain: Blockchain) -> CometEngine:
    """Return the engine of a node's chain."""
    node = home.read()
    author = home.author()
    if author is not None:
        chain.shield_keys = OwnShieldKeys()
    turns = Turns(home.folder / "validators.json", node.base, chain.head.number, powers_of(voters_of(chain)))
    application = Application(chain, turns, author, Timing(longest_s=longest_pause_s(node.slot_ms)))
    application.state_sync = StateSync(chain, home.folder, node.snapshot_every)
    return CometEngine(application, home.socket, EngineClient(f"http://127.0.0.1:{node.engine_port}"))
