"""Calls by which root changes block authors, finality voters and the EVM."""

from __future__ import annotations

from typing import Annotated

from ...frame.context import Context
from ...frame.weight import Weight, weight_of
from ...scale import MaxLen, SourceName, u64
from .. import aura, evm_chain_id, grandpa
from ..shared.types import BlockNumber
from .pallet import PrecompileEnable, PrecompileEnum, PrecompileUpdated, pallet

BoundedAuthorities = Annotated[
    list[aura.AuraId],
    MaxLen(aura.MAX_AUTHORITIES),
    SourceName("BoundedVec<<T as Config>::AuthorityId, T::MaxAuthorities>"),
]


@pallet.call(0, weight=lambda new_authorities: weight_of(4_442_146, writes=1) + Weight(29_392) * len(new_authorities))
def swap_authorities(ctx: Context, new_authorities: BoundedAuthorities) -> None:
    """Replace the block authors at once, by root. An empty list changes nothing."""
    ctx.ensure_root()
    aura.change_authorities(ctx, new_authorities)


@pallet.call(
    59,
    weight=lambda next_authorities, in_blocks, forced: (
        weight_of(7_972_506, 2779, reads=1, writes=1) + Weight(15_444) * len(next_authorities)
    ),
)
def schedule_grandpa_change(
    ctx: Context, next_authorities: grandpa.AuthorityList, in_blocks: BlockNumber, forced: BlockNumber | None
) -> None:
    """Replace the finality voters after `in_blocks` blocks, by root.

    `forced` is the number of the last finalized block, for a change because finality has stalled. Fails with
    ChangePending, and with TooSoon after a recent forced change.
    """
    ctx.ensure_root()
    grandpa.schedule_change(ctx, next_authorities, in_blocks, forced)


@pallet.call(58, weight=weight_of(27_199_000, reads=1, writes=1))
def sudo_set_evm_chain_id(ctx: Context, chain_id: u64) -> None:
    """Set the chain id of Ethereum transactions, by root."""
    ctx.ensure_root()
    evm_chain_id.ChainId.put(ctx, chain_id)


@pallet.call(62, weight=weight_of(6_162_000, 3507, reads=1))
def sudo_toggle_evm_precompile(ctx: Context, precompile_id: PrecompileEnum, enabled: bool) -> None:
    """Enable or disable a precompile of the EVM, by root. No event when it does not change."""
    ctx.ensure_root()
    if PrecompileEnable.get(ctx, precompile_id) != enabled:
        PrecompileEnable.put(ctx, precompile_id, enabled)
        ctx.deposit(PrecompileUpdated(precompile_id, enabled))
