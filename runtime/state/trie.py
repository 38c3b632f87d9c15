"""The trie of the head's state, updated along the paths that change.

Only branches are stored, each under its path. Leaves are not: their keys and values are the state itself. A branch
records which of its children are leaves. The key of an unchanged leaf, needed when a neighbour is added or removed, is
read from the state by the leaf's path.
"""

from __future__ import annotations

from binascii import hexlify
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from ...consensus.internal import InternalError
from .build import Leaf, build_node, common_prefix_length
from .later import Later, difference
from .leaves import items_below
from .node_cache import NodeSource
from .nodes import (
    BIT,
    BRANCH,
    DIGITS,
    EMPTY_ROOT,
    SLOT,
    Branch,
    encode_leaf,
    encode_reference,
    leaf_reference,
    locate_children,
)
from .overlay import Backend, Diff
from .replacing import Replacing

#: A changed subtree: its reference in the parent (empty: removed), and whether it is a leaf.
Child = tuple[bytes, bool]
REMOVED: Child = (b"", False)
UNCHANGED = Diff({}, {})
#: The most keys of leaves that are remembered.
FOUND_LIMIT = 1_024


def is_any_within(positions: Sequence[int], low: int, high: int) -> bool:
    """Return whether any of these positions, ascending, is in [low:high]."""
    at = bisect_left(positions, low) if positions else 0
    return at < len(positions) and positions[at] < high


class Trie(Replacing):
    """The trie of one state: `update` stages a change, `commit` keeps the staged change.

    `nodes` and `state` have the committed trie and state and are read when needed. Before `commit`, the caller stores
    the records that `update` returned and the changed values.
    """

    def __init__(self, nodes: NodeSource, state: Backend, version: int = 1) -> None:
        super().__init__(nodes, version)
        self._state = state
        self._later = Later(state, UNCHANGED)
        # Keys of leaves by their path, of those that had to be searched for: in each block some are the same.
        self._found: dict[bytes, bytes] = {}

    def update(self, diff: Diff) -> tuple[bytes, dict[bytes, bytes | None]]:
        """Stage `diff`; return the new root (32 bytes) and the changed records by path (None: remove).

        Without a `commit` the next update starts from the committed trie again.
        """
        self.discard()
        self._later = Later(self._state, diff)
        return self._stage_changes(diff), self._staged

    def extend(self, diff: Diff) -> tuple[bytes, dict[bytes, bytes | None]]:
        """Stage `diff` instead of the diff of the last update, by the difference alone; see `update`."""
        root = self._stage_on(difference(self._later.diff, diff))
        self._later = Later(self._state, diff)
        return root, self._staged

    def root_with(self, values: Mapping[bytes, bytes]) -> bytes:
        """Return the root after the last update and with these values besides. What is staged stays."""
        with self.aside():
            return self._stage_on(Diff(dict(values), {key: self._later.get(key) for key in values}))

    def _stage_on(self, diff: Diff) -> bytes:
        """Stage a diff on top of the last one."""
        committed, self._state = self._state, self._later
        try:
            return self._stage_changes(diff)
        finally:
            self._state = committed

    def _stage_changes(self, diff: Diff) -> bytes:
        """Stage a diff on top of what is staged, and return the new root."""
        self._take_changes(diff)
        try:
            child, _ = self._update_root()
        except BaseException:
            self.forget()
            raise
        finally:
            self._clear_changes()
        if not child:
            return EMPTY_ROOT
        # A root is always hashed, so a reference that contains the node itself still has to be.
        return child[1:] if len(child) == 33 else blake2b(child[1:], digest_size=32).digest()

    def _update_root(self) -> Child:
        high = len(self._keys)
        root = self._node(b"")
        if root is None:
            is_leaf = next(self._state.items(b""), None) is not None
            return self._rebuild(0, 0, high, is_leaf)
        if not high:
            return encode_reference(root[2:] if isinstance(root, bytes) else root.encoding()), False
        return self._update_branch(0, 0, high)

    def _update_branch(self, depth: int, low: int, high: int) -> Child:
        """Apply the changes [low:high] (at least one) to the branch at the first `depth` nibbles of their paths."""
        if not is_any_within(self._moves, low, high):
            return self._replace_values(depth, low, high), False
        paths, start = self._paths, low
        path = paths[low][:depth]
        node = self._node(path)
        if isinstance(node, bytes) and (updated := self._update_record(path, node, low, high)) is not None:
            return updated
        branch = node if isinstance(node, Branch) else self._existing_branch(path)
        head_unchanged = self._all_follow(branch.partial, depth, low, high)
        if not head_unchanged:
            branch = self._split(branch, depth, low, high)
        end = depth + len(branch.partial)
        if len(paths[low]) == end:
            branch.set_value(self._values[low], self.version)
            head_unchanged = False
            low += 1
        while low < high:
            digit, middle = paths[low][end], low + 1
            if middle < high and paths[middle][end] == digit:
                middle = self._end_of_child(end, low, high)
            slot = SLOT[digit]
            old, was_leaf = branch.parts[slot], bool(branch.leaves & BIT[digit])
            if old and not was_leaf and not is_any_within(self._moves, low, middle):
                branch.parts[slot] = self._replace_values(end + 1, low, middle)
            else:
                new, is_leaf = self._update_child(end + 1, low, middle, bool(old), was_leaf)
                head_unchanged = head_unchanged and bool(old) == bool(new) and was_leaf == is_leaf
                branch.set_child(slot, new, is_leaf)
            low = middle
        if not head_unchanged:
            if branch.children() < (2 if branch.kind == BRANCH else 1):
                return self._collapse(path, branch, start, high)
            branch.encode_head()
        return self._stage(path, branch), False

    def _update_child(self, depth: int, low: int, high: int, exists: bool, was_leaf: bool) -> Child:
        """Apply the changes [low:high], all that concern one child of a branch, to that child at `depth` nibbles."""
        value = self._values[low]
        alone = not exists or (was_leaf and self._former[low] is not None)
        if alone and high == low + 1 and value is not None:
            return leaf_reference(self._keys[low], depth, value, self.version), True
        if exists and not was_leaf:
            return self._update_branch(depth, low, high)
        return self._rebuild(depth, low, high, was_leaf)

    def _update_record(self, here: bytes, record: bytes, low: int, high: int) -> Child | None:
        """Apply the changes [low:high] to the branch of a record, without decoding it.

        None, and nothing is done, when the branch has to be split, and for branches that `locate_children` refuses.
        """
        depth = len(here)
        nibbles, bitmap, start = locate_children(record)
        if not start or len(self._paths[low]) == depth + nibbles:
            return None
        if nibbles and not self._all_follow(hexlify(record[3 : start - 2])[nibbles & 1 :], depth, low, high):
            return None
        record = self._updated_record(record, bitmap, start, depth + nibbles, low, high)
        children = record[start - 2] | record[start - 1] << 8
        if not children & children - 1:  # at most one
            return self._collapse(here, Branch.from_record(record), low, high)
        self._young[here] = self._staged[here] = record
        return encode_reference(record[2:]), False

    def _all_follow(self, partial: bytes, depth: int, low: int, high: int) -> bool:
        """Return whether the paths [low:high] go on with a branch's partial key."""
        return self._paths[low].startswith(partial, depth) and self._paths[high - 1].startswith(partial, depth)

    def _updated_record(self, record: bytes, bitmap: int, start: int, end: int, low: int, high: int) -> bytes:
        """Return the record with other children; see `locate_children` for its parts."""
        paths, leaves, children = self._paths, record[0] | record[1] << 8, bitmap
        pieces, copied = list[bytes](), start
        while low < high:
            digit, middle = paths[low][end], low + 1
            if middle < high and paths[middle][end] == digit:
                middle = self._end_of_child(end, low, high)
            bit = BIT[digit]
            child, is_leaf = self._update_child(end + 1, low, middle, bool(bitmap & bit), bool(leaves & bit))
            at = start + 33 * (bitmap & bit - 1).bit_count()
            pieces += record[copied:at], child
            copied = at + 33 if bitmap & bit else at
            leaves, children = leaves | bit if is_leaf else leaves & ~bit, children | bit if child else children & ~bit
            low = middle
        mark, bits = leaves.to_bytes(2, "little"), children.to_bytes(2, "little")
        return b"".join((mark, record[2 : start - 2], bits, *pieces, record[copied:]))

    def _rebuild(self, depth: int, low: int, high: int, was_leaf: bool) -> Child:
        """Build the subtree at `depth` nibbles, where there was a leaf or nothing, from the changes [low:high]."""
        leaves: list[Leaf] = []
        for i in range(low, high):
            value = self._values[i]
            if value is not None:
                leaves.append((self._paths[i], self._keys[i], value))
        if was_leaf and not any(value is not None for value in self._former[low:high]):
            # The old leaf is not one of the changed keys, so it stays.
            key, value = self._unchanged_leaf(self._paths[low][:depth] if high else b"")
            leaves.append((hexlify(key), key, value))
            leaves.sort()
        if not leaves:
            return REMOVED
        encoding = build_node(leaves, 0, len(leaves), depth, self.version, self._staged.__setitem__)
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

    def _unchanged_leaf(self, path: bytes) -> tuple[bytes, bytes]:
        """Return key and value of the leaf at `path`, which no change concerns."""
        # A key that was found there is there again if it exists: there is one key below the path of a leaf.
        key = self._found.get(path)
        value = None if key is None else self._state.get(key)
        if key is None or value is None:
            key, value = self._leaf_below(path, 0, 0)
            if len(self._found) >= FOUND_LIMIT:
                self._found.clear()
            self._found[path] = key
        return key, value

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
        raise InternalError(f"expected a key below {path!r}, found none")
