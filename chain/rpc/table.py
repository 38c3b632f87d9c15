"""The table of methods: every namespace that a node serves, and the methods that it refuses.

`rpc_methods` returns their names, by which clients decide what to call.
"""

from __future__ import annotations

from collections.abc import Iterable

from .errors import unsafe
from .methods import (
    archive,
    author,
    chain,
    chain_spec,
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
from .methods.chain_head import methods as chain_head
from .methods.dev import methods as dev
from .methods.ethereum import methods as ethereum
from .methods.transaction import methods as transaction
from .namespace import Method, Namespace
from .node import Node

rpc = Namespace()

NAMESPACES: dict[str, Namespace] = {
    "archive": archive.namespace,
    "author": author.namespace,
    "chain": chain.namespace,
    "chainHead": chain_head.namespace,
    "chainSpec": chain_spec.namespace,
    "childstate": childstate.namespace,
    "debug": ethereum.debug,
    "delegateInfo": delegate_info.namespace,
    "dev": dev.namespace,
    "engine": engine.namespace,
    "eth": ethereum.eth,
    "net": ethereum.net,
    "neuronInfo": neuron_info.namespace,
    "payment": payment.namespace,
    "rpc": rpc,
    "stakeInfo": stake_info.namespace,
    "state": state.namespace,
    "subnetInfo": subnet_info.namespace,
    "swap": swap.namespace,
    "system": system.namespace,
    "transaction": transaction.namespace,
    "web3": ethereum.web3,
}


@rpc.method()
def rpc_methods(node: Node) -> dict[str, list[str]]:
    """Return the names of all methods, aliases included, in order."""
    return {"methods": sorted(methods_of(node))}


def refuse(node: Node) -> None:
    """Refuse a method about keys, peers, logs or traces, which this node does not have."""
    raise unsafe()


#: Methods that are listed, and refused as by a genuine node with `--rpc-methods=safe`.
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


def join(namespaces: Iterable[Namespace]) -> dict[str, Method]:
    """Return the methods of several namespaces by name; TypeError if two have the same name."""
    table = Namespace()
    for namespace in namespaces:
        for name, method in namespace.methods.items():
            table.add(method, [name])
    for name in REFUSED:
        table.add(Method(name, refuse, ()), [name])
    return table.methods


METHODS = join(NAMESPACES.values())


def methods_of(node: Node) -> dict[str, Method]:
    """Return the methods that a node serves, by name."""
    return {
        name: found
        for name, found in METHODS.items()
        if (node.engine.on_demand or not found.sealing) and (node.dev or not found.dev)
    }
