"""`anvil_*`, `hardhat_*` and `evm_*`: the verbs of Anvil and Hardhat, for their tools.

Times are in seconds; blocks have the times of slots, so that a time is rounded up to the next slot.
"""

from __future__ import annotations

from typing import Annotated, Any

from .....consensus.integers import U32_MAX, U64_MAX
from .....runtime.apis import ethereum as api
from ....cheats import ethereum as cheats
from ....cheats.client_name import ClientName
from ....cheats.ethereum import ImpersonatedAddresses
from ....cheats.instance import Instance
from ....cheats.replacing import begin_anew
from ....cheats.time import travel
from ....engine.local import Sealing
from ....errors import ChainError
from ....pool.operating import drop
from ...node import Node
from ...params import BadParameter, Convert
from ...shapes import to_hex
from ..ethereum import client
from ..ethereum.params import to_address, to_data, to_u256
from ..ethereum.pooled import Pooled
from .blocks import dev_newBlock
from .declare import Anything, Flag, Text, verb
from .resolve import local_engine
from .snapshots import SnapshotId, dev_revert, dev_snapshot

WORD = 32


def plain(convert: Convert) -> Convert:
    """Return a conversion whose errors are those of `dev_*` methods."""

    def converted(value: Any) -> Any:
        try:
            return convert(value)
        except BadParameter as error:
            raise ValueError(error.why) from None

    return converted


def number(most: int) -> Convert:
    """Return the conversion of numbers: JSON's, decimal text or hex."""

    def convert(value: Any) -> int:
        if isinstance(value, str):
            value = plain(to_u256)(value) if value.startswith("0x") else int(value) if value.isdecimal() else value
        if type(value) is not int or not 0 <= value <= most:
            raise ValueError(f"expected a number from 0 to {most}, got {value!r:.60}")
        return value

    return convert


def to_word(value: Any) -> bytes:
    """Return 32 bytes from hex of at most as many."""
    return int(plain(to_u256)(value)).to_bytes(WORD, "big")


Address = Annotated[bytes, plain(to_address)]
Code = Annotated[bytes, plain(to_data)]
Word = Annotated[bytes, to_word]
Wei = Annotated[int, number((1 << 256) - 1)]
Nonce = Annotated[int, number(U32_MAX)]
Count = Annotated[int, number(U32_MAX)]
Seconds = Annotated[int, number((1 << 53) // 1000)]
Milliseconds = Annotated[int, number(1 << 32)]
ChainId = Annotated[int, number(U64_MAX)]


# --- accounts --------------------------------------------------------------------------------------------------------


@verb("hardhat_setBalance")
def anvil_setBalance(node: Node, address: Address, balance: Wei) -> bool:
    """Let an address be able to spend this many wei, rounded down to rao."""
    cheats.set_balance(node.chain, address, balance)
    return True


@verb("hardhat_setNonce")
def anvil_setNonce(node: Node, address: Address, nonce: Nonce) -> bool:
    """Let the next transaction of an address have this nonce."""
    cheats.set_nonce(node.chain, address, nonce)
    return True


@verb("hardhat_setCode")
def anvil_setCode(node: Node, address: Address, code: Code) -> bool:
    """Let an address have this code; `0x` removes it."""
    cheats.set_code(node.chain, address, code)
    return True


@verb("hardhat_setStorageAt")
def anvil_setStorageAt(node: Node, address: Address, slot: Word, value: Word) -> bool:
    """Let a slot of an address have this value."""
    cheats.set_storage(node.chain, address, slot, value)
    return True


@verb("hardhat_impersonateAccount")
def anvil_impersonateAccount(node: Node, address: Address) -> bool:
    """Accept `eth_sendTransaction` from an address."""
    ImpersonatedAddresses.of(node.chain).addresses.add(address)
    return True


@verb("hardhat_stopImpersonatingAccount")
def anvil_stopImpersonatingAccount(node: Node, address: Address) -> bool:
    """Accept no more transactions without a signature from an address; return whether they were accepted."""
    known = ImpersonatedAddresses.of(node.chain).addresses
    was_known = address in known
    known.discard(address)
    return was_known


@verb()
def anvil_autoImpersonateAccount(node: Node, enabled: Flag) -> None:
    """Accept `eth_sendTransaction` from all addresses, or no longer."""
    ImpersonatedAddresses.of(node.chain).everyone = enabled


# --- blocks and time -------------------------------------------------------------------------------------------------


def at_slot(node: Node, seconds: int) -> int:
    """Return the time of the first slot that is not before this time, in milliseconds."""
    slot = node.chain.slot_ms
    return -(-seconds * 1000 // slot) * slot


@verb("hardhat_mine")
def anvil_mine(node: Node, blocks: Count | None, interval: Seconds | None) -> None:
    """Make blocks, 1 by default, with `interval` seconds between them."""
    count = 1 if blocks is None else blocks
    if count:  # the first one may have a time of its own
        dev_newBlock(node, 1, None, None, None, True, None, None)
    if count > 1:
        dev_newBlock(node, count - 1, None, None, None, True, at_slot(node, interval) if interval else None, None)


@verb()
def evm_mine(node: Node, options: Anything | None) -> str:
    """Make a block: now, at a time in seconds, or by {timestamp, blocks}."""
    given = options if isinstance(options, dict) else {"timestamp": options}
    if unknown := given.keys() - {"timestamp", "blocks"}:
        raise ChainError(f"expected timestamp and blocks, got {min(unknown)!r:.60}")
    count = 1 if given.get("blocks") is None else read(Count, given["blocks"])
    if given.get("timestamp") is not None:
        evm_setNextBlockTimestamp(node, read(Seconds, given["timestamp"]))
    dev_newBlock(node, count, None, None, None, True, None, None)
    return "0x0"


def read(kind: Any, value: Any) -> int:
    """Return a number inside of an object; ChainError for others."""
    try:
        found: int = kind.__metadata__[0](value)
    except ValueError as error:
        raise ChainError(str(error)) from None
    return found


@verb()
def evm_snapshot(node: Node) -> str:
    """Take a snapshot and return its id."""
    return dev_snapshot(node, None)


@verb()
def evm_revert(node: Node, id: SnapshotId) -> bool:
    """Go back to a snapshot, which ends, as all later ones; return whether there was one."""
    return dev_revert(node, id, None)


@verb()
def evm_increaseTime(node: Node, seconds: Seconds) -> int:
    """Let the next block be this much later than it would be; return by how much it is, in seconds."""
    chain = node.chain
    present = chain.clock.next_timestamp(chain.head_ms, chain.slot_ms)
    later = at_slot(node, seconds)
    return (travel(chain, present + later) - present) // 1000 if later else 0


@verb()
def evm_setNextBlockTimestamp(node: Node, timestamp: Seconds) -> None:
    """Let the next block have this time, in seconds since 1970; it is after the head's."""
    travel(node.chain, at_slot(node, timestamp))


@verb("evm_setTime")
def anvil_setTime(node: Node, timestamp: Seconds) -> int:
    """Do as `evm_setNextBlockTimestamp`, and return how far that is ahead, in seconds."""
    chain = node.chain
    present = chain.clock.next_timestamp(chain.head_ms, chain.slot_ms)
    return (travel(chain, at_slot(node, timestamp)) - present) // 1000


@verb("anvil_setAutomine")
def evm_setAutomine(node: Node, enabled: Flag) -> bool:
    """Make blocks for transactions at once, or at requests alone."""
    local_engine(node).set_sealing(Sealing.INSTANT if enabled else Sealing.MANUAL)
    return True


@verb("hardhat_getAutomine")
def anvil_getAutomine(node: Node) -> bool:
    """Return whether blocks are made for transactions at once."""
    return local_engine(node).sealing in (Sealing.INSTANT, Sealing.MIXED)


@verb()
def evm_setIntervalMining(node: Node, milliseconds: Milliseconds) -> bool:
    """Make a block each time this many milliseconds have passed, as Hardhat has it; 0: at requests alone."""
    local_engine(node).set_sealing(Sealing.MIXED if milliseconds else Sealing.MANUAL, milliseconds or None)
    return True


@verb()
def anvil_setIntervalMining(node: Node, seconds: Seconds) -> None:
    """Make a block each time this many seconds have passed, as Anvil has it; 0: at requests alone."""
    local_engine(node).set_sealing(Sealing.MIXED if seconds else Sealing.MANUAL, seconds * 1000 or None)


# --- the chain -------------------------------------------------------------------------------------------------------


@verb("hardhat_setNextBlockBaseFeePerGas")
def anvil_setNextBlockBaseFeePerGas(node: Node, base_fee: Wei) -> bool:
    """Let gas have this price in the next block; later ones follow from it."""
    cheats.set_base_fee(node.chain, base_fee)
    return True


@verb()
def anvil_setChainId(node: Node, chain_id: ChainId) -> None:
    """Let transactions be signed for this chain."""
    cheats.set_chain_id(node.chain, chain_id)


@verb("hardhat_dropTransaction")
def anvil_dropTransaction(node: Node, hash: Word) -> str | None:
    """Drop an Ethereum transaction of the pool, and those that depend on it; return its hash, null without one."""
    pooled = Pooled.of(node.chain)
    for extrinsic in node.chain.pool.waiting():
        if pooled.transaction_hash(extrinsic) == hash:
            drop(node.chain.pool, extrinsic.hash)
            return to_hex(hash)
    return None


@verb()
def anvil_dropAllTransactions(node: Node) -> None:
    """Drop all transactions of the pool."""
    drop(node.chain.pool, None)


@verb("hardhat_reset")
def anvil_reset(node: Node, options: Anything | None) -> bool:
    """Begin the chain anew. A fork is begun by the command line alone."""
    if options:
        raise ChainError("expected no options: forks are begun by `pysubtensor devnet --fork`")
    begin_anew(node.chain, node.chain.config)
    if ClientName.of(node.chain).text is not None:  # as `devnet --evm` began
        cheats.let_all_create(node.chain)
    return True


@verb("hardhat_metadata")
def anvil_metadata(node: Node) -> dict[str, Any]:
    """Return what the node is: its version, the chain id, the head, and an id that changes with a reset."""
    ctx = node.chain.context()
    block = api.current_block(ctx)
    return {
        "clientVersion": client.web3_clientVersion(node),
        "chainId": api.chain_id(ctx),
        "instanceId": Instance.of(node.chain).id,
        "latestBlockNumber": node.chain.head.number,
        "latestBlockHash": None if block is None else to_hex(block.header.hash),
    }


@verb()
def dev_setClientVersion(node: Node, version: Text | None) -> None:
    """Let `web3_clientVersion` begin with a text, such as "anvil/", which Hardhat's helpers ask for; null ends it."""
    ClientName.of(node.chain).text = version
