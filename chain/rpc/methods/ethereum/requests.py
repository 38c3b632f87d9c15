"""The transaction that `eth_call` and its kin take as an object, and overrides of the state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from .....consensus.integers import U64_MAX
from .....runtime.client.ethereum import AuthorizationListItem, MalleableSignature
from .....runtime.edits.ethereum import Override
from ...params import BadParameter, invalid_type, invalid_value, to_flag, to_hash
from .declare import internal
from .params import MOST, MOST_SLOTS, field, items, to_address, to_data, to_object, to_u64, to_u256

AccessList = list[tuple[bytes, list[bytes]]]


@dataclass(frozen=True, slots=True)
class Fees:
    """The prices of a request that is executed: a cap by which its sender's balance limits the gas."""

    max_fee: int | None
    max_priority_fee: int | None
    cap: int


@dataclass(frozen=True, slots=True)
class TransactionRequest:
    """A transaction without a signature. What is None was not given."""

    sender: bytes | None
    to: bytes | None
    value: int | None
    nonce: int | None
    gas: int | None
    gas_price: int | None
    max_fee: int | None
    max_priority_fee: int | None
    data: bytes | None
    access_list: AccessList | None
    authorization_list: list[AuthorizationListItem] | None
    chain_id: int | None

    def fees(self) -> Fees:
        """Return the fees of an execution; RpcError for prices that exclude each other."""
        given = (self.gas_price, self.max_fee, self.max_priority_fee)
        if None not in given:
            raise internal("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified")
        if self.gas_price is not None and self.max_fee is None and self.max_priority_fee is None:
            return Fees(None, None, self.gas_price)
        if self.gas_price is None and self.max_fee is not None and self.max_priority_fee is not None:
            if self.max_priority_fee > self.max_fee:
                raise internal("Invalid input: `max_priority_fee_per_gas` greater than `max_fee_per_gas`")
            return Fees(self.max_fee, self.max_priority_fee, self.max_fee)
        return Fees(None, 0, 0)


def to_request(value: Any) -> TransactionRequest:
    """Return a request from an object; other fields than those known are ignored."""
    given = to_object(value, "struct TransactionRequest")
    data, code = field(given, "input", to_data), field(given, "data", to_data)
    if data is not None and code is not None and data != code:
        raise invalid_value(value, "Ambiguous value for `data` and `input`")
    field(given, "type", to_u256)
    return TransactionRequest(
        field(given, "from", to_address),
        field(given, "to", to_address),
        field(given, "value", to_u256),
        field(given, "nonce", to_u256),
        field(given, "gas", to_u256),
        field(given, "gasPrice", to_u256),
        field(given, "maxFeePerGas", to_u256),
        field(given, "maxPriorityFeePerGas", to_u256),
        code if data is None else data,
        field(given, "accessList", to_access_list),
        field(given, "authorizationList", items("authorizations", to_authorization)),
        field(given, "chainId", to_u64),
    )


def to_access_list(value: Any) -> AccessList:
    """Return an access list with a bounded number of slots in all."""
    found: AccessList = items("addresses", _to_access)(value)
    count = sum(len(slots) for _, slots in found)
    if count > MOST_SLOTS:
        raise invalid_value(value, f"expected at most {MOST_SLOTS} storage keys, got {count}")
    return found


def _to_access(value: Any) -> tuple[bytes, list[bytes]]:
    given = to_object(value, "struct AccessListItemDef")
    return _required(given, "address", to_address), _required(given, "storageKeys", items("keys", to_hash, MOST_SLOTS))


def to_authorization(value: Any) -> AuthorizationListItem:
    """Return an authorization from an object; its chain id is JSON's number, as on the genuine node, or in hex."""
    given = to_object(value, "struct AuthorizationListItemDef")
    return AuthorizationListItem(
        _required(given, "chainId", _to_chain_id),
        _required(given, "address", to_address),
        _required(given, "nonce", to_u256),
        MalleableSignature(
            _required(given, "yParity", _to_parity), _required(given, "r", _to_word), _required(given, "s", _to_word)
        ),
    )


def _to_chain_id(value: Any) -> int:
    if type(value) is int and 0 <= value <= U64_MAX:
        return value
    return to_u64(value)


def _to_parity(value: Any) -> bool:
    return value == "0x1" if value in ("0x0", "0x1") else to_flag(value)


def _to_word(value: Any) -> bytes:
    return to_u256(value).to_bytes(32, "big")


def _required(given: Mapping[str, Any], name: str, convert: Any) -> Any:
    if given.get(name) is None:
        raise BadParameter(f"missing field `{name}`", 0)
    return field(given, name, convert)


def to_overrides(value: Any) -> list[Override]:
    """Return overrides of accounts by address."""
    given = to_object(value, "a map")
    if len(given) > MOST:
        raise invalid_value(value, f"expected at most {MOST} overrides, got {len(given)}")
    found = [_to_override(address, each) for address, each in given.items()]
    if sum(len(each.state or ()) + len(each.state_diff or ()) for each in found) > MOST_SLOTS:
        raise invalid_value(value, f"expected at most {MOST_SLOTS} storage slots")
    return found


def _to_override(address: str, value: Any) -> Override:
    given = to_object(value, "struct CallStateOverride")
    if unknown := given.keys() - {"balance", "nonce", "code", "state", "stateDiff"}:
        known = "expected one of `balance`, `nonce`, `code`, `state`, `stateDiff`"
        raise invalid_value(value, f"unknown field `{min(unknown):.60}`, {known}")
    field(given, "balance", to_u256)
    field(given, "nonce", to_u256)
    code, state, difference = (
        field(given, "code", to_data),
        field(given, "state", to_slots),
        field(given, "stateDiff", to_slots),
    )
    return Override(to_address(address), code, state, difference)


def to_slots(value: Any) -> dict[bytes, bytes]:
    """Return values of storage by slot."""
    if not isinstance(value, dict):
        raise invalid_type(value, "a map")
    if len(value) > MOST_SLOTS:
        raise invalid_value(value, f"expected at most {MOST_SLOTS} storage slots, got {len(value)}")
    return {to_hash(slot): to_hash(word) for slot, word in value.items()}


Request = Annotated[TransactionRequest, to_request]
Overrides = Annotated[list[Override], to_overrides]
