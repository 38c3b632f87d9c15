"""exp, ln, log2, powers and square roots on raw fixed-point bits, truncated exactly where the chain truncates them.

The series are short and the constants coarse, and their errors are part of consensus: e^20 is 0.81 % too low, e^1 is a
constant of 23 fraction bits, ln divides by 1.442695.
"""

from __future__ import annotations

from ..internal import InternalError
from .format import I32F32, Format, truncating_div

#: e and log2(e) with 23 fraction bits, as the chain's library stores them.
E_23_BITS = 22802600
LOG2_E_23_BITS = 12102203

#: exp_safe clamps its argument to ±20.
EXP_LIMIT = 20 * I32F32.one


def exp(x: int, fmt: Format = I32F32) -> int | None:
    """Return e^x by its Taylor series, one term fewer than there are fraction bits; None when a step overflows.

    x = 1.0 has a constant of its own, x = -1.0 has none. For negative x the result is 1 / e^-x.
    """
    if x == 0:
        return fmt.one
    if x == fmt.one:
        return E_23_BITS << (fmt.fraction_bits - 23)
    magnitude = abs(x)
    total: int | None = fmt.checked_add(fmt.one, magnitude)
    term: int | None = magnitude
    for i in range(2, fmt.fraction_bits):
        if total is None or term is None:
            return None
        term = fmt.checked_mul(term, magnitude)
        if term is not None:
            term //= i
            total = fmt.checked_add(total, term)
    if total is None or term is None:
        return None
    return total if x > 0 else fmt.checked_div(fmt.one, total)


def exp_safe(x: int) -> int:
    """Return e^x in I32F32 with x clamped to [-20, 20], where no step overflows."""
    result = exp(max(-EXP_LIMIT, min(x, EXP_LIMIT)))
    if result is None:
        raise InternalError(f"expected e^x within I32F32, got x = {x}")
    return result


def sigmoid_safe(x: int, rho: int, kappa: int) -> int:
    """Return 1 / (1 + e^(-rho·(x - kappa))) in I32F32, each step rounded and saturated."""
    offset = I32F32.saturating_sub(x, kappa)
    power = exp_safe(I32F32.saturating_mul(I32F32.saturating_mul(rho, -I32F32.one), offset))
    return I32F32.safe_div(I32F32.one, I32F32.saturating_add(power, I32F32.one))


def log2(x: int, fmt: Format = I32F32) -> int | None:
    """Return log2(x), computed bit by bit; -log2(1/x) for x below one; None for x <= 0 and where 1/x overflows."""
    if x <= 0:
        return None
    if x >= fmt.one:
        return _log2_from_one(x, fmt)
    inverse = fmt.checked_div(fmt.one, x)
    return None if inverse is None else -_log2_from_one(inverse, fmt)


def _log2_from_one(x: int, fmt: Format) -> int:
    """Return log2 of a value of at least one. Each halving rounds half up, which can change later bits."""
    result = 0
    while x >= 2 * fmt.one:
        result += 1
        x = (x >> 1) + (x & 1)
    if x == fmt.one:
        return result << fmt.fraction_bits
    for _ in range(fmt.fraction_bits):
        x = (x * x) >> fmt.fraction_bits
        result <<= 1
        if x >= 2 * fmt.one:
            result |= 1
            x = (x >> 1) + (x & 1)
    return result


def ln(x: int, fmt: Format = I32F32) -> int | None:
    """Return log2(x) / 1.442695; None where log2 is None."""
    logarithm = log2(x, fmt)
    if logarithm is None:
        return None
    return truncating_div(logarithm << fmt.fraction_bits, LOG2_E_23_BITS << (fmt.fraction_bits - 23))


def safe_ln(x: int) -> int:
    """Return ln(x) in I32F32, 0 where `ln` is None."""
    return ln(x) or 0


def checked_sqrt(x: int, epsilon: int, fmt: Format) -> int | None:
    """Return the root, by bisection until |x/m - m| <= epsilon, at most 129 halvings; None for negative x."""
    if x < 0:
        return None
    low, high = (0, x) if x > fmt.one else (x, fmt.one)
    two = fmt.from_int(2)
    for _ in range(130):
        middle = fmt.safe_div(fmt.saturating_add(high, low), two)
        ratio = fmt.safe_div(x, middle)
        if fmt.clamp(abs(ratio - middle)) <= epsilon:
            break
        low, high = (low, middle) if ratio < middle else (middle, high)
    return middle


def checked_pow(x: int, exponent: int, fmt: Format) -> int | None:
    """Return x^exponent by squaring, saturating; None for zero to a negative power."""
    if exponent == 0:
        return fmt.one
    if x == 0:
        return None if exponent < 0 else 0
    result, power = fmt.one, abs(exponent)
    while power:
        if power & 1:
            result = fmt.saturating_mul(result, x)
        x = fmt.saturating_mul(x, x)
        power >>= 1
    return result if exponent > 0 else fmt.safe_div(fmt.one, result)
