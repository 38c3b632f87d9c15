"""Subnets: which there are, what registering the next one costs, and which one would make room for it.

`network_registration` makes them and starts them, `dissolve` takes them away; `mechanism`, `symbols` and `identity`
own what a subnet has besides. Blocks are numbers of blocks, prices rao.
"""

from __future__ import annotations

from itertools import count

from .....consensus.fixed import I64F64
from .....consensus.integers import U16_MAX, saturate_u64, saturating_add_u64, saturating_mul_u64, saturating_sub
from ....frame.context import Context
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import events
from ..declared.types import NetworkLastRegistered
from ..ledger.block_emission import calculate_block_emission
from ..ledger.prices import get_moving_alpha_price
from ..ledger.subnet_accounts import get_subnet_account_id as get_subnet_account_id
from ..ledger.subnet_accounts import is_subnet_account_id as is_subnet_account_id

#: What a block emits at most, in rao; halvings are reckoned from it, and prices of subnets fall slower with each.
FULL_BLOCK_EMISSION = 1_000_000_000


# --- which subnets there are ---------------------------------------------------------------------------------------


def if_subnet_exist(ctx: Context, netuid: int) -> bool:
    return storage.NetworksAdded.get(ctx, netuid)


def get_all_subnet_netuids(ctx: Context) -> list[int]:
    """All subnets and root, in the chain's order: by low byte, then by high byte."""
    return list(storage.NetworksAdded.all_keys(ctx))


def count_subnets(ctx: Context) -> int:
    """How many subnets there are, root not counted."""
    return sum(added and netuid != ROOT_NETUID for netuid, added in storage.NetworksAdded.items(ctx))


def get_next_netuid(ctx: Context) -> int:
    """The smallest netuid that no subnet has; never root's."""
    taken = set(storage.NetworksAdded.all_keys(ctx))
    return next(netuid for netuid in count(1) if netuid not in taken)


def is_valid_subnet_for_emission(ctx: Context, netuid: int) -> bool:
    """Whether a subnet has been started."""
    return storage.FirstEmissionBlockNumber.get(ctx, netuid) is not None


# --- whose they are ------------------------------------------------------------------------------------------------


def is_subnet_owner(ctx: Context, coldkey: bytes) -> bool:
    """Whether an account owns any subnet."""
    return any(owner == coldkey for _, owner in storage.SubnetOwner.items(ctx))


def get_owner_uid(ctx: Context, netuid: int) -> int | None:
    """The uid of the subnet owner's hotkey; None when there is no such hotkey or it is not registered."""
    if not storage.SubnetOwnerHotkey.contains(ctx, netuid):
        return None
    return storage.Uids.get(ctx, netuid, storage.SubnetOwnerHotkey.get(ctx, netuid))


def get_float_subnet_owner_cut(ctx: Context) -> int:
    """The part of a subnet's emission that its owner gets, U96F32."""
    return (storage.SubnetOwnerCut.get(ctx) << 32) // U16_MAX


def get_total_subnet_locked(ctx: Context) -> int:
    """What the registrations of all subnets cost together."""
    return saturate_u64(sum(locked for _, locked in storage.SubnetLocked.items(ctx)))


# --- what the next one costs ---------------------------------------------------------------------------------------


def get_network_last_lock_block(ctx: Context) -> int:
    """The block of the last registration, 0 when there was none."""
    return storage.LastRateLimitedBlock.get(ctx, NetworkLastRegistered())


def set_network_last_lock_block(ctx: Context, block: int) -> None:
    storage.LastRateLimitedBlock.put(ctx, NetworkLastRegistered(), block)


def get_lock_reduction_interval(ctx: Context) -> int:
    """Blocks in which the price falls by the last price: as configured, and half as many after each halving."""
    emission = calculate_block_emission(ctx)
    share = I64F64.saturating_div(I64F64.from_int(emission), I64F64.from_int(FULL_BLOCK_EMISSION))
    interval = I64F64.from_int(storage.NetworkLockReductionInterval.get(ctx))
    return I64F64.to_int(I64F64.saturating_mul(interval, share), 64)


def get_network_lock_cost(ctx: Context) -> int:
    """The price of the next subnet: twice the last price, falling block by block, down to the least price.

    Before the first registration it begins at the last price itself.
    """
    last, last_block = storage.NetworkLastLockCost.get(ctx), get_network_last_lock_block(ctx)
    interval = get_lock_reduction_interval(ctx)
    fall = (last // interval if interval else 0) * saturating_sub(ctx.block.number, last_block)
    start = saturating_mul_u64(2, last) if last_block else last
    return max(start - saturate_u64(fall), storage.NetworkMinLockCost.get(ctx))


# --- which one would make room -------------------------------------------------------------------------------------


def get_network_to_prune(ctx: Context) -> int | None:
    """The subnet of the lowest moving price, of several the oldest; None when all are immune.

    Immune are the subnets registered less than `NetworkImmunityPeriod` blocks ago.
    """
    period, candidates = storage.NetworkImmunityPeriod.get(ctx), []
    for netuid, added in storage.NetworksAdded.items(ctx):
        registered = storage.NetworkRegisteredAt.get(ctx, netuid)
        if added and netuid != ROOT_NETUID and ctx.block.number >= saturating_add_u64(registered, period):
            candidates.append((get_moving_alpha_price(ctx, netuid), registered, netuid))
    # Of equal price and age, the first in the chain's order stays the candidate.
    return min(candidates, key=lambda candidate: candidate[:2])[2] if candidates else None


# --- parameters of all subnets -------------------------------------------------------------------------------------


def set_network_rate_limit(ctx: Context, blocks: int) -> None:
    storage.NetworkRateLimit.put(ctx, blocks)
    ctx.deposit(events.NetworkRateLimitSet(blocks))


def set_network_immunity_period(ctx: Context, blocks: int) -> None:
    storage.NetworkImmunityPeriod.put(ctx, blocks)
    ctx.deposit(events.NetworkImmunityPeriodSet(blocks))


def set_start_call_delay(ctx: Context, blocks: int) -> None:
    storage.StartCallDelay.put(ctx, blocks)
    ctx.deposit(events.StartCallDelaySet(blocks))


def set_network_min_lock(ctx: Context, cost: int) -> None:
    storage.NetworkMinLockCost.put(ctx, cost)
    ctx.deposit(events.NetworkMinLockCostSet(cost))


def set_lock_reduction_interval(ctx: Context, blocks: int) -> None:
    storage.NetworkLockReductionInterval.put(ctx, blocks)
    ctx.deposit(events.NetworkLockCostReductionIntervalSet(blocks))
