"""SubnetInfoRuntimeApi: subnets, their hyperparameters, pools and metagraphs."""

from __future__ import annotations

from ..frame.context import Context
from ..frame.runtime_api import RuntimeApi
from ..pallets.shared.types import MechId, NetUid
from ..pallets.subtensor.subnets import networks, tempo
from ..pallets.subtensor.views import dynamic_info, metagraph, subnet_info, subnet_state
from ..pallets.subtensor.views.dynamic_info import DynamicInfo
from ..pallets.subtensor.views.metagraph import Metagraph, SelectiveMetagraph
from ..pallets.subtensor.views.subnet_info import (
    HyperparamEntry,
    SubnetHyperparams,
    SubnetHyperparamsV2,
    SubnetInfo,
    SubnetInfov2,
)
from ..pallets.subtensor.views.subnet_state import SubnetState
from ..scale import AccountId, VecU16, u64

api = RuntimeApi("SubnetInfoRuntimeApi", 2, docs="Subnets.")


@api.method
def get_subnet_info(ctx: Context, netuid: NetUid) -> SubnetInfo | None:
    """A subnet in short."""
    return subnet_info.get_subnet_info(ctx, netuid)


@api.method
def get_subnets_info(ctx: Context) -> list[SubnetInfo | None]:
    """All subnets, by netuid."""
    return subnet_info.get_subnets_info(ctx)


@api.method
def get_subnet_info_v2(ctx: Context, netuid: NetUid) -> SubnetInfov2 | None:
    """A subnet in short, with its identity."""
    return subnet_info.get_subnet_info_v2(ctx, netuid)


@api.method
def get_subnets_info_v2(ctx: Context) -> list[SubnetInfov2 | None]:
    """All subnets with their identities, by netuid."""
    return subnet_info.get_subnets_info_v2(ctx)


@api.method
def get_subnet_hyperparams(ctx: Context, netuid: NetUid) -> SubnetHyperparams | None:
    """Hyperparameters; `get_subnet_hyperparams_v3` has them all."""
    return subnet_info.get_subnet_hyperparams(ctx, netuid)


@api.method
def get_subnet_hyperparams_v2(ctx: Context, netuid: NetUid) -> SubnetHyperparamsV2 | None:
    """More hyperparameters; `get_subnet_hyperparams_v3` has them all."""
    return subnet_info.get_subnet_hyperparams_v2(ctx, netuid)


@api.method
def get_subnet_hyperparams_v3(ctx: Context, netuid: NetUid) -> list[HyperparamEntry] | None:
    """Hyperparameters by name."""
    return subnet_info.get_subnet_hyperparams_v3(ctx, netuid)


@api.method
def get_all_dynamic_info(ctx: Context) -> list[DynamicInfo | None]:
    """Pools and emission of all subnets."""
    return dynamic_info.get_all_dynamic_info(ctx)


@api.method
def get_all_metagraphs(ctx: Context) -> list[Metagraph | None]:
    """The metagraphs of all subnets."""
    return metagraph.get_all_metagraphs(ctx)


@api.method
def get_metagraph(ctx: Context, netuid: NetUid) -> Metagraph | None:
    """A subnet and all its neurons."""
    return metagraph.get_metagraph(ctx, netuid)


@api.method
def get_all_mechagraphs(ctx: Context) -> list[Metagraph | None]:
    """The metagraphs of all mechanisms of all subnets."""
    return metagraph.get_all_mechagraphs(ctx)


@api.method
def get_mechagraph(ctx: Context, netuid: NetUid, mecid: MechId) -> Metagraph | None:
    """The metagraph of a mechanism, with its storage index as netuid."""
    return metagraph.get_mechagraph(ctx, netuid, mecid)


@api.method
def get_dynamic_info(ctx: Context, netuid: NetUid) -> DynamicInfo | None:
    """A subnet's pool and emission."""
    return dynamic_info.get_dynamic_info(ctx, netuid)


@api.method
def get_subnet_state(ctx: Context, netuid: NetUid) -> SubnetState | None:
    """A subnet's neurons in arrays, and what their hotkeys earned on all subnets."""
    return subnet_state.get_subnet_state(ctx, netuid)


@api.method
def get_selective_metagraph(ctx: Context, netuid: NetUid, metagraph_indexes: VecU16) -> SelectiveMetagraph | None:
    """Those fields of a metagraph that stand at these positions."""
    return metagraph.get_selective_metagraph(ctx, netuid, metagraph_indexes)


@api.method
def get_coldkey_auto_stake_hotkey(ctx: Context, coldkey: AccountId, netuid: NetUid) -> AccountId | None:
    """The hotkey to which a coldkey's mining rewards are staked."""
    return subnet_info.get_coldkey_auto_stake_hotkey(ctx, coldkey, netuid)


@api.method
def get_selective_mechagraph(
    ctx: Context, netuid: NetUid, subid: MechId, metagraph_indexes: VecU16
) -> SelectiveMetagraph | None:
    """Those fields of a mechanism's metagraph that stand at these positions."""
    return metagraph.get_selective_mechagraph(ctx, netuid, subid, metagraph_indexes)


@api.method
def get_subnet_to_prune(ctx: Context) -> NetUid | None:
    """The subnet that would make room for a new one."""
    return networks.get_network_to_prune(ctx)


@api.method
def get_subnet_account_id(ctx: Context, netuid: NetUid) -> AccountId | None:
    """The account that holds a subnet's TAO."""
    return networks.get_subnet_account_id(ctx, netuid)


@api.method
def get_next_epoch_start_block(ctx: Context, netuid: NetUid) -> u64 | None:
    """The block in which a subnet's next epoch is due."""
    return tempo.get_next_epoch_start_block(ctx, netuid)
