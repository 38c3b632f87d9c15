"""Transactions as Ethereum's clients send them: bytes, hashes, and the address that signed.

A transaction is RLP, behind a byte with its type unless it is a legacy one. Other bytes raise `Undecodable`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from ...crypto.ecdsa import is_low, recover_point
from ...crypto.hashing import keccak_256
from .rlp import Item, RlpError, View, encode
from .transaction import (
    EIP1559,
    EIP2930,
    EIP7702,
    AccessListItem,
    AnySignature,
    AnyTransaction,
    AuthorizationListItem,
    CallAction,
    CreateAction,
    EIP1559Transaction,
    EIP2930Transaction,
    EIP7702Transaction,
    Legacy,
    LegacySignature,
    LegacyTransaction,
    MalleableSignature,
    Signature,
    TransactionAction,
    is_possible,
)

#: The byte before a transaction or a receipt; a legacy one has none.
TYPES: dict[type, bytes] = {Legacy: b"", EIP2930: b"\1", EIP1559: b"\2", EIP7702: b"\4"}
#: The byte before what the owner of an account signs to authorize the code of an address.
AUTHORIZATION_MAGIC = b"\5"
#: Senders that are remembered, so that pool and block recover each once.
SENDERS = 10_000
#: Bytes of integers: the chain id, and all others.
U64, U256 = 8, 32
EMPTY_STRING = b"\x80"

S = TypeVar("S", LegacySignature, Signature)


class Undecodable(ValueError):
    """Raised for bytes that are no transaction."""


# --- encoding ------------------------------------------------------------------------------------------------


def encoded(transaction: AnyTransaction) -> bytes:
    """Return the bytes of a signed transaction."""
    signature = transaction.signed.signature
    first = signature.v if isinstance(signature, LegacySignature) else int(signature.odd_y_parity)
    return TYPES[type(transaction)] + encode([*_unsigned(transaction), first, *_scalars(signature)])


def hash_of(transaction: AnyTransaction) -> bytes:
    """Return the hash by which clients know a transaction."""
    return keccak_256(encoded(transaction))


def signing_hash(transaction: AnyTransaction) -> bytes:
    """Return the hash that the sender signs; that of a legacy transaction covers the chain id if it has one."""
    fields, signature = _unsigned(transaction), transaction.signed.signature
    if isinstance(signature, LegacySignature) and signature.chain_id is not None:
        fields += [signature.chain_id, 0, 0]
    return keccak_256(TYPES[type(transaction)] + encode(fields))


def _unsigned(transaction: AnyTransaction) -> list[Item]:
    """Return the fields of a transaction before its signature."""
    signed = transaction.signed
    action = signed.action.address if isinstance(signed.action, CallAction) else b""
    common: list[Item] = [signed.gas_limit, action, signed.value, signed.input]
    if isinstance(signed, LegacyTransaction):
        return [signed.nonce, signed.gas_price, *common]
    access: list[Item] = [[item.address, item.storage_keys] for item in signed.access_list]
    if isinstance(signed, EIP2930Transaction):
        return [signed.chain_id, signed.nonce, signed.gas_price, *common, access]
    fees = [signed.max_priority_fee_per_gas, signed.max_fee_per_gas]
    fields: list[Item] = [signed.chain_id, signed.nonce, *fees, *common, access]
    if isinstance(signed, EIP7702Transaction):
        fields.append([_authorization(item) for item in signed.authorization_list])
    return fields


def _authorization(item: AuthorizationListItem) -> Item:
    signature = item.signature
    return [item.chain_id, item.address, item.nonce, int(signature.odd_y_parity), *_scalars(signature)]


def _scalars(signature: AnySignature) -> list[Item]:
    return [int.from_bytes(signature.r, "big"), int.from_bytes(signature.s, "big")]


# --- senders -------------------------------------------------------------------------------------------------


def sender_of(transaction: AnyTransaction) -> bytes | None:
    """Return the address that signed a transaction, None when the signature is of no key. The higher s is accepted."""
    signature = transaction.signed.signature
    return _recover(signing_hash(transaction), signature.r, signature.s, signature.parity)


def authority_of(item: AuthorizationListItem) -> bytes | None:
    """Return the account that signed an authorization; None for an invalid signature.

    Unlike in the signatures of transactions, the higher of the two possible s is invalid.
    """
    signature = item.signature
    if not is_possible(signature) or not is_low(signature.r + signature.s):
        return None
    digest = keccak_256(AUTHORIZATION_MAGIC + encode([item.chain_id, item.address, item.nonce]))
    return _recover(digest, signature.r, signature.s, signature.parity)


@lru_cache(SENDERS)
def _recover(digest: bytes, r: bytes, s: bytes, parity: int) -> bytes | None:
    """Return the address whose key signed a digest."""
    public = recover_point(r + s + bytes((parity,)), digest)
    return None if public is None else keccak_256(public)[12:]


# --- decoding ------------------------------------------------------------------------------------------------


def decoded(data: bytes) -> AnyTransaction:
    """Return the transaction that these bytes encode; raise Undecodable without one.

    Exactly what the genuine node's decoder takes is taken (see `rlp`): its encoding may differ from these bytes.
    """
    view = View(data)
    readers: dict[bytes, Callable[[View], AnyTransaction]]
    readers = {b"\1": _read_2930, b"\2": _read_1559, b"\4": _read_7702}
    try:
        if view.is_list:
            return _read_legacy(view)
        if (read := readers.get(data[:1])) is not None:
            return read(View(data[1:]))
    except RlpError as error:
        raise Undecodable(str(error)) from None
    raise Undecodable("expected a list or the type 1, 2 or 4")


def _read_legacy(view: View) -> Legacy:
    view.require_length(9)
    v = view.at(6).integer(U64)
    signature = _possible(LegacySignature(v, _scalar(view.at(7)), _scalar(view.at(8))))
    nonce, gas_price, gas_limit = [view.at(index).integer(U256) for index in range(3)]
    action, value = _action(view.at(3)), view.at(4).integer(U256)
    return Legacy(LegacyTransaction(nonce, gas_price, gas_limit, action, value, view.at(5).content(), signature))


def _read_2930(view: View) -> EIP2930:
    view.require_length(11)
    chain_id, nonce, gas_price, gas_limit = _integers(view, 4)
    action, value, data = _body(view, 4)
    access, signature = _access_list(view.at(7)), _signature(view, 8)
    signed = EIP2930Transaction(chain_id, nonce, gas_price, gas_limit, action, value, data, access, signature)
    return EIP2930(signed)


def _read_1559(view: View) -> EIP1559:
    view.require_length(12)
    chain_id, nonce, tip, fee, gas_limit = _integers(view, 5)
    action, value, data = _body(view, 5)
    access, signature = _access_list(view.at(8)), _signature(view, 9)
    signed = EIP1559Transaction(chain_id, nonce, tip, fee, gas_limit, action, value, data, access, signature)
    return EIP1559(signed)


def _read_7702(view: View) -> EIP7702:
    view.require_length(13)
    chain_id, nonce, tip, fee, gas_limit = _integers(view, 5)
    action, value, data = _body(view, 5)
    access = _access_list(view.at(8))
    authorizations = [_read_authorization(item) for item in view.at(9)]
    signature = _signature(view, 10)
    signed = EIP7702Transaction(
        chain_id, nonce, tip, fee, gas_limit, action, value, data, access, authorizations, signature
    )
    return EIP7702(signed)


def _integers(view: View, count: int) -> list[int]:
    """Return the first integers of a transaction, of which the chain id is shorter."""
    return [view.at(index).integer(U256 if index else U64) for index in range(count)]


def _body(view: View, index: int) -> tuple[TransactionAction, int, bytes]:
    """Return action, value and data, which begin at an index."""
    return _action(view.at(index)), view.at(index + 1).integer(U256), view.at(index + 2).content()


def _action(view: View) -> TransactionAction:
    return CreateAction() if view.data == EMPTY_STRING else CallAction(view.fixed(20))


def _access_list(view: View) -> list[AccessListItem]:
    return [AccessListItem(item.at(0).fixed(20), [key.fixed(32) for key in item.at(1)]) for item in view]


def _read_authorization(view: View) -> AuthorizationListItem:
    view.require_length(6)
    chain_id, address, nonce = view.at(0).integer(U64), view.at(1).fixed(20), view.at(2).integer(U256)
    signature = MalleableSignature(view.at(3).flag(), _scalar(view.at(4)), _scalar(view.at(5)))
    return AuthorizationListItem(chain_id, address, nonce, signature)


def _signature(view: View, index: int) -> Signature:
    parity = view.at(index).flag()
    return _possible(Signature(parity, _scalar(view.at(index + 1)), _scalar(view.at(index + 2))))


def _scalar(view: View) -> bytes:
    return view.integer(U256).to_bytes(32, "big")


def _possible(signature: S) -> S:
    if not is_possible(signature):
        raise RlpError("Invalid transaction signature format")
    return signature
