"""The table of methods: every namespace that a node serves, and what is refused. `rpc_methods` lists it.

Clients decide by that list what they ask for.
"""

from __future__ import annotations

from collections.abc import Iterable

from .errors import unsafe
from .methods import (
    author,
    chain,
    childstate,
    delegate_info,
    engine,
    neuron_info,
    payment,
    stake_info,
    state,
    subnet_info,
    swap,
    system,
)
from .namespace import Method, Namespace
from .node import Node

rpc = Namespace()

NAMESPACES: dict[str, Namespace] = {
    "author": author.namespace,
    "chain": chain.namespace,
    "childstate": childstate.namespace,
    "delegateInfo": delegate_info.namespace,
    "engine": engine.namespace,
    "neuronInfo": neuron_info.namespace,
    "payment": payment.namespace,
    "rpc": rpc,
    "stakeInfo": stake_info.namespace,
    "state": state.namespace,
    "subnetInfo": subnet_info.namespace,
    "swap": swap.namespace,
    "system": system.namespace,
}


@rpc.method()
def rpc_methods(node: Node) -> dict[str, list[str]]:
    """Return the names of all methods, aliases included, in order."""
    return {"methods": sorted(served(node))}


def refuse(node: Node) -> None:
    """Refuse what concerns keys, peers, logs or traces, which this node has not."""
    raise unsafe()


#: Methods that are listed, and refused as by a node that is careful.
REFUSED = (
    "author_hasKey",
    "author_hasSessionKeys",
    "author_insertKey",
    "author_rotateKeys",
    "author_rotateKeysWithOwner",
    "offchain_localStorageGet",
    "offchain_localStorageSet",
    "state_traceBlock",
    "system_addLogFilter",
    "system_addReservedPeer",
    "system_removeReservedPeer",
    "system_resetLogFilter",
    "system_unstable_networkState",
)


def joined(namespaces: Iterable[Namespace]) -> dict[str, Method]:
    """Return the methods of several namespaces by name; TypeError when two have the same."""
    table = Namespace()
    for namespace in namespaces:
        for name, method in namespace.methods.items():
            table.add(method, [name])
    for name in REFUSED:
        table.add(Method(name, refuse, ()), [name])
    return table.methods


METHODS = joined(NAMESPACES.values())


def served(node: Node) -> dict[str, Method]:
    """Return what a node serves, by name."""
    return {name: found for name, found in METHODS.items() if node.engine.on_demand or not found.sealing}
