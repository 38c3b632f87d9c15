"""Fixed-point numbers of the `substrate_fixed` crate: an integer whose lower bits are the fraction.

In Python a number is the `int` of its bits: one is `1 << 64` as a U64F64 and `1 << 32` as an I96F32. `consensus.fixed`
has their arithmetic.
"""

from __future__ import annotations

from typing import Annotated, Any

from .codec import I64, I128, U128, AnyCodec, Codec
from .describe import Composite, Description, FieldInfo
from .markers import SourceName
from .reader import Reader, ScaleError
from .types import newtype


class _TypeLevel(Codec[Any]):
    """A type without values, used as a generic parameter of other types."""

    def encode(self, value: Any) -> bytes:
        raise ScaleError(f"{self.name} has no values, got {value!r:.80}")

    def read(self, reader: Reader) -> Any:
        raise ScaleError(f"{self.name} has no values", reader.at)


class _Bit(_TypeLevel):
    """One binary digit as a type."""

    def __init__(self, digit: int) -> None:
        self.name = f"substrate_typenum::bit::B{digit}"

    def describe(self) -> Description:
        return Description(Composite(()), self.name)


class _Number(_TypeLevel):
    """A number as a type: its higher binary digits and its last one; `UTerm` is zero."""

    def __init__(self, number: int) -> None:
        self.digits: tuple[_Number, _Bit] | None = (_Number(number >> 1), _Bit(number & 1)) if number else None
        inside = f"UInt<{', '.join(part.name for part in self.digits)}>" if self.digits else "UTerm"
        self.name = f"substrate_typenum::uint::{inside}"

    def describe(self) -> Description:
        if self.digits is None:
            return Description(Composite(()), self.name)
        higher, last = self.digits
        fields = (FieldInfo("msb", higher, "U"), FieldInfo("lsb", last, "B"))
        return Description(Composite(fields), "substrate_typenum::uint::UInt", [("U", higher), ("B", last)])


def _fixed(inner: AnyCodec, name: str, fraction_bits: int) -> AnyCodec:
    """Return the codec of a fixed-point type, from the codec of its bits."""
    return newtype(inner, f"substrate_fixed::{name}", "bits", (("Frac", _Number(fraction_bits)),))


I32F32 = Annotated[int, _fixed(I64, "FixedI64", 32), SourceName("I32F32")]
I64F64 = Annotated[int, _fixed(I128, "FixedI128", 64), SourceName("I64F64")]
I96F32 = Annotated[int, _fixed(I128, "FixedI128", 32), SourceName("I96F32")]
U64F64 = Annotated[int, _fixed(U128, "FixedU128", 64), SourceName("U64F64")]
U96F32 = Annotated[int, _fixed(U128, "FixedU128", 32), SourceName("U96F32")]
