"""NeuronInfo: neurons one by one, with or without their weights and bonds."""

from __future__ import annotations

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
    """A neuron. `stake` is all alpha on its hotkey, with its own coldkey; weights and bonds are pairs of uid and value.

    Rank, trust and pruning score are no longer reckoned: 0, 0 and 65535.
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


#: The fields that stand in arrays by uid.
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
#: What an array without an entry for a uid says.
MISSING = {"active": False, "validator_permit": False}


class _Neurons:
    """The neurons of a subnet: each array is read once."""

    def __init__(self, ctx: Context, netuid: int) -> None:
        self.ctx, self.netuid = ctx, netuid
        self.arrays = {name: item.get(ctx, netuid).tolist() for name, item in ARRAYS.items()}

    def lite(self, uid: int, hotkey: bytes) -> NeuronInfoLite:
        return NeuronInfoLite(**self._fields(uid, hotkey))

    def full(self, uid: int, hotkey: bytes) -> NeuronInfo:
        weights = _positive(storage.Weights.get(self.ctx, self.netuid, uid))
        bonds = _positive(storage.Bonds.get(self.ctx, self.netuid, uid))
        return NeuronInfo(**self._fields(uid, hotkey), weights=weights, bonds=bonds)

    def _fields(self, uid: int, hotkey: bytes) -> dict[str, Any]:
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
            **{name: self._entry(name, uid) for name in ARRAYS},
        }

    def _entry(self, name: str, uid: int) -> Any:
        values = self.arrays[name]
        return values[uid] if uid < len(values) else MISSING.get(name, 0)


def _positive(pairs: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The pairs whose value is not zero."""
    return pairs[pairs[:, 1] > 0]


def _seated(ctx: Context, netuid: int) -> list[tuple[int, bytes]]:
    """Uids with their hotkeys, up to the first that has none."""
    known, seated = dict(storage.Keys.under(ctx, netuid)), []
    for uid in range(storage.SubnetworkN.get(ctx, netuid)):
        if uid not in known:
            break
        seated.append((uid, known[uid]))
    return seated


def get_neurons(ctx: Context, netuid: int) -> list[NeuronInfo]:
    """All neurons of a subnet, by uid."""
    if not if_subnet_exist(ctx, netuid):
        return []
    neurons = _Neurons(ctx, netuid)
    return [neurons.full(uid, hotkey) for uid, hotkey in _seated(ctx, netuid)]


def get_neurons_lite(ctx: Context, netuid: int) -> list[NeuronInfoLite]:
    """All neurons of a subnet, by uid."""
    if not if_subnet_exist(ctx, netuid):
        return []
    neurons = _Neurons(ctx, netuid)
    return [neurons.lite(uid, hotkey) for uid, hotkey in _seated(ctx, netuid)]


def get_neuron(ctx: Context, netuid: int, uid: int) -> NeuronInfo | None:
    """None when there is no such subnet or uid."""
    if not if_subnet_exist(ctx, netuid) or not storage.Keys.contains(ctx, netuid, uid):
        return None
    return _Neurons(ctx, netuid).full(uid, storage.Keys.get(ctx, netuid, uid))


def get_neuron_lite(ctx: Context, netuid: int, uid: int) -> NeuronInfoLite | None:
    """None when there is no such subnet or uid."""
    if not if_subnet_exist(ctx, netuid) or not storage.Keys.contains(ctx, netuid, uid):
        return None
    return _Neurons(ctx, netuid).lite(uid, storage.Keys.get(ctx, netuid, uid))
