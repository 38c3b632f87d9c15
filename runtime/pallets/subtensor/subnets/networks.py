"""The list of subnets, their owners, the price of the next one, and the choice of the subnet that makes room for it.

`lifecycle.network_registration` creates and starts subnets, `lifecycle.dissolve` removes them. Times are in blocks,
prices in rao.
"""

from __future__ import annotations

from itertools import count

from .....consensus.fixed import I64F64
from .....consensus.integers import U16_MAX, saturate_u64, saturating_add_u64, saturating_mul_u64, saturating_sub
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared.types import NetworkLastRegistered
from ..ledger.block_emission import calculate_block_emission
from ..ledger.prices import get_moving_alpha_price

#: Emission of a block before the first halving, in rao.
FULL_BLOCK_EMISSION = 1_000_000_000


# --- the list of subnets -------------------------------------------------------------------------------------------


def if_subnet_exist(ctx: Context, netuid: int) -> bool:
    """Return whether the subnet exists."""
    return storage.NetworksAdded.get(ctx, netuid)


def get_all_subnet_netuids(ctx: Context) -> list[int]:
    """Return the netuids of all subnets and root in the order of storage: by low byte, then by high byte."""
    return list(storage.NetworksAdded.all_keys(ctx))


def count_subnets(ctx: Context) -> int:
    """Return the number of subnets without root."""
    return sum(added and netuid != ROOT_NETUID for netuid, added in storage.NetworksAdded.items(ctx))


def get_next_netuid(ctx: Context) -> int:
    """Return the smallest netuid that is free; 0 is reserved for root."""
    taken = set(storage.NetworksAdded.all_keys(ctx))
    return next(netuid for netuid in count(1) if netuid not in taken)


# --- owners --------------------------------------------------------------------------------------------------------


def get_owner_uid(ctx: Context, netuid: int) -> int | None:
    """Return the uid of the owner's hotkey; None when the owner has no hotkey or it is not registered."""
    if not storage.SubnetOwnerHotkey.contains(ctx, netuid):
        return None
    return storage.Uids.get(ctx, netuid, storage.SubnetOwnerHotkey.get(ctx, netuid))


def get_float_subnet_owner_cut(ctx: Context) -> int:
    """Return the part of the emission that the owner of a subnet receives, U96F32."""
    return (storage.SubnetOwnerCut.get(ctx) << 32) // U16_MAX


# --- the price of the next subnet ----------------------------------------------------------------------------------


def get_lock_reduction_interval(ctx: Context) -> int:
    """Return the number of blocks in which the price falls by the last price.

    It is the configured number in proportion to the emission of a block, so half of it after each halving.
    """
    emission = calculate_block_emission(ctx)
    share = I64F64.saturating_div(I64F64.from_int(emission), I64F64.from_int(FULL_BLOCK_EMISSION))
    interval = I64F64.from_int(storage.NetworkLockReductionInterval.get(ctx))
    return I64F64.to_int(I64F64.saturating_mul(interval, share), 64)


def get_network_lock_cost(ctx: Context) -> int:
    """Return the price of the next subnet, in rao.

    After a registration it is twice the price paid. It falls linearly with each block, down to `NetworkMinLockCost`.
    Before the first registration it starts at `NetworkLastLockCost` itself.
    """
    last = storage.NetworkLastLockCost.get(ctx)
    last_block = storage.LastRateLimitedBlock.get(ctx, NetworkLastRegistered())
    interval = get_lock_reduction_interval(ctx)
    fall = (last // interval if interval else 0) * saturating_sub(ctx.block.number, last_block)
    start = saturating_mul_u64(2, last) if last_block else last
    return max(start - saturate_u64(fall), storage.NetworkMinLockCost.get(ctx))


# --- pruning -------------------------------------------------------------------------------------------------------


def get_network_to_prune(ctx: Context) -> int | None:
    """Return the subnet with the lowest moving price, among several the oldest; None when all are immune.

    Subnets registered less than `NetworkImmunityPeriod` blocks ago are immune.
    """
    period, candidates = storage.NetworkImmunityPeriod.get(ctx), []
    for netuid, added in storage.NetworksAdded.items(ctx):
        registered = storage.NetworkRegisteredAt.get(ctx, netuid)
        if added and netuid != ROOT_NETUID and ctx.block.number >= saturating_add_u64(registered, period):
            candidates.append((get_moving_alpha_price(ctx, netuid), registered, netuid))
    # Among equal price and age, the first in the order of storage is chosen.
    return min(candidates, key=lambda candidate: candidate[:2])[2] if candidates else None
