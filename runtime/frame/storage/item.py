"""What all storage items have in common, and the items of one value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ....consensus.internal import InternalError
from ...crypto.hashing import twox_128
from ...scale import Codec, Reader, ScaleError, codec_of
from ...scale.codec import AnyCodec
from ..constant import Constant, ConstantValues
from ..hashers import Hasher

if TYPE_CHECKING:
    from ..context import Context

T = TypeVar("T")  # what is stored
D = TypeVar("D")  # what is read: T, or T | None without a default

ABSENT = object()


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
        if parts:
            raise InternalError(f"{self!r} has no keys, got {len(parts)}")
        return self.prefix

    def parts_of(self, key: bytes, skip: int = 0) -> tuple[Any, ...]:
        """Return the key parts in a full storage key without the first `skip`; a plain value has none."""
        if key != self.prefix:
            raise InternalError(f"{self!r} has no keys, got {key.hex()}")
        return ()

    def read(self, ctx: Context, parts: Sequence[Any]) -> D:
        """Return the value for these typed key parts, one for each hasher (none for a plain value)."""
        if len(parts) != len(self.hashers):
            raise InternalError(f"{self!r} has {len(self.hashers)} keys, got {len(parts)}")
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

    def _read_all(self, ctx: Context, keys: Sequence[bytes]) -> list[D]:
        """Return the value under each storage key, as `_read` does."""
        if not self._cacheable:
            return self._decode_all(ctx, ctx.state.get_all(keys))
        decoded = ctx.state.decoded
        try:
            return [decoded[key] for key in keys]  # type: ignore[misc]  # only this item writes under its keys
        except KeyError:
            unknown = [key for key in keys if key not in decoded]
        decoded.update(zip(unknown, self._decode_all(ctx, ctx.state.get_all(unknown)), strict=True))
        return [decoded[key] for key in keys]  # type: ignore[misc]

    def _decode_all(self, ctx: Context, raws: Sequence[bytes | None]) -> list[D]:
        """Return the value of each encoding, the default for None."""
        present = [raw for raw in raws if raw is not None]
        try:
            values: list[D] = self.codec.decode_all(present, ctx.runtime)  # type: ignore[assignment]  # D is T
        except ScaleError:
            values = [self._decode(ctx, raw) for raw in present]
        if len(present) == len(raws):
            return values
        constants, following = ctx.runtime.constant_values, iter(values)
        if not self._cacheable:  # a new default for each, as callers may change it
            return [self.default(constants) if raw is None else next(following) for raw in raws]
        default = self.default(constants)
        return [default if raw is None else next(following) for raw in raws]

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
        encoded = self.codec.encode_all(values)
        if self._cacheable:
            ctx.state.put_all(keys, encoded, values)
            return
        for key, value in zip(keys, encoded, strict=True):
            ctx.state.put(key, value)

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
