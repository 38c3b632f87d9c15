"""Mechanisms: a subnet may have several, each with weights, bonds and incentives of its own, over the same neurons.

What each mechanism has for itself is stored under one number made of netuid and mechanism (`NetUidStorageIndex`), which
for mechanism 0 is the netuid.
"""

from __future__ import annotations

import numpy as np

from .....consensus.integers import U16_MAX, saturate_u16, saturating_sub
from ....frame.context import Context
from ....frame.errors import ensure
from ....scale import VecU16
from .. import storage
from ..declared import constants
from ..declared.errors import Error
from ..declared.limits import GLOBAL_MAX_SUBNET_COUNT, MAX_MECHANISM_COUNT_PER_SUBNET
from .networks import if_subnet_exist

# --- netuid and mechanism in one number ----------------------------------------------------------------------------


def get_mechanism_storage_index(netuid: int, mechanism: int) -> int:
    """The number under which a mechanism of a subnet stores what it has for itself."""
    return saturate_u16(mechanism * GLOBAL_MAX_SUBNET_COUNT + netuid)


def get_netuid(storage_index: int) -> int:
    """The subnet in such a number."""
    return storage_index % GLOBAL_MAX_SUBNET_COUNT


def get_netuid_and_subid(ctx: Context, storage_index: int) -> tuple[int, int]:
    """The subnet and the mechanism in such a number; MechanismDoesNotExist unless both exist."""
    mechanism, netuid = divmod(storage_index, GLOBAL_MAX_SUBNET_COUNT)
    ensure_mechanism_exists(ctx, netuid, mechanism)
    return netuid, mechanism


# --- how many ------------------------------------------------------------------------------------------------------


def get_current_mechanism_count(ctx: Context, netuid: int) -> int:
    return storage.MechanismCountCurrent.get(ctx, netuid)


def storage_indices(ctx: Context, netuid: int) -> list[int]:
    """The storage indices of all mechanisms of a subnet."""
    return [get_mechanism_storage_index(netuid, m) for m in range(storage.MechanismCountCurrent.get(ctx, netuid))]


def ensure_mechanism_exists(ctx: Context, netuid: int, mechanism: int) -> None:
    """MechanismDoesNotExist unless the subnet exists and has so many mechanisms."""
    exists = if_subnet_exist(ctx, netuid) and mechanism < storage.MechanismCountCurrent.get(ctx, netuid)
    ensure(exists, Error.MechanismDoesNotExist)


def ensure_max_uids_over_all_mechanisms(ctx: Context, max_uids: int, mechanism_count: int) -> None:
    """TooManyUIDsPerMechanism when neurons times mechanisms are more than a subnet with one mechanism begins with."""
    total = saturate_u16(max_uids * mechanism_count)
    ensure(total <= constants.InitialMaxAllowedUids.get(ctx), Error.TooManyUIDsPerMechanism)


def do_set_mechanism_count(ctx: Context, netuid: int, mechanism_count: int) -> None:
    """Give a subnet another number of mechanisms, from 1; what those beyond it have stored is gone.

    MechanismDoesNotExist when there is no subnet; InvalidValue; TooManyUIDsPerMechanism.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.MechanismDoesNotExist)
    ensure(0 < mechanism_count <= storage.MaxMechanismCount.get(ctx), Error.InvalidValue)
    ensure_max_uids_over_all_mechanisms(ctx, storage.MaxAllowedUids.get(ctx, netuid), mechanism_count)
    ensure(mechanism_count <= MAX_MECHANISM_COUNT_PER_SUBNET, Error.InvalidValue)
    update_mechanism_counts_if_needed(ctx, netuid, mechanism_count)


def do_set_max_mechanism_count(ctx: Context, max_mechanism_count: int) -> None:
    """Set how many mechanisms a subnet may have: 1 to 16, or InvalidValue."""
    ensure(0 < max_mechanism_count <= MAX_MECHANISM_COUNT_PER_SUBNET, Error.InvalidValue)
    storage.MaxMechanismCount.put(ctx, max_mechanism_count)


def update_mechanism_counts_if_needed(ctx: Context, netuid: int, new_count: int) -> None:
    """Set the number of mechanisms; when it changes, all share the emission equally again."""
    old_count = storage.MechanismCountCurrent.get(ctx, netuid)
    if old_count == new_count:
        return
    for mechanism in range(new_count, old_count):
        _clear_mechanism(ctx, get_mechanism_storage_index(netuid, mechanism))
    storage.MechanismCountCurrent.put(ctx, netuid, new_count)
    storage.MechanismEmissionSplit.remove(ctx, netuid)


def _clear_mechanism(ctx: Context, index: int) -> None:
    storage.Incentive.remove(ctx, index)
    storage.LastUpdate.remove(ctx, index)
    for item in (storage.Weights, storage.Bonds, storage.WeightCommits, storage.TimelockedWeightCommits):
        item.clear_under(ctx, index)


def clear_all_mechanisms(ctx: Context, netuid: int) -> None:
    """Remove all that the mechanisms of a subnet have stored, their number, and commits of former kinds."""
    for index in storage_indices(ctx, netuid):
        _clear_mechanism(ctx, index)
        storage.CRV3WeightCommits.clear_under(ctx, index)
        storage.CRV3WeightCommitsV2.clear_under(ctx, index)
    storage.MechanismCountCurrent.remove(ctx, netuid)
    storage.MechanismEmissionSplit.remove(ctx, netuid)


# --- how they share the emission -----------------------------------------------------------------------------------


def do_set_emission_split(ctx: Context, netuid: int, split: VecU16 | None) -> None:
    """Set the shares of a subnet's mechanisms, u16 proportions of sum 65535; None: equal ones.

    MechanismDoesNotExist when there is no subnet; InvalidValue for another sum or more shares than mechanisms.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.MechanismDoesNotExist)
    if split is None:
        storage.MechanismEmissionSplit.remove(ctx, netuid)
        return
    ensure(0 < len(split) <= storage.MechanismCountCurrent.get(ctx, netuid), Error.InvalidValue)
    ensure(int(split.sum(dtype=np.uint64)) == U16_MAX, Error.InvalidValue)
    storage.MechanismEmissionSplit.put(ctx, netuid, split)


def split_emissions(ctx: Context, netuid: int, alpha: int) -> list[int]:
    """The alpha of each mechanism. Mechanisms without a share get nothing; what rounding leaves goes to mechanism 0."""
    count = storage.MechanismCountCurrent.get(ctx, netuid)
    split = storage.MechanismEmissionSplit.get(ctx, netuid)
    shares = [alpha // count] * count if split is None else [alpha * int(share) // U16_MAX for share in split]
    shares = (shares + [0] * count)[:count]
    shares[0] += saturating_sub(alpha, sum(shares))
    return shares
