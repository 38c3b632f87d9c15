"""Whose hotkey is whose, and how much stake lies on each, in alpha and in shares of it."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity, Twox64Concat
from ....scale import AccountId, u64
from ....scale.fixed_types import U64F64
from ...shared.types import ZERO_ACCOUNT, AlphaBalance, NetUid, TaoBalance
from ..declared.constants import InitialTaoWeight
from ..declared.pallet import pallet
from ..declared.types import SafeFloat

TotalStake = pallet.value(TaoBalance, default=0, docs="Rao staked, in pools and on root.")
TaoWeight = pallet.value(
    u64,
    default=InitialTaoWeight,
    docs="What stake on root weighs against alpha in consensus, out of 2^64 - 1.",
)
NominatorMinRequiredStake = pallet.value(
    u64,
    default=0,
    docs="Nominations below this are paid out, in millionths of the least stake.",
)
Owner = pallet.map(Blake2_128Concat, AccountId, AccountId, default=ZERO_ACCOUNT, docs="Coldkey of a hotkey.")
OwnedHotkeys = pallet.map(Blake2_128Concat, AccountId, list[AccountId], default=[], docs="Hotkeys of a coldkey.")
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
    docs="Stake on a hotkey, its own and others', in alpha (in rao on root).",
)
TotalHotkeyAlphaLastEpoch = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    AlphaBalance,
    default=0,
    docs="The same, as of the last epoch.",
)
TotalHotkeyShares = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    U64F64,
    default=0,
    docs="Former shares of a hotkey's stake, U64F64; `TotalHotkeySharesV2` holds once written.",
)
Alpha = pallet.n_map(
    [Blake2_128Concat, Blake2_128Concat, Identity],
    tuple[AccountId, AccountId, NetUid],
    U64F64,
    default=0,
    docs="Former shares of a coldkey in a hotkey's stake, U64F64; `AlphaV2` holds once written.",
)
TotalHotkeySharesV2 = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    SafeFloat,
    default=SafeFloat(),
    docs="All shares of a hotkey's stake.",
)
AlphaV2 = pallet.n_map(
    [Blake2_128Concat, Blake2_128Concat, Identity],
    tuple[AccountId, AccountId, NetUid],
    SafeFloat,
    default=SafeFloat(),
    docs="Shares of a coldkey in a hotkey's stake: its part is this out of all shares.",
)
AlphaDividendsPerSubnet = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    AlphaBalance,
    default=0,
    docs="Alpha dividends of a hotkey in the last epoch.",
)
RootAlphaDividendsPerSubnet = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    AlphaBalance,
    default=0,
    docs="Alpha that stakers on root got through a hotkey in the last epoch.",
)
LastHotkeyEmissionOnNetuid = pallet.double_map(
    (Blake2_128Concat, AccountId),
    (Identity, NetUid),
    AlphaBalance,
    default=0,
    docs="Alpha that a hotkey earned in the last epoch.",
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
AlphaMapLastKey = pallet.value(bytes | None, default=None, docs="Where the clean-up of `Alpha` goes on.")
AlphaV2MapLastKey = pallet.value(bytes | None, default=None, docs="Where the clean-up of `AlphaV2` goes on.")
NextStakeJobId = pallet.value(u64, default=0, docs="Unused.")

pallet.name_declared(globals())
