"""Trades with the pool of a subnet: the pallet Swap computes the outcome, this file books it in reserves and counts.

Reserves are in rao of TAO and in billionths of alpha. The caller moves the coins of the trader. On root and on
subnets without a pool, alpha is exchanged for TAO one to one, without a fee.

Changes of a reserve are signed 64-bit numbers: what exceeds them is not booked, as on the chain.
"""

from __future__ import annotations

from .....consensus.integers import I64_MAX, I64_MIN, saturate_u64, saturate_u128
from .....consensus.reserves import Side, Trade
from ....frame.context import Context
from ....frame.storage import StorageMap
from ...swap import is_dynamic, swap
from .. import storage
from .share_pool import decrease_total_stake, increase_total_stake

Amounts = StorageMap[int, int, int]


def swap_tao_for_alpha(ctx: Context, netuid: int, tao: int, price_limit: int, *, drop_fees: bool = False) -> Trade:
    """Buy alpha for up to `tao` rao, fee included, while its price is at most `price_limit` rao.

    The alpha counts as outstanding, and the caller assigns it; the TAO must be in the account of the subnet. Fails
    as `swap` does.
    """
    trade = _trade(ctx, netuid, Side.BUY, tao, price_limit, drop_fees)
    if trade.amount_paid_out:
        _add(ctx, storage.SubnetAlphaIn, netuid, -min(trade.amount_paid_out, -I64_MIN))
    _add(ctx, storage.SubnetAlphaOut, netuid, trade.amount_paid_out)
    _add(ctx, storage.SubnetTAO, netuid, min(trade.amount_paid_in, I64_MAX))
    increase_total_stake(ctx, tao)
    _count_volume(ctx, netuid, tao)
    return trade


def swap_alpha_for_tao(ctx: Context, netuid: int, alpha: int, price_limit: int, *, drop_fees: bool = False) -> Trade:
    """Sell up to `alpha`, fee included, while its price is at least `price_limit` rao.

    The TAO leaves the pool but stays in the account of the subnet. Fails as `swap` does.
    """
    trade = _trade(ctx, netuid, Side.SELL, alpha, price_limit, drop_fees)
    paid_in = min(trade.amount_paid_in, I64_MAX)
    _add(ctx, storage.SubnetAlphaIn, netuid, paid_in)
    _add(ctx, storage.SubnetAlphaOut, netuid, -paid_in)
    if trade.amount_paid_out:
        _add(ctx, storage.SubnetTAO, netuid, -min(trade.amount_paid_out, -I64_MIN))
    decrease_total_stake(ctx, trade.amount_paid_out)
    _count_volume(ctx, netuid, trade.amount_paid_out)
    return trade


def _trade(ctx: Context, netuid: int, side: Side, amount: int, price_limit: int, drop_fees: bool) -> Trade:
    """Return the outcome of a trade with a pool, or of a one to one exchange where there is none."""
    if not is_dynamic(ctx, netuid):
        return Trade(amount, amount, 0, 0)
    return swap(ctx, netuid, side, amount, price_limit, drop_fees=drop_fees)


def _add(ctx: Context, item: Amounts, netuid: int, amount: int) -> None:
    item.put(ctx, netuid, saturate_u64(max(item.get(ctx, netuid) + amount, 0)))


def _count_volume(ctx: Context, netuid: int, tao: int) -> None:
    """Add `tao` rao to the volume traded on the subnet."""
    storage.SubnetVolume.put(ctx, netuid, saturate_u128(storage.SubnetVolume.get(ctx, netuid) + tao))
