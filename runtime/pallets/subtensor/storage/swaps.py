"""Swaps of coldkeys, which are announced beforehand, and of hotkeys."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity, Twox64Concat
from ....scale import H256, AccountId, u64
from ...shared.types import BlockNumber, NetUid
from ..declared.constants import InitialColdkeySwapAnnouncementDelay, InitialColdkeySwapReannouncementDelay
from ..declared.pallet import pallet

ColdkeySwapAnnouncementDelay = pallet.value(
    BlockNumber,
    default=InitialColdkeySwapAnnouncementDelay,
    docs="Blocks from the announcement of a coldkey swap to the swap.",
)
ColdkeySwapReannouncementDelay = pallet.value(
    BlockNumber,
    default=InitialColdkeySwapReannouncementDelay,
    docs="Blocks after the announcement delay until a coldkey swap can be announced again.",
)
ColdkeySwapAnnouncements = pallet.map(
    Twox64Concat,
    AccountId,
    tuple[BlockNumber, H256],
    docs="First block in which an announced coldkey swap can be executed, and the hash of the new coldkey.",
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
