"""SubnetInfoRuntimeApi: subnets, their hyperparameters, pools and metagraphs."""

from __future__ import annotations

from ..frame.context import Context
from ..frame.runtime_api import RuntimeApi
from ..pallets.shared.types import MechId, NetUid
from ..pallets.subtensor.ledger import subnet_accounts
from ..pallets.subtensor.subnets import epoch_schedule, networks
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

api = RuntimeApi("SubnetInfoRuntimeApi", 2, docs="Reads subnets, their hyperparameters, pools and metagraphs.")


@api.method
def get_subnet_info(ctx: Context, netuid: NetUid) -> SubnetInfo | None:
    """Return a summary of a subnet."""
    return subnet_info.get_subnet_info(ctx, netuid)


@api.method
def get_subnets_info(ctx: Context) -> list[SubnetInfo | None]:
    """Return summaries of all subnets, by netuid."""
    return subnet_info.get_subnets_info(ctx)


@api.method
def get_subnet_info_v2(ctx: Context, netuid: NetUid) -> SubnetInfov2 | None:
    """Return a summary of a subnet with its identity."""
    return subnet_info.get_subnet_info_v2(ctx, netuid)


@api.method
def get_subnets_info_v2(ctx: Context) -> list[SubnetInfov2 | None]:
    """Return summaries of all subnets with their identities, by netuid."""
    return subnet_info.get_subnets_info_v2(ctx)


@api.method
def get_subnet_hyperparams(ctx: Context, netuid: NetUid) -> SubnetHyperparams | None:
    """Return some hyperparameters; `get_subnet_hyperparams_v3` returns all of them."""
    return subnet_info.get_subnet_hyperparams(ctx, netuid)


@api.method
def get_subnet_hyperparams_v2(ctx: Context, netuid: NetUid) -> SubnetHyperparamsV2 | None:
    """Return more hyperparameters; `get_subnet_hyperparams_v3` returns all of them."""
    return subnet_info.get_subnet_hyperparams_v2(ctx, netuid)


@api.method
def get_subnet_hyperparams_v3(ctx: Context, netuid: NetUid) -> list[HyperparamEntry] | None:
    """Return all hyperparameters by name."""
    return subnet_info.get_subnet_hyperparams_v3(ctx, netuid)


@api.method
def get_all_dynamic_info(ctx: Context) -> list[DynamicInfo | None]:
    """Return the pools and emissions of all subnets."""
    return dynamic_info.get_all_dynamic_info(ctx)


@api.method
def get_all_metagraphs(ctx: Context) -> list[Metagraph | None]:
    """Return the metagraphs of all subnets."""
    return metagraph.get_all_metagraphs(ctx)


@api.method
def get_metagraph(ctx: Context, netuid: NetUid) -> Metagraph | None:
    """Return the metagraph of a subnet: the subnet and all its neurons."""
    return metagraph.get_metagraph(ctx, netuid)


@api.method
def get_all_mechagraphs(ctx: Context) -> list[Metagraph | None]:
    """Return the metagraphs of all mechanisms of all subnets."""
    return metagraph.get_all_mechagraphs(ctx)


@api.method
def get_mechagraph(ctx: Context, netuid: NetUid, mecid: MechId) -> Metagraph | None:
    """Return the metagraph of a mechanism; its `netuid` is the storage index."""
    return metagraph.get_mechagraph(ctx, netuid, mecid)


@api.method
def get_dynamic_info(ctx: Context, netuid: NetUid) -> DynamicInfo | None:
    """Return the pool and the emission of a subnet."""
    return dynamic_info.get_dynamic_info(ctx, netuid)


@api.method
def get_subnet_state(ctx: Context, netuid: NetUid) -> SubnetState | None:
    """Return the neurons of a subnet in arrays, and the emission of their hotkeys on all subnets."""
    return subnet_state.get_subnet_state(ctx, netuid)


@api.method
def get_selective_metagraph(ctx: Context, netuid: NetUid, metagraph_indexes: VecU16) -> SelectiveMetagraph | None:
    """Return the fields of a metagraph at these positions."""
    return metagraph.get_selective_metagraph(ctx, netuid, metagraph_indexes)


@api.method
def get_coldkey_auto_stake_hotkey(ctx: Context, coldkey: AccountId, netuid: NetUid) -> AccountId | None:
    """Return the hotkey on which a coldkey's mining rewards are staked."""
    return subnet_info.get_coldkey_auto_stake_hotkey(ctx, coldkey, netuid)


@api.method
def get_selective_mechagraph(
    ctx: Context, netuid: NetUid, subid: MechId, metagraph_indexes: VecU16
) -> SelectiveMetagraph | None:
    """Return the fields of a mechanism's metagraph at these positions."""
    return metagraph.get_selective_mechagraph(ctx, netuid, subid, metagraph_indexes)


@api.method
def get_subnet_to_prune(ctx: Context) -> NetUid | None:
    """Return the subnet that would be pruned for a new one."""
    return networks.get_network_to_prune(ctx)


@api.method
def get_subnet_account_id(ctx: Context, netuid: NetUid) -> AccountId | None:
    """Return the account that holds a subnet's TAO."""
    return subnet_accounts.get_subnet_account_id(ctx, netuid)


@api.method
def get_next_epoch_start_block(ctx: Context, netuid: NetUid) -> u64 | None:
    """Return the block in which a subnet's next epoch is due."""
    return epoch_schedule.get_next_epoch_start_block(ctx, netuid)
