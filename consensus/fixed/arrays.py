"""I32F32 on NumPy arrays, equal to the scalar functions bit for bit.

There are two families. The general functions take any raw bits, in int64 arrays. The *unit* functions take values of
[0, 1], the values of an epoch, in uint64 arrays of 0..2^32: a product or a shifted dividend of these fits 64 bits
unless a factor or the dividend is exactly one, and that single case is corrected afterwards.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .format import I32F32
from .functions import E_23_BITS, EXP_LIMIT

U64: TypeAlias = NDArray[np.uint64]
I64: TypeAlias = NDArray[np.int64]

ONE = np.uint64(I32F32.one)
LOW_BITS = np.uint64(I32F32.one - 1)
_32 = np.uint64(32)
_SIGN = np.uint64(1 << 63)

# Any I32F32


def _magnitude(a: I64) -> U64:
    """Return |a| as uint64; -2^63 included."""
    bits = a.view(np.uint64)
    return np.where(a < 0, np.uint64(0) - bits, bits)


def _signed(magnitude: U64, negative: NDArray[np.bool_], overflow: NDArray[np.bool_]) -> I64:
    """Return ±magnitude as int64, clamped where it overflows."""
    limit = np.where(negative, _SIGN, _SIGN - np.uint64(1))
    clamped = np.where(overflow | (magnitude > limit), limit, magnitude)
    return np.where(negative, np.uint64(0) - clamped, clamped).view(np.int64)


def saturating_mul(a: I64, b: I64) -> I64:
    """Return floor(a·b / 2^32), clamped."""
    x, y = np.broadcast_arrays(_magnitude(a), _magnitude(b))
    x_high, x_low, y_high, y_low = x >> _32, x & LOW_BITS, y >> _32, y & LOW_BITS
    top, bottom = x_high * y_high, x_low * y_low
    middle = x_high * y_low + x_low * y_high + (bottom >> _32)
    overflow = (top >= np.uint64(1 << 31)) | (middle >= _SIGN)
    negative = (a < 0) != (b < 0)
    # Flooring a negative product increases its magnitude by one where bits are cut off.
    cut = (negative & ((bottom & LOW_BITS) != 0)).astype(np.uint64)
    return _signed((top << _32) + middle + cut, negative, overflow)


def _divide(a: I64, b: I64) -> tuple[U64, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return |a·2^32 / b| truncated, whether the quotient is negative, and whether it overflows. b must not be 0."""
    x, y = np.broadcast_arrays(_magnitude(a), _magnitude(b))
    whole = x // y
    rest = x - whole * y
    fraction = np.zeros_like(rest)
    for _ in range(32):  # long division, one bit at a time: the remainder stays below y <= 2^63
        rest = rest << np.uint64(1)
        bit = rest >= y
        rest = np.where(bit, rest - y, rest)
        fraction = (fraction << np.uint64(1)) | bit
    negative = ((a < 0) != (b < 0)) & ((whole | fraction) != 0)
    quotient = (whole << _32) | fraction
    limit = np.where(negative, _SIGN, _SIGN - np.uint64(1))
    return quotient, negative, (whole > np.uint64(1 << 31)) | (quotient > limit)


def saturating_div(a: I64, b: I64) -> I64:
    """Return a / b truncated, clamped. b must not be 0."""
    return _signed(*_divide(a, b))


def safe_div(a: I64, b: I64) -> I64:
    """Return a / b truncated; 0 where b is 0 and where the quotient overflows."""
    quotient, negative, overflow = _divide(a, np.where(b == 0, np.int64(1), b))
    return np.where(overflow | (b == 0), np.int64(0), _signed(quotient, negative, overflow))


def saturating_add(a: I64, b: I64) -> I64:
    total = a + b
    limit = np.where(a < 0, np.int64(I32F32.min), np.int64(I32F32.max))
    return np.where(((a ^ total) & (b ^ total)) < 0, limit, total)


def saturating_sub(a: I64, b: I64) -> I64:
    difference = a - b
    limit = np.where(a < 0, np.int64(I32F32.min), np.int64(I32F32.max))
    return np.where(((a ^ b) & (a ^ difference)) < 0, limit, difference)


# Values of [0, 1] as uint64. Results are written into `out` if it is not None: allocating a large array costs more
# time in page faults than the arithmetic on it.


def unit_mul(a: U64, b: U64 | np.uint64, out: U64 | None = None) -> U64:
    """Return floor(a·b / 2^32) for a and b in [0, 1]; fastest where b is the smaller array."""
    ones = (a & b) >> _32 if _has_one(b) and _has_one(a) else None
    product = np.multiply(a, b, out=out)
    product >>= _32
    if ones is not None:  # only one times one has bit 32 in both factors, and it wrapped to 0
        product |= ones << _32
    return product


def unit_div(a: U64, b: U64 | np.uint64, out: U64 | None = None) -> U64:
    """Return a·2^32 / b truncated, for a in [0, 1], b > 0 and b >= a."""
    ones = a >= ONE if _has_one(a) else None
    quotient = np.left_shift(a, _32, out=out)
    quotient //= b
    if ones is not None:
        quotient[ones] = reciprocal(np.broadcast_to(b, quotient.shape)[ones])
    return quotient


def _has_one(a: U64 | np.uint64) -> bool:
    return bool(a.size) and bool(a.max() >= ONE)


def reciprocal(b: U64, out: U64 | None = None) -> U64:
    """Return 2^64 / b truncated, for b > 1: with wrapping arithmetic (2^64 - b) / b + 1."""
    quotient: U64 = np.subtract(np.uint64(0), b, out=out)
    quotient //= b
    quotient += np.uint64(1)
    return quotient


def unit_to_u16(a: U64, out: U64 | None = None) -> NDArray[np.uint16]:
    """Return floor(a · 65535) for a in [0, 1], as a new array; `out` receives the intermediate product."""
    scaled = np.multiply(a, np.uint64(65535), out=out)
    scaled >>= _32
    return scaled.astype(np.uint16)


def unit_proportion(k: NDArray[Any], out: U64 | None = None) -> U64:
    """Return k / 65535 for k in 0..65535: 65537·k, and exactly one for 65535."""
    shares: U64 = np.multiply(k, np.uint64(65537), out=out, dtype=np.uint64, casting="unsafe")
    shares += k == 65535
    return shares


def unit_normalise(values: U64) -> U64:
    """Return each value over the sum of all; unchanged where the sum is 0."""
    total = values.sum(dtype=np.uint64)
    return unit_div(values, total) if total else values


# The exponential

#: Elements processed at a time, so that the arrays of the series stay in the processor's cache.
_BLOCK = 16384


def exp_safe(x: I64, out: U64 | None = None) -> U64:
    """Return e^x of each element, x clamped to [-20, 20], by the 31 terms of the scalar version; `out` may be x."""
    result = np.empty(x.shape, np.uint64) if out is None else out
    flat, flat_result = x.ravel(), result.ravel()
    work = np.empty((6, min(_BLOCK, x.size)), np.uint64)
    for start in range(0, flat.size, _BLOCK):
        block = flat[start : start + _BLOCK]
        flat_result[start : start + _BLOCK] = _exp_block(block, work[:, : block.size])
    return result


def _exp_block(x: I64, work: U64) -> U64:
    """Return e^x in one of the six arrays of `work`, which have the length of x."""
    magnitude, part = work[0], work[1]
    np.clip(x, -EXP_LIMIT, EXP_LIMIT, out=magnitude.view(np.int64))
    np.abs(magnitude.view(np.int64), out=magnitude.view(np.int64))
    power = _exp_series(magnitude, work[1:])
    power[x == I32F32.one] = E_23_BITS << (I32F32.fraction_bits - 23)
    np.copyto(power, reciprocal(power, out=part), where=x < 0)
    return power


def _exp_series(x: U64, work: U64) -> U64:
    """Return 1 + x + x²/2! + … + x^31/31! for x in [0, 20], each term from the previous one: floor(floor(t·x)/i).

    t·x needs up to 94 bits, so t is split at its binary point, in each step, and x once (20 has five whole bits).
    """
    part, term, low, x_high, total = work
    np.copyto(term, x)
    np.right_shift(x, _32, out=x_high)
    x_low = x & LOW_BITS
    np.add(x, ONE, out=total)
    for i in range(2, I32F32.fraction_bits):
        np.bitwise_and(term, LOW_BITS, out=low)
        term >>= _32
        term *= x
        term += np.multiply(low, x_high, out=part)
        low *= x_low
        low >>= _32
        term += low
        term //= np.uint64(i)
        total += term
    return np.asarray(total)
