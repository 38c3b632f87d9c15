"""DynamicInfo: pool and emission of a subnet."""

from __future__ import annotations

from ....frame.context import Context
from ....scale import AccountId, Compact, Struct, u16, u64, u128
from ....scale.compact_arrays import VecCompactU8
from ....scale.fixed_types import I96F32
from ...shared.types import AlphaBalance, NetUid, TaoBalance
from ..declared.types import SubnetIdentityV3
from ..subnets.networks import get_all_subnet_netuids, if_subnet_exist
from .subnet_fields import SubnetView, read_record


class DynamicInfo(
    Struct, path="pallet_subtensor::rpc_info::dynamic_info::DynamicInfo", params=[("AccountId", AccountId)]
):
    """Pool of a subnet and the emission of the last block into it, in rao and billionths of alpha; texts in UTF-8."""

    netuid: Compact[NetUid]
    owner_hotkey: AccountId
    owner_coldkey: AccountId
    subnet_name: VecCompactU8
    token_symbol: VecCompactU8
    tempo: Compact[u16]
    last_step: Compact[u64]
    blocks_since_last_step: Compact[u64]
    emission: Compact[u64]
    alpha_in: Compact[AlphaBalance]
    alpha_out: Compact[AlphaBalance]
    tao_in: Compact[TaoBalance]
    alpha_out_emission: Compact[AlphaBalance]
    alpha_in_emission: Compact[AlphaBalance]
    tao_in_emission: Compact[TaoBalance]
    pending_alpha_emission: Compact[AlphaBalance]
    pending_root_emission: Compact[TaoBalance]
    subnet_volume: Compact[u128]
    network_registered_at: Compact[u64]
    subnet_identity: SubnetIdentityV3 | None
    moving_price: I96F32


def get_dynamic_info(ctx: Context, netuid: int) -> DynamicInfo | None:
    """Return pool and emission of a subnet, None when it does not exist.

    `emission` is an obsolete number, always 0; in other answers, the field of this name is the emission by uid.
    """
    return read_record(DynamicInfo, SubnetView(ctx, netuid), emission=0) if if_subnet_exist(ctx, netuid) else None


def get_all_dynamic_info(ctx: Context) -> list[DynamicInfo | None]:
    """Return pool and emission of all subnets and root, in the order of the storage keys."""
    return [get_dynamic_info(ctx, netuid) for netuid in get_all_subnet_netuids(ctx)]
