"""Ethereum transactions of the four types that the chain takes: legacy, with access list, with two fees, set-code.

Names and encodings are those of the crate `ethereum` 0.18, so that metadata is the genuine one.
"""

from __future__ import annotations

from typing import Annotated, Any

from ...crypto.ecdsa import N
from ...scale import H160, H256, U256, Reader, ScaleError, SourceName, Struct, Sum, newtype, u64
from ...scale.codec import U64, AnyCodec
from ...scale.containers import Newtype
from ...scale.describe import Description

CRATE = "ethereum::transaction"

Bytes = Annotated[bytes, SourceName("Bytes")]
Address = Annotated[H160, SourceName("Address")]


class Checked(Newtype[Any]):
    """The codec of signatures that refuses r and s outside of 1 to N - 1, and for legacy ones an impossible v."""

    def __init__(self, inner: AnyCodec, path: str) -> None:
        super().__init__(inner, path)
        # The methods of Codec that build on `read`, instead of those of the inner codec.
        for method in ("read", "flat", "decode", "decode_all"):
            del self.__dict__[method]

    def read(self, reader: Reader) -> Any:
        at = reader.at
        signature = self.inner.read(reader)
        if not is_possible(signature):
            raise ScaleError("Invalid signature", at)
        return signature

    def describe(self) -> Description:
        return self.inner.describe()


class TransactionAction(Sum, path=f"{CRATE}::legacy::TransactionAction", positional=True):
    """What a transaction does: call an address, or create a contract."""


class CallAction(TransactionAction, index=0, name="Call"):
    address: H160


class CreateAction(TransactionAction, index=1, name="Create"):
    pass


RecoveryId = Annotated[int, newtype(U64, f"{CRATE}::legacy::TransactionRecoveryId")]


class LegacySignature(Struct, path=f"{CRATE}::legacy::TransactionSignature"):
    """A signature whose v has the chain id, or is 27 or 28 without one."""

    v: RecoveryId
    r: H256
    s: H256

    @property
    def parity(self) -> int:
        """The parity of R's y: 0 or 1; 4 for a v that stands for none."""
        return (self.v - 1) % 2 if self.v in (27, 28) or self.v > 36 else 4

    @property
    def chain_id(self) -> int | None:
        """The chain that the signature is for (EIP-155); None if it is for any."""
        return (self.v - 35) // 2 if self.v > 36 else None


class Signature(Struct, path=f"{CRATE}::eip2930::TransactionSignature"):
    """A signature of the later types of transactions."""

    odd_y_parity: bool
    r: H256
    s: H256

    @property
    def parity(self) -> int:
        return int(self.odd_y_parity)


class MalleableSignature(Struct, path=f"{CRATE}::eip2930::MalleableTransactionSignature"):
    """A signature of an authorization, which may have any r and s."""

    odd_y_parity: bool
    r: H256
    s: H256

    @property
    def parity(self) -> int:
        return int(self.odd_y_parity)


AnySignature = LegacySignature | Signature | MalleableSignature


def is_possible(signature: AnySignature) -> bool:
    """Return whether r and s are from 1 to N - 1, and the parity is 0 or 1. The higher s is allowed."""
    r, s = int.from_bytes(signature.r, "big"), int.from_bytes(signature.s, "big")
    return 0 < r < N and 0 < s < N and signature.parity <= 1


CheckedLegacy = Annotated[LegacySignature, Checked(LegacySignature.scale, LegacySignature.scale.path)]
CheckedSignature = Annotated[Signature, Checked(Signature.scale, Signature.scale.path)]


class AccessListItem(Struct, path=f"{CRATE}::eip2930::AccessListItem"):
    """An address and storage slots that a transaction announces to use."""

    address: Address
    storage_keys: list[H256]


class AuthorizationListItem(Struct, path=f"{CRATE}::eip7702::AuthorizationListItem"):
    """The permission of an account to run the code of an address as its own."""

    chain_id: u64
    address: Address
    nonce: U256
    signature: MalleableSignature


AccessList = Annotated[list[AccessListItem], SourceName("AccessList")]
AuthorizationList = Annotated[list[AuthorizationListItem], SourceName("AuthorizationList")]


class LegacyTransaction(Struct, path=f"{CRATE}::legacy::LegacyTransaction"):
    """A transaction of Ethereum's first type."""

    nonce: U256
    gas_price: U256
    gas_limit: U256
    action: TransactionAction
    value: U256
    input: Bytes
    signature: CheckedLegacy


class EIP2930Transaction(Struct, path=f"{CRATE}::eip2930::EIP2930Transaction"):
    """A transaction with an access list."""

    chain_id: u64
    nonce: U256
    gas_price: U256
    gas_limit: U256
    action: TransactionAction
    value: U256
    input: Bytes
    access_list: AccessList
    signature: CheckedSignature


class EIP1559Transaction(Struct, path=f"{CRATE}::eip1559::EIP1559Transaction"):
    """A transaction with a maximum price and a tip."""

    chain_id: u64
    nonce: U256
    max_priority_fee_per_gas: U256
    max_fee_per_gas: U256
    gas_limit: U256
    action: TransactionAction
    value: U256
    input: Bytes
    access_list: AccessList
    signature: CheckedSignature


class EIP7702Transaction(Struct, path=f"{CRATE}::eip7702::EIP7702Transaction"):
    """A transaction with authorizations, by which accounts take on code."""

    chain_id: u64
    nonce: U256
    max_priority_fee_per_gas: U256
    max_fee_per_gas: U256
    gas_limit: U256
    destination: TransactionAction
    value: U256
    data: Bytes
    access_list: AccessList
    authorization_list: AuthorizationList
    signature: CheckedSignature

    @property
    def action(self) -> TransactionAction:
        return self.destination

    @property
    def input(self) -> bytes:
        return self.data


class Transaction(Sum, path=f"{CRATE}::TransactionV3", positional=True):
    """A transaction of any type."""


class Legacy(Transaction, index=0):
    signed: LegacyTransaction


class EIP2930(Transaction, index=1):
    signed: EIP2930Transaction


class EIP1559(Transaction, index=2):
    signed: EIP1559Transaction


class EIP7702(Transaction, index=3):
    signed: EIP7702Transaction


AnyTransaction = Legacy | EIP2930 | EIP1559 | EIP7702
#: A transaction of any type in declarations.
SignedTransaction = Annotated[AnyTransaction, Transaction.scale, SourceName("Transaction")]


class TransactionData(Struct, path="fp_ethereum::TransactionData"):
    """The parts of a transaction in one form for all types. Its length counts towards the proof."""

    action: TransactionAction
    input: bytes
    nonce: U256
    gas_limit: U256
    gas_price: U256 | None
    max_fee_per_gas: U256 | None
    max_priority_fee_per_gas: U256 | None
    value: U256
    chain_id: u64 | None
    access_list: list[tuple[H160, list[H256]]]
    authorization_list: list[AuthorizationListItem]

    @property
    def proof_size_base_cost(self) -> int:
        """The bytes of the proof that the call itself takes: 65 are for the signature, two for pallet and call."""
        return len(self.scale.encode(self)) + 65 + 2


def data_of(transaction: AnyTransaction) -> TransactionData:
    """Return the parts of a transaction."""
    signed = transaction.signed
    gas_price = max_fee = max_priority_fee = None
    if isinstance(signed, LegacyTransaction | EIP2930Transaction):
        gas_price = signed.gas_price
    else:
        max_fee, max_priority_fee = signed.max_fee_per_gas, signed.max_priority_fee_per_gas
    return TransactionData(
        signed.action,
        signed.input,
        signed.nonce,
        signed.gas_limit,
        gas_price,
        max_fee,
        max_priority_fee,
        signed.value,
        signed.signature.chain_id if isinstance(signed, LegacyTransaction) else signed.chain_id,
        [] if isinstance(signed, LegacyTransaction) else [(i.address, i.storage_keys) for i in signed.access_list],
        signed.authorization_list if isinstance(signed, EIP7702Transaction) else [],
    )
