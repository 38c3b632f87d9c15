"""The limits of the chain's integers, and saturating arithmetic on the unsigned ones.

Python's integers are unbounded, the chain's are not: a sum that is too large becomes the largest value of its type, a
negative difference becomes 0. Arguments are non-negative, of any width, except where a function says otherwise.
"""

from __future__ import annotations

I64_MIN, I64_MAX = -(1 << 63), (1 << 63) - 1
U16_MAX = (1 << 16) - 1
U32_MAX = (1 << 32) - 1
U64_MAX = (1 << 64) - 1
U128_MAX = (1 << 128) - 1


def saturating_sub(left: int, right: int) -> int:
    """Return the difference of two unsigned integers of one type, 0 where it would be negative."""
    return left - right if left > right else 0


def wrap_i64(value: int) -> int:
    """Return a value of any sign as a signed 64-bit integer: its low 64 bits, as two's complement."""
    return ((value - I64_MIN) & U64_MAX) + I64_MIN


def saturate_u16(value: int) -> int:
    """Return the value, at most 2^16 - 1."""
    return value if value < U16_MAX else U16_MAX


def saturate_u32(value: int) -> int:
    """Return the value, at most 2^32 - 1."""
    return value if value < U32_MAX else U32_MAX


def saturate_u64(value: int) -> int:
    """Return the value, at most 2^64 - 1."""
    return value if value < U64_MAX else U64_MAX


def saturate_u128(value: int) -> int:
    """Return the value, at most 2^128 - 1."""
    return value if value < U128_MAX else U128_MAX


def saturating_add_u64(left: int, right: int) -> int:
    """Return the sum, at most 2^64 - 1."""
    total = left + right
    return total if total < U64_MAX else U64_MAX


def saturating_mul_u64(left: int, right: int) -> int:
    """Return the product, at most 2^64 - 1."""
    product = left * right
    return product if product < U64_MAX else U64_MAX
