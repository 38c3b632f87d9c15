"""RandomnessCollectiveFlip (index 1): the hashes of the last 81 blocks, from which pallets may draw (weak) chance."""

from __future__ import annotations

from typing import Annotated

from ..frame.context import Context
from ..frame.pallet import Pallet
from ..frame.weight import Weight, weight_of
from ..scale import H256, MaxLen

#: How many hashes are kept.
LENGTH = 81

pallet = Pallet("RandomnessCollectiveFlip", 1, crate="pallet_insecure_randomness_collective_flip")

RandomMaterial = pallet.value(
    Annotated[list[H256], MaxLen(LENGTH)],
    default=[],
    docs="Hashes of the last 81 blocks: a ring with the place of the parent at (block number - 1) modulo 81.",
)

pallet.name_declared(globals())


@pallet.on_initialize
def keep_parent_hash(ctx: Context) -> Weight:
    """Put the parent's hash into the ring."""
    material = RandomMaterial.get(ctx)
    if len(material) < LENGTH:
        material.append(ctx.block.parent_hash)
    else:
        material[(ctx.block.number - 1) % LENGTH] = ctx.block.parent_hash
    RandomMaterial.put(ctx, material)
    return weight_of(0, reads=1, writes=1)
