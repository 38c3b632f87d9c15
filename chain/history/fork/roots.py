"""The state roots of a fork's own blocks.

The root of the trie depends on every key of the state, and a fork has read a few of them. So the root of a block is the
hash of its parent's root and of the block's changes: it commits to the same contents, and equal blocks on equal forks
have equal roots, but nothing can be proved against it, and another node computes another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ....runtime.crypto.hashing import blake2_256
from ....runtime.state.later import Later
from ....runtime.state.node_cache import NodeSource
from ....runtime.state.overlay import Backend, Diff
from ....runtime.state.trie import Trie
from ..layout import pack


class ChainedRoots(Trie):
    """In place of a trie. `former_root` returns the state root of the head."""

    def __init__(self, nodes: NodeSource, state: Backend, version: int, former_root: Callable[[], bytes]) -> None:
        super().__init__(nodes, state, version)
        self._former_root = former_root

    def update(self, diff: Diff) -> tuple[bytes, dict[bytes, bytes | None]]:
        """Return the root after `diff`, and no records."""
        self._later = Later(self._state, diff)
        return root_after(self._former_root(), diff), {}

    def extend(self, diff: Diff) -> tuple[bytes, dict[bytes, bytes | None]]:
        return self.update(diff)

    def root_with(self, values: Mapping[bytes, bytes]) -> bytes:
        after, before = self._later.diff
        more = Diff({**after, **values}, {**{key: self._later.get(key) for key in values}, **before})
        return root_after(self._former_root(), more)


def root_after(former: bytes, diff: Diff) -> bytes:
    """Return the root (32 bytes) after changes of a state with the root `former`: the same one without changes."""
    changed = [key for key, value in sorted(diff.after.items()) if value != diff.before[key]]
    if not changed:
        return former
    values = [diff.after[key] for key in changed]
    records = [b"\0" if value is None else b"\1" + value for value in values]
    return blake2_256(former + pack(changed) + pack(records))
