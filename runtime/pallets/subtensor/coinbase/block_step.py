"""The work of the pallet at the beginning of each block: the steps in `BLOCK_STEPS`, in order.

Tests stop before a step with `run_block_step(ctx, until=...)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ....frame.context import Context
from .. import storage
from ..ledger import prices
from ..ledger.block_emission import get_block_emission
from ..ledger.subnet_emissions import get_subnets_to_emit_to
from ..neurons.registration import update_registration_prices_for_networks
from ..staking.childkeys import do_set_pending_children
from ..staking.claims import populate_root_coldkey_staking_maps, run_auto_claim_root_divs
from ..subnets.networks import get_all_subnet_netuids
from ..subnets.tempo import epochs_deferred_this_block
from ..weights.timelocked import reveal_crv3_commits_for_subnet
from . import run_coinbase
from .distribution import distribute_emissions_to_subnets


@dataclass(slots=True)
class BlockWork:
    """Results that steps pass on: the TAO minted, in rao, the subnets that emit, and the epochs to run."""

    credit: int = 0
    emitting: list[int] = field(default_factory=list)
    epochs: dict[int, run_coinbase.Pending] = field(default_factory=dict)


Step = Callable[[Context, BlockWork], None]


def update_registration_prices(ctx: Context, work: BlockWork) -> None:
    """Let the prices of registrations decay."""
    update_registration_prices_for_networks(ctx)


def mint_emission(ctx: Context, work: BlockWork) -> None:
    """Mint the TAO of the block."""
    work.credit = get_block_emission(ctx)


def reveal_crv3_commits(ctx: Context, work: BlockWork) -> None:
    """Reveal timelocked commits that are due, except on subnets whose epoch is deferred to the next block."""
    if storage.TimelockedWeightCommits.is_empty(ctx):
        return
    subnets = run_coinbase.subnets_without_root(ctx)
    deferred = epochs_deferred_this_block(ctx, subnets, ctx.block.number)
    for netuid in subnets:
        if netuid not in deferred:
            reveal_crv3_commits_for_subnet(ctx, netuid)


def emit_to_subnets(ctx: Context, work: BlockWork) -> None:
    """Put TAO into pools, and create alpha."""
    work.emitting = get_subnets_to_emit_to(ctx, run_coinbase.subnets_without_root(ctx))
    run_coinbase.emit(ctx, work.emitting, work.credit)


def drain_pending_emission(ctx: Context, work: BlockWork) -> None:
    """Determine the epochs of this block, and take out the alpha that is pending for them."""
    work.epochs = run_coinbase.drain_pending(ctx, run_coinbase.subnets_without_root(ctx), ctx.block.number)


def run_epochs(ctx: Context, work: BlockWork) -> None:
    """Run the epochs, and pay the pending alpha as stake."""
    distribute_emissions_to_subnets(ctx, work.epochs)


def update_moving_prices(ctx: Context, work: BlockWork) -> None:
    """Update the moving prices, after the shares of this block have been computed from them."""
    prices.update_moving_prices(ctx, work.emitting)


def update_root_prop(ctx: Context, work: BlockWork) -> None:
    """Store root's part of the dividends of each subnet, for clients."""
    storage.RootProp.put_column(ctx, work.emitting, run_coinbase.root_proportions(ctx, work.emitting))


def set_pending_children(ctx: Context, work: BlockWork) -> None:
    """Put scheduled children into effect on the subnets whose epoch was in this block."""
    netuids = get_all_subnet_netuids(ctx)
    for netuid, last_epoch in zip(netuids, storage.LastEpochBlock.column(ctx, netuids), strict=True):
        if last_epoch == ctx.block.number:
            do_set_pending_children(ctx, netuid)


def claim_root_dividends(ctx: Context, work: BlockWork) -> None:
    """Pay some coldkeys with stake on root what they are owed."""
    run_auto_claim_root_divs(ctx, ctx.block.parent_hash)


def find_root_stakers(ctx: Context, work: BlockWork) -> None:
    """Look for stake on root in the next batch of stakes."""
    populate_root_coldkey_staking_maps(ctx)


BLOCK_STEPS: tuple[Step, ...] = (
    update_registration_prices,
    mint_emission,
    reveal_crv3_commits,
    emit_to_subnets,
    drain_pending_emission,
    run_epochs,
    update_moving_prices,
    update_root_prop,
    set_pending_children,
    claim_root_dividends,
    find_root_stakers,
)


def run_block_step(ctx: Context, until: Step | None = None) -> BlockWork:
    """Run all steps, or those before `until`, and return their results."""
    work = BlockWork()
    for step in BLOCK_STEPS:
        if step is until:
            break
        step(ctx, work)
    return work
