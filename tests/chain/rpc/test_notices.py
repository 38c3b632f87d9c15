"""Notices: encoded once, for the subscriptions that are open, and were there when the block came."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc import notices as module
from pysubtensor.chain.rpc.notices import EACH, TIMES, StorageNotice
from pysubtensor.chain.rpc.subscriptions import Hub, Subscription

from .conftest import Client


class Sink(Client):
    """A client that expands notices only when a test says so."""

    def push_notice(self, notice: Any, followers: Any) -> None:
        self.waiting: list[tuple[Any, Any]] = [*getattr(self, "waiting", []), (notice, followers)]

    def expand(self) -> list[tuple[str, str, Any]]:
        """Return the notifications of the notices so far."""
        for notice, followers in self.waiting:
            self._pushed += notice.notifications(followers)
        self.waiting = []
        return self.heard()


def test_changes_are_encoded_once_for_all_subscriptions(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    client, encoded = Client(chain), list[Any]()
    for keys in (None, None, ["0x01", "0x02"], ["0x02", "0x01"]):
        client.ask("state_subscribeStorage", *([] if keys is None else [keys]))
    client.heard()
    to_hex = module.to_hex
    monkeypatch.setattr(module, "to_hex", lambda data: encoded.append(data) or to_hex(data))
    block = chain.produce_block()
    assert len(client.heard()) == 2
    values = [value for value in block.changes.values() if value is not None]
    assert sorted(encoded) == sorted([block.hash, *block.changes, *values])


def test_a_notice_states_what_it_takes(chain: Chain) -> None:
    block = chain.produce_block()
    size = sum(len(key) + len(value or b"") for key, value in block.changes.items())
    notice = StorageNotice(block)
    assert notice.size == TIMES * size + EACH * len(block.changes)
    result = notice.result(None)
    assert result is not None
    assert 2 * size < len(result) < notice.size


def test_changes_are_in_the_order_of_the_keys(chain: Chain) -> None:
    block = chain.produce_block()
    keys = list(block.changes)[:3]
    for order in (keys, keys[::-1]):
        result = StorageNotice(block).result({key: position for position, key in enumerate([b"absent", *order])})
        assert result is not None
        assert [key for key, _ in json.loads(result)["changes"]] == ["0x" + key.hex() for key in order]
    assert StorageNotice(block).result({b"absent": 0}) is None


def test_a_notice_is_for_those_that_were_there_and_still_are(chain: Chain) -> None:
    client = Sink(chain)
    stays, leaves = client.ask("chain_subscribeNewHeads"), client.ask("chain_subscribeNewHeads")
    client.heard()
    chain.produce()
    client.ask("chain_subscribeNewHeads")
    client.heard()
    client.ask("chain_unsubscribeNewHeads", leaves)
    assert [name for _, name, _ in client.expand()] == [stays]


def test_notices_before_the_start_follow_the_first_notification(chain: Chain) -> None:
    client, hub = Client(chain), Hub(chain)
    subscription = Subscription("chain_newHead", client)
    hub.follow_heads(subscription)
    chain.produce(2)
    assert client.heard() == []
    subscription.start()
    chain.produce()
    assert [head["number"] for _, _, head in client.heard()] == ["0x2", "0x3", "0x4", "0x5"]
    subscription.close()
    chain.produce()
    assert (client.heard(), len(hub._heads)) == ([], 0)
    hub.close()


def test_a_subscription_that_ends_before_its_start_gets_nothing(chain: Chain) -> None:
    client, hub = Client(chain), Hub(chain)
    subscription = Subscription("state_storage", client)
    hub.follow_storage(subscription, None)
    chain.produce()
    subscription.close()
    subscription.start()
    chain.produce()
    assert (client.heard(), len(hub._storage)) == ([], 0)
    hub.close()
