"""RandomnessCollectiveFlip (index 1): the hashes of the last 81 blocks, as weak randomness for pallets."""

from __future__ import annotations

from typing import Annotated

from ..frame.context import Context
from ..frame.pallet import Pallet
from ..frame.weight import Weight, weight_of
from ..scale import H256, MaxLen

#: The number of hashes that are kept.
LENGTH = 81

pallet = Pallet("RandomnessCollectiveFlip", 1, crate="pallet_insecure_randomness_collective_flip")

RandomMaterial = pallet.value(
    Annotated[list[H256], MaxLen(LENGTH)],
    default=[],
    docs="The hashes of the last 81 blocks, in a ring: the parent's is at index (block number - 1) modulo 81.",
)

pallet.name_declared(globals())


@pallet.on_initialize
def keep_parent_hash(ctx: Context) -> Weight:
    """Put the parent's hash into the ring; return the weight."""
    material = RandomMaterial.get(ctx)
    if len(material) < LENGTH:
        material.append(ctx.block.parent_hash)
    else:
        material[(ctx.block.number - 1) % LENGTH] = ctx.block.parent_hash
    RandomMaterial.put(ctx, material)
    return weight_of(0, reads=1, writes=1)
