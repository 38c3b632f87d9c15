"""Emission in each block: from the TAO minted to the alpha that is pending for epochs.

Each emitting subnet gets its part of the TAO: TAO and alpha go into its pool, the excess TAO buys alpha, and alpha
for owner, miners, validators and root is created and stays pending. In the block of a subnet's epoch the pending
alpha is taken out, and after the epoch `distribution` pays it.
"""

from __future__ import annotations

from typing import NamedTuple

from .....consensus import emission as rules
from .....consensus.emission import SubnetTerms
from .....consensus.fixed import U64F64
from .....consensus.integers import saturating_add_u64
from ....frame.context import Context
from ... import swap
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import events
from ..ledger.alpha import mint_alpha_out, recycle_subnet_alpha
from ..ledger.block_emission import get_block_emissions_for_issuances
from ..ledger.prices import get_alpha_issuances, get_moving_alpha_prices
from ..ledger.subnet_emissions import get_subnet_block_emissions
from ..ledger.tao import get_subnet_tao
from ..lifecycle.succession import change_subnet_owner_if_needed
from ..staking.stake_weights import get_tao_weight
from ..subnets.networks import get_all_subnet_netuids, get_float_subnet_owner_cut
from ..subnets.tempo import due_epochs, is_epoch_input_state_consistent
from .injection import add_column, inject_and_maybe_swap


def subnets_without_root(ctx: Context) -> list[int]:
    """Return all subnets but root, in the order of storage."""
    return [netuid for netuid in get_all_subnet_netuids(ctx) if netuid != ROOT_NETUID]


def root_proportions(ctx: Context, netuids: list[int]) -> list[int]:
    """Return the part of the dividends of each subnet that stake on root earns, U96F32."""
    return rules.root_proportions(
        get_subnet_tao(ctx, ROOT_NETUID), get_tao_weight(ctx), get_alpha_issuances(ctx, netuids)
    )


def get_network_root_sell_flag(ctx: Context, subnets_to_emit_to: list[int]) -> bool:
    """Return whether root gets dividends: only while the moving prices of all subnets sum to more than one TAO."""
    return sum(get_moving_alpha_prices(ctx, subnets_to_emit_to)) > U64F64.one


# --- emission ------------------------------------------------------------------------------------------------------


def emit(ctx: Context, subnets_to_emit_to: list[int], credit: int) -> None:
    """Distribute the TAO of a block, minted as `credit` rao, to the subnets that emit, and create their alpha.

    The record of the TAO for which root dividends were sold in the last block is cleared first.
    """
    storage.SubnetRootSellTao.clear(ctx)
    subnet_emissions = get_subnet_block_emissions(ctx, subnets_to_emit_to, credit)
    root_sell_flag = get_network_root_sell_flag(ctx, subnets_to_emit_to)
    emit_to_subnets(ctx, subnets_to_emit_to, subnet_emissions, credit, root_sell_flag)


def emit_to_subnets(
    ctx: Context, subnets_to_emit_to: list[int], subnet_emissions: dict[int, int], credit: int, root_sell_flag: bool
) -> None:
    """Fill the pools, then create the alpha outside of pools. `subnet_emissions` are U96F32 rao of TAO."""
    subnets = list(subnet_emissions)
    emissions = get_block_emissions_for_issuances(ctx, get_alpha_issuances(ctx, subnets))
    terms = get_subnet_terms(ctx, subnet_emissions, emissions)
    inject_and_maybe_swap(ctx, subnets_to_emit_to, terms, credit)
    alpha_out = dict(zip(subnets, emissions, strict=True))
    emit_alpha_out(ctx, subnets_to_emit_to, [alpha_out.get(each, 0) for each in subnets_to_emit_to], root_sell_flag)


def get_subnet_terms(
    ctx: Context, subnet_emissions: dict[int, int], alpha_emissions: list[int]
) -> dict[int, SubnetTerms]:
    """Return what goes into each pool and how much TAO buys alpha; emissions are U96F32 rao of TAO and rao of alpha."""
    subnets = list(subnet_emissions)
    return {
        netuid: rules.subnet_terms(tao, alpha, price >> 32, proportion)
        for (netuid, tao), alpha, price, proportion in zip(
            subnet_emissions.items(),
            alpha_emissions,
            swap.current_prices(ctx, subnets),
            root_proportions(ctx, subnets),
            strict=True,
        )
    }


def emit_alpha_out(ctx: Context, subnets: list[int], alphas: list[int], root_sell_flag: bool) -> None:
    """Create alpha (rao) of each subnet for owner, miners, validators and root, pending until the next epoch.

    The part of root is recycled while root gets no dividends.
    """
    storage.SubnetAlphaOutEmission.put_column(ctx, subnets, alphas)
    mint_alpha_out(ctx, subnets, alphas)
    owner_cut, cut_enabled = get_float_subnet_owner_cut(ctx), storage.OwnerCutEnabled.column(ctx, subnets)
    splits = [
        rules.split_alpha(alpha, owner_cut if enabled else 0, proportion)
        for alpha, enabled, proportion in zip(alphas, cut_enabled, root_proportions(ctx, subnets), strict=True)
    ]
    cuts = [(netuid, split.owner) for netuid, split, on in zip(subnets, splits, cut_enabled, strict=True) if on]
    add_column(ctx, storage.PendingOwnerCut, [netuid for netuid, _ in cuts], [cut for _, cut in cuts])
    add_column(ctx, storage.PendingServerEmission, subnets, [split.servers for split in splits])
    add_column(ctx, storage.PendingValidatorEmission, subnets, [split.validators for split in splits])
    if root_sell_flag:
        add_column(ctx, storage.PendingRootAlphaDivs, subnets, [split.root for split in splits])
        return
    for netuid, split in zip(subnets, splits, strict=True):
        recycle_subnet_alpha(ctx, netuid, split.root)


# --- epochs of the block -------------------------------------------------------------------------------------------


class Pending(NamedTuple):
    """Alpha that is pending for an epoch, in rao."""

    server: int
    validator: int
    root: int
    owner_cut: int


def drain_pending(ctx: Context, subnets: list[int], current_block: int) -> dict[int, Pending]:
    """Determine the epochs of this block and take out the alpha that is pending for them; return it by netuid.

    Epochs above the limit of the block are requested for the next block. Those of inconsistent subnets are skipped:
    they count as run, and the alpha stays pending.
    """
    limit, drained = storage.MaxEpochsPerBlock.get(ctx), dict[int, Pending]()
    add_column(ctx, storage.BlocksSinceLastStep, subnets, [1] * len(subnets))
    for netuid in due_epochs(ctx, subnets, current_block):
        if len(drained) >= limit:
            storage.PendingEpochAt.put(ctx, netuid, current_block + 1)
            ctx.deposit(events.EpochDeferred(netuid, current_block, current_block + 1))
            continue
        if is_epoch_input_state_consistent(ctx, netuid):
            storage.BlocksSinceLastStep.put(ctx, netuid, 0)
            drained[netuid] = take_pending(ctx, netuid)
            change_subnet_owner_if_needed(ctx, netuid)
        else:
            ctx.deposit(events.EpochSkipped(netuid, current_block))
        storage.LastEpochBlock.put(ctx, netuid, current_block)
        storage.PendingEpochAt.put(ctx, netuid, 0)
        storage.SubnetEpochIndex.put(ctx, netuid, saturating_add_u64(storage.SubnetEpochIndex.get(ctx, netuid), 1))
    return dict(sorted(drained.items()))


def take_pending(ctx: Context, netuid: int) -> Pending:
    """Return the pending alpha of a subnet, and reset it to zero."""
    items = (
        storage.PendingServerEmission,
        storage.PendingValidatorEmission,
        storage.PendingRootAlphaDivs,
        storage.PendingOwnerCut,
    )
    pending = Pending(*(item.get(ctx, netuid) for item in items))
    for item in items:
        item.put(ctx, netuid, 0)
    return pending
