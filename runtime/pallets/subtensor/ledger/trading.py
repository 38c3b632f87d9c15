"""The way to the pools: a trade's outcome is found by the pallet Swap and booked here, in reserves and in counts.

Reserves are in rao of TAO and billionths of alpha. Whose coins they are is the business of who calls. On root and on
subnets without a pool, alpha is TAO, one for one and without a fee.
"""

from __future__ import annotations

from .....consensus.integers import saturate_u64, saturate_u128
from .....consensus.pool import Side, Trade
from ....frame.context import Context
from ....frame.storage import StorageMap
from ...swap import is_dynamic, swap
from .. import storage
from .share_pool import decrease_total_stake, increase_total_stake

Amounts = StorageMap[int, int, int]


def swap_tao_for_alpha(ctx: Context, netuid: int, tao: int, price_limit: int, *, drop_fees: bool = False) -> Trade:
    """Buy alpha for up to `tao` rao, fee included, while its price is at most `price_limit` rao.

    The alpha is outstanding now and nobody's yet; the TAO must be in the subnet's account. Errors of `swap`.
    """
    trade = _trade(ctx, netuid, Side.BUY, tao, price_limit, drop_fees)
    if trade.amount_paid_out:
        _add(ctx, storage.SubnetAlphaIn, netuid, -trade.amount_paid_out)
    _add(ctx, storage.SubnetAlphaOut, netuid, trade.amount_paid_out)
    _add(ctx, storage.SubnetTAO, netuid, trade.amount_paid_in)
    increase_total_stake(ctx, tao)
    _count_volume(ctx, netuid, tao)
    return trade


def swap_alpha_for_tao(ctx: Context, netuid: int, alpha: int, price_limit: int, *, drop_fees: bool = False) -> Trade:
    """Sell up to `alpha`, fee included, while its price is at least `price_limit` rao.

    The TAO is no longer the pool's, but still in the subnet's account. Errors of `swap`.
    """
    trade = _trade(ctx, netuid, Side.SELL, alpha, price_limit, drop_fees)
    _add(ctx, storage.SubnetAlphaIn, netuid, trade.amount_paid_in)
    _add(ctx, storage.SubnetAlphaOut, netuid, -trade.amount_paid_in)
    if trade.amount_paid_out:
        _add(ctx, storage.SubnetTAO, netuid, -trade.amount_paid_out)
    decrease_total_stake(ctx, trade.amount_paid_out)
    _count_volume(ctx, netuid, trade.amount_paid_out)
    return trade


def _trade(ctx: Context, netuid: int, side: Side, amount: int, price_limit: int, drop_fees: bool) -> Trade:
    if not is_dynamic(ctx, netuid):
        return Trade(amount, amount, 0, 0)
    return swap(ctx, netuid, side, amount, price_limit, drop_fees=drop_fees)


def _add(ctx: Context, item: Amounts, netuid: int, amount: int) -> None:
    item.put(ctx, netuid, saturate_u64(max(item.get(ctx, netuid) + amount, 0)))


def _count_volume(ctx: Context, netuid: int, tao: int) -> None:
    storage.SubnetVolume.put(ctx, netuid, saturate_u128(storage.SubnetVolume.get(ctx, netuid) + tao))
