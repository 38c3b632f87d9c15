"""Names of SCALE types for declarations: `u64`, `Compact[u64]`, `AccountId`, `MaxLen`, `Result` and others.

Type checkers see `int`, `bytes`, `list` …; the codec is in the annotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from .codec import (
    I8,
    I16,
    I32,
    I64,
    I128,
    U8,
    U16,
    U32,
    U64,
    U128,
    UNIT,
    AnyCodec,
    Codec,
    CompactUnit,
    FixedBytes,
    Integer,
)
from .codec import U256 as INT256
from .codec import Compact as CompactCodec
from .containers import Array, Bounded, Newtype, Vec
from .describe import ArrayOf, Description, FieldInfo, Variant, VariantInfo
from .markers import Marker, SourceName
from .reader import Reader, ScaleError

T = TypeVar("T")
E = TypeVar("E")

u8 = Annotated[int, U8]
u16 = Annotated[int, U16]
u32 = Annotated[int, U32]
u64 = Annotated[int, U64]
u128 = Annotated[int, U128]
u256 = Annotated[int, INT256]
i8 = Annotated[int, I8]
i16 = Annotated[int, I16]
i32 = Annotated[int, I32]
i64 = Annotated[int, I64]
i128 = Annotated[int, I128]


class _Compact(Marker):
    def apply(self, inner: AnyCodec) -> AnyCodec:
        if inner is UNIT:
            return CompactUnit()
        core: AnyCodec = inner
        while isinstance(core, Newtype):
            core = core.inner
        if not isinstance(core, Integer):
            raise TypeError(f"expected an unsigned integer for the compact form, got {inner.name}")
        return CompactCodec(core, inner)

    def spell(self, inner: str) -> str:
        return f"Compact<{inner}>"


class _AsCompact(_Compact):
    def spell(self, inner: str) -> str:
        return inner


#: An unsigned integer in compact form, in which small values take few bytes.
Compact = Annotated[T, _Compact()]
#: The same encoding where the source has it in an attribute of the field, not in the field's type.
AsCompact = Annotated[T, _AsCompact()]


class _Box(Marker):
    def apply(self, inner: AnyCodec) -> AnyCodec:
        return inner

    def spell(self, inner: str) -> str:
        return f"Box<{inner}>"


#: A value on the heap in Rust, which changes the source spelling only.
Box = Annotated[T, _Box()]


@dataclass(frozen=True)
class MaxLen(Marker):
    """`Annotated[list[T], MaxLen(n)]` is a `BoundedVec<T>` of at most n items; `weak` a `WeakBoundedVec`.

    `bound` is the source spelling of the limit's type where it is not `ConstU32<n>`.
    """

    limit: int
    weak: bool = False
    bound: str = ""

    def apply(self, inner: AnyCodec) -> AnyCodec:
        path = "weak_bounded_vec::WeakBoundedVec" if self.weak else "bounded_vec::BoundedVec"
        # The runtime does not enforce a weak bound: longer vectors are stored and read.
        limit = 0xFFFF_FFFF if self.weak else self.limit
        return Bounded(inner, limit, f"bounded_collections::{path}")

    def spell(self, inner: str) -> str:
        bound = self.bound or f"ConstU32<{self.limit}>"
        return f"{'WeakBoundedVec' if self.weak else 'BoundedVec'}<{item_of(inner)}, {bound}>"


@dataclass(frozen=True)
class FixedLen(Marker):
    """`Annotated[list[T], FixedLen(n)]` is `[T; n]`."""

    length: int

    def apply(self, inner: AnyCodec) -> AnyCodec:
        if not isinstance(inner, Vec):
            raise TypeError(f"expected a list for FixedLen, got {inner.name}")
        return Array(inner.item, self.length)

    def spell(self, inner: str) -> str:
        return f"[{item_of(inner)}; {self.length}]"


def item_of(vec: str) -> str:
    """Return the spelling of the items from that of a `Vec`."""
    return vec.removeprefix("Vec<")[:-1]


def newtype(
    inner: Any,
    path: str,
    field: str | None = None,
    params: tuple[tuple[str, AnyCodec | None], ...] = (),
    type_name: str | None = "",
) -> AnyCodec:
    """Return a codec with the encoding of `inner` and a path of its own; for `type_name` see `Newtype`."""
    return Newtype(inner, path, field, params, type_name)


class PerThing(Newtype[int]):
    """A proportion: a number of parts, up to the number that makes the whole (`one`). More is refused."""

    def __init__(self, inner: Integer, name: str, one: int) -> None:
        super().__init__(inner, f"sp_arithmetic::per_things::{name}")
        self.one = one
        # The methods of Codec that build on `encode` and `read`, instead of those of the inner codec.
        for method in ("encode", "read", "flat", "encode_all", "decode", "decode_all"):
            self.__dict__.pop(method, None)

    def encode(self, value: int) -> bytes:
        encoded = self.inner.encode(value)
        self._check(value)
        return encoded

    def read(self, reader: Reader) -> int:
        return self._check(self.inner.read(reader))

    def _check(self, value: int) -> int:
        if value > self.one:
            raise ScaleError(f"expected at most {self.one} parts, got {value}")
        return value


class Words(Integer):
    """An unsigned integer of several words of 64 bits, the lowest first; metadata shows the words."""

    def __init__(self, words: int) -> None:
        super().__init__(64 * words)
        self.words, self.name = words, f"[u64; {words}]"

    def describe(self) -> Description:
        return Description(ArrayOf(U64, self.words))


Bytes4 = Annotated[bytes, FixedBytes(4)]
Bytes8 = Annotated[bytes, FixedBytes(8)]
Bytes32 = Annotated[bytes, FixedBytes(32)]
AccountId = Annotated[bytes, FixedBytes(32, "sp_core::crypto::AccountId32"), SourceName("AccountId", "T::AccountId")]
H160 = Annotated[bytes, FixedBytes(20, "primitive_types::H160")]
H256 = Annotated[bytes, FixedBytes(32, "primitive_types::H256")]
#: An unsigned integer of 256 bits, as in Ethereum.
U256 = Annotated[int, Newtype(Words(4), "primitive_types::U256")]
Perbill = Annotated[int, PerThing(U32, "Perbill", 10**9)]
Permill = Annotated[int, PerThing(U32, "Permill", 10**6)]
Percent = Annotated[int, PerThing(U8, "Percent", 100)]
Perquintill = Annotated[int, PerThing(U64, "Perquintill", 10**18)]
FixedU128 = Annotated[int, Newtype(U128, "sp_arithmetic::fixed_point::FixedU128")]


@dataclass(frozen=True)
class Ok(Generic[T]):
    """The success of a Result."""

    value: T


@dataclass(frozen=True)
class Err(Generic[E]):
    """The failure of a Result."""

    error: E


Result = Ok[T] | Err[E]


class ResultCodec(Codec[Any]):
    """00 and the value, or 01 and the error."""

    def __init__(self, ok: AnyCodec, err: AnyCodec) -> None:
        self.ok, self.err = ok, err
        self.immutable = ok.immutable and err.immutable
        self.name = f"Result<{ok.name}, {err.name}>"

    def encode(self, value: Ok[Any] | Err[Any]) -> bytes:
        if isinstance(value, Ok):
            return b"\0" + self.ok.encode(value.value)
        if isinstance(value, Err):
            return b"\1" + self.err.encode(value.error)
        raise ScaleError(f"expected Ok or Err, got {value!r:.80}")

    def read(self, reader: Reader) -> Ok[Any] | Err[Any]:
        tag = reader.byte()
        if tag > 1:
            raise ScaleError(f"expected a result (00 or 01), got {tag:02x}", reader.at - 1)
        return Err(self.err.read(reader)) if tag else Ok(self.ok.read(reader))

    def describe(self) -> Description:
        variants = (
            VariantInfo("Ok", 0, (FieldInfo(None, self.ok),)),
            VariantInfo("Err", 1, (FieldInfo(None, self.err),)),
        )
        return Description(Variant(variants), "Result", [("T", self.ok), ("E", self.err)])
