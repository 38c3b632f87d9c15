"""Accounts that no private key stands behind: derived from other accounts, pallets and EVM addresses.

Every function returns an account id of 32 bytes. Integers enter the hashes little-endian.
"""

from __future__ import annotations

from collections.abc import Iterable

from .compact import compact_length
from .hashing import blake2_256

ACCOUNT_LENGTH = 32
_UTILITY = b"modlpy/utilisuba"
_PROXY = b"modlpy/proxy____"


def multisig_account(signatories: Iterable[bytes], threshold: int) -> bytes:
    """The account that any `threshold` (u16) of the signatories control together (pallet Multisig).

    The order of the signatories does not matter.
    """
    members = sorted(signatories)
    joined = compact_length(len(members)) + b"".join(members)
    return blake2_256(_UTILITY + joined + threshold.to_bytes(2, "little"))


def derivative_account(account: bytes, index: int) -> bytes:
    """The account that `Utility.as_derivative` of `account` with `index` (u16) acts for."""
    return blake2_256(_UTILITY + account + index.to_bytes(2, "little"))


def evm_account(address: bytes) -> bytes:
    """The account that holds the funds of an EVM address of 20 bytes (Frontier's hashed mapping)."""
    assert len(address) == 20, f"expected an EVM address of 20 bytes, got {len(address)}"
    return blake2_256(b"evm:" + address)


def pallet_account(pallet_id: bytes) -> bytes:
    """The account of a pallet, from its id of 8 bytes."""
    return pallet_sub_account(pallet_id, b"")


def pallet_sub_account(pallet_id: bytes, sub: bytes) -> bytes:
    """One of a pallet's many accounts; `sub` is the SCALE encoding of what tells them apart.

    Only 20 bytes are left for `sub`: the chain pads it with zeros, and cuts off what is beyond.
    """
    assert len(pallet_id) == 8, f"expected a pallet id of 8 bytes, got {len(pallet_id)}"
    return (b"modl" + pallet_id + sub)[:ACCOUNT_LENGTH].ljust(ACCOUNT_LENGTH, b"\0")


def pure_proxy_account(spawner: bytes, block: int, extrinsic_index: int, proxy_type: int, index: int) -> bytes:
    """The account that `Proxy.create_pure` makes.

    `block` and `extrinsic_index` (u32) tell when `spawner` called it, `proxy_type` is the variant's index on
    the wire (u8), and `index` (u16) tells apart several made at once.
    """
    when = block.to_bytes(4, "little") + extrinsic_index.to_bytes(4, "little")
    which = proxy_type.to_bytes(1, "little") + index.to_bytes(2, "little")
    return blake2_256(_PROXY + spawner + when + which)
