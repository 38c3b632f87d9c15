"""The input and output of an epoch: frozen records of arrays.

Raw fixed-point bits are I32F32 (value · 2^32) unless documented otherwise. A "share" is a value of [0, 1].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..integers import U64_MAX, saturating_add_u64, saturating_sub

#: With at most this many neurons no sum of the epoch exceeds 63 bits, so that none saturates or wraps. The chain
#: admits 4,096 uids over all mechanisms of a subnet.
MAX_NEURONS = 1 << 15

#: The value of `commit_blocks` for a uid without a commit.
NO_COMMIT = U64_MAX


class InvalidInput(ValueError):
    """An input that no epoch can be computed from: the message names the field, what was expected and what came."""


@dataclass(frozen=True, slots=True, eq=False)
class SparseRows:
    """A sparse matrix by rows, as Weights and Bonds are stored: row i is entries starts[i] to starts[i + 1].

    Targets within a row are distinct (setting weights refuses duplicates) but need not be sorted, and may be beyond
    the last uid. An entry of value zero differs from an absent one.
    """

    #: int64, one more than there are rows.
    starts: NDArray[np.int64]
    #: u16 target of each entry.
    uids: NDArray[np.uint16]
    #: u16 as stored, or raw bits as uint64.
    values: NDArray[Any]

    @classmethod
    def from_rows(cls, rows: Sequence[Any], dtype: type = np.uint16) -> SparseRows:
        """Return a matrix from a (k, 2) array, or a list of pairs, of (target, value) for each uid."""
        lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        filled: list[NDArray[Any]] = [np.asarray(row, dtype) for row in rows if len(row)]
        entries = np.concatenate(filled) if filled else np.empty((0, 2), dtype)
        return cls(starts, entries[:, 0].astype(np.uint16), np.ascontiguousarray(entries[:, 1]))

    @classmethod
    def empty(cls, n: int) -> SparseRows:
        return cls(np.zeros(n + 1, np.int64), np.empty(0, np.uint16), np.empty(0, np.uint16))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def row(self, uid: int) -> NDArray[Any]:
        """Return one row as a (k, 2) array of (target, value), of the values' type."""
        entries = slice(self.starts[uid], self.starts[uid + 1])
        return np.stack([self.uids[entries].astype(self.values.dtype), self.values[entries]], axis=1)

    def to_lists(self) -> list[list[tuple[int, int]]]:
        """Return every row as (target, value) pairs of plain ints."""
        pairs = list(zip(self.uids.tolist(), self.values.tolist(), strict=True))
        bounds = self.starts.tolist()
        return [pairs[start:end] for start, end in pairwise(bounds)]


@dataclass(frozen=True, slots=True, eq=False)
class EpochInput:
    """The input of one epoch of one mechanism. Per-uid arrays have length n.

    Raises InvalidInput for arrays of other lengths and for more than MAX_NEURONS neurons.
    """

    n: int
    current_block: int
    #: Blocks between epochs; read only while `last_mechanism_step_block` is 0.
    tempo: int
    #: Blocks after its last update from which a neuron is inactive (the effective value, not the factor).
    activity_cutoff: int
    #: u64 block in which each uid last set weights.
    last_update: NDArray[np.uint64]
    #: u64 block in which the present neuron of each uid was registered.
    block_at_registration: NDArray[np.uint64]
    #: Stake weight of each uid, I64F64 raw bits (rao · 2^64 plus fraction): too wide for an array.
    total_stake: Sequence[int]
    #: Stake below this many rao counts as zero.
    min_stake: int
    owner_uid: int | None
    #: Of length n or shorter: missing permits are False, but with an *empty* array all stake is active.
    validator_permits: NDArray[np.bool_]
    max_allowed_validators: int
    #: Rows of all uids, u16 values.
    weights: SparseRows
    bonds: SparseRows
    #: u16 proportions: the majority, how much of the clipping applies to bonds, the bounds of liquid alpha.
    kappa: int
    bonds_penalty: int
    alpha_low: int
    alpha_high: int
    #: Share of old bonds kept, in millionths.
    bonds_moving_average: int
    yuma3_on: bool
    liquid_alpha_on: bool
    #: i16, in hundredths.
    alpha_sigmoid_steepness: int
    #: 0 before the first epoch.
    last_mechanism_step_block: int
    commit_reveal_enabled: bool
    #: u64 block of each uid's oldest unexpired commit, 2^64-1 where there is none.
    commit_blocks: NDArray[np.uint64]
    #: Alpha of this epoch, in rao.
    rao_emission: int

    def __post_init__(self) -> None:
        if not 0 <= self.n <= MAX_NEURONS:
            raise InvalidInput(f"n: expected 0 to {MAX_NEURONS} neurons, got {self.n}")
        for name in (
            "last_update",
            "block_at_registration",
            "total_stake",
            "weights",
            "bonds",
            "commit_blocks",
        ):
            if len(getattr(self, name)) != self.n:
                raise InvalidInput(f"{name}: expected length {self.n}, got {len(getattr(self, name))}")
        if len(self.validator_permits) > self.n:
            raise InvalidInput(f"validator_permits: expected length {self.n}, got {len(self.validator_permits)}")
        if self.owner_uid is not None and not 0 <= self.owner_uid < self.n:
            raise InvalidInput(f"owner_uid: expected a uid below {self.n}, got {self.owner_uid}")

    @classmethod
    def blank(cls, n: int) -> EpochInput:
        """Return an input with the chain's default parameters, without stake, permits, weights and bonds."""
        return cls(
            n=n,
            current_block=1000,
            tempo=360,
            activity_cutoff=5000,
            last_update=np.full(n, 900, np.uint64),
            block_at_registration=np.zeros(n, np.uint64),
            total_stake=[0] * n,
            min_stake=0,
            owner_uid=None,
            validator_permits=np.zeros(n, bool),
            max_allowed_validators=64,
            weights=SparseRows.empty(n),
            bonds=SparseRows.empty(n),
            kappa=32767,
            bonds_penalty=65535,
            alpha_low=45875,
            alpha_high=58982,
            bonds_moving_average=900_000,
            yuma3_on=False,
            liquid_alpha_on=False,
            alpha_sigmoid_steepness=1000,
            last_mechanism_step_block=640,
            commit_reveal_enabled=False,
            commit_blocks=np.full(n, NO_COMMIT, np.uint64),
            rao_emission=0,
        )

    @property
    def last_tempo_block(self) -> int:
        """The block from which on registered neurons have no old bonds."""
        if self.last_mechanism_step_block == 0:
            return saturating_sub(self.current_block, self.tempo)
        return saturating_add_u64(self.last_mechanism_step_block, 1)


@dataclass(frozen=True, slots=True, eq=False)
class EpochOutput:
    """The output of one epoch. Fields `*_bits` are raw I32F32; the others are the values that the chain stores."""

    active: NDArray[np.bool_]
    new_validator_permits: NDArray[np.bool_]
    #: u16 shares of 65535.
    stake_weight: NDArray[np.uint16]
    consensus: NDArray[np.uint16]
    incentive: NDArray[np.uint16]
    dividends: NDArray[np.uint16]
    validator_trust: NDArray[np.uint16]
    #: rao for miners, for validators, and (stored as Emission) combined. The remainder of the rounding is not emitted.
    server_emission: NDArray[np.uint64]
    validator_emission: NDArray[np.uint64]
    combined_emission: NDArray[np.uint64]
    #: u16 bonds; only uids with a new permit have any.
    bonds: SparseRows
    #: Shares of stake, before and after inactive and non-permitted uids are removed.
    stake_bits: NDArray[np.int64]
    active_stake_bits: NDArray[np.int64]
    consensus_bits: NDArray[np.int64]
    incentive_bits: NDArray[np.int64]
    dividends_bits: NDArray[np.int64]
    validator_trust_bits: NDArray[np.int64]
    norm_server_emission_bits: NDArray[np.int64]
    norm_validator_emission_bits: NDArray[np.int64]
    norm_combined_emission_bits: NDArray[np.int64]
    #: Bonds of every row before the permit filter; in Yuma2 the largest of each column is one.
    ema_bonds_bits: SparseRows


def rows_of(rows: Iterable[Iterable[tuple[int, int]]], dtype: type = np.uint16) -> SparseRows:
    """Return a matrix from rows of (target, value) pairs of plain ints."""
    return SparseRows.from_rows([list(row) for row in rows], dtype)
