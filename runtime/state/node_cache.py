"""The branches of a trie in memory, above their stored records, with the changes of the last update."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from ...consensus.internal import InternalError
from .nodes import Branch, encode_reference

#: Branches kept in memory; a decoded one with all its children takes about 1.5 KB.
CACHE_LIMIT = 65_536


#: Branches by their paths, decoded or as records.
Nodes = dict[bytes, Branch | bytes]


class NodeSource(Protocol):
    """The store of the records of branches."""

    def get(self, path: bytes) -> Branch | bytes | None:
        """Return the record of the branch at `path` (hexadecimal digits, ASCII), or the branch itself, or None."""


class Copies:
    """Copies of the branches of a cache, staged changes included."""

    def __init__(self, young: Nodes, old: Nodes, staged: dict[bytes, bytes | None], nodes: NodeSource) -> None:
        self._young, self._old, self._staged, self._nodes = young, old, staged, nodes

    def get(self, path: bytes) -> Branch | bytes | None:
        """Return the branch at `path`, decoded or as a record, or None."""
        node = self._young.get(path) or self._old.get(path)
        if node is None:
            return self._staged[path] if path in self._staged else self._nodes.get(path)
        return node if isinstance(node, bytes) else node.copy()


class NodeCache:
    """Branches by their path, decoded or as records, and the records that the last update changed."""

    def __init__(self, nodes: NodeSource) -> None:
        self._nodes = nodes
        # A cache in two generations: a full young one becomes the old one, and drops the old one's unused entries.
        self._young: Nodes = {}
        self._old: Nodes = {}
        # Records that the last update changed; None: removed.
        self._staged: dict[bytes, bytes | None] = {}

    def commit(self) -> None:
        """Keep the last update, whose records and values are stored now."""
        self._staged = {}

    def discard(self) -> None:
        """Drop the last update if it was not committed."""
        for path in self._staged:
            self._young.pop(path, None)
            self._old.pop(path, None)
        self._staged = {}

    def forget(self) -> None:
        """Clear the cache, after the stored records were changed by other means."""
        self._staged = {}
        self._young.clear()
        self._old.clear()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let changes be made aside: at the end all branches are again as they are now."""
        kept = self._young, self._old, self._staged, self._nodes
        self._young, self._old, self._staged, self._nodes = {}, {}, {}, Copies(*kept)
        try:
            yield
        finally:
            self._young, self._old, self._staged, self._nodes = kept

    def branch(self, path: bytes) -> Branch | None:
        """Return the branch at `path` with staged changes, or None. Do not modify it."""
        node = self._node(path)
        if isinstance(node, bytes):
            node = self._young[path] = Branch.from_record(node)
        return node

    def _existing_branch(self, path: bytes) -> Branch:
        branch = self.branch(path)
        if branch is None:
            raise InternalError(f"expected a branch at {path!r}, found none")
        return branch

    def _node(self, path: bytes) -> Branch | bytes | None:
        """Return the branch at `path` if the cache has it decoded, else its record, None when there is none."""
        node = self._young.get(path)
        if node is None:
            node = self._old.pop(path, None)
            if node is None:
                node = self._staged[path] if path in self._staged else self._nodes.get(path)
                if node is None:
                    return None
            self._cache_node(path, node)
        return node

    def _cache_node(self, path: bytes, node: Branch | bytes) -> None:
        if len(self._young) >= CACHE_LIMIT // 2:
            self._old = self._young
            self._young = {}
        self._young[path] = node

    def _stage(self, path: bytes, branch: Branch) -> bytes:
        """Stage the record of a branch whose head is encoded, and return its reference."""
        encoding = b"".join(branch.parts)
        self._staged[path] = branch.encoded_leaves + encoding
        return encode_reference(encoding)

    def _drop(self, path: bytes) -> None:
        self._staged[path] = None
        self._young.pop(path, None)
        self._old.pop(path, None)
