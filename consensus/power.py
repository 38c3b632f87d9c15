"""Powers of ratios, (a / b)^(p / q), as integers, for the price curve of pools.

The chain computes them with logarithm and exponential series of several hundred bits (crate safe-bigmath 0.4.1,
`pow_ratio_scaled`), and wherever its series has converged, the result is the true power, floored to 18 decimals.
There are two implementations. `series_power` takes the chain's steps, and so also has the chain's results where the
series does *not* converge. `quick_power` needs a tenth of the bits, bounds its own error, and returns None when the
error could change the result. Callers use `ratio_power`.
"""

from __future__ import annotations

from functools import cache
from math import gcd

#: Powers are in units of 10^-18.
SCALE = 10**18

#: Up to this numerator and denominator of the exponent, the result is computed exactly, by roots of integers.
MAX_EXACT_EXPONENT = 1024

#: Bits that the series carry beyond the requested precision.
GUARD_BITS = 24
MAX_TERMS = 4096

#: Fraction bits of `quick_power`, the uncertainty of its scaled result, and the bounds of its arguments.
QUICK_BITS = 192
QUICK_DOUBT = 1 << (QUICK_BITS - 95)
QUICK_MAX_EXPONENT = 128
QUICK_MAX_LOGARITHM = 8 << QUICK_BITS


def ratio_power(a: int, b: int, p: int, q: int, precision: int) -> int:
    """Return (a / b)^(p / q) · 10^18, floored, for a >= 0 and b, p, q > 0; `precision` in bits is that of the series.

    Far from one the chain's series runs out of terms: such results are wrong, even negative, exactly as on the chain.
    """
    if a == 0:
        return 0
    if a == b:
        return SCALE
    if p == q:
        return a * SCALE // b
    divisor = gcd(p, q)
    p, q = p // divisor, q // divisor
    if p <= MAX_EXACT_EXPONENT and q <= MAX_EXACT_EXPONENT:
        return root(a**p * SCALE**q // b**p, q)
    quick = quick_power(a, b, p, q)
    return series_power(a, b, p, q, precision) if quick is None else quick


def root(x: int, degree: int) -> int:
    """Return the largest integer whose power of this degree is at most x, by bisection."""
    if degree == 1:
        return x
    high = 1 << -(-x.bit_length() // degree)  # its power is above x
    low = 0
    while high - low > 1:
        middle = (low + high) >> 1
        if middle**degree <= x:
            low = middle
        else:
            high = middle
    return low


# The quick implementation


def quick_power(a: int, b: int, p: int, q: int) -> int | None:
    """Return the same as `series_power` at 256 bits and more, or None when that is not certain.

    ln(a/b) = 2·(z + z³/3 + z⁵/5 + …) with z = (a - b)/(a + b): a trade changes a reserve little, so z is tiny and a
    few terms suffice. For a/b in [1/2, 2], p/q <= 128 and a logarithm of the power below 8, the rounding errors here
    add up to less than 2^-100 of a unit of the result, those of the long series to far less. Unless a result is
    closer than 2^-95 to a whole number, both therefore have the same floor.
    """
    if 2 * a < b or 2 * b < a or p > QUICK_MAX_EXPONENT * q:
        return None
    logarithm = 2 * _atanh(((a - b) << QUICK_BITS) // (a + b)) * p // q
    if abs(logarithm) >= QUICK_MAX_LOGARITHM:
        return None
    result = _quick_exp(logarithm) * SCALE
    fraction = result & ((1 << QUICK_BITS) - 1)
    certain = QUICK_DOUBT < fraction < (1 << QUICK_BITS) - QUICK_DOUBT
    return result >> QUICK_BITS if certain else None


def _atanh(z: int) -> int:
    """Return z + z³/3 + z⁵/5 + … of |z| <= 1/3, in QUICK_BITS."""
    square = z * z >> QUICK_BITS
    total = power = abs(z)
    n = 1
    while power:
        power = power * square >> QUICK_BITS
        n += 2
        total += power // n
    return total if z >= 0 else -total


def _quick_exp(x: int) -> int:
    """Return 1 + x + x²/2! + … in QUICK_BITS."""
    magnitude = abs(x)
    total = term = 1 << QUICK_BITS
    n = 0
    while term:
        n += 1
        term = (term * magnitude >> QUICK_BITS) // n
        total += -term if x < 0 and n & 1 else term
    return total


# The chain's implementation


def series_power(a: int, b: int, p: int, q: int, precision: int) -> int:
    """Return exp((ln a - ln b)·p/q) · 10^18 for positive integers, by the chain's two Taylor series.

    They stop when a term is below the guard bits, or after 128 terms more than there are bits. Neither reduces its
    argument: e^-700 is summed from terms as large as e^700, and the result depends on the number of terms.
    """
    bits = precision + GUARD_BITS
    terms = min(MAX_TERMS, bits + 128)
    logarithm = (_ln(a, bits, terms) - _ln(b, bits, terms)) * p // q
    return _without_guard(_exp(logarithm, bits, terms)) * SCALE >> precision


def _ln(x: int, bits: int, terms: int) -> int:
    """Return ln(x) of a positive integer: x = m·2^k with m in [3/4, 3/2), so ln(m) + k·ln(2)."""
    halvings = x.bit_length() - 1
    one = 1 << bits
    mantissa = (x << bits) >> halvings
    if mantissa >= one + (one >> 1):
        mantissa >>= 1
        halvings += 1
    return _ln1p(mantissa - one, bits, terms) + _ln2(bits, terms) * halvings


@cache
def _ln2(bits: int, terms: int) -> int:
    """Return ln(2) as -ln(1 - 1/2)."""
    return -_ln1p(-(1 << (bits - 1)), bits, terms)


def _ln1p(x: int, bits: int, terms: int) -> int:
    """Return ln(1 + x) = x - x²/2 + x³/3 - …; every step is floored."""
    total = power = x
    rounded = _without_guard(total)
    for n in range(2, terms + 1):
        power = power * x >> bits
        step = power // n
        if step == 0:
            break
        total += step if n & 1 else -step
        before, rounded = rounded, _without_guard(total)
        if abs(step) < 1 << GUARD_BITS or rounded == before:
            break
    return total


def _exp(x: int, bits: int, terms: int) -> int:
    """Return e^x = 1 + x + x²/2! + …; every step is floored."""
    total = term = 1 << bits
    rounded = _without_guard(total)
    for n in range(1, terms + 1):
        term = term * x // (n << bits)
        if term == 0:
            break
        total += term
        before, rounded = rounded, _without_guard(total)
        if abs(term) < 1 << GUARD_BITS or rounded == before:
            break
    return total


def _without_guard(x: int) -> int:
    """Return x without its guard bits, rounded, halves away from zero."""
    magnitude = (abs(x) + (1 << (GUARD_BITS - 1))) >> GUARD_BITS
    return magnitude if x >= 0 else -magnitude
