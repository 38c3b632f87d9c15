"""Constants of the pallet with the values of the real chain, in the order of its metadata.

Most are defaults of storage items: the value of a subnet until one is set. "With fast blocks" notes the value in the
`fast-runtime` build of the chain; constants without this note have the same value in both builds.
"""

from __future__ import annotations

from .....consensus.integers import U16_MAX, U64_MAX
from ....scale import Percent, i16, u8, u16, u32, u64
from ....units import RAO_PER_TAO
from ...shared.types import BlockNumber, PalletId, TaoBalance
from .limits import BLOCKS_PER_DAY
from .pallet import pallet

InitialIssuance = pallet.constant(TaoBalance, 0, docs="TAO issued at genesis, in rao.")
InitialMinAllowedWeights = pallet.constant(
    u16, 1_024, docs="Minimum number of weights that a validator sets on a new subnet."
)
InitialEmissionValue = pallet.constant(u16, 0, docs="Unused: former share of a new subnet in the emission.")
#: With fast blocks: 10.
InitialTempo = pallet.constant(u16, 360, docs="Tempo of a new subnet: blocks from epoch to epoch.")
InitialDifficulty = pallet.constant(u64, 10_000_000, docs="Difficulty of proof-of-work registrations on a new subnet.")
InitialMaxDifficulty = pallet.constant(
    u64, U64_MAX // 4, docs="Maximum difficulty of proof-of-work registrations on a new subnet."
)
InitialMinDifficulty = pallet.constant(
    u64, 10_000_000, docs="Minimum difficulty of proof-of-work registrations on a new subnet."
)
InitialRAORecycledForRegistration = pallet.constant(
    TaoBalance, 0, docs="TAO recycled by the registrations on a new subnet, in rao."
)
InitialBurn = pallet.constant(TaoBalance, 100_000_000, docs="Price of a registration on a new subnet, in rao.")
InitialMaxBurn = pallet.constant(
    TaoBalance, 100 * RAO_PER_TAO, docs="Maximum price of a registration on a new subnet, in rao."
)
InitialMinBurn = pallet.constant(TaoBalance, 500_000, docs="Minimum price of a registration on a new subnet, in rao.")
InitialMinStake = pallet.constant(TaoBalance, 2_000_000, docs="Minimum amount to stake or unstake, in rao.")
MinBurnUpperBound = pallet.constant(
    TaoBalance,
    RAO_PER_TAO,
    docs="Upper bound of the minimum registration price that can be set, in rao, itself excluded.",
)
MaxBurnLowerBound = pallet.constant(
    TaoBalance,
    100_000_000,
    docs="Lower bound of the maximum registration price that can be set, in rao, itself excluded.",
)
MinTempo = pallet.constant(u16, 360, docs="Minimum tempo that a subnet's owner may set, in blocks.")
MaxTempo = pallet.constant(u16, 50_400, docs="Maximum tempo that a subnet's owner may set, in blocks.")
MinActivityCutoffFactorMilli = pallet.constant(
    u32,
    1_000,
    docs="Minimum activity cutoff that a subnet's owner may set, in thousandths of the tempo.",
)
MaxActivityCutoffFactorMilli = pallet.constant(
    u32,
    50_000,
    docs="Maximum activity cutoff that a subnet's owner may set, in thousandths of the tempo.",
)
InitialAdjustmentInterval = pallet.constant(
    u16, 100, docs="Blocks between adjustments of price and difficulty on a new subnet; has no effect."
)
InitialBondsMovingAverage = pallet.constant(u64, 900_000, docs="Smoothing of the bonds of a new subnet, in millionths.")
InitialBondsPenalty = pallet.constant(
    u16, U16_MAX, docs="Penalty on bonds out of consensus on a new subnet, a u16 proportion."
)
InitialBondsResetOn = pallet.constant(bool, False, docs="Whether miners of a new subnet can reset the bonds on them.")
InitialTargetRegistrationsPerInterval = pallet.constant(
    u16, 2, docs="Target number of registrations per interval on a new subnet."
)
InitialRho = pallet.constant(u16, 10, docs="Rho of a new subnet: steepness of the trust function.")
InitialAlphaSigmoidSteepness = pallet.constant(
    i16, 1_000, docs="Steepness of the sigmoid of liquid alpha on a new subnet, in thousandths."
)
InitialKappa = pallet.constant(
    u16,
    32_767,
    docs="Kappa of a new subnet: the stake majority that makes consensus, a u16 proportion.",
)
InitialMinAllowedUids = pallet.constant(u16, 64, docs="Minimum number of neurons to which a new subnet can be trimmed.")
InitialMaxAllowedUids = pallet.constant(u16, 256, docs="Maximum number of neurons of a new subnet, and of any subnet.")
InitialValidatorPruneLen = pallet.constant(u64, 1, docs="Unused.")
InitialScalingLawPower = pallet.constant(u16, 50, docs="Unused.")
InitialImmunityPeriod = pallet.constant(
    u16, 4_096, docs="Blocks during which a new neuron of a new subnet is immune against replacement."
)
InitialActivityCutoff = pallet.constant(
    u16,
    5_000,
    docs="Former activity cutoff of a new subnet: blocks without weights until a validator is inactive.",
)
InitialMaxRegistrationsPerBlock = pallet.constant(
    u16, 1, docs="Maximum number of registrations per block on a new subnet."
)
InitialPruningScore = pallet.constant(u16, U16_MAX, docs="Unused: former pruning score of a new neuron.")
InitialMaxAllowedValidators = pallet.constant(u16, 128, docs="Maximum number of validators of a new subnet.")
InitialDefaultDelegateTake = pallet.constant(
    u16,
    11_796,
    docs="Maximum delegate take, and the take of a new delegate, a u16 proportion.",
)
InitialMinDelegateTake = pallet.constant(u16, 0, docs="Minimum delegate take, a u16 proportion.")
InitialDefaultChildKeyTake = pallet.constant(u16, 0, docs="Childkey take of a new hotkey, a u16 proportion.")
InitialMinChildKeyTake = pallet.constant(u16, 0, docs="Minimum childkey take, a u16 proportion.")
InitialMaxChildKeyTake = pallet.constant(u16, 11_796, docs="Maximum childkey take, a u16 proportion.")
InitialWeightsVersionKey = pallet.constant(u64, 0, docs="Minimum version key of weights on a new subnet.")
InitialServingRateLimit = pallet.constant(
    u64, 50, docs="Blocks between two publications of a neuron's endpoint on a new subnet."
)
InitialTxRateLimit = pallet.constant(u64, 1_000, docs="Blocks between two hotkey swaps by one coldkey.")
InitialTxDelegateTakeRateLimit = pallet.constant(u64, 216_000, docs="Blocks between two increases of a delegate take.")
#: With fast blocks: 5.
InitialTxChildKeyTakeRateLimit = pallet.constant(u64, 216_000, docs="Blocks between two changes of a childkey take.")
InitialAdjustmentAlpha = pallet.constant(
    u64, 0, docs="Smoothing of price and difficulty adjustments on a new subnet, out of 2^64; has no effect."
)
InitialNetworkImmunityPeriod = pallet.constant(
    u64, 1_296_000, docs="Blocks during which a new subnet is immune against removal."
)
InitialNetworkMinLockCost = pallet.constant(
    TaoBalance, 1_000 * RAO_PER_TAO, docs="Minimum price of a subnet registration, in rao."
)
InitialSubnetOwnerCut = pallet.constant(
    u16, 11_796, docs="Share of a subnet's emission for its owner, a u16 proportion."
)
InitialNetworkLockReductionInterval = pallet.constant(
    u64,
    14 * BLOCKS_PER_DAY,
    docs="Blocks in which the price of a subnet registration falls by half.",
)
InitialNetworkRateLimit = pallet.constant(u64, BLOCKS_PER_DAY, docs="Blocks between two subnet registrations.")
KeySwapCost = pallet.constant(TaoBalance, 100_000_000, docs="Price of a hotkey swap on all subnets, in rao.")
AlphaHigh = pallet.constant(u16, 58_982, docs="Upper bound of liquid alpha, a u16 proportion.")
AlphaLow = pallet.constant(u16, 45_875, docs="Lower bound of liquid alpha, a u16 proportion.")
LiquidAlphaOn = pallet.constant(bool, False, docs="Whether a new subnet uses liquid alpha.")
Yuma3On = pallet.constant(bool, False, docs="Whether a new subnet uses Yuma 3.")
#: With fast blocks: 50.
InitialColdkeySwapAnnouncementDelay = pallet.constant(
    BlockNumber,
    5 * BLOCKS_PER_DAY,
    docs="Blocks from the announcement of a coldkey swap to the swap.",
)
#: With fast blocks: 10.
InitialColdkeySwapReannouncementDelay = pallet.constant(
    BlockNumber,
    BLOCKS_PER_DAY,
    docs="Blocks after the announcement delay until a coldkey swap can be announced again.",
)
InitialDissolveNetworkScheduleDuration = pallet.constant(
    BlockNumber,
    5 * BLOCKS_PER_DAY,
    docs="Unused: former delay of a scheduled dissolution, in blocks.",
)
InitialTaoWeight = pallet.constant(
    u64,
    971_718_665_099_567_868,
    docs="Weight of TAO staked on root against alpha in consensus, out of 2^64 - 1.",
)
InitialEmaPriceHalvingPeriod = pallet.constant(
    u64,
    201_600,
    docs="Age in blocks at which the moving price of a subnet follows at half its final speed.",
)
InitialStartCallDelay = pallet.constant(
    u64, 0, docs="Blocks from the registration of a subnet until it can be started."
)
KeySwapOnSubnetCost = pallet.constant(TaoBalance, 1_000_000, docs="Price of a hotkey swap on one subnet, in rao.")
#: With fast blocks: 1.
HotkeySwapOnSubnetInterval = pallet.constant(
    u64,
    BLOCKS_PER_DAY,
    docs="Blocks between two hotkey swaps by one coldkey on one subnet.",
)
LeaseDividendsDistributionInterval = pallet.constant(
    BlockNumber, 100, docs="Blocks between two distributions of a lease's dividends."
)
MaxImmuneUidsPercentage = pallet.constant(
    Percent, 80, docs="Maximum share of a subnet's neurons that may be immune, in percent."
)
SubtensorPalletId = pallet.constant(
    PalletId, b"subtensr", docs="Identifier from which the accounts of the pallet and of its subnets are derived."
)
BurnAccountId = pallet.constant(
    PalletId, b"burntnsr", docs="Identifier from which the account that receives burned TAO is derived."
)
#: With fast blocks: 32.
InitialMaxEpochsPerBlock = pallet.constant(
    u8, 2, docs="Maximum number of epochs in one block; further due epochs run in the following blocks."
)

# Parameters that are not in the metadata of the real chain.
#: With fast blocks: 15.
DefaultPendingCooldown = pallet.constant(
    u64, BLOCKS_PER_DAY, docs="Blocks until newly set children take effect.", in_metadata=False
)
#: With fast blocks: 1.
EvmKeyAssociateRateLimit = pallet.constant(
    u64,
    BLOCKS_PER_DAY,
    docs="Blocks between two associations of a neuron with an EVM key.",
    in_metadata=False,
)
#: With fast blocks: 1.
MaxUidsTrimmingRateLimit = pallet.constant(
    u64, 30 * BLOCKS_PER_DAY, docs="Blocks between two trimmings of one subnet.", in_metadata=False
)
#: With fast blocks: 1.
MechanismCountSetRateLimit = pallet.constant(
    u64,
    BLOCKS_PER_DAY,
    docs="Blocks between two changes of a subnet's number of mechanisms.",
    in_metadata=False,
)
#: With fast blocks: 1.
MechanismEmissionRateLimit = pallet.constant(
    u64,
    BLOCKS_PER_DAY,
    docs="Blocks between two changes of a subnet's emission split among mechanisms.",
    in_metadata=False,
)
DefaultSetSNOwnerHotkeyRateLimit = pallet.constant(
    u64,
    7 * BLOCKS_PER_DAY,
    docs="Blocks between two changes of the owner hotkey of a subnet.",
    in_metadata=False,
)

pallet.name_declared(globals())
