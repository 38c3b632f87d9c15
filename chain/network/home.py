"""The folder of a node in a network: its parts, its keys, and the files from which the engine starts.

    node.json                  what this node is: its ports, its slot, the block at which the network began
    chain.json                 the parameters of the chain, and the hash of its first block
    keys/author                the sr25519 seed that seals this node's blocks; a replica has none
    db/                        the chain (see docs/data-directories.md)
    validators.json            whose turn it is (`turns.py`)
    snapshots/                 states for new nodes (`snapshots.py`)
    cometbft/config            the engine's configuration, its genesis, its two keys
    cometbft/data              the engine's blocks, and what its validator has signed last

Files with secrets have the mode 0600, folders 0700.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ...runtime.crypto import Keypair, Scheme
from ..errors import ChainError
from .turns import write_whole
from .validators import address_of

#: Bytes of a block for the engine: the runtime's limit is 10 MiB, and the header comes on top.
BLOCK_BYTES = 11 * 1024 * 1024


class HomeError(ChainError):
    """A folder that is no node's, or cannot become one."""


@dataclass(frozen=True, slots=True)
class NodeFile:
    """What a node is (`node.json`). Ports are on this machine; `engine_host` is where other nodes reach its engine."""

    name: str
    network: str
    slot_ms: int
    #: The last block before the engine's first one.
    base: int = 0
    rpc_host: str = "localhost"
    rpc_port: int = 9944
    engine_host: str = "127.0.0.1"
    p2p_port: int = 26656
    engine_port: int = 26657
    #: Blocks between two snapshots for new nodes; 0: none are made.
    snapshot_every: int = 1000

    def with_ports(self, offset: int) -> NodeFile:
        """Return the same on other ports, for several nodes on one machine."""
        engine = 10 * offset
        return replace(
            self,
            rpc_port=self.rpc_port + offset,
            p2p_port=self.p2p_port + engine,
            engine_port=self.engine_port + engine,
        )


class Home:
    """The folder of a node."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = folder / "cometbft"
        self.config, self.data = self.engine / "config", self.engine / "data"
        self.author_key = folder / "keys" / "author"
        self.validator_key = self.config / "priv_validator_key.json"
        self.signed = self.data / "priv_validator_state.json"
        self.socket = folder / "abci.sock"
        self.pid = folder / "supervisor.pid"

    def read(self) -> NodeFile:
        """Return what the node is; raises HomeError for a folder that is no node's."""
        try:
            return NodeFile(**json.loads((self.folder / "node.json").read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise HomeError(
                f"expected the folder of a node, made by `pysubtensor network init`, got {self.folder}: {error}"
            ) from error

    def chain(self) -> dict[str, Any]:
        """Return the parameters of the chain, as JSON, with the hash of the block before the engine's first one."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "chain.json").read_bytes())
        except (OSError, ValueError) as error:
            raise HomeError(f"expected the parameters of a chain in {self.folder}/chain.json: {error}") from error
        return found

    def author(self) -> Keypair | None:
        """Return the key that seals this node's blocks; None on a replica. Raises HomeError if others can read it."""
        if not self.author_key.exists():
            return None
        if (mode := self.author_key.stat().st_mode & 0o777) & 0o077:
            raise HomeError(f"expected {self.author_key} for its owner alone, got mode {mode:o}: chmod 600 it")
        return Keypair.from_seed(bytes.fromhex(self.author_key.read_text().strip()))

    def peer_id(self) -> str:
        """Return the id by which the engine's peers know this node."""
        key = json.loads((self.config / "node_key.json").read_bytes())["priv_key"]["value"]
        return address_of(base64.b64decode(key)[32:]).hex()


@dataclass(frozen=True, slots=True)
class Secrets:
    """The seeds of a node's keys, 32 random bytes each: of its author (None on a replica), validator and peer."""

    author: bytes | None
    validator: bytes
    peer: bytes

    @classmethod
    def draw(cls, is_validator: bool) -> Secrets:
        """Return new secrets."""
        return cls(os.urandom(32) if is_validator else None, os.urandom(32), os.urandom(32))


def write_home(
    home: Home, node: NodeFile, secrets: Secrets, chain: Mapping[str, Any], genesis: bytes, engine_config: str
) -> None:
    """Write the files of a new node; raises HomeError if the folder has files."""
    if home.folder.exists() and any(home.folder.iterdir()):
        raise HomeError(f"expected a new or empty folder for a node, got {home.folder}")
    for folder in (home.folder, home.folder / "keys", home.engine, home.config, home.data):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(home.folder / "node.json", json.dumps(asdict(node), indent=2).encode() + b"\n", 0o644)
    write_whole(home.folder / "chain.json", json.dumps(chain, indent=2).encode() + b"\n", 0o644)
    if secrets.author is not None:
        write_whole(home.author_key, secrets.author.hex().encode() + b"\n")
    write_whole(home.validator_key, _json(_validator_key(secrets.validator)))
    write_whole(home.config / "node_key.json", _json({"priv_key": _private(secrets.peer)}))
    write_whole(home.signed, _json({"height": "0", "round": 0, "step": 0}))
    write_whole(home.config / "genesis.json", genesis, 0o644)
    write_whole(home.config / "config.toml", engine_config.encode(), 0o644)


def engine_genesis(network: str, begin_ms: int, base: int, block_hash: bytes) -> bytes:
    """Return the engine's genesis: it begins after block `base` with this hash. The application adds the validators."""
    seconds, milliseconds = divmod(begin_ms, 1000)
    stamp = f"{_utc(seconds)}.{milliseconds:03}Z"
    return _json(
        {
            "genesis_time": stamp,
            "chain_id": network,
            "initial_height": str(base + 1),
            "consensus_params": {
                "block": {"max_bytes": str(BLOCK_BYTES), "max_gas": "-1"},
                "evidence": {
                    "max_age_num_blocks": "100000",
                    "max_age_duration": "172800000000000",
                    "max_bytes": "1048576",
                },
                "validator": {"pub_key_types": ["ed25519"]},
                "version": {"app": "0"},
                "abci": {"vote_extensions_enable_height": "0"},
            },
            "app_hash": "",
            "app_state": block_hash.hex(),
        }
    )


def voter_key(seed: bytes) -> bytes:
    """Return the public ed25519 key of a validator, which is its key as a voter of Grandpa."""
    return Keypair.from_seed(seed, Scheme.ED25519).public


def network_name(chain_id: str, block_hash: bytes) -> str:
    """Return the engine's name of a network, which no other chain's network has."""
    return f"{chain_id[:30]}-{hashlib.sha256(block_hash).hexdigest()[:8]}"


def _validator_key(seed: bytes) -> dict[str, Any]:
    public = voter_key(seed)
    return {
        "address": address_of(public).hex().upper(),
        "pub_key": {"type": "tendermint/PubKeyEd25519", "value": base64.b64encode(public).decode()},
        "priv_key": _private(seed),
    }


def _private(seed: bytes) -> dict[str, str]:
    return {"type": "tendermint/PrivKeyEd25519", "value": base64.b64encode(seed + voter_key(seed)).decode()}


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"


def _utc(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
