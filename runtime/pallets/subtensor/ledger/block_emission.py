"""How much a block emits: of TAO by the TAO that exists, of a subnet's alpha by its alpha that exists."""

from __future__ import annotations

from collections.abc import Sequence

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
    return get_block_emissions_for_issuances(ctx, [issuance])[0]


def get_block_emissions_for_issuances(ctx: Context, issuances: Sequence[int]) -> list[int]:
    """The same for several issuances, one after the other."""
    noted, emissions = storage.BlockEmission.get(ctx), [rules.block_emission(issuance) for issuance in issuances]
    for issuance, emission in zip(issuances, emissions, strict=True):
        if emission != noted and issuance < rules.TOTAL_SUPPLY:
            storage.BlockEmission.put(ctx, emission)
            noted = emission
    return emissions
