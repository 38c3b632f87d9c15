"""`system_*`: what chain and node this is, nonces, and trials."""

from __future__ import annotations

from typing import Annotated, Any

from ...runtime.apis import ApiError, call_api
from ...runtime.crypto import Ss58Error, ss58_decode
from ...runtime.frame.events import ApplyExtrinsic
from ...runtime.frame.runtime import runtime_of
from ...runtime.scale import ScaleError
from .author import require_envelope
from .errors import RpcError, unsafe
from .methods import METHODS, Method, method
from .node import Node
from .params import Bytes, Hash, misfit, to_text
from .shapes import hexed

NODE_NAME = "Subtensor Node"
NODE_VERSION = "4.0.0-dev-pysubtensor"
#: The peer id of the node key 00…01, which development networks give their first node.
PEER_ID = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp"


def to_account(value: Any) -> bytes:
    """An account's address, of any network."""
    try:
        account = ss58_decode(to_text(value))
    except Ss58Error as error:
        raise misfit(value, f"invalid ss58 address: {error}") from error
    if len(account) != 32:
        raise misfit(value, f"invalid ss58 address: expected an account of 32 bytes, got {len(account)}")
    return account


Account = Annotated[bytes, to_account]


@method()
def system_name(node: Node) -> str:
    """The genuine node's name, which some clients look for."""
    return NODE_NAME


@method()
def system_version(node: Node) -> str:
    """The node's version."""
    return NODE_VERSION


@method()
def system_chain(node: Node) -> str:
    """The chain's name."""
    return node.chain.config.name


@method()
def system_chainType(node: Node) -> str:
    """Live, Local or Development."""
    return node.chain.config.chain_type


@method()
def system_properties(node: Node) -> dict[str, Any]:
    """How to show addresses and amounts."""
    config = node.chain.config
    return {
        "ss58Format": config.ss58_format,
        "tokenDecimals": config.token_decimals,
        "tokenSymbol": config.token_symbol,
    }


@method()
def system_health(node: Node) -> dict[str, Any]:
    """Always well: there are no peers to wait for."""
    return {"peers": 0, "isSyncing": False, "shouldHavePeers": False}


@method()
def system_nodeRoles(node: Node) -> list[str]:
    """What the node does: it makes blocks."""
    return ["Authority"]


@method()
def system_localPeerId(node: Node) -> str:
    """A name in a network that there is not."""
    return PEER_ID


@method()
def system_localListenAddresses(node: Node) -> list[str]:
    """Addresses in that network."""
    return []


@method(unsafe=True)
def system_peers(node: Node) -> list[Any]:
    """Nobody."""
    return []


@method()
def system_reservedPeers(node: Node) -> list[str]:
    """Nobody."""
    return []


@method()
def system_syncState(node: Node) -> dict[str, int]:
    """The head is as far as there is."""
    head = node.chain.head.number
    return {"startingBlock": 0, "currentBlock": head, "highestBlock": head}


@method("account_nextIndex")
def system_accountNextIndex(node: Node, account: Account) -> int:
    """The nonce that the account's next transaction needs, those that are ready counted."""
    return node.chain.pool.next_nonce(account)


@method("system_dryRunAt", unsafe=True)
def system_dryRun(node: Node, raw: Bytes, at: Hash | None = None) -> str:
    """What applying an extrinsic would give (an encoded `ApplyExtrinsicResult`), without doing it."""
    try:
        require_envelope(raw)
    except ScaleError as error:
        raise RpcError(2, "Unable to dry run extrinsic", str(error)) from error
    ctx = node.context(at)
    ctx.block.phase = ApplyExtrinsic(0)
    try:
        with ctx.state.anchor():
            return hexed(call_api(runtime_of(ctx), ctx, "BlockBuilder_apply_extrinsic", raw))
    except ApiError as error:
        raise RpcError(1, "Unable to dry run extrinsic.", str(error)) from error


def refuse(node: Node) -> None:
    raise unsafe()


#: What touches keys, peers, logs or traces: there are none to touch, so it is refused as on a node that is careful.
REFUSED = (
    "author_hasKey",
    "author_hasSessionKeys",
    "author_insertKey",
    "author_rotateKeys",
    "author_rotateKeysWithOwner",
    "offchain_localStorageGet",
    "offchain_localStorageSet",
    "state_traceBlock",
    "system_addLogFilter",
    "system_addReservedPeer",
    "system_removeReservedPeer",
    "system_resetLogFilter",
    "system_unstable_networkState",
)
METHODS.update({name: Method(name, refuse, ()) for name in REFUSED})
