"""The emission of a block: TAO as a function of the TAO issued, alpha of a subnet as a function of its alpha issued."""

from __future__ import annotations

from collections.abc import Sequence

from .....consensus import emission as rules
from ....frame.context import Context
from .. import storage
from .tao import mint_tao


def get_block_emission(ctx: Context) -> int:
    """Mint the TAO of this block and return it as a credit, in rao."""
    emission = calculate_block_emission(ctx)
    return mint_tao(ctx, emission) if emission else 0


def calculate_block_emission(ctx: Context) -> int:
    """Return the TAO that this block emits, in rao, without minting it."""
    return get_block_emission_for_issuance(ctx, storage.TotalIssuance.get(ctx))


def get_block_emission_for_issuance(ctx: Context, issuance: int) -> int:
    """Return the emission of a block, in rao, at an issuance of TAO or alpha.

    `BlockEmission` keeps the last result, for whichever token it was.
    """
    return get_block_emissions_for_issuances(ctx, [issuance])[0]


def get_block_emissions_for_issuances(ctx: Context, issuances: Sequence[int]) -> list[int]:
    """Return the emission of a block, in rao, at each of several issuances."""
    stored, emissions = storage.BlockEmission.get(ctx), [rules.block_emission(issuance) for issuance in issuances]
    for issuance, emission in zip(issuances, emissions, strict=True):
        if emission != stored and issuance < rules.TOTAL_SUPPLY:
            storage.BlockEmission.put(ctx, emission)
            stored = emission
    return emissions
