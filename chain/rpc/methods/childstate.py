"""`childstate_*`: child tries. This chain's runtime creates none, so all of them are empty."""

from __future__ import annotations

from typing import Any

from ..errors import RpcError, client_error
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Bytes, Hash, Keys, Number
from .state import MAX_PAGE, state_getReadProof

namespace = Namespace()

CHILD_PREFIX = b":child_storage:default:"


def require_child(node: Node, child: bytes, at: bytes | None) -> None:
    """Refuse keys that do not name a child trie, and blocks whose state is not kept."""
    if not child.startswith(CHILD_PREFIX):
        raise client_error("Invalid child storage key")
    node.context(at)


@namespace.method(named=["child_storage_key", "prefix", "hash"])
def childstate_getKeys(node: Node, child: Bytes, prefix: Bytes, at: Hash | None = None) -> list[str]:
    """Return all keys of a child trie with a prefix."""
    require_child(node, child, at)
    return []


@namespace.method("childstate_getKeysPagedAt", named=["child_storage_key", "prefix", "count", "start_key", "hash"])
def childstate_getKeysPaged(
    node: Node, child: Bytes, prefix: Bytes | None, count: Number, start: Bytes | None = None, at: Hash | None = None
) -> list[str]:
    """Return a page of a child trie's keys."""
    if count > MAX_PAGE:
        raise RpcError(4002, f"count exceeds maximum value. value: {count}, max: {MAX_PAGE}")
    return childstate_getKeys(node, child, prefix or b"", at)


@namespace.method(named=["child_storage_key", "key", "hash"])
def childstate_getStorage(node: Node, child: Bytes, key: Bytes, at: Hash | None = None) -> str | None:
    """Return the value under a key of a child trie."""
    require_child(node, child, at)
    return None


@namespace.method(cost=Cost.BY_SIZE, named=["child_storage_key", "keys", "hash"])
def childstate_getStorageEntries(node: Node, child: Bytes, keys: Keys, at: Hash | None = None) -> list[str | None]:
    """Return the values under several keys of a child trie."""
    require_child(node, child, at)
    return [None] * len(keys)


@namespace.method(named=["child_storage_key", "key", "hash"])
def childstate_getStorageHash(node: Node, child: Bytes, key: Bytes, at: Hash | None = None) -> str | None:
    """Return the BLAKE2b-256 hash of the value under a key of a child trie."""
    return childstate_getStorage(node, child, key, at)


@namespace.method(named=["child_storage_key", "key", "hash"])
def childstate_getStorageSize(node: Node, child: Bytes, key: Bytes, at: Hash | None = None) -> int | None:
    """Return the length of the value under a key of a child trie."""
    require_child(node, child, at)
    return None


@namespace.method(cost=Cost.LONG, named=["child_storage_key", "keys", "hash"])
def state_getChildReadProof(node: Node, child: Bytes, keys: Keys, at: Hash | None = None) -> dict[str, Any]:
    """Return the proof of a child trie's values: here, that there is no such trie."""
    require_child(node, child, at)
    return state_getReadProof(node, [child], at)
