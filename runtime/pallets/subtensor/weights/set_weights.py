"""Weights: how a validator rates the other neurons of its subnet, separately for each mechanism.

They are set directly where commit-reveal is off, and revealed where it is on (`commit_reveal`), by the same rules.
Stored weights are scaled so that the largest is 65535.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .....consensus.fixed import I64F64
from .....consensus.integers import saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchError, DispatchFailed, ensure
from ....frame.weight import Pays, weight_of
from ....scale import Compact, VecU16, u16, u64
from ...shared.types import ROOT_NETUID, MechId, NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..neurons.uids import (
    get_subnetwork_n,
    get_uid_for_net_and_hotkey,
    is_hotkey_registered_on_network,
    is_uid_exist_on_network,
    set_last_update_for_uid,
)
from ..staking.stake_weights import get_stake_weights_for_hotkey_on_subnet
from ..subnets.mechanism import ensure_mechanism_exists, get_mechanism_storage_index, get_netuid_and_subid
from ..subnets.networks import get_owner_uid

U16s = NDArray[np.uint16]
#: The mechanism that every subnet has.
MAIN = 0
U16_MAX = np.uint64(0xFFFF)
HALF, _32 = np.uint64(1 << 31), np.uint64(32)
#: Largest weight whose product with 65535 fits the 32 integer bits of the chain's fixed point.
EXACT_LIMIT = 1 << 15


# --- the values ----------------------------------------------------------------------------------------------------


def vec_u16_max_upscale_to_u16(values: U16s) -> U16s:
    """Return the weights scaled so that the largest is 65535, rounded half up; zeros stay zeros.

    The arithmetic is the chain's with 32 fraction bits. Where a product would not fit, the ratio is computed first.
    """
    if not values.any():
        return values
    wide, largest = values.astype(np.uint64), np.uint64(values.max())
    exact = largest <= EXACT_LIMIT
    scaled = (wide * U16_MAX << _32) // largest if exact else wide * ((U16_MAX << _32) // largest)
    return ((scaled + HALF) >> _32).astype(np.uint16)


def has_duplicate_uids(uids: U16s) -> bool:
    """Return whether a uid occurs twice."""
    return len(np.unique(uids)) != len(uids)


def contains_invalid_uids(ctx: Context, netuid: int, uids: U16s) -> bool:
    """Return whether one of the uids does not exist on the subnet."""
    return bool((uids >= get_subnetwork_n(ctx, netuid)).any())


def is_self_weight(uid: int, uids: U16s, weights: U16s) -> bool:
    """Return whether these are exactly one weight, on the neuron itself."""
    return len(weights) == 1 and len(uids) > 0 and int(uids[0]) == uid


# --- permissions and limits ----------------------------------------------------------------------------------------


def check_weights_min_stake(ctx: Context, hotkey: bytes, netuid: int) -> bool:
    """Return whether a hotkey has the stake required to set weights; the subnet owner's hotkey needs none.

    Against a threshold of 2^63 or more every hotkey has it.
    """
    threshold = storage.StakeThreshold.get(ctx)
    owner_uid = get_owner_uid(ctx, netuid)
    if threshold == 0 or (owner_uid is not None and storage.Uids.get(ctx, netuid, hotkey) == owner_uid):
        return True
    total, _, _ = get_stake_weights_for_hotkey_on_subnet(ctx, hotkey, netuid)
    # The chain compares I64F64 with u64 by the bits of both: from 2^63 on, the threshold is negative.
    return total >= I64F64.wrapping_from_int(threshold)


def check_version_key(ctx: Context, netuid: int, version_key: int) -> bool:
    """Return whether weights of this version are new enough for the subnet."""
    return version_key >= storage.WeightsVersionKey.get(ctx, netuid)


def get_last_update_for_uid(ctx: Context, netuid_index: int, uid: int) -> int:
    """Return the block in which a neuron last set or committed weights in a mechanism; 0 for never."""
    blocks = storage.LastUpdate.get(ctx, netuid_index)
    return int(blocks[uid]) if uid < len(blocks) else 0


def check_rate_limit(ctx: Context, netuid_index: int, uid: int, current_block: int) -> bool:
    """Return whether a neuron may set or commit weights in a mechanism in this block.

    It may not when the neuron or the mechanism does not exist.
    """
    try:
        netuid, _ = get_netuid_and_subid(ctx, netuid_index)
    except DispatchFailed:
        return False
    if not is_uid_exist_on_network(ctx, netuid, uid):
        return False
    last = get_last_update_for_uid(ctx, netuid_index, uid)
    return last == 0 or saturating_sub(current_block, last) >= storage.WeightsSetRateLimit.get(ctx, netuid)


def get_validator_permit_for_uid(ctx: Context, netuid: int, uid: int) -> bool:
    """Return whether the last epoch gave the neuron a validator permit."""
    permits = storage.ValidatorPermit.get(ctx, netuid)
    return uid < len(permits) and bool(permits[uid])


def check_validator_permit(ctx: Context, netuid: int, uid: int, uids: U16s, weights: U16s) -> bool:
    """Return whether a neuron may set these weights.

    Each neuron may set one weight on itself; other weights need a validator permit, or the owner's uid.
    """
    return (
        is_self_weight(uid, uids, weights)
        or get_owner_uid(ctx, netuid) == uid
        or get_validator_permit_for_uid(ctx, netuid, uid)
    )


def check_length(ctx: Context, netuid: int, uid: int, uids: U16s, weights: U16s) -> bool:
    """Return whether there are at least the required number of weights, or one for each neuron.

    One weight on the neuron itself is enough.
    """
    required = min(get_subnetwork_n(ctx, netuid), storage.MinAllowedWeights.get(ctx, netuid))
    return is_self_weight(uid, uids, weights) or len(weights) >= required


# --- setting weights -----------------------------------------------------------------------------------------------


def do_set_mechanism_weights(ctx: Context, netuid: int, mecid: int, uids: U16s, values: U16s, version_key: int) -> None:
    """Set the weights of the signer, a hotkey of the subnet. The order of the checks is the chain's.

    With commit-reveal on, neither the rate limit nor the last update is touched: both belong to the commit.
    """
    index = get_mechanism_storage_index(netuid, mecid)
    hotkey = ctx.ensure_signed()
    ensure(netuid != ROOT_NETUID, Error.CanNotSetRootNetworkWeights)
    ensure(len(uids) == len(values), Error.WeightVecNotEqualSize)
    ensure_mechanism_exists(ctx, netuid, mecid)
    ensure(len(uids) <= get_subnetwork_n(ctx, netuid), Error.UidsLengthExceedUidsInSubNet)
    ensure(is_hotkey_registered_on_network(ctx, netuid, hotkey), Error.HotKeyNotRegisteredInSubNet)
    ensure(check_weights_min_stake(ctx, hotkey, netuid), Error.NotEnoughStakeToSetWeights)
    ensure(check_version_key(ctx, netuid, version_key), Error.IncorrectWeightVersionKey)
    uid, block = get_uid_for_net_and_hotkey(ctx, netuid, hotkey), ctx.block.number
    direct = not storage.CommitRevealWeightsEnabled.get(ctx, netuid)
    if direct:
        ensure(check_rate_limit(ctx, index, uid, block), Error.SettingWeightsTooFast)
    ensure(check_validator_permit(ctx, netuid, uid, uids, values), Error.NeuronNoValidatorPermit)
    ensure(not has_duplicate_uids(uids), Error.DuplicateUids)
    ensure(not contains_invalid_uids(ctx, netuid, uids), Error.UidVecContainInvalidOne)
    ensure(check_length(ctx, netuid, uid, uids, values), Error.WeightVecLengthIsLow)

    storage.Weights.put(ctx, index, uid, np.column_stack((uids, vec_u16_max_upscale_to_u16(values))))
    if direct:
        set_last_update_for_uid(ctx, index, uid, block)
    ctx.deposit(events.WeightsSet(index, uid))


def do_set_weights(ctx: Context, netuid: int, uids: U16s, values: U16s, version_key: int) -> None:
    """Set the weights of the signer in mechanism 0, which every subnet has."""
    do_set_mechanism_weights(ctx, netuid, MAIN, uids, values, version_key)


def run_batch(
    ctx: Context, netuids: list[int], hotkey: bytes, action: Callable[..., None], items: Iterable[Any]
) -> None:
    """Call `action(ctx, netuid, *item)` for each subnet and its item, and report failures by events at the end.

    A failure does not stop the others. `action` must write nothing before its last check: what an item wrote before
    it failed would stay.
    """
    failures: list[tuple[int, DispatchError]] = []
    for netuid, item in zip(netuids, items, strict=True):
        try:
            action(ctx, netuid, *item)
        except DispatchFailed as failure:
            failures.append((netuid, failure.error))
    if failures:
        ctx.deposit(events.BatchCompletedWithErrors())
    for netuid, error in failures:
        ctx.deposit(events.BatchWeightItemFailed(netuid, error))
    ctx.deposit(events.BatchWeightsCompleted(netuids, hotkey))


def _set_batch_item(ctx: Context, netuid: int, weights: list[tuple[int, int]], version_key: int) -> None:
    """Set the weights, pairs of uid and weight, of one item of a batch."""
    ensure(not storage.CommitRevealWeightsEnabled.get(ctx, netuid), Error.CommitRevealEnabled)
    pairs = np.array(weights, np.uint16).reshape(-1, 2)
    do_set_weights(ctx, netuid, pairs[:, 0], pairs[:, 1], version_key)


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(0, weight=weight_of(15_513_610_000, 10_327_410, reads=4112, writes=2), pays=Pays.No)
def set_weights(ctx: Context, netuid: NetUid, dests: VecU16, weights: VecU16, version_key: u64) -> None:
    """Set the weights of the signer, a validator's hotkey, on other neurons of a subnet.

    `dests` are uids, `weights` their relative weights (u16, scaled so that the largest is 65535), `version_key` at
    least that of the subnet. Where commit-reveal is on, the call fails with CommitRevealEnabled: commit weights
    instead. Also fails with SettingWeightsTooFast, NeuronNoValidatorPermit, NotEnoughStakeToSetWeights,
    IncorrectWeightVersionKey, HotKeyNotRegisteredInSubNet, WeightVecLengthIsLow, WeightVecNotEqualSize,
    DuplicateUids, UidVecContainInvalidOne, UidsLengthExceedUidsInSubNet, CanNotSetRootNetworkWeights, and
    MechanismDoesNotExist where there is no subnet.
    """
    ensure(not storage.CommitRevealWeightsEnabled.get(ctx, netuid), Error.CommitRevealEnabled)
    do_set_weights(ctx, netuid, dests, weights, version_key)


@pallet.call(119, weight=weight_of(15_540_000_000, reads=4111, writes=2), pays=Pays.No)
def set_mechanism_weights(
    ctx: Context, netuid: NetUid, mecid: MechId, dests: VecU16, weights: VecU16, version_key: u64
) -> None:
    """Set the weights of the signer in mechanism `mecid` of a subnet.

    The other arguments and the errors are those of `set_weights`; MechanismDoesNotExist when the subnet does not
    have the mechanism.
    """
    ensure(not storage.CommitRevealWeightsEnabled.get(ctx, netuid), Error.CommitRevealEnabled)
    do_set_mechanism_weights(ctx, netuid, mecid, dests, weights, version_key)


@pallet.call(80, weight=weight_of(103_092_000, 7395, reads=16, writes=2), pays=Pays.No)
def batch_set_weights(
    ctx: Context,
    netuids: list[Compact[NetUid]],
    weights: list[list[tuple[Compact[u16], Compact[u16]]]],
    version_keys: list[Compact[u64]],
) -> None:
    """Set the weights of the signer on several subnets: for each a list of pairs of uid and weight, and a version key.

    A subnet on which it fails does not stop the others; the event BatchWeightItemFailed names its error. Fails as a
    whole only with InputLengthsUnequal.
    """
    hotkey = ctx.ensure_signed()
    ensure(len(netuids) == len(weights) == len(version_keys), Error.InputLengthsUnequal)
    run_batch(ctx, netuids, hotkey, _set_batch_item, zip(weights, version_keys, strict=True))
