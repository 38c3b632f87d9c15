"""Storage items of a chain, as `chain.storage.Pallet.Item`.

Every item has `get(*keys, at=block)`. A map is read with brackets, too, and walked over like a dictionary:

    chain.storage.System.Number.get()
    chain.storage.SubtensorModule.Tempo[1]                 Tempo.get(1)
    chain.storage.SubtensorModule.Uids[1, "alice"]         Uids.get(1, "alice")
    chain.storage.SubtensorModule.Tempo.items(at=10)

Keys are plain values. An absent entry reads as the item's default, or as None for an item without one.

The head's state can be written between two blocks, as by `Chain.set_storage` and `Chain.mutate`:

    chain.storage.SubtensorModule.Tempo[1] = 7             Tempo.set(1, value=7)
    chain.storage.SubtensorModule.Tempo.mutate(1, by=lambda tempo: tempo + 1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar, TypeVarTuple

from ....runtime.frame.context import Context
from ....runtime.frame.runtime import Runtime
from ....runtime.frame.storage import StorageItem
from ...arguments import typed_keys
from ...errors import ChainError

if TYPE_CHECKING:
    from ....runtime.client.plain import BlockId

T = TypeVar("T")  # what is stored
D = TypeVar("D")  # what is read: T, or T | None without a default
W = TypeVar("W")  # the plain forms of a value
K = TypeVar("K")  # a key, or a tuple of keys, as the chain has it
P = TypeVar("P")  # a plain key
P2 = TypeVar("P2")
K2 = TypeVar("K2")
Ps = TypeVarTuple("Ps")


class Writer(Protocol):
    """What writes items: a chain."""

    def set_storage(self, name: str, *keys: Any, value: Any = ...) -> None:
        """Write an item, `Pallet.Item`, under plain keys; None removes it."""

    def mutate(self, name: str, *keys: Any, by: Callable[[Any], Any]) -> Any:
        """Replace the value of an item by what a function returns for it, and return the new value."""


class Source(NamedTuple):
    """Where items are read: the runtime, and a function that returns the context after a block.

    `writer` writes items by their names; None where the state is that of a past block.
    """

    runtime: Runtime
    context: Callable[[BlockId | None], Context]
    writer: Writer | None = None


class Item:
    """What all items have in common."""

    def __init__(self, source: Source, item: StorageItem[Any, Any]) -> None:
        self._source, self._item = source, item
        self.__doc__ = item.docs

    def _read(self, keys: Sequence[Any], at: BlockId | None) -> Any:
        return self._item.read(self._source.context(at), self._typed(keys, len(self._item.keys_codec)))

    def _typed(self, keys: Sequence[Any], count: int) -> list[Any]:
        """Return the typed values of the first `count` keys, which must be all of `keys`."""
        return typed_keys(self._source.runtime, self._item, keys, count)

    def _write(self, keys: Sequence[Any], value: Any) -> None:
        self._writer.set_storage(self._name, *keys, value=value)

    def _mutate(self, keys: Sequence[Any], by: Callable[[Any], Any]) -> Any:
        return self._writer.mutate(self._name, *keys, by=by)

    @property
    def _writer(self) -> Writer:
        if self._source.writer is None:
            raise ChainError(f"expected the storage of a chain, got that of a past block: {self._name} is as it was")
        return self._source.writer

    @property
    def _name(self) -> str:
        return f"{self._item.pallet_prefix}.{self._item.name}"

    def __repr__(self) -> str:
        return f"<storage {self._name}>"


class Value(Item, Generic[D, W]):
    """An item of one value."""

    def get(self, *, at: BlockId | None = None) -> D:
        """Return the value, after the block `at` (the head by default)."""
        value: D = self._read((), at)
        return value

    def set(self, *, value: W | None) -> None:
        """Write the value; None removes it."""
        self._write((), value)

    def mutate(self, *, by: Callable[[D], W | None]) -> D:
        """Replace the value by what a function returns for it, and return the new value."""
        value: D = self._mutate((), by)
        return value


class Entries(Item, Generic[K, T]):
    """The entries of a map: keys and values as the chain has them, in the order of the hashed keys, as on the chain."""

    def items(self, *, at: BlockId | None = None) -> list[tuple[K, T]]:
        """Return all entries, after the block `at` (the head by default)."""
        ctx = self._source.context(at)
        return list(self._item.items(ctx))  # type: ignore[attr-defined]  # a map, of any number of keys

    def keys(self, *, at: BlockId | None = None) -> list[K]:
        """Return all keys; a tuple for each entry of a map with several keys."""
        return [key for key, _ in self.items(at=at)]

    def values(self, *, at: BlockId | None = None) -> list[T]:
        """Return all values."""
        return [value for _, value in self.items(at=at)]

    def __iter__(self) -> Iterator[K]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self._source.context(None).state.first_keys(self._item.prefix, None))

    def _has(self, keys: Sequence[Any]) -> bool:
        typed = self._typed(keys, len(self._item.keys_codec))
        return self._source.context(None).state.exists(self._item.key_of(typed))


class Map(Entries[K, T], Generic[P, K, T, D, W]):
    """A map with one key: `P` are its plain forms, `K` is the key as the chain has it."""

    def get(self, key: P, *, at: BlockId | None = None) -> D:
        """Return the value of an entry, after the block `at` (the head by default)."""
        value: D = self._read((key,), at)
        return value

    def set(self, key: P, *, value: W | None) -> None:
        """Write the value of an entry; None removes it."""
        self._write((key,), value)

    def mutate(self, key: P, *, by: Callable[[D], W | None]) -> D:
        """Replace the value of an entry by what a function returns for it, and return the new value."""
        value: D = self._mutate((key,), by)
        return value

    def __setitem__(self, key: P, value: W) -> None:
        self.set(key, value=value)

    def __getitem__(self, key: P) -> D:
        return self.get(key)

    def __contains__(self, key: P) -> bool:
        return self._has((key,))


class MultiMap(Entries[K, T], Generic[K, T, D, W, *Ps]):
    """A map with several keys, which brackets take as a tuple."""

    def get(self, *keys: *Ps, at: BlockId | None = None) -> D:
        """Return the value of an entry, after the block `at` (the head by default)."""
        value: D = self._read(keys, at)
        return value

    def set(self, *keys: *Ps, value: W | None) -> None:
        """Write the value of an entry; None removes it."""
        self._write(keys, value)

    def mutate(self, *keys: *Ps, by: Callable[[D], W | None]) -> D:
        """Replace the value of an entry by what a function returns for it, and return the new value."""
        value: D = self._mutate(keys, by)
        return value

    def __setitem__(self, keys: tuple[*Ps], value: W) -> None:
        self.set(*keys, value=value)

    def __getitem__(self, keys: tuple[*Ps]) -> D:
        return self.get(*keys)

    def __contains__(self, keys: tuple[*Ps]) -> bool:
        return self._has(keys)


class DoubleMap(MultiMap[tuple[K, K2], T, D, W, P, P2], Generic[P, P2, K, K2, T, D, W]):
    """A map with two keys."""

    def under(self, key: P, *, at: BlockId | None = None) -> list[tuple[K2, T]]:
        """Return second key and value of each entry with this first key."""
        (first,) = self._typed((key,), 1)
        return list(self._item.under(self._source.context(at), first))  # type: ignore[attr-defined]  # a double map
