"""Logs, filters that clients poll, and subscriptions."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.chain.cheats.accounts import fund
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc.methods.ethereum import filters
from pysubtensor.runtime.crypto import evm_account

from .conftest import Client
from .ethereum import LOGGER, TAO, Wallet, deploying

ONE, TWO, NINE = ("0x" + number.to_bytes(32, "big").hex() for number in (1, 2, 9))
SEVEN = "0x" + (7).to_bytes(32, "big").hex()
LOG_KEYS = {
    "address", "topics", "data", "blockHash", "blockNumber", "transactionHash", "transactionIndex", "logIndex",
    "transactionLogIndex", "removed",
}  # fmt: skip


class Logs:
    """A client, and a contract that logs whenever it is called."""

    def __init__(self, chain: Chain) -> None:
        self.client, self.wallet = Client(chain), Wallet()
        fund(chain, evm_account(self.wallet.address), 1_000 * 10**9)
        chain.produce()
        transaction_hash = self.send(data=deploying(LOGGER))
        self.address: str = self.client.ask("eth_getTransactionReceipt", transaction_hash)["contractAddress"]

    def send(self, count: int = 1, **fields: Any) -> str:
        """Send transactions, by default calls of the contract, make a block, and return the last one's hash."""
        given = fields or {"to": bytes.fromhex(self.address[2:])}
        for _ in range(count):
            found = self.client.ask("eth_sendRawTransaction", self.wallet.typed(**given))
        self.client.chain.produce()
        return str(found)


@pytest.fixture
def logs(chain: Chain) -> Logs:
    """The contract in block 4."""
    return Logs(chain)


def test_logs_have_their_place(logs: Logs) -> None:
    transaction_hash = logs.send(2)
    found = logs.client.ask("eth_getLogs", {"address": logs.address})
    assert [set(each) for each in found] == [LOG_KEYS] * 2
    last = found[1]
    assert (last["topics"], last["data"], last["address"]) == ([ONE, TWO], SEVEN, logs.address)
    assert (last["logIndex"], last["transactionLogIndex"], last["transactionIndex"]) == ("0x1", "0x0", "0x1")
    assert (last["blockNumber"], last["transactionHash"], last["removed"]) == ("0x5", transaction_hash, False)
    receipt = logs.client.ask("eth_getTransactionReceipt", transaction_hash)
    assert receipt["logs"] == [last]
    block_hash = receipt["blockHash"]
    assert logs.client.ask("eth_getLogs", {"blockHash": block_hash}) == found
    assert logs.client.fail("eth_getLogs", {"blockHash": "0x" + "ab" * 32}) == (-32000, "unknown block", None)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 1),
        ({"topics": []}, 1),
        ({"topics": ONE}, 1),
        ({"topics": [ONE]}, 1),
        ({"topics": [TWO]}, 0),
        ({"topics": [None, TWO]}, 1),
        ({"topics": [None, ONE]}, 0),
        ({"topics": [[TWO, ONE], [TWO, NINE]]}, 1),
        ({"topics": [[NINE, TWO]]}, 0),
        ({"topics": [[None, NINE]]}, 1),
        ({"topics": [ONE, TWO, None]}, 1),
        ({"topics": [ONE, TWO, NINE]}, 0),
        ({"topics": None, "address": None}, 1),
        ({"address": "0x" + "aa" * 20}, 0),
        ({"address": []}, 1),
        ({"toBlock": "0x4"}, 0),
        ({"fromBlock": "earliest", "toBlock": "latest"}, 1),
        ({"fromBlock": "0x6"}, 0),
    ],
)
def test_filters_by_topics_addresses_and_blocks(logs: Logs, wanted: dict[str, Any], count: int) -> None:
    logs.send()
    assert len(logs.client.ask("eth_getLogs", wanted)) == count


def test_too_many_logs_and_too_much_time(logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    logs.send(3)
    monkeypatch.setattr(filters, "MAX_LOGS", 2)
    why = "query returned more than 2 results"
    assert logs.client.fail("eth_getLogs", {"fromBlock": "0x0"}) == (-32603, why, None)
    monkeypatch.setattr(filters, "TIME_LIMIT_S", 0)
    logs.client.chain.produce(60)
    monkeypatch.setattr("pysubtensor.chain.rpc.slices.SLICE_S", 1e-6)
    assert logs.client.fail("eth_getLogs", {"fromBlock": "0x6"})[1] == "query timeout of 0 seconds exceeded"


def test_a_filter_of_logs_is_polled(logs: Logs) -> None:
    client = logs.client
    number = client.ask("eth_newFilter", {"address": logs.address, "topics": [ONE]})
    assert number == "0x1"
    assert client.ask("eth_getFilterChanges", number) == []
    logs.send()
    (found,) = client.ask("eth_getFilterChanges", number)
    assert found["blockNumber"] == "0x5"
    assert client.ask("eth_getFilterChanges", number) == []
    assert client.ask("eth_getFilterLogs", number) == [found]
    logs.send()
    assert [each["blockNumber"] for each in client.ask("eth_getFilterChanges", number)] == ["0x6"]
    assert client.ask("eth_uninstallFilter", number) is True
    missing = (-32603, "Filter id 1 does not exist.", None)
    for method in ("eth_getFilterChanges", "eth_getFilterLogs", "eth_uninstallFilter"):
        assert client.fail(method, number) == missing


def test_filters_of_blocks_and_pending_transactions(logs: Logs) -> None:
    client = logs.client
    blocks, transactions = client.ask("eth_newBlockFilter"), client.ask("eth_newPendingTransactionFilter")
    raw = logs.wallet.typed(bytes(20), TAO, gas=21_000)
    transaction_hash = client.ask("eth_sendRawTransaction", raw)
    assert client.ask("eth_getFilterChanges", transactions) == [transaction_hash]
    assert client.ask("eth_getFilterChanges", transactions) == []
    head = client.ask("eth_getBlockByNumber", "latest", False)["hash"]
    client.chain.produce()
    new = client.ask("eth_getBlockByNumber", "latest", False)["hash"]
    assert client.ask("eth_getFilterChanges", blocks) == [head, new]
    assert client.ask("eth_getFilterChanges", blocks) == []
    assert client.fail("eth_getFilterLogs", blocks)[1] == "Filter id 1 is not a Log filter."


def test_filters_are_limited_and_old_ones_dropped(logs: Logs) -> None:
    client = logs.client
    for _ in range(500):
        client.ask("eth_newBlockFilter")
    assert client.fail("eth_newBlockFilter")[1] == "Filter pool is full (limit 500)."
    client.chain.produce(100)
    assert client.fail("eth_getFilterChanges", "0x1")[1] == "Filter id 1 does not exist."
    assert client.ask("eth_newBlockFilter") == "0x1"


def test_subscriptions_to_heads_logs_and_transactions(logs: Logs) -> None:
    client = logs.client
    heads, transactions = client.ask("eth_subscribe", "newHeads"), client.ask("eth_subscribe", "newPendingTransactions")
    wanted, others = (
        client.ask("eth_subscribe", "logs", {"address": logs.address, "topics": [ONE]}),
        client.ask("eth_subscribe", "logs", {"topics": [NINE]}),
    )
    assert client.heard() == []
    transaction_hash = logs.send()
    head = client.ask("eth_getBlockByNumber", "latest", False)
    (first, second, third) = client.heard()
    assert first == ("eth_subscription", transactions, transaction_hash)
    assert second[:2] == ("eth_subscription", heads)
    assert (second[2]["hash"], second[2]["number"]) == (head["hash"], head["number"])
    assert int(second[2]["timestamp"], 16) == client.chain.head_ms  # in milliseconds, unlike in blocks
    assert "transactions" not in second[2]
    assert third[:2] == ("eth_subscription", wanted)
    assert third[2] == client.ask("eth_getLogs", {})[0]
    assert client.ask("eth_unsubscribe", heads) is True
    assert client.ask("eth_unsubscribe", wanted) is True
    assert client.ask("eth_unsubscribe", others) is True
    logs.send()
    assert [each[1] for each in client.heard()] == [transactions]


def test_a_subscription_to_syncing_says_false(client: Client) -> None:
    subscription = client.ask("eth_subscribe", "syncing")
    assert client.heard() == [("eth_subscription", subscription, False)]


def test_a_rollback_announces_the_former_head(logs: Logs) -> None:
    client = logs.client
    subscription = client.ask("eth_subscribe", "newHeads")
    client.chain.rollback_to(3)
    ((_, heard, head),) = client.heard()
    assert (heard, head["number"]) == (subscription, "0x3")
