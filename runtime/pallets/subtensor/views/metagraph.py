"""Metagraphs: a subnet or a mechanism with all its neurons, with all fields or with selected ones.

Both records have the same fields in the same order; the selective one has two more. Fields are selected by position.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from .....consensus.fixed import I64F64
from ....frame.context import Context
from ....frame.errors import DispatchFailed
from ....scale import AccountId, Compact, Struct, VecBool, u16, u64, u128
from ....scale.compact_arrays import VecCompactU8, VecCompactU16, VecCompactU64
from ....scale.containers import Option, Some
from ....scale.fixed_types import I96F32
from ....scale.later_dataclass import field_annotations
from ...commitments.subnet import get_commitments
from ...shared.types import AlphaBalance, NetUid, TaoBalance
from .. import storage
from ..declared.types import AxonInfo, ChainIdentityOf, SubnetIdentityV3
from ..staking.stake_weights import get_stake_weights_for_hotkey_on_subnet
from ..subnets.mechanism import ensure_mechanism_exists
from ..subnets.networks import get_all_subnet_netuids, if_subnet_exist
from .arrays import VecAlpha, VecTao
from .subnet_fields import SubnetView, read_record

PATH = "pallet_subtensor::rpc_info::metagraph"

#: An optional identity in a field that is None unless selected: `Some(None)` is a selected, absent identity.
SelectedIdentity = Annotated[SubnetIdentityV3 | Some | None, Option(SubnetIdentityV3.scale)]


class Metagraph(Struct, path=f"{PATH}::Metagraph", params=[("AccountId", AccountId)]):
    """A subnet and its neurons; vectors by uid.

    Amounts are in rao and billionths of alpha, times in blocks, shares u16 proportions. Obsolete fields are zero or
    empty; `max_weights_limit` is 65535.
    """

    netuid: Compact[NetUid]
    name: VecCompactU8
    symbol: VecCompactU8
    identity: SubnetIdentityV3 | None
    network_registered_at: Compact[u64]
    owner_hotkey: AccountId
    owner_coldkey: AccountId
    block: Compact[u64]
    tempo: Compact[u16]
    last_step: Compact[u64]
    blocks_since_last_step: Compact[u64]
    subnet_emission: Compact[u64]
    alpha_in: Compact[AlphaBalance]
    alpha_out: Compact[AlphaBalance]
    tao_in: Compact[TaoBalance]
    alpha_out_emission: Compact[AlphaBalance]
    alpha_in_emission: Compact[AlphaBalance]
    tao_in_emission: Compact[TaoBalance]
    pending_alpha_emission: Compact[AlphaBalance]
    pending_root_emission: Compact[TaoBalance]
    subnet_volume: Compact[u128]
    moving_price: I96F32
    rho: Compact[u16]
    kappa: Compact[u16]
    min_allowed_weights: Compact[u16]
    max_weights_limit: Compact[u16]
    weights_version: Compact[u64]
    weights_rate_limit: Compact[u64]
    activity_cutoff: Compact[u64]
    max_validators: Compact[u16]
    num_uids: Compact[u16]
    max_uids: Compact[u16]
    burn: Compact[TaoBalance]
    difficulty: Compact[u64]
    registration_allowed: bool
    pow_registration_allowed: bool
    immunity_period: Compact[u16]
    min_difficulty: Compact[u64]
    max_difficulty: Compact[u64]
    min_burn: Compact[TaoBalance]
    max_burn: Compact[TaoBalance]
    adjustment_alpha: Compact[u64]
    adjustment_interval: Compact[u16]
    target_regs_per_interval: Compact[u16]
    max_regs_per_block: Compact[u16]
    serving_rate_limit: Compact[u64]
    commit_reveal_weights_enabled: bool
    commit_reveal_period: Compact[u64]
    liquid_alpha_enabled: bool
    alpha_high: Compact[u16]
    alpha_low: Compact[u16]
    bonds_moving_avg: Compact[u64]
    hotkeys: list[AccountId]
    coldkeys: list[AccountId]
    identities: list[ChainIdentityOf | None]
    axons: list[AxonInfo]
    active: VecBool
    validator_permit: VecBool
    pruning_score: VecCompactU16
    last_update: VecCompactU64
    emission: VecAlpha
    dividends: VecCompactU16
    incentives: VecCompactU16
    consensus: VecCompactU16
    trust: VecCompactU16
    rank: VecCompactU16
    block_at_registration: VecCompactU64
    alpha_stake: VecAlpha
    tao_stake: VecTao
    total_stake: VecTao
    tao_dividends_per_hotkey: list[tuple[AccountId, Compact[TaoBalance]]]
    alpha_dividends_per_hotkey: list[tuple[AccountId, Compact[AlphaBalance]]]


class SelectiveMetagraph(Struct, path=f"{PATH}::SelectiveMetagraph", params=[("AccountId", AccountId)]):
    """Selected fields of a metagraph, also the uids of validators by ascending stake weight, and commitments."""

    netuid: Compact[NetUid] = 0
    name: VecCompactU8 | None = None
    symbol: VecCompactU8 | None = None
    identity: SelectedIdentity | None = None
    network_registered_at: Compact[u64] | None = None
    owner_hotkey: AccountId | None = None
    owner_coldkey: AccountId | None = None
    block: Compact[u64] | None = None
    tempo: Compact[u16] | None = None
    last_step: Compact[u64] | None = None
    blocks_since_last_step: Compact[u64] | None = None
    subnet_emission: Compact[u64] | None = None
    alpha_in: Compact[AlphaBalance] | None = None
    alpha_out: Compact[AlphaBalance] | None = None
    tao_in: Compact[TaoBalance] | None = None
    alpha_out_emission: Compact[AlphaBalance] | None = None
    alpha_in_emission: Compact[AlphaBalance] | None = None
    tao_in_emission: Compact[TaoBalance] | None = None
    pending_alpha_emission: Compact[AlphaBalance] | None = None
    pending_root_emission: Compact[TaoBalance] | None = None
    subnet_volume: Compact[u128] | None = None
    moving_price: I96F32 | None = None
    rho: Compact[u16] | None = None
    kappa: Compact[u16] | None = None
    min_allowed_weights: Compact[u16] | None = None
    max_weights_limit: Compact[u16] | None = None
    weights_version: Compact[u64] | None = None
    weights_rate_limit: Compact[u64] | None = None
    activity_cutoff: Compact[u64] | None = None
    max_validators: Compact[u16] | None = None
    num_uids: Compact[u16] | None = None
    max_uids: Compact[u16] | None = None
    burn: Compact[TaoBalance] | None = None
    difficulty: Compact[u64] | None = None
    registration_allowed: bool | None = None
    pow_registration_allowed: bool | None = None
    immunity_period: Compact[u16] | None = None
    min_difficulty: Compact[u64] | None = None
    max_difficulty: Compact[u64] | None = None
    min_burn: Compact[TaoBalance] | None = None
    max_burn: Compact[TaoBalance] | None = None
    adjustment_alpha: Compact[u64] | None = None
    adjustment_interval: Compact[u16] | None = None
    target_regs_per_interval: Compact[u16] | None = None
    max_regs_per_block: Compact[u16] | None = None
    serving_rate_limit: Compact[u64] | None = None
    commit_reveal_weights_enabled: bool | None = None
    commit_reveal_period: Compact[u64] | None = None
    liquid_alpha_enabled: bool | None = None
    alpha_high: Compact[u16] | None = None
    alpha_low: Compact[u16] | None = None
    bonds_moving_avg: Compact[u64] | None = None
    hotkeys: list[AccountId] | None = None
    coldkeys: list[AccountId] | None = None
    identities: list[ChainIdentityOf | None] | None = None
    axons: list[AxonInfo] | None = None
    active: VecBool | None = None
    validator_permit: VecBool | None = None
    pruning_score: VecCompactU16 | None = None
    last_update: VecCompactU64 | None = None
    emission: VecAlpha | None = None
    dividends: VecCompactU16 | None = None
    incentives: VecCompactU16 | None = None
    consensus: VecCompactU16 | None = None
    trust: VecCompactU16 | None = None
    rank: VecCompactU16 | None = None
    block_at_registration: VecCompactU64 | None = None
    alpha_stake: VecAlpha | None = None
    tao_stake: VecTao | None = None
    total_stake: VecTao | None = None
    tao_dividends_per_hotkey: list[tuple[AccountId, Compact[TaoBalance]]] | None = None
    alpha_dividends_per_hotkey: list[tuple[AccountId, Compact[AlphaBalance]]] | None = None
    validators: VecCompactU16 | None = None
    commitments: list[tuple[AccountId, VecCompactU8]] | None = None


#: Names of the fields by the positions that select them.
FIELD_NAMES = tuple(field_annotations(SelectiveMetagraph))


# --- all fields ----------------------------------------------------------------------------------------------------


def get_metagraph(ctx: Context, netuid: int) -> Metagraph | None:
    """Return the metagraph of a subnet, None when the subnet does not exist."""
    return read_record(Metagraph, SubnetView(ctx, netuid)) if if_subnet_exist(ctx, netuid) else None


def get_all_metagraphs(ctx: Context) -> list[Metagraph | None]:
    """Return the metagraphs of all subnets and root, in the order of the storage keys."""
    return [get_metagraph(ctx, netuid) for netuid in get_all_subnet_netuids(ctx)]


def get_mechagraph(ctx: Context, netuid: int, mecid: int) -> Metagraph | None:
    """Return the metagraph of a mechanism, None when it does not exist.

    `incentives` and `last_update` are those of the mechanism; `netuid` is its storage index.
    """
    try:
        ensure_mechanism_exists(ctx, netuid, mecid)
    except DispatchFailed:
        return None
    return read_record(Metagraph, SubnetView(ctx, netuid, mecid))


def get_all_mechagraphs(ctx: Context) -> list[Metagraph | None]:
    """Return the metagraphs of all mechanisms of all subnets."""
    netuids = get_all_subnet_netuids(ctx)
    return [
        get_mechagraph(ctx, n, mecid) for n in netuids for mecid in range(storage.MechanismCountCurrent.get(ctx, n))
    ]


# --- selected fields -----------------------------------------------------------------------------------------------


def get_selective_metagraph(ctx: Context, netuid: int, indexes: Iterable[int]) -> SelectiveMetagraph | None:
    """Return the fields at these positions, None when the subnet does not exist.

    Unknown positions are ignored. `netuid` is 0 unless it is selected.
    """
    if not if_subnet_exist(ctx, netuid):
        return None
    return SelectiveMetagraph(**_read_selected(SubnetView(ctx, netuid), indexes))


def get_selective_mechagraph(
    ctx: Context, netuid: int, mecid: int, indexes: Iterable[int]
) -> SelectiveMetagraph | None:
    """Return the fields of a mechanism at these positions, None when the subnet does not exist.

    The mechanism need not exist. `netuid` is always that of the subnet.
    """
    if not if_subnet_exist(ctx, netuid):
        return None
    return SelectiveMetagraph(**_read_selected(SubnetView(ctx, netuid, mecid), indexes) | {"netuid": netuid})


def _read_selected(view: SubnetView, indexes: Iterable[int]) -> dict[str, Any]:
    """Return the fields at these positions by name."""
    names = {FIELD_NAMES[int(index)] for index in indexes if index < len(FIELD_NAMES)}
    return {name: _read_field(view, name) for name in names}


def _read_field(view: SubnetView, name: str) -> object:
    if name == "identity":
        return Some(view.read(name))
    if name == "validators":
        return get_validators(view.ctx, view.netuid)
    if name == "commitments":
        return get_commitments(view.ctx, view.netuid)
    return view.read(name)


def get_validators(ctx: Context, netuid: int) -> NDArray[np.uint16]:
    """Return the uids with a validator permit and a stake weight above `StakeThreshold`, by ascending weight.

    Uids of equal weight are in the order of the storage keys. Here the chain compares the other way round than when
    weights are set: a threshold of 2^63 or more does not wrap, and no weight is above it.
    """
    permits, threshold = storage.ValidatorPermit.get(ctx, netuid), I64F64.one * storage.StakeThreshold.get(ctx)
    permitted = [
        (uid, hotkey) for uid, hotkey in storage.Keys.under(ctx, netuid) if uid < len(permits) and permits[uid]
    ]
    by_weight = [(get_stake_weights_for_hotkey_on_subnet(ctx, hotkey, netuid)[0], uid) for uid, hotkey in permitted]
    by_weight.sort(key=lambda entry: entry[0])
    return np.array([uid for weight, uid in by_weight if weight > threshold], np.uint16)
