"""From a block's new TAO to the stake of neurons.

Each block, every emitting subnet gets its part: TAO and alpha go into its pool, what is left of its TAO buys alpha, and
alpha for owner, miners, validators and root is created and waits. In the block of a subnet's epoch, what waits is
drained, and after the epoch `distribution` gives it out.
"""

from __future__ import annotations

from typing import NamedTuple

from .....consensus import emission as rules
from .....consensus.emission import SubnetTerms
from .....consensus.fixed import U64F64, U96F32
from .....consensus.integers import saturating_add_u64
from ....frame.context import Context
from ....frame.errors import DispatchFailed
from ....frame.storage import StorageMap
from ... import swap
from ...shared.types import ROOT_NETUID
from .. import storage
from ..declared import events
from ..ledger.alpha import mint_alpha_in, mint_alpha_out, recycle_subnet_alpha
from ..ledger.block_emission import get_block_emission_for_issuance
from ..ledger.prices import get_alpha_issuance, get_moving_alpha_price
from ..ledger.share_pool import increase_total_stake
from ..ledger.subnet_accounts import get_subnet_account_id
from ..ledger.subnet_emissions import get_subnet_block_emissions, get_subnets_to_emit_to, record_protocol_inflow
from ..ledger.tao import get_subnet_tao, recycle_credit, spend_tao
from ..ledger.trading import swap_tao_for_alpha
from ..lifecycle.succession import change_subnet_owner_if_needed
from ..staking.stake_weights import get_tao_weight
from ..subnets.networks import get_all_subnet_netuids, get_float_subnet_owner_cut
from ..subnets.tempo import is_epoch_input_state_consistent, should_run_epoch

NO_TERMS = SubnetTerms(0, 0, 0)


def _add(ctx: Context, item: StorageMap[int, int, int], netuid: int, amount: int) -> None:
    item.put(ctx, netuid, saturating_add_u64(item.get(ctx, netuid), amount))


def subnets_without_root(ctx: Context) -> list[int]:
    """All subnets in the chain's order, root left out."""
    return [netuid for netuid in get_all_subnet_netuids(ctx) if netuid != ROOT_NETUID]


def root_proportion(ctx: Context, netuid: int) -> int:
    """The part of a subnet's dividends that stake on root earns, U96F32."""
    return rules.root_proportion(get_subnet_tao(ctx, ROOT_NETUID), get_tao_weight(ctx), get_alpha_issuance(ctx, netuid))


def get_network_root_sell_flag(ctx: Context, subnets_to_emit_to: list[int]) -> bool:
    """Whether root gets dividends: only while the moving prices of all subnets add up to more than one TAO."""
    return sum(get_moving_alpha_price(ctx, netuid) for netuid in subnets_to_emit_to) > U64F64.one


# --- emission ------------------------------------------------------------------------------------------------------


def emit(ctx: Context, credit: int) -> None:
    """Give a block's TAO, minted as `credit` rao, to the subnets that emit, and create their alpha.

    What root dividends were sold for in the last block is forgotten before.
    """
    storage.SubnetRootSellTao.clear(ctx)
    subnets_to_emit_to = get_subnets_to_emit_to(ctx, subnets_without_root(ctx))
    subnet_emissions = get_subnet_block_emissions(ctx, subnets_to_emit_to, credit)
    root_sell_flag = get_network_root_sell_flag(ctx, subnets_to_emit_to)
    emit_to_subnets(ctx, subnets_to_emit_to, subnet_emissions, credit, root_sell_flag)


def emit_to_subnets(
    ctx: Context, subnets_to_emit_to: list[int], subnet_emissions: dict[int, int], credit: int, root_sell_flag: bool
) -> None:
    """Fill the pools, then create the alpha that is not for pools. `subnet_emissions` are U96F32 rao of TAO."""
    alpha_out = {
        netuid: get_block_emission_for_issuance(ctx, get_alpha_issuance(ctx, netuid)) for netuid in subnet_emissions
    }
    terms = {netuid: get_subnet_terms(ctx, netuid, tao, alpha_out[netuid]) for netuid, tao in subnet_emissions.items()}
    inject_and_maybe_swap(ctx, subnets_to_emit_to, terms, credit)
    owner_cut = get_float_subnet_owner_cut(ctx)
    for netuid in subnets_to_emit_to:
        cut = owner_cut if storage.OwnerCutEnabled.get(ctx, netuid) else 0
        emit_alpha_out(ctx, netuid, alpha_out.get(netuid, 0), cut, root_sell_flag)


def get_subnet_terms(ctx: Context, netuid: int, tao_emission: int, alpha_emission: int) -> SubnetTerms:
    """What goes into a pool, and how much TAO buys; `tao_emission` is U96F32 rao, `alpha_emission` rao."""
    price = U96F32.convert(swap.current_price(ctx, netuid), U64F64)
    return rules.subnet_terms(tao_emission, alpha_emission, price, root_proportion(ctx, netuid))


def inject_and_maybe_swap(
    ctx: Context, subnets_to_emit_to: list[int], terms: dict[int, SubnetTerms], credit: int
) -> None:
    """Buy alpha with each subnet's excess TAO, then put TAO and alpha into its pool; the rest of the credit is taken
    back.

    The pool's weights are moved for what is put in before the purchase, which may change the price after.
    """
    for netuid in subnets_to_emit_to:
        account = get_subnet_account_id(ctx, netuid)
        if account is not None:
            part = terms.get(netuid, NO_TERMS)
            tao_in, alpha_in = swap.adjust_protocol_liquidity(
                ctx, netuid, U96F32.to_int(part.tao_in, 64), U96F32.to_int(part.alpha_in, 64)
            )
            storage.SubnetExcessTao.put(ctx, netuid, 0)
            storage.SubnetTaoInEmission.put(ctx, netuid, 0)
            credit = buy_alpha(ctx, netuid, account, U96F32.to_int(part.excess_tao, 64), credit)
            storage.SubnetAlphaInEmission.put(ctx, netuid, alpha_in)
            mint_alpha_in(ctx, netuid, alpha_in)
            credit = inject_tao(ctx, netuid, account, tao_in, credit)
    recycle_credit(ctx, credit)


def buy_alpha(ctx: Context, netuid: int, account: bytes, tao: int, credit: int) -> int:
    """The chain itself buys alpha with `tao` rao of the credit and keeps it; gives what is left of the credit."""
    rest = spend_tao(ctx, account, credit, tao) if tao else None
    if rest is None:
        return credit
    try:
        bought = swap_tao_for_alpha(ctx, netuid, tao, swap.MAX_PRICE, drop_fees=True)
    except DispatchFailed:
        return rest  # the TAO stays with the subnet's account, outside of its pool
    _add(ctx, storage.SubnetProtocolAlpha, netuid, bought.amount_paid_out)
    storage.SubnetExcessTao.put(ctx, netuid, bought.amount_paid_in)
    record_protocol_inflow(ctx, netuid, bought.amount_paid_in)
    return rest


def inject_tao(ctx: Context, netuid: int, account: bytes, tao: int, credit: int) -> int:
    """Put `tao` rao of the credit into a subnet's pool; gives what is left of the credit."""
    rest = spend_tao(ctx, account, credit, tao) if tao else None
    if rest is None:
        return credit
    storage.SubnetTaoInEmission.put(ctx, netuid, tao)
    _add(ctx, storage.SubnetTAO, netuid, tao)
    increase_total_stake(ctx, tao)
    record_protocol_inflow(ctx, netuid, tao)
    return rest


def emit_alpha_out(ctx: Context, netuid: int, alpha: int, owner_cut: int, root_sell_flag: bool) -> None:
    """Create `alpha` rao for owner, miners, validators and root, which wait for the next epoch.

    `owner_cut` is the U96F32 part of the owner. While root gets no dividends, its part is recycled.
    """
    storage.SubnetAlphaOutEmission.put(ctx, netuid, alpha)
    mint_alpha_out(ctx, netuid, alpha)
    split = rules.split_alpha(alpha, owner_cut, root_proportion(ctx, netuid))
    if storage.OwnerCutEnabled.get(ctx, netuid):
        _add(ctx, storage.PendingOwnerCut, netuid, split.owner)
    _add(ctx, storage.PendingServerEmission, netuid, split.servers)
    _add(ctx, storage.PendingValidatorEmission, netuid, split.validators)
    if root_sell_flag:
        _add(ctx, storage.PendingRootAlphaDivs, netuid, split.root)
    else:
        recycle_subnet_alpha(ctx, netuid, split.root)


# --- whose turn it is ----------------------------------------------------------------------------------------------


class Pending(NamedTuple):
    """Alpha that waited for an epoch, in rao."""

    server: int
    validator: int
    root: int
    owner_cut: int


def drain_pending(ctx: Context, subnets: list[int], current_block: int) -> dict[int, Pending]:
    """Find the epochs of this block, by netuid, and take out what has waited for them.

    Epochs that find the block full are asked for in the next one. Those of inconsistent subnets are skipped: their
    turn is over, and what waits goes on waiting.
    """
    limit, drained = storage.MaxEpochsPerBlock.get(ctx), dict[int, Pending]()
    for netuid in subnets:
        _add(ctx, storage.BlocksSinceLastStep, netuid, 1)
        if not should_run_epoch(ctx, netuid, current_block):
            continue
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
        _add(ctx, storage.SubnetEpochIndex, netuid, 1)
    return dict(sorted(drained.items()))


def take_pending(ctx: Context, netuid: int) -> Pending:
    """What waits on a subnet, which begins anew."""
    items = (
        storage.PendingServerEmission,
        storage.PendingValidatorEmission,
        storage.PendingRootAlphaDivs,
        storage.PendingOwnerCut,
    )
    waiting = Pending(*(item.get(ctx, netuid) for item in items))
    for item in items:
        item.put(ctx, netuid, 0)
    return waiting
