"""SwapRuntimeApi: prices of alpha, and simulated trades."""

from __future__ import annotations

from ...consensus.fixed import U64F64
from ...consensus.integers import saturating_sub
from ...consensus.reserves import Side, Trade
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
    """A simulated trade: the amount of each coin paid in or out, the fee on top of the amount paid in, and the
    slippage: the difference to the amount that would be paid out at the price before the trade."""

    tao_amount: TaoBalance = 0
    alpha_amount: AlphaBalance = 0
    tao_fee: TaoBalance = 0
    alpha_fee: AlphaBalance = 0
    tao_slippage: TaoBalance = 0
    alpha_slippage: AlphaBalance = 0


api = RuntimeApi("SwapRuntimeApi", 1, docs="Reads prices of alpha and simulates trades.")


@api.method
def current_alpha_price(ctx: Context, netuid: NetUid) -> u64:
    """Return the price of a subnet's alpha, in rao for one alpha."""
    return U64F64.to_int(U64F64.saturating_mul(current_price(ctx, netuid), U64F64.from_int(RAO)), 64)


@api.method
def current_alpha_price_all(ctx: Context) -> list[SubnetPrice]:
    """Return the prices of the alpha of all subnets, in the order of storage keys."""
    return [SubnetPrice(netuid, current_alpha_price(ctx, netuid)) for netuid in storage.NetworksAdded.keys(ctx)]


@api.method
def sim_swap_tao_for_alpha(ctx: Context, netuid: NetUid, tao: TaoBalance) -> SimSwapResult:
    """Simulate buying alpha for `tao` rao, fee included; all values are zero when the trade fails."""
    trade = _simulate(ctx, netuid, Side.BUY, tao)
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
    """Simulate selling `alpha`, fee included; all values are zero when the trade fails."""
    trade = _simulate(ctx, netuid, Side.SELL, alpha)
    if trade is None:
        return SimSwapResult()
    at_price = U64F64.to_int(U64F64.saturating_mul(U64F64.from_int(alpha), current_price(ctx, netuid)), 64)
    return SimSwapResult(
        tao_amount=trade.amount_paid_out,
        alpha_amount=trade.amount_paid_in,
        alpha_fee=trade.fee_paid,
        tao_slippage=saturating_sub(at_price, trade.amount_paid_out),
    )


def _simulate(ctx: Context, netuid: int, side: Side, amount: int) -> Trade | None:
    """Return the result of a trade, None when it fails."""
    try:
        return sim_swap(ctx, netuid, side, amount)
    except DispatchFailed:
        return None
