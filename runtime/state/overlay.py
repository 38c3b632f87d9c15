"""The state of a chain during a block: changes that can be undone, on top of the stored state.

A journal holds pairs of key and previous value, and a layer is a position in it. So the cost of opening, keeping and
undoing a layer depends on the number of changes in it, not on the size of the state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import NamedTuple, Protocol, runtime_checkable

from ...consensus.internal import InternalError
from .sorted_keys import Appended, SortedKeys

#: Most cached values of the backend, and most cached decoded values. It limits memory and does not change results.
CACHE_LIMIT = 100_000
#: Most bytes of cached keys and values.
CACHE_BYTES = 64 * 1024 * 1024
#: Bytes of the prefix that all keys of one storage item share.
ITEM_PREFIX = 32


class Backend(Protocol):
    """A state that is only read: a store, a past block, a dict."""

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, None when there is none. An empty value is a value."""

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs whose key starts with `prefix` and is strictly greater than `after`, in ascending order."""


@runtime_checkable
class PrefetchingBackend(Backend, Protocol):
    """A state far away, from which several values are read at once."""

    def prefetch(self, keys: Sequence[bytes]) -> None:
        """Read the values of keys that `get` will be called with."""


Entries = Iterator[tuple[bytes, bytes | None]]


def overlaid(below: Entries, above: Entries) -> Iterator[tuple[bytes, bytes]]:
    """Merge two walks in ascending order; where both have a key, `above` wins, and None there removes the key."""
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
    """A state in a dict, for tests and for a genesis before there is a store."""

    def __init__(self, values: dict[bytes, bytes] | None = None) -> None:
        self._values = dict(values or {})
        self._keys = SortedKeys()
        for key in self._values:
            self._keys.add(key)

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, or None."""
        return self._values.get(key)

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs in ascending order of their keys; see `Backend.items`."""
        values = self._values
        return ((key, values[key]) for key in self._keys.walk(prefix, after))

    def apply(self, changes: dict[bytes, bytes | None]) -> None:
        """Apply the result of `State.changes`; a value of None removes its key."""
        for key, value in changes.items():
            if value is None:
                if self._values.pop(key, None) is not None:
                    self._keys.remove(key)
            else:
                if key not in self._values:
                    self._keys.add(key)
                self._values[key] = value


class Diff(NamedTuple):
    """The changes of a block: the new and the former values of the same keys (None: absent)."""

    after: dict[bytes, bytes | None]
    before: dict[bytes, bytes | None]

    def reversed(self) -> Diff:
        """Return the diff that undoes this one."""
        return Diff(self.before, self.after)


class State:
    """Keys and values on top of a backend, with layers that can be kept or undone.

    `decoded` is a cache of storage items: under a key its decoded current value, under the prefix of an item its
    current keys. `State` only drops entries: that of a key when its value changes, that of a prefix when a key below
    it is added or removed.
    """

    __slots__ = (
        "_before",
        "_cached",
        "_dirty",
        "_journal",
        "_layers",
        "_prefetch",
        "_shrunk",
        "_values",
        "backend",
        "decoded",
    )

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._prefetch = backend.prefetch if isinstance(backend, PrefetchingBackend) else None
        self.decoded: dict[bytes, object] = {}
        # Current values of all keys read or written since the cache was last cleared: one lookup for each read.
        self._values: dict[bytes, bytes | None] = {}
        # Bytes in it, without values that are not committed.
        self._cached = 0
        # Whether values were dropped since decoded ones were.
        self._shrunk = False
        # Values in the backend of all keys written since the last commit.
        self._before: dict[bytes, bytes | None] = {}
        self._dirty = Appended()
        self._journal: list[tuple[bytes, bytes | None]] = []
        self._layers: list[int] = []

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, None when there is none."""
        try:
            return self._values[key]
        except KeyError:
            return self._read(key)

    def peek(self, key: bytes) -> bytes | None:
        """Return the value under `key` like `get`, without keeping it in memory: for keys that outsiders choose."""
        values = self._values
        return values[key] if key in values else self.backend.get(key)

    def get_all(self, keys: Iterable[bytes]) -> list[bytes | None]:
        """Return the value under each key, None where there is none."""
        values, read = self._values, self._read
        if self._prefetch is not None:
            keys = list(keys)
            self._prefetch([key for key in keys if key not in values])
        return [values[key] if key in values else read(key) for key in keys]

    def exists(self, key: bytes) -> bool:
        """Return whether there is a value under `key`, which may be empty."""
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
            self._dirty.new.append(key)
        values[key] = value
        if key in self.decoded:
            del self.decoded[key]
        if previous is None or value is None:
            self.decoded.pop(key[:ITEM_PREFIX], None)

    def put_all(self, keys: Iterable[bytes], values: Iterable[bytes], decoded: Iterable[object]) -> None:
        """Write a value under each key, as `put` does, and remember its decoded form; in half the time."""
        present, before, remembered, log = self._values, self._before, self.decoded, bool(self._layers)
        for key, value, form in zip(keys, values, decoded, strict=True):
            previous = present[key] if key in present else self._read(key)
            remembered[key] = form
            if value == previous:
                continue
            if log:
                self._journal.append((key, previous))
            if key not in before:
                before[key] = previous
                self._dirty.new.append(key)
            present[key] = value
            if previous is None:
                remembered.pop(key[:ITEM_PREFIX], None)

    def delete(self, key: bytes) -> None:
        """Remove `key` if it exists."""
        self.put(key, None)

    def _read(self, key: bytes) -> bytes | None:
        if self._cached > CACHE_BYTES or len(self._values) - len(self._before) >= CACHE_LIMIT:
            self._shrink()
        value = self._values[key] = self.backend.get(key)
        self._cached += len(key) if value is None else len(key) + len(value)
        return value

    def _shrink(self) -> None:
        """Drop all cached values except the uncommitted ones."""
        self._cached = 0
        self._shrunk = True
        values = self._values
        written = {key: values[key] for key in self._before}
        values.clear()
        values.update(written)

    def keys(self, prefix: bytes, after: bytes | None = None) -> Iterator[bytes]:
        """Return keys with `prefix`, strictly greater than `after`, in ascending order."""
        return (key for key, _ in self.items(prefix, after))

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs whose key starts with `prefix` and is strictly greater than `after`, ascending.

        Values may be changed and keys deleted during the walk; whether it includes keys added meanwhile is not defined.
        """
        dirty = self._dirty.between(prefix, after)
        if not dirty:
            return self._stored_items(prefix, after)
        before, get = self._before, self.get
        stored = ((key, get(key) if key in before else value) for key, value in self.backend.items(prefix, after))
        return overlaid(stored, ((key, get(key)) for key in dirty))

    def _stored_items(self, prefix: bytes, after: bytes | None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs as `items` does, where no key with `prefix` is dirty yet; keys may become so during the walk."""
        before = self._before
        for key, stored in self.backend.items(prefix, after):
            value = self.get(key) if key in before else stored
            if value is not None:
                yield key, value

    def first_keys(self, prefix: bytes, count: int | None, after: bytes | None = None) -> list[bytes]:
        """Return the first `count` keys (None: all) of those that `keys` returns."""
        dirty = self._dirty.between(prefix, after)
        entries = self.items(prefix, after) if dirty else self.backend.items(prefix, after)
        return [key for key, _ in islice(entries, count)]

    def clear_prefix(self, prefix: bytes, limit: int | None = None) -> int:
        """Delete the first `limit` keys with `prefix` (None: all of them) and return how many were deleted."""
        keys = self.first_keys(prefix, limit)
        for key in keys:
            self.put(key, None)
        return len(keys)

    def transaction(self) -> AbstractContextManager[None]:
        """Return a layer whose changes are undone if an exception leaves it, else kept. Layers may nest."""
        return _Transaction(self)

    def anchor(self) -> AbstractContextManager[None]:
        """Return a layer whose changes are always undone. Layers may nest."""
        return _Anchor(self)

    @property
    def depth(self) -> int:
        """The number of open layers."""
        return len(self._layers)

    def _open(self) -> None:
        if self._shrunk or len(self.decoded) > CACHE_LIMIT:
            self._drop_decoded()
        self._layers.append(len(self._journal))

    def _undo(self) -> None:
        self.rewind(self._layers.pop())

    def mark(self) -> int:
        """Return the position in the changes of the innermost layer, for `rewind`."""
        return len(self._journal)

    def rewind(self, mark: int) -> None:
        """Undo the changes since a mark. The layer of that time has to be open, and none inside it."""
        journal, values, decoded = self._journal, self._values, self.decoded
        for key, previous in reversed(journal[mark:]):
            if previous is None or values[key] is None:
                decoded.pop(key[:ITEM_PREFIX], None)
            values[key] = previous
            decoded.pop(key, None)
        del journal[mark:]

    def changes(self) -> dict[bytes, bytes | None]:
        """Return the keys whose value differs from the backend's, with their value, None for a deleted one."""
        return self.diff().after

    def diff(self) -> Diff:
        """Return the changes with the values that they replace."""
        values = self._values
        before = {key: old for key, old in self._before.items() if values[key] != old}
        return Diff(dict(zip(before, map(values.__getitem__, before), strict=True)), before)

    def commit(self) -> None:
        """End the set of changes, after the backend has applied the result of `changes`."""
        if self._layers:
            raise InternalError("expected no open layer at a commit")
        values = self._values
        self._cached += sum([len(values[key] or b"") for key in self._before])
        for key in [key for key in self._before if values[key] is None]:
            del values[key]  # deleted keys rarely come back, and would fill the cache as the chain grows
        self._forget_before()

    def discard(self, changes: Mapping[bytes, bytes | None] | None = None) -> None:
        """Drop all changes and caches, then make `changes`; later reads go to the backend, which may have changed."""
        if self._layers:
            raise InternalError("expected no open layer at a discard")
        self._values.clear()
        self._cached = 0
        self.decoded.clear()
        self._forget_before()
        for key, value in (changes or {}).items():
            self.put(key, value)

    def retreat(self, values: Mapping[bytes, bytes | None]) -> None:
        """Drop all changes, as the backend has gone back to these values of some keys; the other caches are kept."""
        if self._layers:
            raise InternalError("expected no open layer at a retreat")
        cached, decoded = self._values, self.decoded
        for key, value in (self._before | dict(values)).items():
            if key in cached:
                cached[key] = value
            decoded.pop(key, None)
            decoded.pop(key[:ITEM_PREFIX], None)
        self._forget_before()

    def _forget_before(self) -> None:
        self._before.clear()
        self._dirty.clear()
        if self._shrunk or len(self.decoded) > CACHE_LIMIT:
            self._drop_decoded()

    def _drop_decoded(self) -> None:
        self.decoded.clear()
        self._shrunk = False


class _Transaction(AbstractContextManager[None]):
    """The context manager of `State.transaction`.

    The state does not keep it: each view of a past state would be a cycle, and its values would wait for the collector.
    """

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
    """The context manager of `State.anchor`, see `_Transaction`."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    def __enter__(self) -> None:
        self._state._open()

    def __exit__(self, *_: object) -> None:
        self._state._undo()
