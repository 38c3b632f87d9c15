"""Rate limits, and the block of the last action of each kind."""

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
    u16, default=2, docs="Epochs between two changes of a hyperparameter by a subnet's owner."
)
TxRateLimit = pallet.value(u64, default=InitialTxRateLimit, docs="Blocks between two hotkey swaps by one coldkey.")
TxDelegateTakeRateLimit = pallet.value(
    u64,
    default=InitialTxDelegateTakeRateLimit,
    docs="Blocks between two increases of a delegate take.",
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
WeightsSetRateLimit = pallet.map(
    Identity, NetUid, u64, default=100, docs="Blocks between two settings of weights by a neuron."
)
WeightsVersionKeyRateLimit = pallet.value(
    u64, default=5, docs="Epochs between two changes of a subnet's weights version key."
)
LastRateLimitedBlock = pallet.map(
    Identity, RateLimitKey, u64, default=0, docs="Block of the last rate-limited action with this key."
)
TransactionKeyLastBlock = pallet.n_map(
    [Blake2_128Concat, Identity, Identity],
    tuple[AccountId, NetUid, u16],
    u64,
    default=0,
    docs="Block of a hotkey's last action of a type (`TransactionType`) on a subnet.",
)
LastTxBlock = pallet.map(
    Identity,
    AccountId,
    u64,
    default=0,
    docs="Former block of an account's last action; `LastRateLimitedBlock` is in effect.",
)
LastTxBlockChildKeyTake = pallet.map(
    Identity,
    AccountId,
    u64,
    default=0,
    docs="Former block of a hotkey's last change of its childkey take; `LastRateLimitedBlock` is in effect.",
)
LastTxBlockDelegateTake = pallet.map(
    Identity,
    AccountId,
    u64,
    default=0,
    docs="Former block of a hotkey's last change of its take; `LastRateLimitedBlock` is in effect.",
)

pallet.name_declared(globals())
