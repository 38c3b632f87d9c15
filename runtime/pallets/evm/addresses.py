"""Accounts and addresses: Ethereum's addresses have 20 bytes, the chain's accounts 32.

An address owns the account whose id is the BLAKE2b-256 hash of `evm:` and the address (`account_of`), which no key
signs for. An account of the chain acts for the address that its id begins with (`ensure_address`).
"""

from __future__ import annotations

from ...crypto import evm_account
from ...crypto.hashing import keccak_256
from ...frame.context import Context
from ...frame.digest import aura_slot
from ...frame.errors import BadOrigin, DispatchFailed
from ..aura import Authorities
from ..ethereum.rlp import encode

LENGTH = 20
NO_ADDRESS = bytes(LENGTH)
#: The most addresses whose accounts are cached. It limits memory and does not change results.
CACHE_LIMIT = 10_000

_accounts: dict[bytes, bytes] = {}


def account_of(address: bytes) -> bytes:
    """Return the account that an address owns. Cached: it is needed for each read of a balance or nonce."""
    account = _accounts.get(address)
    if account is None:
        if len(_accounts) >= CACHE_LIMIT:
            _accounts.clear()
        account = _accounts[address] = evm_account(address)
    return account


def truncated(account: bytes) -> bytes:
    """Return the address that an account acts for: the first 20 bytes of its id."""
    return account[:LENGTH]


def ensure_address(ctx: Context, address: bytes) -> bytes:
    """Return the account that signed; raise BadOrigin unless it acts for the address."""
    account = ctx.origin.account
    if account is None or truncated(account) != address:
        raise DispatchFailed(BadOrigin())
    return account


def author_address(ctx: Context) -> bytes:
    """Return the address of the block's author, bytes 4 to 24 of the authority's key; zeros without an author.

    It is that of the authority of the block's slot now, also after a change of authorities in this block.
    """
    slot = aura_slot(ctx.block.digest)
    authorities = Authorities.get(ctx)
    if slot is None or not authorities:
        return NO_ADDRESS
    return authorities[slot % len(authorities)][4 : 4 + LENGTH]


def created_address(caller: bytes, nonce: int) -> bytes:
    """Return the address of the contract that a creation makes with this nonce."""
    return keccak_256(encode([caller, nonce]))[-LENGTH:]


def created_address2(caller: bytes, salt: bytes, code_hash: bytes) -> bytes:
    """Return the address of the contract that CREATE2 makes from initialization code with this hash."""
    return keccak_256(b"\xff" + caller + salt + code_hash)[-LENGTH:]
