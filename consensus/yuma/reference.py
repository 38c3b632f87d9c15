"""The readable implementation of Yuma Consensus: plain ints and lists, one function per formula.

`fast` returns the same results. Notation: S stake, W weights, W̄ clipped weights, C consensus, R ranks, I incentive,
B old bonds, E bonds of this epoch, D dividends; i is the uid of a validator (row), j that of a miner (column). Rows are
lists of (j, value) in their stored order; an absent entry differs from an entry of zero. All values are raw I32F32
bits unless documented otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..fixed import I32F32, I64F64, I96F32, exp_safe, normalise, normalise_stake, proportion, to_u16_proportion
from ..fixed.proportions import divide_all
from ..integers import saturating_add_u64, saturating_sub
from .types import EpochInput, EpochOutput, rows_of

Row = list[tuple[int, int]]
ONE = I32F32.one
mul, div, add, sub = I32F32.saturating_mul, I32F32.safe_div, I32F32.saturating_add, I32F32.saturating_sub


def epoch(inputs: EpochInput) -> EpochOutput:
    """Compute one epoch: from stake, weights and old bonds to incentive, dividends, emission and new bonds."""
    active = active_uids(inputs)
    stake = stake_shares(inputs)
    permits = current_permits(inputs)
    new_permits = top_stakes(stake, inputs.max_allowed_validators, inputs.owner_uid)
    active_stake = mask_stake(stake, active, permits)

    weights = [normalise_row(row) for row in valid_weights(inputs, permits)]
    consensus = weighted_median(weights, active_stake, proportion(inputs.kappa), inputs.n)
    clipped = clip(weights, consensus)
    validator_trust = [I32F32.wrapping_sum([w for _, w in row]) for row in clipped]
    incentive = normalise(ranks(clipped, active_stake, inputs.n))

    weights_for_bonds = penalise(weights, clipped, proportion(inputs.bonds_penalty), inputs.n)
    old_bonds = surviving_bonds(inputs)
    if inputs.yuma3_on:
        bonds = yuma3_bonds(inputs, weights_for_bonds, old_bonds, consensus)
        dividends = yuma3_dividends(bonds, incentive, active_stake)
    else:
        unscaled = yuma2_bonds(inputs, weights_for_bonds, old_bonds, active_stake)
        dividends = yuma2_dividends(unscaled, incentive)
        bonds = max_upscale_columns(unscaled, inputs.n)

    shares = emission_shares(incentive, dividends, stake, active_stake)
    return build_output(
        inputs,
        active,
        new_permits,
        bonds,
        (stake, active_stake, consensus, incentive, dividends, validator_trust),
        shares,
    )


# Active stake and permits


def active_uids(inputs: EpochInput) -> list[bool]:
    """Return for each uid whether last_update + cutoff >= current_block; at equality a neuron is still active."""
    return [
        saturating_add_u64(int(update), inputs.activity_cutoff) >= inputs.current_block for update in inputs.last_update
    ]


def stake_shares(inputs: EpochInput) -> list[int]:
    """Return S_i: stake over total stake. Stake below the threshold counts as zero, except the owner's."""
    stake = [
        raw if uid == inputs.owner_uid or I64F64.to_int(raw, 64) >= inputs.min_stake else 0
        for uid, raw in enumerate(inputs.total_stake)
    ]
    return normalise_stake(stake)


def current_permits(inputs: EpochInput) -> list[bool]:
    """Return the stored permits, with the owner's always True."""
    return [bool(permit) or uid == inputs.owner_uid for uid, permit in enumerate(inputs.validator_permits)]


def top_stakes(stake: list[int], limit: int, owner_uid: int | None) -> list[bool]:
    """Return the next epoch's permits: the `limit` largest non-zero stakes, of equals the higher uid, and the owner."""
    ascending = sorted(range(len(stake)), key=lambda uid: stake[uid])  # stable: equals stay in uid order
    chosen = set(ascending[saturating_sub(len(stake), limit) :])
    return [(uid in chosen and stake[uid] != 0) or uid == owner_uid for uid in range(len(stake))]


def mask_stake(stake: list[int], active: list[bool], permits: list[bool]) -> list[int]:
    """Return active stake: shares among the active uids with a permit. An empty list of permits masks nothing."""
    permitted = [not permits or (uid < len(permits) and permits[uid]) for uid in range(len(stake))]
    return normalise([s if a and p else 0 for s, a, p in zip(stake, active, permitted, strict=True)])


# Weights


def valid_weights(inputs: EpochInput, permits: list[bool]) -> list[Row]:
    """Return the valid weights, as whole numbers; invalid entries are dropped, not set to zero.

    A weight is valid if a permitted uid set it, for another uid (the owner may set its own), after the target's
    registration; with commit-reveal the source's oldest unexpired commit must not be older than that either.
    """
    registered = inputs.block_at_registration.tolist()
    updates, commits = inputs.last_update.tolist(), inputs.commit_blocks.tolist()

    def counts(i: int, j: int) -> bool:
        return (
            j < inputs.n
            and (i != j or i == inputs.owner_uid)
            and updates[i] > registered[j]
            and not (inputs.commit_reveal_enabled and commits[i] < registered[j])
        )

    return [
        [(j, I32F32.from_int(w)) for j, w in row if counts(i, j)] if i < len(permits) and permits[i] else []
        for i, row in enumerate(inputs.weights.to_lists())
    ]


def normalise_row(row: Row) -> Row:
    """Return W_ij / Σ_j W_ij."""
    total = I32F32.wrapping_sum([w for _, w in row])
    return [(j, div(w, total)) for j, w in row] if total > 0 else row


# Consensus


def weighted_median(weights: list[Row], active_stake: list[int], kappa: int, columns: int) -> list[int]:
    """Return C_j: the highest weight that a share kappa of the active stake supports.

    Computed from below: the smallest weight p such that the stake behind weights of at most p is *more* than the
    minority (total - kappa), or the largest weight if there is none. An absent entry counts as weight 0.
    """
    voters = [i for i, stake in enumerate(active_stake) if stake > 0]
    # The stake is normalised once more, and its total, a little below one due to rounding, replaces one.
    stake = normalise([active_stake[i] for i in voters])
    minority = sub(I32F32.wrapping_sum(stake), kappa)
    votes = [dict(weights[i]) for i in voters]
    consensus = []
    for j in range(columns):
        ballot = sorted((vote.get(j, 0), s) for vote, s in zip(votes, stake, strict=True))
        consensus.append(median_of(ballot, minority))
    return consensus


def median_of(ballot: list[tuple[int, int]], minority: int) -> int:
    """Return the first weight at which the stake, summed over sorted (weight, stake) pairs, exceeds `minority`."""
    supported = 0
    for weight, stake in ballot:
        supported += stake
        if supported > minority:
            return weight
    return ballot[-1][0] if ballot else 0


def clip(weights: list[Row], consensus: list[int]) -> list[Row]:
    """Return W̄_ij = min(W_ij, C_j); an entry clipped to zero is dropped (an entry that was zero before stays)."""
    return [[(j, min(w, consensus[j])) for j, w in row if w <= consensus[j] or consensus[j] > 0] for row in weights]


def ranks(clipped: list[Row], active_stake: list[int], columns: int) -> list[int]:
    """Return R_j = Σ_i S_i · W̄_ij."""
    result = [0] * columns
    for row, stake in zip(clipped, active_stake, strict=True):
        for j, w in row:
            result[j] = add(result[j], mul(stake, w))
    return result


# Bonds


def penalise(weights: list[Row], clipped: list[Row], penalty: int, columns: int) -> list[Row]:
    """Return the weights for bonds: W + penalty · (W̄ - W).

    For a penalty of 0 or 1 the rows are unchanged, including zeros and order. In between only positive cells remain.
    The difference is negative and the product floored: one unit below a truncated product.
    """
    if penalty == 0:
        return weights
    if penalty == ONE:
        return clipped
    result = []
    for row, clipped_row in zip(weights, clipped, strict=True):
        w, c = dict(row), dict(clipped_row)
        cells = [(j, add(w.get(j, 0), mul(penalty, sub(c.get(j, 0), w.get(j, 0))))) for j in range(columns)]
        result.append([(j, x) for j, x in cells if x > 0])
    return result


def surviving_bonds(inputs: EpochInput) -> list[Row]:
    """Return stored bonds (u16) of all uids, permitted or not, without those in neurons registered since last epoch.

    A target beyond the last uid counts as registered at block 0.
    """
    registered = inputs.block_at_registration.tolist()
    last_tempo = inputs.last_tempo_block
    return [
        [(j, b) for j, b in row if last_tempo > (registered[j] if j < inputs.n else 0)]
        for row in inputs.bonds.to_lists()
    ]


def moving_average_alpha(bonds_moving_average: int) -> int:
    """Return 1 - average/10^6. The subtrahend is floored, so alpha is rounded up; above 10^6 it is negative."""
    kept = I64F64.safe_div(I64F64.from_int(bonds_moving_average), I64F64.from_int(10**6))
    return sub(ONE, I32F32.convert(kept, I64F64))


def yuma3_moving_average_alpha(bonds_moving_average: int) -> int:
    """Return 1 - average/10^6 as Yuma 3 computes it: its conversions wrap where those of Yuma 2 saturate.

    They differ from an average of 2^31 · 10^6 on, which only root can set.
    """
    kept = I64F64.saturating_div(I64F64.wrapping_from_int(bonds_moving_average), I64F64.from_int(10**6))
    return sub(ONE, I32F32.wrapping_convert(kept, I64F64))


def moving_average(new: list[Row], old: list[Row], alpha: int) -> list[Row]:
    """Return alpha·new + (1 - alpha)·old over the union of both, each product floored; positive cells, by target."""
    n = len(new)
    result = []
    for new_row, old_row in zip(new, old, strict=True):
        cells = [0] * n
        for row, factor in ((new_row, alpha), (old_row, sub(ONE, alpha))):
            for j, x in row:
                if j < n:
                    cells[j] = add(cells[j], mul(factor, x))
        result.append([(j, x) for j, x in enumerate(cells) if x > 0])
    return result


def column_sums(rows: list[Row], columns: int) -> list[int]:
    sums = [0] * columns
    for row in rows:
        for j, x in row:
            if j < columns:
                sums[j] = add(sums[j], x)
    return sums


def divide_columns(rows: list[Row], divisors: list[int]) -> list[Row]:
    """Return each entry over its column's divisor; unchanged where that is 0 or the column does not exist."""
    return [[(j, div(x, divisors[j]) if j < len(divisors) and divisors[j] else x) for j, x in row] for row in rows]


def normalise_columns(rows: list[Row], columns: int) -> list[Row]:
    """Return x_ij / Σ_i x_ij."""
    return divide_columns(rows, column_sums(rows, columns))


def max_upscale_columns(rows: list[Row], columns: int) -> list[Row]:
    """Return x_ij / max_i x_ij, which uses the full range of the u16 that is stored."""
    largest = [0] * columns
    for row in rows:
        for j, x in row:
            largest[j] = max(largest[j], x)
    return divide_columns(rows, largest)


def yuma2_bonds(inputs: EpochInput, weights: list[Row], old: list[Row], active_stake: list[int]) -> list[Row]:
    """Return E: the normalised moving average of B (normalised) and ΔB_ij = S_i·W_ij (normalised)."""
    bonds = normalise_columns([[(j, I32F32.from_int(b)) for j, b in row] for row in old], inputs.n)
    delta = [[(j, mul(w, stake)) for j, w in row] for row, stake in zip(weights, active_stake, strict=True)]
    alpha = moving_average_alpha(inputs.bonds_moving_average)
    return normalise_columns(moving_average(normalise_columns(delta, inputs.n), bonds, alpha), inputs.n)


def yuma2_dividends(bonds: list[Row], incentive: list[int]) -> list[int]:
    """Return D_i = Σ_j E_ij · I_j, normalised. E already includes stake."""
    return normalise([weighted_sum(row, incentive) for row in bonds])


def weighted_sum(row: Row, incentive: list[int]) -> int:
    total = 0
    for j, x in row:
        total = add(total, mul(x, incentive[j]))
    return total


def yuma3_bonds(inputs: EpochInput, weights: list[Row], old: list[Row], consensus: list[int]) -> list[Row]:
    """Return E: the moving average of B and W, with one alpha for all bonds, or with liquid alpha one for each bond."""
    bonds = [[(j, proportion(b)) for j, b in row] for row in old]
    if inputs.liquid_alpha_on and any(consensus):
        return liquid_bonds(inputs, weights, bonds, consensus)
    return moving_average(weights, bonds, yuma3_moving_average_alpha(inputs.bonds_moving_average))


def liquid_bonds(inputs: EpochInput, weights: list[Row], bonds: list[Row], consensus: list[int]) -> list[Row]:
    """Return the moving average with an alpha of its own in each cell, in the order of the weights' rows.

    Only cells with an entry in the weights remain: a bond without one is deleted at once and does not decay.
    """
    alpha_of = liquid_alpha(inputs)
    result = []
    for new, old in zip(weights, bonds, strict=True):
        w, b = in_order(new), in_order(old)
        alphas = {j: alpha_of(w.get(j, 0), b.get(j, 0), consensus[j]) for j, _ in new}
        result.append(follow(new, old, alphas.__getitem__))
    return result


def follow(new: Row, old: Row, alpha: Callable[[int], int]) -> Row:
    """Return the positive cells of alpha_j·new + (1 - alpha_j)·old, at most one, in the cells and order of `new`."""
    before = dict(old)
    cells = []
    for j, x in new:
        kept = mul(sub(ONE, alpha(j)), before.get(j, 0))
        cells.append((j, min(ONE, add(kept, max(0, mul(alpha(j), x))))))
    return [(j, x) for j, x in cells if x > 0]


def in_order(row: Row) -> dict[int, int]:
    """Return the entries that a reader meets which visits j = 0, 1, 2 … with a pointer that only moves forward.

    In a sorted row it meets every entry, in others only entries whose target is above all targets before them.
    """
    met: dict[int, int] = {}
    furthest = -1
    for j, x in row:
        if j > furthest:
            met[j], furthest = x, j
    return met


def liquid_alpha(inputs: EpochInput) -> Callable[[int, int, int], int]:
    """Return alpha(w, b, c): from low to high along a sigmoid of how far a weight is above consensus (buying) or a
    bond above its weight (selling)."""
    low, high = proportion(inputs.alpha_low), proportion(inputs.alpha_high)
    slope = I32F32.saturating_div(I32F32.from_int(inputs.alpha_sigmoid_steepness), I32F32.from_int(-100))

    def alpha(w: int, b: int, c: int) -> int:
        difference = min(max(sub(w, c) if w >= b else sub(b, w), 0), ONE)
        power = exp_safe(mul(slope, sub(difference, ONE // 2)))
        sigmoid = I32F32.saturating_div(ONE, add(ONE, power))
        return max(min(add(low, mul(sigmoid, sub(high, low))), high), low)

    return alpha


def yuma3_dividends(bonds: list[Row], incentive: list[int], active_stake: list[int]) -> list[int]:
    """Return D_i = S_i · Σ_j E_ij/Σ_i E_ij · I_j, normalised. Stake is a factor here, not a part of the bonds."""
    totals = [weighted_sum(row, incentive) for row in normalise_columns(bonds, len(incentive))]
    return normalise([I32F32.checked_mul(t, s) or 0 for t, s in zip(totals, active_stake, strict=True)])


# Emission


def emission_shares(
    incentive: list[int], dividends: list[int], stake: list[int], active_stake: list[int]
) -> tuple[list[int], list[int], list[int]]:
    """Return shares of the epoch's emission: for miners, for validators, and combined.

    Without incentive and dividends validators are paid by active stake, or by all stake if none is active. The
    combined share is divided separately, so it need not be the sum of the other two.
    """
    combined = [add(i, d) for i, d in zip(incentive, dividends, strict=True)]
    total = I32F32.wrapping_sum(combined)
    if total == 0:
        fallback = active_stake if I32F32.wrapping_sum(active_stake) else stake
        return incentive, fallback, fallback
    return divide_all(incentive, total), divide_all(dividends, total), divide_all(combined, total)


def emission(shares: list[int], rao: int) -> list[int]:
    """Return floor(share · rao)."""
    factor = I96F32.from_int(rao)
    return [I96F32.to_int(I96F32.saturating_mul(I96F32.convert(share, I32F32), factor), 64) for share in shares]


def stored_bonds(bonds: list[Row], new_permits: list[bool]) -> list[Row]:
    """Return the u16 bonds, zeros included, of the uids with a new permit."""
    return [
        [(j, to_u16_proportion(x)) for j, x in row] if permit else []
        for row, permit in zip(bonds, new_permits, strict=True)
    ]


#: The vectors of `build_output` that the chain stores as u16, by their position.
STORED_VECTORS = {"stake_weight": 0, "consensus": 2, "incentive": 3, "dividends": 4, "validator_trust": 5}


def build_output(
    inputs: EpochInput,
    active: list[bool],
    new_permits: list[bool],
    bonds: list[Row],
    vectors: Sequence[list[int]],
    shares: Sequence[list[int]],
) -> EpochOutput:
    """Convert the results to arrays. `vectors` are stake, active stake, consensus, incentive, dividends and trust."""
    stake, active_stake, consensus, incentive, dividends, trust = (np.array(v, np.int64) for v in vectors)
    stored = {
        name: np.array([to_u16_proportion(x) for x in vectors[index]], np.uint16)
        for name, index in STORED_VECTORS.items()
    }
    rao = [np.array(emission(share, inputs.rao_emission), np.uint64) for share in shares]
    server, validator, combined = (np.array(share, np.int64) for share in shares)
    return EpochOutput(
        active=np.array(active, bool),
        new_validator_permits=np.array(new_permits, bool),
        server_emission=rao[0],
        validator_emission=rao[1],
        combined_emission=rao[2],
        bonds=rows_of(stored_bonds(bonds, new_permits)),
        stake_bits=stake,
        active_stake_bits=active_stake,
        consensus_bits=consensus,
        incentive_bits=incentive,
        dividends_bits=dividends,
        validator_trust_bits=trust,
        norm_server_emission_bits=server,
        norm_validator_emission_bits=validator,
        norm_combined_emission_bits=combined,
        ema_bonds_bits=rows_of(bonds, np.int64),
        **stored,
    )
