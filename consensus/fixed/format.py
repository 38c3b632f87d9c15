"""Fixed-point formats: arithmetic on integers ("raw bits") with the rounding, saturation and conversions of the chain.

A raw value r of a format with f fraction bits represents r / 2^f. A `Format` holds no number; its methods operate on
plain ints: `I32F32.saturating_mul(a, b)`. Methods take and return raw bits unless documented otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field


def truncating_div(a: int, b: int) -> int:
    """Return a / b rounded toward zero, as processors divide (Python's `//` rounds toward minus infinity)."""
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


@dataclass(frozen=True, slots=True)
class Format:
    """A fixed-point format: `integer_bits` before the point (including the sign), `fraction_bits` after it."""

    name: str
    integer_bits: int
    fraction_bits: int
    signed: bool
    #: 1.0 as raw bits.
    one: int = field(init=False)
    #: The smallest and the largest raw value.
    min: int = field(init=False)
    max: int = field(init=False)

    def __post_init__(self) -> None:
        magnitude_bits = self.integer_bits + self.fraction_bits - self.signed
        object.__setattr__(self, "one", 1 << self.fraction_bits)
        object.__setattr__(self, "min", -(1 << magnitude_bits) if self.signed else 0)
        object.__setattr__(self, "max", (1 << magnitude_bits) - 1)

    # Into range

    def fits(self, raw: int) -> bool:
        return self.min <= raw <= self.max

    def clamp(self, raw: int) -> int:
        """Return the nearest value that the format can hold."""
        return self.min if raw < self.min else self.max if raw > self.max else raw

    def wrap(self, raw: int) -> int:
        """Return the low bits, as two's complement: the result of plain addition in a release build."""
        bits = self.integer_bits + self.fraction_bits
        low = raw & ((1 << bits) - 1)
        return low - (1 << bits) if self.signed and low >> (bits - 1) else low

    def _checked(self, raw: int) -> int | None:
        return raw if self.fits(raw) else None

    # Arithmetic. Products are floored toward minus infinity, quotients are cut toward zero.

    def _product(self, a: int, b: int) -> int:
        return (a * b) >> self.fraction_bits

    def _quotient(self, a: int, b: int) -> int:
        return truncating_div(a << self.fraction_bits, b)

    def saturating_add(self, a: int, b: int) -> int:
        return self.clamp(a + b)

    def saturating_sub(self, a: int, b: int) -> int:
        return self.clamp(a - b)

    def saturating_mul(self, a: int, b: int) -> int:
        return self.clamp(self._product(a, b))

    def saturating_div(self, a: int, b: int) -> int:
        """Return a / b, clamped. Division by zero is a programming error: ZeroDivisionError (on the chain, a panic)."""
        return self.clamp(self._quotient(a, b))

    def wrapping_sum(self, values: list[int]) -> int:
        return self.wrap(sum(values))

    def checked_add(self, a: int, b: int) -> int | None:
        return self._checked(a + b)

    def checked_sub(self, a: int, b: int) -> int | None:
        return self._checked(a - b)

    def checked_mul(self, a: int, b: int) -> int | None:
        return self._checked(self._product(a, b))

    def checked_div(self, a: int, b: int) -> int | None:
        """Return a / b; None where it does not fit or b is zero."""
        return self._checked(self._quotient(a, b)) if b else None

    def safe_div(self, a: int, b: int, default: int = 0) -> int:
        """Return a / b; `default` where b is zero *or the quotient overflows* (it does not saturate)."""
        quotient = self.checked_div(a, b)
        return default if quotient is None else quotient

    # Conversions

    def from_int(self, value: int) -> int:
        """Return the raw bits of a whole number, clamped (u64 values of 2^63 and above saturate in I64F64)."""
        return self.clamp(value << self.fraction_bits)

    def wrapping_from_int(self, value: int) -> int:
        """Return the raw bits of a whole number, the high ones cut off, as the chain's `from_num` does."""
        return self.wrap(value << self.fraction_bits)

    def to_int(self, raw: int, bits: int, *, signed: bool = False) -> int:
        """Return the floor of a value as an integer of `bits` bits, clamped; negatives become 0 when unsigned."""
        low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
        return min(max(raw >> self.fraction_bits, low), high)

    def convert(self, raw: int, source: Format) -> int:
        """Return a value of another format in this one: surplus fraction bits are floored, the result is clamped."""
        return self.clamp(self._rescaled(raw, source))

    def wrapping_convert(self, raw: int, source: Format) -> int:
        """Return a value of another format in this one: surplus fraction bits are floored, high ones cut off."""
        return self.wrap(self._rescaled(raw, source))

    def _rescaled(self, raw: int, source: Format) -> int:
        shift = self.fraction_bits - source.fraction_bits
        return raw << shift if shift >= 0 else raw >> -shift


#: Shares, weights and bonds of the epoch.
I32F32 = Format("I32F32", 32, 32, signed=True)
#: Stake in rao.
I64F64 = Format("I64F64", 64, 64, signed=True)
#: Emission of an epoch, logarithms of the issuance.
I96F32 = Format("I96F32", 96, 32, signed=True)
#: Prices, pools and ratios.
U64F64 = Format("U64F64", 64, 64, signed=False)
U96F32 = Format("U96F32", 96, 32, signed=False)
