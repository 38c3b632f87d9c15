"""Accounts without a private key, derived from other accounts, pallets and EVM addresses.

Each function returns an account id of 32 bytes. Integers enter the hashes little-endian.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...consensus.internal import InternalError
from .compact import encode_length
from .hashing import blake2_256

ACCOUNT_LENGTH = 32
_UTILITY = b"modlpy/utilisuba"
_PROXY = b"modlpy/proxy____"


def multisig_account(signatories: Iterable[bytes], threshold: int) -> bytes:
    """Return the account that any `threshold` (u16) of the signatories control together (pallet Multisig).

    The order of the signatories does not matter.
    """
    members = sorted(signatories)
    joined = encode_length(len(members)) + b"".join(members)
    return blake2_256(_UTILITY + joined + threshold.to_bytes(2, "little"))


def derivative_account(account: bytes, index: int) -> bytes:
    """Return the account for which `Utility.as_derivative`, called by `account` with `index` (u16), dispatches."""
    return blake2_256(_UTILITY + account + index.to_bytes(2, "little"))


def evm_account(address: bytes) -> bytes:
    """Return the account that holds the funds of an EVM address of 20 bytes (Frontier's hashed mapping)."""
    if len(address) != 20:
        raise InternalError(f"expected an EVM address of 20 bytes, got {len(address)}")
    return blake2_256(b"evm:" + address)


def pallet_account(pallet_id: bytes) -> bytes:
    """Return the account of a pallet, from its id of 8 bytes."""
    return pallet_sub_account(pallet_id, b"")


def pallet_sub_account(pallet_id: bytes, sub: bytes) -> bytes:
    """Return a sub-account of a pallet; `sub` is the SCALE encoding of the value that distinguishes it.

    The account has room for 20 bytes of `sub`: the chain pads with zeros and cuts off the rest.
    """
    if len(pallet_id) != 8:
        raise InternalError(f"expected a pallet id of 8 bytes, got {len(pallet_id)}")
    return (b"modl" + pallet_id + sub)[:ACCOUNT_LENGTH].ljust(ACCOUNT_LENGTH, b"\0")


def pure_proxy_account(spawner: bytes, block: int, extrinsic_index: int, proxy_type: int, index: int) -> bytes:
    """Return the account that `Proxy.create_pure` creates.

    `block` and `extrinsic_index` (u32) are those of the call by `spawner`, `proxy_type` is the variant's index (u8),
    and `index` (u16) distinguishes accounts created in the same extrinsic.
    """
    when = block.to_bytes(4, "little") + extrinsic_index.to_bytes(4, "little")
    which = proxy_type.to_bytes(1, "little") + index.to_bytes(2, "little")
    return blake2_256(_PROXY + spawner + when + which)
