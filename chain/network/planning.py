"""Making the folders of a new network, and of one more node of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...genesis.accounts import Authority
from ...runtime.crypto import Keypair
from .engine_config import Trust, engine_config
from .home import Home, HomeError, NodeFile, Secrets, engine_genesis, network_name, voter_key, write_home
from .validators import address_of

#: The folder with the chain at which a network began, if that was not block 0.
BEGINNING = "beginning"


@dataclass(frozen=True, slots=True)
class Plan:
    """A network to be made: its nodes by the names of their folders, where they are, and their secrets."""

    out: Path
    secrets: Mapping[str, Secrets]
    #: The host of each node, in the same order; empty: all are on this machine.
    hosts: Sequence[str] = ()

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """The keys of the validators, as Aura's and Grandpa's authorities."""
        drawn = [each for each in self.secrets.values() if each.author is not None]
        return tuple(
            Authority(Keypair.from_seed(each.author or b"").public, voter_key(each.validator)) for each in drawn
        )

    def node(self, index: int, name: str, first: NodeFile) -> NodeFile:
        """Return what a node is."""
        if not self.hosts:
            return replace(first, name=name).with_ports(index)
        return replace(first, name=name, engine_host=self.hosts[index])


def draw(validators: int, replicas: int) -> dict[str, Secrets]:
    """Return secrets of validators and replicas by their names."""
    found = {f"node{index}": Secrets.draw(True) for index in range(validators)}
    return found | {f"replica{index}": Secrets.draw(False) for index in range(replicas)}


def write_network(
    plan: Plan, chain: Mapping[str, Any], block_hash: bytes, base: int, slot_ms: int, begin_ms: int, chain_id: str
) -> list[Home]:
    """Write the folders of all nodes; raises HomeError if there are some."""
    first = NodeFile("", network_name(chain_id, block_hash), slot_ms, base)
    genesis = engine_genesis(first.network, begin_ms, base, block_hash)
    nodes = [plan.node(index, name, first) for index, name in enumerate(plan.secrets)]
    peers = [peer_of(node, secrets) for node, secrets in zip(nodes, plan.secrets.values(), strict=True)]
    homes = []
    for node, secrets, own in zip(nodes, plan.secrets.values(), peers, strict=True):
        home = Home(plan.out.absolute() / node.name)
        others = [peer for peer in peers if peer != own]
        write_home(home, node, secrets, chain, genesis, engine_config(node, str(home.socket), others))
        homes.append(home)
    return homes


def peer_of(node: NodeFile, secrets: Secrets) -> str:
    """Return how other nodes reach a node's engine."""
    return f"{address_of(voter_key(secrets.peer)).hex()}@{node.engine_host}:{node.p2p_port}"


def add_replica(network: Path, host: str | None = None, trust: Trust | None = None) -> Home:
    """Write the folder of one more node without a validator, whose peers are the nodes in a network's folder.

    With `trust` it begins with a snapshot of its peers, otherwise it executes all blocks.
    """
    homes = homes_in(network)
    nodes = [each.read() for each in homes]
    names = {each.name for each in nodes}
    name = next(f"replica{index}" for index in range(len(homes) + 1) if f"replica{index}" not in names)
    first, secrets = nodes[0], Secrets.draw(False)
    if host is None:
        ports = NodeFile("", "", 0)
        used = max(each.rpc_port for each in nodes) - ports.rpc_port
        node = replace(ports, name=name, network=first.network, slot_ms=first.slot_ms, base=first.base)
        node = node.with_ports(used + 1)
    else:
        node = replace(first, name=name, engine_host=host)
    home = Home(network.absolute() / name)
    peers = [f"{each.peer_id()}@{other.engine_host}:{other.p2p_port}" for each, other in zip(homes, nodes, strict=True)]
    genesis = (homes[0].config / "genesis.json").read_bytes()
    write_home(home, node, secrets, homes[0].chain(), genesis, engine_config(node, str(home.socket), peers, trust))
    copy_beginning(network, [home])
    return home


def copy_beginning(network: Path, homes: Sequence[Home], report: Callable[[str], object] = lambda text: None) -> None:
    """Give nodes the chain at which their network began, unless that was block 0."""
    beginning = network / BEGINNING
    if not beginning.is_dir():
        return
    for home in homes:
        report(f"Copying the chain to {home.folder}")
        shutil.copytree(beginning, home.folder / "db")


def homes_in(network: Path) -> list[Home]:
    """Return the nodes in the folder of a network, or the one node that it is; raises HomeError if there is none."""
    if (network / "node.json").is_file():
        return [Home(network.absolute())]
    found = [Home(path.parent.absolute()) for path in sorted(network.glob("*/node.json"))]
    if not found:
        raise HomeError(f"expected a network's folder or a node's, made by `pysubtensor network init`, got {network}")
    return found
