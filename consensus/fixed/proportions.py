"""u16 proportions (k of 65535) as I32F32 and back, and the normalisation of vectors to shares."""

from __future__ import annotations

from collections.abc import Sequence

from ..integers import U16_MAX
from .format import I32F32, I64F64

ONE = I32F32.one


def proportion(k: int) -> int:
    """Return k / 65535 as I32F32: 65537·k for k below 65535, exactly one for 65535."""
    return I32F32.safe_div(I32F32.from_int(k), I32F32.from_int(U16_MAX))


def to_u16_proportion(x: int) -> int:
    """Return floor(x · 65535), clamped to u16. Converting k to I32F32 and back yields k - 1 for every k of 1..65534."""
    return I32F32.to_int(I32F32.saturating_mul(x, I32F32.from_int(U16_MAX)), 16)


def normalise(values: Sequence[int]) -> list[int]:
    """Return each value over the sum of all, truncated: the result sums to one or a few units less.

    The values are unchanged where their sum is 0.
    """
    return divide_all(values, I32F32.wrapping_sum(list(values)))


def divide_all(values: Sequence[int], total: int) -> list[int]:
    """Return each I32F32 value over `total`; unchanged where total is 0."""
    return [I32F32.safe_div(x, total) for x in values] if total else list(values)


def normalise_stake(stake: Sequence[int]) -> list[int]:
    """Return stake (I64F64 rao) as I32F32 shares: divided with 64 fraction bits, *then* floored to 32.

    A share below 2^-32 becomes 0, so that its owner counts as without stake.
    """
    total = I64F64.wrapping_sum(list(stake))
    shares = [I64F64.safe_div(x, total) for x in stake] if total else stake
    return [I32F32.convert(x, I64F64) for x in shares]


def max_upscale_to_u16(values: Sequence[int]) -> list[int]:
    """Return u16 values scaled so that the largest is 65535, rounded half up, as weights are stored."""
    largest = I32F32.from_int(max(values, default=0))
    if largest == 0:
        return [0] * len(values)
    top = I32F32.from_int(U16_MAX)
    if largest > I32F32.from_int(32768):
        # The product below would not fit 32 integer bits, so the ratio comes first and loses more.
        ratio = I32F32.safe_div(top, largest)
        scaled = [I32F32.saturating_mul(I32F32.from_int(x), ratio) for x in values]
    else:
        scaled = [I32F32.safe_div(I32F32.saturating_mul(I32F32.from_int(x), top), largest) for x in values]
    return [I32F32.to_int(x + ONE // 2, 16) for x in scaled]
