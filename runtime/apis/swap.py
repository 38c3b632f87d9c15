"""SwapRuntimeApi: prices of alpha, and what a trade would come to."""

from __future__ import annotations

from ...consensus.fixed import U64F64
from ...consensus.integers import saturating_sub
from ...consensus.pool import Side, Trade
from ..frame.context import Context
from ..frame.errors import DispatchFailed
from ..frame.runtime_api import RuntimeApi
from ..pallets.shared.types import AlphaBalance, NetUid, TaoBalance
from ..pallets.subtensor import storage
from ..pallets.swap import RAO, current_price, sim_swap
from ..scale import Struct, u64

CRATE = "pallet_subtensor_swap_runtime_api"


class SubnetPrice(Struct, path=f"{CRATE}::SubnetPrice"):
    """The price of a subnet's alpha, in rao for one alpha."""

    netuid: NetUid
    price: u64


class SimSwapResult(Struct, path=f"{CRATE}::SimSwapResult"):
    """A trade: what of each coin is paid in or out, the fee on top of what is paid in, and how much less is paid out
    than at the price before the trade."""

    tao_amount: TaoBalance = 0
    alpha_amount: AlphaBalance = 0
    tao_fee: TaoBalance = 0
    alpha_fee: AlphaBalance = 0
    tao_slippage: TaoBalance = 0
    alpha_slippage: AlphaBalance = 0


api = RuntimeApi("SwapRuntimeApi", 1, docs="Prices of alpha, and trades tried out.")


@api.method
def current_alpha_price(ctx: Context, netuid: NetUid) -> u64:
    """The price of a subnet's alpha, in rao for one alpha."""
    return U64F64.to_int(U64F64.saturating_mul(current_price(ctx, netuid), U64F64.from_int(RAO)), 64)


@api.method
def current_alpha_price_all(ctx: Context) -> list[SubnetPrice]:
    """The prices of all subnets' alpha, in the order of storage."""
    return [SubnetPrice(netuid, current_alpha_price(ctx, netuid)) for netuid in storage.NetworksAdded.keys(ctx)]


@api.method
def sim_swap_tao_for_alpha(ctx: Context, netuid: NetUid, tao: TaoBalance) -> SimSwapResult:
    """What buying alpha for so much TAO, the fee included, would come to; all zero where it would fail."""
    trade = _tried(ctx, netuid, Side.BUY, tao)
    if trade is None:
        return SimSwapResult()
    at_price = U64F64.to_int(U64F64.safe_div(U64F64.from_int(tao), current_price(ctx, netuid)), 64)
    return SimSwapResult(
        tao_amount=trade.amount_paid_in,
        alpha_amount=trade.amount_paid_out,
        tao_fee=trade.fee_paid,
        alpha_slippage=saturating_sub(at_price, trade.amount_paid_out),
    )


@api.method
def sim_swap_alpha_for_tao(ctx: Context, netuid: NetUid, alpha: AlphaBalance) -> SimSwapResult:
    """What selling so much alpha, the fee included, would come to; all zero where it would fail."""
    trade = _tried(ctx, netuid, Side.SELL, alpha)
    if trade is None:
        return SimSwapResult()
    at_price = U64F64.to_int(U64F64.saturating_mul(U64F64.from_int(alpha), current_price(ctx, netuid)), 64)
    return SimSwapResult(
        tao_amount=trade.amount_paid_out,
        alpha_amount=trade.amount_paid_in,
        alpha_fee=trade.fee_paid,
        tao_slippage=saturating_sub(at_price, trade.amount_paid_out),
    )


def _tried(ctx: Context, netuid: int, side: Side, amount: int) -> Trade | None:
    try:
        return sim_swap(ctx, netuid, side, amount)
    except DispatchFailed:
        return None
