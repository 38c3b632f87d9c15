"""`state_*`: storage, the runtime's version, metadata and APIs, at any block whose state is kept."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from ....runtime.crypto.hashing import blake2_256
from ....runtime.scale import Reader
from ....runtime.state.proof import ProofTooLarge
from ....runtime.version import RuntimeVersion
from ...history.proofs import read_proof
from ..errors import RpcError, too_big_response
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Bytes, Hash, Keys, Number, Text
from ..shapes import to_hex, to_hex_or_null, version_json
from ..slices import pause
from ..subscriptions import Subscription

namespace = Namespace()

#: A key and its value in hex.
Change = tuple[str, str | None]

#: Longest page of keys.
MAX_PAGE = 1000
#: Most blocks that `state_queryStorage` walks through.
MAX_RANGE = 1000


@namespace.method("state_getStorageAt", cost=Cost.BY_SIZE, named=["key", "hash"])
def state_getStorage(node: Node, key: Bytes, at: Hash | None = None) -> str | None:
    """Return the value under a key; null if there is none."""
    value = node.state(at).peek(key)
    return None if value is None else "0x" + value.hex()


@namespace.method("state_getStorageHashAt", cost=Cost.BY_SIZE, named=["key", "hash"])
def state_getStorageHash(node: Node, key: Bytes, at: Hash | None = None) -> str | None:
    """Return the BLAKE2b-256 hash of the value under a key."""
    value = node.state(at).peek(key)
    return None if value is None else to_hex(blake2_256(value))


@namespace.method("state_getStorageSizeAt", cost=Cost.LONG, named=["key", "hash"])
def state_getStorageSize(node: Node, key: Bytes, at: Hash | None = None) -> int | None:
    """Return the length of the value under a key, in bytes; where there is none, of all values with it as a prefix."""
    state = node.state(at)
    value = state.get(key)
    if value is not None:
        return len(value)
    return sum(len(value) for _, value in state.items(key)) or None


@namespace.method(cost=Cost.LONG, named=["prefix", "hash"])
def state_getKeys(node: Node, prefix: Bytes, at: Hash | None = None) -> list[str]:
    """Return all keys with a prefix, ascending; RpcError if they exceed the size of a response."""
    found, size, limit = [], 0, node.limits.response_bytes
    for key in node.state(at).keys(prefix):
        found.append(to_hex(key))
        size += 2 * len(key)
        if size > limit:
            raise too_big_response(limit)
    return found


def cost_of_page(params: Any) -> Cost:
    """Return the cost of a page of keys: the walk through a past state may be long."""
    return Cost.LONG if isinstance(params, list) and len(params) > 3 and params[3] is not None else Cost.BY_SIZE


@namespace.method("state_getKeysPagedAt", cost=cost_of_page, named=["prefix", "count", "start_key", "hash"])
def state_getKeysPaged(
    node: Node, prefix: Bytes | None, count: Number, start: Bytes | None = None, at: Hash | None = None
) -> list[str]:
    """Return the first `count` keys with a prefix that come after `start`, ascending."""
    if count > MAX_PAGE:
        raise RpcError(4002, f"count exceeds maximum value. value: {count}, max: {MAX_PAGE}")
    return [to_hex(key) for key in islice(node.state(at).keys(prefix or b"", start), count)]


@namespace.method(unsafe=True, cost=Cost.LONG, named=["prefix", "hash"])
def state_getPairs(node: Node, prefix: Bytes, at: Hash | None = None) -> list[tuple[str, str]]:
    """Return all keys with a prefix and their values; RpcError if they exceed the size of a response."""
    found, size, limit = [], 0, node.limits.response_bytes
    for key, value in node.state(at).items(prefix):
        found.append((to_hex(key), to_hex(value)))
        size += 2 * (len(key) + len(value))
        if size > limit:
            raise too_big_response(limit)
    return found


@namespace.method(cost=Cost.BY_SIZE)
def state_queryStorageAt(node: Node, keys: Keys, at: Hash | None = None) -> list[dict[str, Any]]:
    """Return the values of several keys in one change set, each key once; no set for no keys."""
    block_hash = node.block_hash(at)
    changes = read_all(node, dict.fromkeys(keys), block_hash)
    return [{"block": to_hex(block_hash), "changes": changes}] if changes else []


def read_all(node: Node, keys: Iterable[bytes], at: bytes) -> list[Change]:
    """Return the values of keys in hex; RpcError if they exceed the size of a response."""
    peek, size, limit, changes = node.state(at).peek, 0, node.limits.response_bytes, list[Change]()
    for key in keys:
        value = peek(key)
        size += 2 * (len(key) + len(value or b""))
        if size > limit:
            raise too_big_response(limit)
        changes.append((to_hex(key), to_hex_or_null(value)))
    return changes


@namespace.method(unsafe=True, cost=Cost.LONG, named=["keys", "block", "hash"])
def state_queryStorage(node: Node, keys: Keys, first: Hash, last: Hash | None = None) -> list[dict[str, Any]]:
    """Return the values of several keys after the first block, and the changes of them by each later one."""
    size, limit = 0, node.limits.response_bytes
    previous: dict[bytes, bytes | None] = {}
    sets = []
    for block_hash in block_range(node, first, node.block_hash(last)):
        peek, changes = node.state(block_hash).peek, list[Change]()
        for key in dict.fromkeys(keys):
            value = peek(key)
            if previous.get(key, b"?") != value:
                previous[key] = value
                changes.append((to_hex(key), to_hex_or_null(value)))
                size += 2 * (len(key) + len(value or b""))
                if size > limit:
                    raise too_big_response(limit)
        if changes:
            sets.append({"block": to_hex(block_hash), "changes": changes})
    return sets


def block_range(node: Node, first: bytes, last: bytes) -> list[bytes]:
    """Return the hashes of the blocks from `first` to `last`."""
    ends = [node.context(each).block.number for each in (first, last)]
    if ends[0] > ends[1] or ends[1] - ends[0] >= MAX_RANGE:
        why = "from number > to number" if ends[0] > ends[1] else f"expected at most {MAX_RANGE} blocks"
        raise RpcError(4001, f"Cannot resolve a block range ['{to_hex(first)}' ... '{to_hex(last)}]. {why}")
    hashes = [node.chain.hash_at(number) for number in range(ends[0], ends[1] + 1)]
    return [each for each in hashes if each is not None]


@namespace.method(cost=Cost.LONG, named=["keys", "hash"])
def state_getReadProof(node: Node, keys: Keys, at: Hash | None = None) -> dict[str, Any]:
    """Return the trie nodes that prove the values of keys against a block's state root."""
    block_hash = node.block_hash(at)
    limit = node.limits.response_bytes
    try:
        proof = read_proof(node.chain.history, block_hash, keys, pause, limit // 2)
    except ProofTooLarge as error:
        raise too_big_response(limit) from error
    return {"at": to_hex(block_hash), "proof": [to_hex(part) for part in proof]}


#: Runtime APIs that may take long, whatever their arguments: those about all subnets, neurons or accounts, and blocks.
LONG_APIS = (
    "Core_",
    "BlockBuilder_",
    "GenesisBuilder_",
    "TaggedTransactionQueue_",
    "DelegateInfoRuntimeApi_",
    "StakeInfoRuntimeApi_",
    "NeuronInfoRuntimeApi_get_neurons",
    "SubnetInfoRuntimeApi_get_all_",
    "SubnetInfoRuntimeApi_get_subnets_",
)


def cost_of_call(params: Any) -> Cost:
    """Return the cost of calling a runtime API."""
    name = params[0] if isinstance(params, list) and params else None
    return Cost.LONG if isinstance(name, str) and name.startswith(LONG_APIS) else Cost.BY_SIZE


@namespace.method("state_callAt", cost=cost_of_call, named=["name", "bytes", "hash"])
def state_call(node: Node, name: Text, arguments: Bytes, at: Hash | None = None) -> str:
    """Return a runtime API's answer, `Api_method`, to encoded arguments."""
    return to_hex(node.call_api(name, arguments, at))


@namespace.method(named=["hash"])
def state_getMetadata(node: Node, at: Hash | None = None) -> str:
    """Return the metadata, V14."""
    opaque = Reader(node.chain.call_api("Metadata_metadata", b"", at))
    return to_hex(opaque.take(opaque.compact()))


@namespace.method("chain_getRuntimeVersion", named=["hash"])
def state_getRuntimeVersion(node: Node, at: Hash | None = None) -> dict[str, Any]:
    """Return the runtime's version."""
    return version_json(RuntimeVersion.scale.decode(node.chain.call_api("Core_version", b"", at)))


@namespace.subscription(
    "state_runtimeVersion",
    "chain_subscribeRuntimeVersion",
    ended_by=["state_unsubscribeRuntimeVersion", "chain_unsubscribeRuntimeVersion"],
)
def state_subscribeRuntimeVersion(node: Node, subscription: Subscription) -> None:
    """Send the runtime's version, once: it does not change while a chain runs."""
    subscription.send(state_getRuntimeVersion(node))


@namespace.subscription("state_storage", ended_by=["state_unsubscribeStorage"], cost=Cost.BY_SIZE)
def state_subscribeStorage(node: Node, subscription: Subscription, keys: Keys | None = None) -> None:
    """Send the values of keys, then each block's changes of them; without keys, the changes of all storage."""
    if keys is None:
        node.require_unsafe()
    block_hash = node.chain.head.hash
    node.hub.follow_storage(subscription, keys)
    if keys:  # read in slices: the changes of blocks meanwhile are held back
        changes = read_all(node, dict.fromkeys(keys), block_hash)
        subscription.send_first({"block": to_hex(block_hash), "changes": changes})
