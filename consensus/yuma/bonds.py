"""Bonds and dividends of the fast epoch, on flat arrays of cells. The formulas stand in `reference`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..fixed import I32F32, proportion
from ..fixed.arrays import LOW_BITS, ONE, U64, unit_div, unit_mul, unit_normalise, unit_proportion
from . import reference
from .cells import Cells, Entries, fill
from .liquid import liquid_alphas
from .types import EpochInput, SparseRows

_32 = np.uint64(32)


@dataclass(frozen=True, slots=True)
class WeightMatrix:
    """The weights of an epoch: where they lie, where they came from, and what consensus makes of them."""

    cells: Cells
    entries: Entries
    #: Cells in which an entry counts, whether there is one or not.
    valid: NDArray[np.bool_]
    values: U64
    clipped: U64
    #: By uid.
    consensus: U64


def bonds_and_dividends(
    given: EpochInput, weights: WeightMatrix, old: Entries, incentive: U64, active_stake: U64
) -> tuple[SparseRows, U64]:
    """The bonds of this epoch (raw bits, rows of every uid) and the dividends that they earn."""
    penalised = penalise(weights, proportion(given.bonds_penalty))
    cells, old_bonds = weights.cells, surviving_bonds(given, weights.cells, old)
    if not given.yuma3_on:
        bonds = yuma2_bonds(given, cells, penalised, old_bonds, active_stake)
        earned = cells.row_sums(unit_mul(bonds, cells.by_column(incentive)))
        return cells.to_rows(divide_columns(cells, bonds, cells.column_maxima(bonds))), unit_normalise(earned)
    old_shares = unit_proportion(old_bonds)
    if given.liquid_alpha_on and weights.consensus.any():
        bonds, rows = liquid_bonds(given, weights, penalised, old, old_shares)
    else:
        bonds = moving_average(penalised, old_shares, alpha_of(given))
        rows = cells.to_rows(bonds)
    return rows, yuma3_dividends(cells, bonds, incentive, active_stake)


def penalise(weights: WeightMatrix, penalty: int) -> U64:
    """W + penalty · (W̄ - W); the product is negative and floored, so its magnitude is rounded up."""
    if penalty in (0, I32F32.one):
        return weights.clipped if penalty else weights.values
    loss = weights.values - weights.clipped
    loss *= np.uint64(penalty)
    loss += LOW_BITS
    loss >>= _32
    return np.subtract(weights.values, loss, out=loss)


def surviving_bonds(given: EpochInput, cells: Cells, old: Entries) -> NDArray[np.uint16]:
    """Stored bonds without those in neurons registered since the last epoch."""
    kept = given.block_at_registration < given.last_tempo_block
    bonds = fill(cells.size, cells.bond_cells, old.within(given.n).values)
    if not kept.all():
        bonds *= cells.by_column(kept)
    return bonds


def alpha_of(given: EpochInput) -> int:
    return reference.moving_average_alpha(given.bonds_moving_average)


def moving_average(new: U64, old: U64, alpha: int) -> U64:
    """alpha·new + (1 - alpha)·old, each product floored. Both arrays are used up."""
    new = unit_mul(new, np.uint64(alpha))
    new += unit_mul(old, ONE - np.uint64(alpha), out=old)
    return new


def divide_columns(cells: Cells, values: U64, divisors: U64) -> U64:
    """Each cell over its column's divisor (which is 0 only where the whole column is); `values` is used
    up."""
    return unit_div(values, cells.by_column(np.maximum(divisors, np.uint64(1))), out=values)


def normalise_columns(cells: Cells, values: U64) -> U64:
    return divide_columns(cells, values, cells.column_sums(values))


def yuma2_bonds(
    given: EpochInput, cells: Cells, weights: U64, old: NDArray[np.uint16], active_stake: U64
) -> U64:
    """The normalised moving average of old bonds and stake-weighted weights, both normalised."""
    bonds = normalise_columns(cells, old.astype(np.uint64))
    delta = normalise_columns(cells, unit_mul(weights, cells.by_row(active_stake)))
    return normalise_columns(cells, moving_average(delta, bonds, alpha_of(given)))


def yuma3_dividends(cells: Cells, bonds: U64, incentive: U64, active_stake: U64) -> U64:
    """Stake times the share of the incentive that a validator's bonds are entitled to, normalised."""
    shares = normalise_columns(cells, bonds.copy())
    totals = cells.row_sums(unit_mul(shares, cells.by_column(incentive), out=shares))
    return unit_normalise(unit_mul(totals, active_stake))


# Liquid alpha


def liquid_bonds(
    given: EpochInput, weights: WeightMatrix, penalised: U64, old: Entries, old_shares: U64
) -> tuple[U64, SparseRows]:
    """The moving average with its own alpha in each cell, only where the weights have an entry."""
    cells, entries = weights.cells, weights.entries
    penalty = proportion(given.bonds_penalty)
    as_stored = penalty in (0, I32F32.one) and not entries.ascending
    kept = entries_for_bonds(weights, penalised, penalty)
    seen, seen_old = penalised, old_shares
    if as_stored:
        met = entries.met_in_order(kept[cells.weight_cells])
        seen = np.where(fill(cells.size, cells.weight_cells, met), penalised, np.uint64(0))
    if not old.ascending:
        seen_old = np.where(old_bonds_met(given, cells, old), old_shares, np.uint64(0))
    places = np.flatnonzero(kept)
    alpha = liquid_alphas(given, seen[places], seen_old[places], cells.by_column(weights.consensus)[places])
    bonds = np.zeros(cells.size, np.uint64)
    grown = unit_mul(alpha, penalised[places])
    bonds[places] = np.minimum(grown + unit_mul(ONE - alpha, old_shares[places]), ONE)
    if as_stored:
        return bonds, entries.to_rows(bonds[cells.weight_cells])
    return bonds, cells.to_rows(bonds)


def entries_for_bonds(weights: WeightMatrix, penalised: U64, penalty: int) -> NDArray[np.bool_]:
    """Cells with an entry in the weights for bonds: clipping to zero drops it, mixing drops every zero."""
    if penalty not in (0, I32F32.one):
        return penalised > 0
    kept = fill(weights.cells.size, weights.cells.weight_cells, np.ones(len(weights.entries.rows), bool))
    kept &= weights.valid
    if penalty:
        kept &= (weights.values == 0) | (weights.clipped > 0)
    return kept


def old_bonds_met(given: EpochInput, cells: Cells, old: Entries) -> NDArray[np.bool_]:
    """Cells whose old bond a forward-only reader meets; targets beyond the last uid can stop it."""
    inside = old.columns < given.n
    registered = np.zeros(len(old.columns), np.uint64)
    registered[inside] = given.block_at_registration[old.columns[inside]]
    met = old.met_in_order(registered < given.last_tempo_block)
    return fill(cells.size, cells.bond_cells, met[inside])
