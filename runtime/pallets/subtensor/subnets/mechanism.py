"""Mechanisms: a subnet may have several, each with its own weights, bonds and incentives over the same neurons.

The entries of a mechanism are stored under one number made of netuid and mechanism (`NetUidStorageIndex`). For
mechanism 0 it equals the netuid.
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

# --- storage indices -----------------------------------------------------------------------------------------------


def get_mechanism_storage_index(netuid: int, mechanism: int) -> int:
    """Return the storage index of a mechanism of a subnet."""
    return saturate_u16(mechanism * GLOBAL_MAX_SUBNET_COUNT + netuid)


def get_netuid(storage_index: int) -> int:
    """Return the subnet of a storage index."""
    return storage_index % GLOBAL_MAX_SUBNET_COUNT


def get_netuid_and_subid(ctx: Context, storage_index: int) -> tuple[int, int]:
    """Return the subnet and the mechanism of a storage index. Fails with MechanismDoesNotExist unless both exist."""
    mechanism, netuid = divmod(storage_index, GLOBAL_MAX_SUBNET_COUNT)
    ensure_mechanism_exists(ctx, netuid, mechanism)
    return netuid, mechanism


# --- the number of mechanisms --------------------------------------------------------------------------------------


def storage_indices(ctx: Context, netuid: int) -> list[int]:
    """Return the storage indices of all mechanisms of a subnet."""
    return [get_mechanism_storage_index(netuid, m) for m in range(storage.MechanismCountCurrent.get(ctx, netuid))]


def ensure_mechanism_exists(ctx: Context, netuid: int, mechanism: int) -> None:
    """Refuse a mechanism that the subnet does not have, or a subnet that does not exist (MechanismDoesNotExist)."""
    exists = if_subnet_exist(ctx, netuid) and mechanism < storage.MechanismCountCurrent.get(ctx, netuid)
    ensure(exists, Error.MechanismDoesNotExist)


def ensure_max_uids_over_all_mechanisms(ctx: Context, max_uids: int, mechanism_count: int) -> None:
    """Refuse neurons times mechanisms above the initial maximum of neurons of a subnet (TooManyUIDsPerMechanism)."""
    total = saturate_u16(max_uids * mechanism_count)
    ensure(total <= constants.InitialMaxAllowedUids.get(ctx), Error.TooManyUIDsPerMechanism)


def do_set_mechanism_count(ctx: Context, netuid: int, mechanism_count: int) -> None:
    """Set the number of mechanisms of a subnet, at least 1; entries of mechanisms above it are removed.

    Fails with MechanismDoesNotExist when the subnet does not exist, InvalidValue for a number out of bounds, and
    TooManyUIDsPerMechanism.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.MechanismDoesNotExist)
    ensure(0 < mechanism_count <= storage.MaxMechanismCount.get(ctx), Error.InvalidValue)
    ensure_max_uids_over_all_mechanisms(ctx, storage.MaxAllowedUids.get(ctx, netuid), mechanism_count)
    ensure(mechanism_count <= MAX_MECHANISM_COUNT_PER_SUBNET, Error.InvalidValue)
    update_mechanism_counts_if_needed(ctx, netuid, mechanism_count)


def do_set_max_mechanism_count(ctx: Context, max_mechanism_count: int) -> None:
    """Set the maximum number of mechanisms of a subnet. Fails with InvalidValue unless it is from 1 to 16."""
    ensure(0 < max_mechanism_count <= MAX_MECHANISM_COUNT_PER_SUBNET, Error.InvalidValue)
    storage.MaxMechanismCount.put(ctx, max_mechanism_count)


def update_mechanism_counts_if_needed(ctx: Context, netuid: int, new_count: int) -> None:
    """Set the number of mechanisms; if it changes, the emission is split equally again."""
    old_count = storage.MechanismCountCurrent.get(ctx, netuid)
    if old_count == new_count:
        return
    for mechanism in range(new_count, old_count):
        _clear_mechanism(ctx, get_mechanism_storage_index(netuid, mechanism))
    storage.MechanismCountCurrent.put(ctx, netuid, new_count)
    storage.MechanismEmissionSplit.remove(ctx, netuid)


def _clear_mechanism(ctx: Context, index: int) -> None:
    """Remove what a mechanism has stored."""
    storage.Incentive.remove(ctx, index)
    storage.LastUpdate.remove(ctx, index)
    for item in (storage.Weights, storage.Bonds, storage.WeightCommits, storage.TimelockedWeightCommits):
        item.clear_under(ctx, index)


def clear_all_mechanisms(ctx: Context, netuid: int) -> None:
    """Remove what the mechanisms of a subnet have stored, their number and split, and commits of earlier versions."""
    for index in storage_indices(ctx, netuid):
        _clear_mechanism(ctx, index)
        storage.CRV3WeightCommits.clear_under(ctx, index)
        storage.CRV3WeightCommitsV2.clear_under(ctx, index)
    storage.MechanismCountCurrent.remove(ctx, netuid)
    storage.MechanismEmissionSplit.remove(ctx, netuid)


# --- the split of the emission -------------------------------------------------------------------------------------


def do_set_emission_split(ctx: Context, netuid: int, split: VecU16 | None) -> None:
    """Set the shares of the mechanisms in the emission, u16 proportions with the sum 65535; None for equal shares.

    Fails with MechanismDoesNotExist when the subnet does not exist, and with InvalidValue for another sum, for no
    shares or for more shares than mechanisms.
    """
    ensure(if_subnet_exist(ctx, netuid), Error.MechanismDoesNotExist)
    if split is None:
        storage.MechanismEmissionSplit.remove(ctx, netuid)
        return
    ensure(0 < len(split) <= storage.MechanismCountCurrent.get(ctx, netuid), Error.InvalidValue)
    ensure(int(split.sum(dtype=np.uint64)) == U16_MAX, Error.InvalidValue)
    storage.MechanismEmissionSplit.put(ctx, netuid, split)


def split_emissions(ctx: Context, netuid: int, alpha: int) -> list[int]:
    """Return the alpha of each mechanism, out of `alpha`.

    Mechanisms without a share get nothing; mechanism 0 gets the remainder of the rounding.
    """
    count = storage.MechanismCountCurrent.get(ctx, netuid)
    split = storage.MechanismEmissionSplit.get(ctx, netuid)
    shares = [alpha // count] * count if split is None else [alpha * int(share) // U16_MAX for share in split]
    shares = (shares + [0] * count)[:count]
    shares[0] += saturating_sub(alpha, sum(shares))
    return shares
