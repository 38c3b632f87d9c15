"""Weights and commits of weights."""

from __future__ import annotations

from ....frame.hashers import Identity, Twox64Concat
from ....scale import H256, AccountId, VecU16Pairs, u16, u64
from ...shared.types import NetUidStorageIndex
from ..declared.pallet import pallet
from ..declared.types import RoundNumber, TimelockedCommit
from .neurons import EMPTY_PAIRS

Weights = pallet.double_map(
    (Identity, NetUidStorageIndex),
    (Identity, u16),
    VecU16Pairs,
    default=EMPTY_PAIRS,
    docs="Weights of a neuron in a mechanism: pairs of a uid and the weight, u16.",
)
WeightCommits = pallet.double_map(
    (Twox64Concat, NetUidStorageIndex),
    (Twox64Concat, AccountId),
    list[tuple[H256, u64, u64, u64]],
    docs="Commits of a hotkey, oldest first: hash of the weights, epoch and block of the commit, and an unused number.",
)
TimelockedWeightCommits = pallet.double_map(
    (Twox64Concat, NetUidStorageIndex),
    (Twox64Concat, u64),
    list[tuple[AccountId, u64, TimelockedCommit, RoundNumber]],
    default=[],
    docs="Timelocked commits of an epoch: hotkey, block, ciphertext, and the drand round of the reveal.",
)
CRV3WeightCommits = pallet.double_map(
    (Twox64Concat, NetUidStorageIndex),
    (Twox64Concat, u64),
    list[tuple[AccountId, TimelockedCommit, RoundNumber]],
    default=[],
    docs="Former encrypted commits of an epoch: hotkey, ciphertext, drand round.",
)
CRV3WeightCommitsV2 = pallet.double_map(
    (Twox64Concat, NetUidStorageIndex),
    (Twox64Concat, u64),
    list[tuple[AccountId, u64, TimelockedCommit, RoundNumber]],
    default=[],
    docs="Former encrypted commits of an epoch: hotkey, block, ciphertext, drand round.",
)
CommitRevealWeightsVersion = pallet.value(u16, default=4, docs="Version of commit-reveal that clients must use.")
StakeThreshold = pallet.value(u64, default=0, docs="Minimum stake weight for setting weights, in billionths.")

pallet.name_declared(globals())
