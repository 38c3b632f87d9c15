"""Yuma Consensus: the epoch of one mechanism of a subnet as a function of arrays, and the merge of mechanisms."""

from .fast import epoch
from .mechanisms import MergedEpoch, merge, split_emission
from .types import NO_COMMIT, EpochInput, EpochOutput, InvalidInput, SparseRows

__all__ = [
    "NO_COMMIT",
    "EpochInput",
    "EpochOutput",
    "InvalidInput",
    "MergedEpoch",
    "SparseRows",
    "epoch",
    "merge",
    "split_emission",
]
