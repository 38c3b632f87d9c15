"""Metagraph (2050): the neurons of a subnet by uid, main mechanism."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....frame.errors import DispatchFailed
from ...admin_utils.pallet import PrecompileEnum
from ...subtensor import storage
from ...subtensor.neurons.serving import get_axon_info
from ...subtensor.neurons.uids import ArrayMap, get_hotkey_for_net_and_uid
from ...subtensor.staking.helpers import get_total_stake_for_hotkey
from .contract import Contract
from .errors import PrecompileFailed, failed, invalid_range
from .handle import Handle

contract = Contract(2050, PrecompileEnum.Metagraph)

contract.item("getUidCount(uint16)", "uint16", storage.SubnetworkN)


def _declare_entry(signature: str, returns: str, item: ArrayMap) -> None:
    """Declare a view of an array with an entry for each uid; it returns zero where there is none."""

    @contract.view(signature, returns)
    def get(handle: Handle, netuid: int, uid: int) -> Any:
        handle.charge_reads(1)
        values = item.get(handle.ctx, netuid)
        return int(values[uid]) if uid < len(values) else 0


_declare_entry("getConsensus(uint16,uint16)", "uint16", storage.Consensus)
_declare_entry("getIncentive(uint16,uint16)", "uint16", storage.Incentive)
_declare_entry("getDividends(uint16,uint16)", "uint16", storage.Dividends)
_declare_entry("getEmission(uint16,uint16)", "uint64", storage.Emission)
_declare_entry("getVtrust(uint16,uint16)", "uint16", storage.ValidatorTrust)
_declare_entry("getValidatorStatus(uint16,uint16)", "bool", storage.ValidatorPermit)
_declare_entry("getLastUpdate(uint16,uint16)", "uint64", storage.LastUpdate)
_declare_entry("getIsActive(uint16,uint16)", "bool", storage.Active)


@contract.view("getRank(uint16,uint16)", "uint16")
def rank(handle: Handle, _netuid: int, _uid: int) -> int:
    """Return 0: ranks are not computed any more."""
    return 0


@contract.view("getTrust(uint16,uint16)", "uint16")
def trust(handle: Handle, _netuid: int, _uid: int) -> int:
    """Return 0: trust is not computed any more."""
    return 0


def _hotkey(handle: Handle, netuid: int, uid: int, error: Callable[[], PrecompileFailed] = invalid_range) -> bytes:
    try:
        return get_hotkey_for_net_and_uid(handle.ctx, netuid, uid)
    except DispatchFailed:
        raise error() from None


@contract.view("getHotkey(uint16,uint16)", "bytes32")
def hotkey(handle: Handle, netuid: int, uid: int) -> bytes:
    """Return the hotkey of a neuron."""
    handle.charge_reads(1)
    return _hotkey(handle, netuid, uid)


@contract.view("getColdkey(uint16,uint16)", "bytes32")
def coldkey(handle: Handle, netuid: int, uid: int) -> bytes:
    """Return the coldkey that owns a neuron's hotkey."""
    handle.charge_reads(2)
    return storage.Owner.get(handle.ctx, _hotkey(handle, netuid, uid))


@contract.view("getStake(uint16,uint16)", "uint64")
def stake(handle: Handle, netuid: int, uid: int) -> int:
    """Return the worth of all stake on a neuron's hotkey at current prices, in rao."""
    handle.charge_reads(2)
    return get_total_stake_for_hotkey(handle.ctx, _hotkey(handle, netuid, uid))


@contract.view("getAxon(uint16,uint16)", "(uint64,uint32,uint128,uint16,uint8,uint8)")
def axon(handle: Handle, netuid: int, uid: int) -> tuple[int, int, int, int, int, int]:
    """Return the endpoint of a neuron: block, version, ip, port, ip type, protocol."""
    handle.charge_reads(2)
    owner = _hotkey(handle, netuid, uid, lambda: failed("hotkey not found"))
    info = get_axon_info(handle.ctx, netuid, owner)
    return info.block, info.version, info.ip, info.port, info.ip_type, info.protocol
