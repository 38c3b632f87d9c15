"""Neuron (2052): registration, weights and endpoints of a neuron whose hotkey or coldkey is the caller."""

from __future__ import annotations

import numpy as np

from ...admin_utils.pallet import PrecompileEnum
from ...subtensor.neurons import registration, serving
from ...subtensor.weights import commit_reveal, set_weights
from ...subtensor.weights.set_weights import U16s
from .contract import Contract
from .dispatching import dispatch
from .handle import Handle

contract = Contract(2052, PrecompileEnum.Neuron)

contract.forward("commitWeights(uint16,bytes32)", commit_reveal.commit_weights)
contract.forward("burnedRegister(uint16,bytes32)", registration.burned_register)
contract.forward("registerLimit(uint16,bytes32,uint64)", registration.register_limit)
contract.forward("serveAxon(uint16,uint32,uint128,uint16,uint8,uint8,uint8,uint8)", serving.serve_axon)
contract.forward("serveAxonTls(uint16,uint32,uint128,uint16,uint8,uint8,uint8,uint8,bytes)", serving.serve_axon_tls)
contract.forward("servePrometheus(uint16,uint32,uint128,uint16,uint8)", serving.serve_prometheus)


@contract.call("setWeights(uint16,uint16[],uint16[],uint64)", payable=True)
def set_main_weights(handle: Handle, netuid: int, dests: list[int], weights: list[int], version_key: int) -> None:
    """Dispatch `SubtensorModule.set_weights`."""
    dispatch(handle, set_weights.set_weights.call(netuid, _u16s(dests), _u16s(weights), version_key))


@contract.call("revealWeights(uint16,uint16[],uint16[],uint16[],uint64)", payable=True)
def reveal_weights(
    handle: Handle, netuid: int, uids: list[int], values: list[int], salt: list[int], version_key: int
) -> None:
    """Dispatch `SubtensorModule.reveal_weights`."""
    call = commit_reveal.reveal_weights.call(netuid, _u16s(uids), _u16s(values), _u16s(salt), version_key)
    dispatch(handle, call)


def _u16s(values: list[int]) -> U16s:
    return np.array(values, dtype=np.uint16)
