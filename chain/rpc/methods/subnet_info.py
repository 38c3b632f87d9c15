"""`subnetInfo_*`: subnets, as encoded answers of SubnetInfoRuntimeApi; two methods return a number."""

from __future__ import annotations

from ....runtime.scale import codec_of, u16, u64
from ..errors import RpcError
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Hash
from ..runtime_apis import Account, Indexes, MechId, NetUid, byte_list, call_runtime_api, encode_u16

namespace = Namespace()

COST, NETUID = codec_of(u64), codec_of(u16 | None)


def _call_api(node: Node, name: str, arguments: bytes, at: bytes | None, what: str) -> list[int]:
    return byte_list(
        node, call_runtime_api(node, f"SubnetInfoRuntimeApi_{name}", arguments, at, f"Unable to get {what}")
    )


@namespace.method()
def subnetInfo_getSubnetInfo(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return a subnet's summary."""
    return _call_api(node, "get_subnet_info", encode_u16(netuid), at, "subnet info")


@namespace.method(cost=Cost.LONG)
def subnetInfo_getSubnetsInfo(node: Node, at: Hash | None = None) -> list[int]:
    """Return all subnets."""
    return _call_api(node, "get_subnets_info", b"", at, "subnets info")


@namespace.method()
def subnetInfo_getSubnetInfo_v2(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return a subnet's summary, with its identity."""
    return _call_api(node, "get_subnet_info_v2", encode_u16(netuid), at, "subnet info")


@namespace.method(cost=Cost.LONG)
def subnetInfo_getSubnetsInfo_v2(node: Node, at: Hash | None = None) -> list[int]:
    """Return all subnets with their identities."""
    return _call_api(node, "get_subnets_info_v2", b"", at, "subnets info")


@namespace.method()
def subnetInfo_getSubnetHyperparams(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return a subnet's hyperparameters."""
    return _call_api(node, "get_subnet_hyperparams", encode_u16(netuid), at, "subnet info")


@namespace.method()
def subnetInfo_getSubnetHyperparamsV2(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return a subnet's hyperparameters, with those that were added later."""
    return _call_api(node, "get_subnet_hyperparams_v2", encode_u16(netuid), at, "subnet info")


@namespace.method(cost=Cost.LONG)
def subnetInfo_getAllDynamicInfo(node: Node, at: Hash | None = None) -> list[int]:
    """Return the pools and the emission of all subnets."""
    return _call_api(node, "get_all_dynamic_info", b"", at, "dynamic subnets info")


@namespace.method(cost=Cost.SHORT)
def subnetInfo_getDynamicInfo(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return a subnet's pool and emission."""
    return _call_api(node, "get_dynamic_info", encode_u16(netuid), at, "dynamic subnets info")


@namespace.method(cost=Cost.LONG)
def subnetInfo_getAllMetagraphs(node: Node, at: Hash | None = None) -> list[int]:
    """Return the metagraphs of all subnets."""
    return _call_api(node, "get_all_metagraphs", b"", at, "metagraps")


@namespace.method(cost=Cost.SHORT)
def subnetInfo_getMetagraph(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return a subnet and all its neurons."""
    return _call_api(node, "get_metagraph", encode_u16(netuid), at, "dynamic subnets info")


@namespace.method(cost=Cost.LONG)
def subnetInfo_getAllMechagraphs(node: Node, at: Hash | None = None) -> list[int]:
    """Return the metagraphs of all mechanisms."""
    return _call_api(node, "get_all_mechagraphs", b"", at, "metagraps")


@namespace.method(cost=Cost.SHORT)
def subnetInfo_getMechagraph(node: Node, netuid: NetUid, mecid: MechId, at: Hash | None = None) -> list[int]:
    """Return the metagraph of a mechanism."""
    return _call_api(node, "get_mechagraph", encode_u16(netuid) + bytes((mecid,)), at, "dynamic subnets info")


@namespace.method(cost=Cost.SHORT)
def subnetInfo_getSubnetState(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return a subnet's neurons in arrays."""
    return _call_api(node, "get_subnet_state", encode_u16(netuid), at, "subnet state info")


@namespace.method()
def subnetInfo_getLockCost(node: Node, at: Hash | None = None) -> int:
    """Return the price of the next subnet, in rao."""
    api, failure = "SubnetRegistrationRuntimeApi_get_network_registration_cost", "Unable to get subnet lock cost"
    return COST.decode(call_runtime_api(node, api, b"", at, failure))


@namespace.method(cost=Cost.SHORT, named=["netuid", "metagraph_index", "at"])
def subnetInfo_getSelectiveMetagraph(node: Node, netuid: NetUid, indexes: Indexes, at: Hash | None = None) -> list[int]:
    """Return fields of a metagraph by their positions."""
    return _call_api(node, "get_selective_metagraph", encode_u16(netuid) + indexes, at, "selective metagraph")


@namespace.method()
def subnetInfo_getColdkeyAutoStakeHotkey(
    node: Node, coldkey: Account, netuid: NetUid, at: Hash | None = None
) -> list[int]:
    """Return the hotkey to which a coldkey's mining rewards are staked."""
    arguments = coldkey + encode_u16(netuid)
    return _call_api(node, "get_coldkey_auto_stake_hotkey", arguments, at, "coldkey auto stake hotkey")


@namespace.method(cost=Cost.SHORT, named=["netuid", "mecid", "metagraph_index", "at"])
def subnetInfo_getSelectiveMechagraph(
    node: Node, netuid: NetUid, mecid: MechId, indexes: Indexes, at: Hash | None = None
) -> list[int]:
    """Return fields of a mechanism's metagraph by their positions."""
    arguments = encode_u16(netuid) + bytes((mecid,)) + indexes
    return _call_api(node, "get_selective_mechagraph", arguments, at, "selective metagraph")


@namespace.method(cost=Cost.LONG)
def subnetInfo_getSubnetToPrune(node: Node, at: Hash | None = None) -> int | None:
    """Return the subnet that the registration of a new one would remove; null if there is none."""
    answer = call_runtime_api(
        node, "SubnetInfoRuntimeApi_get_subnet_to_prune", b"", at, "Unable to get subnet to prune"
    )
    return NETUID.decode(answer)


@namespace.method()
def subnetInfo_getSubnetAccountId(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return the account that holds a subnet's TAO."""
    try:
        return _call_api(node, "get_subnet_account_id", encode_u16(netuid), at, "subnet account")
    except RpcError as error:
        raise RpcError(1, "Subnet does not exist") from error
