"""`chainHead_v1`: what a follower hears, what it may ask about pinned blocks, and the limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pysubtensor.chain.rpc import storage_queries
from pysubtensor.chain.rpc.methods.chain_head.follow import Follow
from pysubtensor.chain.rpc.methods.chain_head.follows import Follows
from pysubtensor.chain.rpc.subscriptions import Subscription
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.scale import codec_of, u32

from .conftest import ALICE, Client

CODE = "0x3a636f6465"
NUMBER = "0x" + system.Number.prefix.hex()
ACCOUNTS = "0x" + system.Account.prefix.hex()
ALICES = "0x" + system.Account.key(ALICE.account).hex()
LIMIT_REACHED = {"result": "limitReached"}
INVALID_BLOCK = (-32801, "Invalid block hash", None)
UNKNOWN = "0x" + "ab" * 32


def hash_at(client: Client, number: int) -> str:
    found: str = client.ask("chain_getBlockHash", number)
    return found


def follow(client: Client, with_runtime: bool = True) -> str:
    """Follow the head; return the subscription after its first events."""
    name: str = client.ask("chainHead_v1_follow", with_runtime)
    client.heard()
    return name


def events(client: Client) -> list[dict[str, Any]]:
    """Return the events since the last call."""
    heard = client.heard()
    assert {method for method, _, _ in heard} <= {"chainHead_v1_followEvent"}
    return [event for _, _, event in heard]


def operate(client: Client, method: str, *params: Any) -> list[dict[str, Any]]:
    """Begin an operation and return its events without the id, which all of them have."""
    started = client.ask(method, *params)
    assert started["result"] == "started"
    found = events(client)
    assert {each.pop("operationId") for each in found} == {started["operationId"]}
    return found


# --- events ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_runtime", [True, False])
def test_a_follower_hears_of_final_blocks_first_then_of_those_after_them(client: Client, with_runtime: bool) -> None:
    client.chain.finality.set_lag(2)
    client.chain.produce(2)
    name = client.ask("chainHead_v1_follow", with_runtime)
    heard = client.heard()
    assert {(method, each) for method, each, _ in heard} == {("chainHead_v1_followEvent", name)}
    first, *later = [event for _, _, event in heard]
    hashes = [hash_at(client, number) for number in range(5)]
    runtime = first.pop("finalizedBlockRuntime", None)
    assert first == {"event": "initialized", "finalizedBlockHashes": hashes[:3]}
    assert (runtime is not None) == with_runtime
    extra = {"newRuntime": None} if with_runtime else {}
    assert later == [
        {"event": "newBlock", "blockHash": hashes[3], "parentBlockHash": hashes[2], **extra},
        {"event": "newBlock", "blockHash": hashes[4], "parentBlockHash": hashes[3], **extra},
        {"event": "bestBlockChanged", "bestBlockHash": hashes[4]},
    ]
    client.chain.produce()
    fifth = hash_at(client, 5)
    assert events(client) == [
        {"event": "newBlock", "blockHash": fifth, "parentBlockHash": hashes[4], **extra},
        {"event": "bestBlockChanged", "bestBlockHash": fifth},
        {"event": "finalized", "finalizedBlockHashes": [hashes[3]], "prunedBlockHashes": []},
    ]


def test_the_runtime_has_its_apis_by_their_ids(client: Client) -> None:
    client.ask("chainHead_v1_follow", True)
    runtime = client.heard()[0][2]["finalizedBlockRuntime"]
    version = client.ask("state_getRuntimeVersion")
    fields = ("specName", "implName", "specVersion", "implVersion", "transactionVersion")
    assert runtime["type"] == "valid"
    assert runtime["spec"] == {**{each: version[each] for each in fields}, "apis": dict(version["apis"])}
    assert runtime["spec"]["apis"]["0xdf6acb689907609b"] == 5, "the id of Core"


def test_a_final_head_is_announced_as_best_too(client: Client) -> None:
    client.ask("chainHead_v1_follow", False)
    head = client.ask("chain_getHead")
    first, best = (event for _, _, event in client.heard())
    assert (first["finalizedBlockHashes"][-1], best["bestBlockHash"]) == (head, head)


def test_several_blocks_become_final_together(client: Client) -> None:
    client.chain.finality.set_lag(None)
    follow(client)
    client.chain.produce(3)
    events(client)
    client.ask("engine_finalizeBlock", hash_at(client, 5))
    final = [hash_at(client, number) for number in (3, 4, 5)]
    assert events(client) == [{"event": "finalized", "finalizedBlockHashes": final, "prunedBlockHashes": []}]


def test_at_most_sixteen_final_blocks_are_reported(client: Client) -> None:
    client.chain.finality.set_lag(0)
    client.chain.produce(20)
    client.ask("chainHead_v1_follow", False)
    first = client.heard()[0][2]
    assert first["finalizedBlockHashes"] == [hash_at(client, number) for number in range(7, 23)]


def test_who_unfollows_hears_nothing(client: Client) -> None:
    name = follow(client)
    assert client.ask("chainHead_v1_unfollow", name) is True
    assert client.ask("chainHead_v1_unfollow", name) is False
    client.chain.produce()
    assert client.heard() == []
    assert (len(client.node.follows), client.node.follows.pinned) == (0, 0)
    assert client.ask("chainHead_v1_header", name, client.ask("chain_getHead")) is None


# --- pinned blocks -----------------------------------------------------------------------------------------------


def test_the_header_of_a_pinned_block_is_what_its_hash_is_of(client: Client) -> None:
    name, head = follow(client), client.ask("chain_getHead")
    header = client.ask("chainHead_v1_header", name, head)
    assert "0x" + blake2_256(bytes.fromhex(header[2:])).hex() == head


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("chainHead_v1_header", []),
        ("chainHead_v1_body", []),
        ("chainHead_v1_storage", [[{"key": CODE, "type": "hash"}]]),
        ("chainHead_v1_call", ["Core_version", ""]),
        ("chainHead_v1_unpin", []),
    ],
)
def test_a_block_that_is_not_pinned_or_a_subscription_of_another_client(
    client: Client, connect: Callable[..., Client], method: str, params: list[Any]
) -> None:
    name, head = follow(client), client.ask("chain_getHead")
    assert client.fail(method, name, UNKNOWN, *params) == INVALID_BLOCK
    ended = None if method in ("chainHead_v1_header", "chainHead_v1_unpin") else LIMIT_REACHED
    assert client.ask(method, "0x00", UNKNOWN, *params) == ended
    assert connect().ask(method, name, head, *params) == ended
    client.ask("chainHead_v1_unpin", name, head)
    assert client.fail(method, name, head, *params) == INVALID_BLOCK
    assert client.heard() == []


def test_blocks_are_unpinned_singly_or_all_or_none_of_several(client: Client) -> None:
    name = follow(client)
    hashes = [hash_at(client, number) for number in range(3)]
    assert client.fail("chainHead_v1_unpin", name, [*hashes, UNKNOWN]) == INVALID_BLOCK
    duplicates = (-32804, "Received duplicate hashes for the `chainHead_unpin` method", None)
    assert client.fail("chainHead_v1_unpin", name, [hashes[0], hashes[0]]) == duplicates
    assert client.fail("chainHead_v1_unpin", name, 5)[2] == (
        "data did not match any variant of untagged enum ListOrValue at line 1 column 1"
    )
    assert client.node.follows.pinned == 3
    assert client.ask("chainHead_v1_unpin", name, hashes[0]) is None
    assert client.ask("chainHead_v1_unpin", name, hashes[1:]) is None
    assert client.node.follows.pinned == 0


# --- operations --------------------------------------------------------------------------------------------------


def test_the_body_of_a_block(client: Client) -> None:
    name = follow(client)
    client.chain.submit(client.transfer())
    client.chain.produce()
    client.heard()
    block = client.ask("chain_getHead")
    body = client.ask("chain_getBlock", block)["block"]["extrinsics"]
    assert len(body) == 3, "two inherents and the transfer"
    assert operate(client, "chainHead_v1_body", name, block) == [{"event": "operationBodyDone", "value": body}]


def test_values_and_hashes_are_sent_in_the_order_of_the_queries(client: Client) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    queries = [
        {"key": NUMBER, "type": "value"},
        {"key": "0x00", "type": "value"},
        {"key": CODE, "type": "hash"},
        {"key": NUMBER[2:], "type": "hash"},
    ]
    items = [
        {"key": NUMBER, "value": "0x02000000"},
        {"key": CODE, "hash": client.ask("state_getStorageHash", CODE)},
        {"key": NUMBER, "hash": "0x" + blake2_256(b"\2\0\0\0").hex()},
    ]
    started = client.ask("chainHead_v1_storage", name, block, queries, None)
    assert started == {"result": "started", "operationId": "0", "discardedItems": 0}
    assert events(client) == [
        {"event": "operationStorageItems", "operationId": "0", "items": items},
        {"event": "operationStorageDone", "operationId": "0"},
    ]
    assert client.ask("chainHead_v1_body", name, block) == {"result": "started", "operationId": "1"}


def test_descendants_are_all_keys_with_a_prefix_at_that_block(client: Client) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    expected = client.ask("state_getPairs", ACCOUNTS)
    client.chain.submit(client.transfer())
    client.chain.produce()
    client.heard()
    assert client.ask("state_getPairs", ACCOUNTS) != expected
    for kind, field in (("descendantsValues", "value"), ("descendantsHashes", "hash")):
        *found, done = operate(client, "chainHead_v1_storage", name, block, [{"key": ACCOUNTS, "type": kind}])
        pairs = [[item["key"], item[field]] for each in found for item in each["items"]]
        hashes = [[key, "0x" + blake2_256(bytes.fromhex(value[2:])).hex()] for key, value in expected]
        assert pairs == (expected if field == "value" else hashes)
        assert done == {"event": "operationStorageDone"}


def test_many_descendants_arrive_in_events_of_bounded_size(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_queries, "RESULTS_AT_ONCE", 16)
    name, block = follow(client), client.ask("chain_getHead")
    *found, _ = operate(client, "chainHead_v1_storage", name, block, [{"key": "0x", "type": "descendantsHashes"}])
    keys = [item["key"] for each in found for item in each["items"]]
    assert keys == client.ask("state_getKeys", "0x")
    assert max(len(each["items"]) for each in found) <= 16
    assert len(found) == -(-len(keys) // 16)


def test_the_merkle_value_of_the_closest_descendant(client: Client) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    root = client.ask("chain_getHeader", block)["stateRoot"]
    client.chain.produce()
    client.heard()

    def merkle(*keys: str) -> list[tuple[str, str]]:
        queries = [{"key": key, "type": "closestDescendantMerkleValue"} for key in keys]
        *found, _ = operate(client, "chainHead_v1_storage", name, block, queries)
        return [(item["key"], item["closestDescendantMerkleValue"]) for each in found for item in each["items"]]

    assert merkle("0x") == [("0x", root)]
    (_, whole), (_, part) = merkle(ALICES, ALICES[:-2])
    assert whole == part, "no other key begins like Alice's"
    assert merkle(ACCOUNTS)[0][1] not in (root, whole)
    assert merkle("0x" + "ff" * 8) == []


def test_a_child_trie_is_empty(client: Client) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    query = [{"key": "0x", "type": "descendantsValues"}]
    done = [{"event": "operationStorageDone"}]
    assert operate(client, "chainHead_v1_storage", name, block, query, "0x3a6368696c64") == done


def test_a_call_runs_after_its_block(client: Client) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    client.chain.submit(client.transfer())
    client.chain.produce()
    client.heard()
    account = "0x" + ALICE.account.hex()
    for at, nonce in ((block, 0), (client.ask("chain_getHead"), 1)):
        output = "0x" + codec_of(u32).encode(nonce).hex()
        done = [{"event": "operationCallDone", "output": output}]
        assert operate(client, "chainHead_v1_call", name, at, "AccountNonceApi_account_nonce", account) == done


def test_a_call_that_fails_is_an_event(client: Client) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    assert operate(client, "chainHead_v1_call", name, block, "No_such", "0x") == [
        {"event": "operationError", "error": "Execution failed: Other: Exported method No_such is not found"}
    ]


def test_a_follower_without_runtime_may_not_call(client: Client) -> None:
    name, block = follow(client, with_runtime=False), client.ask("chain_getHead")
    assert client.fail("chainHead_v1_call", name, block, "Core_version", "")[0] == -32802
    assert operate(client, "chainHead_v1_body", name, block)


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [
        ("chainHead_v1_call", ["Core_version", "0x0"], "Invalid parameter: 0x0"),
        ("chainHead_v1_storage", [[{"key": "hello", "type": "value"}]], "Invalid parameter: hello"),
        ("chainHead_v1_storage", [[], "0xfg"], "Invalid parameter: 0xfg"),
    ],
)
def test_hex_that_is_none_is_refused(client: Client, method: str, params: list[Any], message: str) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    assert client.fail(method, name, block, *params) == (-32602, message, None)


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"key": "0x"}, "missing field `type`"),
        ({"type": "value"}, "missing field `key`"),
        ({"key": "0x", "type": "colour"}, "unknown variant `colour`, expected one of `value`, `hash`, "),
        ("0x", 'invalid type: string "0x", expected struct StorageQuery'),
        ({"key": 5, "type": "value"}, "invalid type: integer `5`, expected a string"),
    ],
)
def test_queries_of_another_form_are_described(client: Client, item: Any, why: str) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    code, _, data = client.fail("chainHead_v1_storage", name, block, [item])
    assert (code, (data or "")[: len(why)]) == (-32602, why)


def test_nothing_waits_to_be_continued_and_what_has_ended_can_be_stopped(client: Client) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    started = client.ask("chainHead_v1_body", name, block)
    for method in ("chainHead_v1_continue", "chainHead_v1_stopOperation"):
        assert client.ask(method, name, started["operationId"]) is None
        assert client.ask(method, name, "9") is None
        assert client.ask(method, "0x00", "0") is None
    running = client.node.follows.of(client, name)
    assert running is not None
    assert running.begin() is not None
    assert client.fail("chainHead_v1_continue", name, "1")[0] == -32803
    assert client.ask("chainHead_v1_stopOperation", name, "1") is None
    assert running.operations["1"].stopped


# --- limits ------------------------------------------------------------------------------------------------------


def test_a_client_has_four_subscriptions(client: Client) -> None:
    names = [follow(client) for _ in range(4)]
    expected = (-32800, "Maximum number of chainHead_follow has been reached", None)
    assert client.fail("chainHead_v1_follow", True) == expected
    client.ask("chainHead_v1_unfollow", names[0])
    follow(client)


def test_a_subscription_has_sixteen_operations(client: Client) -> None:
    name, block = follow(client), client.ask("chain_getHead")
    running = client.node.follows.of(client, name)
    assert running is not None
    operations = [running.begin(items) for items in (10, 10)]
    assert [each.items for each in operations if each] == [10, 6], "the last one takes what is left"
    assert client.ask("chainHead_v1_body", name, block) == LIMIT_REACHED
    assert client.ask("chainHead_v1_header", name, block) is None
    assert operations[1] is not None
    running.end(operations[1])
    running.end(operations[1])
    assert client.ask("chainHead_v1_storage", name, block, []) == LIMIT_REACHED, "no items are no operation"
    assert operate(client, "chainHead_v1_body", name, block)


class Listener:
    """A client that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    push = push_notice = when_quiet = lambda *_: None


def test_blocks_pinned_for_more_than_a_minute_stop_their_subscription_when_too_many_are(client: Client) -> None:
    now = [0.0]
    follows = client.node.follows
    follows._time = lambda: now[0]
    client.chain.finality.set_lag(0)
    slow, quick = follow(client), follow(client)

    def unpin(numbers: range) -> None:
        client.ask("chainHead_v1_unpin", quick, [hash_at(client, number) for number in numbers])

    client.chain.produce(509)
    unpin(range(512))
    assert follows.pinned == 512, "those of the slow one"
    client.heard()
    now[0] = 60.5
    client.chain.produce()
    stops = [name for _, name, event in client.heard() if event == {"event": "stop"}]
    assert stops == [slow]
    assert client.ask("chainHead_v1_header", slow, client.ask("chain_getHead")) is None
    assert client.ask("chainHead_v1_header", quick, client.ask("chain_getHead")) is not None
    assert follows.pinned == 1


def test_the_subscription_with_the_oldest_block_is_stopped_when_too_many_are_pinned_in_a_minute(
    client: Client,
) -> None:
    follows = client.node.follows
    follows._time = lambda: 0.0
    client.chain.finality.set_lag(0)
    old = follow(client)
    client.chain.produce(20)
    young = follow(client)
    client.chain.produce(490)
    stops = [name for _, name, event in client.heard() if event == {"event": "stop"}]
    assert stops == [old]
    assert young in client.subscriptions
    assert follows.pinned == 506, "blocks 7 to 512"


def test_a_rollback_stops_followers(client: Client) -> None:
    name = follow(client)
    client.chain.finality.set_lag(5)
    client.chain.rollback_to(1)
    client.chain.produce()
    assert events(client) == [{"event": "stop"}]
    assert name not in client.subscriptions
    again = client.ask("chainHead_v1_follow", False)
    assert events(client)[0]["finalizedBlockHashes"][-1] == client.ask("chain_getFinalizedHead")
    client.chain.rollback_to(1)
    client.ask("chainHead_v1_follow", False)
    assert events(client)[0] == {"event": "stop"}
    assert again not in client.subscriptions


def test_a_chain_without_recent_final_blocks_cannot_be_followed(client: Client) -> None:
    client.chain.finality.set_lag(None)
    client.chain.produce(129)
    client.ask("chainHead_v1_follow", True)
    assert events(client) == [{"event": "stop"}]
    client.ask("engine_finalizeBlock", hash_at(client, 3))
    client.ask("chainHead_v1_follow", True)
    assert events(client)[0]["event"] == "initialized"


def test_a_follower_that_has_stopped_holds_nothing() -> None:
    follows = Follows()
    assert (len(follows), follows.pinned) == (0, 0)
    assert Follow(Subscription("", Listener()), with_runtime=True).oldest is None
