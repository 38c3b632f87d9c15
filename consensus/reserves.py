"""The reserves of a subnet's liquidity pool: the price of alpha, and trades between TAO and alpha.

A pool holds y rao of TAO and x of alpha, and two weights, w1 for alpha and w2 for TAO, that sum to one. It is a
Balancer pool: trades keep x^w1 · y^w2 constant. From that follow

    price of alpha               p  = (w1 / w2) · (y / x)                            `price`
    alpha for dy rao of TAO      dx = x · (1 - (y / (y + dy))^(w2 / w1))             `Reserves.paid_out`, BUY
    TAO for dx of alpha          dy = y · (1 - (x / (x + dx))^(w1 / w2))             `Reserves.paid_out`, SELL
    TAO that raises p to p'      dy = y · ((p' / p)^w1 - 1)                          `Reserves.paid_in_until`, BUY
    alpha that lowers p to p'    dx = x · ((p / p')^w2 - 1)                          `Reserves.paid_in_until`, SELL

With weights of one half, the initial weights of every pool, this is the constant product x · y. Weights change with
emission: each block the chain adds TAO and alpha in amounts that do not follow the price, and changes the weights so
that the price stays constant (`inject_liquidity`). Traders cannot add liquidity.

Amounts are u64, in rao and billionths of alpha; prices are U64F64 bits, TAO for one alpha; weights are parts of 10^18,
of which only TAO's is stored. Amounts are rounded down. Powers are floored to 18 digits before, which favours the
trader, who receives the complement: by up to 10^-18 of the reserve, less than one unit of it.

Model: `pallets/swap/src/pallet` of the chain: `balancer.rs` (formulas), `swap_step.rs` (a trade).
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from .fixed import U64F64
from .integers import U16_MAX, U64_MAX, saturate_u64, saturate_u128, saturating_add_u64, saturating_sub
from .power import SCALE, ratio_power

#: A weight of one and of one half, and the least weight.
WHOLE = SCALE
HALF = WHOLE // 2
MIN_WEIGHT = WHOLE // 100

#: Precision of the chain's series, in bits: for the output of a trade, and for the input that reaches a price.
TRADE_BITS, LIMIT_BITS = 256, 1024

#: The input of a trade, in multiples of the reserve, is at most this: beyond it the series does not converge.
MAX_INPUT_PER_RESERVE = 1000

ONE = U64F64.one


class Side(enum.Enum):
    """The direction of a trade: TAO for alpha, or alpha for TAO."""

    BUY = "TAO for alpha"
    SELL = "alpha for TAO"


class Refusal(enum.Enum):
    """The reason why a trade is refused; the names are the errors of the pallet Swap."""

    SwapInputTooLarge = "the trade pays in more than a thousand times the pool's reserve"
    ReservesTooLow = "the pool's reserve is too low to pay out"
    PriceLimitExceeded = "the price is not better than the limit"


class TradeRefused(Exception):
    """The pool refuses a trade."""

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(reason.value)


class Trade(NamedTuple):
    """The amounts of a trade. The reserve receives `amount_paid_in`; the fee, in the same coin, is added to it.

    Where a price limit stops a trade early, amount_paid_in + fee_paid is less than the amount offered.
    """

    amount_paid_in: int
    amount_paid_out: int
    fee_paid: int
    #: The part of the fee that the block's author receives: all of it, or nothing if nothing is traded.
    fee_to_block_author: int


class Reserves(NamedTuple):
    """Reserves in rao of TAO and billionths of alpha, and the weight of TAO in parts of 10^18."""

    tao: int
    alpha: int
    tao_weight: int = HALF

    @property
    def alpha_weight(self) -> int:
        return WHOLE - self.tao_weight

    def paid_out(self, side: Side, paid_in: int) -> int:
        """Return the output of a trade of `paid_in` (without the fee), rounded down."""
        if side is Side.BUY:
            return _share(self.alpha, ONE - _kept(self.tao, paid_in, self.tao_weight, self.alpha_weight))
        return _share(self.tao, ONE - _kept(self.alpha, paid_in, self.alpha_weight, self.tao_weight))

    def paid_in_until(self, side: Side, current: int, target: int) -> int:
        """Return the input (without the fee) that moves the price from `current` to `target`, rounded down.

        It is 0 when the trade moves the price the other way, and when a price is zero.
        """
        if side is Side.BUY:
            return _growth(self.tao, target, current, self.alpha_weight)
        return _growth(self.alpha, current, target, self.tao_weight)

    def after(self, side: Side, paid_in: int, paid_out: int) -> Reserves:
        """Return the reserves after a trade of these amounts; they saturate."""
        if side is Side.BUY:
            return Reserves(
                saturating_add_u64(self.tao, paid_in), saturating_sub(self.alpha, paid_out), self.tao_weight
            )
        return Reserves(saturating_sub(self.tao, paid_out), saturating_add_u64(self.alpha, paid_in), self.tao_weight)


def price(reserves: Reserves) -> int:
    """Return (w1 / w2) · (y / x), each quotient floored to 64 fraction bits; zero for a pool without alpha.

    Reserves and weights are u64, so that only the last step can exceed 128 bits.
    """
    tao, alpha, tao_weight = reserves
    if not tao_weight or not alpha:
        return 0
    if tao_weight == HALF:
        return (tao << 64) // alpha
    weights = (saturating_sub(WHOLE, tao_weight) << 64) // tao_weight
    return saturate_u128(weights * ((tao << 64) // alpha) >> 64)


def _kept(reserve: int, paid_in: int, weight: int, other_weight: int) -> int:
    """Return (r / (r + d))^(w / w'), the part of the other reserve that remains after a trade, U64F64, at most one."""
    total = saturating_add_u64(reserve, paid_in)
    power = ratio_power(reserve, total, weight, other_weight, TRADE_BITS) if total else 0
    return min(_as_fixed(power), ONE)


def _as_fixed(power: int) -> int:
    """Return a power in units of 10^-18 as U64F64; 0 where it does not fit u64."""
    return (power << 64) // SCALE if 0 <= power <= U64_MAX else 0


def _growth(reserve: int, above: int, below: int, weight: int) -> int:
    """Return r · ((above / below)^w - 1), at least zero; the power is at most 18.4, the largest u64 of its units."""
    if not below:
        return 0
    power = ratio_power(above, below, weight, WHOLE, LIMIT_BITS)
    growth = _as_fixed(saturate_u64(power)) - ONE
    return _share(reserve, max(growth, 0))


def _share(amount: int, part: int) -> int:
    """Return amount · part (U64F64), floored, as a u64."""
    return saturate_u64(amount * part >> 64)


# Trades


def fee_of(amount: int, fee_rate: int) -> int:
    """Return the fee within an amount: fee_rate / 65535 of it, the rate floored to 64 bits, the fee rounded down."""
    return _share(amount, (fee_rate << 64) // U16_MAX)


def fee_on(paid_in: int, fee_rate: int) -> int:
    """Return the fee on top of an amount paid in: fee_rate / (65535 - fee_rate) of it, fee_rate / 65535 of the sum."""
    rest = U16_MAX - fee_rate
    return _share(paid_in, (fee_rate << 64) // rest) if rest else 0


def trade(reserves: Reserves, side: Side, amount: int, limit: int, fee_rate: int, min_reserve: int) -> Trade:
    """Return the trade of `amount`, the fee included, that moves the price at most to `limit` (U64F64).

    The fee is deducted first. If the rest moves the price beyond the limit, the amount that reaches the limit is
    traded instead, and the fee is computed from that. Raises TradeRefused with the reason.
    """
    fee = fee_of(amount, fee_rate)
    rest = amount - fee
    reserve_in, reserve_out = (reserves.tao, reserves.alpha) if side is Side.BUY else (reserves.alpha, reserves.tao)
    _ensure(rest <= reserve_in * MAX_INPUT_PER_RESERVE, Refusal.SwapInputTooLarge)
    _ensure(reserve_out >= min_reserve, Refusal.ReservesTooLow)
    current = price(reserves)
    _ensure(current < limit if side is Side.BUY else current > limit, Refusal.PriceLimitExceeded)

    paid_in, paid_out = rest, reserves.paid_out(side, rest)
    reached = price(reserves.after(side, paid_in, paid_out))
    if reached > limit if side is Side.BUY else reached < limit:
        paid_in = reserves.paid_in_until(side, current, limit)
        paid_out = reserves.paid_out(side, paid_in)
        fee = fee_on(paid_in, fee_rate)
    _ensure(paid_out > 0 or paid_in == 0, Refusal.ReservesTooLow)
    return Trade(paid_in, paid_out, fee, fee if paid_in else 0)


def _ensure(condition: bool, reason: Refusal) -> None:
    if not condition:
        raise TradeRefused(reason)


# Liquidity that emission adds


def inject_liquidity(reserves: Reserves, tao: int, alpha: int) -> Reserves | None:
    """Return the reserves with amounts added and weights that keep the price; None where no allowed weight keeps it.

    The price is constant when the new weights have the ratio of w1 · y · (x + dx) to w2 · x · (y + dy). Both are
    rounded to whole u128 before the ratio is taken. Where both are zero, as in an empty pool, there is no price to
    keep, and the weights are reset to one half.
    """
    if not (tao or alpha) and reserves.tao_weight == HALF:
        return reserves  # both products are equal, so their ratio is one half
    new_tao, new_alpha = reserves.tao + tao, reserves.alpha + alpha
    alpha_part = _weighted(reserves.alpha_weight, reserves.tao * new_alpha)
    tao_part = _weighted(reserves.tao_weight, reserves.alpha * new_tao)
    total = saturate_u128(alpha_part + tao_part)
    tao_weight = ratio_of_whole(tao_part, total) if total else HALF
    if not is_weight(tao_weight):
        return None
    return Reserves(saturate_u64(new_tao), saturate_u64(new_alpha), tao_weight)


def _weighted(weight: int, value: int) -> int:
    """Return weight / 10^18 of a u128, rounded to the nearest whole number, halves up."""
    return (saturate_u128(value) * weight + HALF) // WHOLE


def ratio_of_whole(part: int, total: int) -> int:
    """Return part / total in parts of 10^18, rounded down, at most 10^18, which is also the ratio to zero.

    As `from_rational` of sp_arithmetic.
    """
    return part * WHOLE // total if part <= total and total else WHOLE


def is_weight(tao_weight: int) -> bool:
    """Return whether neither weight is below one hundredth."""
    return MIN_WEIGHT <= tao_weight <= WHOLE - MIN_WEIGHT
