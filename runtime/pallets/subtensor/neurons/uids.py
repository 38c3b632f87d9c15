"""Uids: a subnet's neurons are numbered from 0. New ones get the next number, or the one of a neuron that has to go.

`Keys` and `Uids` are each other's inverse. What the last epoch found lies in arrays with one entry for each uid, some
of them once for each mechanism; an array may be shorter than the subnet, what it lacks reads as zero.

A subnet is trimmed when its owner lowers the number of neurons: those that earn least go, the others close ranks. They
keep their order and get the uids from 0 on; weights and bonds follow them.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.storage import StorageDoubleMap, StorageMap
from ...shared.types import AlphaBalance
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..ledger.share_pool import get_stake_for_hotkey_on_subnet
from ..subnets.mechanism import get_netuid, storage_indices
from ..subnets.networks import if_subnet_exist
from .immunity import get_immune_owner_uids, get_neuron_is_immune

Array = NDArray[Any]
ArrayMap = StorageMap[int, Array, Array]
#: One row of weights or bonds for each uid: pairs of uid and u16.
RowMap = StorageDoubleMap[int, int, NDArray[np.uint16], NDArray[np.uint16]]
#: The new uid of each old one when a subnet is trimmed; GONE for those that have none any more.
NewUids = NDArray[np.int64]
GONE = -1

T = TypeVar("T")

#: Arrays with an entry for each uid, by subnet. A new neuron has an entry in all of them but `StakeWeight`, which
#: gets it from its first epoch.
APPENDED: tuple[ArrayMap, ...] = (
    storage.Emission,
    storage.Consensus,
    storage.Dividends,
    storage.ValidatorTrust,
    storage.ValidatorPermit,
)
PER_UID: tuple[ArrayMap, ...] = (*APPENDED, storage.StakeWeight)


# --- who is who ----------------------------------------------------------------------------------------------------


def get_subnetwork_n(ctx: Context, netuid: int) -> int:
    """Number of neurons of a subnet."""
    return storage.SubnetworkN.get(ctx, netuid)


def is_uid_exist_on_network(ctx: Context, netuid: int, uid: int) -> bool:
    return storage.Keys.contains(ctx, netuid, uid)


def is_hotkey_registered_on_network(ctx: Context, netuid: int, hotkey: bytes) -> bool:
    return storage.Uids.contains(ctx, netuid, hotkey)


def is_hotkey_registered_on_specific_network(ctx: Context, hotkey: bytes, netuid: int) -> bool:
    """The same, by the hotkey's list of subnets."""
    return storage.IsNetworkMember.contains(ctx, hotkey, netuid)


def get_hotkey_for_net_and_uid(ctx: Context, netuid: int, uid: int) -> bytes:
    """The hotkey of a uid; HotKeyNotRegisteredInSubNet when nobody has it."""
    if not storage.Keys.contains(ctx, netuid, uid):
        raise DispatchFailed(Error.HotKeyNotRegisteredInSubNet)
    return storage.Keys.get(ctx, netuid, uid)


def get_uid_for_net_and_hotkey(ctx: Context, netuid: int, hotkey: bytes) -> int:
    """The uid of a hotkey; HotKeyNotRegisteredInSubNet when it has none."""
    uid = storage.Uids.get(ctx, netuid, hotkey)
    if uid is None:
        raise DispatchFailed(Error.HotKeyNotRegisteredInSubNet)
    return uid


def get_stake_for_uid_and_subnetwork(ctx: Context, netuid: int, uid: int) -> AlphaBalance:
    """The stake on a neuron, in alpha; 0 when there is no such uid."""
    if not storage.Keys.contains(ctx, netuid, uid):
        return 0
    return get_stake_for_hotkey_on_subnet(ctx, storage.Keys.get(ctx, netuid, uid), netuid)


def get_registered_networks_for_hotkey(ctx: Context, hotkey: bytes) -> list[int]:
    """The subnets on which a hotkey is a neuron, root included."""
    return [netuid for netuid, member in storage.IsNetworkMember.under(ctx, hotkey) if member]


def is_hotkey_registered_on_any_network(ctx: Context, hotkey: bytes) -> bool:
    return any(member for _, member in storage.IsNetworkMember.under(ctx, hotkey))


# --- one entry of an array -----------------------------------------------------------------------------------------


def set_element_at(ctx: Context, item: ArrayMap, key: int, uid: int, value: int) -> None:
    """Write one entry; an array without it stays as it is, but is there afterwards."""
    values = item.get(ctx, key)
    if uid < len(values):
        values = values.copy()
        values[uid] = value
    item.put(ctx, key, values)


def set_active_for_uid(ctx: Context, netuid: int, uid: int, active: bool) -> None:
    """Note whether a neuron is active."""
    if uid < len(storage.Active.get(ctx, netuid)):
        set_element_at(ctx, storage.Active, netuid, uid, active)


def get_last_update(ctx: Context, netuid_index: int) -> NDArray[np.uint64]:
    """When each neuron last set or committed weights in a mechanism, with an entry for each uid at least."""
    values = storage.LastUpdate.get(ctx, netuid_index)
    missing = get_subnetwork_n(ctx, get_netuid(netuid_index)) - len(values)
    return np.pad(values, (0, missing)) if missing > 0 else values


def set_last_update_for_uid(ctx: Context, netuid_index: int, uid: int, last_update: int) -> None:
    """Note when a neuron set or committed weights in a mechanism; nothing happens for a uid that does not exist."""
    values = get_last_update(ctx, netuid_index)
    if uid < len(values):
        values = values.copy()
        values[uid] = last_update
        storage.LastUpdate.put(ctx, netuid_index, values)


# --- coming and going ----------------------------------------------------------------------------------------------


def append_neuron(ctx: Context, netuid: int, new_hotkey: bytes, block: int) -> None:
    """Give a hotkey the next uid."""
    uid = get_subnetwork_n(ctx, netuid)
    storage.SubnetworkN.put(ctx, netuid, uid + 1)
    _push(ctx, storage.Active, netuid, True)
    for item in APPENDED:
        _push(ctx, item, netuid, 0)
    for index in storage_indices(ctx, netuid):
        _push(ctx, storage.Incentive, index, 0)
        set_last_update_for_uid(ctx, index, uid, block)
    _seat(ctx, netuid, uid, new_hotkey, block)


def _push(ctx: Context, item: ArrayMap, key: int, value: int) -> None:
    values = item.get(ctx, key)
    item.put(ctx, key, np.append(values, values.dtype.type(value)))


def _seat(ctx: Context, netuid: int, uid: int, hotkey: bytes, block: int) -> None:
    storage.Keys.put(ctx, netuid, uid, hotkey)
    storage.Uids.put(ctx, netuid, hotkey, uid)
    storage.BlockAtRegistration.put(ctx, netuid, uid, block)
    storage.IsNetworkMember.put(ctx, hotkey, netuid, True)


def forget_endpoints(ctx: Context, netuid: int, hotkey: bytes) -> None:
    """Remove what a hotkey published on a subnet: axon, certificate, metrics."""
    storage.Axons.remove(ctx, netuid, hotkey)
    storage.NeuronCertificates.remove(ctx, netuid, hotkey)
    storage.Prometheus.remove(ctx, netuid, hotkey)


def replace_neuron(ctx: Context, netuid: int, uid: int, new_hotkey: bytes, block: int) -> None:
    """Give a uid to another hotkey, which starts from nothing. The owner hotkey of a subnet keeps its uid, silently."""
    old_hotkey = storage.Keys.get(ctx, netuid, uid)
    if storage.SubnetOwnerHotkey.contains(ctx, netuid) and storage.SubnetOwnerHotkey.get(ctx, netuid) == old_hotkey:
        return
    storage.Uids.remove(ctx, netuid, old_hotkey)
    storage.AssociatedEvmAddress.remove(ctx, netuid, uid)
    storage.IsNetworkMember.remove(ctx, old_hotkey, netuid)
    set_active_for_uid(ctx, netuid, uid, True)
    _seat(ctx, netuid, uid, new_hotkey, block)
    forget_endpoints(ctx, netuid, old_hotkey)
    clear_neuron(ctx, netuid, uid)
    for index in storage_indices(ctx, netuid):
        set_last_update_for_uid(ctx, index, uid, block)


def clear_neuron(ctx: Context, netuid: int, uid: int) -> None:
    """Set to zero what epochs found for a uid, and drop its bonds, its weights and the weights of others on it."""
    for item in PER_UID:
        set_element_at(ctx, item, netuid, uid, 0)
    for index in storage_indices(ctx, netuid):
        set_element_at(ctx, storage.Incentive, index, uid, 0)
        storage.Bonds.remove(ctx, index, uid)
        storage.Weights.remove(ctx, index, uid)
        for other, row in list(storage.Weights.under(ctx, index)):
            on_uid = row[:, 0] == uid
            if on_uid.any():
                row = row.copy()
                row[on_uid, 1] = 0
                storage.Weights.put(ctx, index, other, row)


# --- trimming -------------------------------------------------------------------------------------------------------


def trim_to_max_allowed_uids(ctx: Context, netuid: int, max_n: int) -> None:
    """Make `max_n` the most neurons of a subnet, and remove those with the lowest emission until no more are there.

    SubnetNotExists; InvalidValue unless `max_n` is between the subnet's least and its present maximum;
    TrimmingWouldExceedMaxImmunePercentage when four fifths of those that stay, or more, would be immune.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(
        storage.MinAllowedUids.get(ctx, netuid) <= max_n <= storage.MaxAllowedUids.get(ctx, netuid), Error.InvalidValue
    )
    n = get_subnetwork_n(ctx, netuid)
    if n > max_n:
        removed = _to_remove(ctx, netuid, n, max_n)
        kept = np.setdiff1d(np.arange(len(storage.Emission.get(ctx, netuid))), removed)
        for uid in removed:
            _remove_neuron(ctx, netuid, uid)
        _close_ranks(ctx, netuid, kept)
        storage.SubnetworkN.put(ctx, netuid, max_n)
    storage.MaxAllowedUids.put(ctx, netuid, max_n)


def _to_remove(ctx: Context, netuid: int, n: int, max_n: int) -> list[int]:
    """The uids that go: those with the lowest emission that are not immune; of equals the highest uids."""
    immune = set(get_immune_owner_uids(ctx, netuid, storage.SubnetOwner.get(ctx, netuid)))
    immune.update(uid for uid in range(n) if get_neuron_is_immune(ctx, netuid, uid))
    percentage = 100 * len(immune) // max_n if len(immune) <= max_n and max_n else 100
    ensure(percentage < constants.MaxImmuneUidsPercentage.get(ctx), Error.TrimmingWouldExceedMaxImmunePercentage)
    emissions = storage.Emission.get(ctx, netuid).tolist()
    from_lowest = sorted(range(len(emissions)), key=lambda uid: (emissions[uid], -uid))
    return [uid for uid in from_lowest if uid not in immune][: n - max_n]


def _remove_neuron(ctx: Context, netuid: int, uid: int) -> None:
    """Forget a neuron and all that is stored under its hotkey or its uid."""
    if storage.Keys.contains(ctx, netuid, uid):
        hotkey = storage.Keys.get(ctx, netuid, uid)
        storage.IsNetworkMember.remove(ctx, hotkey, netuid)
        storage.LastHotkeyEmissionOnNetuid.remove(ctx, hotkey, netuid)
        storage.AlphaDividendsPerSubnet.remove(ctx, netuid, hotkey)
        forget_endpoints(ctx, netuid, hotkey)
    storage.Keys.remove(ctx, netuid, uid)
    storage.BlockAtRegistration.remove(ctx, netuid, uid)
    storage.AssociatedEvmAddress.remove(ctx, netuid, uid)
    for index in storage_indices(ctx, netuid):
        storage.Weights.remove(ctx, index, uid)
        storage.Bonds.remove(ctx, index, uid)


def _close_ranks(ctx: Context, netuid: int, kept: NDArray[np.int64]) -> None:
    """Number the neurons that stay, `kept` in order of their old uids, from 0 on."""
    new_uids = np.full(kept[-1] + 1 if len(kept) else 0, GONE)
    new_uids[kept] = np.arange(len(kept))
    indices = storage_indices(ctx, netuid)
    for item in (storage.Active, *PER_UID):
        _pick(ctx, item, netuid, kept)
    for index in indices:
        _pick(ctx, storage.Incentive, index, kept)
        _pick(ctx, storage.LastUpdate, index, kept)
    storage.Uids.clear_under(ctx, netuid)
    for new, old in enumerate(kept.tolist()):
        _move(ctx, storage.Keys, netuid, old, new)
        _move(ctx, storage.BlockAtRegistration, netuid, old, new)
        _move(ctx, storage.AssociatedEvmAddress, netuid, old, new)
        for index in indices:
            _move_row(ctx, storage.Weights, index, old, new, new_uids)
            _move_row(ctx, storage.Bonds, index, old, new, new_uids)
        storage.Uids.put(ctx, netuid, storage.Keys.get(ctx, netuid, new), new)


def _pick(ctx: Context, item: ArrayMap, key: int, kept: NDArray[np.int64]) -> None:
    """Keep these entries of an array; those that it lacks become zeros."""
    values = item.get(ctx, key)
    picked = np.zeros(len(kept), values.dtype)
    there = kept < len(values)
    picked[there] = values[kept[there]]
    item.put(ctx, key, picked)


def _move(ctx: Context, item: StorageDoubleMap[int, int, T, Any], netuid: int, old: int, new: int) -> None:
    """Store under the new uid, which is free, what there is under the old one."""
    # Any: what reading an absent entry gives is no matter here
    if old != new and item.contains(ctx, netuid, old):
        item.put(ctx, netuid, new, item.take(ctx, netuid, old))


def _move_row(ctx: Context, item: RowMap, index: int, old: int, new: int, new_uids: NewUids) -> None:
    """Move a row of pairs of uid and value, and let its uids be the new ones; every neuron has a row afterwards."""
    row = item.take(ctx, index, old)
    row = row[row[:, 0] < len(new_uids)]
    uids = new_uids[row[:, 0]]
    stays = uids != GONE
    item.put(ctx, index, new, np.column_stack((uids[stays], row[stays, 1])).astype(np.uint16))
