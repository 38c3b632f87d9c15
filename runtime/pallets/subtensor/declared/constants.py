"""The pallet's constants, with the real chain's values, in the order of its metadata.

Most are the defaults of storage items: what holds for a subnet until somebody sets it. "With fast blocks" notes
the value in the build that localnets use for them (`fast-runtime`); all others are the same there.
"""

from __future__ import annotations

from .....consensus.integers import U16_MAX, U64_MAX
from ....scale import Percent, i16, u8, u16, u32, u64
from ....units import RAO_PER_TAO
from ...shared.types import BlockNumber, TaoBalance
from .pallet import pallet
from .types import PalletId

#: At twelve seconds each.
BLOCKS_PER_DAY = 7_200

InitialIssuance = pallet.constant(TaoBalance, 0, docs="Rao that exist when the chain begins.")
InitialMinAllowedWeights = pallet.constant(u16, 1_024, docs="Fewest weights that a validator of a new subnet may set.")
InitialEmissionValue = pallet.constant(u16, 0, docs="Share of the emission of a new subnet. Unused.")
#: With fast blocks: 10.
InitialTempo = pallet.constant(u16, 360, docs="Blocks from epoch to epoch of a new subnet.")
InitialDifficulty = pallet.constant(u64, 10_000_000, docs="Difficulty of proof-of-work registrations on a new subnet.")
InitialMaxDifficulty = pallet.constant(u64, U64_MAX // 4, docs="Greatest difficulty on a new subnet.")
InitialMinDifficulty = pallet.constant(u64, 10_000_000, docs="Least difficulty on a new subnet.")
InitialRAORecycledForRegistration = pallet.constant(
    TaoBalance, 0, docs="Rao that the registrations of a new subnet have recycled."
)
InitialBurn = pallet.constant(TaoBalance, 100_000_000, docs="Price of a registration on a new subnet, in rao.")
InitialMaxBurn = pallet.constant(
    TaoBalance, 100 * RAO_PER_TAO, docs="Greatest price of a registration on a new subnet, in rao."
)
InitialMinBurn = pallet.constant(TaoBalance, 500_000, docs="Least price of a registration on a new subnet, in rao.")
InitialMinStake = pallet.constant(TaoBalance, 2_000_000, docs="Least amount to stake or unstake, in rao.")
MinBurnUpperBound = pallet.constant(
    TaoBalance,
    RAO_PER_TAO,
    docs="Owners cannot set the least price of a registration above this, in rao.",
)
MaxBurnLowerBound = pallet.constant(
    TaoBalance,
    100_000_000,
    docs="Owners cannot set the greatest price of a registration below this, in rao.",
)
MinTempo = pallet.constant(u16, 360, docs="Least tempo that an owner may set, in blocks.")
MaxTempo = pallet.constant(u16, 50_400, docs="Greatest tempo that an owner may set, in blocks.")
MinActivityCutoffFactorMilli = pallet.constant(
    u32,
    1_000,
    docs="Least activity cutoff that an owner may set, in thousandths of the tempo.",
)
MaxActivityCutoffFactorMilli = pallet.constant(
    u32,
    50_000,
    docs="Greatest activity cutoff that an owner may set, in thousandths of the tempo.",
)
InitialAdjustmentInterval = pallet.constant(u16, 100, docs="Blocks between adjustments of a new subnet.")
InitialBondsMovingAverage = pallet.constant(u64, 900_000, docs="Smoothing of the bonds of a new subnet, in millionths.")
InitialBondsPenalty = pallet.constant(
    u16, U16_MAX, docs="Penalty on bonds out of consensus on a new subnet, a u16 proportion."
)
InitialBondsResetOn = pallet.constant(bool, False, docs="Whether the bonds of a new subnet can be reset.")
InitialTargetRegistrationsPerInterval = pallet.constant(
    u16, 2, docs="Registrations that a new subnet aims at in an interval."
)
InitialRho = pallet.constant(u16, 10, docs="Rho of a new subnet: steepness of trust.")
InitialAlphaSigmoidSteepness = pallet.constant(
    i16, 1_000, docs="Steepness of liquid alpha on a new subnet, in thousandths."
)
InitialKappa = pallet.constant(
    u16,
    32_767,
    docs="Kappa of a new subnet: the majority of stake that makes consensus, a u16 proportion.",
)
InitialMinAllowedUids = pallet.constant(u16, 64, docs="Fewest neurons to which a new subnet may be trimmed.")
InitialMaxAllowedUids = pallet.constant(u16, 256, docs="Most neurons of a new subnet.")
InitialValidatorPruneLen = pallet.constant(u64, 1, docs="Unused.")
InitialScalingLawPower = pallet.constant(u16, 50, docs="Unused.")
InitialImmunityPeriod = pallet.constant(
    u16, 4_096, docs="Blocks in which a new neuron of a new subnet is not replaced."
)
InitialActivityCutoff = pallet.constant(
    u16,
    5_000,
    docs="Blocks without weights after which a validator of a new subnet counted as inactive.",
)
InitialMaxRegistrationsPerBlock = pallet.constant(u16, 1, docs="Most registrations on a new subnet in one block.")
InitialPruningScore = pallet.constant(u16, U16_MAX, docs="Pruning score of a new neuron. Unused.")
InitialMaxAllowedValidators = pallet.constant(u16, 128, docs="Most validators of a new subnet.")
InitialDefaultDelegateTake = pallet.constant(
    u16,
    11_796,
    docs="Greatest take of delegates, and the take of a new one, a u16 proportion.",
)
InitialMinDelegateTake = pallet.constant(u16, 0, docs="Least take of delegates, a u16 proportion.")
InitialDefaultChildKeyTake = pallet.constant(u16, 0, docs="Childkey take of a new hotkey, a u16 proportion.")
InitialMinChildKeyTake = pallet.constant(u16, 0, docs="Least childkey take, a u16 proportion.")
InitialMaxChildKeyTake = pallet.constant(u16, 11_796, docs="Greatest childkey take, a u16 proportion.")
InitialWeightsVersionKey = pallet.constant(u64, 0, docs="Least version key of weights on a new subnet.")
InitialServingRateLimit = pallet.constant(
    u64, 50, docs="Blocks between two publications of a neuron's endpoint on a new subnet."
)
InitialTxRateLimit = pallet.constant(u64, 1_000, docs="Blocks between two swaps of a coldkey's hotkeys.")
InitialTxDelegateTakeRateLimit = pallet.constant(
    u64, 216_000, docs="Blocks between two increases of a delegate's take."
)
#: With fast blocks: 5.
InitialTxChildKeyTakeRateLimit = pallet.constant(u64, 216_000, docs="Blocks between two changes of a childkey take.")
InitialAdjustmentAlpha = pallet.constant(u64, 0, docs="Smoothing of the adjustments of a new subnet, out of 2^64.")
InitialNetworkImmunityPeriod = pallet.constant(
    u64, 1_296_000, docs="Blocks in which a new subnet is not removed for another."
)
InitialNetworkMinLockCost = pallet.constant(TaoBalance, 1_000 * RAO_PER_TAO, docs="Least price of a subnet, in rao.")
InitialSubnetOwnerCut = pallet.constant(
    u16, 11_796, docs="Part of a subnet's emission that goes to its owner, a u16 proportion."
)
InitialNetworkLockReductionInterval = pallet.constant(
    u64,
    14 * BLOCKS_PER_DAY,
    docs="Blocks in which the price of a subnet falls by half.",
)
InitialNetworkRateLimit = pallet.constant(u64, BLOCKS_PER_DAY, docs="Blocks between two registrations of subnets.")
KeySwapCost = pallet.constant(TaoBalance, 100_000_000, docs="Price of a hotkey swap on all subnets, in rao.")
AlphaHigh = pallet.constant(u16, 58_982, docs="Upper end of liquid alpha, a u16 proportion.")
AlphaLow = pallet.constant(u16, 45_875, docs="Lower end of liquid alpha, a u16 proportion.")
LiquidAlphaOn = pallet.constant(bool, False, docs="Whether a new subnet uses liquid alpha.")
Yuma3On = pallet.constant(bool, False, docs="Whether a new subnet uses Yuma 3.")
#: With fast blocks: 50.
InitialColdkeySwapAnnouncementDelay = pallet.constant(
    BlockNumber,
    5 * BLOCKS_PER_DAY,
    docs="Blocks from the announcement of a coldkey's swap to the swap.",
)
#: With fast blocks: 10.
InitialColdkeySwapReannouncementDelay = pallet.constant(
    BlockNumber,
    BLOCKS_PER_DAY,
    docs="Blocks after that, until a coldkey's swap may be announced anew.",
)
InitialDissolveNetworkScheduleDuration = pallet.constant(
    BlockNumber,
    5 * BLOCKS_PER_DAY,
    docs="Blocks from scheduling a dissolution to it. Unused.",
)
InitialTaoWeight = pallet.constant(
    u64,
    971_718_665_099_567_868,
    docs="What stake on root weighs against alpha in consensus, out of 2^64 - 1.",
)
InitialEmaPriceHalvingPeriod = pallet.constant(
    u64,
    201_600,
    docs="Age in blocks at which a new subnet's moving price follows at half its speed.",
)
InitialStartCallDelay = pallet.constant(u64, 0, docs="Blocks before a new subnet can be started.")
KeySwapOnSubnetCost = pallet.constant(TaoBalance, 1_000_000, docs="Price of a hotkey swap on one subnet, in rao.")
#: With fast blocks: 1.
HotkeySwapOnSubnetInterval = pallet.constant(
    u64,
    BLOCKS_PER_DAY,
    docs="Blocks between two swaps of a coldkey's hotkeys on a subnet.",
)
LeaseDividendsDistributionInterval = pallet.constant(
    BlockNumber, 100, docs="Blocks between two payments of a lease's dividends."
)
MaxImmuneUidsPercentage = pallet.constant(Percent, 80, docs="Most neurons of a subnet that may be immune, in percent.")
SubtensorPalletId = pallet.constant(
    PalletId, b"subtensr", docs="Of this, the accounts of the pallet and of its subnets are made."
)
BurnAccountId = pallet.constant(PalletId, b"burntnsr", docs="Of this, the account is made to which burned TAO goes.")
#: With fast blocks: 32.
InitialMaxEpochsPerBlock = pallet.constant(u8, 2, docs="Most epochs in one block; what is left waits for the next.")

# Parameters that the real chain does not show in its metadata.
#: With fast blocks: 15.
DefaultPendingCooldown = pallet.constant(u64, BLOCKS_PER_DAY, docs="Blocks before chosen children hold.", shown=False)
#: With fast blocks: 1.
EvmKeyAssociateRateLimit = pallet.constant(
    u64,
    BLOCKS_PER_DAY,
    docs="Blocks between two associations of a neuron with an EVM key.",
    shown=False,
)
#: With fast blocks: 1.
MaxUidsTrimmingRateLimit = pallet.constant(
    u64, 30 * BLOCKS_PER_DAY, docs="Blocks between two trimmings of a subnet.", shown=False
)
#: With fast blocks: 1.
MechanismCountSetRateLimit = pallet.constant(
    u64,
    BLOCKS_PER_DAY,
    docs="Blocks between two changes of a subnet's number of mechanisms.",
    shown=False,
)
#: With fast blocks: 1.
MechanismEmissionRateLimit = pallet.constant(
    u64,
    BLOCKS_PER_DAY,
    docs="Blocks between two changes of how mechanisms share a subnet's emission.",
    shown=False,
)
DefaultSetSNOwnerHotkeyRateLimit = pallet.constant(
    u64,
    7 * BLOCKS_PER_DAY,
    docs="Blocks between two changes of a subnet owner's hotkey.",
    shown=False,
)

pallet.name_declared(globals())
