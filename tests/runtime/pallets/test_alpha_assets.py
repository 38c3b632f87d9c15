"""AlphaAssets: the effects of minting, burning and recycling on the counters."""

from __future__ import annotations

from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.alpha_assets import (
    AlphaBurned,
    AlphaRecycled,
    TotalAlphaIssuance,
    burn_alpha,
    mint_alpha,
    recycle_alpha,
)

SUBNET, OTHER = 3, 4


def counters(ctx: Context) -> tuple[int, int, int]:
    """Return issued, burned and recycled alpha."""
    return TotalAlphaIssuance.get(ctx, SUBNET), AlphaBurned.get(ctx, SUBNET), AlphaRecycled.get(ctx, SUBNET)


def test_minting_adds_to_the_issuance_of_one_subnet(ctx: Context) -> None:
    mint_alpha(ctx, SUBNET, 75)
    mint_alpha(ctx, SUBNET, 5)
    assert counters(ctx) == (80, 0, 0)
    assert TotalAlphaIssuance.get(ctx, OTHER) == 0


def test_burned_alpha_stays_issued(ctx: Context) -> None:
    mint_alpha(ctx, SUBNET, 100)
    burn_alpha(ctx, SUBNET, 40)
    assert counters(ctx) == (100, 40, 0)


def test_recycled_alpha_lowers_the_issuance_to_zero_at_least(ctx: Context) -> None:
    mint_alpha(ctx, SUBNET, 90)
    recycle_alpha(ctx, SUBNET, 30)
    assert counters(ctx) == (60, 0, 30)
    recycle_alpha(ctx, SUBNET, 100)
    assert counters(ctx) == (0, 0, 130)


def test_counters_stop_at_the_largest_u64(ctx: Context) -> None:
    for _ in range(2):
        mint_alpha(ctx, SUBNET, 2**64 - 1)
        burn_alpha(ctx, SUBNET, 2**64 - 1)
    assert counters(ctx) == (2**64 - 1, 2**64 - 1, 0)


def test_amounts_of_zero_write_nothing(ctx: Context) -> None:
    before = ctx.state.changes()
    mint_alpha(ctx, SUBNET, 0)
    burn_alpha(ctx, SUBNET, 0)
    recycle_alpha(ctx, SUBNET, 0)
    assert ctx.state.changes() == before
