"""The events of a follower as JSON, encoded once for all followers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from .....runtime.version import RuntimeVersion
from ...shapes import to_hex


def runtime_json(version: RuntimeVersion) -> dict[str, Any]:
    """Return a runtime's version; unlike in `state_getRuntimeVersion` the APIs are an object, in order of their ids."""
    return {
        "type": "valid",
        "spec": {
            "specName": version.spec_name,
            "implName": version.impl_name,
            "specVersion": version.spec_version,
            "implVersion": version.impl_version,
            "apis": {to_hex(name): number for name, number in sorted(version.apis)},
            "transactionVersion": version.transaction_version,
        },
    }


def initialized(finalized: Sequence[bytes], runtime: RuntimeVersion | None) -> bytes:
    """Return the first event: the last final blocks, and the runtime if the client asked for it."""
    event: dict[str, Any] = {"event": "initialized", "finalizedBlockHashes": [to_hex(each) for each in finalized]}
    if runtime is not None:
        event["finalizedBlockRuntime"] = runtime_json(runtime)
    return orjson.dumps(event)


def new_block(block: bytes, parent: bytes, with_runtime: bool) -> bytes:
    """Return the event of a new block. Its runtime is that of its parent: it does not change while a chain runs."""
    event = {"event": "newBlock", "blockHash": to_hex(block), "parentBlockHash": to_hex(parent)}
    return orjson.dumps({**event, "newRuntime": None} if with_runtime else event)


def best_block(block: bytes) -> bytes:
    """Return the event of a new head."""
    return orjson.dumps({"event": "bestBlockChanged", "bestBlockHash": to_hex(block)})


def finalized(blocks: Sequence[bytes]) -> bytes:
    """Return the event of blocks that have become final. There are no forks that end with them."""
    hashes = [to_hex(each) for each in blocks]
    return orjson.dumps({"event": "finalized", "finalizedBlockHashes": hashes, "prunedBlockHashes": []})
