"""Swap (index 28): the pools in which TAO and the alpha of subnets are traded.

The rules are `consensus.pool`; here they meet storage: a pool's reserves are SubtensorModule's (`SubnetTAO`,
`SubnetAlphaIn`), its weights and its fee are this pallet's. A swap finds out what a trade comes to and does not move
the reserves: SubtensorModule does, which also knows whose coins they are. Only dynamic subnets (mechanism 1) have a
pool; on the others alpha is TAO, one for one.

Calls 1 to 5 are left from pools of the Uniswap kind, to which users could add liquidity; they always fail.
"""

from __future__ import annotations

from typing import Annotated

from ...consensus import pool as rules
from ...consensus.fixed import U64F64
from ...consensus.pool import Pool, Side, Trade, TradeRefused
from ..frame.context import Context
from ..frame.errors import DispatchFailed, PalletError, ensure
from ..frame.hashers import Identity, Twox64Concat
from ..frame.pallet import Pallet
from ..frame.weight import Weight, weight_of
from ..scale import AccountId, MaxLen, Perquintill, Struct, Sum, codec_of, i32, i64, newtype, u16, u64, u128
from .shared.types import AlphaBalance, NetUid
from .subtensor import storage
from .subtensor.declared.types import PalletId

CRATE = "pallet_subtensor_swap::pallet"
TickIndex = Annotated[int, newtype(codec_of(i32), f"{CRATE}::TickIndex")]
PositionId = Annotated[int, newtype(codec_of(u128), f"{CRATE}::PositionId")]
NonZeroU64 = Annotated[int, newtype(codec_of(u64), "NonZeroU64", type_name=None)]
MigrationKey = Annotated[bytes, MaxLen(128)]

#: `SubnetMechanism` of a subnet without and with a pool.
STABLE, DYNAMIC = 0, 1
#: Rao in one TAO: prices that users and clients name are rao for one alpha.
RAO = 10**9
#: The limits of trades without a limit, in rao for one alpha.
MIN_PRICE, MAX_PRICE = 1_000, 10**15


class Balancer(Struct, path=f"{CRATE}::balancer::Balancer"):
    """The weight of TAO in a pool, in parts of 10^18; that of alpha is the rest."""

    quote: Perquintill = rules.HALF


class Event(Sum, params=[("T", None)]):
    pass


class FeeRateSet(Event, index=0):
    """A subnet's fee is now this part of 65535 of each trade."""

    netuid: NetUid
    rate: u16


class Error(PalletError):
    FeeRateTooHigh = 0, "The fee rate is above the maximum."
    InsufficientInputAmount = 1, "The amount is too small to be traded."
    InsufficientLiquidity = 2, "The pool holds less than the trade would pay out."
    PriceLimitExceeded = 3, "The price is already beyond the limit."
    InsufficientBalance = 4, "The balance is too low."
    InvalidTickRange = 5, "The range of prices is not valid."
    InvalidLiquidityValue = 6, "The liquidity is not valid, probably too small."
    ReservesTooLow = 7, "The pool has too little in reserve."
    MechanismDoesNotExist = 8, "There is no such subnet."
    SubtokenDisabled = 9, "The subnet's alpha is not traded yet."
    ReservesOutOfBalance = 10, "The pool's reserves are too far out of balance."
    SwapInputTooLarge = 11, "The amount is above a thousand times the pool's reserve."
    Deprecated = 12, "The call exists no longer."


pallet = Pallet("Swap", 28, crate=CRATE, imported_as="pallet_subtensor_swap", event=Event, error=Error)

ProtocolId = pallet.constant(PalletId, b"ten/swap", docs="Of this, the account of the pallet is made.")
MaxFeeRate = pallet.constant(u16, 10_000, docs="The highest fee rate, in parts of 65535: 15.26 %.")
MinimumLiquidity = pallet.constant(u64, 1_000, docs="Liquidity that is enough for roundings not to matter.")
MinimumReserve = pallet.constant(NonZeroU64, 1_000_000, docs="What a pool must hold of a coin to pay out any of it.")

FeeRate = pallet.map(Twox64Concat, NetUid, u16, default=33, docs="Fee of each trade on a subnet, in parts of 65535.")
SwapBalancer = pallet.map(Twox64Concat, NetUid, Balancer, default=Balancer(), docs="Weights of a subnet's pool.")
PalSwapInitialized = pallet.map(
    Twox64Concat, NetUid, bool, default=False, docs="Whether a subnet's pool has been set up."
)
HasMigrationRun = pallet.map(Identity, MigrationKey, bool, default=False, docs="Migrations that have run.")
ScrapReservoirAlpha = pallet.map(
    Twox64Concat,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha left over from fees of the former pools.",
)

pallet.name_declared(globals())

# What a pool is worth


def is_dynamic(ctx: Context, netuid: int) -> bool:
    """Whether a subnet has a pool."""
    return storage.SubnetMechanism.get(ctx, netuid) == DYNAMIC


def pool_of(ctx: Context, netuid: int) -> Pool:
    """A subnet's pool as it stands."""
    return Pool(
        storage.SubnetTAO.get(ctx, netuid), storage.SubnetAlphaIn.get(ctx, netuid), SwapBalancer.get(ctx, netuid).quote
    )


def current_price(ctx: Context, netuid: int) -> int:
    """TAO for one alpha, U64F64: zero for a pool without alpha, one where there is no pool."""
    return rules.price(pool_of(ctx, netuid)) if is_dynamic(ctx, netuid) else U64F64.one


def alpha_for_tao(ctx: Context, netuid: int, tao: int) -> int:
    """Alpha worth `tao` rao at the current price, what its sale would do to the price left aside; rounded down."""
    if not is_dynamic(ctx, netuid):
        return tao
    return U64F64.to_int(U64F64.safe_div(U64F64.from_int(tao), current_price(ctx, netuid)), 64)


def approx_fee_amount(ctx: Context, netuid: int, amount: int) -> int:
    """The fee within an amount that is traded in full, in the coin of the amount."""
    return rules.fee_of(amount, FeeRate.get(ctx, netuid)) if is_dynamic(ctx, netuid) else 0


# Trades


def swap(
    ctx: Context,
    netuid: int,
    side: Side,
    amount: int,
    price_limit: int,
    *,
    drop_fees: bool = False,
    simulate: bool = False,
) -> Trade:
    """What trading `amount` (its fee included) comes to; the first real trade sets the pool up. Reserves stay.

    `price_limit` is in rao for one alpha: the most that a buyer pays, the least that a seller takes. A trade that
    would cross it is made in part. DispatchFailed with SwapInputTooLarge, ReservesTooLow or PriceLimitExceeded.
    """
    assert is_dynamic(ctx, netuid), f"subnet {netuid} has no pool to trade with"
    pool, is_new = pool_of(ctx, netuid), not PalSwapInitialized.get(ctx, netuid)
    if is_new:
        pool = Pool(pool.tao, pool.alpha)
    limit = (price_limit << 64) // RAO
    fee_rate = 0 if drop_fees else FeeRate.get(ctx, netuid)
    try:
        trade = rules.trade(pool, side, amount, limit, fee_rate, MinimumReserve.get(ctx))
    except TradeRefused as refused:
        raise DispatchFailed(Error[refused.reason.name]) from refused
    if is_new and not simulate:
        _set_up(ctx, netuid, pool.tao_weight)
    return trade


def sim_swap(ctx: Context, netuid: int, side: Side, amount: int) -> Trade:
    """What a trade without a limit would come to, changing nothing. Subnets without a pool trade one for one."""
    if not is_dynamic(ctx, netuid):
        paid = amount if storage.NetworksAdded.get(ctx, netuid) else 0
        return Trade(paid, paid, 0, 0)
    return swap(ctx, netuid, side, amount, MAX_PRICE if side is Side.BUY else MIN_PRICE, simulate=True)


# What the chain does with pools


def init_swap(ctx: Context, netuid: int, price: int | None = None) -> None:
    """Set up a pool with weights of one half, or with those that give its reserves this price (U64F64).

    Nothing happens to a pool that was set up before, nor where no allowed weights give the price.
    """
    if PalSwapInitialized.get(ctx, netuid):
        return
    pool = pool_of(ctx, netuid)
    weight = rules.HALF if price is None else rules.weight_at_price(pool.tao, pool.alpha, price)
    if weight is not None:
        _set_up(ctx, netuid, weight)


def _set_up(ctx: Context, netuid: int, tao_weight: int) -> None:
    SwapBalancer.put(ctx, netuid, Balancer(tao_weight))
    PalSwapInitialized.put(ctx, netuid, True)


def adjust_protocol_liquidity(ctx: Context, netuid: int, tao: int, alpha: int) -> tuple[int, int]:
    """Move a pool's weights for amounts that are about to be added to its reserves, so that its price stays.

    Gives what may be added: these amounts, or nothing of either where no allowed weights keep the price.
    """
    pool = rules.injected(pool_of(ctx, netuid), tao, alpha)
    if pool is None:
        return 0, 0
    SwapBalancer.put(ctx, netuid, Balancer(pool.tao_weight))
    return tao, alpha


def clear_protocol_liquidity(ctx: Context, netuid: int) -> None:
    """Empty the pool of a subnet that is dissolved, and forget its weights and fee."""
    for reserve in (storage.SubnetTAO, storage.SubnetAlphaIn):
        if reserve.get(ctx, netuid):
            reserve.put(ctx, netuid, 0)
    PalSwapInitialized.remove(ctx, netuid)
    FeeRate.remove(ctx, netuid)
    SwapBalancer.remove(ctx, netuid)


# Calls


@pallet.call(0, weight=weight_of(15_063_000, 3994, reads=1, writes=1))
def set_fee_rate(ctx: Context, netuid: NetUid, rate: u16) -> None:
    """Set the fee of trades on a subnet, in parts of 65535; only root may."""
    ctx.ensure_root()
    ensure(storage.NetworksAdded.get(ctx, netuid), Error.MechanismDoesNotExist)
    ensure(rate <= MaxFeeRate.get(ctx), Error.FeeRateTooHigh)
    FeeRate.put(ctx, netuid, rate)
    ctx.deposit(FeeRateSet(netuid, rate))


DEPRECATED = Weight(15_000_000)


@pallet.call(1, weight=DEPRECATED)
def add_liquidity(
    ctx: Context, hotkey: AccountId, netuid: NetUid, tick_low: TickIndex, tick_high: TickIndex, liquidity: u64
) -> None:
    """Deprecated: users cannot add liquidity."""
    raise DispatchFailed(Error.Deprecated)


@pallet.call(2, weight=DEPRECATED)
def remove_liquidity(ctx: Context, hotkey: AccountId, netuid: NetUid, position_id: PositionId) -> None:
    """Deprecated: users have no liquidity to remove."""
    raise DispatchFailed(Error.Deprecated)


@pallet.call(3, weight=DEPRECATED)
def modify_position(
    ctx: Context, hotkey: AccountId, netuid: NetUid, position_id: PositionId, liquidity_delta: i64
) -> None:
    """Deprecated: users have no positions to modify."""
    raise DispatchFailed(Error.Deprecated)


@pallet.call(4, weight=DEPRECATED)
def toggle_user_liquidity(ctx: Context, netuid: NetUid, enable: bool) -> None:
    """Deprecated: liquidity of users is switched off for good."""
    raise DispatchFailed(Error.Deprecated)


@pallet.call(5, weight=DEPRECATED)
def disable_lp(ctx: Context) -> None:
    """Deprecated: liquidity of users is switched off for good."""
    raise DispatchFailed(Error.Deprecated)
