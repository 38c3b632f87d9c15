"""`eth_*` about the node, `net_*` and `web3_*`."""

from __future__ import annotations

from typing import Annotated, Any

from .....runtime.apis import ethereum as api
from .....runtime.crypto.hashing import keccak_256
from .....runtime.version import RuntimeVersion
from ....cheats.client_name import ClientName
from ...node import Node
from ...params import Hash, invalid_value
from ...shapes import to_hex
from .declare import eth, internal, net, quantity, web3
from .params import Data, Quantity, to_data

#: The package that serves these methods in the genuine node.
PACKAGE = "fc-rpc-2.0.0-dev"


def to_nonce(value: Any) -> bytes:
    """Return the 8 bytes of a nonce."""
    found = to_data(value)
    if len(found) != 8:
        raise invalid_value(value, f"invalid length {2 * len(found)}, expected 8 bytes in hex")
    return found


Nonce = Annotated[bytes, to_nonce]


@eth.method()
def eth_protocolVersion(node: Node) -> int:
    """Return 1."""
    return 1


@eth.method()
def eth_syncing(node: Node) -> Any:
    """Return false, or how far the node has come in fetching blocks from peers."""
    return syncing(node)


def syncing(node: Node) -> Any:
    status = node.engine.status()
    if not status.is_syncing:
        return False
    return {
        "startingBlock": "0x0",
        "currentBlock": quantity(node.chain.head.number),
        "highestBlock": quantity(status.highest_block),
        "warpChunksAmount": None,
        "warpChunksProcessed": None,
    }


@eth.method()
def eth_coinbase(node: Node) -> str:
    """Return the address of the head's author."""
    block = api.current_block(node.context(None))
    if block is None:
        raise internal("fetching author through override failed")
    return to_hex(block.header.beneficiary)


@eth.method()
def eth_accounts(node: Node) -> list[str]:
    """Return no accounts: the node holds no keys."""
    return []


@eth.method()
def eth_blockNumber(node: Node) -> str:
    """Return the number of the head."""
    return quantity(node.chain.head.number)


@eth.method()
def eth_chainId(node: Node) -> str:
    """Return the chain id that transactions are signed for."""
    return quantity(api.chain_id(node.context(None)))


@eth.method()
def eth_mining(node: Node) -> bool:
    """Return whether this node makes blocks."""
    return node.engine.longest_wait_ms is not None or node.engine.on_demand


@eth.method()
def eth_hashrate(node: Node) -> str:
    """Return 0: blocks need no work."""
    return "0x0"


@eth.method()
def eth_getWork(node: Node) -> list[str]:
    """Return no work: three empty hashes."""
    return [to_hex(bytes(32))] * 3


@eth.method()
def eth_submitHashrate(node: Node, hashrate: Quantity, id: Hash) -> bool:
    """Return false: blocks need no work."""
    return False


@eth.method()
def eth_submitWork(node: Node, nonce: Nonce, pow_hash: Hash, mix_digest: Hash) -> bool:
    """Return false: blocks need no work."""
    return False


@net.method()
def net_version(node: Node) -> str:
    """Return the chain id in decimal."""
    return str(api.chain_id(node.context(None)))


@net.method()
def net_peerCount(node: Node) -> str:
    """Return the number of connected nodes."""
    return quantity(node.engine.status().peers)


@net.method()
def net_listening(node: Node) -> bool:
    """Return true."""
    return True


@web3.method()
def web3_clientVersion(node: Node) -> str:
    """Return the name of the runtime with its versions, and the package that serves this."""
    version = RuntimeVersion.scale.decode(node.chain.call_api("Core_version"))
    name = f"{version.spec_name}/v{version.spec_version}.{version.impl_version}/{PACKAGE}"
    other = ClientName.of(node.chain).text
    return name if other is None else other + name


@web3.method()
def web3_sha3(node: Node, input: Data) -> str:
    """Return the keccak-256 hash of bytes."""
    return to_hex(keccak_256(input))
