"""Yuma Consensus on NumPy integers: equal to `reference` in every bit, without a Python loop over weights or bonds.

The formulas are documented in `reference`, under the same names. Here matrices are flat arrays of cells (see `cells`),
and values are in [0, 1], so that uint64 arithmetic suffices. `reference` computes the few inputs beyond this range.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..fixed import I64F64, proportion
from ..fixed.arrays import I64, ONE, U64, safe_div, unit_div, unit_mul, unit_normalise, unit_to_u16
from ..integers import U64_MAX, saturating_sub
from . import reference
from .bonds import WeightMatrix, bonds_and_dividends
from .cells import Cells, Entries, index_bits, lay_out
from .scratch import Scratch
from .types import EpochInput, EpochOutput, SparseRows

_32 = np.uint64(32)


def epoch(inputs: EpochInput) -> EpochOutput:
    """Compute one epoch: from stake, weights and old bonds to incentive, dividends, emission and new bonds."""
    if inputs.bonds_moving_average > 10**6 or sum(inputs.total_stake) > I64F64.max:
        return reference.epoch(inputs)  # a negative alpha, or a stake above the supply: only root can set them
    with Scratch() as scratch:
        return compute_epoch(inputs, scratch)


def compute_epoch(inputs: EpochInput, scratch: Scratch) -> EpochOutput:
    """Compute the epoch with the large arrays of `scratch`."""
    active = active_uids(inputs)
    stake = stake_shares(inputs)
    permits = current_permits(inputs)
    new_permits = top_stakes(stake, inputs.max_allowed_validators, inputs.owner_uid)
    active_stake = mask_stake(stake, active, permits, masks=len(inputs.validator_permits) > 0)

    old_bonds = Entries.of(inputs.bonds)
    weights = weight_matrix(inputs, permits, old_bonds, active_stake, scratch)
    incentive = unit_normalise(ranks(weights, active_stake))
    trust = weights.cells.row_sums(weights.clipped)
    bonds, dividends = bonds_and_dividends(inputs, weights, old_bonds, incentive, active_stake)
    shares = emission_shares(incentive, dividends, stake, active_stake)
    server, validator, combined = (emission(share, inputs.rao_emission) for share in shares)
    return EpochOutput(
        active=active,
        new_validator_permits=new_permits,
        stake_weight=unit_to_u16(stake),
        consensus=unit_to_u16(weights.consensus),
        incentive=unit_to_u16(incentive),
        dividends=unit_to_u16(dividends),
        validator_trust=unit_to_u16(trust),
        server_emission=server,
        validator_emission=validator,
        combined_emission=combined,
        bonds=stored_bonds(bonds, new_permits),
        stake_bits=stake.view(np.int64),
        active_stake_bits=active_stake.view(np.int64),
        consensus_bits=weights.consensus.view(np.int64),
        incentive_bits=incentive.view(np.int64),
        dividends_bits=dividends.view(np.int64),
        validator_trust_bits=trust.view(np.int64),
        norm_server_emission_bits=shares[0].view(np.int64),
        norm_validator_emission_bits=shares[1].view(np.int64),
        norm_combined_emission_bits=shares[2].view(np.int64),
        ema_bonds_bits=bonds,
    )


# Active stake and permits


def active_uids(inputs: EpochInput) -> NDArray[np.bool_]:
    """Return for each uid whether last_update + cutoff >= current_block, without the sum, which could overflow."""
    oldest = saturating_sub(inputs.current_block, inputs.activity_cutoff)
    active: NDArray[np.bool_] = inputs.last_update >= oldest
    return active


def stake_shares(inputs: EpochInput) -> U64:
    """Return stake over total stake, by one 128-bit division of Python ints for each uid with stake."""
    least = inputs.min_stake << 64
    stake = [raw if raw >= least else 0 for raw in inputs.total_stake]
    if inputs.owner_uid is not None:
        stake[inputs.owner_uid] = inputs.total_stake[inputs.owner_uid]
    total = sum(stake)
    return np.array([(raw << 32) // total if raw else 0 for raw in stake], np.uint64)


def current_permits(inputs: EpochInput) -> NDArray[np.bool_]:
    """Return stored permits, False beyond the end of the list, and True for an owner that is within the list."""
    permits = np.zeros(inputs.n, bool)
    permits[: len(inputs.validator_permits)] = inputs.validator_permits
    if inputs.owner_uid is not None and inputs.owner_uid < len(inputs.validator_permits):
        permits[inputs.owner_uid] = True
    return permits


def top_stakes(stake: U64, limit: int, owner_uid: int | None) -> NDArray[np.bool_]:
    """Return permits for the `limit` largest non-zero stakes, of equals the higher uid, and for the owner."""
    permits: NDArray[np.bool_] = stake != 0
    permits[np.argsort(stake, kind="stable")[: saturating_sub(len(stake), limit)]] = False
    if owner_uid is not None:
        permits[owner_uid] = True
    return permits


def mask_stake(stake: U64, active: NDArray[np.bool_], permits: NDArray[np.bool_], *, masks: bool) -> U64:
    """Return shares of stake among the active uids, with `masks` only among those with a permit."""
    return unit_normalise(np.where(active & permits if masks else active, stake, np.uint64(0)))


# Weights and consensus


def weight_matrix(
    inputs: EpochInput, permits: NDArray[np.bool_], old_bonds: Entries, active_stake: U64, scratch: Scratch
) -> WeightMatrix:
    """Return the valid weights, normalised, and their consensus."""
    entries = Entries.of(inputs.weights, permits).within(inputs.n)
    cells = lay_out(inputs.n, entries, old_bonds.within(inputs.n), scratch)
    valid = valid_weights(inputs, cells)
    weights = cells.place_weights(entries.values)
    weights *= valid
    values = normalise_rows(cells, weights)
    consensus = weighted_median(cells, values, active_stake, proportion(inputs.kappa))
    return WeightMatrix(
        cells=cells,
        entries=entries,
        valid=valid,
        values=values,
        clipped=np.minimum(values, cells.by_column(consensus), out=cells.empty()),
        consensus=consensus,
    )


def valid_weights(inputs: EpochInput, cells: Cells) -> NDArray[np.bool_]:
    """Return the cells in which an entry is valid: the target is another uid (or source and target are the owner),
    registered before the weights were set and not after an unexpired commit."""
    registered_before = inputs.last_update
    if inputs.commit_reveal_enabled:
        after_commit = np.minimum(inputs.commit_blocks, np.uint64(U64_MAX - 1)) + np.uint64(1)
        registered_before = np.minimum(registered_before, after_commit)
    valid = cells.empty(bool)
    np.less(cells.by_column(inputs.block_at_registration), cells.by_row(registered_before), out=valid)
    uids = np.arange(inputs.n, dtype=np.int32)
    sources = uids.copy()
    if inputs.owner_uid is not None:
        sources[inputs.owner_uid] = -1
    valid &= np.not_equal(cells.by_column(uids), cells.by_row(sources), out=cells.empty(bool))
    return valid


def normalise_rows(cells: Cells, weights: NDArray[np.uint16]) -> U64:
    """Return W_ij / Σ_j W_ij of u16 weights."""
    values = cells.empty()
    np.copyto(values, weights)
    totals = np.maximum(cells.row_sums(values), np.uint64(1))
    values <<= _32
    values //= cells.by_row(totals)
    return values


def weighted_median(cells: Cells, weights: U64, active_stake: U64, kappa: int) -> U64:
    """Return by uid the smallest weight w such that the stake behind weights of at most w exceeds the minority.

    Stake is summed along all columns at once. Within a column the sum starts with the stake of the voters that have no
    key there, whose weight is zero; then the place where it exceeds the minority is found by binary search.
    """
    consensus = np.zeros(cells.n, np.uint64)
    voters = np.flatnonzero(active_stake)
    if not voters.size:
        return consensus
    stake = unit_normalise(active_stake[voters]).view(np.int64)
    minority = int(stake.sum()) - kappa
    with Scratch() as scratch:
        keys, lengths, columns = cells.ballots(weights, voters, scratch)
        if keys.size:
            consensus[columns] = medians(keys, lengths, stake, minority, scratch)
    return consensus


def medians(keys: U64, lengths: I64, stake: I64, minority: int, scratch: Scratch) -> U64:
    """Return the median of each run of sorted keys (weight << bits | index into stake); see weighted_median."""
    bits = index_bits(len(stake))
    voter, supported = scratch.empty(keys.shape, np.int64), scratch.empty(keys.shape, np.int64)
    np.bitwise_and(keys.view(np.int64), (1 << bits) - 1, out=voter)
    np.take(stake, voter, out=supported, mode="clip")
    supported = np.cumsum(supported, out=voter)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    before = np.where(starts > 0, supported[starts - 1], 0)
    absent = stake.sum() - (supported[ends - 1] - before)
    found = np.searchsorted(supported, before + (minority - absent), side="right")
    median: U64 = keys[np.clip(found, starts, ends - 1)] >> np.uint64(bits)
    median[(lengths < len(stake)) & (absent > minority)] = 0
    return median


def ranks(weights: WeightMatrix, active_stake: U64) -> U64:
    """Return R_j = Σ_i S_i · W̄_ij."""
    cells = weights.cells
    return cells.column_sums(unit_mul(weights.clipped, cells.by_row(active_stake), out=cells.empty()))


# Emission


def emission_shares(incentive: U64, dividends: U64, stake: U64, active_stake: U64) -> tuple[U64, U64, U64]:
    """Return emission shares for miners, for validators and combined; by stake where there is nothing to share by."""
    combined = incentive + dividends
    total = combined.sum(dtype=np.uint64)
    if total == 0:
        fallback = active_stake if active_stake.any() else stake
        return incentive, fallback, fallback
    if combined.max() > ONE:  # one uid has most of the incentive and most of the dividends
        both = safe_div(combined.view(np.int64), total.view(np.int64)).view(np.uint64)
    else:
        both = unit_div(combined, total)
    return unit_div(incentive, total), unit_div(dividends, total), both


def emission(shares: U64, rao: int) -> U64:
    """Return floor(share · rao), with rao split in two so that both products fit."""
    high, low = np.uint64(rao >> 32), np.uint64(rao & 0xFFFFFFFF)
    return shares * high + (shares * low >> _32)


def stored_bonds(bonds: SparseRows, new_permits: NDArray[np.bool_]) -> SparseRows:
    """Return the u16 bonds of the uids with a new permit."""
    kept = Entries.of(bonds, new_permits)
    with Scratch() as scratch:
        values = unit_to_u16(kept.values, out=scratch.empty(kept.values.shape))
    return SparseRows(kept.starts, kept.columns, values)
