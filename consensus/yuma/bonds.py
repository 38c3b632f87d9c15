"""Bonds and dividends of the fast epoch, on flat arrays of cells. The formulas are documented in `reference`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..fixed import I32F32, proportion
from ..fixed.arrays import LOW_BITS, ONE, U64, unit_div, unit_mul, unit_normalise, unit_proportion
from . import reference
from .cells import Cells, Entries
from .liquid import liquid_alphas
from .types import EpochInput, SparseRows

_32 = np.uint64(32)


@dataclass(frozen=True, slots=True)
class WeightMatrix:
    """The weights of an epoch: their layout, their stored entries, and their values before and after clipping."""

    cells: Cells
    entries: Entries
    #: Cells in which an entry would be valid, whether or not there is one.
    valid: NDArray[np.bool_]
    values: U64
    clipped: U64
    #: By uid.
    consensus: U64


def bonds_and_dividends(
    inputs: EpochInput, weights: WeightMatrix, old: Entries, incentive: U64, active_stake: U64
) -> tuple[SparseRows, U64]:
    """Return the bonds of this epoch (raw bits, rows of every uid) and the dividends that they earn."""
    penalised = penalise(weights, proportion(inputs.bonds_penalty))
    cells, old_bonds = weights.cells, surviving_bonds(inputs, weights.cells, old)
    if not inputs.yuma3_on:
        bonds = yuma2_bonds(inputs, cells, penalised, old_bonds, active_stake)
        earned = cells.row_sums(unit_mul(bonds, cells.by_column(incentive), out=cells.empty()))
        return cells.to_rows(divide_columns(cells, bonds, cells.column_maxima(bonds))), unit_normalise(earned)
    old_shares = unit_proportion(old_bonds, out=cells.empty())
    if inputs.liquid_alpha_on and weights.consensus.any():
        bonds, rows = liquid_bonds(inputs, weights, penalised, old, old_shares)
    else:
        bonds = moving_average(penalised, old_shares, alpha_of(inputs), out=cells.empty())
        rows = cells.to_rows(bonds)
    return rows, yuma3_dividends(cells, bonds, incentive, active_stake)


def penalise(weights: WeightMatrix, penalty: int) -> U64:
    """Return W + penalty · (W̄ - W); the product is negative and floored, so its magnitude is rounded up."""
    if penalty in (0, I32F32.one):
        return weights.clipped if penalty else weights.values
    loss: U64 = np.subtract(weights.values, weights.clipped, out=weights.cells.empty())
    loss *= np.uint64(penalty)
    loss += LOW_BITS
    loss >>= _32
    return np.subtract(weights.values, loss, out=loss)


def surviving_bonds(inputs: EpochInput, cells: Cells, old: Entries) -> NDArray[np.uint16]:
    """Return stored bonds without those in neurons registered since the last epoch."""
    kept = inputs.block_at_registration < inputs.last_tempo_block
    bonds = cells.place_bonds(old.within(inputs.n).values)
    if not kept.all():
        bonds *= cells.by_column(kept)
    return bonds


def alpha_of(inputs: EpochInput) -> int:
    """Return the alpha of an average of at most 10^6, for which Yuma 2 and Yuma 3 compute the same."""
    return reference.moving_average_alpha(inputs.bonds_moving_average)


def moving_average(new: U64, old: U64, alpha: int, out: U64) -> U64:
    """Return alpha·new + (1 - alpha)·old, each product floored; overwrites `old`."""
    unit_mul(new, np.uint64(alpha), out=out)
    out += unit_mul(old, ONE - np.uint64(alpha), out=old)
    return out


def divide_columns(cells: Cells, values: U64, divisors: U64) -> U64:
    """Return each cell over its column's divisor (0 only where the whole column is 0); overwrites `values`."""
    return unit_div(values, cells.by_column(np.maximum(divisors, np.uint64(1))), out=values)


def normalise_columns(cells: Cells, values: U64) -> U64:
    return divide_columns(cells, values, cells.column_sums(values))


def yuma2_bonds(inputs: EpochInput, cells: Cells, weights: U64, old: NDArray[np.uint16], active_stake: U64) -> U64:
    """Return the normalised moving average of old bonds and stake-weighted weights, both normalised."""
    bonds = cells.empty()
    np.copyto(bonds, old)
    normalise_columns(cells, bonds)
    delta = unit_mul(weights, cells.by_row(active_stake), out=cells.empty())
    normalise_columns(cells, delta)
    return normalise_columns(cells, moving_average(delta, bonds, alpha_of(inputs), out=delta))


def yuma3_dividends(cells: Cells, bonds: U64, incentive: U64, active_stake: U64) -> U64:
    """Return stake times the share of the incentive that belongs to a validator's bonds, normalised."""
    shares = cells.empty()
    np.copyto(shares, bonds)
    normalise_columns(cells, shares)
    totals = cells.row_sums(unit_mul(shares, cells.by_column(incentive), out=shares))
    return unit_normalise(unit_mul(totals, active_stake))


# Liquid alpha


def liquid_bonds(
    inputs: EpochInput, weights: WeightMatrix, penalised: U64, old: Entries, old_shares: U64
) -> tuple[U64, SparseRows]:
    """Return the moving average with an alpha of its own in each cell, only where the weights have an entry."""
    cells, entries = weights.cells, weights.entries
    penalty = proportion(inputs.bonds_penalty)
    as_stored = penalty in (0, I32F32.one) and not entries.ascending
    kept = entries_for_bonds(weights, penalised, penalty)
    met, old_met = penalised, old_shares
    if as_stored:
        met = penalised * cells.place_weights(entries.met_in_order(cells.at_weights(kept)))
    if not old.ascending:
        old_met = old_shares * old_bonds_met(inputs, cells, old)
    consensus, alpha = cells.empty(), cells.empty()
    np.copyto(consensus, cells.by_column(weights.consensus))
    liquid_alphas(inputs, met, old_met, consensus, out=alpha)
    bonds = unit_mul(alpha, penalised, out=consensus)
    np.subtract(ONE, alpha, out=alpha)
    bonds += unit_mul(alpha, old_shares, out=alpha)
    np.minimum(bonds, ONE, out=bonds)
    bonds *= kept
    return bonds, entries.to_rows(cells.at_weights(bonds)) if as_stored else cells.to_rows(bonds)


def entries_for_bonds(weights: WeightMatrix, penalised: U64, penalty: int) -> NDArray[np.bool_]:
    """Return the cells with an entry in the weights for bonds.

    Full penalty drops entries that were clipped to zero, a penalty between 0 and 1 drops every zero.
    """
    if penalty not in (0, I32F32.one):
        return penalised > 0
    kept = weights.cells.place_weights(np.ones(len(weights.entries.columns), bool))
    kept &= weights.valid
    if penalty:
        kept &= (weights.values == 0) | (weights.clipped > 0)
    return kept


def old_bonds_met(inputs: EpochInput, cells: Cells, old: Entries) -> NDArray[np.bool_]:
    """Return the cells whose old bond a forward-only reader meets; a target beyond the last uid can end the reading."""
    inside = old.columns < inputs.n
    registered = np.zeros(len(old.columns), np.uint64)
    registered[inside] = inputs.block_at_registration[old.columns[inside]]
    met = old.met_in_order(registered < inputs.last_tempo_block)
    return cells.place_bonds(met[inside])
