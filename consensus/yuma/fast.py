"""Yuma Consensus on NumPy integers: equal to `reference` in every bit, with no Python loop over weights or bonds.

The formulas stand in `reference`, under the same names. Here matrices are flat arrays of cells (see `cells`),
values lie in [0, 1] and fit uint64 arithmetic. The few inputs that leave this range go to the reference.
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


def epoch(given: EpochInput) -> EpochOutput:
    """One epoch: from stake, weights and old bonds to incentive, dividends, emission and new bonds."""
    if given.bonds_moving_average > 10**6 or sum(given.total_stake) > I64F64.max:
        return reference.epoch(given)  # a negative alpha, or a stake beyond all supply: only by hand of root
    with Scratch() as scratch:
        return computed(given, scratch)


def computed(given: EpochInput, scratch: Scratch) -> EpochOutput:
    """The epoch, its large arrays borrowed from `scratch`."""
    active = active_uids(given)
    stake = stake_shares(given)
    permits = current_permits(given)
    new_permits = top_stakes(stake, given.max_allowed_validators, given.owner_uid)
    active_stake = mask_stake(stake, active, permits, masks=len(given.validator_permits) > 0)

    old_bonds = Entries.of(given.bonds)
    weights = weight_matrix(given, permits, old_bonds, active_stake, scratch)
    incentive = unit_normalise(ranks(weights, active_stake))
    trust = weights.cells.row_sums(weights.clipped)
    bonds, dividends = bonds_and_dividends(given, weights, old_bonds, incentive, active_stake)
    shares = emission_shares(incentive, dividends, stake, active_stake)
    server, validator, combined = (emission(share, given.rao_emission) for share in shares)
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


# Who takes part


def active_uids(given: EpochInput) -> NDArray[np.bool_]:
    """last_update + cutoff >= current_block, without the sum that could overflow."""
    oldest = saturating_sub(given.current_block, given.activity_cutoff)
    active: NDArray[np.bool_] = given.last_update >= oldest
    return active


def stake_shares(given: EpochInput) -> U64:
    """Stake over total stake. The 128-bit division stays with Python's ints: one for each staked uid."""
    least = given.min_stake << 64
    stake = [raw if raw >= least else 0 for raw in given.total_stake]
    if given.owner_uid is not None:
        stake[given.owner_uid] = given.total_stake[given.owner_uid]
    total = sum(stake)
    return np.array([(raw << 32) // total if raw else 0 for raw in stake], np.uint64)


def current_permits(given: EpochInput) -> NDArray[np.bool_]:
    """Stored permits, none where the list is too short, the owner's granted where the list has room for it."""
    permits = np.zeros(given.n, bool)
    permits[: len(given.validator_permits)] = given.validator_permits
    if given.owner_uid is not None and given.owner_uid < len(given.validator_permits):
        permits[given.owner_uid] = True
    return permits


def top_stakes(stake: U64, limit: int, owner_uid: int | None) -> NDArray[np.bool_]:
    """The `limit` largest non-zero stakes, of equals the higher uid; and the owner."""
    permits: NDArray[np.bool_] = stake != 0
    permits[np.argsort(stake, kind="stable")[: saturating_sub(len(stake), limit)]] = False
    if owner_uid is not None:
        permits[owner_uid] = True
    return permits


def mask_stake(stake: U64, active: NDArray[np.bool_], permits: NDArray[np.bool_], *, masks: bool) -> U64:
    """Shares of stake among the active uids with a permit; permits count only if there is a list of them."""
    return unit_normalise(np.where(active & permits if masks else active, stake, np.uint64(0)))


# Weights and consensus


def weight_matrix(
    given: EpochInput, permits: NDArray[np.bool_], old_bonds: Entries, active_stake: U64, scratch: Scratch
) -> WeightMatrix:
    """The weights that count, normalised, and their consensus."""
    entries = Entries.of(given.weights, permits).within(given.n)
    cells = lay_out(given.n, entries, old_bonds.within(given.n), scratch)
    valid = valid_weights(given, cells)
    weights = cells.place_weights(entries.values)
    weights *= valid
    values = normalise_rows(cells, weights)
    consensus = weighted_median(cells, values, active_stake, proportion(given.kappa))
    return WeightMatrix(
        cells=cells,
        entries=entries,
        valid=valid,
        values=values,
        clipped=np.minimum(values, cells.by_column(consensus), out=cells.empty()),
        consensus=consensus,
    )


def valid_weights(given: EpochInput, cells: Cells) -> NDArray[np.bool_]:
    """Cells in which an entry would count: the target is another uid, registered before the weights were set
    and not after an unexpired commit."""
    registered_before = given.last_update
    if given.commit_reveal_enabled:
        after_commit = np.minimum(given.commit_blocks, np.uint64(U64_MAX - 1)) + np.uint64(1)
        registered_before = np.minimum(registered_before, after_commit)
    valid = cells.empty(bool)
    np.less(cells.by_column(given.block_at_registration), cells.by_row(registered_before), out=valid)
    uids = np.arange(given.n, dtype=np.int32)
    sources = uids.copy()
    if given.owner_uid is not None:
        sources[given.owner_uid] = -1
    valid &= np.not_equal(cells.by_column(uids), cells.by_row(sources), out=cells.empty(bool))
    return valid


def normalise_rows(cells: Cells, weights: NDArray[np.uint16]) -> U64:
    """W_ij / Σ_j W_ij of u16 weights."""
    values = cells.empty()
    np.copyto(values, weights)
    totals = np.maximum(cells.row_sums(values), np.uint64(1))
    values <<= _32
    values //= cells.by_row(totals)
    return values


def weighted_median(cells: Cells, weights: U64, active_stake: U64, kappa: int) -> U64:
    """By uid, the smallest weight at which the stake behind it or less exceeds the minority.

    Stake is summed along all columns at once. Within a column the sum starts with the stake of those who have
    no key there, and so gave zero; then the place where it exceeds the minority can be looked up.
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
    """The median of each run of keys (weight << bits | index into stake, ascending); see weighted_median."""
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
    """R_j = Σ_i S_i · W̄_ij."""
    cells = weights.cells
    return cells.column_sums(unit_mul(weights.clipped, cells.by_row(active_stake), out=cells.empty()))


# Emission


def emission_shares(incentive: U64, dividends: U64, stake: U64, active_stake: U64) -> tuple[U64, U64, U64]:
    """Shares for miners, for validators, for both; by stake where nobody earned anything."""
    combined = incentive + dividends
    total = combined.sum(dtype=np.uint64)
    if total == 0:
        fallback = active_stake if active_stake.any() else stake
        return incentive, fallback, fallback
    if combined.max() > ONE:  # somebody has most of the incentive and most of the dividends
        both = safe_div(combined.view(np.int64), total.view(np.int64)).view(np.uint64)
    else:
        both = unit_div(combined, total)
    return unit_div(incentive, total), unit_div(dividends, total), both


def emission(shares: U64, rao: int) -> U64:
    """floor(share · rao), with rao split so that both products fit."""
    high, low = np.uint64(rao >> 32), np.uint64(rao & 0xFFFFFFFF)
    return shares * high + (shares * low >> _32)


def stored_bonds(bonds: SparseRows, new_permits: NDArray[np.bool_]) -> SparseRows:
    """u16 bonds of the uids that have a permit from now on."""
    kept = Entries.of(bonds, new_permits)
    with Scratch() as scratch:
        values = unit_to_u16(kept.values, out=scratch.empty(kept.values.shape))
    return SparseRows(kept.starts, kept.columns, values)
