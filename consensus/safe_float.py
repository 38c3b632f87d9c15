"""SafeFloat: the decimal floating-point number of shares of stake.

A number is `mantissa · 10^exponent` with a mantissa of 21 digits, in (10^20, 10^21]; zero is 0 · 10^0. That resolves
one rao within the total supply, but not a tenth of a rao. There are no negative numbers. Digits that do not fit are
cut off, never rounded.

Model: `primitives/share-pool` of the chain. Operations return None where an exponent exceeds 64 bits or a divisor is
zero. Numbers are treated as immutable; they are not frozen, because frozen dataclasses are slower to create.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from .integers import U64_MAX, saturate_u64, saturating_sub
from .internal import InternalError

DIGITS = 21
MAX_MANTISSA = 10**DIGITS
#: Mantissas of normal numbers are above this.
MIN_MANTISSA = 10 ** (DIGITS - 1)
POWERS_OF_TEN: tuple[int, ...] = tuple(10**n for n in range(DIGITS + 2))

MAX_EXPONENT = (1 << 63) - 1
MIN_EXPONENT = -(1 << 63)


@dataclass(slots=True, unsafe_hash=True)
class SafeFloat:
    """`mantissa · 10^exponent`; `of` normalises, and operations on normalised numbers return normalised ones."""

    mantissa: int = 0
    exponent: int = 0

    # Into and out of SafeFloat

    @staticmethod
    def of(mantissa: int, exponent: int = 0) -> SafeFloat | None:
        """Return mantissa · 10^exponent; None for mantissas above 10^21 and where the exponent does not fit."""
        return None if mantissa > MAX_MANTISSA else _normal(mantissa, exponent)

    @staticmethod
    def from_u64(value: int) -> SafeFloat:
        """Return a whole number below 2^64, exactly."""
        return _normal(value, 0) or ZERO

    @staticmethod
    def from_u64f64(bits: int) -> SafeFloat:
        """Return a U64F64, the former type of stored shares: its fraction in 21 digits, added to its whole part."""
        whole, fraction = SafeFloat.from_u64(bits >> 64), SafeFloat.from_u64(bits & U64_MAX)
        part = fraction.checked_div(_TWO_64)
        total = None if part is None else whole.checked_add(part)
        if total is None:
            raise InternalError(f"a U64F64 has 128 bits, got {bits}")
        return total

    def to_u64(self) -> int:
        """Return the whole part, at most 2^64 - 1."""
        scale = POWERS_OF_TEN[min(abs(self.exponent), DIGITS + 1)]
        value = self.mantissa // scale if self.exponent < 0 else self.mantissa * scale
        return saturate_u64(value)

    # Arithmetic

    def is_zero(self) -> bool:
        return self.mantissa == 0

    def checked_add(self, other: SafeFloat) -> SafeFloat | None:
        """Return the sum. The smaller number loses the digits below the larger one's last digit."""
        if not self.mantissa:
            return other
        if not other.mantissa:
            return self
        left, right, exponent = _align(self, other)
        return _normal(left + right, exponent)

    def checked_sub(self, other: SafeFloat) -> SafeFloat | None:
        """Return the difference, zero where `other` is larger; but None for zero minus a positive number."""
        if not other.mantissa:
            return self
        if not self.mantissa:
            return None
        left, right, exponent = _align(self, other)
        return _normal(saturating_sub(left, right), exponent)

    def checked_div(self, other: SafeFloat) -> SafeFloat | None:
        """Return the quotient; None for division by zero."""
        if not other.mantissa:
            return None
        exponent = self.exponent - other.exponent - DIGITS
        if not MIN_EXPONENT <= exponent <= MAX_EXPONENT:
            return None
        return _normal(self.mantissa * MAX_MANTISSA // other.mantissa, exponent)

    def checked_mul_div(self, factor: SafeFloat, divisor: SafeFloat) -> SafeFloat | None:
        """Return self · factor / divisor, computed from the exact product; None for division by zero."""
        if not divisor.mantissa:
            return None
        product_exponent = self.exponent + factor.exponent
        exponent = product_exponent - divisor.exponent
        if max(product_exponent, exponent) > MAX_EXPONENT or min(product_exponent, exponent) < MIN_EXPONENT:
            return None
        return _normal(self.mantissa * factor.mantissa // divisor.mantissa, exponent)

    def __gt__(self, other: SafeFloat) -> bool:
        """Return whether this normalised number is larger than another. Zero is never larger, whatever its exponent."""
        if not self.mantissa or not other.mantissa:
            return self.mantissa > other.mantissa
        difference = self.exponent - other.exponent
        if abs(difference) > 1:
            return difference > 0
        return self.mantissa * POWERS_OF_TEN[difference + 1] > other.mantissa * 10


def _align(a: SafeFloat, b: SafeFloat) -> tuple[int, int, int]:
    """Return both mantissas for the larger of both exponents, and that exponent."""
    difference = a.exponent - b.exponent
    scale = POWERS_OF_TEN[min(abs(difference), DIGITS + 1)]
    if difference >= 0:
        return a.mantissa, b.mantissa // scale, a.exponent
    return a.mantissa // scale, b.mantissa, b.exponent


def _normal(mantissa: int, exponent: int) -> SafeFloat | None:
    """Return the normal form, cut off to 21 digits; None where the exponent does not fit.

    Digits are cut off before the mantissa is filled up: 10^21 + 1 becomes 10^20, and that 10^21.
    """
    if mantissa == 0:
        return ZERO
    while mantissa > MAX_MANTISSA:
        mantissa //= 10
        exponent += 1
    if exponent > MAX_EXPONENT:
        return None
    if mantissa <= MIN_MANTISSA:
        missing = DIGITS - bisect_left(POWERS_OF_TEN, mantissa)
        mantissa *= POWERS_OF_TEN[missing]
        exponent -= missing
    return None if exponent < MIN_EXPONENT else SafeFloat(mantissa, exponent)


ZERO = SafeFloat()
_TWO_64 = SafeFloat((1 << 64) * 10, -1)
