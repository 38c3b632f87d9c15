"""Replace values of present keys, by far the most frequent change: no branch is added, removed or moved.

Most branches refer to all their children by hashes, so that the positions of the references in a record follow from
its bitmap. Such a record is not decoded: it is cut at the children that change and joined again.
"""

from __future__ import annotations

from binascii import hexlify
from bisect import bisect_left
from collections.abc import Sequence

from ...consensus.internal import InternalError
from .leaves import positions_of_none
from .node_cache import NodeCache, NodeSource
from .nodes import BIT, HASHED, SLOT, Branch, encode_reference, leaf_reference, locate_children
from .overlay import Diff


class Replacing(NodeCache):
    """The changes of an update by ascending key, and the branches in which they are made.

    A method that takes a `depth` and positions [low:high] of changes makes these in the subtree of the branch at the
    first `depth` nibbles of their paths, and returns the new reference to that branch.
    """

    def __init__(self, nodes: NodeSource, version: int) -> None:
        super().__init__(nodes)
        self.version = version
        # Key, path, new and former value of each change, by ascending key.
        self._keys: list[bytes] = []
        self._paths: list[bytes] = []
        self._values: list[bytes | None] = []
        self._former: list[bytes | None] = []
        # Positions, ascending, of the changes that add or remove a key.
        self._moves: list[int] = []

    def _clear_changes(self) -> None:
        self._keys, self._paths, self._values, self._former, self._moves = [], [], [], [], []

    def _take_changes(self, diff: Diff) -> None:
        """Begin an update with these changes, without keys that are absent before and after."""
        after, before = diff
        keys = sorted(after)
        self._values, self._former = list(map(after.__getitem__, keys)), list(map(before.__getitem__, keys))
        absent, was_absent = positions_of_none(self._values), positions_of_none(self._former)
        if never := absent & was_absent:
            self._take_changes(Diff({key: after[key] for at, key in enumerate(keys) if at not in never}, before))
            return
        self._keys, self._paths = keys, list(map(hexlify, keys))
        self._moves = sorted(absent | was_absent)

    def _end_of_child(self, end: int, low: int, high: int) -> int:
        """Return the position after the last of the changes [low:high] in the same child as the first.

        Callers look at the second one first, which mostly is in another child.
        """
        # "g" sorts after all digits, so this is greater than every path below the child.
        return bisect_left(self._paths, self._paths[low][: end + 1] + b"g", low + 1, high)

    def _replace_values(self, depth: int, low: int, high: int) -> bytes:
        """Write the values of keys [low:high] below a branch. No partial key has to be compared."""
        here = self._paths[low][:depth]
        node = self._young.get(here) or self._node(here)
        if isinstance(node, bytes):
            nibbles, bitmap, start = locate_children(node)
            if start:
                record = self._replace_in_record(node, bitmap, start, depth + nibbles, low, high)
                self._young[here] = self._staged[here] = record
                return encode_reference(record[2:])
            node = self._young[here] = Branch.from_record(node)
        if node is None:
            raise InternalError(f"expected a branch at {here!r}, found none")
        return self._replace_in_branch(here, node, low, high)

    def _replace_in_record(self, record: bytes, bitmap: int, start: int, end: int, low: int, high: int) -> bytes:
        """Return the record with other references to changed children; see `locate_children` for its parts."""
        keys, paths, version = self._keys, self._paths, self.version
        values: Sequence[bytes] = self._values  # type: ignore[assignment]  # no key comes or goes
        leaves = record[0] | record[1] << 8
        if high - low == 1:  # as in most branches near the leaves
            bit = BIT[paths[low][end]]
            at = start + 33 * (bitmap & bit - 1).bit_count()
            if leaves & bit:
                child = leaf_reference(keys[low], end + 1, values[low], version)
            else:
                child = self._replace_values(end + 1, low, high)
            return b"".join((record[:at], child, record[at + 33 :]))
        pieces, copied = list[bytes](), 0
        while low < high:
            digit, middle = paths[low][end], low + 1
            bit = BIT[digit]
            at = start + 33 * (bitmap & bit - 1).bit_count()
            if leaves & bit:
                child = leaf_reference(keys[low], end + 1, values[low], version)
            else:
                if middle < high and paths[middle][end] == digit:
                    middle = self._end_of_child(end, low, high)
                child = self._replace_values(end + 1, low, middle)
            low = middle
            pieces += record[copied:at], child
            copied = at + 33
        pieces.append(record[copied:])
        return b"".join(pieces)

    def _replace_in_branch(self, here: bytes, branch: Branch, low: int, high: int) -> bytes:
        """Make the changes in a branch that has to be decoded, with a value or with children inside of it."""
        end, parts, leaves = len(here) + len(branch.partial), branch.parts, branch.leaves
        paths = self._paths
        values: Sequence[bytes] = self._values  # type: ignore[assignment]  # no key comes or goes
        former: Sequence[bytes] = self._former  # type: ignore[assignment]
        if len(paths[low]) == end:
            branch.set_value(values[low], self.version)
            branch.encode_head()
            low += 1
        while low < high:
            digit, middle = paths[low][end], low + 1
            slot = SLOT[digit]
            if leaves & BIT[digit]:
                child, value, old = parts[slot], values[low], former[low]
                if child[0] != HASHED and len(value) == len(old):
                    # The leaf stands in the branch as it is, and the value is at its end.
                    parts[slot] = child.removesuffix(old) + value
                else:
                    parts[slot] = leaf_reference(self._keys[low], end + 1, value, self.version)
            else:
                if middle < high and paths[middle][end] == digit:
                    middle = self._end_of_child(end, low, high)
                parts[slot] = self._replace_values(end + 1, low, middle)
            low = middle
        return self._stage(here, branch)
