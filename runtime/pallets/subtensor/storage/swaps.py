"""Swaps of coldkeys, announced beforehand, and of hotkeys."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity, Twox64Concat
from ....scale import H256, AccountId, u64
from ...shared.types import BlockNumber, NetUid
from ..declared.constants import InitialColdkeySwapAnnouncementDelay, InitialColdkeySwapReannouncementDelay
from ..declared.pallet import pallet

ColdkeySwapAnnouncementDelay = pallet.value(
    BlockNumber,
    default=InitialColdkeySwapAnnouncementDelay,
    docs="Blocks from the announcement of a coldkey's swap to the swap.",
)
ColdkeySwapReannouncementDelay = pallet.value(
    BlockNumber,
    default=InitialColdkeySwapReannouncementDelay,
    docs="Blocks after that, until a coldkey's swap may be announced anew.",
)
ColdkeySwapAnnouncements = pallet.map(
    Twox64Concat,
    AccountId,
    tuple[BlockNumber, H256],
    docs="Block from which an announced swap may be made, and the new coldkey's hash.",
)
ColdkeySwapDisputes = pallet.map(
    Twox64Concat, AccountId, BlockNumber, docs="Block in which a coldkey's swap was disputed."
)
LastHotkeySwapOnNetuid = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    u64,
    default=0,
    docs="Block in which a coldkey last swapped a hotkey on a subnet.",
)

pallet.name_declared(globals())
