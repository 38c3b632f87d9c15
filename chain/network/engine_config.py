"""The configuration of the engine, `config.toml`: how long it waits, whom it knows, and what stays on this machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from .home import NodeFile

LOCALHOST = "127.0.0.1"
BASE: dict[str, object] = {
    "db_backend": "goleveldb",
    "log_level": "error",
    "log_format": "plain",
    "abci": "socket",
    "filter_peers": False,
}
MEMPOOL: dict[str, object] = {
    "type": "flood",
    "recheck": True,
    "broadcast": True,
    "size": 10_000,
    "max_txs_bytes": 64_000_000,
    "cache_size": 20_000,
    "keep-invalid-txs-in-cache": False,
    "max_tx_bytes": 5_500_000,
}
#: The least time to wait for a proposal: a block is built, sent, and executed by the others.
LEAST_PROPOSE_MS = 1000


def propose_ms(slot_ms: int) -> int:
    """Return how long validators wait for a proposal, in milliseconds."""
    return max(LEAST_PROPOSE_MS, min(slot_ms + slot_ms // 2, slot_ms + 5000))


def longest_pause_s(slot_ms: int) -> float:
    """Return how long a proposer may wait for its slot, in seconds: less than the others wait for its proposal."""
    return propose_ms(slot_ms) / 2 / 1000


@dataclass(frozen=True, slots=True)
class Trust:
    """A block that a new node trusts, and the RPCs of at least two engines that prove what follows from it."""

    height: int
    hash: str
    servers: Sequence[str]


def engine_config(node: NodeFile, socket: str, peers: Sequence[str], trust: Trust | None = None) -> str:
    """Return the file of a node, whose peers are known as `id@host:port`.

    After a block, validators wait for late votes during three fifths of a slot; the proposer then waits until its slot
    begins. The engine's RPC, which may stop nothing but is not meant for clients, is on this machine alone.
    """
    tables: dict[str, dict[str, object]] = {
        "": BASE | {"proxy_app": f"unix://{socket}", "moniker": node.name},
        "rpc": {"laddr": f"tcp://127.0.0.1:{node.engine_port}", "max_body_bytes": 16_000_000, "unsafe": False},
        "p2p": _p2p(node, peers),
        "mempool": MEMPOOL,
        "statesync": {"enable": False} if trust is None else _state_sync(trust),
        "blocksync": {"version": "v0"},
        "consensus": _consensus(node.slot_ms),
        "storage": {"discard_abci_responses": False},
        "tx_index": {"indexer": "null"},
        "instrumentation": {"prometheus": False},
    }
    return "\n".join(_section(name, table) for name, table in tables.items())


def _state_sync(trust: Trust) -> dict[str, object]:
    return {
        "enable": True,
        "rpc_servers": ",".join(trust.servers),
        "trust_height": trust.height,
        "trust_hash": trust.hash,
        "trust_period": "168h0m0s",
        "discovery_time": "5s",
    }


def _p2p(node: NodeFile, peers: Sequence[str]) -> dict[str, object]:
    everywhere = node.engine_host != LOCALHOST
    return {
        "laddr": f"tcp://{'0.0.0.0' if everywhere else LOCALHOST}:{node.p2p_port}",
        "external_address": f"{node.engine_host}:{node.p2p_port}",
        "persistent_peers": ",".join(peers),
        "addr_book_strict": False,
        "allow_duplicate_ip": True,
        "send_rate": 20_000_000,
        "recv_rate": 20_000_000,
        "flush_throttle_timeout": "10ms",
    }


def _consensus(slot_ms: int) -> dict[str, object]:
    vote_ms = max(200, min(1000, slot_ms * 2 // 5))
    return {
        "timeout_propose": f"{propose_ms(slot_ms)}ms",
        "timeout_propose_delta": f"{max(200, slot_ms // 4)}ms",
        "timeout_prevote": f"{vote_ms}ms",
        "timeout_prevote_delta": f"{vote_ms // 2}ms",
        "timeout_precommit": f"{vote_ms}ms",
        "timeout_precommit_delta": f"{vote_ms // 2}ms",
        "timeout_commit": f"{slot_ms * 3 // 5}ms",
        "skip_timeout_commit": False,
        "create_empty_blocks": True,
        "peer_gossip_sleep_duration": "10ms",
        "peer_query_maj23_sleep_duration": "2s",
    }


def _section(name: str, table: dict[str, object]) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join([f"[{name}]", *lines, ""] if name else [*lines, ""])
