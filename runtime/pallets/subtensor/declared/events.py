"""What the pallet tells the world, in the chain's order.

Many of these events have no field names on the chain; the names here are for readers of this code.
"""

from __future__ import annotations

from typing import Annotated

from ....frame.errors import DispatchError
from ....frame.nested import DispatchResult
from ....scale import H160, H256, AccountId, Compact, SourceName, Sum, VecU64, i16, u8, u16, u32, u64
from ....scale.fixed_types import U64F64
from ...shared.types import AlphaBalance, BlockNumber, Hash, NetUid, NetUidStorageIndex, TaoBalance
from .types import Children, LeaseId, RootClaimTypeEnum

#: How the source spells an amount of the pallet's currency; the compiler breaks the line.
CurrencyBalance = Annotated[
    u64,
    SourceName("<<T as Config>::Currency as fungible::Inspect<<T as frame_system::\nConfig>::AccountId,>>::Balance"),
]


class Event(Sum, params=[("T", None)], positional=True):
    """What happened to subnets, neurons and stake."""


class NetworkAdded(Event, index=0):
    """A subnet was registered; `mechanism` is 1 for one with a pool."""

    netuid: NetUid
    mechanism: u16


class NetworkRemoved(Event, index=1):
    """A subnet was dissolved."""

    netuid: NetUid


class StakeAdded(Event, index=2):
    """A coldkey staked `tao` rao to a hotkey and got `alpha`; `fee` in rao is within `tao`."""

    coldkey: AccountId
    hotkey: AccountId
    tao: TaoBalance
    alpha: AlphaBalance
    netuid: NetUid
    fee: u64


class StakeRemoved(Event, index=3):
    """A coldkey took `alpha` from a hotkey and got `tao` rao; `fee` is in alpha."""

    coldkey: AccountId
    hotkey: AccountId
    tao: TaoBalance
    alpha: AlphaBalance
    netuid: NetUid
    fee: u64


class StakeMoved(Event, index=4):
    """Stake went to another hotkey or subnet; `tao` is its worth in rao."""

    coldkey: AccountId
    origin_hotkey: AccountId
    origin_netuid: NetUid
    destination_hotkey: AccountId
    destination_netuid: NetUid
    tao: TaoBalance


class WeightsSet(Event, index=5):
    """A neuron set its weights."""

    netuid_index: NetUidStorageIndex
    uid: u16


class NeuronRegistered(Event, index=6):
    """A hotkey became a neuron."""

    netuid: NetUid
    uid: u16
    hotkey: AccountId


class BulkNeuronsRegistered(Event, index=7):
    """No longer deposited: several neurons were registered at once."""

    netuid: u16
    count: u16


class BulkBalancesSet(Event, index=8):
    """No longer deposited."""

    netuid: u16
    count: u16


class MaxAllowedUidsSet(Event, index=9):
    """A subnet's greatest number of neurons was set."""

    netuid: NetUid
    max_allowed_uids: u16


class MaxWeightLimitSet(Event, index=10):
    """No longer deposited: the limit of a single weight is fixed."""

    netuid: NetUid
    max_weight_limit: u16


class DifficultySet(Event, index=11):
    """A subnet's difficulty of proof-of-work registrations was set."""

    netuid: NetUid
    difficulty: u64


class AdjustmentIntervalSet(Event, index=12):
    """A subnet's interval between adjustments was set."""

    netuid: NetUid
    blocks: u16


class RegistrationPerIntervalSet(Event, index=13):
    """A subnet's target of registrations in an interval was set."""

    netuid: NetUid
    registrations: u16


class MaxRegistrationsPerBlockSet(Event, index=14):
    """A subnet's limit of registrations in a block was set."""

    netuid: NetUid
    registrations: u16


class ActivityCutoffSet(Event, index=15):
    """A subnet's activity cutoff was set."""

    netuid: NetUid
    blocks: u16


class RhoSet(Event, index=16):
    """A subnet's rho was set."""

    netuid: NetUid
    rho: u16


class AlphaSigmoidSteepnessSet(Event, index=17):
    """The steepness of a subnet's liquid alpha was set, in thousandths."""

    netuid: NetUid
    steepness: i16


class KappaSet(Event, index=18):
    """A subnet's kappa was set, a u16 proportion."""

    netuid: NetUid
    kappa: u16


class MinAllowedWeightSet(Event, index=19):
    """The least number of weights on a subnet was set."""

    netuid: NetUid
    weights: u16


class ValidatorPruneLenSet(Event, index=20):
    """No longer deposited."""

    netuid: NetUid
    length: u64


class ScalingLawPowerSet(Event, index=21):
    """No longer deposited."""

    netuid: NetUid
    power: u16


class WeightsSetRateLimitSet(Event, index=22):
    """The blocks between two settings of weights were set for a subnet."""

    netuid: NetUid
    blocks: u64


class ImmunityPeriodSet(Event, index=23):
    """The blocks in which a new neuron is immune were set for a subnet."""

    netuid: NetUid
    blocks: u16


class BondsMovingAverageSet(Event, index=24):
    """The smoothing of a subnet's bonds was set, in millionths."""

    netuid: NetUid
    average: u64


class BondsPenaltySet(Event, index=25):
    """The penalty on bonds out of consensus was set for a subnet, a u16 proportion."""

    netuid: NetUid
    penalty: u16


class BondsResetOnSet(Event, index=26):
    """Whether a subnet's bonds can be reset was set."""

    netuid: NetUid
    enabled: bool


class MaxAllowedValidatorsSet(Event, index=27):
    """A subnet's greatest number of validators was set."""

    netuid: NetUid
    validators: u16


class AxonServed(Event, index=28):
    """A neuron published its endpoint."""

    netuid: NetUid
    hotkey: AccountId


class PrometheusServed(Event, index=29):
    """A neuron published the endpoint of its metrics."""

    netuid: NetUid
    hotkey: AccountId


class DelegateAdded(Event, index=30):
    """A hotkey became a delegate; the take is a u16 proportion."""

    coldkey: AccountId
    hotkey: AccountId
    take: u16


class DefaultTakeSet(Event, index=31):
    """No longer deposited: the default take was set."""

    take: u16


class WeightsVersionKeySet(Event, index=32):
    """The least version key of weights on a subnet was set."""

    netuid: NetUid
    version_key: u64


class MinDifficultySet(Event, index=33):
    """A subnet's least difficulty was set."""

    netuid: NetUid
    difficulty: u64


class MaxDifficultySet(Event, index=34):
    """A subnet's greatest difficulty was set."""

    netuid: NetUid
    difficulty: u64


class ServingRateLimitSet(Event, index=35):
    """The blocks between two publications of a neuron's endpoint were set."""

    netuid: NetUid
    blocks: u64


class BurnSet(Event, index=36):
    """A subnet's price of registration was set, in rao."""

    netuid: NetUid
    burn: TaoBalance


class MaxBurnSet(Event, index=37):
    """A subnet's greatest price of registration was set, in rao."""

    netuid: NetUid
    burn: TaoBalance


class MinBurnSet(Event, index=38):
    """A subnet's least price of registration was set, in rao."""

    netuid: NetUid
    burn: TaoBalance


class MaxEpochsPerBlockSet(Event, index=39):
    """The most epochs of subnets in one block was set."""

    epochs: u8


class TxRateLimitSet(Event, index=40):
    """The blocks between two swaps of hotkeys were set."""

    blocks: u64


class TxDelegateTakeRateLimitSet(Event, index=41):
    """The blocks between two increases of a delegate's take were set."""

    blocks: u64


class TxChildKeyTakeRateLimitSet(Event, index=42):
    """The blocks between two changes of a childkey take were set."""

    blocks: u64


class AdminFreezeWindowSet(Event, index=43):
    """The last blocks before an epoch, in which parameters are frozen, were set."""

    blocks: u16


class OwnerHyperparamRateLimitSet(Event, index=44):
    """The epochs between two changes of a parameter by a subnet's owner were set."""

    epochs: u16


class MinChildKeyTakeSet(Event, index=45):
    """The least childkey take was set, a u16 proportion."""

    take: u16


class MinChildKeyTakePerSubnetSet(Event, index=46):
    """A subnet's least childkey take was set, a u16 proportion."""

    netuid: NetUid
    take: u16


class MaxChildKeyTakeSet(Event, index=47):
    """The greatest childkey take was set, a u16 proportion."""

    take: u16


class ChildKeyTakeSet(Event, index=48):
    """A hotkey's childkey take was set, a u16 proportion."""

    hotkey: AccountId
    take: u16


class Sudid(Event, index=49):
    """No longer deposited: a call was made as root."""

    result: DispatchResult


class RegistrationAllowed(Event, index=50):
    """A subnet opened or closed its registrations."""

    netuid: NetUid
    allowed: bool


class PowRegistrationAllowed(Event, index=51):
    """A subnet allowed or forbade registrations by proof of work."""

    netuid: NetUid
    allowed: bool


class TempoSet(Event, index=52):
    """A subnet's tempo was set."""

    netuid: NetUid
    blocks: u16


class RAORecycledForRegistrationSet(Event, index=53):
    """The rao recycled by a subnet's registrations was set."""

    netuid: NetUid
    recycled: TaoBalance


class StakeThresholdSet(Event, index=54):
    """The least stake for setting weights was set, in rao."""

    stake: u64


class AdjustmentAlphaSet(Event, index=55):
    """The smoothing of a subnet's adjustments was set, out of 2^64."""

    netuid: NetUid
    alpha: u64


class Faucet(Event, index=56):
    """A coldkey got play money, in rao."""

    coldkey: AccountId
    balance: u64


class SubnetOwnerCutSet(Event, index=57):
    """The part of a subnet's emission that goes to its owner was set, a u16 proportion."""

    cut: u16


class NetworkRateLimitSet(Event, index=58):
    """The blocks between two registrations of subnets were set."""

    blocks: u64


class NetworkImmunityPeriodSet(Event, index=59):
    """The blocks in which a new subnet is immune were set."""

    blocks: u64


class StartCallDelaySet(Event, index=60):
    """The blocks before a new subnet can be started were set."""

    blocks: u64


class NetworkMinLockCostSet(Event, index=61):
    """The least price of a subnet was set, in rao."""

    cost: TaoBalance


class SubnetLimitSet(Event, index=62):
    """The greatest number of subnets was set."""

    subnets: u16


class NetworkLockCostReductionIntervalSet(Event, index=63):
    """The blocks in which the price of a subnet falls by half were set."""

    blocks: u64


class TakeDecreased(Event, index=64):
    """A delegate lowered its take, a u16 proportion."""

    coldkey: AccountId
    hotkey: AccountId
    take: u16


class TakeIncreased(Event, index=65):
    """A delegate raised its take, a u16 proportion."""

    coldkey: AccountId
    hotkey: AccountId
    take: u16


class HotkeySwapped(Event, index=66, positional=False):
    """A hotkey was replaced by another, on all subnets."""

    coldkey: AccountId
    old_hotkey: AccountId
    new_hotkey: AccountId


class MaxDelegateTakeSet(Event, index=67):
    """The greatest take of delegates was set, a u16 proportion."""

    take: u16


class MinDelegateTakeSet(Event, index=68):
    """The least take of delegates was set, a u16 proportion."""

    take: u16


class ColdkeySwapAnnounced(Event, index=69, positional=False):
    """A coldkey announced its swap to the coldkey with this hash."""

    who: AccountId
    new_coldkey_hash: Hash


class ColdkeySwapReset(Event, index=70, positional=False):
    """Root withdrew the announcement and the dispute of a coldkey's swap."""

    who: AccountId


class ColdkeySwapped(Event, index=71, positional=False):
    """A coldkey was replaced by another."""

    old_coldkey: AccountId
    new_coldkey: AccountId


class ColdkeySwapDisputed(Event, index=72, positional=False):
    """A coldkey's swap was disputed."""

    coldkey: AccountId


class AllBalanceUnstakedAndTransferredToNewColdkey(Event, index=73, positional=False):
    """No longer deposited."""

    current_coldkey: AccountId
    new_coldkey: AccountId
    total_balance: CurrencyBalance


class ArbitrationPeriodExtended(Event, index=74, positional=False):
    """No longer deposited."""

    coldkey: AccountId


class SetChildrenScheduled(Event, index=75):
    """A hotkey chose its children; they hold from a block on."""

    hotkey: AccountId
    netuid: NetUid
    block: u64
    children: Children


class SetChildren(Event, index=76):
    """The children of a hotkey now hold."""

    hotkey: AccountId
    netuid: NetUid
    children: Children


class ChainIdentitySet(Event, index=77):
    """A coldkey said who it is."""

    coldkey: AccountId


class SubnetIdentitySet(Event, index=78):
    """A subnet's owner said what it is."""

    netuid: NetUid


class SubnetIdentityRemoved(Event, index=79):
    """A subnet's identity was removed."""

    netuid: NetUid


class DissolveNetworkScheduled(Event, index=80, positional=False):
    """No longer deposited: a subnet was to be dissolved."""

    account: AccountId
    netuid: NetUid
    execution_block: BlockNumber


class ColdkeySwapAnnouncementDelaySet(Event, index=81):
    """The blocks from the announcement of a coldkey's swap to the swap were set."""

    blocks: BlockNumber


class ColdkeySwapReannouncementDelaySet(Event, index=82):
    """The blocks after which a coldkey's swap may be announced anew were set."""

    blocks: BlockNumber


class DissolveNetworkScheduleDurationSet(Event, index=83):
    """The blocks from scheduling a dissolution to it were set."""

    blocks: BlockNumber


class CRV3WeightsCommitted(Event, index=84):
    """A hotkey committed encrypted weights (version 3)."""

    hotkey: AccountId
    netuid_index: NetUidStorageIndex
    commit_hash: H256


class WeightsCommitted(Event, index=85):
    """A hotkey committed to the hash of its weights."""

    hotkey: AccountId
    netuid_index: NetUidStorageIndex
    commit_hash: H256


class WeightsRevealed(Event, index=86):
    """A hotkey revealed the weights that it had committed to."""

    hotkey: AccountId
    netuid_index: NetUidStorageIndex
    commit_hash: H256


class WeightsBatchRevealed(Event, index=87):
    """A hotkey revealed several commits."""

    hotkey: AccountId
    netuid: NetUid
    commit_hashes: list[H256]


class BatchWeightsCompleted(Event, index=88):
    """A batch of weights or commits was gone through."""

    netuids: list[Compact[NetUid]]
    hotkey: AccountId


class BatchCompletedWithErrors(Event, index=89):
    """Some items of a batch failed."""


class BatchWeightItemFailed(Event, index=90):
    """An item of a batch failed."""

    netuid: NetUid
    error: Annotated[DispatchError, SourceName("sp_runtime::DispatchError")]


class StakeTransferred(Event, index=91):
    """Stake went to another coldkey; `tao` is its worth in rao."""

    origin_coldkey: AccountId
    destination_coldkey: AccountId
    hotkey: AccountId
    origin_netuid: NetUid
    destination_netuid: NetUid
    tao: TaoBalance


class StakeSwapped(Event, index=92):
    """Stake went to another subnet; `tao` is its worth in rao."""

    coldkey: AccountId
    hotkey: AccountId
    origin_netuid: NetUid
    destination_netuid: NetUid
    tao: TaoBalance


class TransferToggle(Event, index=93):
    """A subnet allowed or forbade the transfer of stake."""

    netuid: NetUid
    allowed: bool


class SubnetOwnerHotkeySet(Event, index=94):
    """The hotkey of a subnet's owner was set."""

    netuid: NetUid
    hotkey: AccountId


class FirstEmissionBlockNumberSet(Event, index=95):
    """A subnet was started; emission begins in this block."""

    netuid: NetUid
    block: u64


class AlphaRecycled(Event, index=96):
    """Alpha was recycled: it can be emitted again."""

    coldkey: AccountId
    hotkey: AccountId
    amount: AlphaBalance
    netuid: NetUid


class AlphaBurned(Event, index=97):
    """Alpha was burned: it still counts as out."""

    coldkey: AccountId
    hotkey: AccountId
    amount: AlphaBalance
    netuid: NetUid


class EvmKeyAssociated(Event, index=98, positional=False):
    """A neuron proved that it owns an EVM key."""

    netuid: NetUid
    hotkey: AccountId
    evm_key: H160
    block_associated: u64


class CRV3WeightsRevealed(Event, index=99):
    """Encrypted weights were revealed (version 3)."""

    netuid: NetUid
    hotkey: AccountId


class CommitRevealPeriodsSet(Event, index=100):
    """The epochs from commit to reveal were set for a subnet."""

    netuid: NetUid
    epochs: u64


class CommitRevealEnabled(Event, index=101):
    """A subnet switched commit-reveal on or off."""

    netuid: NetUid
    enabled: bool


class HotkeySwappedOnSubnet(Event, index=102, positional=False):
    """A hotkey was replaced by another, on one subnet."""

    coldkey: AccountId
    old_hotkey: AccountId
    new_hotkey: AccountId
    netuid: NetUid


class SubnetLeaseCreated(Event, index=103, positional=False):
    """A subnet was leased."""

    beneficiary: AccountId
    lease_id: LeaseId
    netuid: NetUid
    end_block: BlockNumber | None


class SubnetLeaseTerminated(Event, index=104, positional=False):
    """A lease ended; the subnet is the beneficiary's."""

    beneficiary: AccountId
    netuid: NetUid


class SymbolUpdated(Event, index=105, positional=False):
    """A subnet's symbol was set, in UTF-8."""

    netuid: NetUid
    symbol: bytes


class CommitRevealVersionSet(Event, index=106):
    """The version of commit-reveal was set."""

    version: u16


class TimelockedWeightsCommitted(Event, index=107):
    """A hotkey committed weights that open with a drand round."""

    hotkey: AccountId
    netuid_index: NetUidStorageIndex
    commit_hash: H256
    reveal_round: u64


class TimelockedWeightsRevealed(Event, index=108):
    """Timelocked weights were revealed."""

    netuid_index: NetUidStorageIndex
    hotkey: AccountId


class AutoStakeAdded(Event, index=109, positional=False):
    """A miner's reward was staked to the hotkey that its owner chose."""

    netuid: NetUid
    destination: AccountId
    hotkey: AccountId
    owner: AccountId
    incentive: AlphaBalance


class IncentiveAlphaEmittedToMiners(Event, index=110, positional=False):
    """What an epoch gave to the miners, in alpha by uid."""

    netuid: NetUidStorageIndex
    emissions: Annotated[VecU64, SourceName("Vec<AlphaBalance>")]


class MinAllowedUidsSet(Event, index=111):
    """The least number of neurons to which a subnet may be trimmed was set."""

    netuid: NetUid
    uids: u16


class AutoStakeDestinationSet(Event, index=112, positional=False):
    """A coldkey chose the hotkey to which its mining rewards on a subnet are staked."""

    coldkey: AccountId
    netuid: NetUid
    hotkey: AccountId


class MinNonImmuneUidsSet(Event, index=113):
    """The least number of neurons of a subnet that are not immune was set."""

    netuid: NetUid
    uids: u16


class RootClaimed(Event, index=114, positional=False):
    """A coldkey's root dividends were claimed."""

    coldkey: AccountId


class RootClaimTypeSet(Event, index=115, positional=False):
    """A coldkey chose what it wants for its root dividends."""

    coldkey: AccountId
    root_claim_type: RootClaimTypeEnum


class VotingPowerTrackingEnabled(Event, index=116, positional=False):
    """A subnet began to track voting power."""

    netuid: NetUid


class VotingPowerTrackingDisableScheduled(Event, index=117, positional=False):
    """A subnet will stop tracking voting power."""

    netuid: NetUid
    disable_at_block: u64


class VotingPowerTrackingDisabled(Event, index=118, positional=False):
    """A subnet stopped tracking voting power and forgot it."""

    netuid: NetUid


class VotingPowerEmaAlphaSet(Event, index=119, positional=False):
    """The smoothing factor of a subnet's voting power was set, out of 10^18."""

    netuid: NetUid
    alpha: u64


class SubnetLeaseDividendsDistributed(Event, index=120, positional=False):
    """A contributor got its share of a lease's dividends, in alpha."""

    lease_id: LeaseId
    contributor: AccountId
    alpha: AlphaBalance


class AddStakeBurn(Event, index=121, positional=False):
    """`amount` rao bought `alpha`, which was burned."""

    netuid: NetUid
    hotkey: AccountId
    amount: TaoBalance
    alpha: AlphaBalance


class ColdkeySwapCleared(Event, index=122, positional=False):
    """A coldkey withdrew the announcement of its swap."""

    who: AccountId


class TransactionFeePaidWithAlpha(Event, index=123, positional=False):
    """A fee was paid in alpha, which was sold for `tao_amount` rao."""

    who: AccountId
    netuid: NetUid
    alpha_fee: AlphaBalance
    tao_amount: TaoBalance


class BurnHalfLifeSet(Event, index=124, positional=False):
    """The blocks in which a subnet's price of registration halves were set."""

    netuid: NetUid
    burn_half_life: u16


class BurnIncreaseMultSet(Event, index=125, positional=False):
    """The factor by which a registration raises a subnet's price was set."""

    netuid: NetUid
    burn_increase_mult: U64F64


class AutoParentDelegationEnabledSet(Event, index=126, positional=False):
    """A root validator allowed or forbade that new subnets' owners become its children."""

    hotkey: AccountId
    enabled: bool


class StakeLocked(Event, index=127, positional=False):
    """A coldkey locked alpha to a hotkey."""

    coldkey: AccountId
    hotkey: AccountId
    netuid: NetUid
    amount: AlphaBalance


class StakeUnlocked(Event, index=128, positional=False):
    """A coldkey's locked alpha became free."""

    coldkey: AccountId
    hotkey: AccountId
    netuid: NetUid
    amount: AlphaBalance


class LockMoved(Event, index=129, positional=False):
    """A coldkey moved its lock to another hotkey."""

    coldkey: AccountId
    origin_hotkey: AccountId
    destination_hotkey: AccountId
    netuid: NetUid


class ActivityCutoffFactorMilliSet(Event, index=130, positional=False):
    """A subnet's activity cutoff was set, in thousandths of its tempo."""

    netuid: NetUid
    factor_milli: u32


class EpochTriggered(Event, index=131, positional=False):
    """A subnet's owner asked for an epoch, not before block `fires_at`."""

    netuid: NetUid
    by: AccountId
    fires_at: u64


class EpochDeferred(Event, index=132, positional=False):
    """A subnet's epoch waits for the next block: this one has had its share."""

    netuid: NetUid
    from_block: u64
    to_block: u64


class EpochSkipped(Event, index=133, positional=False):
    """A subnet's epoch was left out, because its state is inconsistent."""

    netuid: NetUid
    block: u64


class SubnetOwnerChanged(Event, index=134, positional=False):
    """A subnet went to the coldkey with the most conviction."""

    netuid: NetUid
    old_coldkey: AccountId
    new_coldkey: AccountId


class PerpetualLockUpdated(Event, index=135, positional=False):
    """A coldkey's lock became perpetual, or decays from now on."""

    coldkey: AccountId
    netuid: NetUid
    enabled: bool


class RejectLockedAlphaUpdated(Event, index=136, positional=False):
    """A coldkey refuses locked alpha, or takes it."""

    coldkey: AccountId
    enabled: bool
