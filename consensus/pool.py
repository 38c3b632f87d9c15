"""The pool of a subnet: where TAO buys alpha and alpha buys TAO, and what sets alpha's price.

A pool holds y rao of TAO and x of alpha, and two weights, w1 for alpha and w2 for TAO, that sum to one. It is a
Balancer pool: trades keep x^w1 · y^w2 as it is. From that follow

    price of alpha               p  = (w1 / w2) · (y / x)                            `price`
    alpha for dy rao of TAO      dx = x · (1 - (y / (y + dy))^(w2 / w1))             `Pool.paid_out`, BUY
    TAO for dx of alpha          dy = y · (1 - (x / (x + dx))^(w1 / w2))             `Pool.paid_out`, SELL
    TAO that lifts p to p'       dy = y · ((p' / p)^w1 - 1)                          `Pool.paid_in_until`, BUY
    alpha that sinks p to p'     dx = x · ((p / p')^w2 - 1)                          `Pool.paid_in_until`, SELL

With weights of one half, which every pool begins with, this is the constant product x · y. The weights are there for
emission: each block the chain adds TAO and alpha in amounts of its own choosing, and moves the weights so that the
price stays (`injected`). Traders cannot add liquidity.

Amounts are u64, in rao and billionths of alpha; prices are U64F64 bits, TAO for one alpha; weights are parts of 10^18,
of which only TAO's is kept. Amounts are rounded down. Powers are cut off to 18 digits before, and since a trade is paid
what they leave over, that rounding is the trader's: up to 10^-18 of the reserve, less than one unit of it.

Model: `pallets/swap/src/pallet` of the chain: `balancer.rs` (formulas), `swap_step.rs` (a trade).
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from .fixed import U64F64
from .integers import U16_MAX, U64_MAX, saturate_u64, saturate_u128, saturating_add_u64, saturating_sub
from .power import SCALE, ratio_power

#: A weight of one, and what each weight is at least.
WHOLE = SCALE
HALF = WHOLE // 2
MIN_WEIGHT = WHOLE // 100

#: Precision of the chain's series, in bits: for the result of a trade, and for the trade that reaches a price.
TRADE_BITS, LIMIT_BITS = 256, 1024

#: No trade may pay in more than this many times the reserve: beyond it the series does not converge.
MAX_INPUT_PER_RESERVE = 1000

ONE = U64F64.one


class Side(enum.Enum):
    """What a trade does: pay TAO for alpha, or alpha for TAO."""

    BUY = "TAO for alpha"
    SELL = "alpha for TAO"


class Refusal(enum.Enum):
    """Why a pool refuses a trade; the names are the errors of the pallet Swap."""

    SwapInputTooLarge = "the trade pays in more than a thousand times the pool's reserve"
    ReservesTooLow = "the pool has too little to pay out"
    PriceLimitExceeded = "the price is not better than the limit"


class TradeRefused(Exception):
    """A pool does not make this trade."""

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(reason.value)


class Trade(NamedTuple):
    """What a trade comes to. Paid in is what reaches the reserve; the fee, in the same coin, comes on top of it.

    Where a price limit stops a trade early, amount_paid_in + fee_paid is less than what was offered.
    """

    amount_paid_in: int
    amount_paid_out: int
    fee_paid: int
    #: The part of the fee that the block's author gets: all of it, as soon as anything is traded.
    fee_to_block_author: int


class Pool(NamedTuple):
    """Reserves in rao of TAO and billionths of alpha, and the weight of TAO in parts of 10^18."""

    tao: int
    alpha: int
    tao_weight: int = HALF

    @property
    def alpha_weight(self) -> int:
        return WHOLE - self.tao_weight

    def paid_out(self, side: Side, paid_in: int) -> int:
        """What a trade of `paid_in` (the fee already taken off) pays out, rounded down."""
        if side is Side.BUY:
            return _share(self.alpha, ONE - _kept(self.tao, paid_in, self.tao_weight, self.alpha_weight))
        return _share(self.tao, ONE - _kept(self.alpha, paid_in, self.alpha_weight, self.tao_weight))

    def paid_in_until(self, side: Side, current: int, target: int) -> int:
        """How much a trade must pay in to move the price from `current` to `target`, rounded down.

        Nothing when the price would have to move the other way, or when a price is zero.
        """
        if side is Side.BUY:
            return _growth(self.tao, target, current, self.alpha_weight)
        return _growth(self.alpha, current, target, self.tao_weight)

    def after(self, side: Side, paid_in: int, paid_out: int) -> Pool:
        """The pool with a trade's amounts moved; reserves saturate."""
        if side is Side.BUY:
            return Pool(saturating_add_u64(self.tao, paid_in), saturating_sub(self.alpha, paid_out), self.tao_weight)
        return Pool(saturating_sub(self.tao, paid_out), saturating_add_u64(self.alpha, paid_in), self.tao_weight)


def price(pool: Pool) -> int:
    """(w1 / w2) · (y / x), each quotient cut off to 64 fraction bits; zero for a pool without alpha.

    Reserves are u64 and weights u64 as well, so that of all steps only the last one can leave 128 bits.
    """
    tao_weight = pool.tao_weight
    if not tao_weight or not pool.alpha:
        return 0
    weights = (saturating_sub(WHOLE, tao_weight) << 64) // tao_weight
    return saturate_u128(weights * ((pool.tao << 64) // pool.alpha) >> 64)


def _kept(reserve: int, paid_in: int, weight: int, other_weight: int) -> int:
    """(r / (r + d))^(w / w'), the part of the other reserve that a trade leaves there, as U64F64 of at most one."""
    total = saturating_add_u64(reserve, paid_in)
    power = ratio_power(reserve, total, weight, other_weight, TRADE_BITS) if total else 0
    return min(_as_fixed(power), ONE)


def _as_fixed(power: int) -> int:
    """A power in units of 10^-18 as U64F64; one that u64 cannot hold counts as zero."""
    return (power << 64) // SCALE if 0 <= power <= U64_MAX else 0


def _growth(reserve: int, above: int, below: int, weight: int) -> int:
    """r · ((above / below)^w - 1), at least zero; a power above 18.4 counts as 18.4, the largest u64 of its units."""
    if not below:
        return 0
    power = ratio_power(above, below, weight, WHOLE, LIMIT_BITS)
    growth = _as_fixed(saturate_u64(power)) - ONE
    return _share(reserve, max(growth, 0))


def _share(amount: int, part: int) -> int:
    """amount · part (U64F64) as a whole number of u64."""
    return saturate_u64(amount * part >> 64)


# Trades


def fee_of(amount: int, fee_rate: int) -> int:
    """The fee within an amount: fee_rate / 65535 of it, the rate cut off to 64 bits, the fee rounded down."""
    return _share(amount, (fee_rate << 64) // U16_MAX)


def fee_on(paid_in: int, fee_rate: int) -> int:
    """The fee on top of an amount paid in: fee_rate / (65535 - fee_rate) of it, so that it is the same part of the
    sum of both."""
    rest = U16_MAX - fee_rate
    return _share(paid_in, (fee_rate << 64) // rest) if rest else 0


def trade(pool: Pool, side: Side, amount: int, limit: int, fee_rate: int, min_reserve: int) -> Trade:
    """Trade `amount`, the fee included, but no further than to the price `limit` (U64F64). Raises TradeRefused.

    The fee comes off first. If the whole rest moves the price beyond the limit, the amount that reaches the limit
    is traded instead and the fee is reckoned on that.
    """
    fee = fee_of(amount, fee_rate)
    rest = amount - fee
    reserve_in, reserve_out = (pool.tao, pool.alpha) if side is Side.BUY else (pool.alpha, pool.tao)
    _ensure(rest <= reserve_in * MAX_INPUT_PER_RESERVE, Refusal.SwapInputTooLarge)
    _ensure(reserve_out >= min_reserve, Refusal.ReservesTooLow)
    current = price(pool)
    _ensure(current < limit if side is Side.BUY else current > limit, Refusal.PriceLimitExceeded)

    paid_in, paid_out = rest, pool.paid_out(side, rest)
    reached = price(pool.after(side, paid_in, paid_out))
    if reached > limit if side is Side.BUY else reached < limit:
        paid_in = pool.paid_in_until(side, current, limit)
        paid_out = pool.paid_out(side, paid_in)
        fee = fee_on(paid_in, fee_rate)
    _ensure(paid_out > 0 or paid_in == 0, Refusal.ReservesTooLow)
    return Trade(paid_in, paid_out, fee, fee if paid_in else 0)


def _ensure(condition: bool, reason: Refusal) -> None:
    if not condition:
        raise TradeRefused(reason)


# Liquidity that the chain adds


def injected(pool: Pool, tao: int, alpha: int) -> Pool | None:
    """The pool with amounts added and weights moved so that the price stays; None where no allowed weight does that.

    The price stays when w1 · y · (x + dx) and w2 · x · (y + dy) keep their ratio as the new weights. Both are rounded
    to whole numbers of u128 before the ratio is taken. Where both are zero, as in an empty pool, there is no price to
    keep, and weights start over at one half.
    """
    new_tao, new_alpha = pool.tao + tao, pool.alpha + alpha
    alpha_part = _weighted(pool.alpha_weight, pool.tao * new_alpha)
    tao_part = _weighted(pool.tao_weight, pool.alpha * new_tao)
    total = saturate_u128(alpha_part + tao_part)
    tao_weight = ratio_of_whole(tao_part, total) if total else HALF
    if not is_weight(tao_weight):
        return None
    return Pool(saturate_u64(new_tao), saturate_u64(new_alpha), tao_weight)


def _weighted(weight: int, value: int) -> int:
    """weight / 10^18 of a u128, rounded to the nearest whole number, halves up."""
    return (saturate_u128(value) * weight + HALF) // WHOLE


def ratio_of_whole(part: int, total: int) -> int:
    """part / total in parts of 10^18, rounded down, at most one; one where total is zero (sp_arithmetic's
    `from_rational`)."""
    return part * WHOLE // total if part <= total and total else WHOLE


def is_weight(tao_weight: int) -> bool:
    """Whether neither weight is below one hundredth."""
    return MIN_WEIGHT <= tao_weight <= WHOLE - MIN_WEIGHT


def weight_at_price(tao: int, alpha: int, alpha_price: int) -> int | None:
    """TAO's weight with which these reserves have this price (U64F64): w2 = y / (p·x + y).

    None for empty reserves, and where a weight would be below one hundredth.
    """
    whole, fraction = alpha_price >> 64, alpha_price & U64_MAX
    total = whole * alpha + (alpha * fraction >> 64) + tao
    if total == 0:
        return None
    weight = ratio_of_whole(tao, saturate_u128(total))
    return weight if is_weight(weight) else None
