"""BaseFee (index 25): the price of gas, in wei, which follows how full the blocks are.

After a block that used half of the block's reference time the price stays. After an empty or a full one it changes by
`Elasticity`, and between them in proportion. It falls no lower than half of its default.
"""

from __future__ import annotations

from ..frame.context import Context
from ..frame.pallet import Pallet
from ..frame.weight import Weight, weight_of
from ..scale import U256, Permill, Sum
from ..version import BLOCK_WEIGHTS

GWEI = 10**9
U256_MAX = 2**256 - 1
#: The whole of a Permill.
ONE = 1_000_000
#: The share of a block's reference time at which the price stays, in parts of a million.
IDEAL = 500_000
DEFAULT_BASE_FEE = 20 * GWEI
LOWEST_BASE_FEE = DEFAULT_BASE_FEE * IDEAL // ONE


class Event(Sum):
    pass


class NewBaseFeePerGas(Event, index=0):
    """Root has set the price of gas."""

    fee: U256


class BaseFeeOverflow(Event, index=1):
    """The price of gas is too high to be computed with, and stays."""


class NewElasticity(Event, index=2):
    """Root has set by how much the price of gas changes at most."""

    elasticity: Permill


pallet = Pallet("BaseFee", 25, crate="pallet_base_fee", event=Event)

BaseFeePerGas = pallet.value(U256, default=DEFAULT_BASE_FEE, docs="The price of a unit of gas in this block, in wei.")
Elasticity = pallet.value(
    Permill, default=125_000, docs="By how much the price changes after an empty or a full block, in parts of 10^6."
)

pallet.name_declared(globals())


@pallet.call(0, weight=weight_of(10_000, writes=1))
def set_base_fee_per_gas(ctx: Context, fee: U256) -> None:
    """Set the price of gas, in wei. Only root may. One below the lowest lasts until a block is not half full."""
    ctx.ensure_root()
    BaseFeePerGas.put(ctx, fee)
    ctx.deposit(NewBaseFeePerGas(fee))


@pallet.call(1, weight=weight_of(10_000, writes=1))
def set_elasticity(ctx: Context, elasticity: Permill) -> None:
    """Set by how much the price changes at most from block to block, in parts of 10^6; 0 fixes it. Only root may."""
    ctx.ensure_root()
    Elasticity.put(ctx, elasticity)
    ctx.deposit(NewElasticity(elasticity))


@pallet.on_initialize
def account_for_finalize(ctx: Context) -> Weight:
    """Return the weight of `follow_usage`."""
    return weight_of(0, reads=2, writes=1)


@pallet.on_finalize
def follow_usage(ctx: Context) -> None:
    """Set the price for the next block by the reference time that this block used."""
    elasticity = Elasticity.get(ctx)
    if not elasticity:
        return
    fee = BaseFeePerGas.get(ctx)
    usage = usage_of(ctx.block.weight.total().ref_time)
    # Permill rounds down after each step: twice the distance from the ideal, then the share of the elasticity.
    change = elasticity * (2 * abs(usage - IDEAL)) // ONE
    if usage == IDEAL:
        return
    if fee * change > U256_MAX:
        ctx.deposit(BaseFeeOverflow())
    elif usage > IDEAL:
        BaseFeePerGas.put(ctx, min(fee + fee * change // ONE, U256_MAX))
    else:
        BaseFeePerGas.put(ctx, max(fee - fee * change // ONE, LOWEST_BASE_FEE))


def usage_of(ref_time: int) -> int:
    """Return the share of a block that a reference time is, in parts of 10^6, as `Permill::from_rational` rounds it."""
    whole = BLOCK_WEIGHTS.max_block.ref_time
    factor = max(-(-whole // ONE), 1)
    return min((ref_time // factor) * ONE // (whole // factor), ONE)
