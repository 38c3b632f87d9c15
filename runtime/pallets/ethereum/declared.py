"""The storage, events, errors and the origin of pallet Ethereum."""

from __future__ import annotations

from ...frame.errors import PalletError
from ...frame.hashers import Identity, Twox64Concat
from ...frame.pallet import Pallet
from ...scale import H160, H256, U256, Sum, u32
from ..evm.exits import ExitReason
from .block import EthereumBlock, TransactionReceipt, TransactionStatus
from .transaction import SignedTransaction

#: The storage key of the version of this pallet's storage, which clients read without metadata.
SCHEMA = b":ethereum_schema"
SCHEMA_V3 = b"\3"
ZERO_HASH = bytes(32)


class RawOrigin(Sum, path="pallet_ethereum::RawOrigin", positional=True):
    """The origins of the Ethereum pallet."""

    pallet_name, pallet_index = "Ethereum", 21
    type_name = "pallet_ethereum::Origin"


class EthereumTransaction(RawOrigin, index=0):
    """A transaction signed by an Ethereum key."""

    source: H160


class Event(Sum):
    pass


class Executed(Event, index=0):
    """An Ethereum transaction was executed, perhaps without success.

    `to` is the address that was called or created. `extra_data` is the reason of a revert: at most 30 bytes of its
    text, or all of the data if that has no text.
    """

    from_: H160
    to: H160
    transaction_hash: H256
    exit_reason: ExitReason
    extra_data: bytes


class Error(PalletError):
    InvalidSignature = 0, "The signature is invalid."
    PreLogExists = 1, "The author has put a whole Ethereum block into the digest, so no transaction may be dispatched."


pallet = Pallet("Ethereum", RawOrigin.pallet_index, crate="pallet_ethereum", event=Event, error=Error)

Pending = pallet.counted_map(
    Identity,
    u32,
    tuple[SignedTransaction, TransactionStatus, TransactionReceipt],
    docs="The transactions of the block under construction by their index, with status and receipt.",
)
CurrentBlock = pallet.value(EthereumBlock, docs="The Ethereum block of the last block.")
CurrentReceipts = pallet.value(list[TransactionReceipt], docs="The receipts of its transactions.")
CurrentTransactionStatuses = pallet.value(list[TransactionStatus], docs="What became of its transactions.")
BlockHash = pallet.map(
    Twox64Concat,
    U256,
    H256,
    default=ZERO_HASH,
    docs="The hashes of the last 2,400 Ethereum blocks, and of the first, by number.",
)

pallet.name_declared(globals())
