"""Liquid alpha on arrays: how fast each bond follows its weight. The formula stands in
`reference.liquid_alpha`."""

from __future__ import annotations

import numpy as np

from ..fixed import I32F32, proportion
from ..fixed.arrays import I64, ONE, U64, exp_safe, reciprocal
from .types import EpochInput

_32 = np.uint64(32)


def liquid_alphas(given: EpochInput, weights: U64, bonds: U64, consensus: U64) -> U64:
    """alpha of each cell, in [0, 1]."""
    low, high = proportion(given.alpha_low), proportion(given.alpha_high)
    if low >= high:  # then the clamp leaves nothing but the lower bound
        return np.full(weights.shape, low, np.uint64)
    difference = np.where(
        weights >= bonds, weights - np.minimum(weights, consensus), bonds - np.minimum(weights, bonds)
    )
    sigmoid = reciprocal(exp_safe(slope_times(given.alpha_sigmoid_steepness, difference)) + ONE)
    sigmoid *= np.uint64(high - low)
    sigmoid >>= _32
    sigmoid += np.uint64(low)
    return np.minimum(sigmoid, np.uint64(high))


def slope_times(steepness: int, difference: U64) -> I64:
    """floor(-steepness/100 · (difference - 1/2)): the slope is split at its point, so that both products
    fit."""
    slope = I32F32.saturating_div(I32F32.from_int(steepness), I32F32.from_int(-100))
    offset = difference.view(np.int64) - (I32F32.one >> 1)
    return ((slope & (I32F32.one - 1)) * offset >> 32) + (slope >> 32) * offset
