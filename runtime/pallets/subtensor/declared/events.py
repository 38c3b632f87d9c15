"""Events of the pallet, in the order of the chain's indices.

The fields of positional events have no names on the chain; their names here are for readers of this code.
"""

from __future__ import annotations

from typing import Annotated

from ....frame.errors import DispatchError
from ....frame.nested import DispatchResult
from ....scale import H160, H256, AccountId, Compact, SourceName, Sum, VecU64, i16, u8, u16, u32, u64
from ....scale.fixed_types import U64F64
from ...shared.types import AlphaBalance, BlockNumber, Hash, NetUid, NetUidStorageIndex, TaoBalance
from .types import Children, LeaseId, RootClaimTypeEnum

#: An amount of the pallet's currency as the chain's metadata names its type, line break included.
CurrencyBalance = Annotated[
    u64,
    SourceName("<<T as Config>::Currency as fungible::Inspect<<T as frame_system::\nConfig>::AccountId,>>::Balance"),
]


class Event(Sum, params=[("T", None)], positional=True):
    """Events of subnets, neurons and stake. Amounts of alpha are in billionths."""


class NetworkAdded(Event, index=0):
    """A subnet was registered. `mechanism`: 1 with a pool of its own, 0 without."""

    netuid: NetUid
    mechanism: u16


class NetworkRemoved(Event, index=1):
    """A subnet was dissolved."""

    netuid: NetUid


class StakeAdded(Event, index=2):
    """A coldkey staked `tao` rao, of which `fee` rao is the fee, and received `alpha` on a hotkey."""

    coldkey: AccountId
    hotkey: AccountId
    tao: TaoBalance
    alpha: AlphaBalance
    netuid: NetUid
    fee: u64


class StakeRemoved(Event, index=3):
    """A coldkey unstaked `alpha`, of which `fee` is the fee, from a hotkey and received `tao` rao."""

    coldkey: AccountId
    hotkey: AccountId
    tao: TaoBalance
    alpha: AlphaBalance
    netuid: NetUid
    fee: u64


class StakeMoved(Event, index=4):
    """A coldkey moved stake worth `tao` rao to another hotkey or subnet."""

    coldkey: AccountId
    origin_hotkey: AccountId
    origin_netuid: NetUid
    destination_hotkey: AccountId
    destination_netuid: NetUid
    tao: TaoBalance


class WeightsSet(Event, index=5):
    """A neuron set its weights. `netuid_index` is the storage index of the mechanism."""

    netuid_index: NetUidStorageIndex
    uid: u16


class NeuronRegistered(Event, index=6):
    """A hotkey was registered as a neuron."""

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
    """The maximum number of neurons was set for a subnet."""

    netuid: NetUid
    max_allowed_uids: u16


class MaxWeightLimitSet(Event, index=10):
    """No longer deposited: the maximum weight is fixed."""

    netuid: NetUid
    max_weight_limit: u16


class DifficultySet(Event, index=11):
    """The difficulty of proof-of-work registrations was set for a subnet."""

    netuid: NetUid
    difficulty: u64


class AdjustmentIntervalSet(Event, index=12):
    """The interval between adjustments was set for a subnet, in blocks."""

    netuid: NetUid
    blocks: u16


class RegistrationPerIntervalSet(Event, index=13):
    """The target number of registrations per interval was set for a subnet."""

    netuid: NetUid
    registrations: u16


class MaxRegistrationsPerBlockSet(Event, index=14):
    """The maximum number of registrations per block was set for a subnet."""

    netuid: NetUid
    registrations: u16


class ActivityCutoffSet(Event, index=15):
    """The former activity cutoff was set for a subnet, in blocks."""

    netuid: NetUid
    blocks: u16


class RhoSet(Event, index=16):
    """Rho was set for a subnet."""

    netuid: NetUid
    rho: u16


class AlphaSigmoidSteepnessSet(Event, index=17):
    """The steepness of the sigmoid of liquid alpha was set for a subnet, in thousandths."""

    netuid: NetUid
    steepness: i16


class KappaSet(Event, index=18):
    """Kappa was set for a subnet, a u16 proportion."""

    netuid: NetUid
    kappa: u16


class MinAllowedWeightSet(Event, index=19):
    """The minimum number of weights was set for a subnet."""

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
    """The rate limit for setting weights was set for a subnet, in blocks."""

    netuid: NetUid
    blocks: u64


class ImmunityPeriodSet(Event, index=23):
    """The immunity period of neurons was set for a subnet, in blocks."""

    netuid: NetUid
    blocks: u16


class BondsMovingAverageSet(Event, index=24):
    """The smoothing of bonds was set for a subnet, in millionths."""

    netuid: NetUid
    average: u64


class BondsPenaltySet(Event, index=25):
    """The penalty on bonds out of consensus was set for a subnet, a u16 proportion."""

    netuid: NetUid
    penalty: u16


class BondsResetOnSet(Event, index=26):
    """The reset of bonds by miners was enabled or disabled on a subnet."""

    netuid: NetUid
    enabled: bool


class MaxAllowedValidatorsSet(Event, index=27):
    """The maximum number of validators was set for a subnet."""

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
    """A hotkey became a delegate; `take` is a u16 proportion."""

    coldkey: AccountId
    hotkey: AccountId
    take: u16


class DefaultTakeSet(Event, index=31):
    """No longer deposited: the default take was set, a u16 proportion."""

    take: u16


class WeightsVersionKeySet(Event, index=32):
    """The minimum version key of weights was set for a subnet."""

    netuid: NetUid
    version_key: u64


class MinDifficultySet(Event, index=33):
    """The minimum difficulty of proof-of-work registrations was set for a subnet."""

    netuid: NetUid
    difficulty: u64


class MaxDifficultySet(Event, index=34):
    """The maximum difficulty of proof-of-work registrations was set for a subnet."""

    netuid: NetUid
    difficulty: u64


class ServingRateLimitSet(Event, index=35):
    """The rate limit for publishing endpoints was set for a subnet, in blocks."""

    netuid: NetUid
    blocks: u64


class BurnSet(Event, index=36):
    """The price of a registration was set for a subnet, in rao."""

    netuid: NetUid
    burn: TaoBalance


class MaxBurnSet(Event, index=37):
    """The maximum price of a registration was set for a subnet, in rao."""

    netuid: NetUid
    burn: TaoBalance


class MinBurnSet(Event, index=38):
    """The minimum price of a registration was set for a subnet, in rao."""

    netuid: NetUid
    burn: TaoBalance


class MaxEpochsPerBlockSet(Event, index=39):
    """The maximum number of epochs per block was set."""

    epochs: u8


class TxRateLimitSet(Event, index=40):
    """The rate limit for hotkey swaps was set, in blocks."""

    blocks: u64


class TxDelegateTakeRateLimitSet(Event, index=41):
    """The rate limit for increases of a delegate take was set, in blocks."""

    blocks: u64


class TxChildKeyTakeRateLimitSet(Event, index=42):
    """The rate limit for changes of a childkey take was set, in blocks."""

    blocks: u64


class AdminFreezeWindowSet(Event, index=43):
    """The number of blocks before an epoch in which parameters are frozen was set."""

    blocks: u16


class OwnerHyperparamRateLimitSet(Event, index=44):
    """The rate limit for changes of a hyperparameter by a subnet's owner was set, in epochs."""

    epochs: u16


class MinChildKeyTakeSet(Event, index=45):
    """The minimum childkey take was set, a u16 proportion."""

    take: u16


class MinChildKeyTakePerSubnetSet(Event, index=46):
    """The minimum childkey take was set for a subnet, a u16 proportion."""

    netuid: NetUid
    take: u16


class MaxChildKeyTakeSet(Event, index=47):
    """The maximum childkey take was set, a u16 proportion."""

    take: u16


class ChildKeyTakeSet(Event, index=48):
    """The childkey take of a hotkey was set, a u16 proportion."""

    hotkey: AccountId
    take: u16


class Sudid(Event, index=49):
    """No longer deposited: a call was dispatched as root."""

    result: DispatchResult


class RegistrationAllowed(Event, index=50):
    """Registrations were allowed or forbidden on a subnet."""

    netuid: NetUid
    allowed: bool


class PowRegistrationAllowed(Event, index=51):
    """Registrations by proof of work were allowed or forbidden on a subnet."""

    netuid: NetUid
    allowed: bool


class TempoSet(Event, index=52):
    """The tempo was set for a subnet, in blocks."""

    netuid: NetUid
    blocks: u16


class RAORecycledForRegistrationSet(Event, index=53):
    """The count of rao recycled by registrations was set for a subnet."""

    netuid: NetUid
    recycled: TaoBalance


class StakeThresholdSet(Event, index=54):
    """The minimum stake weight for setting weights was set, in billionths."""

    stake: u64


class AdjustmentAlphaSet(Event, index=55):
    """The smoothing of adjustments was set for a subnet, out of 2^64."""

    netuid: NetUid
    alpha: u64


class Faucet(Event, index=56):
    """A coldkey received `balance` rao from the faucet."""

    coldkey: AccountId
    balance: u64


class SubnetOwnerCutSet(Event, index=57):
    """The owner's share of a subnet's emission was set, a u16 proportion."""

    cut: u16


class NetworkRateLimitSet(Event, index=58):
    """The rate limit for registering subnets was set, in blocks."""

    blocks: u64


class NetworkImmunityPeriodSet(Event, index=59):
    """The immunity period of subnets was set, in blocks."""

    blocks: u64


class StartCallDelaySet(Event, index=60):
    """The delay from the registration of a subnet until its start was set, in blocks."""

    blocks: u64


class NetworkMinLockCostSet(Event, index=61):
    """The minimum price of a subnet registration was set, in rao."""

    cost: TaoBalance


class SubnetLimitSet(Event, index=62):
    """The maximum number of subnets was set."""

    subnets: u16


class NetworkLockCostReductionIntervalSet(Event, index=63):
    """The interval in which the price of a subnet registration falls by half was set, in blocks."""

    blocks: u64


class TakeDecreased(Event, index=64):
    """A delegate decreased its take, a u16 proportion."""

    coldkey: AccountId
    hotkey: AccountId
    take: u16


class TakeIncreased(Event, index=65):
    """A delegate increased its take, a u16 proportion."""

    coldkey: AccountId
    hotkey: AccountId
    take: u16


class HotkeySwapped(Event, index=66, positional=False):
    """A hotkey was replaced by another on all subnets."""

    coldkey: AccountId
    old_hotkey: AccountId
    new_hotkey: AccountId


class MaxDelegateTakeSet(Event, index=67):
    """The maximum delegate take was set, a u16 proportion."""

    take: u16


class MinDelegateTakeSet(Event, index=68):
    """The minimum delegate take was set, a u16 proportion."""

    take: u16


class ColdkeySwapAnnounced(Event, index=69, positional=False):
    """A coldkey announced its swap to the coldkey with this hash."""

    who: AccountId
    new_coldkey_hash: Hash


class ColdkeySwapReset(Event, index=70, positional=False):
    """Root removed the announcement and the dispute of a coldkey's swap."""

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
    """A hotkey set its children: proportions out of 2^64 - 1 and hotkeys. They take effect at `block`."""

    hotkey: AccountId
    netuid: NetUid
    block: u64
    children: Children


class SetChildren(Event, index=76):
    """The children of a hotkey took effect: proportions out of 2^64 - 1 and hotkeys."""

    hotkey: AccountId
    netuid: NetUid
    children: Children


class ChainIdentitySet(Event, index=77):
    """A coldkey set its identity."""

    coldkey: AccountId


class SubnetIdentitySet(Event, index=78):
    """A subnet's owner set the identity of the subnet."""

    netuid: NetUid


class SubnetIdentityRemoved(Event, index=79):
    """The identity of a subnet was removed."""

    netuid: NetUid


class DissolveNetworkScheduled(Event, index=80, positional=False):
    """No longer deposited: the dissolution of a subnet was scheduled."""

    account: AccountId
    netuid: NetUid
    execution_block: BlockNumber


class ColdkeySwapAnnouncementDelaySet(Event, index=81):
    """The delay from the announcement of a coldkey swap to the swap was set, in blocks."""

    blocks: BlockNumber


class ColdkeySwapReannouncementDelaySet(Event, index=82):
    """The delay after the announcement delay until a coldkey swap can be announced again was set, in blocks."""

    blocks: BlockNumber


class DissolveNetworkScheduleDurationSet(Event, index=83):
    """The former delay of a scheduled dissolution was set, in blocks."""

    blocks: BlockNumber


class CRV3WeightsCommitted(Event, index=84):
    """A hotkey committed encrypted weights (commit-reveal version 3)."""

    hotkey: AccountId
    netuid_index: NetUidStorageIndex
    commit_hash: H256


class WeightsCommitted(Event, index=85):
    """A hotkey committed the hash of its weights."""

    hotkey: AccountId
    netuid_index: NetUidStorageIndex
    commit_hash: H256


class WeightsRevealed(Event, index=86):
    """A hotkey revealed committed weights."""

    hotkey: AccountId
    netuid_index: NetUidStorageIndex
    commit_hash: H256


class WeightsBatchRevealed(Event, index=87):
    """A hotkey revealed several commits."""

    hotkey: AccountId
    netuid: NetUid
    commit_hashes: list[H256]


class BatchWeightsCompleted(Event, index=88):
    """A batch of weights or of commits was completed."""

    netuids: list[Compact[NetUid]]
    hotkey: AccountId


class BatchCompletedWithErrors(Event, index=89):
    """A batch was completed, and some of its items failed."""


class BatchWeightItemFailed(Event, index=90):
    """An item of a batch failed with `error`."""

    netuid: NetUid
    error: Annotated[DispatchError, SourceName("sp_runtime::DispatchError")]


class StakeTransferred(Event, index=91):
    """A coldkey transferred stake worth `tao` rao to another coldkey."""

    origin_coldkey: AccountId
    destination_coldkey: AccountId
    hotkey: AccountId
    origin_netuid: NetUid
    destination_netuid: NetUid
    tao: TaoBalance


class StakeSwapped(Event, index=92):
    """A coldkey moved stake worth `tao` rao to another subnet."""

    coldkey: AccountId
    hotkey: AccountId
    origin_netuid: NetUid
    destination_netuid: NetUid
    tao: TaoBalance


class TransferToggle(Event, index=93):
    """The transfer of stake between coldkeys was allowed or forbidden on a subnet."""

    netuid: NetUid
    allowed: bool


class SubnetOwnerHotkeySet(Event, index=94):
    """The hotkey of a subnet's owner was set."""

    netuid: NetUid
    hotkey: AccountId


class FirstEmissionBlockNumberSet(Event, index=95):
    """A subnet was started; `block` is the first with emission."""

    netuid: NetUid
    block: u64


class AlphaRecycled(Event, index=96):
    """Alpha was recycled: it is removed from the issuance and can be emitted again."""

    coldkey: AccountId
    hotkey: AccountId
    amount: AlphaBalance
    netuid: NetUid


class AlphaBurned(Event, index=97):
    """Alpha was burned: it is destroyed, but still counts as issued."""

    coldkey: AccountId
    hotkey: AccountId
    amount: AlphaBalance
    netuid: NetUid


class EvmKeyAssociated(Event, index=98, positional=False):
    """A hotkey was associated with an EVM key."""

    netuid: NetUid
    hotkey: AccountId
    evm_key: H160
    block_associated: u64


class CRV3WeightsRevealed(Event, index=99):
    """Encrypted weights were revealed (commit-reveal version 3)."""

    netuid: NetUid
    hotkey: AccountId


class CommitRevealPeriodsSet(Event, index=100):
    """The number of epochs from commit to reveal was set for a subnet."""

    netuid: NetUid
    epochs: u64


class CommitRevealEnabled(Event, index=101):
    """Commit-reveal was enabled or disabled on a subnet."""

    netuid: NetUid
    enabled: bool


class HotkeySwappedOnSubnet(Event, index=102, positional=False):
    """A hotkey was replaced by another on one subnet."""

    coldkey: AccountId
    old_hotkey: AccountId
    new_hotkey: AccountId
    netuid: NetUid


class SubnetLeaseCreated(Event, index=103, positional=False):
    """A subnet lease was created; it is perpetual without an `end_block`."""

    beneficiary: AccountId
    lease_id: LeaseId
    netuid: NetUid
    end_block: BlockNumber | None


class SubnetLeaseTerminated(Event, index=104, positional=False):
    """A subnet lease was terminated; the beneficiary owns the subnet."""

    beneficiary: AccountId
    netuid: NetUid


class SymbolUpdated(Event, index=105, positional=False):
    """The symbol of a subnet was set, in UTF-8."""

    netuid: NetUid
    symbol: bytes


class CommitRevealVersionSet(Event, index=106):
    """The version of commit-reveal was set."""

    version: u16


class TimelockedWeightsCommitted(Event, index=107):
    """A hotkey committed weights that are revealed at a round of the drand beacon."""

    hotkey: AccountId
    netuid_index: NetUidStorageIndex
    commit_hash: H256
    reveal_round: u64


class TimelockedWeightsRevealed(Event, index=108):
    """Timelocked weights were revealed."""

    netuid_index: NetUidStorageIndex
    hotkey: AccountId


class AutoStakeAdded(Event, index=109, positional=False):
    """A miner's incentive was staked to `destination`, the hotkey that its owner had chosen."""

    netuid: NetUid
    destination: AccountId
    hotkey: AccountId
    owner: AccountId
    incentive: AlphaBalance


class IncentiveAlphaEmittedToMiners(Event, index=110, positional=False):
    """An epoch paid the miners; `emissions` is the alpha of each uid."""

    netuid: NetUidStorageIndex
    emissions: Annotated[VecU64, SourceName("Vec<AlphaBalance>")]


class MinAllowedUidsSet(Event, index=111):
    """The minimum number of neurons for trimming was set for a subnet."""

    netuid: NetUid
    uids: u16


class AutoStakeDestinationSet(Event, index=112, positional=False):
    """A coldkey set the hotkey to which its mining rewards on a subnet are staked."""

    coldkey: AccountId
    netuid: NetUid
    hotkey: AccountId


class MinNonImmuneUidsSet(Event, index=113):
    """The minimum number of neurons without immunity was set for a subnet."""

    netuid: NetUid
    uids: u16


class RootClaimed(Event, index=114, positional=False):
    """The root dividends of a coldkey were claimed."""

    coldkey: AccountId


class RootClaimTypeSet(Event, index=115, positional=False):
    """A coldkey set the type of its root claims."""

    coldkey: AccountId
    root_claim_type: RootClaimTypeEnum


class VotingPowerTrackingEnabled(Event, index=116, positional=False):
    """Voting power tracking was enabled on a subnet."""

    netuid: NetUid


class VotingPowerTrackingDisableScheduled(Event, index=117, positional=False):
    """Voting power tracking on a subnet will be disabled at a block."""

    netuid: NetUid
    disable_at_block: u64


class VotingPowerTrackingDisabled(Event, index=118, positional=False):
    """Voting power tracking was disabled on a subnet, and its entries were removed."""

    netuid: NetUid


class VotingPowerEmaAlphaSet(Event, index=119, positional=False):
    """The smoothing factor of voting power was set for a subnet, out of 10^18."""

    netuid: NetUid
    alpha: u64


class SubnetLeaseDividendsDistributed(Event, index=120, positional=False):
    """A contributor received its share of a lease's dividends."""

    lease_id: LeaseId
    contributor: AccountId
    alpha: AlphaBalance


class AddStakeBurn(Event, index=121, positional=False):
    """`alpha` was bought for `amount` rao and burned."""

    netuid: NetUid
    hotkey: AccountId
    amount: TaoBalance
    alpha: AlphaBalance


class ColdkeySwapCleared(Event, index=122, positional=False):
    """A coldkey cleared the announcement of its swap."""

    who: AccountId


class TransactionFeePaidWithAlpha(Event, index=123, positional=False):
    """A transaction fee was paid with alpha, which was sold for `tao_amount` rao."""

    who: AccountId
    netuid: NetUid
    alpha_fee: AlphaBalance
    tao_amount: TaoBalance


class BurnHalfLifeSet(Event, index=124, positional=False):
    """The half-life of the registration price was set for a subnet, in blocks."""

    netuid: NetUid
    burn_half_life: u16


class BurnIncreaseMultSet(Event, index=125, positional=False):
    """The factor by which a registration increases the price was set for a subnet."""

    netuid: NetUid
    burn_increase_mult: U64F64


class AutoParentDelegationEnabledSet(Event, index=126, positional=False):
    """A root validator enabled or disabled automatic delegation to the owners of new subnets, as its children."""

    hotkey: AccountId
    enabled: bool


class StakeLocked(Event, index=127, positional=False):
    """A coldkey locked alpha to a hotkey."""

    coldkey: AccountId
    hotkey: AccountId
    netuid: NetUid
    amount: AlphaBalance


class StakeUnlocked(Event, index=128, positional=False):
    """Locked alpha of a coldkey was unlocked."""

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
    """The activity cutoff was set for a subnet, in thousandths of the tempo."""

    netuid: NetUid
    factor_milli: u32


class EpochTriggered(Event, index=131, positional=False):
    """A subnet's owner triggered an epoch, which runs at block `fires_at` at the earliest."""

    netuid: NetUid
    by: AccountId
    fires_at: u64


class EpochDeferred(Event, index=132, positional=False):
    """An epoch was deferred to the next block: the maximum per block was reached."""

    netuid: NetUid
    from_block: u64
    to_block: u64


class EpochSkipped(Event, index=133, positional=False):
    """An epoch was skipped, because the state of the subnet is inconsistent."""

    netuid: NetUid
    block: u64


class SubnetOwnerChanged(Event, index=134, positional=False):
    """The ownership of a subnet went to the coldkey whose hotkey has the most conviction."""

    netuid: NetUid
    old_coldkey: AccountId
    new_coldkey: AccountId


class PerpetualLockUpdated(Event, index=135, positional=False):
    """A coldkey's lock on a subnet became perpetual (`enabled`), or began to decay."""

    coldkey: AccountId
    netuid: NetUid
    enabled: bool


class RejectLockedAlphaUpdated(Event, index=136, positional=False):
    """A coldkey began to reject locked alpha (`enabled`), or to accept it."""

    coldkey: AccountId
    enabled: bool
