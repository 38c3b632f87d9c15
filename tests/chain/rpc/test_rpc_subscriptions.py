"""Subscriptions: the content, time and end of notifications."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.chain.rpc.subscriptions import Hub, Subscription
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.pallets import system

from .conftest import ALICE, Client

ACCOUNT = "0x" + system.Account.key(ALICE.account).hex()
NUMBER = "0x" + system.Number.prefix.hex()
HEADS = [
    ("chain_subscribeNewHeads", "chain_unsubscribeNewHeads", "chain_newHead"),
    ("chain_subscribeNewHead", "chain_unsubscribeNewHead", "chain_newHead"),
    ("subscribe_newHead", "unsubscribe_newHead", "chain_newHead"),
    ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads", "chain_finalizedHead"),
    ("chain_subscribeFinalisedHeads", "chain_unsubscribeFinalisedHeads", "chain_finalizedHead"),
    ("chain_subscribeAllHeads", "chain_unsubscribeAllHeads", "chain_allHead"),
]
VERSIONS = [
    ("state_subscribeRuntimeVersion", "state_unsubscribeRuntimeVersion"),
    ("chain_subscribeRuntimeVersion", "chain_unsubscribeRuntimeVersion"),
]


@pytest.mark.parametrize(("subscribe", "unsubscribe", "notification"), HEADS)
def test_heads_start_with_the_present_one(client: Client, subscribe: str, unsubscribe: str, notification: str) -> None:
    name = client.ask(subscribe)
    assert (len(name), name[:2]) == (34, "0x")
    assert client.heard() == [(notification, name, client.ask("chain_getHeader"))]
    client.chain.finality.set_lag(0)
    client.chain.produce(2)
    numbers = [(method, each, header["number"]) for method, each, header in client.heard()]
    assert numbers == [(notification, name, "0x3"), (notification, name, "0x4")]
    assert client.ask(unsubscribe, name) is True
    assert client.ask(unsubscribe, name) is False
    client.chain.produce()
    assert client.heard() == []


def test_final_heads_follow_the_head_at_their_distance(client: Client) -> None:
    client.chain.finality.set_lag(2)
    final = client.ask("chain_subscribeFinalizedHeads")
    heads = client.ask("chain_subscribeAllHeads")
    client.heard()
    client.chain.produce(4)
    numbers = [(each, int(header["number"], 16)) for _, each, header in client.heard()]
    assert numbers == [(heads, 3), (heads, 4), (heads, 5), (final, 3), (heads, 6), (final, 4)]
    assert client.ask("chain_getFinalizedHead") == client.ask("chain_getBlockHash", 4)
    late = client.ask("chain_subscribeFinalizedHeads")
    assert client.heard() == [
        ("chain_finalizedHead", late, client.ask("chain_getHeader", client.ask("chain_getFinalizedHead")))
    ]


def test_unsubscribing_from_nothing_is_no_error(client: Client) -> None:
    for params in ([], [5], ["0x00"], ["a", "b"], [None]):
        assert client.ask("chain_unsubscribeNewHeads", *params) is False


@pytest.mark.parametrize(("subscribe", "unsubscribe"), VERSIONS)
def test_the_runtime_version_is_notified_once(client: Client, subscribe: str, unsubscribe: str) -> None:
    name = client.ask(subscribe)
    assert client.heard() == [("state_runtimeVersion", name, client.ask("state_getRuntimeVersion"))]
    client.chain.produce()
    assert client.heard() == []
    assert client.ask(unsubscribe, name) is True


def test_storage_is_notified_in_full_and_then_by_changes(client: Client) -> None:
    name = client.ask("state_subscribeStorage", [ACCOUNT, NUMBER, "0x00"])
    (first,) = client.heard()
    account = client.ask("state_getStorage", ACCOUNT)
    changes = [[ACCOUNT, account], [NUMBER, "0x02000000"], ["0x00", None]]
    assert first == ("state_storage", name, {"block": client.ask("chain_getHead"), "changes": changes})
    client.chain.produce()
    (second,) = client.heard()
    assert second[2] == {"block": client.ask("chain_getHead"), "changes": [[NUMBER, "0x03000000"]]}
    client.chain.submit(client.transfer())
    client.chain.produce()
    (third,) = client.heard()
    assert [key for key, _ in third[2]["changes"]] == [ACCOUNT, NUMBER]
    assert client.ask("state_unsubscribeStorage", name) is True
    client.chain.produce()
    assert client.heard() == []


def test_all_storage_is_notified_by_changes_only(client: Client) -> None:
    client.ask("state_subscribeStorage")
    assert client.heard() == []
    client.chain.produce()
    (notification,) = client.heard()
    assert [NUMBER, "0x03000000"] in notification[2]["changes"]


def test_a_watched_transaction_becomes_ready_included_and_final(client: Client) -> None:
    raw = client.transfer()
    name = client.ask("author_submitAndWatchExtrinsic", "0x" + raw.hex())
    assert client.heard() == [("author_extrinsicUpdate", name, "ready")]
    block = client.ask("engine_createBlock", False, True)["hash"]
    assert [result for _, _, result in client.heard()] == [{"inBlock": block}, {"finalized": block}]
    assert client.ask("author_unwatchExtrinsic", name) is False, "it ended by itself"


def test_all_watchers_hear_each_status_in_order_however_far_finality_is(client: Client) -> None:
    client.chain.finality.set_lag(3)
    watched: dict[str, str] = {}
    for nonce in range(4):
        name = client.ask("author_submitAndWatchExtrinsic", "0x" + client.transfer(nonce).hex())
        watched[name] = client.ask("engine_createBlock", False, False)["hash"]
    client.chain.produce(3)
    heard = client.heard()
    for name, block in watched.items():
        statuses = [result for _, each, result in heard if each == name]
        assert statuses == ["ready", {"inBlock": block}, {"finalized": block}]
    finals = [each for _, each, result in heard if "finalized" in result]
    assert finals == list(watched), "in the order of the blocks"


def test_a_served_chain_keeps_a_watch_from_before_an_anchor(client: Client) -> None:
    client.ask("author_submitAndWatchExtrinsic", "0x" + client.transfer().hex())
    with client.chain.anchor():
        inside = client.ask("engine_createBlock", False, False)["hash"]
    block = client.ask("engine_createBlock", False, True)["hash"]
    statuses = [result for _, _, result in client.heard()]
    assert statuses == ["ready", {"inBlock": inside}, {"inBlock": block}, {"finalized": block}]


def test_a_watch_can_be_ended(client: Client) -> None:
    name = client.ask("author_submitAndWatchExtrinsic", "0x" + client.transfer(nonce=1).hex())
    assert [result for _, _, result in client.heard()] == ["future"]
    assert client.ask("author_unwatchExtrinsic", name) is True
    client.chain.submit(client.transfer(nonce=0))
    assert client.heard() == []


def test_a_removed_transaction_is_notified_as_invalid(client: Client) -> None:
    raw = client.transfer()
    client.ask("author_submitAndWatchExtrinsic", "0x" + raw.hex())
    client.ask("author_removeExtrinsic", [{"hash": "0x" + blake2_256(raw).hex()}])
    assert [result for _, _, result in client.heard()] == ["ready", "invalid"]
    assert client.subscriptions == {}


def test_ready_is_repeated_without_news(client: Client) -> None:
    """Python clients end a watch after a minute without a notification."""
    client.ask("author_submitAndWatchExtrinsic", "0x" + client.transfer().hex())
    waiting = client.ask("author_submitAndWatchExtrinsic", "0x" + client.transfer(nonce=5).hex())
    client.heard()
    client.node.hub.repeat_ready()
    assert [result for _, _, result in client.heard()] == ["ready"]
    client.ask("engine_createBlock", False, True)
    client.heard()
    client.node.hub.repeat_ready()
    assert client.heard() == []
    assert list(client.subscriptions) == [waiting]


def test_subscriptions_are_limited(connect: Callable[..., Client]) -> None:
    client = connect(limits=ServerLimits(subscriptions=2))
    first = client.ask("chain_subscribeNewHeads")
    client.ask("state_subscribeStorage", [NUMBER])
    expected = (-32006, "Too many subscriptions on the connection", "Exceeded max limit of 2")
    assert client.fail("chain_subscribeNewHeads") == expected
    assert client.fail("author_submitAndWatchExtrinsic", "0x" + client.transfer().hex()) == expected
    assert len(client.chain.pool) == 0
    client.ask("chain_unsubscribeNewHeads", first)
    client.ask("chain_subscribeNewHeads")


def test_a_failed_subscription_is_removed(client: Client) -> None:
    assert client.fail("state_subscribeStorage", "0x")[0] == -32602
    client.chain.produce()
    assert (client.heard(), client.subscriptions) == ([], {})


def test_a_subscription_that_fails_late_is_removed_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    follow = Hub.follow_heads

    def follow_and_fail(hub: Hub, subscription: Subscription) -> None:
        follow(hub, subscription)
        raise OSError("the header cannot be read")

    with monkeypatch.context() as broken:
        broken.setattr(Hub, "follow_heads", follow_and_fail)
        assert client.fail("chain_subscribeNewHeads")[0] == -32603
    assert len(client.node.hub._heads) == 0
    client.chain.produce()
    assert (client.heard(), client.subscriptions) == ([], {})
