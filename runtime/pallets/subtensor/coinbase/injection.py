"""Put a block's new TAO into the pools: the chain buys alpha with a part, and adds the rest together with new alpha.

The pools of all subnets are read at once, changed as numbers, and written at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .....consensus import reserves as rules
from .....consensus.emission import SubnetTerms
from .....consensus.integers import I64_MAX, I64_MIN, saturate_u64, saturate_u128, saturating_add_u64, saturating_sub
from .....consensus.internal import InternalError
from .....consensus.reserves import Reserves, Side
from ....frame.context import Context
from ....frame.storage import StorageMap
from ... import alpha_assets, swap
from .. import storage
from ..ledger.share_pool import increase_total_stake
from ..ledger.subnet_accounts import get_subnet_account_id
from ..ledger.tao import recycle_credit, spend_tao

NO_TERMS = SubnetTerms(0, 0, 0)
Value = TypeVar("Value")


@dataclass(slots=True)
class PoolInBlock:
    """A subnet's pool and its changes in the block so far. Amounts are in rao; `weight` is that of TAO."""

    netuid: int
    dynamic: bool
    is_new: bool
    tao: int
    alpha: int
    weight: int
    moved: bool = False
    #: TAO paid into the subnet's account that counts as staked: for bought alpha, or added together with new alpha.
    staked: int = 0
    alpha_in: int = 0
    tao_in: int = 0
    #: TAO paid for alpha, and the alpha, which the chain keeps; None where nothing was bought.
    paid: int = 0
    bought: int | None = None
    volume: int = 0

    def add_alpha(self, alpha: int) -> None:
        """Add new alpha."""
        self.alpha_in, self.alpha = alpha, saturating_add_u64(self.alpha, alpha)

    def add_tao(self, tao: int) -> None:
        """Add TAO."""
        self.tao_in, self.tao = tao, saturating_add_u64(self.tao, tao)
        self.staked += tao

    def take_alpha(self, tao: int, trade: rules.Trade) -> None:
        """Record what was bought with `tao` rao; reserves change as in `ledger.trading`."""
        self.paid, self.bought, self.volume = trade.amount_paid_in, trade.amount_paid_out, tao
        self.alpha = saturating_sub(self.alpha, min(trade.amount_paid_out, -I64_MIN))
        self.tao = saturating_add_u64(self.tao, min(trade.amount_paid_in, I64_MAX))
        self.staked += tao
        if self.dynamic and self.is_new:
            self.weight, self.moved = rules.HALF, True


def inject_and_maybe_swap(
    ctx: Context, subnets_to_emit_to: list[int], terms: dict[int, SubnetTerms], credit: int
) -> None:
    """Buy alpha with each subnet's excess TAO, add TAO and alpha to its pool, and recycle the rest of the credit.

    The pool's weights are adjusted to the added amounts before the purchase, which may change the price.
    """
    pools = read_pools(ctx, subnets_to_emit_to)
    for pool in pools:
        account = get_subnet_account_id(ctx, pool.netuid)
        if account is None:
            raise InternalError(f"expected subnet {pool.netuid} to exist")
        part = terms.get(pool.netuid, NO_TERMS)
        tao, alpha = move_weights(pool, saturate_u64(part.tao_in >> 32), saturate_u64(part.alpha_in >> 32))
        credit = buy_alpha(ctx, pool, account, saturate_u64(part.excess_tao >> 32), credit)
        pool.add_alpha(alpha)
        credit = inject_tao(ctx, pool, account, tao, credit)
    write_pools(ctx, pools)
    recycle_credit(ctx, credit)


def read_pools(ctx: Context, subnets: list[int]) -> list[PoolInBlock]:
    """Return the pools of these subnets."""
    return [
        PoolInBlock(netuid, mechanism == swap.DYNAMIC, not set_up, tao, alpha, balancer.quote)
        for netuid, mechanism, set_up, tao, alpha, balancer in zip(
            subnets,
            storage.SubnetMechanism.column(ctx, subnets),
            swap.PalSwapInitialized.column(ctx, subnets),
            storage.SubnetTAO.column(ctx, subnets),
            storage.SubnetAlphaIn.column(ctx, subnets),
            swap.SwapBalancer.column(ctx, subnets),
            strict=True,
        )
    ]


def move_weights(pool: PoolInBlock, tao: int, alpha: int) -> tuple[int, int]:
    """Adjust a pool's weights so that these amounts will not change its price; return the amounts.

    Both amounts are zero where no allowed weights keep the price.
    """
    moved = rules.inject_liquidity(Reserves(pool.tao, pool.alpha, pool.weight), tao, alpha)
    if moved is None:
        return 0, 0
    pool.weight, pool.moved = moved.tao_weight, True
    return tao, alpha


def buy_alpha(ctx: Context, pool: PoolInBlock, account: bytes, tao: int, credit: int) -> int:
    """Buy alpha for the chain with `tao` rao of the credit; return the rest of the credit.

    When the pool refuses the trade, the TAO stays in the subnet's account, outside of its pool.
    """
    rest = spend_tao(ctx, account, credit, tao) if tao else None
    if rest is None:
        return credit
    if not pool.dynamic:
        pool.take_alpha(tao, rules.Trade(tao, tao, 0, 0))
        return rest
    reserves = Reserves(pool.tao, pool.alpha, rules.HALF if pool.is_new else pool.weight)
    try:
        trade = rules.trade(reserves, Side.BUY, tao, swap.NO_LIMIT, 0, swap.MinimumReserve.get(ctx))
    except rules.TradeRefused:
        return rest
    pool.take_alpha(tao, trade)
    return rest


def inject_tao(ctx: Context, pool: PoolInBlock, account: bytes, tao: int, credit: int) -> int:
    """Add `tao` rao of the credit to a subnet's pool; return the rest of the credit."""
    rest = spend_tao(ctx, account, credit, tao) if tao else None
    if rest is None:
        return credit
    pool.add_tao(tao)
    return rest


# --- writing -----------------------------------------------------------------------------------------------------


def write_pools(ctx: Context, pools: list[PoolInBlock]) -> None:
    """Write the pools, the amounts added to them, and the totals that depend on these."""
    subnets = [pool.netuid for pool in pools]
    storage.SubnetExcessTao.put_column(ctx, subnets, [pool.paid for pool in pools])
    storage.SubnetTaoInEmission.put_column(ctx, subnets, [pool.tao_in for pool in pools])
    storage.SubnetAlphaInEmission.put_column(ctx, subnets, [pool.alpha_in for pool in pools])
    _put(ctx, swap.SwapBalancer, [pool for pool in pools if pool.moved], lambda pool: swap.Balancer(pool.weight))
    minted = [pool for pool in pools if pool.alpha_in]
    alpha_assets.mint_column(ctx, [pool.netuid for pool in minted], [pool.alpha_in for pool in minted])
    _put(ctx, storage.SubnetAlphaIn, [pool for pool in pools if pool.alpha_in or pool.bought], lambda pool: pool.alpha)
    _write_purchases(ctx, [pool for pool in pools if pool.bought is not None])
    paid = [pool for pool in pools if pool.tao_in or pool.bought is not None]
    _put(ctx, storage.SubnetTAO, paid, lambda pool: pool.tao)
    flows = storage.SubnetProtocolFlow.column(ctx, [pool.netuid for pool in paid])
    storage.SubnetProtocolFlow.put_column(
        ctx,
        [pool.netuid for pool in paid],
        [min(flow + pool.paid + pool.tao_in, I64_MAX) for flow, pool in zip(flows, paid, strict=True)],
    )
    if paid:
        increase_total_stake(ctx, sum(pool.staked for pool in paid))


def _write_purchases(ctx: Context, pools: list[PoolInBlock]) -> None:
    """Write for pools that sold alpha: outstanding alpha, alpha of the chain, and volume."""
    subnets, bought = [pool.netuid for pool in pools], [pool.bought or 0 for pool in pools]
    add_column(ctx, storage.SubnetAlphaOut, subnets, bought)
    add_column(ctx, storage.SubnetProtocolAlpha, subnets, bought)
    volumes = zip(storage.SubnetVolume.column(ctx, subnets), pools, strict=True)
    storage.SubnetVolume.put_column(ctx, subnets, [saturate_u128(volume + pool.volume) for volume, pool in volumes])
    new = [pool.netuid for pool in pools if pool.dynamic and pool.is_new]
    swap.PalSwapInitialized.put_column(ctx, new, [True] * len(new))


def _put(
    ctx: Context, item: StorageMap[int, Value, Value], pools: list[PoolInBlock], value: Callable[[PoolInBlock], Value]
) -> None:
    item.put_column(ctx, [pool.netuid for pool in pools], [value(pool) for pool in pools])


def add_column(ctx: Context, item: StorageMap[int, int, int], subnets: Sequence[int], amounts: Iterable[int]) -> None:
    """Add an amount to the value of each subnet, saturating at u64."""
    values = zip(item.column(ctx, subnets), amounts, strict=True)
    item.put_column(ctx, subnets, [saturating_add_u64(value, amount) for value, amount in values])
