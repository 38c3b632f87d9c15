"""The verbs of Anvil and Hardhat on a chain for tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.chain.engine.local import LocalEngine, Sealing

from .conftest import Client
from .ethereum import ANSWER, GWEI, TAO, Wallet

BOB = "0x" + "b0" * 20
CONTRACT = "0x" + "c0" * 20
SLOT_S = 12
CREATION = '{"jsonrpc":"2.0","id":1,"method":"eth_estimateGas","params":[{"data":"0x00"}]}'


@pytest.fixture
def dev(connect: Callable[..., Client]) -> Client:
    """A client of a node that serves the verbs."""
    return connect(dev=True)


def now(client: Client) -> int:
    return int(client.ask("eth_getBlockByNumber", "latest", False)["timestamp"], 16)


@pytest.mark.parametrize("prefix", ["anvil", "hardhat"])
def test_accounts_get_what_a_test_wants(dev: Client, prefix: str) -> None:
    words = {
        "anvil": ("anvil_setBalance", "anvil_setNonce", "anvil_setCode", "anvil_setStorageAt"),
        "hardhat": ("hardhat_setBalance", "hardhat_setNonce", "hardhat_setCode", "hardhat_setStorageAt"),
    }[prefix]
    set_balance, set_nonce, set_code, set_storage = words
    assert dev.ask(set_balance, BOB, hex(5 * TAO)) is True
    assert dev.ask("eth_getBalance", BOB) == hex(5 * TAO)
    assert dev.ask(set_balance, BOB, hex(2 * TAO + 7)) is True
    assert dev.ask("eth_getBalance", BOB) == hex(2 * TAO)
    assert dev.ask(set_balance, BOB, "0x0") is True
    assert dev.ask("eth_getBalance", BOB) == "0x0"
    dev.ask(set_nonce, BOB, "0x7")
    assert dev.ask("eth_getTransactionCount", BOB) == "0x7"
    dev.ask(set_code, CONTRACT, "0x" + ANSWER.hex())
    assert int(dev.ask("eth_call", {"to": CONTRACT}), 16) == 42
    word = "0x" + (9).to_bytes(32, "big").hex()
    dev.ask(set_storage, CONTRACT, "0x2", word)
    dev.chain.produce()
    assert dev.ask("eth_getStorageAt", CONTRACT, "0x2") == word
    dev.ask(set_code, CONTRACT, "0x")
    assert dev.ask("eth_getCode", CONTRACT) == "0x"
    assert dev.ask("eth_getStorageAt", CONTRACT, "0x2") == word
    dev.ask(set_storage, CONTRACT, "0x2", "0x0")
    assert dev.ask("eth_getStorageAt", CONTRACT, "0x2") == "0x" + "00" * 32


def test_blocks_and_their_times(dev: Client) -> None:
    start, height = now(dev), dev.chain.head.number
    dev.ask("evm_mine")
    assert now(dev) == start + SLOT_S
    assert dev.ask("evm_increaseTime", 3600) == 3600
    dev.ask("evm_mine")
    assert now(dev) == start + 2 * SLOT_S + 3600
    wanted = now(dev) + 100
    dev.ask("evm_setNextBlockTimestamp", hex(wanted))
    dev.ask("evm_mine")
    assert wanted <= now(dev) < wanted + SLOT_S
    dev.ask("evm_mine", {"timestamp": hex(wanted + 500), "blocks": 2})
    assert now(dev) >= wanted + 500
    dev.ask("anvil_mine", "0x3")
    dev.ask("hardhat_mine", hex(2), hex(60))
    assert dev.chain.head.number == height + 3 + 2 + 3 + 2
    later = now(dev) + 5000
    dev.ask("evm_setNextBlockTimestamp", later)
    dev.ask("hardhat_mine", "0x1", "0x1")  # as the helpers of Hardhat do
    assert later <= now(dev) < later + SLOT_S
    assert dev.ask("anvil_setTime", now(dev) + 1200) == 1188
    assert dev.ask("evm_setTime", now(dev) + 1200) == 0
    assert dev.fail("evm_setNextBlockTimestamp", 1)[0] == 1
    assert dev.fail("evm_mine", {"time": 1})[1] == "expected timestamp and blocks, got 'time'"


def test_snapshots(dev: Client) -> None:
    first = dev.ask("evm_snapshot")
    dev.ask("anvil_setBalance", BOB, hex(TAO))
    dev.ask("evm_mine")
    assert dev.ask("evm_revert", first) is True
    assert (dev.ask("eth_getBalance", BOB), dev.chain.head.number) == ("0x0", 2)
    assert dev.ask("evm_revert", first) is False


def test_an_impersonated_address_sends_without_a_key(dev: Client) -> None:
    dev.ask("anvil_setBalance", BOB, hex(5 * TAO))
    request = {"from": BOB, "to": CONTRACT, "value": hex(TAO)}
    assert dev.fail("eth_sendTransaction", request)[1] == "no signer available"
    assert dev.ask("hardhat_impersonateAccount", BOB) is True
    hashes = [dev.ask("eth_sendTransaction", request), dev.ask("eth_sendTransaction", request)]
    dev.chain.produce()
    receipts = [dev.ask("eth_getTransactionReceipt", each) for each in hashes]
    assert [(each["from"], each["status"], each["gasUsed"]) for each in receipts] == [(BOB, "0x1", hex(21_000))] * 2
    assert dev.ask("eth_getTransactionCount", BOB) == "0x2"
    assert dev.ask("hardhat_stopImpersonatingAccount", BOB) is True
    assert dev.ask("anvil_stopImpersonatingAccount", BOB) is False
    assert dev.fail("eth_sendTransaction", request)[1] == "no signer available"
    dev.ask("anvil_autoImpersonateAccount", True)
    dev.ask("eth_sendTransaction", request)
    dev.ask("anvil_autoImpersonateAccount", False)
    dev.ask("anvil_impersonateAccount", BOB)
    assert dev.fail("eth_sendTransaction", {**request, "nonce": "0x0"})[1] == "nonce too low"


def test_the_pool_the_price_and_the_chain_id(dev: Client) -> None:
    wallet = Wallet()
    dev.ask("hardhat_setBalance", wallet.hex, hex(100 * TAO))
    hashes = [dev.ask("eth_sendRawTransaction", wallet.legacy(bytes(20), gas=21_000)) for _ in range(2)]
    assert dev.ask("anvil_dropTransaction", hashes[1]) == hashes[1]
    assert dev.ask("hardhat_dropTransaction", hashes[1]) is None
    assert [each["hash"] for each in dev.ask("eth_pendingTransactions")] == hashes[:1]
    dev.ask("anvil_dropAllTransactions")
    assert dev.ask("eth_pendingTransactions") == []
    for name in ("anvil_setNextBlockBaseFeePerGas", "hardhat_setNextBlockBaseFeePerGas"):
        dev.ask(name, hex(55 * GWEI))
        assert dev.ask("eth_gasPrice") == hex(55 * GWEI)
    dev.ask("anvil_setChainId", 1337)
    assert dev.ask("eth_chainId") == hex(1337)
    assert dev.fail("anvil_setChainId", 1 << 64)[0] == -32602


def test_when_blocks_are_made(dev: Client) -> None:
    engine = dev.node.engine
    assert isinstance(engine, LocalEngine)
    dev.ask("evm_setAutomine", True)
    assert (engine.sealing, dev.ask("anvil_getAutomine")) == (Sealing.INSTANT, True)
    dev.ask("anvil_setAutomine", False)
    assert (engine.sealing, dev.ask("hardhat_getAutomine")) == (Sealing.MANUAL, False)
    dev.ask("evm_setIntervalMining", 2500)
    assert (engine.sealing, engine.block_time_ms) == (Sealing.MIXED, 2500)
    dev.ask("anvil_setIntervalMining", 3)
    assert engine.block_time_ms == 3000
    dev.ask("evm_setIntervalMining", 0)
    assert engine.sealing is Sealing.MANUAL


def test_the_node_says_what_it_is_and_begins_anew(dev: Client) -> None:
    found = dev.ask("hardhat_metadata")
    head = dev.ask("eth_getBlockByNumber", "latest", False)
    assert (found["chainId"], found["latestBlockNumber"], found["latestBlockHash"]) == (42, 2, head["hash"])
    assert dev.ask("hardhat_reset") is True
    assert dev.chain.head.number == 0
    assert dev.ask("anvil_metadata")["instanceId"] != found["instanceId"]
    assert dev.fail("anvil_reset", {"forking": {"jsonRpcUrl": "x"}})[0] == 1
    genuine = dev.ask("web3_clientVersion")
    dev.ask("dev_setClientVersion", "anvil/")
    assert dev.ask("web3_clientVersion") == "anvil/" + genuine
    assert "execution fatal" in str(dev.send(CREATION))
    dev.ask("hardhat_reset")
    assert "result" in dev.send(CREATION), "a devnet for contracts lets all addresses create, also after a reset"
    dev.ask("dev_setClientVersion", None)
    assert dev.ask("web3_clientVersion") == genuine


def test_bad_arguments_name_the_parameter(dev: Client) -> None:
    assert dev.fail("anvil_setBalance", "0x12", "0x1")[:2] == (
        -32602,
        "Invalid params: address: invalid length 2, expected a (both 0x-prefixed or not) hex string or byte array "
        "containing 20 bytes",
    )
    assert "balance: expected a number" in dev.fail("anvil_setBalance", BOB, -1)[1]
    assert "code: Invalid bytes format" in dev.fail("hardhat_setCode", BOB, "0x1")[1]
    assert "value: invalid length 66" in dev.fail("hardhat_setStorageAt", BOB, "0x1", "0x" + "0" * 66)[1]
    assert dev.fail("anvil_setNonce", BOB, 1 << 32)[0] == -32602


def test_other_nodes_do_not_have_them(client: Client) -> None:
    for name in ("anvil_setBalance", "hardhat_setBalance", "evm_mine", "evm_snapshot"):
        assert client.fail(name)[:2] == (-32601, "Method not found")
