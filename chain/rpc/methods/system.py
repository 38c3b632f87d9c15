"""`system_*`: what chain and node this is, nonces, and trials."""

from __future__ import annotations

from typing import Annotated, Any

from ....runtime.apis import ApiError, call_api
from ....runtime.crypto import Ss58Error, ss58_decode
from ....runtime.frame.events import ApplyExtrinsic
from ....runtime.frame.runtime import runtime_of
from ....runtime.scale import ScaleError
from ...pool.opaque import opaque_extrinsic
from ..errors import RpcError
from ..namespace import Namespace
from ..node import Node
from ..params import Bytes, Hash, to_text, wrong_value
from ..shapes import hexed

namespace = Namespace()

NODE_NAME = "Subtensor Node"
NODE_VERSION = "4.0.0-dev-pysubtensor"
#: The peer id of the node key 00…01, which development networks give their first node.
PEER_ID = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp"


def to_account(value: Any) -> bytes:
    """Return an account's address, of any network."""
    try:
        account = ss58_decode(to_text(value))
    except Ss58Error as error:
        raise wrong_value(value, f"invalid ss58 address: {error}") from error
    if len(account) != 32:
        raise wrong_value(value, f"invalid ss58 address: expected an account of 32 bytes, got {len(account)}")
    return account


Account = Annotated[bytes, to_account]


@namespace.method()
def system_name(node: Node) -> str:
    """Return the genuine node's name, which some clients look for."""
    return NODE_NAME


@namespace.method()
def system_version(node: Node) -> str:
    """Return the node's version."""
    return NODE_VERSION


@namespace.method()
def system_chain(node: Node) -> str:
    """Return the chain's name."""
    return node.chain.config.name


@namespace.method()
def system_chainType(node: Node) -> str:
    """Live, Local or Development."""
    return node.chain.config.chain_type


@namespace.method()
def system_properties(node: Node) -> dict[str, Any]:
    """Return how to show addresses and amounts."""
    config = node.chain.config
    return {
        "ss58Format": config.ss58_format,
        "tokenDecimals": config.token_decimals,
        "tokenSymbol": config.token_symbol,
    }


@namespace.method()
def system_health(node: Node) -> dict[str, Any]:
    """Return how many peers there are, and whether there should be more."""
    status = node.engine.status()
    return {"peers": status.peers, "isSyncing": status.is_syncing, "shouldHavePeers": status.expects_peers}


@namespace.method()
def system_nodeRoles(node: Node) -> list[str]:
    """Return what the node does: it makes blocks."""
    return ["Authority"]


@namespace.method()
def system_localPeerId(node: Node) -> str:
    """Return a name in a network that there is not."""
    return PEER_ID


@namespace.method()
def system_localListenAddresses(node: Node) -> list[str]:
    """Addresses in that network."""
    return []


@namespace.method(unsafe=True)
def system_peers(node: Node) -> list[Any]:
    """Return no peers: this node does not say who they are."""
    return []


@namespace.method()
def system_reservedPeers(node: Node) -> list[str]:
    """Return no peers."""
    return []


@namespace.method()
def system_syncState(node: Node) -> dict[str, int]:
    """Return the head, and the highest block that is known."""
    highest = node.engine.status().highest_block
    return {"startingBlock": 0, "currentBlock": node.chain.head.number, "highestBlock": highest}


@namespace.method("account_nextIndex")
def system_accountNextIndex(node: Node, account: Account) -> int:
    """Return the nonce that the account's next transaction needs, those that are ready counted."""
    return node.chain.pool.next_nonce(account)


@namespace.method("system_dryRunAt", unsafe=True)
def system_dryRun(node: Node, raw: Bytes, at: Hash | None = None) -> str:
    """Return what applying an extrinsic would give (an encoded `ApplyExtrinsicResult`), without doing it."""
    try:
        extrinsic = opaque_extrinsic(raw)
    except ScaleError as error:
        raise RpcError(2, "Unable to dry run extrinsic", str(error)) from error
    ctx = node.context(at)
    ctx.block.phase = ApplyExtrinsic(0)
    try:
        with ctx.state.anchor():
            return hexed(call_api(runtime_of(ctx), ctx, "BlockBuilder_apply_extrinsic", extrinsic))
    except ApiError as error:
        raise RpcError(1, "Unable to dry run extrinsic.", str(error)) from error
