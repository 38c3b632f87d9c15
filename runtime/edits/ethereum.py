"""Edits of the Ethereum side of a state: code, storage, balance and nonce of addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...consensus.integers import U32_MAX
from ..frame.context import Context
from ..frame.errors import ArithmeticFault, ensure
from ..frame.extrinsic import Extrinsic
from ..pallets import system
from ..pallets.balances.declared import ExistentialDeposit
from ..pallets.base_fee import BaseFeePerGas
from ..pallets.ethereum.declared import EthereumTransaction
from ..pallets.ethereum.transaction import (
    AnyTransaction,
    CallAction,
    CreateAction,
    Legacy,
    LegacySignature,
    LegacyTransaction,
)
from ..pallets.evm import accounts
from ..pallets.evm.addresses import account_of
from ..pallets.evm.declared import ZERO_WORD, AccountCodes, AccountStorages, DisableWhitelistCheck
from ..pallets.evm_chain_id import ChainId
from . import balances

#: What stands in place of a signature.
UNSIGNED_V, UNSIGNED_S = 27, (1).to_bytes(32, "big")


@dataclass(frozen=True, slots=True)
class Override:
    """What an address shall have for one call: other code, other storage, or other values of some slots of it."""

    address: bytes
    code: bytes | None
    state: Mapping[bytes, bytes] | None
    state_diff: Mapping[bytes, bytes] | None


def override(ctx: Context, wanted: Override) -> None:
    """Write an override into a state that is discarded after the call; nothing else follows, as on the genuine node."""
    if wanted.code is not None:
        AccountCodes.put(ctx, wanted.address, wanted.code)
    if wanted.state is not None:
        AccountStorages.clear_under(ctx, wanted.address)
    for slots in (wanted.state, wanted.state_diff):
        for slot, value in (slots or {}).items():
            AccountStorages.put(ctx, wanted.address, slot, value)


def set_balance(ctx: Context, address: bytes, wei: int) -> int:
    """Let an address be able to spend `wei`, rounded down to rao, and return what it can; its account keeps more.

    The existential deposit cannot be spent, so the account has it besides; with 0 it has nothing. Fails as
    `balances.set_balance`.
    """
    rao = wei // accounts.WEI
    balances.set_balance(ctx, account_of(address), rao + ExistentialDeposit.get(ctx) if rao else 0)
    return accounts.account_balance(ctx, address)


def set_nonce(ctx: Context, address: bytes, nonce: int) -> None:
    """Let the next transaction of an address have this nonce, which fits 32 bits."""
    ensure(nonce <= U32_MAX, ArithmeticFault.Overflow)
    account = account_of(address)
    system.Account.put(ctx, account, replace(system.Account.get(ctx, account), nonce=nonce))


def set_code(ctx: Context, address: bytes, code: bytes) -> None:
    """Let an address have this code; none removes it, with the reference by which its account exists."""
    if code:
        accounts.set_code(ctx, address, code)
    elif AccountCodes.contains(ctx, address):
        slots = list(AccountStorages.under(ctx, address))
        accounts.remove_account(ctx, address)
        for slot, value in slots:
            AccountStorages.put(ctx, address, slot, value)


def set_storage(ctx: Context, address: bytes, slot: bytes, value: bytes) -> None:
    """Let a slot of an address' storage have this value; zeros are not stored."""
    if value == ZERO_WORD:
        AccountStorages.remove(ctx, address, slot)
    else:
        AccountStorages.put(ctx, address, slot, value)


def set_base_fee(ctx: Context, wei: int) -> None:
    """Let gas have this price in the next block."""
    BaseFeePerGas.put(ctx, wei)


def set_chain_id(ctx: Context, chain_id: int) -> None:
    """Let transactions be signed for this chain."""
    ChainId.put(ctx, chain_id)


def let_all_create(ctx: Context) -> None:
    """Turn off the list of addresses that may create contracts."""
    DisableWhitelistCheck.put(ctx, True)


def act_as(extrinsic: Extrinsic, address: bytes) -> Extrinsic:
    """Return an extrinsic with an Ethereum transaction, which counts as signed by an address whatever its signature."""
    extrinsic.contained = EthereumTransaction(address)
    return extrinsic


def unsigned(
    address: bytes, nonce: int, price: int, gas: int, to: bytes | None, value: int, data: bytes
) -> AnyTransaction:
    """Return a transaction of an address without a key: in place of the signature it has the address."""
    action = CreateAction() if to is None else CallAction(to)
    signature = LegacySignature(UNSIGNED_V, address.rjust(32, b"\1"), UNSIGNED_S)
    return Legacy(LegacyTransaction(nonce, price, gas, action, value, data, signature))


def account_of_address(address: bytes) -> bytes:
    """Return the account that an address owns."""
    return account_of(address)
