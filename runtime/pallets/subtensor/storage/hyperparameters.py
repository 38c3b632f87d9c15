"""What a subnet's owner or root sets for consensus, sizes and immunity."""

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
    u16, default=10, docs="Blocks at the end of each tempo in which parameters are frozen."
)
MinActivityCutoff = pallet.value(u16, default=360, docs="Least activity cutoff that may be set, in blocks.")
Rho = pallet.map(Identity, NetUid, u16, default=InitialRho, docs="Steepness of trust.")
Kappa = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialKappa,
    docs="The majority of stake that makes consensus, a u16 proportion.",
)
AlphaSigmoidSteepness = pallet.map(
    Identity,
    NetUid,
    i16,
    default=InitialAlphaSigmoidSteepness,
    docs="Steepness of liquid alpha, in thousandths.",
)
AlphaValues = pallet.map(
    Identity,
    NetUid,
    tuple[u16, u16],
    default=(45_875, 58_982),
    docs="Lower and upper end of liquid alpha, u16 proportions.",
)
LiquidAlphaOn = pallet.map(Blake2_128Concat, NetUid, bool, default=False, docs="Whether bonds move by liquid alpha.")
Yuma3On = pallet.map(Blake2_128Concat, NetUid, bool, default=False, docs="Whether bonds are those of Yuma 3.")
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
BondsResetOn = pallet.map(Identity, NetUid, bool, default=InitialBondsResetOn, docs="Whether bonds can be reset.")
MinAllowedUids = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialMinAllowedUids,
    docs="Fewest neurons to which a subnet may be trimmed.",
)
MaxAllowedUids = pallet.map(Identity, NetUid, u16, default=InitialMaxAllowedUids, docs="Most neurons.")
MinNonImmuneUids = pallet.map(Identity, NetUid, u16, default=10, docs="Fewest neurons that are not immune.")
ImmunityPeriod = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialImmunityPeriod,
    docs="Blocks in which a new neuron is not replaced.",
)
ImmuneOwnerUidsLimit = pallet.map(
    Identity, NetUid, u16, default=1, docs="Most neurons of the owner that are never replaced."
)
MaxAllowedValidators = pallet.map(Identity, NetUid, u16, default=InitialMaxAllowedValidators, docs="Most validators.")
ActivityCutoff = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialActivityCutoff,
    docs="Former activity cutoff, in blocks; `ActivityCutoffFactorMilli` holds.",
)
ActivityCutoffFactorMilli = pallet.map(
    Identity,
    NetUid,
    u32,
    default=13_889,
    docs="A validator without weights for so long is inactive, in thousandths of the tempo.",
)
MinAllowedWeights = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialMinAllowedWeights,
    docs="Fewest weights that a validator may set.",
)
MaxWeightsLimit = pallet.map(
    Identity, NetUid, u16, default=0xFFFF, docs="Former limit of a single weight; it is 65535."
)
WeightsVersionKey = pallet.map(
    Identity, NetUid, u64, default=InitialWeightsVersionKey, docs="Least version key of weights."
)
CommitRevealWeightsEnabled = pallet.map(
    Identity,
    NetUid,
    bool,
    default=True,
    docs="Whether weights are set by commit and reveal.",
)
RevealPeriodEpochs = pallet.map(Twox64Concat, NetUid, u64, default=1, docs="Epochs from commit to reveal.")
AdjustmentInterval = pallet.map(
    Identity,
    NetUid,
    u16,
    default=InitialAdjustmentInterval,
    docs="Former interval between adjustments of price and difficulty, in blocks.",
)
AdjustmentAlpha = pallet.map(
    Identity,
    NetUid,
    u64,
    default=InitialAdjustmentAlpha,
    docs="Former smoothing of adjustments, out of 2^64.",
)
ValidatorPruneLen = pallet.map(Identity, NetUid, u64, default=InitialValidatorPruneLen, docs="Unused.")
ScalingLawPower = pallet.map(Identity, NetUid, u16, default=InitialScalingLawPower, docs="Unused.")
RecycleOrBurn = pallet.map(
    Identity,
    NetUid,
    RecycleOrBurnEnum,
    default=RecycleOrBurnEnum.Burn,
    docs="What becomes of the miner emission that falls to the owner's uids.",
)

pallet.name_declared(globals())
