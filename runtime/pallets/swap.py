"""Swap (index 28): the pools in which TAO and the alpha of subnets are traded.

`consensus.reserves` has the rules; this pallet applies them to storage. A pool's reserves belong to SubtensorModule
(`SubnetTAO`, `SubnetAlphaIn`), its weights and its fee to this pallet. A swap computes the result of a trade and leaves
the reserves unchanged; SubtensorModule moves them, and the balances of the accounts. Only dynamic subnets (mechanism 1)
have a pool; on the others alpha is exchanged for TAO one for one.

Calls 1 to 5 remain from former pools of the Uniswap V3 type, to which users could add liquidity; they always fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from ...consensus import reserves as rules
from ...consensus.fixed import U64F64
from ...consensus.internal import InternalError
from ...consensus.reserves import Reserves, Side, Trade, TradeRefused
from ..frame.context import Context
from ..frame.errors import DispatchFailed, PalletError, ensure
from ..frame.hashers import Identity, Twox64Concat
from ..frame.pallet import Pallet
from ..frame.weight import Weight, weight_of
from ..scale import AccountId, MaxLen, Perquintill, Struct, Sum, codec_of, i32, i64, newtype, u16, u64, u128
from .shared.types import AlphaBalance, NetUid, PalletId
from .subtensor import storage

CRATE = "pallet_subtensor_swap::pallet"
TickIndex = Annotated[int, newtype(codec_of(i32), f"{CRATE}::TickIndex")]
PositionId = Annotated[int, newtype(codec_of(u128), f"{CRATE}::PositionId")]
NonZeroU64 = Annotated[int, newtype(codec_of(u64), "NonZeroU64", type_name=None)]
MigrationKey = Annotated[bytes, MaxLen(128)]

#: `SubnetMechanism` of a subnet without and with a pool.
STABLE, DYNAMIC = 0, 1
#: Rao in one TAO. Prices in calls and runtime APIs are in rao for one alpha.
RAO = 10**9
#: The price limits of trades without a limit, in rao for one alpha.
MIN_PRICE, MAX_PRICE = 1_000, 10**15
#: The limit of a purchase without a limit, U64F64.
NO_LIMIT = (MAX_PRICE << 64) // RAO


class Balancer(Struct, path=f"{CRATE}::balancer::Balancer"):
    """The weight of TAO in a pool, in parts of 10^18. The weight of alpha is the rest."""

    quote: Perquintill = rules.HALF


class Event(Sum, params=[("T", None)]):
    pass


class FeeRateSet(Event, index=0):
    """The fee rate of a subnet was set, in parts of 65535 of each trade."""

    netuid: NetUid
    rate: u16


class Error(PalletError):
    FeeRateTooHigh = 0, "The fee rate is above the maximum."
    InsufficientInputAmount = 1, "Insufficient input amount: it is too small to be traded."
    InsufficientLiquidity = 2, "Insufficient liquidity: the pool holds less than the trade would pay out."
    PriceLimitExceeded = 3, "The price limit is exceeded already, before the trade."
    InsufficientBalance = 4, "Insufficient balance."
    InvalidTickRange = 5, "Invalid tick range."
    InvalidLiquidityValue = 6, "Invalid liquidity value, probably too small."
    ReservesTooLow = 7, "The reserves of the pool are too low."
    MechanismDoesNotExist = 8, "The mechanism does not exist: there is no such subnet."
    SubtokenDisabled = 9, "The subtoken is disabled: the subnet's alpha cannot be traded yet."
    ReservesOutOfBalance = 10, "The reserves of the pool are too far out of balance."
    SwapInputTooLarge = 11, "The swap input is too large: above 1,000 times the pool's reserve."
    Deprecated = 12, "The call is deprecated."


pallet = Pallet("Swap", 28, crate=CRATE, imported_as="pallet_subtensor_swap", event=Event, error=Error)

ProtocolId = pallet.constant(PalletId, b"ten/swap", docs="The id from which the account of the pallet is derived.")
MaxFeeRate = pallet.constant(u16, 10_000, docs="The highest fee rate, in parts of 65535: 15.26 %.")
MinimumLiquidity = pallet.constant(u64, 1_000, docs="The smallest liquidity for which rounding is negligible.")
MinimumReserve = pallet.constant(
    NonZeroU64, 1_000_000, docs="The reserve of a coin below which a pool pays out none of it."
)

FeeRate = pallet.map(Twox64Concat, NetUid, u16, default=33, docs="The fee of trades on a subnet, in parts of 65535.")
SwapBalancer = pallet.map(Twox64Concat, NetUid, Balancer, default=Balancer(), docs="The weights of a subnet's pool.")
PalSwapInitialized = pallet.map(
    Twox64Concat, NetUid, bool, default=False, docs="Whether a subnet's pool has been set up."
)
HasMigrationRun = pallet.map(
    Identity, MigrationKey, bool, default=False, docs="Whether a migration of this pallet has run, by its name."
)
ScrapReservoirAlpha = pallet.map(
    Twox64Concat,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha that remains from fees of the former pools.",
)

pallet.name_declared(globals())

# --- pools and prices ----------------------------------------------------------------------------------------


def is_dynamic(ctx: Context, netuid: int) -> bool:
    """Return whether a subnet has a pool."""
    return storage.SubnetMechanism.get(ctx, netuid) == DYNAMIC


def read_reserves(ctx: Context, netuid: int) -> Reserves:
    """Return the reserves of a subnet's pool and the weight of TAO in it."""
    return Reserves(
        storage.SubnetTAO.get(ctx, netuid), storage.SubnetAlphaIn.get(ctx, netuid), SwapBalancer.get(ctx, netuid).quote
    )


def current_price(ctx: Context, netuid: int) -> int:
    """Return the price of one alpha in TAO (U64F64): 0 for a pool without alpha, 1 where there is no pool."""
    return rules.price(read_reserves(ctx, netuid)) if is_dynamic(ctx, netuid) else U64F64.one


def current_prices(ctx: Context, netuids: Sequence[int]) -> list[int]:
    """`current_price` of each of these subnets."""
    return [
        rules.price(Reserves(tao, alpha, balancer.quote)) if mechanism == DYNAMIC else U64F64.one
        for mechanism, tao, alpha, balancer in zip(
            storage.SubnetMechanism.column(ctx, netuids),
            storage.SubnetTAO.column(ctx, netuids),
            storage.SubnetAlphaIn.column(ctx, netuids),
            SwapBalancer.column(ctx, netuids),
            strict=True,
        )
    ]


def alpha_for_tao(ctx: Context, netuid: int, tao: int) -> int:
    """Return the alpha that is worth `tao` rao at the current price, without slippage, rounded down."""
    if not is_dynamic(ctx, netuid):
        return tao
    return U64F64.to_int(U64F64.safe_div(U64F64.from_int(tao), current_price(ctx, netuid)), 64)


def approx_fee_amount(ctx: Context, netuid: int, amount: int) -> int:
    """Return the fee contained in an amount that is traded in full, in the coin of the amount."""
    return rules.fee_of(amount, FeeRate.get(ctx, netuid)) if is_dynamic(ctx, netuid) else 0


# --- trades --------------------------------------------------------------------------------------------------


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
    """Return the result of trading `amount` (fee included), without moving reserves. The first trade sets up the pool.

    `price_limit` is in rao for one alpha, the highest price for a buyer or the lowest for a seller. A trade that would
    cross it is made in part. Fails with SwapInputTooLarge, ReservesTooLow or PriceLimitExceeded.
    """
    if not is_dynamic(ctx, netuid):
        raise InternalError(f"subnet {netuid} has no pool to trade with")
    reserves, is_new = read_reserves(ctx, netuid), not PalSwapInitialized.get(ctx, netuid)
    if is_new:
        reserves = Reserves(reserves.tao, reserves.alpha)
    limit = (price_limit << 64) // RAO
    fee_rate = 0 if drop_fees else FeeRate.get(ctx, netuid)
    try:
        trade = rules.trade(reserves, side, amount, limit, fee_rate, MinimumReserve.get(ctx))
    except TradeRefused as refused:
        raise DispatchFailed(Error[refused.reason.name]) from refused
    if is_new and not simulate:
        SwapBalancer.put(ctx, netuid, Balancer(reserves.tao_weight))
        PalSwapInitialized.put(ctx, netuid, True)
    return trade


def sim_swap(ctx: Context, netuid: int, side: Side, amount: int) -> Trade:
    """Return the result that a trade without a limit would have, without writing. Subnets without a pool trade 1:1."""
    if not is_dynamic(ctx, netuid):
        paid = amount if storage.NetworksAdded.get(ctx, netuid) else 0
        return Trade(paid, paid, 0, 0)
    return swap(ctx, netuid, side, amount, MAX_PRICE if side is Side.BUY else MIN_PRICE, simulate=True)


# --- liquidity of the protocol -------------------------------------------------------------------------------


def clear_protocol_liquidity(ctx: Context, netuid: int) -> None:
    """Set the reserves of a dissolved subnet's pool to zero, and remove its weights and fee."""
    for reserve in (storage.SubnetTAO, storage.SubnetAlphaIn):
        if reserve.get(ctx, netuid):
            reserve.put(ctx, netuid, 0)
    PalSwapInitialized.remove(ctx, netuid)
    FeeRate.remove(ctx, netuid)
    SwapBalancer.remove(ctx, netuid)


# --- calls ---------------------------------------------------------------------------------------------------


@pallet.call(0, weight=weight_of(15_063_000, 3994, reads=1, writes=1))
def set_fee_rate(ctx: Context, netuid: NetUid, rate: u16) -> None:
    """Set the fee of trades on a subnet, in parts of 65535. Only root may.

    Fails with MechanismDoesNotExist, or with FeeRateTooHigh above `MaxFeeRate`.
    """
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
    """Deprecated: users cannot provide liquidity."""
    raise DispatchFailed(Error.Deprecated)


@pallet.call(5, weight=DEPRECATED)
def disable_lp(ctx: Context) -> None:
    """Deprecated: users cannot provide liquidity."""
    raise DispatchFailed(Error.Deprecated)
