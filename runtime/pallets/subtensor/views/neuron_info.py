"""NeuronInfo and NeuronInfoLite: single neurons, with or without their weights and bonds."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .....consensus.integers import U16_MAX
from ....frame.context import Context
from ....frame.storage import StorageMap
from ....scale import AccountId, Compact, Struct, u16, u64
from ....scale.compact_arrays import VecCompactU16Pairs
from ...shared.types import AlphaBalance, NetUid
from .. import storage
from ..declared.types import AxonInfo, PrometheusInfo
from ..ledger.share_pool import get_stake_for_hotkey_on_subnet
from ..neurons.serving import get_axon_info, get_prometheus_info
from ..subnets.networks import if_subnet_exist

PATH = "pallet_subtensor::rpc_info::neuron_info"


class NeuronInfo(Struct, path=f"{PATH}::NeuronInfo", params=[("AccountId", AccountId)]):
    """A neuron with its weights and bonds, which are pairs of a uid and a u16 value.

    `stake` has one entry: the owner's coldkey and the total alpha on the hotkey, in billionths. `rank`, `trust` and
    `pruning_score` are obsolete: 0, 0 and 65535.
    """

    hotkey: AccountId
    coldkey: AccountId
    uid: Compact[u16]
    netuid: Compact[NetUid]
    active: bool
    axon_info: AxonInfo
    prometheus_info: PrometheusInfo
    stake: list[tuple[AccountId, Compact[AlphaBalance]]]
    rank: Compact[u16]
    emission: Compact[AlphaBalance]
    incentive: Compact[u16]
    consensus: Compact[u16]
    trust: Compact[u16]
    validator_trust: Compact[u16]
    dividends: Compact[u16]
    last_update: Compact[u64]
    validator_permit: bool
    weights: VecCompactU16Pairs
    bonds: VecCompactU16Pairs
    pruning_score: Compact[u16]


class NeuronInfoLite(Struct, path=f"{PATH}::NeuronInfoLite", params=[("AccountId", AccountId)]):
    """A neuron without weights and bonds."""

    hotkey: AccountId
    coldkey: AccountId
    uid: Compact[u16]
    netuid: Compact[NetUid]
    active: bool
    axon_info: AxonInfo
    prometheus_info: PrometheusInfo
    stake: list[tuple[AccountId, Compact[AlphaBalance]]]
    rank: Compact[u16]
    emission: Compact[AlphaBalance]
    incentive: Compact[u16]
    consensus: Compact[u16]
    trust: Compact[u16]
    validator_trust: Compact[u16]
    dividends: Compact[u16]
    last_update: Compact[u64]
    validator_permit: bool
    pruning_score: Compact[u16]


#: Fields that are stored as arrays by uid.
ARRAYS: dict[str, StorageMap[int, NDArray[Any], NDArray[Any]]] = {
    "active": storage.Active,
    "emission": storage.Emission,
    "incentive": storage.Incentive,
    "consensus": storage.Consensus,
    "validator_trust": storage.ValidatorTrust,
    "dividends": storage.Dividends,
    "last_update": storage.LastUpdate,
    "validator_permit": storage.ValidatorPermit,
}
#: Values for uids beyond the end of an array; 0 for all other fields.
DEFAULTS = {"active": False, "validator_permit": False}


class _NeuronReader:
    """The neurons of one subnet. Each array is read from storage once."""

    def __init__(self, ctx: Context, netuid: int) -> None:
        self.ctx, self.netuid = ctx, netuid
        self.arrays = {name: item.get(ctx, netuid).tolist() for name, item in ARRAYS.items()}

    def read_lite(self, uid: int, hotkey: bytes) -> NeuronInfoLite:
        return NeuronInfoLite(**self._read_fields(uid, hotkey))

    def read_full(self, uid: int, hotkey: bytes) -> NeuronInfo:
        weights = _without_zeros(storage.Weights.get(self.ctx, self.netuid, uid))
        bonds = _without_zeros(storage.Bonds.get(self.ctx, self.netuid, uid))
        return NeuronInfo(**self._read_fields(uid, hotkey), weights=weights, bonds=bonds)

    def _read_fields(self, uid: int, hotkey: bytes) -> dict[str, Any]:
        ctx, netuid = self.ctx, self.netuid
        coldkey = storage.Owner.get(ctx, hotkey)
        return {
            "hotkey": hotkey,
            "coldkey": coldkey,
            "uid": uid,
            "netuid": netuid,
            "axon_info": get_axon_info(ctx, netuid, hotkey),
            "prometheus_info": get_prometheus_info(ctx, netuid, hotkey),
            "stake": [(coldkey, get_stake_for_hotkey_on_subnet(ctx, hotkey, netuid))],
            "rank": 0,
            "trust": 0,
            "pruning_score": U16_MAX,
            **{name: self._entry_of(name, uid) for name in ARRAYS},
        }

    def _entry_of(self, name: str, uid: int) -> Any:
        values = self.arrays[name]
        return values[uid] if uid < len(values) else DEFAULTS.get(name, 0)


def _without_zeros(pairs: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return the pairs whose value is not zero."""
    return pairs[pairs[:, 1] > 0]


def _uids_with_hotkeys(ctx: Context, netuid: int) -> list[tuple[int, bytes]]:
    """Return the uids with their hotkeys, up to the first uid without a hotkey."""
    hotkeys = dict(storage.Keys.under(ctx, netuid))
    uids = takewhile(hotkeys.__contains__, range(storage.SubnetworkN.get(ctx, netuid)))
    return [(uid, hotkeys[uid]) for uid in uids]


def get_neurons(ctx: Context, netuid: int) -> list[NeuronInfo]:
    """Return all neurons of a subnet by uid, with weights and bonds; none when the subnet does not exist."""
    if not if_subnet_exist(ctx, netuid):
        return []
    neurons = _NeuronReader(ctx, netuid)
    return [neurons.read_full(uid, hotkey) for uid, hotkey in _uids_with_hotkeys(ctx, netuid)]


def get_neurons_lite(ctx: Context, netuid: int) -> list[NeuronInfoLite]:
    """Return all neurons of a subnet by uid; none when the subnet does not exist."""
    if not if_subnet_exist(ctx, netuid):
        return []
    neurons = _NeuronReader(ctx, netuid)
    return [neurons.read_lite(uid, hotkey) for uid, hotkey in _uids_with_hotkeys(ctx, netuid)]


def get_neuron(ctx: Context, netuid: int, uid: int) -> NeuronInfo | None:
    """Return a neuron with weights and bonds, None when the subnet or the uid does not exist."""
    if not if_subnet_exist(ctx, netuid) or not storage.Keys.contains(ctx, netuid, uid):
        return None
    return _NeuronReader(ctx, netuid).read_full(uid, storage.Keys.get(ctx, netuid, uid))


def get_neuron_lite(ctx: Context, netuid: int, uid: int) -> NeuronInfoLite | None:
    """Return a neuron, None when the subnet or the uid does not exist."""
    if not if_subnet_exist(ctx, netuid) or not storage.Keys.contains(ctx, netuid, uid):
        return None
    return _NeuronReader(ctx, netuid).read_lite(uid, storage.Keys.get(ctx, netuid, uid))
