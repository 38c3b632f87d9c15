"""SubnetState: the neurons of a subnet in arrays by uid, and the emission of their hotkeys on all subnets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....frame.context import Context
from ....scale import AccountId, Compact, Struct, VecBool
from ....scale.compact_arrays import VecCompactU16, VecCompactU64
from ...shared.types import NetUid
from .. import storage
from ..subnets.networks import get_all_subnet_netuids, if_subnet_exist
from .arrays import VecAlpha, VecTao
from .subnet_fields import SubnetView, read_record


class SubnetState(
    Struct, path="pallet_subtensor::rpc_info::show_subnet::SubnetState", params=[("AccountId", AccountId)]
):
    """The neurons of a subnet, in arrays by uid.

    Stake and emission are in billionths (of TAO or alpha), the results of the last epoch u16 proportions.
    `emission_history` has an array by uid for each subnet, in the order of the storage keys.
    """

    netuid: Compact[NetUid]
    hotkeys: list[AccountId]
    coldkeys: list[AccountId]
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
    emission_history: list[VecAlpha]


def get_emissions_history(ctx: Context, hotkeys: list[bytes]) -> list[NDArray[np.uint64]]:
    """Return for each subnet the emission of each hotkey in its last epoch, in billionths of alpha."""
    return [
        np.array([storage.LastHotkeyEmissionOnNetuid.get(ctx, hotkey, netuid) for hotkey in hotkeys], np.uint64)
        for netuid in get_all_subnet_netuids(ctx)
    ]


def get_subnet_state(ctx: Context, netuid: int) -> SubnetState | None:
    """Return the neurons of a subnet, None when it does not exist."""
    if not if_subnet_exist(ctx, netuid):
        return None
    view = SubnetView(ctx, netuid)
    return read_record(SubnetState, view, emission_history=get_emissions_history(ctx, view.hotkeys))
