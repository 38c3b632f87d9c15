"""The accounts that belong to the pallet: one for each subnet, which holds the TAO of its pool. Nobody has their keys.

An account is the text `modl`, the pallet's eight letters and the netuid in two bytes, filled up with zeros.
"""

from __future__ import annotations

from functools import lru_cache

from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import constants

ACCOUNT_LENGTH = 32
#: What the accounts of pallets begin with.
MODULE = b"modl"


@lru_cache(maxsize=4096)
def pallet_account(pallet_id: bytes, part: bytes = b"") -> bytes:
    """The account of a pallet, or of a part of it."""
    return (MODULE + pallet_id + part).ljust(ACCOUNT_LENGTH, b"\0")


def get_subnet_account_id(ctx: Context, netuid: int) -> bytes | None:
    """The account of a subnet; None when there is no such subnet (root always has one)."""
    if netuid != ROOT_NETUID and not storage.NetworksAdded.contains(ctx, netuid):
        return None
    return pallet_account(constants.SubtensorPalletId.get(ctx), netuid.to_bytes(2, "little"))


def is_subnet_account_id(ctx: Context, account: bytes) -> int | None:
    """The subnet, existing or not, whose account this is; None when it is no such account."""
    prefix = MODULE + constants.SubtensorPalletId.get(ctx)
    begins, rest = account[: len(prefix)], account[len(prefix) :]
    return int.from_bytes(rest[:2], "little") if begins == prefix and not any(rest[2:]) else None
