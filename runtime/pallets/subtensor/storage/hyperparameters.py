"""Parameters of consensus, size and immunity, which a subnet's owner or root sets."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity, Twox64Concat
from ....scale import i16, u16, u32, u64
from ...shared.types import NetUid
from ..declared.constants import (
    InitialActivityCutoff,
    InitialAdjustmentAlpha,
    InitialAdjustmentInterval,
    InitialAlphaSigmoidSteepness,
    InitialBondsMovingAverage,
    InitialBondsPenalty,
    InitialBondsResetOn,
    InitialImmunityPeriod,
    InitialKappa,
    InitialMaxAllowedUids,
    InitialMaxAllowedValidators,
    InitialMinAllowedUids,
    InitialMinAllowedWeights,
    InitialRho,
    InitialScalingLawPower,
    InitialValidatorPruneLen,
    InitialWeightsVersionKey,
)
from ..declared.pallet import pallet
from ..declared.types import RecycleOrBurnEnum

AdminFreezeWindow = pallet.value(
    u16, default=10, docs="Number of blocks before an epoch in which parameters are frozen."
)
MinActivityCutoff = pallet.value(u16, default=360, docs="Minimum of the former activity cutoff, in blocks.")
Rho = pallet.map(Identity, NetUid, u16, default=InitialRho, docs="Steepness of the trust function.")
Kappa = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialKappa,
    docs="Stake majority that makes consensus, a u16 proportion.",
)
AlphaSigmoidSteepness = pallet.map(
    Identity,
    NetUid,
    i16,
    default=InitialAlphaSigmoidSteepness,
    docs="Steepness of the sigmoid of liquid alpha, in thousandths.",
)
AlphaValues = pallet.map(
    Identity,
    NetUid,
    tuple[u16, u16],
    default=(45_875, 58_982),
    docs="Lower and upper bound of liquid alpha, u16 proportions.",
)
LiquidAlphaOn = pallet.map(Blake2_128Concat, NetUid, bool, default=False, docs="Whether bonds use liquid alpha.")
Yuma3On = pallet.map(Blake2_128Concat, NetUid, bool, default=False, docs="Whether bonds follow Yuma 3.")
BondsMovingAverage = pallet.map(
    Identity,
    NetUid,
    u64,
    default=InitialBondsMovingAverage,
    docs="Smoothing of bonds, in millionths.",
)
BondsPenalty = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialBondsPenalty,
    docs="Penalty on bonds out of consensus, a u16 proportion.",
)
BondsResetOn = pallet.map(
    Identity, NetUid, bool, default=InitialBondsResetOn, docs="Whether miners can reset the bonds on them."
)
MinAllowedUids = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialMinAllowedUids,
    docs="Minimum number of neurons to which a subnet can be trimmed.",
)
MaxAllowedUids = pallet.map(Identity, NetUid, u16, default=InitialMaxAllowedUids, docs="Maximum number of neurons.")
MinNonImmuneUids = pallet.map(Identity, NetUid, u16, default=10, docs="Minimum number of neurons without immunity.")
ImmunityPeriod = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialImmunityPeriod,
    docs="Blocks during which a new neuron is immune against replacement.",
)
ImmuneOwnerUidsLimit = pallet.map(
    Identity, NetUid, u16, default=1, docs="Maximum number of the owner's neurons that are always immune."
)
MaxAllowedValidators = pallet.map(
    Identity, NetUid, u16, default=InitialMaxAllowedValidators, docs="Maximum number of validators."
)
ActivityCutoff = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialActivityCutoff,
    docs="Former activity cutoff, in blocks; `ActivityCutoffFactorMilli` is in effect.",
)
ActivityCutoffFactorMilli = pallet.map(
    Identity,
    NetUid,
    u32,
    default=13_889,
    docs="Time without weights until a validator is inactive, in thousandths of the tempo.",
)
MinAllowedWeights = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialMinAllowedWeights,
    docs="Minimum number of weights that a validator sets.",
)
MaxWeightsLimit = pallet.map(Identity, NetUid, u16, default=0xFFFF, docs="Former maximum weight; 65535 is in effect.")
WeightsVersionKey = pallet.map(
    Identity, NetUid, u64, default=InitialWeightsVersionKey, docs="Minimum version key of weights."
)
CommitRevealWeightsEnabled = pallet.map(
    Identity,
    NetUid,
    bool,
    default=True,
    docs="Whether weights must be committed and revealed.",
)
RevealPeriodEpochs = pallet.map(Twox64Concat, NetUid, u64, default=1, docs="Number of epochs from commit to reveal.")
AdjustmentInterval = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialAdjustmentInterval,
    docs="Former interval between adjustments of price and difficulty, in blocks; has no effect.",
)
AdjustmentAlpha = pallet.map(
    Identity,
    NetUid,
    u64,
    default=InitialAdjustmentAlpha,
    docs="Former smoothing of adjustments, out of 2^64; has no effect.",
)
ValidatorPruneLen = pallet.map(Identity, NetUid, u64, default=InitialValidatorPruneLen, docs="Unused.")
ScalingLawPower = pallet.map(Identity, NetUid, u16, default=InitialScalingLawPower, docs="Unused.")
RecycleOrBurn = pallet.map(
    Identity,
    NetUid,
    RecycleOrBurnEnum,
    default=RecycleOrBurnEnum.Burn,
    docs="Whether miner emission of the owner's hotkeys is recycled or burned.",
)

pallet.name_declared(globals())
