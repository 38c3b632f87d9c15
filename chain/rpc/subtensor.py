"""`delegateInfo_*`, `neuronInfo_*`, `subnetInfo_*`, `stakeInfo_*`: runtime APIs under names of their own.

The answer is that of the API, still encoded, as a JSON array of bytes; two methods give a number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from ...runtime.apis import ApiError
from ...runtime.crypto import Ss58Error, ss58_decode
from ...runtime.scale import codec_of, u16, u64
from ..history import StateDiscarded, UnknownBlock
from .errors import RpcError, header_not_found
from .methods import method
from .node import Node
from .params import Hash, misfit, to_list, to_text, wrong

ACCOUNT_LENGTH = 32
COST, NETUID = codec_of(u64), codec_of(u16 | None)


# --- parameters ----------------------------------------------------------------------------------------------------


def to_unsigned(bits: int) -> Callable[[Any], int]:
    """Numbers of so many bits."""

    def convert(value: Any) -> int:
        if type(value) is not int:
            raise wrong(value, f"u{bits}")
        if not 0 <= value < 1 << bits:
            raise misfit(value, f"invalid value: integer `{value}`, expected u{bits}")
        return value

    return convert


to_u8, to_u16 = to_unsigned(8), to_unsigned(16)
to_u8s, to_u16s = to_list(to_u8), to_list(to_u16)


def to_account(value: Any) -> bytes:
    """An account by its address."""
    address = to_text(value)
    try:
        account = ss58_decode(address)
    except Ss58Error as error:
        raise misfit(value, str(error)) from error
    if len(account) != ACCOUNT_LENGTH:
        raise misfit(value, f"expected an account of {ACCOUNT_LENGTH} bytes, got {len(account)} in {address!r}")
    return account


def to_vec_u8(value: Any) -> bytes:
    """Bytes as a list of numbers."""
    return bytes(to_u8s(value))


def to_vec_u16(value: Any) -> bytes:
    """Numbers of 16 bits as they are encoded for an API."""
    return codec_of(list[u16]).encode(to_u16s(value))


NetUid = Annotated[int, to_u16]
Uid = Annotated[int, to_u16]
MechId = Annotated[int, to_u8]
Account = Annotated[bytes, to_account]
AccountBytes = Annotated[bytes, to_vec_u8]
Indexes = Annotated[bytes, to_vec_u16]


# --- answers -------------------------------------------------------------------------------------------------------


def two(number: int) -> bytes:
    """A netuid or uid as an API takes it."""
    return number.to_bytes(2, "little")


def ask(node: Node, api: str, arguments: bytes, at: bytes | None, failure: str) -> bytes:
    """The encoded answer of a runtime API."""
    try:
        return node.chain.call_api(api, arguments, at)
    except (ApiError, StateDiscarded, UnknownBlock) as error:
        raise RpcError(1, f"{failure}: {told(error)}") from error


def told(error: Exception) -> str:
    """An error in the words of the genuine node."""
    if isinstance(error, UnknownBlock):
        return f'UnknownBlock("{header_not_found(error)}")'
    return f'UnknownBlock("{error}")' if isinstance(error, StateDiscarded) else str(error)


def account_of(data: bytes) -> bytes:
    """The account that these bytes begin with."""
    if len(data) < ACCOUNT_LENGTH:
        why = f"expected {ACCOUNT_LENGTH} bytes, got {len(data)}"
        raise RpcError(1, f"Unable to get delegates info: {why}")
    return data[:ACCOUNT_LENGTH]


def _delegates(node: Node, name: str, arguments: bytes, at: bytes | None) -> list[int]:
    return list(ask(node, f"DelegateInfoRuntimeApi_{name}", arguments, at, "Unable to get delegates info"))


def _neurons(node: Node, name: str, arguments: bytes, at: bytes | None, what: str) -> list[int]:
    return list(ask(node, f"NeuronInfoRuntimeApi_{name}", arguments, at, f"Unable to get {what} info"))


def _subnets(node: Node, name: str, arguments: bytes, at: bytes | None, what: str) -> list[int]:
    return list(ask(node, f"SubnetInfoRuntimeApi_{name}", arguments, at, f"Unable to get {what}"))


# --- delegates and locks -------------------------------------------------------------------------------------------


@method()
def delegateInfo_getDelegates(node: Node, at: Hash | None = None) -> list[int]:
    """All delegates."""
    return _delegates(node, "get_delegates", b"", at)


@method()
def delegateInfo_getDelegate(node: Node, delegate: AccountBytes, at: Hash | None = None) -> list[int]:
    """A delegate by its hotkey."""
    return _delegates(node, "get_delegate", account_of(delegate), at)


@method()
def delegateInfo_getDelegated(node: Node, delegatee: AccountBytes, at: Hash | None = None) -> list[int]:
    """The delegates of a coldkey."""
    return _delegates(node, "get_delegated", account_of(delegatee), at)


@method()
def stakeInfo_getColdkeyLock(node: Node, coldkey: Account, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """A coldkey's lock on a subnet."""
    arguments, failure = coldkey + two(netuid), "Unable to get coldkey lock"
    return list(ask(node, "StakeInfoRuntimeApi_get_coldkey_lock", arguments, at, failure))


# --- neurons -------------------------------------------------------------------------------------------------------


@method()
def neuronInfo_getNeuronsLite(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """All neurons of a subnet, without weights and bonds."""
    return _neurons(node, "get_neurons_lite", two(netuid), at, "neurons lite")


@method()
def neuronInfo_getNeuronLite(node: Node, netuid: NetUid, uid: Uid, at: Hash | None = None) -> list[int]:
    """One of them."""
    return _neurons(node, "get_neuron_lite", two(netuid) + two(uid), at, "neurons lite")


@method()
def neuronInfo_getNeurons(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """All neurons of a subnet."""
    return _neurons(node, "get_neurons", two(netuid), at, "neurons")


@method()
def neuronInfo_getNeuron(node: Node, netuid: NetUid, uid: Uid, at: Hash | None = None) -> list[int]:
    """One of them."""
    return _neurons(node, "get_neuron", two(netuid) + two(uid), at, "neuron")


# --- subnets -------------------------------------------------------------------------------------------------------


@method()
def subnetInfo_getSubnetInfo(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """A subnet in short."""
    return _subnets(node, "get_subnet_info", two(netuid), at, "subnet info")


@method()
def subnetInfo_getSubnetsInfo(node: Node, at: Hash | None = None) -> list[int]:
    """All subnets."""
    return _subnets(node, "get_subnets_info", b"", at, "subnets info")


@method()
def subnetInfo_getSubnetInfo_v2(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """A subnet in short, with its identity."""
    return _subnets(node, "get_subnet_info_v2", two(netuid), at, "subnet info")


@method()
def subnetInfo_getSubnetsInfo_v2(node: Node, at: Hash | None = None) -> list[int]:
    """All subnets with their identities."""
    return _subnets(node, "get_subnets_info_v2", b"", at, "subnets info")


@method()
def subnetInfo_getSubnetHyperparams(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Hyperparameters."""
    return _subnets(node, "get_subnet_hyperparams", two(netuid), at, "subnet info")


@method()
def subnetInfo_getSubnetHyperparamsV2(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """More hyperparameters."""
    return _subnets(node, "get_subnet_hyperparams_v2", two(netuid), at, "subnet info")


@method()
def subnetInfo_getAllDynamicInfo(node: Node, at: Hash | None = None) -> list[int]:
    """Pools and emission of all subnets."""
    return _subnets(node, "get_all_dynamic_info", b"", at, "dynamic subnets info")


@method()
def subnetInfo_getDynamicInfo(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """A subnet's pool and emission."""
    return _subnets(node, "get_dynamic_info", two(netuid), at, "dynamic subnets info")


@method()
def subnetInfo_getAllMetagraphs(node: Node, at: Hash | None = None) -> list[int]:
    """The metagraphs of all subnets."""
    return _subnets(node, "get_all_metagraphs", b"", at, "metagraps")


@method()
def subnetInfo_getMetagraph(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """A subnet and all its neurons."""
    return _subnets(node, "get_metagraph", two(netuid), at, "dynamic subnets info")


@method()
def subnetInfo_getAllMechagraphs(node: Node, at: Hash | None = None) -> list[int]:
    """The metagraphs of all mechanisms."""
    return _subnets(node, "get_all_mechagraphs", b"", at, "metagraps")


@method()
def subnetInfo_getMechagraph(node: Node, netuid: NetUid, mecid: MechId, at: Hash | None = None) -> list[int]:
    """The metagraph of a mechanism."""
    return _subnets(node, "get_mechagraph", two(netuid) + bytes((mecid,)), at, "dynamic subnets info")


@method()
def subnetInfo_getSubnetState(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """A subnet's neurons in arrays."""
    return _subnets(node, "get_subnet_state", two(netuid), at, "subnet state info")


@method()
def subnetInfo_getLockCost(node: Node, at: Hash | None = None) -> int:
    """The price of the next subnet, in rao."""
    api, failure = "SubnetRegistrationRuntimeApi_get_network_registration_cost", "Unable to get subnet lock cost"
    return COST.decode(ask(node, api, b"", at, failure))


@method()
def subnetInfo_getSelectiveMetagraph(node: Node, netuid: NetUid, indexes: Indexes, at: Hash | None = None) -> list[int]:
    """Fields of a metagraph by their positions."""
    return _subnets(node, "get_selective_metagraph", two(netuid) + indexes, at, "selective metagraph")


@method()
def subnetInfo_getColdkeyAutoStakeHotkey(
    node: Node, coldkey: Account, netuid: NetUid, at: Hash | None = None
) -> list[int]:
    """The hotkey to which a coldkey's mining rewards are staked."""
    arguments = coldkey + two(netuid)
    return _subnets(node, "get_coldkey_auto_stake_hotkey", arguments, at, "coldkey auto stake hotkey")


@method()
def subnetInfo_getSelectiveMechagraph(
    node: Node, netuid: NetUid, mecid: MechId, indexes: Indexes, at: Hash | None = None
) -> list[int]:
    """Fields of a mechanism's metagraph by their positions."""
    arguments = two(netuid) + bytes((mecid,)) + indexes
    return _subnets(node, "get_selective_mechagraph", arguments, at, "selective metagraph")


@method()
def subnetInfo_getSubnetToPrune(node: Node, at: Hash | None = None) -> int | None:
    """The subnet that would make room for a new one."""
    answer = ask(node, "SubnetInfoRuntimeApi_get_subnet_to_prune", b"", at, "Unable to get subnet to prune")
    return NETUID.decode(answer)


@method()
def subnetInfo_getSubnetAccountId(node: Node, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """The account that holds a subnet's TAO."""
    try:
        return _subnets(node, "get_subnet_account_id", two(netuid), at, "subnet account")
    except RpcError as error:
        raise RpcError(1, "Subnet does not exist") from error
