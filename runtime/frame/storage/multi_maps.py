"""Maps with several keys: double maps, and maps of three and more keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .item import D, T
from .maps import KeyedItem

if TYPE_CHECKING:
    from ..context import Context

#: Walks over the keys of an item whose results are cached. It limits memory and does not change results.
WALKS_LIMIT = 64

K = TypeVar("K")
K1 = TypeVar("K1")
K2 = TypeVar("K2")


class StorageDoubleMap(KeyedItem[T, D], Generic[K1, K2, T, D]):
    """A value for each pair of keys; entries with the same first key share a prefix."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._first, self._second = self._parts

    def key(self, key1: K1, key2: K2) -> bytes:
        """Return the full storage key of an entry."""
        return self.prefix + self._first[key1] + self._second[key2]

    def get(self, ctx: Context, key1: K1, key2: K2) -> D:
        return self._read(ctx, self.prefix + self._first[key1] + self._second[key2])

    def row(self, ctx: Context, key1: K1, keys2: Iterable[K2]) -> list[D]:
        """Return the values for one first key and each of these second keys."""
        stem, parts = self.prefix + self._first[key1], self._second
        return self._read_all(ctx, [stem + parts[key2] for key2 in keys2])

    def column(self, ctx: Context, keys1: Iterable[K1], key2: K2) -> list[D]:
        """Return the values for each of these first keys and one second key."""
        if self.is_empty(ctx):
            return [self.default(ctx.runtime.constant_values) for _ in keys1]
        prefix, parts, end = self.prefix, self._first, self._second[key2]
        return self._read_all(ctx, [prefix + parts[key1] + end for key1 in keys1])

    def put_row(self, ctx: Context, key1: K1, keys2: Iterable[K2], values: Collection[T]) -> None:
        """Write a value for one first key and each of these second ones."""
        stem, parts = self.prefix + self._first[key1], self._second
        self._write_all(ctx, [stem + parts[key2] for key2 in keys2], values)

    def put_column(self, ctx: Context, keys1: Iterable[K1], key2: K2, values: Collection[T]) -> None:
        """Write a value for each of these first keys and one second one."""
        prefix, parts, end = self.prefix, self._first, self._second[key2]
        self._write_all(ctx, [prefix + parts[key1] + end for key1 in keys1], values)

    def put(self, ctx: Context, key1: K1, key2: K2, value: T) -> None:
        self._write(ctx, self.key(key1, key2), value)

    def remove(self, ctx: Context, key1: K1, key2: K2) -> None:
        ctx.state.delete(self.key(key1, key2))

    def contains(self, ctx: Context, key1: K1, key2: K2) -> bool:
        return ctx.state.exists(self.key(key1, key2))

    def take(self, ctx: Context, key1: K1, key2: K2) -> D:
        """Return the value of the entry and remove it."""
        value = self.get(ctx, key1, key2)
        self.remove(ctx, key1, key2)
        return value

    def mutate(self, ctx: Context, key1: K1, key2: K2, change: Callable[[D], T]) -> T:
        """Replace the entry's value by the result of `change`, and return it."""
        value = change(self.get(ctx, key1, key2))
        self.put(ctx, key1, key2, value)
        return value

    def items(self, ctx: Context) -> Iterator[tuple[tuple[K1, K2], T]]:
        """Return all entries, in the order of their hashed keys."""
        return self._entries(ctx, self.prefix, 0)

    def under(self, ctx: Context, key1: K1) -> Iterator[tuple[K2, T]]:
        """Return pairs of second key and value for one first key, in the order of the hashed second keys."""
        for (key2,), value in self._entries(ctx, self.key_of((key1,)), 1):
            yield key2, value

    def clear_under(self, ctx: Context, key1: K1) -> int:
        """Remove the entries of one first key and return how many there were."""
        return ctx.state.clear_prefix(self.key_of((key1,)))

    def keep_under(self, ctx: Context, key1: K1, keys2: Iterable[K2]) -> None:
        """Remove the entries of one first key except those with these second keys."""
        stem, parts = self.prefix + self._first[key1], self._second
        kept = {stem + parts[key2] for key2 in keys2}
        for key in [key for key in ctx.state.first_keys(stem, None) if key not in kept]:
            ctx.state.delete(key)


class StorageNMap(KeyedItem[T, D], Generic[K, T, D]):
    """A value for each tuple of keys (three and more)."""

    def key(self, keys: K) -> bytes:
        """Return the full storage key of an entry."""
        return self.key_of(keys)  # type: ignore[arg-type]  # K is a tuple of the declared length

    def get(self, ctx: Context, keys: K) -> D:
        return self._read(ctx, self.key(keys))

    def put(self, ctx: Context, keys: K, value: T) -> None:
        self._write(ctx, self.key(keys), value)

    def column(self, ctx: Context, keys: Iterable[K]) -> list[D]:
        """Return the values for several tuples of keys."""
        return self._read_all(ctx, [self.key(each) for each in keys])

    def put_column(self, ctx: Context, keys: Iterable[K], values: Collection[T]) -> None:
        """Write a value for each of these tuples of keys."""
        self._write_all(ctx, [self.key(each) for each in keys], values)

    def remove(self, ctx: Context, keys: K) -> None:
        ctx.state.delete(self.key(keys))

    def contains(self, ctx: Context, keys: K) -> bool:
        return ctx.state.exists(self.key(keys))

    def take(self, ctx: Context, keys: K) -> D:
        """Return the value of the entry and remove it."""
        value = self.get(ctx, keys)
        self.remove(ctx, keys)
        return value

    def mutate(self, ctx: Context, keys: K, change: Callable[[D], T]) -> T:
        """Replace the entry's value by the result of `change`, and return it."""
        value = change(self.get(ctx, keys))
        self.put(ctx, keys, value)
        return value

    def items(self, ctx: Context) -> Iterator[tuple[K, T]]:
        """Return all entries, in the order of their hashed keys."""
        return self._entries(ctx, self.prefix, 0)  # type: ignore[return-value]  # the parts are a K

    def is_empty(self, ctx: Context) -> bool:
        return not self._walks(ctx)

    def keys_after(self, ctx: Context, after: bytes | None, count: int) -> tuple[bytes, ...]:
        """Return the first `count` storage keys of entries behind `after`; cached until one is added or removed."""
        walks = self._walks(ctx)
        if not walks:
            return ()
        keys = walks.get((after, count))
        if keys is None:
            keys = walks[after, count] = tuple(ctx.state.first_keys(self.prefix, count, after))
        return keys

    def _walks(self, ctx: Context) -> dict[tuple[bytes | None, int], tuple[bytes, ...]]:
        """Return the results of `keys_after` that are known, by its arguments; none of them without any entry."""
        decoded = ctx.state.decoded
        walks: Any = decoded.get(self.prefix)  # only this item keeps anything under its prefix
        if walks is None or len(walks) > WALKS_LIMIT:
            first = tuple(ctx.state.first_keys(self.prefix, 1))
            walks = decoded[self.prefix] = {(None, 1): first} if first else {}
        return walks  # type: ignore[no-any-return]

    def under(self, ctx: Context, *first: Any) -> Iterator[tuple[tuple[Any, ...], T]]:
        """Return pairs of the remaining keys and the value for entries that begin with these keys."""
        return self._entries(ctx, self.key_of(first), len(first))

    def clear_under(self, ctx: Context, *first: Any) -> int:
        """Remove the entries that begin with these keys and return how many there were."""
        return ctx.state.clear_prefix(self.key_of(first))
