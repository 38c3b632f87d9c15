"""The trie of the head's state, updated along the paths that change.

Only branches are stored, each under its path. Leaves are not: their keys and values are the state itself. A branch
records which of its children are leaves. The key of an unchanged leaf, needed when a neighbour is added or removed, is
read from the state by the leaf's path.
"""

from __future__ import annotations

from binascii import hexlify
from bisect import bisect_left
from hashlib import blake2b
from typing import Protocol

from .build import Leaf, build_node, common_prefix_length
from .leaves import items_below, positions_of_none
from .nodes import BRANCH, DIGITS, EMPTY_ROOT, HASHED, SLOT, Branch, encode_leaf, encode_reference, locate_children
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
        # The update under way, by ascending key: key, its path, the new and the former value.
        self._keys: list[bytes] = []
        self._paths: list[bytes] = []
        self._values: list[bytes | None] = []
        self._former: list[bytes | None] = []
        # Which of the changes let a key come or go, by their positions, ascending.
        self._moves: list[int] = []

    def update(self, diff: Diff) -> tuple[bytes, dict[bytes, bytes | None]]:
        """Stage `diff`; return the new root (32 bytes) and the changed records by path (None: remove).

        Without a `commit` the next update starts from the committed trie again.
        """
        self.discard()
        after, before = diff
        keys = sorted(after)
        values, former = [after[key] for key in keys], [before[key] for key in keys]
        absent, was_absent = positions_of_none(values), positions_of_none(former)
        if never := absent & was_absent:  # keys that neither are nor were there
            changed = [key for position, key in enumerate(keys) if position not in never]
            return self.update(Diff({key: after[key] for key in changed}, {key: before[key] for key in changed}))
        self._keys, self._values, self._former = keys, values, former
        self._paths = [hexlify(key) for key in keys]
        self._moves = sorted(absent | was_absent)
        try:
            child, _ = self._update_root()
        except BaseException:
            self.forget()
            raise
        finally:
            self._keys, self._paths, self._values, self._former, self._moves = [], [], [], [], []
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
        if not self._any_moves(low, high):
            return self._replace_values(depth, low, high), False
        if high - low == 1 and self._former[low] is None:
            added = self._add_in_record(depth, low)
            if added is not None:
                return added, False
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
            slot = SLOT[paths[low][end]]
            middle = self._end_of_child(end, low, high)
            old, was_leaf = branch.parts[slot], bool(branch.leaves >> slot - 1 & 1)
            if was_leaf and middle == low + 1 and not self._any_moves(low, middle):
                new, is_leaf = self._replaced_leaf(end + 1, low, old), True
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

    def _any_moves(self, low: int, high: int) -> bool:
        """Whether any of the changes [low:high] lets a key come or go."""
        moves = self._moves
        position = bisect_left(moves, low)
        return position < len(moves) and moves[position] < high

    def _end_of_child(self, end: int, low: int, high: int) -> int:
        """The position after those of the changes [low:high] that concern the same child as the first of them."""
        paths, first, middle = self._paths, self._paths[low], low + 1
        if middle == high or paths[middle][end] != first[end]:
            return middle
        # "g" comes after all digits, so this is greater than whatever begins with the child's path.
        return bisect_left(paths, first[: end + 1] + b"g", middle, high)

    def _replace_values(self, depth: int, low: int, high: int) -> bytes:
        """Apply the changes [low:high], which give present keys other values, to the branch at `depth` nibbles.

        No node comes, goes or moves, and no partial key has to be compared. By far the most frequent changes.
        """
        if high - low == 1:
            return self._replace_value(depth, low)
        path = self._paths[low]
        branch = self._existing_branch(path[:depth])
        end, parts = depth + len(branch.partial), branch.parts
        if len(path) == end:
            branch.set_value(self._values[low], self.version)
            branch.encode_head()
            low += 1
        while low < high:
            slot = SLOT[self._paths[low][end]]
            middle = self._end_of_child(end, low, high)
            if branch.leaves >> slot - 1 & 1:
                parts[slot] = self._replaced_leaf(end + 1, low, parts[slot])
            else:
                parts[slot] = self._replace_values(end + 1, low, middle)
            low = middle
        return self._stage(path[:depth], branch)

    def _replace_value(self, depth: int, i: int) -> bytes:
        """Apply the change of the value of an existing key to the branch at its first `depth` nibbles.

        Most branches on the way of a large trie were not read before: their records are changed without decoding.
        """
        path = self._paths[i]
        here = path[:depth]
        node = self._node(here)
        if isinstance(node, bytes):
            nibbles, bitmap, at = locate_children(node)
            if at:
                return self._replace_in_record(depth, i, node, depth + nibbles, bitmap, at)
        branch = self._existing_branch(here)
        end = depth + len(branch.partial)
        if end == len(path):
            branch.set_value(self._values[i], self.version)
            branch.encode_head()
        else:
            slot = SLOT[path[end]]
            is_leaf, child = branch.leaves >> slot - 1 & 1, branch.parts[slot]
            branch.parts[slot] = self._replaced_child(end + 1, i, bool(is_leaf), child)
        return self._stage(here, branch)

    def _replace_in_record(self, depth: int, i: int, record: bytes, end: int, bitmap: int, at: int) -> bytes:
        path = self._paths[i]
        here, bit = path[:depth], 1 << SLOT[path[end]] >> 1
        at += 33 * (bitmap & bit - 1).bit_count()
        is_leaf = (record[0] | record[1] << 8) & bit
        child = self._replaced_child(end + 1, i, bool(is_leaf), record[at : at + 33])
        record = b"".join((record[:at], child, record[at + 33 :]))
        self._young[here] = self._staged[here] = record
        return encode_reference(record[2:])

    def _add_in_record(self, depth: int, i: int) -> bytes | None:
        """Add a key below the branch at its first `depth` nibbles without decoding it.

        None, and nothing is done, where the branch is decoded already or is not as simple as most are.
        """
        path = self._paths[i]
        here = path[:depth]
        record = self._node(here)
        if not isinstance(record, bytes) or depth == len(path):
            return None
        nibbles, bitmap, start = locate_children(record)
        if nibbles or not start:
            return None
        bit, leaves = 1 << SLOT[path[depth]] >> 1, record[0] | record[1] << 8
        if bitmap & bit and not leaves & bit:
            child, is_leaf = self._update_branch(depth + 1, i, i + 1)
        else:
            child, is_leaf = self._rebuild(depth + 1, i, i + 1, bool(leaves & bit))
        if len(child) < 33:
            branch = self._existing_branch(here)
            branch.set_child(SLOT[path[depth]], child, is_leaf)
            branch.encode_head()
            return self._stage(here, branch)
        at = start + 33 * (bitmap & bit - 1).bit_count()
        bits = (leaves | bit if is_leaf else leaves & ~bit), bitmap | bit
        mark, children = (each.to_bytes(2, "little") for each in bits)
        encoding = b"".join(
            (record[2 : start - 2], children, record[start:at], child, record[at + 33 * bool(bitmap & bit) :])
        )
        self._young[here] = self._staged[here] = mark + encoding
        return encode_reference(encoding)

    def _replaced_child(self, depth: int, i: int, is_leaf: bool, child: bytes) -> bytes:
        return self._replaced_leaf(depth, i, child) if is_leaf else self._replace_value(depth, i)

    def _replaced_leaf(self, depth: int, i: int, child: bytes) -> bytes:
        """The reference of a leaf with its new value; `child` is the present one."""
        value, former = self._values[i], self._former[i]
        assert value is not None, "expected a value in a leaf"
        assert former is not None, "expected a leaf to have had a value"
        size = len(value)
        if child[0] != HASHED and size == len(former):
            # The leaf stands in its parent as it is, and the value is at its end.
            return child[: len(child) - size] + value
        return encode_reference(encode_leaf(self._keys[i], depth, value, self.version))

    def _rebuild(self, depth: int, low: int, high: int, was_leaf: bool) -> Child:
        """Build the subtree at `depth` nibbles, where there was a leaf or nothing, from the changes [low:high]."""
        leaves: list[Leaf] = []
        for i in range(low, high):
            value = self._values[i]
            if value is not None:
                leaves.append((self._paths[i], self._keys[i], value))
        if was_leaf and not any(value is not None for value in self._former[low:high]):
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
