"""How much a block emits: of TAO by the TAO that exists, of a subnet's alpha by its alpha that exists."""

from __future__ import annotations

from .....consensus import emission as rules
from ....frame.context import Context
from .. import storage
from .tao import get_total_issuance, mint_tao


def get_block_emission(ctx: Context) -> int:
    """Mint this block's TAO; gives the credit, in rao."""
    emission = calculate_block_emission(ctx)
    return mint_tao(ctx, emission) if emission else 0


def calculate_block_emission(ctx: Context) -> int:
    """The TAO that this block emits, in rao; nothing is minted."""
    return get_block_emission_for_issuance(ctx, get_total_issuance(ctx))


def get_block_emission_for_issuance(ctx: Context, issuance: int) -> int:
    """The emission at an issuance of TAO or alpha; `BlockEmission` keeps the one that was asked for last."""
    emission = rules.block_emission(issuance)
    if issuance < rules.TOTAL_SUPPLY and storage.BlockEmission.get(ctx) != emission:
        storage.BlockEmission.put(ctx, emission)
    return emission
