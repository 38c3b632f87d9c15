"""How often something may be done, and when it was done last."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity
from ....scale import AccountId, u16, u64
from ...shared.types import NetUid
from ..declared.constants import (
    InitialServingRateLimit,
    InitialTxChildKeyTakeRateLimit,
    InitialTxDelegateTakeRateLimit,
    InitialTxRateLimit,
)
from ..declared.pallet import pallet
from ..declared.types import RateLimitKey

OwnerHyperparamRateLimit = pallet.value(
    u16, default=2, docs="Epochs between two changes of a parameter by a subnet's owner."
)
TxRateLimit = pallet.value(u64, default=InitialTxRateLimit, docs="Blocks between two swaps of a coldkey's hotkeys.")
TxDelegateTakeRateLimit = pallet.value(
    u64,
    default=InitialTxDelegateTakeRateLimit,
    docs="Blocks between two increases of a delegate's take.",
)
TxChildkeyTakeRateLimit = pallet.value(
    u64,
    default=InitialTxChildKeyTakeRateLimit,
    docs="Blocks between two changes of a childkey take.",
)
ServingRateLimit = pallet.map(
    Identity,
    NetUid,
    u64,
    default=InitialServingRateLimit,
    docs="Blocks between two publications of a neuron's endpoint.",
)
WeightsSetRateLimit = pallet.map(Identity, NetUid, u64, default=100, docs="Blocks between two settings of weights.")
WeightsVersionKeyRateLimit = pallet.value(u64, default=5, docs="Epochs between two changes of a subnet's version key.")
LastRateLimitedBlock = pallet.map(
    Identity, RateLimitKey, u64, default=0, docs="Block in which a limited act was last done."
)
TransactionKeyLastBlock = pallet.n_map(
    [Blake2_128Concat, Identity, Identity],
    tuple[AccountId, NetUid, u16],
    u64,
    default=0,
    docs="Block in which a hotkey last did something (`TransactionType`) on a subnet.",
)
LastTxBlock = pallet.map(
    Identity,
    AccountId,
    u64,
    default=0,
    docs="Former block of an account's last act; `LastRateLimitedBlock` holds.",
)
LastTxBlockChildKeyTake = pallet.map(
    Identity,
    AccountId,
    u64,
    default=0,
    docs="Former block of a hotkey's last change of its childkey take.",
)
LastTxBlockDelegateTake = pallet.map(
    Identity,
    AccountId,
    u64,
    default=0,
    docs="Former block of a hotkey's last change of its take.",
)

pallet.name_declared(globals())
