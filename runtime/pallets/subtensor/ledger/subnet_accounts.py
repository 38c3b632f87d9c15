"""The accounts of the pallet: one for each subnet, which holds the TAO of its pool. No key can sign for them.

An account is the text `modl`, the eight bytes of the pallet id and the netuid in two bytes (little endian), padded
with zeros.
"""

from __future__ import annotations

from functools import lru_cache

from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import constants

ACCOUNT_LENGTH = 32
#: Prefix of the accounts of pallets.
MODULE = b"modl"


@lru_cache(maxsize=4096)
def pallet_account(pallet_id: bytes, part: bytes = b"") -> bytes:
    """Return the account of a pallet, or of a part of it."""
    return (MODULE + pallet_id + part).ljust(ACCOUNT_LENGTH, b"\0")


def get_subnet_account_id(ctx: Context, netuid: int) -> bytes | None:
    """Return the account of a subnet, or None when the subnet does not exist (root always has one)."""
    if netuid != ROOT_NETUID and not storage.NetworksAdded.contains(ctx, netuid):
        return None
    return pallet_account(constants.SubtensorPalletId.get(ctx), netuid.to_bytes(2, "little"))


def is_subnet_account_id(ctx: Context, account: bytes) -> int | None:
    """Return the netuid, of an existing subnet or not, whose account this is; None for other accounts."""
    prefix = MODULE + constants.SubtensorPalletId.get(ctx)
    begins, rest = account[: len(prefix)], account[len(prefix) :]
    return int.from_bytes(rest[:2], "little") if begins == prefix and not any(rest[2:]) else None
