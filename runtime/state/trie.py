"""The trie of the head's state, updated along the paths that change.

Only branches are stored, each under its path. Leaves are not: their keys and values are the state itself. A branch
records which of its children are leaves. The key of an unchanged leaf, needed when a neighbour is added or removed, is
read from the state by the leaf's path.
"""

from __future__ import annotations

from binascii import hexlify, unhexlify
from bisect import bisect_left
from collections.abc import Iterator
from hashlib import blake2b
from typing import Protocol

from .build import Leaf, build_node, common_prefix_length
from .nodes import BRANCH, DIGITS, EMPTY_ROOT, SLOT, Branch, encode_leaf, encode_reference, locate_children
from .overlay import Backend, Diff

#: Decoded branches kept in memory; one with all its children takes about 1.5 KB.
CACHE_LIMIT = 65_536

#: A changed subtree: its reference in the parent (empty: removed), and whether it is a leaf.
Child = tuple[bytes, bool]
REMOVED: Child = (b"", False)


class NodeSource(Protocol):
    """The store of the records of branches."""

    def get(self, path: bytes) -> bytes | None:
        """Return the record of the branch at `path` (hexadecimal digits, ASCII), or None."""


class Trie:
    """The trie of one state: `update` stages a change, `commit` keeps the staged change.

    `nodes` and `state` have the committed trie and state and are read when needed. Before `commit`, the caller stores
    the records that `update` returned and the changed values.
    """

    def __init__(self, nodes: NodeSource, state: Backend, version: int = 1) -> None:
        self.version = version
        self._nodes, self._state = nodes, state
        # A cache in two generations: a full young one becomes the old one, and drops the old one's unused entries.
        self._young: dict[bytes, Branch | bytes] = {}
        self._old: dict[bytes, Branch | bytes] = {}
        # Records that the last update changed; None: removed.
        self._staged: dict[bytes, bytes | None] = {}
        # The current update in ascending order of keys: key, path, new value, whether there was an old value.
        self._keys: list[bytes] = []
        self._paths: list[bytes] = []
        self._values: list[bytes | None] = []
        self._existed: list[bool] = []

    def update(self, diff: Diff) -> tuple[bytes, dict[bytes, bytes | None]]:
        """Stage `diff`; return the new root (32 bytes) and the changed records by path (None: remove).

        Without a `commit` the next update starts from the committed trie again.
        """
        self.discard()
        after, before = diff
        self._keys = keys = sorted(key for key in after if after[key] is not None or before[key] is not None)
        self._paths = [hexlify(key) for key in keys]
        self._values = [after[key] for key in keys]
        self._existed = [before[key] is not None for key in keys]
        try:
            child, _ = self._update_root()
        except BaseException:
            self.forget()
            raise
        finally:
            self._keys, self._paths, self._values, self._existed = [], [], [], []
        if not child:
            return EMPTY_ROOT, self._staged
        # A root is always hashed, so a reference that contains the node itself still has to be.
        root = child[1:] if len(child) == 33 else blake2b(child[1:], digest_size=32).digest()
        return root, self._staged

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

    def branch(self, path: bytes) -> Branch | None:
        """Return the branch at `path` with staged changes, or None. Do not modify it."""
        node = self._node(path)
        if isinstance(node, bytes):
            node = self._young[path] = Branch.from_record(node)
        return node

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

    def _existing_branch(self, path: bytes) -> Branch:
        branch = self.branch(path)
        assert branch is not None, f"expected a branch at {path!r}, found none"
        return branch

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

    def _update_root(self) -> Child:
        high = len(self._keys)
        root = self.branch(b"")
        if root is None:
            is_leaf = next(self._state.items(b""), None) is not None
            return self._rebuild(0, 0, high, is_leaf)
        if not high:
            return encode_reference(root.encoding()), False
        return self._update_branch(0, 0, high)

    def _update_branch(self, depth: int, low: int, high: int) -> Child:
        """Apply the changes [low:high] (at least one) to the branch at the first `depth` nibbles of their paths."""
        if high - low == 1 and self._existed[low] and self._values[low] is not None:
            return self._replace_value(depth, low), False
        paths, start = self._paths, low
        path = paths[low][:depth]
        branch = self._existing_branch(path)
        partial = branch.partial
        head_unchanged = paths[low].startswith(partial, depth) and paths[high - 1].startswith(partial, depth)
        if not head_unchanged:
            branch = self._split(branch, depth, low, high)
        end = depth + len(branch.partial)
        if len(paths[low]) == end:
            branch.set_value(self._values[low], self.version)
            head_unchanged = False
            low += 1
        while low < high:
            digit = paths[low][end]
            middle = low + 1
            while middle < high and paths[middle][end] == digit:
                middle += 1
            slot = SLOT[digit]
            old, was_leaf = branch.parts[slot], bool(branch.leaves >> slot - 1 & 1)
            if middle == low + 1 and self._existed[low] and self._values[low] is not None:
                new, is_leaf = self._replaced_child(end + 1, low, was_leaf), was_leaf
            elif old and not was_leaf:
                new, is_leaf = self._update_branch(end + 1, low, middle)
            else:
                new, is_leaf = self._rebuild(end + 1, low, middle, was_leaf)
            head_unchanged = head_unchanged and bool(old) == bool(new) and was_leaf == is_leaf
            branch.set_child(slot, new, is_leaf)
            low = middle
        if not head_unchanged:
            if branch.children() < (2 if branch.kind == BRANCH else 1):
                return self._collapse(path, branch, start, high)
            branch.encode_head()
        return self._stage(path, branch), False

    def _replace_value(self, depth: int, i: int) -> bytes:
        """Apply the change of the value of an existing key to the branch at its first `depth` nibbles.

        The shape of the trie stays, so no partial key is compared. This is by far the most frequent change. Records of
        branches that are not in the cache are changed without decoding.
        """
        node = self._node(self._paths[i][:depth])
        if isinstance(node, bytes):
            nibbles, bitmap, at = locate_children(node)
            if at:
                return self._replace_in_record(depth, i, node, depth + nibbles, bitmap, at)
        path = self._paths[i]
        branch = self._existing_branch(path[:depth])
        end = depth + len(branch.partial)
        if end == len(path):
            branch.set_value(self._values[i], self.version)
            branch.encode_head()
        else:
            slot = SLOT[path[end]]
            branch.parts[slot] = self._replaced_child(end + 1, i, bool(branch.leaves >> slot - 1 & 1))
        return self._stage(path[:depth], branch)

    def _replace_in_record(self, depth: int, i: int, record: bytes, end: int, bitmap: int, at: int) -> bytes:
        path = self._paths[i]
        here, bit = path[:depth], 1 << SLOT[path[end]] >> 1
        child = self._replaced_child(end + 1, i, bool((record[0] | record[1] << 8) & bit))
        at += 33 * (bitmap & bit - 1).bit_count()
        record = b"".join((record[:at], child, record[at + 33 :]))
        self._young[here] = self._staged[here] = record
        return encode_reference(record[2:])

    def _replaced_child(self, depth: int, i: int, is_leaf: bool) -> bytes:
        if not is_leaf:
            return self._replace_value(depth, i)
        value = self._values[i]
        assert value is not None
        return encode_reference(encode_leaf(self._keys[i], depth, value, self.version))

    def _rebuild(self, depth: int, low: int, high: int, was_leaf: bool) -> Child:
        """Build the subtree at `depth` nibbles, where there was a leaf or nothing, from the changes [low:high]."""
        leaves: list[Leaf] = []
        for i in range(low, high):
            value = self._values[i]
            if value is not None:
                leaves.append((self._paths[i], self._keys[i], value))
        if was_leaf and not any(self._existed[low:high]):
            # The old leaf is not one of the changed keys, so it stays.
            key, value = self._leaf_below(self._paths[low][:depth] if high else b"", low, low)
            leaves.append((hexlify(key), key, value))
            leaves.sort()
        if not leaves:
            return REMOVED
        encoding = build_node(leaves, 0, len(leaves), depth, self.version, self._stage)
        return encode_reference(encoding), len(leaves) == 1

    def _split(self, branch: Branch, depth: int, low: int, high: int) -> Branch:
        """Insert and return a branch above one whose partial key the changes do not follow; its head is not encoded."""
        first, last, partial = self._paths[low], self._paths[high - 1], branch.partial
        common = min(common_prefix_length(partial, first[depth:]), common_prefix_length(partial, last[depth:]))
        path = first[:depth]
        above = Branch(partial[:common])
        branch.partial = partial[common + 1 :]
        branch.encode_head()
        below = path + partial[: common + 1]
        above.set_child(SLOT[partial[common]], self._stage(below, branch), False)
        self._cache_node(below, branch)
        self._cache_node(path, above)
        return above

    def _collapse(self, path: bytes, branch: Branch, low: int, high: int) -> Child:
        """Replace a branch with one child and no value, or without children, by its child or its leaf."""
        self._drop(path)
        slot = next((slot for slot in range(1, 17) if branch.parts[slot]), 0)
        if not slot and branch.kind == BRANCH:
            return REMOVED
        below = path + branch.partial + (DIGITS[slot - 1 : slot] if slot else b"")
        if slot and not branch.leaves:
            inner = self._existing_branch(below)
            self._drop(below)
            inner.partial = below[len(path) :] + inner.partial
            inner.encode_head()
            self._cache_node(path, inner)
            return self._stage(path, inner), False
        key, value = self._leaf_below(below, low, high)
        return encode_reference(encode_leaf(key, len(path), value, self.version)), True

    def _drop(self, path: bytes) -> None:
        self._staged[path] = None
        self._young.pop(path, None)
        self._old.pop(path, None)

    def _leaf_below(self, path: bytes, low: int, high: int) -> tuple[bytes, bytes]:
        """Return the only key that begins with `path` after the changes [low:high], and its value."""
        for i in range(bisect_left(self._paths, path, low, high), high):
            value = self._values[i]
            if not self._paths[i].startswith(path):
                break
            if value is not None:
                return self._keys[i], value
        for key, value in items_below(self._state, path):
            i = bisect_left(self._keys, key, low, high)
            if i == high or self._keys[i] != key:
                return key, value
        raise AssertionError(f"expected a key below {path!r}, found none")


def items_below(state: Backend, path: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Return the keys of a state that begin with the nibbles of `path`, and their values, in ascending order."""
    if len(path) % 2 == 0:
        yield from state.items(unhexlify(path))
        return
    # The last nibble is the upper half of a byte: begin at the least such byte, end at the first key beyond.
    least = unhexlify(path + b"0")
    value = state.get(least)
    if value is not None:
        yield least, value
    for key, value in state.items(least[:-1], least):
        if key[len(least) - 1] >> 4 != least[-1] >> 4:
            return
        yield key, value
