"""`neuronInfo_*`: neurons, as encoded answers of NeuronInfoRuntimeApi."""

from __future__ import annotations

from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Hash
from ..runtime_apis import NetUid, Uid, byte_list, call_runtime_api, encode_u16

namespace = Namespace()


def _call_api(node: Node, name: str, arguments: bytes, at: bytes | None, what: str) -> list[int]:
    return byte_list(
        node, call_runtime_api(node, f"NeuronInfoRuntimeApi_{name}", arguments, at, f"Unable to get {what} info")
    )


@namespace.method(cost=Cost.LONG)
def neuronInfo_getNeuronsLite(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return all neurons of a subnet, without weights and bonds."""
    return _call_api(node, "get_neurons_lite", encode_u16(netuid), at, "neurons lite")


@namespace.method()
def neuronInfo_getNeuronLite(node: Node, netuid: NetUid, uid: Uid, at: Hash | None = None) -> list[int]:
    """Return a neuron without its weights and bonds."""
    return _call_api(node, "get_neuron_lite", encode_u16(netuid) + encode_u16(uid), at, "neurons lite")


@namespace.method(cost=Cost.LONG)
def neuronInfo_getNeurons(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return all neurons of a subnet."""
    return _call_api(node, "get_neurons", encode_u16(netuid), at, "neurons")


@namespace.method()
def neuronInfo_getNeuron(node: Node, netuid: NetUid, uid: Uid, at: Hash | None = None) -> list[int]:
    """Return a neuron."""
    return _call_api(node, "get_neuron", encode_u16(netuid) + encode_u16(uid), at, "neuron")
