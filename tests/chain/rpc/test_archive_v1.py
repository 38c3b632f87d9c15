"""`archive_v1` and `chainSpec_v1`: any block that is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.pallets import system

from .conftest import ALICE, BOB, Client

NUMBER = "0x" + system.Number.prefix.hex()
ACCOUNTS = "0x" + system.Account.prefix.hex()
UNKNOWN = "0x" + "ab" * 32
NOT_FOUND = f"UnknownBlock: Header was not found in the database: {UNKNOWN}"


def events(client: Client, method: str, *params: Any) -> list[dict[str, Any]]:
    """Subscribe; return the events, and check that the subscription has ended."""
    name = client.ask(method, *params)
    heard = client.heard()
    assert {(notification, each) for notification, each, _ in heard} == {(f"{method}Event", name)}
    assert name not in client.subscriptions
    return [event for _, _, event in heard]


def test_the_specification_of_the_chain(client: Client) -> None:
    assert client.ask("chainSpec_v1_chainName") == client.ask("system_chain")
    assert client.ask("chainSpec_v1_genesisHash") == client.ask("chain_getBlockHash", 0)
    assert client.ask("chainSpec_v1_properties") == client.ask("system_properties")


def test_blocks_by_number_and_hash(client: Client) -> None:
    client.chain.finality.set_lag(1)
    first = client.ask("chain_getBlockHash", 1)
    assert client.ask("archive_v1_genesisHash") == client.ask("chain_getBlockHash", 0)
    assert client.ask("archive_v1_finalizedHeight") == 2
    assert client.ask("archive_v1_hashByHeight", 1) == [first]
    assert client.ask("archive_v1_hashByHeight", 3) == []
    assert client.ask("archive_v1_hashByHeight", (1 << 32) - 1) == []
    assert client.fail("archive_v1_hashByHeight", 1 << 32) == (
        3001,
        "Invalid parameter: Invalid block height: 4294967296",
        None,
    )
    assert client.fail("archive_v1_hashByHeight", -1)[0] == -32602
    assert client.ask("archive_v1_body", first) == client.ask("chain_getBlock", first)["block"]["extrinsics"]
    header = client.ask("archive_v1_header", first)
    assert "0x" + blake2_256(bytes.fromhex(header[2:])).hex() == first
    assert (client.ask("archive_v1_body", UNKNOWN), client.ask("archive_v1_header", UNKNOWN)) == (None, None)


def test_calls_succeed_or_not(client: Client) -> None:
    first, account = client.ask("chain_getBlockHash", 1), ALICE.account.hex()
    ok = {"success": True, "value": "0x00000000"}
    assert client.ask("archive_v1_call", first, "AccountNonceApi_account_nonce", account) == ok
    error = "Execution failed: Other: Exported method No_such is not found"
    assert client.ask("archive_v1_call", first, "No_such", "") == {"success": False, "error": error}
    assert client.ask("archive_v1_call", UNKNOWN, "Core_version", "") == {"success": False, "error": NOT_FOUND}
    assert client.fail("archive_v1_call", first, "Core_version", "0xf") == (3001, "Invalid parameter: 0xf", None)


def test_storage_is_sent_item_by_item(client: Client) -> None:
    first = client.ask("chain_getBlockHash", 1)
    accounts = [
        {"event": "storage", "key": key, "value": value} for key, value in client.ask("state_getPairs", ACCOUNTS)
    ]
    queries = [
        {"key": NUMBER, "type": "value"},
        {"key": "0x00", "type": "hash"},
        {"key": ACCOUNTS, "type": "descendantsValues"},
        {"key": "0x", "type": "closestDescendantMerkleValue"},
    ]
    assert events(client, "archive_v1_storage", first, queries, None) == [
        {"event": "storage", "key": NUMBER, "value": "0x01000000"},
        *accounts,
        {
            "event": "storage",
            "key": "0x",
            "closestDescendantMerkleValue": client.ask("chain_getHeader", first)["stateRoot"],
        },
        {"event": "storageDone"},
    ]
    assert events(client, "archive_v1_storage", first, queries, "0x00") == [{"event": "storageDone"}]
    assert events(client, "archive_v1_storage", first, []) == [{"event": "storageDone"}]


@pytest.mark.parametrize(
    ("block", "queries", "error"),
    [
        (UNKNOWN, [{"key": "0x", "type": "value"}], NOT_FOUND),
        (None, [{"key": "0xf", "type": "value"}], "Invalid parameter: 0xf"),
    ],
)
def test_storage_that_cannot_be_read_is_an_event(
    client: Client, block: str | None, queries: list[Any], error: str
) -> None:
    found = events(client, "archive_v1_storage", block or client.ask("chain_getHead"), queries)
    assert found == [{"event": "storageError", "error": error}]


def test_a_proof_that_is_too_large_is_an_error(connect: Callable[..., Client]) -> None:
    client = connect(limits=ServerLimits(response_bytes=600))
    queries = [{"key": NUMBER, "type": "closestDescendantMerkleValue"}]
    (event,) = events(client, "archive_v1_storage", client.ask("chain_getHead"), queries)
    assert event == {"event": "storageError", "error": "the proof has more than 300 bytes: prove fewer keys"}


# --- differences -------------------------------------------------------------------------------------------------


@pytest.fixture
def moved(client: Client) -> tuple[str, str]:
    """The hashes of two blocks; the second one has a transfer from Alice to Bob."""
    before = client.ask("chain_getHead")
    client.chain.submit(client.transfer())
    client.chain.produce()
    return before, client.ask("chain_getHead")


def changed(client: Client, block: str, previous: str, prefix: str) -> list[dict[str, Any]]:
    """Return the expected differences, from all pairs of both states."""
    new, old = (
        dict(client.ask("state_queryStorageAt", keys(client, prefix, each), each)[0]["changes"])
        for each in (block, previous)
    )
    found = []
    for key in sorted(new.keys() | old.keys()):
        if new.get(key) != old.get(key):
            kind = "added" if key not in old else "deleted" if key not in new else "modified"
            found.append({"event": "storageDiff", "key": key, "value": new.get(key, old.get(key)), "type": kind})
    return found


def keys(client: Client, prefix: str, at: str) -> list[str]:
    found: list[str] = client.ask("state_getKeys", prefix, at)
    return found


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("prefix", ["0x", ACCOUNTS])
def test_the_difference_of_two_blocks(client: Client, moved: tuple[str, str], prefix: str, backwards: bool) -> None:
    previous, block = moved[::-1] if backwards else moved
    items = [] if prefix == "0x" else [{"key": prefix, "returnType": "value"}]
    expected = changed(client, block, previous, prefix)
    assert {each["type"] for each in expected} >= {"modified"}
    assert len(expected) > 1
    done = {"event": "storageDiffDone"}
    assert events(client, "archive_v1_storageDiff", block, items, previous) == [*expected, done]
    if not backwards:
        assert events(client, "archive_v1_storageDiff", block, items) == [*expected, done], "the parent by default"
    assert events(client, "archive_v1_storageDiff", block, items, block) == [done]


def test_values_and_hashes_of_one_key(client: Client, moved: tuple[str, str]) -> None:
    bob = "0x" + system.Account.key(BOB.account).hex()
    items = [{"key": bob, "returnType": "hash"}, {"key": bob[:-10], "returnType": "value"}]
    value = client.ask("state_getStorage", bob)
    assert events(client, "archive_v1_storageDiff", moved[1], items) == [
        {"event": "storageDiff", "key": bob, "value": value, "type": "modified"},
        {"event": "storageDiff", "key": bob, "hash": client.ask("state_getStorageHash", bob), "type": "modified"},
        {"event": "storageDiffDone"},
    ]
    child = [{"key": "0x", "returnType": "value", "childTrieKey": "0x00"}]
    assert events(client, "archive_v1_storageDiff", moved[1], child) == [{"event": "storageDiffDone"}]


def test_a_difference_that_cannot_be_read_is_an_event(client: Client) -> None:
    head, failure = client.ask("chain_getHead"), "storageDiffError"
    for params, error in (
        ((UNKNOWN, []), "Block header is not present: 0xabab…abab"),
        ((head, [], UNKNOWN), NOT_FOUND),
        ((head, [{"key": "?", "returnType": "value"}]), "Invalid parameter: ?"),
    ):
        assert events(client, "archive_v1_storageDiff", *params) == [{"event": failure, "error": error}]
    code, _, data = client.fail("archive_v1_storageDiff", head, [{"key": "0x", "returnType": "colour"}])
    assert code == -32602
    assert (data or "").startswith("unknown variant `colour`, expected `value` or `hash` at line 1")


def test_what_has_ended_cannot_be_stopped(client: Client) -> None:
    for method in ("archive_v1_stopStorage", "archive_v1_storageDiff_stopStorageDiff", "archive_v1_stopStorageDiff"):
        assert client.ask(method, "0x00") is False
