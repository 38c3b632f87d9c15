"""The walk that verifies a whole state: each value and each branch against the root, both in the order of the keys."""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Callable, Iterator

from ...runtime.state.build import root_of
from ...runtime.state.nodes import BRANCH, DIGITS, Branch, encode_branch_value, encode_reference, leaf_reference
from ...runtime.state.overlay import Backend
from ...runtime.state.trie import Trie


class StateWalk:
    """Compares the values of a state with its trie. `tick` is called with the number of values since the last call."""

    def __init__(self, trie: Trie, state: Backend, tick: Callable[[int], object]) -> None:
        self._trie = trie
        self._items = state.items(b"")
        self._tick = tick
        self._walked = 0
        self._key: bytes | None = None
        self._advance()

    def problems(self, root: bytes) -> Iterator[str]:
        """Yield what differs from the state whose root (32 bytes) this is."""
        branch = self._trie.branch(b"")
        if branch is None:
            # A state of at most one key has no branch.
            rest = list(self._rest())
            if root_of(rest[:2], self._trie.version) != root:
                yield "the trie has no root"
            return
        yield from self._branch(b"", branch, b"\x80" + root)
        for key, _ in self._rest():
            yield f"the trie has no leaf for the key 0x{key.hex()}"

    def _advance(self) -> None:
        self._key, self._value = next(self._items, (None, b""))
        self._path = b"" if self._key is None else hexlify(self._key)
        self._walked += 1
        if self._walked % 1000 == 0:
            self._tick(1000)

    def _rest(self) -> Iterator[tuple[bytes, bytes]]:
        while self._key is not None:
            yield self._key, self._value
            self._advance()

    def _branch(self, path: bytes, branch: Branch | None, reference: bytes) -> Iterator[str]:
        """Verify the branch at `path`, to which its parent refers by `reference`, and all below it."""
        if branch is None:
            yield f"the branch of the trie at {path.decode()} is missing"
            while self._next_below(path) is not None:
                pass
            return
        encoding = branch.encoding()
        if (encode_reference(encoding) if path or len(encoding) > 31 else reference) != reference:
            yield f"the branch of the trie at {path.decode() or 'the root'} is not the one of the root"
        at = path + branch.partial
        if branch.kind != BRANCH:
            yield from self._strays(at)
            found = self._next_below(at) if self._path == at else None
            if found is None or encode_branch_value(found[1], self._trie.version) != (branch.kind, branch.value):
                yield f"the value under the key 0x{at.decode()} is not the one of the root"
        for slot in range(1, 17):
            if not (child := branch.parts[slot]):
                continue
            below = at + DIGITS[slot - 1 : slot]
            if branch.leaves >> slot - 1 & 1:
                yield from self._leaf(below, child)
            else:
                yield from self._branch(below, self._trie.branch(below), child)

    def _leaf(self, path: bytes, reference: bytes) -> Iterator[str]:
        yield from self._strays(path)
        found = self._next_below(path)
        if found is None:
            yield f"the value under the key 0x{path.decode()}… is missing"
        elif leaf_reference(found[0], len(path), found[1], self._trie.version) != reference:
            yield f"the value under the key 0x{found[0].hex()} is not the one of the root"

    def _strays(self, path: bytes) -> Iterator[str]:
        """Pass over the keys before `path`, to which no leaf belongs."""
        while self._key is not None and self._path < path:
            yield f"the trie has no leaf for the key 0x{self._key.hex()}"
            self._advance()

    def _next_below(self, path: bytes) -> tuple[bytes, bytes] | None:
        """Return the next pair if its key begins with `path`, and go on."""
        if self._key is None or not self._path.startswith(path):
            return None
        found = self._key, self._value
        self._advance()
        return found
