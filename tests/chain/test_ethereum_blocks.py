"""Ethereum transactions on a chain: pool, authored and imported blocks, state roots, the first block."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import rlp
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.pool.rejections import Invalid, PriorityTooLow
from pysubtensor.genesis.build import EXTRINSIC_INDEX, STORAGE_VERSION_ITEM, genesis_state
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto.hashing import keccak_256, twox_128
from pysubtensor.runtime.frame.digest import Consensus
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.pallets.ethereum.block import EthereumBlock
from pysubtensor.runtime.pallets.ethereum.calls import transact
from pysubtensor.runtime.pallets.ethereum.envelope import hash_of
from pysubtensor.runtime.pallets.ethereum.transaction import AnyTransaction
from pysubtensor.runtime.state.build import root_of

from tests.ethereum import ETHER, EthereumKey

KEY, OTHER = EthereumKey(1), EthereumKey(2)
TO = b"\7" * 20
TAO = 10**9


def new_chain() -> Chain:
    return Chain.dev(balances={KEY.account: 1_000 * TAO, OTHER.account: 1_000 * TAO})


@pytest.fixture
def chain() -> Iterator[Chain]:
    with new_chain() as chain:
        yield chain


def submit(chain: Chain, transaction: AnyTransaction) -> bytes:
    return chain.submit(ExtrinsicCodec.bare(transact.call(transaction)))


def blocks(chain: Chain) -> Iterator[tuple[Header, list[bytes]]]:
    for number in range(1, chain.head.number + 1):
        block = chain.history.block_by_number(number)
        yield Header.decode(block.header), list(block.body)


def test_transactions_that_come_in_the_wrong_order_wait_for_each_other(chain: Chain) -> None:
    transactions = [KEY.legacy(nonce, TO, ETHER, chain_id=42) for nonce in range(3)]
    for transaction in reversed(transactions):
        submit(chain, transaction)
    assert (chain.pool.ready_count, chain.pool.future_count) == (3, 0)
    chain.produce()
    block = chain.query("Ethereum.CurrentBlock")
    assert block.transactions == transactions
    assert [status.transaction_index for status in chain.query("Ethereum.CurrentTransactionStatuses")] == [0, 1, 2]
    assert [receipt.data.used_gas for receipt in chain.query("Ethereum.CurrentReceipts")] == [21_000, 42_000, 63_000]
    assert len(chain.pool) == 0


def test_no_offer_replaces_a_transaction_with_the_same_nonce(chain: Chain) -> None:
    submit(chain, KEY.legacy(0, TO, chain_id=42))
    with pytest.raises(PriorityTooLow):
        submit(chain, KEY.dynamic(0, TO, chain_id=42, tip=10**9))


def test_transactions_for_another_chain_are_refused(chain: Chain) -> None:
    with pytest.raises(Invalid, match="Custom error: 8"):
        submit(chain, KEY.legacy(0, TO, chain_id=1))


def test_the_digest_has_the_hashes(chain: Chain) -> None:
    transaction = KEY.legacy(0, TO, ETHER)
    submit(chain, transaction)
    chain.produce()
    header, _ = list(blocks(chain))[-1]
    items = [item for item in header.digest.logs if isinstance(item, Consensus) and item.engine == b"fron"]
    block_hash = chain.query("Ethereum.CurrentBlock").header.hash
    assert [item.data for item in items] == [b"\1" + block_hash + b"\4" + hash_of(transaction)]
    assert chain.query("Ethereum.BlockHash", chain.head.number) == block_hash


def test_another_chain_imports_the_blocks(chain: Chain) -> None:
    for nonce in range(2):
        submit(chain, KEY.legacy(nonce, TO, ETHER))
        chain.produce(2)
    with new_chain() as importer:
        for header, body in blocks(chain):
            importer.import_block(header, body)
        assert importer.head == chain.head
        assert importer.query("Ethereum.CurrentBlock") == chain.query("Ethereum.CurrentBlock")


def test_state_roots_are_those_of_all_entries(chain: Chain) -> None:
    """Also of those entries that came and went between the two roots of a block."""
    for nonce in range(3):
        submit(chain, KEY.legacy(nonce, TO, ETHER))
        submit(chain, OTHER.legacy(nonce, TO, ETHER))
        chain.produce(2)
        assert chain.query("Ethereum.CurrentBlock").header.number == chain.head.number
        header = Header.decode(chain.history.block_by_number(chain.head.number).header)
        assert root_of(chain.state.items(b""), 1) == header.state_root


def test_a_transaction_in_a_block_of_another_author_removes_its_rivals(chain: Chain) -> None:
    with new_chain() as author:
        submit(author, KEY.legacy(0, TO, ETHER))
        author.produce()
        ((header, body),) = blocks(author)
    submit(chain, KEY.legacy(0, TO, 2 * ETHER))
    submit(chain, OTHER.legacy(0, TO, ETHER))
    chain.import_block(header, body)
    assert [extrinsic.call.args[0].signed.nonce for extrinsic in chain.pool.ready()] == [0]
    (left,) = chain.pool.ready()
    assert chain.runtime.sender(left) == chain.runtime.sender(chain.runtime.decode(left.raw))
    assert left.call.args[0] == OTHER.legacy(0, TO, ETHER)


def test_a_trace_has_the_ethereum_block_that_is_stored(chain: Chain) -> None:
    submit(chain, KEY.legacy(0, TO, ETHER))
    chain.produce(2)
    finalization = chain.trace(1).steps[-1]
    (raw,) = [change.new_raw for change in finalization.writes if change.name == "Ethereum.CurrentBlock"]
    assert raw == EthereumBlock.scale.encode(chain.query("Ethereum.CurrentBlock", at=1))


# --- the first block -------------------------------------------------------------------------------------------


def test_the_first_block_is_empty_and_has_the_root_of_what_was_stored_before_it(chain: Chain) -> None:
    """A known answer for the size is Frontier's; the root leaves out what later pallets and the node store."""
    header = chain.query("Ethereum.CurrentBlock").header
    assert len(rlp.encode([rlp.decode(header.encoded()), [], []])) == 505
    assert (header.number, header.timestamp, header.beneficiary) == (0, 0, bytes(20))
    assert chain.query("Ethereum.BlockHash", 0) == keccak_256(header.encoded())
    assert chain.state.get(b":ethereum_schema") == b"\3"
    later = ("Ethereum", "EVM", "EVMChainId", "BaseFee", "Drand", "LimitOrders", "Swap", "Crowdloan", "MevShield")
    prefixes = tuple(twox_128(name.encode()) for name in later)
    stored = {
        key: value
        for key, value in genesis_state(dev()).items()
        if not key.startswith((*prefixes, b":"))
        and not key.endswith(STORAGE_VERSION_ITEM)
        and b"modlbt/l" not in key + value
    }
    with Chain.dev() as plain:
        assert plain.query("Ethereum.CurrentBlock").header.state_root == root_of(
            {**stored, EXTRINSIC_INDEX: bytes(4)}, 1
        )
