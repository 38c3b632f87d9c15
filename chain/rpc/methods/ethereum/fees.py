"""`eth_*` about the price of gas.

Rewards are shown in floating point by the genuine node's formulas, as its clients see them; nothing of it reaches the
chain.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from .....consensus.integers import U64_MAX
from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import AnyTransaction, EIP2930Transaction, LegacyTransaction
from ....chain import Blockchain
from ...namespace import Cost
from ...node import Node
from ...slices import pause
from .declare import eth, internal, quantities, quantity
from .params import Block, BlockCount, BlockRef, Percentiles, Tag
from .reading import BlockInfo, context_of, find, info_of

#: The most blocks of one answer, and how far back from the head there is a history.
MAX_BLOCKS, CACHED_BLOCKS = 1024, 2048
#: Percentiles are kept in steps of a half.
STEPS = 201
#: Blocks and percentile by which a tip is suggested.
TIP_BLOCKS, TIP_PERCENTILE = 20, 60
#: The change of the base fee from block to block without a setting, in parts of 10^6.
ELASTICITY, MILLION = 125_000, 1_000_000
IDEAL = 0.5


@dataclass(frozen=True, slots=True)
class BlockFees:
    """The base fee after a block, the part of its gas that was used, and rewards by percentile in steps of a half."""

    base_fee: int
    used_ratio: float
    rewards: tuple[int, ...]


class FeeHistory:
    """The fees of the last blocks of one chain, by the hash of the chain's block."""

    def __init__(self, chain: Blockchain) -> None:
        self._known: OrderedDict[bytes, BlockFees] = OrderedDict()

    @classmethod
    def of(cls, chain: Blockchain) -> FeeHistory:
        """Return that of a chain."""
        return chain.attached(cls)

    def fees(self, node: Node, number: int) -> BlockFees | None:
        """Return the fees of a block by its number; None if its state is not kept."""
        chain_hash = node.chain.hash_at(number)
        if chain_hash is None:
            return None
        if chain_hash not in self._known:
            pause()
            found = info_of(node, chain_hash)
            if found is None:
                return None
            self._known[chain_hash] = fees_of(found)
            while len(self._known) > CACHED_BLOCKS:
                self._known.popitem(last=False)
        return self._known[chain_hash]


def fees_of(found: BlockInfo) -> BlockFees:
    """Return the fees of a block."""
    header = found.block.header
    base_fee, rewards, before = min(found.base_fee, U64_MAX), list[tuple[int, int]](), 0
    for transaction, receipt in zip(found.block.transactions, found.receipts, strict=True):
        used, before = max(receipt.data.used_gas - before, 0), receipt.data.used_gas
        rewards.append((reward_of(transaction, base_fee), used))
    rewards.sort(key=lambda pair: pair[0])
    at_percentiles = [_reward_at(rewards, step / 2 * header.gas_used / 100) for step in range(STEPS)]
    kept = tuple(reward for reward in at_percentiles if reward is not None)
    return BlockFees(base_fee, header.gas_used / header.gas_limit, kept)


def reward_of(transaction: AnyTransaction, base_fee: int) -> int:
    """Return what a transaction would pay above the base fee on Ethereum."""
    signed = transaction.signed
    if isinstance(signed, LegacyTransaction | EIP2930Transaction):
        return min(max(signed.gas_price - base_fee, 0), U64_MAX)
    return min(signed.max_priority_fee_per_gas, max(signed.max_fee_per_gas - base_fee, 0), U64_MAX)


def _reward_at(rewards: list[tuple[int, int]], gas: float) -> int | None:
    """Return the reward of the transaction with which this gas is used up, by ascending rewards."""
    used = 0
    for reward, own in rewards:
        used += own
        if int(gas) <= used:
            return reward
    return None


@eth.method()
def eth_gasPrice(node: Node) -> str:
    """Return the base fee of the next block, in wei."""
    return quantity(api.gas_price(node.context(None)))


@eth.method(cost=Cost.LONG)
def eth_maxPriorityFeePerGas(node: Node) -> str:
    """Return the least of the rewards at the 60th percentile of the last 20 blocks, in wei. The chain takes no tips."""
    head, history = node.chain.head.number, FeeHistory.of(node.chain)
    found = [history.fees(node, number) for number in range(max(head - TIP_BLOCKS + 1, 0), head + 1)]
    return quantity(min((_at(fees, TIP_PERCENTILE) for fees in found if fees is not None), default=0))


def _at(fees: BlockFees, percentile: float) -> int:
    """Return the reward at a percentile, rounded to a whole one; 0 without transactions."""
    index = round(percentile) * 2
    return fees.rewards[index] if index < len(fees.rewards) else 0


@eth.method(cost=Cost.LONG)
def eth_feeHistory(
    node: Node, block_count: BlockCount, newest_block: Block, reward_percentiles: Percentiles | None = None
) -> dict[str, Any]:
    """Return base fees, used parts of the gas, and rewards of at most 1,024 blocks up to the newest one."""
    chain_hash = find(node, newest_block)
    if chain_hash is None:
        raise internal(f"Failed to retrieve requested block {shown(newest_block)}.")
    highest = context_of(node, chain_hash, "Failed to retrieve block number").block.number
    lowest = max(highest - max(min(block_count, MAX_BLOCKS) - 1, 0), 0)
    if lowest < node.chain.head.number - CACHED_BLOCKS:
        raise internal("Block range out of bounds.")
    history = FeeHistory.of(node.chain)
    found = [fees for number in range(lowest, highest + 1) if (fees := history.fees(node, number)) is not None]
    base_fees = [fees.base_fee for fees in found]
    if found:
        elasticity = api.elasticity(context_of(node, chain_hash, "fetch elasticity failed"))
        base_fees.append(next_base_fee(found[-1], ELASTICITY if elasticity is None else elasticity))
    rewards = [[_at(fees, each) for each in reward_percentiles or ()] for fees in found if reward_percentiles]
    return {
        "oldestBlock": quantity(lowest),
        "baseFeePerGas": quantities(base_fees),
        "gasUsedRatio": [fees.used_ratio for fees in found],
        "reward": [quantities(each) for each in rewards] or None,
    }


def shown(block: BlockRef) -> str:
    """Return a block that is not found as Rust's `{:?}` writes it."""
    if isinstance(block, bytes):
        return f"Hash {{ hash: 0x{block.hex()}, require_canonical: false }}"
    return block.name.capitalize() if isinstance(block, Tag) else f"Num({block})"


def next_base_fee(last: BlockFees, elasticity: int) -> int:
    """Return the base fee as Ethereum's rule would make it; the chain's own follows from the weight of blocks."""
    change = (last.used_ratio - IDEAL) * 2 * (elasticity / MILLION)
    return int(float(last.base_fee) + float(last.base_fee) * change)
