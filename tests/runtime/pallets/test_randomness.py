"""RandomnessCollectiveFlip: a ring of the last 81 parent hashes."""

from __future__ import annotations

from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.pallets.randomness import RandomMaterial, keep_parent_hash


def at(ctx: Context, number: int) -> Context:
    """Return block `number`, whose parent hash is derived from its number."""
    return Context(ctx.runtime, ctx.state, BlockEnvironment(number, number.to_bytes(32, "big")))


def test_the_first_81_hashes_are_kept_in_order_and_then_the_oldest_is_replaced(ctx: Context) -> None:
    for number in range(1, 82):
        assert keep_parent_hash(at(ctx, number)) == Weight(125_000_000)
    assert [int.from_bytes(hash_, "big") for hash_ in RandomMaterial.get(ctx)] == list(range(1, 82))
    for number in (82, 83):
        keep_parent_hash(at(ctx, number))
    assert [int.from_bytes(hash_, "big") for hash_ in RandomMaterial.get(ctx)] == [82, 83, *range(3, 82)]
