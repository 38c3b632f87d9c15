"""`system_*`: names and versions of chain and node, nonces, and dry runs."""

from __future__ import annotations

from typing import Annotated, Any

from ....runtime.apis import ApiError, call_api
from ....runtime.crypto import Ss58Error, ss58_decode
from ....runtime.frame.context import BlockEnvironment, Context
from ....runtime.frame.events import ApplyExtrinsic
from ....runtime.frame.runtime import runtime_of
from ....runtime.scale import ScaleError
from ...pool.opaque import opaque_extrinsic
from ..errors import RpcError
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Bytes, Hash, invalid_value, to_text
from ..shapes import to_hex

namespace = Namespace()

NODE_NAME = "Subtensor Node"
NODE_VERSION = "4.0.0-dev-pysubtensor"
#: The peer id of the node key 00…01, which development networks give their first node.
PEER_ID = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp"


def to_account(value: Any) -> bytes:
    """Return the account of an SS58 address, of any network."""
    try:
        account = ss58_decode(to_text(value))
    except Ss58Error as error:
        raise invalid_value(value, f"invalid ss58 address: {error}") from error
    if len(account) != 32:
        raise invalid_value(value, f"invalid ss58 address: expected an account of 32 bytes, got {len(account)}")
    return account


Account = Annotated[bytes, to_account]


@namespace.method()
def system_name(node: Node) -> str:
    """Return the genuine node's name, which some clients check."""
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
    """Return "Live", "Local" or "Development"."""
    return node.chain.config.chain_type


@namespace.method()
def system_properties(node: Node) -> dict[str, Any]:
    """Return the format of addresses, and symbol and decimals of amounts."""
    config = node.chain.config
    return {
        "ss58Format": config.ss58_format,
        "tokenDecimals": config.token_decimals,
        "tokenSymbol": config.token_symbol,
    }


@namespace.method()
def system_health(node: Node) -> dict[str, Any]:
    """Return the number of peers, and whether the node is syncing and needs peers."""
    status = node.engine.status()
    return {"peers": status.peers, "isSyncing": status.is_syncing, "shouldHavePeers": status.expects_peers}


@namespace.method()
def system_nodeRoles(node: Node) -> list[str]:
    """Return the node's role, that of an author."""
    return ["Authority"]


@namespace.method()
def system_localPeerId(node: Node) -> str:
    """Return a peer id, although there is no network."""
    return PEER_ID


@namespace.method()
def system_localListenAddresses(node: Node) -> list[str]:
    """Return no addresses."""
    return []


@namespace.method(unsafe=True)
def system_peers(node: Node) -> list[Any]:
    """Return no peers."""
    return []


@namespace.method()
def system_reservedPeers(node: Node) -> list[str]:
    """Return no peers."""
    return []


@namespace.method()
def system_syncState(node: Node) -> dict[str, int]:
    """Return the numbers of the head and of the highest known block."""
    highest = node.engine.status().highest_block
    return {"startingBlock": 0, "currentBlock": node.chain.head.number, "highestBlock": highest}


@namespace.method("account_nextIndex")
def system_accountNextIndex(node: Node, account: Account) -> int:
    """Return the nonce of the account's next transaction, after those that are ready in the pool."""
    return node.chain.pool.next_nonce(account)


@namespace.method("system_dryRunAt", unsafe=True, cost=Cost.LONG, named=["extrinsic", "at"])
def system_dryRun(node: Node, raw: Bytes, at: Hash | None = None) -> str:
    """Return the result of applying an extrinsic (an encoded `ApplyExtrinsicResult`) without keeping its changes.

    It is applied as in the block after `at` (the head by default), so that its era may begin at `at`.
    """
    try:
        extrinsic = opaque_extrinsic(raw)
    except ScaleError as error:
        raise RpcError(2, "Unable to dry run extrinsic", str(error)) from error
    found = node.context(at)
    next_block = BlockEnvironment(found.block.number + 1, node.block_hash(at))
    ctx = Context(found.runtime, found.state, next_block)
    ctx.block.phase = ApplyExtrinsic(0)
    try:
        with ctx.state.anchor():
            return to_hex(call_api(runtime_of(ctx), ctx, "BlockBuilder_apply_extrinsic", extrinsic))
    except ApiError as error:
        raise RpcError(1, "Unable to dry run extrinsic.", str(error)) from error
