"""EVM: storage, events and errors."""

from __future__ import annotations

from ...frame.errors import PalletError
from ...frame.hashers import Blake2_128Concat
from ...frame.pallet import Pallet
from ...scale import H160, H256, Struct, Sum, u64
from ..ethereum.block import Log

ZERO_WORD = bytes(32)


class CodeMetadata(Struct, path="pallet_evm::CodeMetadata"):
    """The length of a contract's code in bytes, and its keccak-256 hash."""

    size: u64
    hash: H256


class Event(Sum, params=[("T", None)]):
    pass


class LogEmitted(Event, index=0, name="Log"):
    """A contract emitted a log."""

    log: Log


class Created(Event, index=1):
    """A contract was created at this address."""

    address: H160


class CreatedFailed(Event, index=2):
    """The creation of a contract at this address failed."""

    address: H160


class Executed(Event, index=3):
    """A contract was executed, and its changes kept."""

    address: H160


class ExecutedFailed(Event, index=4):
    """The execution of a contract failed: its changes are undone, the gas is paid."""

    address: H160


class Error(PalletError):
    BalanceLow = 0, "The balance is too low for the value and the fee."
    FeeOverflow = 1, "The fee is too large for a balance."
    PaymentOverflow = 2, "The whole payment is too large for a balance."
    WithdrawFailed = 3, "The fee cannot be withdrawn."
    GasPriceTooLow = 4, "The price of gas is below the base fee, or the priority fee above the price."
    InvalidNonce = 5, "The nonce is not the next one of the account."
    GasLimitTooLow = 6, "The gas limit is too low for the transaction's data."
    GasLimitTooHigh = 7, "The gas limit is above that of a block."
    InvalidChainId = 8, "The transaction is for another chain."
    InvalidSignature = 9, "The signature is invalid."
    Reentrancy = 10, "An execution cannot begin another one through a dispatched call."
    TransactionMustComeFromEOA = 11, "The sender has code, so it cannot send transactions (EIP-3607)."
    Undefined = 12, "Undefined error."
    NotAllowed = 13, "The account is not on the list of those that may create contracts."
    CreateOriginNotAllowed = 14, "The address may not create contracts."


pallet = Pallet("EVM", 22, crate="pallet_evm", event=Event, error=Error)

AccountCodes = pallet.map(Blake2_128Concat, H160, bytes, default=b"", docs="The code of a contract.")
AccountCodesMetadata = pallet.map(
    Blake2_128Concat, H160, CodeMetadata, docs="Length and hash of the code of a contract."
)
AccountStorages = pallet.double_map(
    (Blake2_128Concat, H160),
    (Blake2_128Concat, H256),
    H256,
    default=ZERO_WORD,
    docs="The storage of a contract, by address and slot; zeros are not stored.",
)
WhitelistedCreators = pallet.value(
    list[H160], default=[], docs="The addresses that may create contracts by calls of this pallet."
)
DisableWhitelistCheck = pallet.value(bool, default=False, docs="Whether all addresses may create contracts.")

pallet.name_declared(globals())
