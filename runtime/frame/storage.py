"""Storage items: typed access to the key-value state.

An item has a prefix, hashers, codecs and a default; it alone writes under its prefix. All methods take the context
first: `Account.get(ctx, who)`, `Account.put(ctx, who, info)`.

An absent entry reads as the item's default, or as None for an item without one. A constant as default stands for its
value on the chain that reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..crypto.hashing import twox_128
from ..scale import Codec, Reader, ScaleError, codec_of, u32
from ..scale.codec import AnyCodec
from .constant import Constant, ConstantValues
from .hashers import KEY_CACHE_LIMIT, Hasher, key_parts

if TYPE_CHECKING:
    from .context import Context

T = TypeVar("T")  # what is stored
D = TypeVar("D")  # what is read: T, or T | None without a default
K = TypeVar("K")
K1 = TypeVar("K1")
K2 = TypeVar("K2")

ABSENT = object()
#: A key under which there is never a value.
NO_KEY = b""


class StorageItem(Generic[T, D]):
    """The base class of all items: prefix, codec of the value, default and documentation."""

    hashers: tuple[Hasher, ...] = ()
    keys_codec: tuple[AnyCodec, ...] = ()

    def __init__(self, prefix: str, name: str, type_: Any, default: Any, docs: str) -> None:
        self.pallet_prefix, self.docs = prefix, docs
        self.set_name(name)
        self.codec: Codec[T] = codec_of(type_)
        self.optional = default is ABSENT
        #: The constant that the default follows, if any.
        self.default_constant: Constant[T] | None = default if isinstance(default, Constant) else None
        if self.default_constant is not None:
            default = self.default_constant.default
        #: The encoded default of the real chain.
        self.default_bytes = b"\0" if self.optional else self.codec.encode(default)
        self._cacheable, self._copied = self.codec.immutable, self.codec.copyable
        shared = self._cacheable and not self.optional and self.default_constant is None
        self._shared_default: Any = default if shared else None
        #: Makes a default that is an empty list or dictionary: a new one for each read, as callers may change it.
        fresh = isinstance(default, list | dict) and not default and self.default_constant is None
        self._empty_default: Callable[[], Any] | None = type(default) if fresh else None

    def set_name(self, name: str) -> None:
        """Set the item's name on the chain, from which its keys are hashed."""
        self.name = name
        self.prefix = twox_128(self.pallet_prefix.encode()) + twox_128(name.encode())

    def default(self, constants: ConstantValues | None = None) -> D:
        """Return the value of an absent entry; a new object where values can be changed in place.

        `constants` are those of a chain (`Runtime.constant_values`), by default the real chain's.
        """
        if self.optional or self._shared_default is not None:
            shared: D = self._shared_default
            return shared
        if self._empty_default is not None:
            fresh: D = self._empty_default()
            return fresh
        return self.codec.decode(self.encoded_default(constants))  # type: ignore[return-value]  # without option D is T

    def encoded_default(self, constants: ConstantValues | None = None) -> bytes:
        """Return the encoded default on a chain with these constants, as in metadata."""
        if self.default_constant is None or constants is None:
            return self.default_bytes
        return self.codec.encode(constants[self.default_constant])

    def key_of(self, parts: Sequence[Any]) -> bytes:
        """Return the storage key for these key parts; a plain value has none."""
        assert not parts, f"{self!r} has no keys"
        return self.prefix

    def parts_of(self, key: bytes, skip: int = 0) -> tuple[Any, ...]:
        """Return the key parts in a full storage key without the first `skip`; a plain value has none."""
        assert key == self.prefix, f"{self!r} has no keys"
        return ()

    def read(self, ctx: Context, parts: Sequence[Any]) -> D:
        """Return the value for these typed key parts, one for each hasher (none for a plain value)."""
        assert len(parts) == len(self.hashers), f"{self!r} has {len(self.hashers)} keys, got {len(parts)}"
        return self._read(ctx, self.key_of(parts))

    def _read(self, ctx: Context, key: bytes) -> D:
        state = ctx.state
        cached = state.decoded.get(key, ABSENT)
        if cached is not ABSENT:
            # Only this item writes under its keys. Callers may change the lists and dictionaries that they get.
            return cached.copy() if self._copied else cached  # type: ignore[attr-defined,return-value]
        raw = state.get(key)
        if raw is None and self.default_constant is not None:
            value: D = self.default_constant.get(ctx)  # type: ignore[assignment]  # the constant's type is the item's
        else:
            value = self.default() if raw is None else self._decode(ctx, raw)
        if self._cacheable:
            state.decoded[key] = value
        elif self._copied and raw is not None and value is not None:
            state.decoded[key] = value.copy()  # type: ignore[attr-defined]  # a list or a dictionary
        return value

    def _decode(self, ctx: Context, raw: bytes) -> D:
        try:
            return self.codec.decode(raw, ctx.runtime)  # type: ignore[return-value]  # D is T, or None besides
        except ScaleError:
            value = self._misfit(ctx, raw)
            return self.default(ctx.runtime.constant_values) if value is ABSENT else value

    def _misfit(self, ctx: Context, raw: bytes) -> Any:
        """Return the value at the beginning of bytes that do not encode exactly one, or ABSENT if there is none.

        Root may store any bytes with `System.set_storage`. As in FRAME, bytes behind a value are ignored, and an entry
        that does not decode counts as absent.
        """
        try:
            return self.codec.read(Reader(raw, scope=ctx.runtime))
        except ScaleError:
            return ABSENT

    def _write(self, ctx: Context, key: bytes, value: T) -> None:
        state = ctx.state
        state.put(key, self.codec.encode(value))
        if self._cacheable:
            state.decoded[key] = value
        elif self._copied and value.__class__ in (list, dict):
            state.decoded[key] = value.copy()  # type: ignore[attr-defined]  # a list or a dictionary

    def _write_all(self, ctx: Context, keys: Sequence[bytes], values: Collection[T]) -> None:
        if self._cacheable:
            ctx.state.put_all(keys, self.codec.encode_all(values), values)
        else:
            for key, value in zip(keys, values, strict=True):
                self._write(ctx, key, value)

    def __repr__(self) -> str:
        return f"<storage {self.pallet_prefix}.{self.name}>"


class StorageValue(StorageItem[T, D]):
    """One value."""

    def get(self, ctx: Context) -> D:
        cached = ctx.state.decoded.get(self.prefix, ABSENT)
        if cached is not ABSENT and not self._copied:
            return cached  # type: ignore[return-value]  # only this item writes under its key
        return self._read(ctx, self.prefix)

    def put(self, ctx: Context, value: T) -> None:
        self._write(ctx, self.prefix, value)

    def kill(self, ctx: Context) -> None:
        ctx.state.delete(self.prefix)

    def exists(self, ctx: Context) -> bool:
        return ctx.state.exists(self.prefix)

    def take(self, ctx: Context) -> D:
        """Return the value and remove it."""
        value = self.get(ctx)
        self.kill(ctx)
        return value

    def mutate(self, ctx: Context, change: Callable[[D], T]) -> T:
        """Replace the value by the result of `change`, and return it."""
        value = change(self.get(ctx))
        self.put(ctx, value)
        return value


class _KeyedItem(StorageItem[T, D]):
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
            known = decoded[self.prefix] = tuple(islice(ctx.state.keys(self.prefix), 1))
        return not known


class StorageMap(_KeyedItem[T, D], Generic[K, T, D]):
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
        """What `get` gives for each of these keys."""
        if not self._copied:
            decoded, known = ctx.state.decoded, self._known_keys
            try:
                return [decoded[known[key]] for key in keys]  # type: ignore[misc]  # only this item writes there
            except KeyError:
                pass
        return [self.get(ctx, key) for key in keys]

    def put_column(self, ctx: Context, keys: Collection[K], values: Collection[T]) -> None:
        """Write a value for each of these keys."""
        if keys:
            known = self._known_keys
            self._write_all(ctx, [known.get(key) or self.key(key) for key in keys], values)

    def remove(self, ctx: Context, key: K) -> None:
        ctx.state.delete(self.key(key))

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


class StorageDoubleMap(_KeyedItem[T, D], Generic[K1, K2, T, D]):
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

    def _read_all(self, ctx: Context, keys: list[bytes]) -> list[D]:
        known, read = ctx.state.decoded.get, self._read
        if self._copied:
            return [read(ctx, key) for key in keys]
        # Only this item writes under its keys.
        return [
            read(ctx, key) if (value := known(key, ABSENT)) is ABSENT else value  # type: ignore[misc]
            for key in keys
        ]

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
        for key in [key for key in ctx.state.keys(stem) if key not in kept]:
            ctx.state.delete(key)


class StorageNMap(_KeyedItem[T, D], Generic[K, T, D]):
    """A value for each tuple of keys (three and more)."""

    def key(self, keys: K) -> bytes:
        """Return the full storage key of an entry."""
        return self.key_of(keys)  # type: ignore[arg-type]  # K is a tuple of the declared length

    def get(self, ctx: Context, keys: K) -> D:
        return self._read(ctx, self.key(keys))

    def put(self, ctx: Context, keys: K, value: T) -> None:
        self._write(ctx, self.key(keys), value)

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

    def under(self, ctx: Context, *first: Any) -> Iterator[tuple[tuple[Any, ...], T]]:
        """Return pairs of the remaining keys and the value for entries that begin with these keys."""
        return self._entries(ctx, self.key_of(first), len(first))

    def clear_under(self, ctx: Context, *first: Any) -> int:
        """Remove the entries that begin with these keys and return how many there were."""
        return ctx.state.clear_prefix(self.key_of(first))
