"""`eth_*`, `net_*`, `web3_*`, `debug_*`: what clients read, and transactions that they send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import rlp
from pysubtensor.chain.cheats.accounts import fund
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.chain.rpc.methods.ethereum import index as index_module
from pysubtensor.chain.rpc.methods.ethereum.index import EthereumIndex
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.crypto.hashing import keccak_256

from .conftest import Client
from .ethereum import GWEI, TAO, Wallet, deploying

BOB = b"\xb0" * 20
UNKNOWN = "0x" + "ab" * 32
ZEROS = "0x" + "00" * 32
EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
EMPTY_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
BLOCK_KEYS = {
    "hash", "parentHash", "sha3Uncles", "author", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "number",
    "gasUsed", "gasLimit", "extraData", "logsBloom", "timestamp", "difficulty", "nonce", "size", "totalDifficulty",
    "uncles", "transactions", "baseFeePerGas",
}  # fmt: skip
RECEIPT_KEYS = {
    "transactionHash", "transactionIndex", "blockHash", "from", "to", "blockNumber", "cumulativeGasUsed", "gasUsed",
    "contractAddress", "logs", "logsBloom", "status", "effectiveGasPrice", "type",
}  # fmt: skip


@pytest.fixture
def wallet(chain: Chain) -> Wallet:
    """An account with 1,000 TAO."""
    made = Wallet()
    fund(chain, evm_account(made.address), 1_000 * 10**9)
    chain.produce()
    return made


def sent(client: Client, raw: str) -> str:
    """Send a transaction, make a block, and return its hash."""
    found: str = client.ask("eth_sendRawTransaction", raw)
    client.chain.produce()
    return found


def test_the_node_and_the_runtime_say_what_they_are(client: Client) -> None:
    asked = {
        "eth_protocolVersion": 1,
        "eth_chainId": "0x2a",
        "eth_syncing": False,
        "eth_accounts": [],
        "eth_mining": True,
        "eth_hashrate": "0x0",
        "eth_getWork": [ZEROS] * 3,
        "net_version": "42",
        "net_peerCount": "0x0",
        "net_listening": True,
        "web3_clientVersion": "node-subtensor/v425.1/fc-rpc-2.0.0-dev",
        "eth_blockNumber": "0x2",
    }
    assert {name: client.ask(name) for name in asked} == asked
    assert client.ask("eth_submitHashrate", "0x1", UNKNOWN) is False
    assert client.ask("eth_submitWork", "0x" + "11" * 8, UNKNOWN, UNKNOWN) is False
    assert client.ask("web3_sha3", "0x68656c6c6f20776f726c64") == (
        "0x47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad"
    )
    author = client.ask("eth_coinbase")
    assert author == client.ask("eth_getBlockByNumber", "latest", False)["miner"]
    assert bytes.fromhex(author[2:]) in [key[4:24] for key in client.chain.authorities()]


def test_an_empty_block_has_the_shape_of_the_genuine_node(client: Client) -> None:
    block = client.ask("eth_getBlockByNumber", "latest", False)
    assert set(block) == BLOCK_KEYS
    assert (block["number"], block["gasLimit"], block["gasUsed"]) == ("0x2", hex(75_000_000), "0x0")
    assert (block["transactionsRoot"], block["receiptsRoot"]) == (EMPTY_ROOT, EMPTY_ROOT)
    assert (block["sha3Uncles"], block["uncles"], block["transactions"]) == (EMPTY_UNCLES, [], [])
    assert (block["difficulty"], block["totalDifficulty"], block["nonce"]) == ("0x0", "0x0", "0x" + "00" * 8)
    assert int(block["timestamp"], 16) == client.chain.head_ms // 1000
    parent = client.ask("eth_getBlockByNumber", "0x1", False)
    assert block["parentHash"] == parent["hash"]
    assert client.ask("eth_getBlockByHash", block["hash"], True) == block
    first = client.ask("eth_getBlockByNumber", "earliest", False)
    assert (first["parentHash"], first["timestamp"]) == (ZEROS, "0x0")
    assert client.ask("eth_getBlockByHash", first["hash"], False) == first
    raw = bytes.fromhex(client.ask("debug_getRawBlock", "earliest")[2:])
    assert int(first["size"], 16) == len(raw) == 505  # as in Frontier's own test


def test_blocks_are_named_by_tag_number_and_hash(client: Client) -> None:
    by_number = client.ask("eth_getBlockByNumber", "0x1", False)
    for name in ("1", 1, {"blockNumber": "0x1"}, {"blockHash": by_number["hash"], "requireCanonical": True}):
        assert client.ask("eth_getBlockByNumber", name, False) == by_number
    assert client.ask("eth_getBlockByNumber", "safe", False) == client.ask("eth_getBlockByNumber", "finalized", False)
    assert client.fail("eth_getBlockByNumber", "0x3", False)[:2] == (
        -32603,
        "Expect block number from id: BlockId::Number(3)",
    )
    assert client.ask("eth_getBlockByHash", UNKNOWN, False) is None
    assert client.ask("eth_getBlockByNumber", {"blockHash": UNKNOWN}, False) is None


def test_there_are_no_uncles_and_no_bad_blocks(client: Client) -> None:
    assert client.ask("eth_getUncleCountByBlockHash", UNKNOWN) == "0x0"
    assert client.ask("eth_getUncleCountByBlockNumber", "latest") == "0x0"
    assert client.ask("eth_getUncleByBlockHashAndIndex", UNKNOWN, "0x0") is None
    assert client.ask("eth_getUncleByBlockNumberAndIndex", "latest", 0) is None
    assert client.ask("debug_getBadBlocks", "latest") == []


def test_a_transfer_from_the_pool_into_a_block(client: Client, wallet: Wallet) -> None:
    before = int(client.ask("eth_getBalance", wallet.hex, "latest"), 16)
    raw = wallet.legacy(BOB, TAO, gas=21_000)
    base_fee = int(client.ask("eth_gasPrice"), 16)
    transaction_hash = client.ask("eth_sendRawTransaction", raw)
    assert transaction_hash == "0x" + keccak_256(bytes.fromhex(raw[2:])).hex()
    waiting = client.ask("eth_getTransactionByHash", transaction_hash)
    assert (waiting["blockHash"], waiting["from"], waiting["value"]) == (None, wallet.hex, hex(TAO))
    assert client.ask("eth_pendingTransactions") == [waiting]
    assert client.ask("eth_getTransactionReceipt", transaction_hash) is None
    assert client.ask("debug_getRawTransaction", transaction_hash) is None
    client.chain.produce()
    assert client.ask("eth_pendingTransactions") == []
    receipt = client.ask("eth_getTransactionReceipt", transaction_hash)
    assert set(receipt) == RECEIPT_KEYS
    assert (receipt["status"], receipt["gasUsed"], receipt["cumulativeGasUsed"]) == ("0x1", "0x5208", "0x5208")
    assert (receipt["from"], receipt["to"], receipt["type"]) == (wallet.hex, "0x" + BOB.hex(), "0x0")
    block = client.ask("eth_getBlockByNumber", "latest", True)
    included = client.ask("eth_getTransactionByHash", transaction_hash)
    assert block["transactions"] == [included]
    assert (included["blockHash"], included["transactionIndex"]) == (block["hash"], "0x0")
    assert client.ask("eth_getTransactionByBlockHashAndIndex", block["hash"], "0x0") == included
    assert client.ask("eth_getTransactionByBlockNumberAndIndex", "latest", 0) == included
    assert client.fail("eth_getTransactionByBlockNumberAndIndex", "latest", "0x1")[1] == "1 is out of bounds"
    assert client.ask("eth_getBlockReceipts", "latest") == [receipt]
    assert client.ask("debug_getRawTransaction", transaction_hash) == raw
    fee = 21_000 * base_fee // GWEI * GWEI
    paid = before - int(client.ask("eth_getBalance", wallet.hex), 16) - TAO
    assert fee <= paid <= fee + GWEI  # the fee of the gas limit and its refund are rounded to rao
    assert client.ask("eth_getBalance", "0x" + BOB.hex(), "latest") == hex(TAO - 500 * GWEI)


def test_raw_forms_hash_to_what_the_header_says(client: Client, wallet: Wallet) -> None:
    sent(client, wallet.typed(BOB, TAO, gas=30_000, access=[[BOB, [bytes(32)]]]))
    block = client.ask("eth_getBlockByNumber", "latest", False)
    assert len(block["transactions"]) == 1
    header = client.ask("debug_getRawHeader", "latest")
    assert "0x" + keccak_256(bytes.fromhex(header[2:])).hex() == block["hash"]
    decoded = rlp.decode(bytes.fromhex(client.ask("debug_getRawBlock", "latest")[2:]))
    assert rlp.encode(decoded[0]) == bytes.fromhex(header[2:])
    assert [keccak_256(each) for each in decoded[1]] == [bytes.fromhex(block["transactions"][0][2:])]
    (receipt,) = client.ask("debug_getRawReceipts", "latest")
    assert receipt.startswith("0x02")
    assert client.ask("debug_getRawReceipts", "earliest") == []
    shown = client.ask("eth_getTransactionByHash", block["transactions"][0])
    assert shown["accessList"][0]["storageKeys"] == [ZEROS]
    assert shown["yParity"] == shown["v"]
    price = int(client.ask("eth_getBlockByNumber", "0x3", False)["baseFeePerGas"], 16)
    assert int(client.ask("eth_getTransactionReceipt", shown["hash"])["effectiveGasPrice"], 16) == price + GWEI
    assert client.ask("eth_getBlockTransactionCountByNumber", "latest") == "0x1"
    assert client.ask("eth_getBlockTransactionCountByHash", block["hash"]) == "0x1"
    assert client.ask("eth_getBlockTransactionCountByHash", UNKNOWN) is None


def test_a_contract_its_code_storage_and_address(client: Client, wallet: Wallet) -> None:
    stores = bytes.fromhex("602a60015500")
    transaction_hash = sent(client, wallet.typed(data=deploying(stores)))
    receipt = client.ask("eth_getTransactionReceipt", transaction_hash)
    address = receipt["contractAddress"]
    assert address == "0x" + keccak_256(rlp.encode([wallet.address, 0]))[12:].hex()
    assert client.ask("eth_getTransactionByHash", transaction_hash)["creates"] == address
    assert client.ask("eth_getCode", address) == "0x" + stores.hex()
    assert client.ask("eth_getCode", address, "0x3") == "0x"
    sent(client, wallet.typed(bytes.fromhex(address[2:])))
    assert client.ask("eth_getStorageAt", address, "0x1", "latest") == "0x" + (42).to_bytes(32, "big").hex()
    assert client.ask("eth_getStorageAt", address, "0x1", "0x4") == ZEROS
    assert client.ask("eth_getTransactionCount", address) == "0x1"


def test_the_pending_block_has_what_waits(client: Client, wallet: Wallet) -> None:
    client.ask("eth_sendRawTransaction", wallet.legacy(BOB, TAO, gas=21_000))
    client.ask("eth_sendRawTransaction", wallet.typed(BOB, TAO, gas=21_000))
    client.ask("eth_sendRawTransaction", wallet.typed(BOB, TAO, gas=21_000, nonce=7))
    assert client.ask("eth_getTransactionCount", wallet.hex, "pending") == "0x2"
    assert client.ask("eth_getTransactionCount", wallet.hex, "latest") == "0x0"
    block = client.ask("eth_getBlockByNumber", "pending", True)
    assert set(block) == BLOCK_KEYS
    assert (block["number"], block["hash"], block["miner"], block["nonce"]) == ("0x4", None, None, None)
    assert [each["nonce"] for each in block["transactions"]] == ["0x0", "0x1"]
    assert block["gasUsed"] == hex(42_000)
    assert client.ask("eth_getBlockTransactionCountByNumber", "pending") == "0x2"
    assert client.ask("eth_getBalance", "0x" + BOB.hex(), "pending") == hex(2 * TAO - 500 * GWEI)
    assert client.ask("eth_getBalance", "0x" + BOB.hex(), "latest") == "0x0"
    assert client.ask("eth_getCode", "0x" + BOB.hex(), "pending") == "0x"
    assert client.ask("eth_getStorageAt", "0x" + BOB.hex(), "0x0", "pending") == ZEROS
    client.chain.produce()
    made = client.ask("eth_getBlockByNumber", "latest", True)
    assert [each["hash"] for each in made["transactions"]] == [each["hash"] for each in block["transactions"]]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"gas": 20_999}, "intrinsic gas too low"),
        ({"gas": 75_000_001}, "exceeds block gas limit"),
        ({"price": GWEI}, "gas price less than block base fee"),
        ({"value": 2_000 * TAO}, "insufficient funds for gas * price + value"),
        ({"chain_id": 43}, "invalid chain id"),
    ],
)
def test_refused_transactions_have_the_words_of_geth(
    client: Client, wallet: Wallet, fields: dict[str, Any], why: str
) -> None:
    value = fields.pop("value", 0)
    assert client.fail("eth_sendRawTransaction", wallet.legacy(BOB, value, **fields)) == (-32603, why, None)


def test_replacements_repetitions_and_old_nonces_are_refused(client: Client, wallet: Wallet) -> None:
    raw = wallet.legacy(BOB, TAO, gas=21_000)
    client.ask("eth_sendRawTransaction", raw)
    assert client.fail("eth_sendRawTransaction", raw)[1] == "already known"
    dearer = wallet.legacy(BOB, TAO, gas=21_000, nonce=0, price=100 * GWEI)
    assert client.fail("eth_sendRawTransaction", dearer)[1] == "replacement transaction underpriced"
    client.chain.produce()
    assert client.fail("eth_sendRawTransaction", wallet.legacy(BOB, 1, nonce=0))[1] == "nonce too low"
    high_tip = wallet.typed(BOB, tip=50 * GWEI)
    expected = "max priority fee per gas higher than max fee per gas"
    assert client.fail("eth_sendRawTransaction", high_tip)[1] == expected


def test_what_is_no_transaction_is_refused(client: Client) -> None:
    assert client.fail("eth_sendRawTransaction", "0x")[1] == "transaction data is empty"
    for raw in ("0x00", "0x03c0", "0xc0", "0x02" + "ff" * 100):
        assert client.fail("eth_sendRawTransaction", raw)[1] == "decode transaction failed"
    assert client.fail("eth_sendTransaction", {"from": "0x" + BOB.hex()})[1] == "no signer available"
    assert client.fail("eth_sendTransaction", {"chainId": "0x1"})[1] == "chain id is mismatch"
    for missing in ("txpool_content", "eth_getProof", "eth_fillTransaction", "eth_createAccessList", "trace_block"):
        assert client.fail(missing)[:2] == (-32601, "Method not found")


def test_fee_history(client: Client, wallet: Wallet) -> None:
    sent(client, wallet.typed(BOB, TAO, gas=21_000, tip=3 * GWEI))
    history = client.ask("eth_feeHistory", "0x2", "latest", [50])
    fees = [int(client.ask("eth_getBlockByNumber", number, False)["baseFeePerGas"], 16) for number in (3, 4)]
    assert history["oldestBlock"] == "0x3"
    assert [int(each, 16) for each in history["baseFeePerGas"][:2]] == fees
    assert history["gasUsedRatio"] == [0.0, 21_000 / 75_000_000]
    assert history["reward"] == [["0x0"], [hex(3 * GWEI)]]
    next_fee = int(fees[1] - fees[1] * (0.5 - 21_000 / 75_000_000) * 2 * 0.125)
    assert abs(int(history["baseFeePerGas"][2], 16) - next_fee) <= 2
    assert client.ask("eth_feeHistory", 1, "0x3")["reward"] is None
    assert client.fail("eth_feeHistory", 1, "pending")[1] == "Failed to retrieve requested block Pending."
    assert client.ask("eth_maxPriorityFeePerGas") == "0x0"


# --- the index -----------------------------------------------------------------------------------------------------


def test_the_index_forgets_what_is_rolled_back(client: Client, wallet: Wallet) -> None:
    transaction_hash = sent(client, wallet.legacy(BOB, TAO, gas=21_000))
    block = client.ask("eth_getBlockByNumber", "latest", False)
    client.chain.rollback_to(3)
    assert client.ask("eth_getTransactionReceipt", transaction_hash) is None
    assert client.ask("eth_getBlockByHash", block["hash"], False) is None
    client.ask("eth_sendRawTransaction", wallet.legacy(BOB, TAO, gas=21_000, nonce=0))
    client.chain.produce(2)
    assert client.ask("eth_getTransactionReceipt", transaction_hash)["blockNumber"] == "0x4"


def test_the_index_has_the_blocks_whose_states_are_kept() -> None:
    with Chain(dev(), retention=Retention(blocks=None, states=8)) as chain:
        client = Client(chain)
        chain.produce(30)
        client.node.engine.finalize(30)
        chain.produce()
        index = EthereumIndex.of(chain)
        old = client.ask("eth_getBlockByNumber", 25, False)["hash"]
        assert client.ask("eth_getBlockByHash", old, False)["number"] == hex(25)
        assert len(index) <= 16
        chain.produce(10)
        client.node.engine.finalize(41)
        chain.produce()
        assert client.ask("eth_getBlockByHash", old, False) is None
        assert len(index) <= 16
        assert client.ask("eth_getBlockByNumber", 25, False) is None
        assert client.fail("eth_getBalance", "0x" + BOB.hex(), "0x19")[1].startswith("Fetch account balances failed")


def test_the_index_is_bounded(client: Client, wallet: Wallet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "MAX_TRANSACTIONS", 2)
    hashes = [sent(client, wallet.legacy(BOB, 1, gas=21_000)) for _ in range(4)]
    found = [client.ask("eth_getTransactionReceipt", each) is not None for each in hashes]
    assert found == [False, False, True, True]
    assert client.ask("eth_getBlockByNumber", "earliest", False) is not None


def test_a_restarted_chain_finds_its_transactions(tmp_path: Any, make_wallet: Callable[[Chain], Wallet]) -> None:
    with Chain(dev(), store=tmp_path / "chain") as chain:
        wallet = make_wallet(chain)
        transaction_hash = sent(Client(chain), wallet.legacy(BOB, TAO, gas=21_000))
    with Chain(dev(), store=tmp_path / "chain") as chain:
        receipt = Client(chain).ask("eth_getTransactionReceipt", transaction_hash)
        assert receipt["status"] == "0x1"


@pytest.fixture
def make_wallet() -> Callable[[Chain], Wallet]:
    """Make an account with 1,000 TAO on any chain."""

    def make(chain: Chain) -> Wallet:
        made = Wallet()
        fund(chain, evm_account(made.address), 1_000 * 10**9)
        chain.produce()
        return made

    return make
