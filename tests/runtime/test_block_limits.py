"""What fits into a block: lengths and weights by class, at their bounds.

The bounds are the real chain's `System.BlockWeights` and `System.BlockLength`; the rules are those of frame_system's
CheckWeight.
"""

from __future__ import annotations

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.extensions.system import charge_block, check_room, reclaim
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.extrinsic import Extrinsic, ExtrinsicCodec
from pysubtensor.runtime.frame.validity import ExhaustsResources, Refused
from pysubtensor.runtime.frame.weight import (
    ZERO,
    DispatchClass,
    DispatchInfo,
    Pays,
    PostInfo,
    Weight,
    WeightPerClass,
)
from pysubtensor.runtime.pallets.system import remark

from tests.world import empty_context

NORMAL, OPERATIONAL, MANDATORY = DispatchClass
#: The weight of an extrinsic of nothing, in picoseconds; blocks have four seconds, normal extrinsics three of them.
BASE, SECOND = 108_157_000, 10**12


@pytest.fixture
def ctx() -> Context:
    return empty_context(spec_425(), 1)


@pytest.fixture
def extrinsic(ctx: Context) -> Extrinsic:
    return spec_425().decode(ExtrinsicCodec.bare(remark.call(b"")))


def info(class_: DispatchClass, call: int = 0, extensions: int = 0) -> DispatchInfo:
    return DispatchInfo(Weight(call), Weight(extensions), class_, Pays.Yes)


def refused(ctx: Context, extrinsic: Extrinsic, cost: DispatchInfo) -> bool:
    """Return whether an extrinsic is refused; that changes nothing."""
    before = (ctx.block.weight, ctx.block.length)
    try:
        check_room(ctx, extrinsic, cost)
        charge_block(ctx, extrinsic, cost)
    except Refused as refusal:
        return refusal.reason == ExhaustsResources() and (ctx.block.weight, ctx.block.length) == before
    return False


@pytest.mark.parametrize(("class_", "limit"), [(NORMAL, 7_864_320), (OPERATIONAL, 10_485_760), (MANDATORY, 10_485_760)])
def test_lengths_add_up_to_the_limit_of_their_class(
    ctx: Context, extrinsic: Extrinsic, class_: DispatchClass, limit: int
) -> None:
    ctx.block.length = limit - len(extrinsic.raw) + 1
    assert refused(ctx, extrinsic, info(class_))
    ctx.block.length -= 1
    assert not refused(ctx, extrinsic, info(class_))
    assert ctx.block.length == limit


@pytest.mark.parametrize(
    ("class_", "most"), [(NORMAL, 2_599_891_843_000), (OPERATIONAL, 3_599_891_843_000), (MANDATORY, None)]
)
def test_an_extrinsic_is_not_too_heavy_for_any_block(
    ctx: Context, extrinsic: Extrinsic, class_: DispatchClass, most: int | None
) -> None:
    """Call and extensions count together."""
    if most is None:
        assert not refused(ctx, extrinsic, info(class_, 9 * SECOND))
    else:
        assert refused(ctx, extrinsic, info(class_, most - 4, 5))
        assert not refused(ctx, extrinsic, info(class_, most - 4, 4))


@pytest.mark.parametrize(("class_", "most"), [(NORMAL, 3 * SECOND), (OPERATIONAL, 4 * SECOND)])
def test_weights_add_up_to_the_limit_of_their_class(
    ctx: Context, extrinsic: Extrinsic, class_: DispatchClass, most: int
) -> None:
    assert not refused(ctx, extrinsic, info(class_, SECOND))
    rest = most - SECOND - 2 * BASE
    assert refused(ctx, extrinsic, info(class_, rest - SECOND // 2, SECOND // 2 + 1))
    assert not refused(ctx, extrinsic, info(class_, rest - SECOND // 2, SECOND // 2))
    assert ctx.block.weight.total().ref_time == most
    assert ctx.block.weight.total().proof_size == 2 * len(extrinsic.raw)


def test_in_a_full_block_only_operational_extrinsics_have_a_reserve(ctx: Context, extrinsic: Extrinsic) -> None:
    """That of a quarter of the block; inherents are always included."""
    ctx.block.weight = WeightPerClass(ZERO, ZERO, Weight(4 * SECOND - BASE - 7))
    assert refused(ctx, extrinsic, info(NORMAL, 8))
    assert not refused(ctx, extrinsic, info(NORMAL, 7))
    assert refused(ctx, extrinsic, info(NORMAL))
    assert refused(ctx, extrinsic, info(OPERATIONAL, SECOND - BASE + 1))
    assert not refused(ctx, extrinsic, info(OPERATIONAL, SECOND - BASE))
    assert refused(ctx, extrinsic, info(OPERATIONAL))
    assert not refused(ctx, extrinsic, info(MANDATORY, SECOND))


@pytest.mark.parametrize("class_", [NORMAL, OPERATIONAL, MANDATORY])
def test_each_class_is_charged_and_gets_back_by_itself(
    ctx: Context, extrinsic: Extrinsic, class_: DispatchClass
) -> None:
    ctx.block.weight = WeightPerClass(Weight(1, 1), Weight(2, 2), Weight(3, 3))
    cost = DispatchInfo(Weight(500, 60), Weight(40, 5), class_, Pays.Yes)
    assert not refused(ctx, extrinsic, cost)
    charged = Weight(BASE + 540, 65 + len(extrinsic.raw))
    reclaim(ctx, cost, PostInfo())
    assert ctx.block.weight == added(class_, charged)
    reclaim(ctx, cost, PostInfo(Weight(540, 65)))
    assert ctx.block.weight == added(class_, charged)
    reclaim(ctx, cost, PostInfo(Weight(300, 65)))
    assert ctx.block.weight == added(class_, charged - Weight(240))
    reclaim(ctx, cost, PostInfo(Weight(540, 20)))
    assert ctx.block.weight == added(class_, charged - Weight(240, 45))


def added(class_: DispatchClass, more: Weight) -> WeightPerClass:
    """Return the weights 1, 2 and 3 of the classes, with more for one of them."""
    parts = [
        Weight(number, number) + (more if each is class_ else ZERO) for number, each in enumerate(DispatchClass, 1)
    ]
    return WeightPerClass(*parts)
