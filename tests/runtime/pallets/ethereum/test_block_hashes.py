"""Which hashes of Ethereum blocks are kept."""

from __future__ import annotations

import pytest
from pysubtensor.consensus.internal import InternalError
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.ethereum.blocks import finish
from pysubtensor.runtime.pallets.ethereum.declared import BlockHash

KEPT = b"\1" * 32


def finished(ctx: Context, number: int) -> Context:
    """End a block of this number, when those before it are 0, 1, 2 and the last one."""
    for earlier in (0, 1, 2, number - 1):
        BlockHash.put(ctx, earlier, KEPT)
    ctx.block.number, ctx.block.storage_root = number, lambda: bytes(32)
    finish(ctx)
    return ctx


@pytest.mark.parametrize(("number", "kept"), [(2_401, {0, 1, 2}), (2_402, {0, 2}), (2_403, {0, 1})])
def test_the_last_2400_hashes_are_kept_and_the_first(ctx: Context, number: int, kept: set[int]) -> None:
    finished(ctx, number)
    assert {earlier for earlier in (0, 1, 2) if BlockHash.contains(ctx, earlier)} == kept
    assert BlockHash.contains(ctx, number)


def test_the_state_root_is_known_at_the_end_of_a_block_alone(ctx: Context) -> None:
    with pytest.raises(InternalError, match="expected a block that is being finalized"):
        finish(ctx)
