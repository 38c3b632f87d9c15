"""Uids: the neurons of a subnet are numbered from 0. A new neuron gets the next number or replaces another neuron.

`Keys` and `Uids` are inverse maps. The results of the last epoch are in arrays with one entry for each uid, some of
them for each mechanism. An array may be shorter than the subnet; missing entries read as zero.

When a subnet is trimmed, the neurons that earn least are removed, and the others are renumbered from 0 in their old
order, together with their weights and bonds.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.storage import StorageDoubleMap, StorageMap
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..subnets.mechanism import get_netuid, storage_indices
from ..subnets.networks import if_subnet_exist
from .immunity import get_immune_owner_uids, get_neuron_is_immune

Array = NDArray[Any]
ArrayMap = StorageMap[int, Array, Array]
#: One row of weights or bonds for each uid: pairs of uid and u16.
RowMap = StorageDoubleMap[int, int, NDArray[np.uint16], NDArray[np.uint16]]
#: The new uid of each old one when a subnet is trimmed; REMOVED for neurons that are removed.
NewUids = NDArray[np.int64]
REMOVED = -1

T = TypeVar("T")

#: Arrays by subnet with an entry for each uid that a new neuron extends; its first epoch extends `StakeWeight`.
APPENDED: tuple[ArrayMap, ...] = (
    storage.Emission,
    storage.Consensus,
    storage.Dividends,
    storage.ValidatorTrust,
    storage.ValidatorPermit,
)
PER_UID: tuple[ArrayMap, ...] = (*APPENDED, storage.StakeWeight)


# --- uids and hotkeys ----------------------------------------------------------------------------------------------


def get_subnetwork_n(ctx: Context, netuid: int) -> int:
    """Return the number of neurons of a subnet."""
    return storage.SubnetworkN.get(ctx, netuid)


def is_uid_exist_on_network(ctx: Context, netuid: int, uid: int) -> bool:
    """Return whether the subnet has this uid."""
    return storage.Keys.contains(ctx, netuid, uid)


def is_hotkey_registered_on_network(ctx: Context, netuid: int, hotkey: bytes) -> bool:
    """Return whether the hotkey is a neuron of the subnet."""
    return storage.Uids.contains(ctx, netuid, hotkey)


def get_hotkey_for_net_and_uid(ctx: Context, netuid: int, uid: int) -> bytes:
    """Return the hotkey of a uid. Fails with HotKeyNotRegisteredInSubNet when the subnet has no such uid."""
    if not storage.Keys.contains(ctx, netuid, uid):
        raise DispatchFailed(Error.HotKeyNotRegisteredInSubNet)
    return storage.Keys.get(ctx, netuid, uid)


def get_uid_for_net_and_hotkey(ctx: Context, netuid: int, hotkey: bytes) -> int:
    """Return the uid of a hotkey. Fails with HotKeyNotRegisteredInSubNet when it has none."""
    uid = storage.Uids.get(ctx, netuid, hotkey)
    if uid is None:
        raise DispatchFailed(Error.HotKeyNotRegisteredInSubNet)
    return uid


def get_registered_networks_for_hotkey(ctx: Context, hotkey: bytes) -> list[int]:
    """Return the subnets on which a hotkey is a neuron, root included."""
    return [netuid for netuid, member in storage.IsNetworkMember.under(ctx, hotkey) if member]


def is_hotkey_registered_on_any_network(ctx: Context, hotkey: bytes) -> bool:
    """Return whether the hotkey is a neuron of any subnet, or a member of root."""
    return any(member for _, member in storage.IsNetworkMember.under(ctx, hotkey))


# --- entries of arrays ---------------------------------------------------------------------------------------------


def set_element_at(ctx: Context, item: ArrayMap, key: int, uid: int, value: int) -> None:
    """Write one entry of an array, which is stored afterwards even if it is too short for the entry."""
    values = item.get(ctx, key)
    if uid < len(values):
        values = values.copy()
        values[uid] = value
    item.put(ctx, key, values)


def set_active_for_uid(ctx: Context, netuid: int, uid: int, active: bool) -> None:
    """Set whether a neuron is active; do nothing where the array has no entry for it."""
    if uid < len(storage.Active.get(ctx, netuid)):
        set_element_at(ctx, storage.Active, netuid, uid, active)


def get_last_update(ctx: Context, netuid_index: int) -> NDArray[np.uint64]:
    """Return the block in which each neuron last set or committed weights in a mechanism, by uid.

    The array is padded with zeros to the number of neurons.
    """
    values = storage.LastUpdate.get(ctx, netuid_index)
    missing = get_subnetwork_n(ctx, get_netuid(netuid_index)) - len(values)
    return np.pad(values, (0, missing)) if missing > 0 else values


def set_last_update_for_uid(ctx: Context, netuid_index: int, uid: int, last_update: int) -> None:
    """Set the block in which a neuron last set or committed weights in a mechanism; ignore uids that do not exist."""
    values = get_last_update(ctx, netuid_index)
    if uid < len(values):
        values = values.copy()
        values[uid] = last_update
        storage.LastUpdate.put(ctx, netuid_index, values)


# --- adding and replacing neurons ----------------------------------------------------------------------------------


def append_neuron(ctx: Context, netuid: int, new_hotkey: bytes, block: int) -> None:
    """Assign the next uid to a hotkey."""
    uid = get_subnetwork_n(ctx, netuid)
    storage.SubnetworkN.put(ctx, netuid, uid + 1)
    _append_entry(ctx, storage.Active, netuid, True)
    for item in APPENDED:
        _append_entry(ctx, item, netuid, 0)
    for index in storage_indices(ctx, netuid):
        _append_entry(ctx, storage.Incentive, index, 0)
        set_last_update_for_uid(ctx, index, uid, block)
    _store_neuron(ctx, netuid, uid, new_hotkey, block)


def _append_entry(ctx: Context, item: ArrayMap, key: int, value: int) -> None:
    """Append one entry to an array."""
    values = item.get(ctx, key)
    item.put(ctx, key, np.append(values, values.dtype.type(value)))


def _store_neuron(ctx: Context, netuid: int, uid: int, hotkey: bytes, block: int) -> None:
    """Store a hotkey under its uid, and the block of its registration."""
    storage.Keys.put(ctx, netuid, uid, hotkey)
    storage.Uids.put(ctx, netuid, hotkey, uid)
    storage.BlockAtRegistration.put(ctx, netuid, uid, block)
    storage.IsNetworkMember.put(ctx, hotkey, netuid, True)


def remove_endpoints(ctx: Context, netuid: int, hotkey: bytes) -> None:
    """Remove the axon, the certificate and the metrics endpoint that a hotkey published on a subnet."""
    storage.Axons.remove(ctx, netuid, hotkey)
    storage.NeuronCertificates.remove(ctx, netuid, hotkey)
    storage.Prometheus.remove(ctx, netuid, hotkey)


def replace_neuron(ctx: Context, netuid: int, uid: int, new_hotkey: bytes, block: int) -> None:
    """Assign a uid to another hotkey, whose values start from zero.

    Do nothing when the uid belongs to the hotkey of the subnet's owner.
    """
    old_hotkey = storage.Keys.get(ctx, netuid, uid)
    if storage.SubnetOwnerHotkey.contains(ctx, netuid) and storage.SubnetOwnerHotkey.get(ctx, netuid) == old_hotkey:
        return
    storage.Uids.remove(ctx, netuid, old_hotkey)
    storage.AssociatedEvmAddress.remove(ctx, netuid, uid)
    storage.IsNetworkMember.remove(ctx, old_hotkey, netuid)
    set_active_for_uid(ctx, netuid, uid, True)
    _store_neuron(ctx, netuid, uid, new_hotkey, block)
    remove_endpoints(ctx, netuid, old_hotkey)
    clear_neuron(ctx, netuid, uid)
    for index in storage_indices(ctx, netuid):
        set_last_update_for_uid(ctx, index, uid, block)


def clear_neuron(ctx: Context, netuid: int, uid: int) -> None:
    """Set the results of epochs for a uid to zero, and remove its bonds and weights.

    The weights of other neurons on it become zero.
    """
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


# --- trimming ------------------------------------------------------------------------------------------------------


def trim_to_max_allowed_uids(ctx: Context, netuid: int, max_n: int) -> None:
    """Set the maximum of neurons of a subnet to `max_n`, and remove neurons of the lowest emission down to it.

    Fails with SubnetNotExists, InvalidValue unless `max_n` is between the subnet's minimum and its present maximum,
    and TrimmingWouldExceedMaxImmunePercentage when 80 % of `max_n` neurons or more would be immune.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.SubnetNotExists)
    ensure(
        storage.MinAllowedUids.get(ctx, netuid) <= max_n <= storage.MaxAllowedUids.get(ctx, netuid), Error.InvalidValue
    )
    n = get_subnetwork_n(ctx, netuid)
    if n > max_n:
        removed = _uids_to_trim(ctx, netuid, n, max_n)
        kept = np.setdiff1d(np.arange(len(storage.Emission.get(ctx, netuid))), removed)
        for uid in removed:
            _remove_neuron(ctx, netuid, uid)
        _renumber(ctx, netuid, kept)
        storage.SubnetworkN.put(ctx, netuid, max_n)
    storage.MaxAllowedUids.put(ctx, netuid, max_n)


def _uids_to_trim(ctx: Context, netuid: int, n: int, max_n: int) -> list[int]:
    """Return the uids to remove: the ones with the lowest emission among those that are not immune.

    Of equal emissions, the highest uids are removed first.
    """
    immune = set(get_immune_owner_uids(ctx, netuid, storage.SubnetOwner.get(ctx, netuid)))
    immune.update(uid for uid in range(n) if get_neuron_is_immune(ctx, netuid, uid))
    percentage = 100 * len(immune) // max_n if len(immune) <= max_n and max_n else 100
    ensure(percentage < constants.MaxImmuneUidsPercentage.get(ctx), Error.TrimmingWouldExceedMaxImmunePercentage)
    emissions = storage.Emission.get(ctx, netuid).tolist()
    from_lowest = sorted(range(len(emissions)), key=lambda uid: (emissions[uid], -uid))
    return [uid for uid in from_lowest if uid not in immune][: n - max_n]


def _remove_neuron(ctx: Context, netuid: int, uid: int) -> None:
    """Remove all that is stored under the hotkey or the uid of a neuron."""
    if storage.Keys.contains(ctx, netuid, uid):
        hotkey = storage.Keys.get(ctx, netuid, uid)
        storage.IsNetworkMember.remove(ctx, hotkey, netuid)
        storage.LastHotkeyEmissionOnNetuid.remove(ctx, hotkey, netuid)
        storage.AlphaDividendsPerSubnet.remove(ctx, netuid, hotkey)
        remove_endpoints(ctx, netuid, hotkey)
    storage.Keys.remove(ctx, netuid, uid)
    storage.BlockAtRegistration.remove(ctx, netuid, uid)
    storage.AssociatedEvmAddress.remove(ctx, netuid, uid)
    for index in storage_indices(ctx, netuid):
        storage.Weights.remove(ctx, index, uid)
        storage.Bonds.remove(ctx, index, uid)


def _renumber(ctx: Context, netuid: int, kept: NDArray[np.int64]) -> None:
    """Number the remaining neurons, whose old uids in order are `kept`, from 0."""
    new_uids = np.full(kept[-1] + 1 if len(kept) else 0, REMOVED)
    new_uids[kept] = np.arange(len(kept))
    indices = storage_indices(ctx, netuid)
    for item in (storage.Active, *PER_UID):
        _keep_entries(ctx, item, netuid, kept)
    for index in indices:
        _keep_entries(ctx, storage.Incentive, index, kept)
        _keep_entries(ctx, storage.LastUpdate, index, kept)
    storage.Uids.clear_under(ctx, netuid)
    for new, old in enumerate(kept.tolist()):
        _move_entry(ctx, storage.Keys, netuid, old, new)
        _move_entry(ctx, storage.BlockAtRegistration, netuid, old, new)
        _move_entry(ctx, storage.AssociatedEvmAddress, netuid, old, new)
        for index in indices:
            _move_row(ctx, storage.Weights, index, old, new, new_uids)
            _move_row(ctx, storage.Bonds, index, old, new, new_uids)
        storage.Uids.put(ctx, netuid, storage.Keys.get(ctx, netuid, new), new)


def _keep_entries(ctx: Context, item: ArrayMap, key: int, kept: NDArray[np.int64]) -> None:
    """Keep the entries `kept` of an array; missing ones become zeros."""
    values = item.get(ctx, key)
    picked = np.zeros(len(kept), values.dtype)
    present = kept < len(values)
    picked[present] = values[kept[present]]
    item.put(ctx, key, picked)


def _move_entry(ctx: Context, item: StorageDoubleMap[int, int, T, Any], netuid: int, old: int, new: int) -> None:
    """Move an entry, if there is one, from the old uid to the new one, which is free."""
    # Any stands for the value of an absent entry, which is not read here.
    if old != new and item.contains(ctx, netuid, old):
        item.put(ctx, netuid, new, item.take(ctx, netuid, old))


def _move_row(ctx: Context, item: RowMap, index: int, old: int, new: int, new_uids: NewUids) -> None:
    """Move a row of pairs of uid and value and renumber its uids; store an empty row where there was none."""
    row = item.take(ctx, index, old)
    row = row[row[:, 0] < len(new_uids)]
    uids = new_uids[row[:, 0]]
    stays = uids != REMOVED
    item.put(ctx, index, new, np.column_stack((uids[stays], row[stays, 1])).astype(np.uint16))
