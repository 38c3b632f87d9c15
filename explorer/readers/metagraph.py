"""The neurons of a subnet: keys, stake, results of the last epoch; how concentrated they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...lab.concentration import gini, top_share
from ..node.node import Node
from ..node.values import Account, bytes_text


@dataclass(frozen=True, slots=True)
class Neuron:
    """A neuron. Stake, and emission of the last epoch, in billionths of alpha; proportions have 65535 as the whole."""

    uid: int
    hotkey: Account
    coldkey: Account
    name: str
    stake: int
    alpha_stake: int
    tao_stake: int
    permit: bool
    active: bool
    incentive: int
    consensus: int
    dividends: int
    emission: int
    last_update: int
    registered_at: int
    axon: str


@dataclass(frozen=True, slots=True)
class Metagraph:
    """A subnet's neurons by uid, after a block. Burn, the price of a registration, in rao."""

    netuid: int
    block: int
    max_uids: int
    immunity_period: int
    burn: int
    registration_allowed: bool
    last_epoch: int
    neurons: tuple[Neuron, ...]

    def is_immune(self, neuron: Neuron) -> bool:
        """Return whether a neuron is within its immunity period."""
        return self.block - neuron.registered_at < self.immunity_period


@dataclass(frozen=True, slots=True)
class Concentration:
    """How concentrated amounts are: how many have any, the share of the ten largest, the Gini coefficient."""

    holders: int
    top_ten: float
    gini: float


async def read_metagraph(node: Node, netuid: int, at: str | None = None) -> Metagraph | None:
    """Return the metagraph of a subnet; None if there is none."""
    found = await node.ask("SubnetInfoRuntimeApi.get_metagraph", netuid, at=at)
    if not found:
        return None
    return Metagraph(
        netuid=netuid,
        block=found["block"],
        max_uids=found["max_uids"],
        immunity_period=found["immunity_period"],
        burn=found["burn"],
        registration_allowed=found["registration_allowed"],
        last_epoch=found["last_step"],
        neurons=tuple(_neuron(found, uid) for uid in range(len(found["hotkeys"]))),
    )


def _neuron(found: dict[str, Any], uid: int) -> Neuron:
    def at(name: str) -> Any:
        values = found[name]
        return values[uid] if uid < len(values) else 0

    identity = at("identities")
    return Neuron(
        uid=uid,
        hotkey=at("hotkeys"),
        coldkey=at("coldkeys"),
        name=bytes_text(bytes(identity["name"]), 60) if identity else "",
        stake=at("total_stake"),
        alpha_stake=at("alpha_stake"),
        tao_stake=at("tao_stake"),
        permit=bool(at("validator_permit")),
        active=bool(at("active")),
        incentive=at("incentives"),
        consensus=at("consensus"),
        dividends=at("dividends"),
        emission=at("emission"),
        last_update=at("last_update"),
        registered_at=at("block_at_registration"),
        axon=axon_text(at("axons")),
    )


def axon_text(axon: Any) -> str:
    """Return address and port of an axon; empty for none."""
    if not isinstance(axon, dict) or not axon.get("ip"):
        return ""
    number, port = int(axon["ip"]), axon.get("port", 0)
    if axon.get("ip_type") == 4:
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0)) + f":{port}"
    return f"[{':'.join(f'{number >> shift & 65535:x}' for shift in range(112, -1, -16))}]:{port}"


def concentration(amounts: Sequence[int]) -> Concentration:
    """Return how concentrated amounts are."""
    held = [amount for amount in amounts if amount]
    return Concentration(len(held), top_share(held), gini(held))
