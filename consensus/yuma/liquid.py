"""Liquid alpha on arrays: how fast each bond follows its weight. `reference.liquid_alpha` documents the formula."""

from __future__ import annotations

import numpy as np

from ..fixed import I32F32, proportion
from ..fixed.arrays import I64, ONE, U64, exp_safe, reciprocal
from .types import EpochInput

_32 = np.uint64(32)


def liquid_alphas(inputs: EpochInput, weights: U64, bonds: U64, consensus: U64, out: U64) -> U64:
    """Return the alpha of each cell, in [0, 1], in `out`; overwrites `consensus`."""
    low, high = proportion(inputs.alpha_low), proportion(inputs.alpha_high)
    if low >= high:  # the clamp then always returns the lower bound
        out.fill(low)
        return out
    difference = difference_of(weights, bonds, consensus, out=out)
    power = exp_safe(slope_times(inputs.alpha_sigmoid_steepness, difference, spare=consensus), out=difference)
    power += ONE
    alpha = reciprocal(power, out=consensus)  # the sigmoid
    alpha *= np.uint64(high - low)
    alpha >>= _32
    alpha += np.uint64(low)
    return np.minimum(alpha, np.uint64(high), out=out)


def difference_of(weights: U64, bonds: U64, consensus: U64, out: U64) -> U64:
    """Return how far a weight is above consensus where it is not below its bond, else how far the bond is above it."""
    buying = np.minimum(weights, consensus, out=out)
    np.subtract(weights, buying, out=buying)
    selling = np.minimum(weights, bonds, out=consensus)
    np.subtract(bonds, selling, out=selling)
    np.copyto(out, selling, where=weights < bonds)
    return out


def slope_times(steepness: int, difference: U64, spare: U64) -> I64:
    """Return floor(-steepness/100 · (difference - 1/2)), in place, with the slope split so that both products fit."""
    slope = I32F32.saturating_div(I32F32.from_int(steepness), I32F32.from_int(-100))
    offset = difference.view(np.int64)
    offset -= I32F32.one >> 1
    fraction = np.multiply(offset, slope & (I32F32.one - 1), out=spare.view(np.int64))
    fraction >>= 32
    offset *= slope >> 32
    offset += fraction
    return offset
