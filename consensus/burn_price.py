"""The price of a neuron's registration: each registration raises it, and it halves within a number of blocks.

The decay is continuous: each block multiplies the price by f with f^half_life = 1/2. Factors have 32 fraction bits
(Q32), and every product is floored, so that after a half-life the price is a little below one half. Prices are u64,
in rao.

Model: `registration.rs` and `utils/misc.rs` of the chain's subtensor pallet.
"""

from __future__ import annotations

from functools import lru_cache

from .fixed import U64F64
from .integers import saturate_u64

#: 1.0 and 0.5 as Q32.
ONE = 1 << 32
HALF = 1 << 31


def mul_by_q32(value: int, factor: int) -> int:
    """Return a u64 times a Q32 factor, floored, at most 2^64 - 1."""
    return saturate_u64(value * factor >> 32)


def pow_q32(base: int, exponent: int) -> int:
    """Return a Q32 factor to the power of a u16, by squaring; each product is floored."""
    result, power = ONE, base
    while exponent:
        if exponent & 1:
            result = mul_by_q32(result, power)
        exponent >>= 1
        if exponent:
            power = mul_by_q32(power, power)
    return result


@lru_cache(maxsize=1 << 12)
def decay_factor_q32(half_life: int) -> int:
    """Return the Q32 factor of one block for a half-life in blocks: the greatest whose power is at most one half.

    A half-life of 0 means no decay: the factor is 1.0.
    """
    if half_life == 0:
        return ONE
    low, high = 0, ONE
    while low + 1 < high:
        middle = (low + high) // 2
        if pow_q32(middle, half_life) > HALF:
            high = middle
        else:
            low = middle
    return low


def clamp(price: int, least: int, greatest: int) -> int:
    """Return the price within its bounds; the upper bound wins where it is below the lower one."""
    return min(max(price, least), greatest)


def raise_price(price: int, multiplier: int) -> int:
    """Return the price after a registration; `multiplier` is U64F64 and counts as at least 1."""
    product = U64F64.saturating_mul(U64F64.from_int(price), max(multiplier, U64F64.one))
    return U64F64.to_int(product, 64)
