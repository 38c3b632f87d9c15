"""The table of subnets: prices, emission, tempo, next epoch, owner."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from ..node.connection import Refused
from ..node.node import Node
from ..node.values import Account, bytes_text

NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet. Price in rao for one alpha; amounts in rao and billionths of alpha; emission for each block."""

    netuid: int
    name: str
    symbol: str
    price: int
    tao_in: int
    alpha_in: int
    alpha_out: int
    tao_emission: int
    alpha_emission: int
    tempo: int
    blocks_since_epoch: int
    next_epoch: int | None
    owner: Account
    owner_hotkey: Account
    registered_at: int
    neurons: int
    volume: int

    @property
    def unit(self) -> str:
        """The unit of stake."""
        return "alpha" if self.netuid else "TAO"


async def read_subnets(node: Node, at: str | None = None) -> list[Subnet]:
    """Return all subnets by netuid, after one block."""
    at = at or await node.block_hash()
    infos = [info for info in await node.ask("SubnetInfoRuntimeApi.get_all_dynamic_info", at=at) or () if info]
    prices = {
        each["netuid"]: each["price"] for each in await node.ask("SwapRuntimeApi.current_alpha_price_all", at=at) or ()
    }
    return list(await asyncio.gather(*(_subnet(node, info, prices, at) for info in infos)))


async def read_subnet(node: Node, netuid: int, at: str | None = None) -> Subnet | None:
    """Return one subnet after a block; None if there is none."""
    at = at or await node.block_hash()
    info = await node.ask("SubnetInfoRuntimeApi.get_dynamic_info", netuid, at=at)
    if not info:
        return None
    price = await node.ask("SwapRuntimeApi.current_alpha_price", netuid, at=at)
    return await _subnet(node, info, {netuid: price}, at)


async def _subnet(node: Node, info: dict[str, Any], prices: dict[int, Any], at: str | None) -> Subnet:
    netuid = info["netuid"]
    neurons = await node.storage("SubtensorModule", "SubnetworkN", netuid, at=at)
    return Subnet(
        netuid=netuid,
        name=name_of(info),
        symbol=bytes_text(bytes(info["token_symbol"]), 12),
        price=prices.get(netuid) or 0,
        tao_in=info["tao_in"],
        alpha_in=info["alpha_in"],
        alpha_out=info["alpha_out"],
        tao_emission=info["tao_in_emission"],
        alpha_emission=info["alpha_out_emission"],
        tempo=info["tempo"],
        blocks_since_epoch=info["blocks_since_last_step"],
        next_epoch=await next_epoch(node, netuid, at),
        owner=info["owner_coldkey"],
        owner_hotkey=info["owner_hotkey"],
        registered_at=info["network_registered_at"],
        neurons=neurons or 0,
        volume=info["subnet_volume"],
    )


async def next_epoch(node: Node, netuid: int, at: str | None = None) -> int | None:
    """Return the block of a subnet's next epoch; None for root, and where the runtime does not tell."""
    if netuid == 0:
        return None
    try:
        found = await node.ask("SubnetInfoRuntimeApi.get_next_epoch_start_block", netuid, at=at)
    except Refused:
        return None
    return found if isinstance(found, int) else None


def name_of(info: dict[str, Any]) -> str:
    """Return the name in a subnet's identity, or its own."""
    identity = info.get("subnet_identity")
    given = identity.get("subnet_name") if isinstance(identity, dict) else None
    return bytes_text(bytes(given or info.get("subnet_name") or b""), NAME_LENGTH)
