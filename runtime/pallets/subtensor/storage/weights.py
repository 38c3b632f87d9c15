"""Weights, and the commits that become weights."""

from __future__ import annotations

import numpy as np

from ....frame.hashers import Identity, Twox64Concat
from ....scale import H256, AccountId, VecU16Pairs, u16, u64
from ...shared.types import NetUidStorageIndex
from ..declared.pallet import pallet
from ..declared.types import RoundNumber, TimelockedCommit

NO_PAIRS = np.zeros((0, 2), np.uint16)

Weights = pallet.double_map(
    (Identity, NetUidStorageIndex),
    (Identity, u16),
    VecU16Pairs,
    default=NO_PAIRS,
    docs="What a neuron gives others of a mechanism: pairs of uid and u16 weight.",
)
WeightCommits = pallet.double_map(
    (Twox64Concat, NetUidStorageIndex),
    (Twox64Concat, AccountId),
    list[tuple[H256, u64, u64, u64]],
    docs="A hotkey's commits to hashes, oldest first: hash, epoch and block of the commit, and an unused number.",
)
TimelockedWeightCommits = pallet.double_map(
    (Twox64Concat, NetUidStorageIndex),
    (Twox64Concat, u64),
    list[tuple[AccountId, u64, TimelockedCommit, RoundNumber]],
    default=[],
    docs="Encrypted commits of an epoch: hotkey, block, ciphertext, and the drand round that opens it.",
)
CRV3WeightCommits = pallet.double_map(
    (Twox64Concat, NetUidStorageIndex),
    (Twox64Concat, u64),
    list[tuple[AccountId, TimelockedCommit, RoundNumber]],
    default=[],
    docs="Former commits of an epoch: hotkey, ciphertext, drand round.",
)
CRV3WeightCommitsV2 = pallet.double_map(
    (Twox64Concat, NetUidStorageIndex),
    (Twox64Concat, u64),
    list[tuple[AccountId, u64, TimelockedCommit, RoundNumber]],
    default=[],
    docs="Former commits of an epoch: hotkey, block, ciphertext, drand round.",
)
CommitRevealWeightsVersion = pallet.value(u16, default=4, docs="Version of commit-reveal that clients must use.")
StakeThreshold = pallet.value(u64, default=0, docs="Least stake for setting weights, in alpha.")

pallet.name_declared(globals())
