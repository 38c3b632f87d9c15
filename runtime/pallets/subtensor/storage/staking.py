"""Ownership of hotkeys, and their stake: amounts of alpha, and shares of coldkeys in them."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity, Twox64Concat
from ....scale import AccountId, u64
from ....scale.fixed_types import U64F64
from ...shared.types import ZERO_ACCOUNT, AlphaBalance, NetUid, TaoBalance
from ..declared.constants import InitialTaoWeight
from ..declared.pallet import pallet
from ..declared.types import SafeFloat

TotalStake = pallet.value(TaoBalance, default=0, docs="TAO staked in all pools and on root, in rao.")
TaoWeight = pallet.value(
    u64,
    default=InitialTaoWeight,
    docs="Weight of TAO staked on root against alpha in consensus, out of 2^64 - 1.",
)
NominatorMinRequiredStake = pallet.value(
    u64,
    default=0,
    docs="Minimum nomination, in millionths of the minimum stake; smaller ones are paid out.",
)
Owner = pallet.map(Blake2_128Concat, AccountId, AccountId, default=ZERO_ACCOUNT, docs="Coldkey that owns a hotkey.")
OwnedHotkeys = pallet.map(Blake2_128Concat, AccountId, list[AccountId], default=[], docs="Hotkeys that a coldkey owns.")
StakingHotkeys = pallet.map(
    Blake2_128Concat,
    AccountId,
    list[AccountId],
    default=[],
    docs="Hotkeys on which a coldkey has stake.",
)
TotalHotkeyAlpha = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    AlphaBalance,
    default=0,
    docs="Total stake on a hotkey on a subnet, in billionths of alpha, or in rao on root.",
)
TotalHotkeyAlphaLastEpoch = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    AlphaBalance,
    default=0,
    docs="Total stake on a hotkey on a subnet at the last epoch, in billionths of alpha, or in rao on root.",
)
TotalHotkeyShares = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    U64F64,
    default=0,
    docs="Former total of the shares in a hotkey's stake, U64F64; `TotalHotkeySharesV2` supersedes it once written.",
)
Alpha = pallet.n_map(
    [Blake2_128Concat, Blake2_128Concat, Identity],
    tuple[AccountId, AccountId, NetUid],
    U64F64,
    default=0,
    docs="Former shares of a coldkey in a hotkey's stake, U64F64; `AlphaV2` supersedes them once written.",
)
TotalHotkeySharesV2 = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    SafeFloat,
    default=SafeFloat(),
    docs="Total of the shares in a hotkey's stake on a subnet.",
)
AlphaV2 = pallet.n_map(
    [Blake2_128Concat, Blake2_128Concat, Identity],
    tuple[AccountId, AccountId, NetUid],
    SafeFloat,
    default=SafeFloat(),
    docs="Shares of a coldkey in a hotkey's stake on a subnet; its stake is the same fraction of the total stake.",
)
AlphaDividendsPerSubnet = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    AlphaBalance,
    default=0,
    docs="Alpha dividends of a hotkey in the last epoch, in billionths.",
)
RootAlphaDividendsPerSubnet = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    AlphaBalance,
    default=0,
    docs="Alpha dividends of stakers on root from a hotkey in the last epoch, in billionths.",
)
LastHotkeyEmissionOnNetuid = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    AlphaBalance,
    default=0,
    docs="Alpha that a hotkey earned in the last epoch, in billionths.",
)
LastColdkeyHotkeyStakeBlock = pallet.double_map(
    (Twox64Concat, AccountId),
    (Twox64Concat, AccountId),
    u64,
    docs="Block in which a coldkey last changed its stake on a hotkey.",
)
AutoStakeDestination = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    AccountId,
    docs="Hotkey to which a coldkey's mining rewards on a subnet are staked.",
)
AutoStakeDestinationColdkeys = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    list[AccountId],
    default=[],
    docs="Coldkeys whose mining rewards on a subnet are staked to a hotkey.",
)
AlphaMapLastKey = pallet.value(
    bytes | None, default=None, docs="Key at which the removal of small entries of `Alpha` continues."
)
AlphaV2MapLastKey = pallet.value(
    bytes | None, default=None, docs="Key at which the removal of small entries of `AlphaV2` continues."
)
NextStakeJobId = pallet.value(u64, default=0, docs="Unused.")

pallet.name_declared(globals())
