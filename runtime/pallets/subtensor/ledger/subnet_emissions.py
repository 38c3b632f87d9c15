"""The share of each subnet in the TAO of a block, and the record of the TAO that flows into and out of the pools."""

from __future__ import annotations

from .....consensus import emission as rules
from .....consensus.integers import I64_MAX, I64_MIN
from ....frame.context import Context
from ....frame.storage import StorageMap
from ...shared.types import ROOT_NETUID
from .. import storage
from .prices import get_moving_alpha_prices


def get_subnets_to_emit_to(ctx: Context, subnets: list[int]) -> list[int]:
    """Return those of `subnets` that emit: started, with trading of alpha and registration enabled; never root."""
    return [
        netuid
        for netuid, first_block, traded, is_open in zip(
            subnets,
            storage.FirstEmissionBlockNumber.column(ctx, subnets),
            storage.SubtokenEnabled.column(ctx, subnets),
            storage.NetworkRegistrationAllowed.column(ctx, subnets),
            strict=True,
        )
        if netuid != ROOT_NETUID and first_block is not None and traded and is_open
    ]


def get_shares(ctx: Context, subnets_to_emit_to: list[int]) -> dict[int, int]:
    """Return the share of each subnet in the emission, U64F64, by netuid.

    It follows from the moving price and from the proportion of miners' incentives that the subnet withholds.
    """
    shares = rules.price_shares(get_moving_alpha_prices(ctx, subnets_to_emit_to))
    shares = rules.without_burned(shares, storage.MinerBurned.column(ctx, subnets_to_emit_to))
    return dict(zip(subnets_to_emit_to, shares, strict=True))


def get_subnet_block_emissions(ctx: Context, subnets_to_emit_to: list[int], block_emission: int) -> dict[int, int]:
    """Return the TAO of each subnet, U96F32 rao, out of `block_emission` rao, by netuid.

    A subnet whose pool receives no emission stays in the result with 0; its share goes to the others.
    """
    shares = get_shares(ctx, sorted(subnets_to_emit_to))
    enabled = storage.SubnetEmissionEnabled.column(ctx, list(shares))
    parts = rules.split_among_enabled(list(shares.values()), enabled)
    return {netuid: rules.part_of_emission(block_emission, part) for netuid, part in zip(shares, parts, strict=True)}


# --- flows of TAO ----------------------------------------------------------------------------------------------------

Flow = StorageMap[int, int, int]


def _record(ctx: Context, flow: Flow, netuid: int, rao: int) -> None:
    """Add `rao` to a flow, within the range of i64."""
    flow.put(ctx, netuid, min(max(flow.get(ctx, netuid) + rao, I64_MIN), I64_MAX))


def record_tao_inflow(ctx: Context, netuid: int, tao: int) -> None:
    """Record that stakers brought `tao` rao into the pool."""
    _record(ctx, storage.SubnetTaoFlow, netuid, tao)


def record_tao_outflow(ctx: Context, netuid: int, tao: int) -> None:
    """Record that stakers took `tao` rao out of the pool."""
    _record(ctx, storage.SubnetTaoFlow, netuid, -tao)


def record_protocol_outflow(ctx: Context, netuid: int, tao: int) -> None:
    """Record that the chain itself took `tao` rao out of the pool."""
    _record(ctx, storage.SubnetProtocolFlow, netuid, -tao)
