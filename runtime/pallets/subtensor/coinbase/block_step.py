"""What the pallet does at the beginning of each block: `BLOCK_STEPS`, one after the other.

Tests look at a block between two of them with `run_block_step(ctx, until=...)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
from ..weights.commit_reveal import reveal_crv3_commits_for_subnet
from . import run_coinbase
from .distribution import distribute_emissions_to_subnets


@dataclass(slots=True)
class BlockWork:
    """What one step leaves for another: the TAO that was minted, in rao, and the epochs that are to run."""

    credit: int
    epochs: dict[int, run_coinbase.Pending]


Step = Callable[[Context, BlockWork], None]


def update_registration_prices(ctx: Context, work: BlockWork) -> None:
    """Prices of registrations fall."""
    update_registration_prices_for_networks(ctx)


def mint_emission(ctx: Context, work: BlockWork) -> None:
    """The block's TAO comes into being."""
    work.credit = get_block_emission(ctx)


def reveal_crv3_commits(ctx: Context, work: BlockWork) -> None:
    """Encrypted weights whose time has come are revealed, except where the epoch has to wait for the next block."""
    if storage.TimelockedWeightCommits.is_empty(ctx):
        return
    subnets = run_coinbase.subnets_without_root(ctx)
    deferred = epochs_deferred_this_block(ctx, subnets, ctx.block.number)
    for netuid in subnets:
        if netuid not in deferred:
            reveal_crv3_commits_for_subnet(ctx, netuid)


def emit_to_subnets(ctx: Context, work: BlockWork) -> None:
    """The TAO goes into pools, and alpha is created."""
    run_coinbase.emit(ctx, work.credit)


def drain_pending_emission(ctx: Context, work: BlockWork) -> None:
    """The epochs of this block are found, and what has waited for them is taken out."""
    work.epochs = run_coinbase.drain_pending(ctx, run_coinbase.subnets_without_root(ctx), ctx.block.number)


def run_epochs(ctx: Context, work: BlockWork) -> None:
    """The epochs run, and what has waited becomes stake."""
    distribute_emissions_to_subnets(ctx, work.epochs)


def update_moving_prices(ctx: Context, work: BlockWork) -> None:
    """Moving prices follow, after the shares of this block have been reckoned from them."""
    prices.update_moving_prices(ctx, get_subnets_to_emit_to(ctx, get_all_subnet_netuids(ctx)))


def update_root_prop(ctx: Context, work: BlockWork) -> None:
    """Root's part of each subnet's dividends is noted for clients."""
    subnets = get_subnets_to_emit_to(ctx, get_all_subnet_netuids(ctx))
    storage.RootProp.put_column(ctx, subnets, run_coinbase.root_proportions(ctx, subnets))


def set_pending_children(ctx: Context, work: BlockWork) -> None:
    """Children chosen some time ago take effect on the subnets whose epoch was in this block."""
    netuids = get_all_subnet_netuids(ctx)
    for netuid, last_epoch in zip(netuids, storage.LastEpochBlock.column(ctx, netuids), strict=True):
        if last_epoch == ctx.block.number:
            do_set_pending_children(ctx, netuid)


def claim_root_dividends(ctx: Context, work: BlockWork) -> None:
    """Some coldkeys with stake on root are paid what they are owed."""
    run_auto_claim_root_divs(ctx, ctx.block.parent_hash)


def find_root_stakers(ctx: Context, work: BlockWork) -> None:
    """A few coldkeys are looked at for stake on root."""
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
    """All steps, or those before `until`; gives what they have left."""
    work = BlockWork(0, {})
    for step in BLOCK_STEPS:
        if step is until:
            break
        step(ctx, work)
    return work
