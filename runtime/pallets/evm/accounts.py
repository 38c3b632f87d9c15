"""Nonce, balance, code and storage of addresses.

Nonce and balance are those of the account that the address owns, in System and Balances. A contract's account exists
by its code: a reference (`sufficients`) that it has from the first code until it is removed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ....consensus.integers import saturate_u32, saturating_sub
from ...crypto.hashing import keccak_256
from ...frame.context import Context
from .. import system
from ..balances.fungible import Preservation, reducible_balance
from .addresses import account_of
from .declared import AccountCodes, AccountCodesMetadata, AccountStorages, CodeMetadata
from .precompiles import precompile_at

#: Wei in a rao.
WEI = 10**9
#: The keccak-256 hash of no bytes, written down because the function takes long to load.
EMPTY_HASH = bytes.fromhex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
#: What contracts see of a precompile's code. With a length of 0, Solidity's check would refuse to call it.
PRECOMPILE_CODE = CodeMetadata(1, EMPTY_HASH)
NO_CODE = CodeMetadata(0, EMPTY_HASH)
U64_MAX, U256_MAX = 2**64 - 1, 2**256 - 1


class Basic(NamedTuple):
    """An address as transactions see it; the balance is in wei."""

    balance: int
    nonce: int


def to_rao(wei: int) -> int | None:
    """Return an amount in rao, rounded down; None if it is more than a balance can be."""
    rao = wei // WEI
    return rao if rao <= U64_MAX else None


def account_nonce(ctx: Context, address: bytes) -> int:
    """Return the number of transactions and creations of an address."""
    return system.Account.get(ctx, account_of(address)).nonce


def increment_nonce(ctx: Context, address: bytes) -> None:
    """Count a transaction or creation; the nonce wraps at 2^32, as accounts of the chain do."""
    account = account_of(address)
    info = system.Account.get(ctx, account)
    system.Account.put(ctx, account, replace(info, nonce=(info.nonce + 1) & 0xFFFF_FFFF))


def account_balance(ctx: Context, address: bytes) -> int:
    """Return what an address can spend without being reaped, in wei."""
    return reducible_balance(ctx, account_of(address), Preservation.Preserve) * WEI


def account_basic(ctx: Context, address: bytes) -> Basic:
    """Return balance and nonce of an address."""
    return Basic(account_balance(ctx, address), account_nonce(ctx, address))


def is_empty(ctx: Context, address: bytes) -> bool:
    """Return whether an address has no balance, no nonce and no code, so that a contract sees no account."""
    return (
        account_nonce(ctx, address) == 0 and account_balance(ctx, address) == 0 and not AccountCodes.get(ctx, address)
    )


def code_metadata(ctx: Context, address: bytes) -> CodeMetadata:
    """Return length and hash of an address' code; those of code from before there were metadata are stored."""
    if precompile_at(address) is not None:
        return PRECOMPILE_CODE
    known = AccountCodesMetadata.get(ctx, address)
    if known is not None:
        return known
    code = AccountCodes.get(ctx, address)
    if not code:
        return NO_CODE
    metadata = CodeMetadata(len(code), keccak_256(code))
    AccountCodesMetadata.put(ctx, address, metadata)
    return metadata


def set_code(ctx: Context, address: bytes, code: bytes) -> None:
    """Store the code of an address. Empty code changes nothing, it does not remove the code that is there."""
    if not code:
        return
    if not AccountCodes.contains(ctx, address):
        _inc_sufficients(ctx, account_of(address))
    AccountCodesMetadata.put(ctx, address, CodeMetadata(len(code), keccak_256(code)))
    AccountCodes.put(ctx, address, code)


def remove_account(ctx: Context, address: bytes) -> None:
    """Remove code and storage of a contract that destroyed itself. Balance and nonce stay with its account."""
    _dec_sufficients(ctx, account_of(address))
    AccountCodes.remove(ctx, address)
    AccountCodesMetadata.remove(ctx, address)
    AccountStorages.clear_under(ctx, address)


def _inc_sufficients(ctx: Context, account: bytes) -> None:
    """Add a reference by which an account exists without funds; the first one creates it."""
    info = system.Account.get(ctx, account)
    if info.providers == 0 and info.sufficients == 0:
        system.Account.put(ctx, account, replace(info, sufficients=1))
        ctx.deposit(system.NewAccount(account))
    else:
        system.Account.put(ctx, account, replace(info, sufficients=saturate_u32(info.sufficients + 1)))


def _dec_sufficients(ctx: Context, account: bytes) -> None:
    """Remove such a reference; the last one reaps an account without providers."""
    if not system.Account.contains(ctx, account):
        return
    info = system.Account.get(ctx, account)
    if info.sufficients <= 1 and info.providers == 0:
        system.Account.remove(ctx, account)
        ctx.deposit(system.KilledAccount(account))
    else:
        system.Account.put(ctx, account, replace(info, sufficients=saturating_sub(info.sufficients, 1)))
