"""Maps: what those of any number of keys have in common, and those of one key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ...scale import Reader, ScaleError, codec_of, u32
from ..hashers import KEY_CACHE_LIMIT, Hasher, key_parts
from .item import ABSENT, D, StorageItem, StorageValue, T

if TYPE_CHECKING:
    from ..context import Context

K = TypeVar("K")
#: Entries that are written faster one by one than at once.
FEW = 2
#: A key under which there is never a value.
NO_KEY = b""


class KeyedItem(StorageItem[T, D]):
    """The base class of maps with any number of keys."""

    def __init__(
        self,
        prefix: str,
        name: str,
        keys: Sequence[tuple[Hasher, Any]],
        type_: Any,
        default: Any,
        docs: str,
    ) -> None:
        super().__init__(prefix, name, type_, default, docs)
        self.hashers = tuple(hasher for hasher, _ in keys)
        self.keys_codec = tuple(codec_of(key) for _, key in keys)
        self._parts = [key_parts(*both) for both in zip(self.hashers, self.keys_codec, strict=True)]

    def key_of(self, parts: Sequence[Any]) -> bytes:
        """Return the storage key for these typed key parts, or the prefix of keys when there are fewer than hashers."""
        key = self.prefix
        for known, part in zip(self._parts, parts, strict=False):
            key += known[part]
        return key

    def parts_of(self, key: bytes, skip: int = 0) -> tuple[Any, ...]:
        """Return the key parts in a full storage key without the first `skip`; None for hashers that drop the key."""
        reader, parts = Reader(key, len(self.prefix)), []
        for hasher, codec in zip(self.hashers, self.keys_codec, strict=True):
            reader.take(hasher.size)
            parts.append(codec.read(reader) if hasher.keeps_key else None)
        return tuple(parts[skip:])

    def _entries(self, ctx: Context, prefix: bytes, skip: int) -> Iterator[tuple[tuple[Any, ...], T]]:
        decode = self.codec.decode
        if skip + 1 < len(self.hashers) or not self.hashers[-1].keeps_key:
            for key, raw in ctx.state.items(prefix):
                try:
                    value = decode(raw, ctx.runtime)
                except ScaleError:
                    if (value := self._misfit(ctx, raw)) is ABSENT:
                        continue
                yield self.parts_of(key, skip), value
            return
        # Fast path of most and the longest walks: one key part is left, behind its hash.
        at, decode_part = len(prefix) + self.hashers[-1].size, self.keys_codec[-1].decode
        for key, raw in ctx.state.items(prefix):
            try:
                value = decode(raw, ctx.runtime)
            except ScaleError:
                if (value := self._misfit(ctx, raw)) is ABSENT:
                    continue
            yield (decode_part(key[at:]),), value

    def clear(self, ctx: Context) -> int:
        """Remove all entries and return how many there were."""
        decoded = ctx.state.decoded
        if decoded.get(self.prefix) == ():
            return 0
        count = ctx.state.clear_prefix(self.prefix)
        decoded[self.prefix] = ()  # as `is_empty` and `all_keys` remember that there is none
        return count

    def is_empty(self, ctx: Context) -> bool:
        """Return whether there is no entry; cached until an entry is added or removed."""
        decoded = ctx.state.decoded
        known = decoded.get(self.prefix)
        if known is None:
            known = decoded[self.prefix] = tuple(ctx.state.first_keys(self.prefix, 1))
        return not known


class StorageMap(KeyedItem[T, D], Generic[K, T, D]):
    """A value for each key."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._known_keys: dict[K, bytes] = {}

    def key(self, key: K) -> bytes:
        """Return the full storage key of an entry."""
        known = self._known_keys.get(key)
        if known is not None:
            return known
        if len(self._known_keys) >= KEY_CACHE_LIMIT:
            self._known_keys.clear()
        full = self._known_keys[key] = self.prefix + self._parts[0][key]
        return full

    def get(self, ctx: Context, key: K) -> D:
        cached = ctx.state.decoded.get(self._known_keys.get(key, NO_KEY), ABSENT)
        if cached is not ABSENT and not self._copied:
            return cached  # type: ignore[return-value]  # only this item writes under its keys
        return self._read(ctx, self.key(key))

    def put(self, ctx: Context, key: K, value: T) -> None:
        full = self._known_keys.get(key) or self.key(key)
        state = ctx.state
        state.put(full, self.codec.encode(value))
        if self._cacheable:
            state.decoded[full] = value

    def column(self, ctx: Context, keys: Sequence[K]) -> list[D]:
        """Return the value for each of these keys."""
        decoded, known = ctx.state.decoded, self._known_keys
        if not self._copied:
            try:
                return [decoded[known[key]] for key in keys]  # type: ignore[misc]  # only this item writes there
            except KeyError:
                pass
        return self._read_all(ctx, [known.get(key) or self.key(key) for key in keys])

    def put_column(self, ctx: Context, keys: Collection[K], values: Collection[T]) -> None:
        """Write a value for each of these keys."""
        if len(keys) <= FEW:
            for key, value in zip(keys, values, strict=True):
                self.put(ctx, key, value)
        else:
            known = self._known_keys
            self._write_all(ctx, [known.get(key) or self.key(key) for key in keys], values)

    def remove(self, ctx: Context, key: K) -> None:
        ctx.state.delete(self.key(key))
        # Numbers of blocks and the like never come back: without this the caches would grow with the chain.
        self._known_keys.pop(key, None)
        self._parts[0].pop(key, None)

    def contains(self, ctx: Context, key: K) -> bool:
        return ctx.state.exists(self.key(key))

    def take(self, ctx: Context, key: K) -> D:
        """Return the value of the entry and remove it."""
        value = self.get(ctx, key)
        self.remove(ctx, key)
        return value

    def mutate(self, ctx: Context, key: K, change: Callable[[D], T]) -> T:
        """Replace the entry's value by the result of `change`, and return it."""
        value = change(self.get(ctx, key))
        self.put(ctx, key, value)
        return value

    def items(self, ctx: Context) -> Iterator[tuple[K, T]]:
        """Return all entries, in the order of their hashed keys, as on the chain."""
        for (key,), value in self._entries(ctx, self.prefix, 0):
            yield key, value

    def is_empty(self, ctx: Context) -> bool:
        return not self.all_keys(ctx)

    def keys(self, ctx: Context) -> Iterator[K]:
        """Return all keys, in the order of their hashes."""
        for raw in ctx.state.keys(self.prefix):
            yield self.parts_of(raw)[0]

    def all_keys(self, ctx: Context) -> tuple[K, ...]:
        """Return all keys at once, cached until one is added or removed: for small maps that are read often."""
        known = ctx.state.decoded.get(self.prefix)
        if known is None:
            known = ctx.state.decoded[self.prefix] = tuple(self.keys(ctx))
        return known  # type: ignore[return-value]  # only this item keeps anything under its prefix


class CountedStorageMap(StorageMap[K, T, D]):
    """A map with the number of its entries in the item `CounterFor<Name>`."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.counter: StorageValue[int, int] = StorageValue(
            self.pallet_prefix, "", u32, 0, "Counter for the related counted storage map"
        )
        self.set_name(self.name)

    def set_name(self, name: str) -> None:
        super().set_name(name)
        if hasattr(self, "counter"):
            self.counter.set_name(f"CounterFor{name}")

    def put(self, ctx: Context, key: K, value: T) -> None:
        if not self.contains(ctx, key):
            self.counter.put(ctx, self.counter.get(ctx) + 1)
        super().put(ctx, key, value)

    def put_column(self, ctx: Context, keys: Collection[K], values: Collection[T]) -> None:
        for key, value in zip(keys, values, strict=True):
            self.put(ctx, key, value)

    def remove(self, ctx: Context, key: K) -> None:
        if self.contains(ctx, key):
            self.counter.put(ctx, self.counter.get(ctx) - 1)
        super().remove(ctx, key)

    def count(self, ctx: Context) -> int:
        return self.counter.get(ctx)

    def clear(self, ctx: Context) -> int:
        self.counter.kill(ctx)
        return super().clear(ctx)
