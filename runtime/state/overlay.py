"""The state of a chain as a block sees it: changes that can be undone, laid over what is stored.

Opening, keeping and undoing a layer cost what was changed in it, never what exists: a journal holds
(key, previous value) pairs, and a layer is a position in that journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import NamedTuple, Protocol

from .sorted_keys import Appended, SortedKeys

#: Values remembered from the backend, and decoded values, between two clearings. Memory, not behaviour.
CACHE_LIMIT = 100_000
#: With so many bytes begin all keys of one storage item.
ITEM_PREFIX = 32


class Backend(Protocol):
    """Something that holds state and is only read: a store, a past block, a dict."""

    def get(self, key: bytes) -> bytes | None:
        """The value under `key`; None when there is none. An empty value is a value."""

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Pairs whose key starts with `prefix` and is strictly greater than `after`, in ascending order."""


Entries = Iterator[tuple[bytes, bytes | None]]


def overlaid(below: Entries, above: Entries) -> Iterator[tuple[bytes, bytes]]:
    """Two ascending walks as one; where both have a key, `above` counts; None means that it has no value."""
    top = next(above, None)
    for key, value in below:
        while top is not None and top[0] < key:
            if top[1] is not None:
                yield top[0], top[1]
            top = next(above, None)
        if top is not None and top[0] == key:
            value = top[1]
            top = next(above, None)
        if value is not None:
            yield key, value
    while top is not None:
        if top[1] is not None:
            yield top[0], top[1]
        top = next(above, None)


class MemoryBackend:
    """State in a dict, for tests and for a genesis before there is a store."""

    def __init__(self, values: dict[bytes, bytes] | None = None) -> None:
        self._values = dict(values or {})
        self._keys = SortedKeys()
        for key in self._values:
            self._keys.add(key)

    def get(self, key: bytes) -> bytes | None:
        """The value under `key`, or None."""
        return self._values.get(key)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Pairs in ascending order of their keys; see `Backend.items`."""
        values = self._values
        return ((key, values[key]) for key in self._keys.walk(prefix, after))

    def apply(self, changes: dict[bytes, bytes | None]) -> None:
        """Take over what `State.changes` gave; a value of None removes its key."""
        for key, value in changes.items():
            if value is None:
                if self._values.pop(key, None) is not None:
                    self._keys.remove(key)
            else:
                if key not in self._values:
                    self._keys.add(key)
                self._values[key] = value


class Diff(NamedTuple):
    """What a block changed: the same keys twice, with their new and their former values (None: absent)."""

    after: dict[bytes, bytes | None]
    before: dict[bytes, bytes | None]

    def reversed(self) -> Diff:
        """The diff that undoes this one."""
        return Diff(self.before, self.after)


class State:
    """Keys and values over a backend, with layers that can be kept or undone.

    `decoded` is a cache for storage items: under a key, the decoded form of its present value, and under the
    prefix of an item, what its present keys are. Whatever changes the value, or lets a key come or go, drops
    the entry. Nothing here reads or writes what is in it.
    """

    __slots__ = (
        "_anchor",
        "_before",
        "_dirty",
        "_journal",
        "_layers",
        "_transaction",
        "_values",
        "backend",
        "decoded",
    )

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.decoded: dict[bytes, object] = {}
        # Present values of all keys read or written since the cache was last cleared: one lookup a read.
        self._values: dict[bytes, bytes | None] = {}
        # Of all keys written since the last commit, the value in the backend.
        self._before: dict[bytes, bytes | None] = {}
        self._dirty = Appended(self._before)
        self._journal: list[tuple[bytes, bytes | None]] = []
        self._layers: list[int] = []
        self._transaction = _Transaction(self)
        self._anchor = _Anchor(self)

    def get(self, key: bytes) -> bytes | None:
        """The value under `key`; None when there is none."""
        try:
            return self._values[key]
        except KeyError:
            return self._read(key)

    def exists(self, key: bytes) -> bool:
        """Whether there is a value, be it empty."""
        return self.get(key) is not None

    def put(self, key: bytes, value: bytes | None) -> None:
        """Write `value` under `key`; None removes it."""
        values = self._values
        previous = values[key] if key in values else self._read(key)
        if value == previous:
            return
        if self._layers:
            self._journal.append((key, previous))
        if key not in self._before:
            self._before[key] = previous
        values[key] = value
        if key in self.decoded:
            del self.decoded[key]
        if previous is None or value is None:
            self.decoded.pop(key[:ITEM_PREFIX], None)

    def delete(self, key: bytes) -> None:
        """Remove `key`; without effect when it is absent."""
        self.put(key, None)

    def _read(self, key: bytes) -> bytes | None:
        if len(self._values) - len(self._before) >= CACHE_LIMIT:
            self._shrink()
        value = self._values[key] = self.backend.get(key)
        return value

    def _shrink(self) -> None:
        """Forget what can be read again: everything but the uncommitted values."""
        values = self._values
        written = {key: values[key] for key in self._before}
        values.clear()
        values.update(written)

    def keys(self, prefix: bytes, after: bytes | None = None) -> Iterator[bytes]:
        """Keys with `prefix`, strictly greater than `after`, in ascending order."""
        return (key for key, _ in self.items(prefix, after))

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Pairs whose key starts with `prefix` and is strictly greater than `after`, ascending.

        Values may be changed and keys deleted during the walk; whether it meets a key that is new since
        it began is not defined.
        """
        before, get = self._before, self.get
        # A key that became dirty since the walk began is not in the list, so its value is looked up, too.
        stored = ((key, get(key) if key in before else value) for key, value in self.backend.items(prefix, after))
        dirty = ((key, get(key)) for key in self._dirty.between(prefix, after))
        return overlaid(stored, dirty)

    def clear_prefix(self, prefix: bytes, limit: int | None = None) -> int:
        """Delete the first `limit` keys with `prefix` (None: all of them) and say how many went."""
        keys = list(islice(self.keys(prefix), limit))
        for key in keys:
            self.put(key, None)
        return len(keys)

    def transaction(self) -> AbstractContextManager[None]:
        """A layer whose changes are kept unless an exception leaves it. Nests at will."""
        return self._transaction

    def anchor(self) -> AbstractContextManager[None]:
        """A layer whose changes are undone in any case. Nests at will."""
        return self._anchor

    def _open(self) -> None:
        if len(self.decoded) > CACHE_LIMIT:
            self.decoded.clear()
        self._layers.append(len(self._journal))

    def _undo(self) -> None:
        start = self._layers.pop()
        journal, values, decoded = self._journal, self._values, self.decoded
        for key, previous in reversed(journal[start:]):
            if previous is None or values[key] is None:
                decoded.pop(key[:ITEM_PREFIX], None)
            values[key] = previous
            decoded.pop(key, None)
        del journal[start:]

    def changes(self) -> dict[bytes, bytes | None]:
        """Keys whose value differs from the backend's, with their value; None where it was deleted."""
        return self.diff().after

    def diff(self) -> Diff:
        """The changes together with the values that they replace."""
        values = self._values
        before = {key: old for key, old in self._before.items() if values[key] != old}
        return Diff({key: values[key] for key in before}, before)

    def commit(self) -> None:
        """Call the changes stored: the backend has taken over what `changes` gave."""
        assert not self._layers, "expected no open layer at a commit"
        self._forget_before()

    def discard(self) -> None:
        """Go back to what the backend holds, whatever it holds by now."""
        assert not self._layers, "expected no open layer at a discard"
        self._values.clear()
        self.decoded.clear()
        self._forget_before()

    def _forget_before(self) -> None:
        self._before.clear()
        self._dirty.clear()
        if len(self.decoded) > CACHE_LIMIT:
            self.decoded.clear()


class _Transaction(AbstractContextManager[None]):
    """Made once for a state: the layers are in the state, so one object serves every nesting."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    def __enter__(self) -> None:
        self._state._open()

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        state = self._state
        if error is not None:
            state._undo()
            return
        layers = state._layers
        layers.pop()
        if not layers:
            state._journal.clear()


class _Anchor(AbstractContextManager[None]):
    """Made once for a state, as `_Transaction`."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    def __enter__(self) -> None:
        self._state._open()

    def __exit__(self, *_: object) -> None:
        self._state._undo()
