"""`transaction_v1` and `transactionWatch_v1`: broadcasting, stopping, and the events of a watched transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pysubtensor.chain.engine.local import Sealing
from pysubtensor.chain.pool import rejections
from pysubtensor.chain.pool.status import Status
from pysubtensor.chain.rpc.methods.transaction import broadcasts
from pysubtensor.chain.rpc.methods.transaction.methods import event_of, rejection_text
from pysubtensor.runtime.frame.validity import CannotLookup, Custom, Refused, Stale

from .conftest import ALICE, Client

INVALID_OPERATION = (-32602, "Invalid operation id", None)


def hexed(data: bytes) -> str:
    return "0x" + data.hex()


def events(client: Client) -> list[dict[str, Any]]:
    heard = client.heard()
    assert {method for method, _, _ in heard} <= {"transactionWatch_v1_watchEvent"}
    return [event for _, _, event in heard]


# --- broadcasting ------------------------------------------------------------------------------------------------


def test_a_broadcast_enters_the_pool_and_ends_when_it_is_final(client: Client) -> None:
    raw = client.transfer()
    operation = client.ask("transaction_v1_broadcast", hexed(raw))
    assert [each.raw for each in client.chain.pool.ready()] == [raw]
    assert len(client.node.broadcasts) == 1
    client.chain.finality.set_lag(0)
    client.chain.produce()
    assert len(client.node.broadcasts) == 0
    assert client.fail("transaction_v1_stop", operation) == INVALID_OPERATION
    assert client.heard() == []


def test_a_stopped_broadcast_stays_in_the_pool(client: Client, connect: Callable[..., Client]) -> None:
    operation = client.ask("transaction_v1_broadcast", hexed(client.transfer()))
    assert connect().fail("transaction_v1_stop", operation) == INVALID_OPERATION
    assert client.ask("transaction_v1_stop", operation) is None
    assert client.fail("transaction_v1_stop", operation) == INVALID_OPERATION
    assert client.chain.pool.ready_count == 1


@pytest.mark.parametrize("raw", ["0x", "0x00", "0x0400", "0xff"])
def test_what_is_no_transaction_has_an_id_too(client: Client, raw: str) -> None:
    assert isinstance(client.ask("transaction_v1_broadcast", raw), str)
    assert len(client.node.broadcasts) == 0


def test_a_client_has_sixteen_broadcasts_until_it_leaves(client: Client) -> None:
    for nonce in range(16):
        assert client.ask("transaction_v1_broadcast", hexed(client.transfer(nonce))) is not None
    assert client.ask("transaction_v1_broadcast", hexed(client.transfer(16))) is None
    for each in list(client.subscriptions.values()):
        each.close()
    assert len(client.node.broadcasts) == 0
    assert client.chain.pool.watchers._by_hash == {}
    assert client.ask("transaction_v1_broadcast", hexed(client.transfer(16))) is not None


def test_a_transaction_that_left_the_pool_is_submitted_again_while_it_may_be_valid(client: Client) -> None:
    raw = client.transfer()
    client.ask("transaction_v1_broadcast", hexed(raw))
    (transaction_hash,) = client.chain.pool.remove([client.chain.pool.submit(client.transfer(1))])
    assert transaction_hash
    client.ask("author_removeExtrinsic", [{"extrinsic": hexed(raw)}])
    assert client.chain.pool.ready_count == 0
    for _ in range(2):
        client.chain.produce()  # it is banned
        assert client.chain.pool.ready_count == 0
    client.chain.pool._bans._until.clear()
    client.chain.produce()
    assert [each.raw for each in client.chain.pool.ready()] == [raw]


def test_too_large_transactions_are_not_submitted_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "MAX_BYTES", 100)
    raw = client.transfer()
    client.ask("transaction_v1_broadcast", hexed(raw))
    client.ask("author_removeExtrinsic", [{"extrinsic": hexed(raw)}])
    assert len(client.node.broadcasts) == 0


# --- watching ----------------------------------------------------------------------------------------------------


def test_a_watched_transaction_is_validated_included_and_final(client: Client) -> None:
    name = client.ask("transactionWatch_v1_submitAndWatch", hexed(client.transfer()))
    assert client.heard() == [("transactionWatch_v1_watchEvent", name, {"event": "validated"})]
    client.chain.produce()
    place = {"hash": client.ask("chain_getHead"), "index": 2}
    assert events(client) == [{"event": "bestChainBlockIncluded", "block": place}]
    client.ask("engine_finalizeBlock", place["hash"])
    assert events(client) == [{"event": "finalized", "block": place}]
    assert client.ask("transactionWatch_v1_unwatch", name) is False


def test_who_unwatches_hears_nothing(client: Client) -> None:
    name = client.ask("transactionWatch_v1_submitAndWatch", hexed(client.transfer()))
    assert client.ask("transactionWatch_v1_unwatch", name) is True
    client.heard()
    client.chain.produce()
    assert client.heard() == []
    assert client.chain.nonce(ALICE.account) == 1


def test_errors_are_events(client: Client, connect: Callable[..., Client]) -> None:
    raw = client.transfer(0)
    client.ask("transactionWatch_v1_submitAndWatch", "0x")
    assert events(client) == [{"event": "invalid", "error": "Extrinsic bytes cannot be decoded"}]
    client.ask("transactionWatch_v1_submitAndWatch", "0x0400")
    (event,) = events(client)
    assert event["error"].startswith("Verification error: Runtime error: ")
    client.ask("transactionWatch_v1_submitAndWatch", hexed(raw))
    client.heard()
    client.ask("transactionWatch_v1_submitAndWatch", hexed(raw))
    assert events(client) == [{"event": "invalid", "error": "Transaction is already imported"}]
    client.chain.produce()
    client.heard()
    client.ask("transactionWatch_v1_submitAndWatch", hexed(client.transfer(0, 5)))
    assert events(client) == [{"event": "invalid", "error": "Invalid transaction: Transaction is outdated"}]
    assert connect(Sealing.INTERVAL).ask("transactionWatch_v1_unwatch", "0x00") is False


@pytest.mark.parametrize(
    ("kind", "event", "error"),
    [
        ("usurped", "invalid", "Extrinsic was rendered invalid by another extrinsic"),
        ("invalid", "invalid", "Extrinsic marked as invalid"),
        ("dropped", "dropped", "Extrinsic dropped from the pool due to exceeding limits"),
        ("finalityTimeout", "dropped", "Maximum number of finality watchers has been reached"),
    ],
)
def test_last_statuses_are_the_genuine_events(client: Client, kind: str, event: str, error: str) -> None:
    assert event_of(client.node, Status(kind), b"") == {"event": event, "error": error}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (rejections.Banned(), "Transaction is temporarily banned"),
        (rejections.CycleDetected(), "The transaction contains a cyclic dependency"),
        (
            rejections.PriorityTooLow("Priority is too low: (7 vs 3)"),
            "The priority of the transaction is too low (pool 7 > current 3)",
        ),
        (rejections.Invalid(Refused(Custom(8))), "Invalid transaction with custom error: 8"),
        (rejections.Invalid(Refused(Stale())), "Invalid transaction: Transaction is outdated"),
        (
            rejections.Invalid(Refused(CannotLookup())),
            "Unknown transaction validity: Could not lookup information required to validate the transaction",
        ),
    ],
)
def test_rejections_have_the_genuine_texts(error: rejections.Rejected, text: str) -> None:
    assert rejection_text(error) == text
