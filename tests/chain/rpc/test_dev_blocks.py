"""`dev_*` about blocks, time and going back, and how all of them take parameters and refuse them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.engine.local import Sealing
from pysubtensor.chain.rpc.methods.dev.declare import namespace
from pysubtensor.chain.rpc.server import Server
from pysubtensor.genesis.presets import EPOCH_MS, dev

from pysubtensor import Chain
from tests.chain.rpc.conftest import Client

TAO = 10**9
HOUR = 3_600_000
Connect = Callable[..., Client]


@pytest.fixture
def tester(connect: Connect) -> Client:
    """A client of a node with a chain for tests, at block 2."""
    return connect(Sealing.MANUAL, dev=True)


def number(client: Client) -> int:
    return int(client.ask("chain_getHeader")["number"], 16)


def test_blocks_are_made_as_many_as_one_wants(tester: Client) -> None:
    last = tester.ask("dev_newBlock")
    assert (last, number(tester)) == (tester.ask("chain_getBlockHash", 3), 3)
    tester.ask("dev_newBlock", {"count": 2})
    tester.ask_named("dev_newBlock", to=8)
    tester.ask("dev_newBlock", 2, None)
    assert number(tester) == 10
    assert tester.ask("dev_newBlock", {"count": 0}) == tester.ask("chain_getBlockHash")
    assert tester.ask("chain_getFinalizedHead") == tester.ask("chain_getBlockHash", 10)
    tester.ask("dev_newBlock", {"finalize": False})
    assert tester.ask("chain_getFinalizedHead") == tester.ask("chain_getBlockHash", 10)
    tester.ask("dev_newBlock", {"unsafeBlockHeight": 20, "count": 2})
    assert number(tester) == 21
    assert tester.ask("dev_skipBlocks", 4) == tester.ask("chain_getBlockHash", 25)
    assert tester.fail("dev_newBlock", {"to": 3})[:2] == (
        1,
        "expected a block from the head, 25, on, got 3: dev_setHead goes back",
    )


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("dev_newBlock", {"count": 100_001}),
        ("dev_newBlock", {"to": 100_003}),
        ("dev_newBlock", {"unsafeBlockHeight": 100_004}),
        ("dev_skipBlocks", 100_001),
        ("dev_mineUntilEpoch", {"netuid": 1, "epochs": 1_001}),
        ("dev_mineUntilEpoch", {"netuid": 1, "extra": 100_001}),
    ],
)
def test_a_request_makes_a_bounded_number_of_blocks(tester: Client, method: str, params: Any) -> None:
    """The node answers nothing else meanwhile."""
    code, message, _ = tester.fail(method, params)
    assert "100" in message
    assert (code in (1, -32602), number(tester)) == (True, 2), message


def test_a_block_has_the_transactions_that_one_passes(tester: Client) -> None:
    raw = tester.transfer()
    tester.ask("dev_newBlock", {"transactions": ["0x" + raw.hex()]})
    assert raw in tester.chain.history.block_by_number(3).body
    code, message, _ = tester.fail("dev_newBlock", {"transactions": ["0x" + raw.hex()]})
    assert (code, message[:49]) == (1, "transactions 0 could not be applied to block 4, w")
    assert tester.fail("dev_newBlock", {"transactions": ["0x04"]})[0] == 1


def test_blocks_have_the_times_that_one_wants(tester: Client) -> None:
    head = tester.chain.head_ms
    tester.ask("dev_newBlock", {"count": 3, "interval_ms": 60_000})
    assert tester.chain.head_ms == head + 180_000
    tester.ask("dev_newBlock", {"timestamp": head + HOUR})
    assert tester.chain.head_ms == head + HOUR
    assert tester.ask("dev_timeTravel", "2030-01-31T12:00:00Z") == 1_896_091_200_000
    tester.ask("dev_newBlock")
    assert tester.ask("dev_increaseTime", HOUR) == 1_896_091_212_000 + HOUR
    assert tester.ask("dev_setNextBlockTimestamp", 1_896_091_200_000 + 24 * HOUR) == 1_896_091_200_000 + 24 * HOUR
    tester.ask("dev_newBlock")
    assert tester.fail("dev_timeTravel", EPOCH_MS)[:2] == (
        1,
        f"the next block must be later than {1_896_091_200_000 + 24 * HOUR} ms, got {EPOCH_MS} ms",
    )
    assert tester.ask("dev_setClock", "logical", 2_000_000_004_000) == 2_000_000_004_000
    tester.ask("dev_setClock", {"clock": "wall", "start": 2_100_000_000_000})
    tester.ask("dev_newBlock")
    assert tester.chain.head_ms >= 2_100_000_000_000 - 12_000
    assert tester.fail("dev_setClock", "sun")[:2] == (1, 'expected the clock "wall" or "logical", got \'sun\'')


def test_the_next_epoch_is_one_request_away(tester: Client) -> None:
    netuid = tester.chain.subnet(tempo=5).netuid
    head = tester.ask("dev_mineUntilEpoch", netuid, 2, 1)
    assert head == {"number": number(tester), "hash": tester.ask("chain_getBlockHash")}
    assert tester.chain.query("SubtensorModule.LastEpochBlock", netuid) == head["number"] - 1
    assert tester.fail("dev_mineUntilEpoch", 99)[:2] == (
        1,
        "expected a subnet with epochs, got 99: it does not exist, or its tempo is 0",
    )


def test_the_mode_in_which_blocks_are_made_changes(tester: Client) -> None:
    assert tester.ask("dev_getBlockBuildMode") == "manual"
    for mode, name in (("Instant", "instant"), ("Batch", "instant"), ({"mixed": 500}, {"mixed": 500})):
        tester.ask("dev_setBlockBuildMode", mode)
        assert tester.ask("dev_getBlockBuildMode") == name
    tester.ask("dev_setBlockBuildMode", {"interval": 250})
    assert tester.ask("dev_getBlockBuildMode") == {"interval": 250}
    code, message, _ = tester.fail("dev_setBlockBuildMode", "hourly")
    assert (code, message) == (
        -32602,
        'Invalid params: mode: expected "manual", "instant", "batch", {"interval": ms} or {"mixed": ms}, '
        "got 'hourly'",
    )


def test_a_client_goes_back_to_snapshots(tester: Client) -> None:
    first, second = tester.ask("dev_snapshot"), tester.ask("dev_snapshot", "before")
    tester.ask("dev_newBlock", {"count": 5})
    assert tester.ask("dev_listSnapshots") == [
        {"id": first, "label": "", "number": 2, "hash": tester.ask("chain_getBlockHash", 2)},
        {"id": second, "label": "before", "number": 2, "hash": tester.ask("chain_getBlockHash", 2)},
    ]
    assert tester.ask("dev_revert", second, {"keep": True}) is True
    assert number(tester) == 2
    assert tester.ask("dev_revert", first) is True
    assert tester.ask("dev_revert", second) is False
    third = tester.ask("dev_snapshot")
    assert [tester.ask("dev_dropSnapshot", third) for _ in range(2)] == [True, False]
    assert tester.ask("dev_listSnapshots") == []


def test_the_state_alone_goes_back_while_blocks_go_on(tester: Client) -> None:
    chain = tester.chain
    chain.fund("//Poor", TAO)
    snapshot, before = tester.ask("dev_snapshot"), chain.query("System.Account", "//Alice")
    raw = tester.transfer(nonce=before.nonce)
    tester.ask("dev_newBlock", {"transactions": ["0x" + raw.hex()], "count": 4})
    chain.set_balance("//Poor", 5 * TAO)
    assert tester.ask("dev_revert", snapshot, {"height": "keep"}) is True
    assert number(tester) == 6
    assert chain.query("System.Account", "//Alice") == before
    assert chain.query("System.Account", "//Poor").data.free == TAO
    tester.ask("dev_newBlock")
    assert number(tester) == 7
    assert chain.query("System.Account", "//Alice") == before
    assert tester.ask("dev_revert", snapshot) is True


def test_an_earlier_block_becomes_the_head(tester: Client) -> None:
    tester.ask("dev_newBlock", {"count": 8})
    assert tester.ask("dev_setHead", 7) == tester.ask("chain_getBlockHash", 7)
    assert tester.ask("dev_setHead", -2) == tester.ask("chain_getBlockHash", 5)
    assert tester.ask("dev_setHead", tester.ask("chain_getBlockHash", 3)) == tester.ask("chain_getBlockHash")
    assert number(tester) == 3
    code, message, _ = tester.fail("dev_setHead", 9)
    assert (code, message) == (1, "expected a block that is kept, got number 9")


def test_clients_hear_of_the_head_to_which_the_chain_goes_back(tester: Client) -> None:
    tester.ask("chain_subscribeNewHeads")
    tester.ask("dev_newBlock", {"count": 2})
    tester.heard()
    tester.ask("dev_setHead", 3)
    assert [result["number"] for _, _, result in tester.heard()] == ["0x3"]


def test_the_last_blocks_are_replaced_by_others(tester: Client) -> None:
    tester.ask("dev_newBlock", {"finalize": False})
    raw, other = tester.transfer(), tester.transfer(nonce=1)
    subscription = tester.ask("author_submitAndWatchExtrinsic", "0x" + raw.hex())
    tester.ask("dev_newBlock", {"count": 2, "finalize": False})
    former = [tester.ask("chain_getBlockHash", each) for each in (4, 5)]
    tester.heard()
    head = tester.ask("dev_reorg", 2, [["0x" + other.hex(), 1]])
    assert (head, number(tester)) == (tester.ask("chain_getBlockHash", 5), 5)
    assert former[0] != tester.ask("chain_getBlockHash", 4)
    statuses = [result for _, each, result in tester.heard() if each == subscription]
    assert statuses == [{"retracted": former[0]}, "ready", {"inBlock": tester.ask("chain_getBlockHash", 4)}]
    assert raw in tester.chain.history.block_by_number(4).body
    assert other in tester.chain.history.block_by_number(5).body
    assert tester.fail("dev_reorg", 9)[:2] == (1, "expected a depth from 1 to the height 5, got 9")
    assert tester.fail("dev_reorg", 0)[:2] == (1, "expected a depth from 1 to the height 5, got 0")


# --- parameters ------------------------------------------------------------------------------------------------

MISUSES: list[tuple[str, list[Any], str]] = [
    ("dev_newBlock", [{"cuont": 5}], "count: expected a number of blocks from 0 to 100000, got {'cuont': 5}"),
    ("dev_newBlock", [-1], "count: expected a number of blocks from 0 to 100000, got -1"),
    ("dev_newBlock", [{"transactions": [5]}], "transactions: expected 0x and pairs of hexadecimal digits, got 5"),
    ("dev_newBlock", [1, 2, 3, 4, 5, 6, 7, 8], "expected at most 7 parameters (count, to, transactions, timestamp"),
    ("dev_mineUntilEpoch", [], "netuid is missing"),
    ("dev_mineUntilEpoch", ["x"], "netuid: expected an integer"),
    ("dev_setBalance", ["x", 5], "account: expected an address"),
    ("dev_setBalance", [{"account": "//Bob"}], "rao is missing"),
    ("dev_setBalance", ["//Bob", "much"], "rao: expected an integer"),
    ("dev_revert", ["x"], "id: expected the id of a snapshot such as \"0x1\", got 'x'"),
    ("dev_revert", ["0x1", {"kept": True}], 'options: expected {"keep": true} or {"height": "keep"}, got'),
    ("dev_snapshot", [5], "label: expected text, got 5"),
    ("dev_setHead", ["0x12"], "block: expected a block: its hash (0x and 64 digits) or its number, got '0x12'"),
    ("dev_autoImpersonate", ["yes"], "enabled: expected true or false, got 'yes'"),
    ("dev_setHyperparameters", [1, 5], "values: expected an object, got 5"),
    ("dev_setRateLimits", ["none"], 'limits: expected "on", "off", or blocks by the names of limits, got \'none\''),
    ("dev_timeTravel", ["tomorrow"], "time: expected a date such as 2026-01-31T12:00:00Z, got 'tomorrow'"),
    ("dev_submitUnsigned", ["0x", "somebody"], 'origin: expected an account, "root" or "none"'),
    ("dev_setDrand", ["maybe"], "source: expected one of mock, offline, live, got 'maybe'"),
    ("dev_setLogLevel", ["loud"], "level: expected one of error, warn, info, debug, trace, got 'loud'"),
    ("dev_dropTransaction", ["each"], "hash: expected 0x and pairs of hexadecimal digits, got 'each', or \"all\""),
    ("dev_reorg", [1, [5]], "transactions: expected a list of [extrinsic, index of its block], got [5]"),
]


@pytest.mark.parametrize(("method", "params", "words"), MISUSES, ids=[f"{m} {p}" for m, p, _ in MISUSES])
def test_an_invalid_argument_is_named(tester: Client, method: str, params: list[Any], words: str) -> None:
    code, message, _ = tester.fail(method, *params)
    assert code == -32602
    assert words in message


def test_an_object_with_an_unknown_name_is_refused(tester: Client) -> None:
    answer = tester.send('{"jsonrpc": "2.0", "id": 7, "method": "dev_snapshot", "params": {"lable": "x"}}')
    assert answer["error"] == {"code": -32602, "message": "Invalid params: there is no parameter lable; known: label"}
    answer = tester.send('{"jsonrpc": "2.0", "id": 7, "method": "dev_snapshot", "params": 5}')
    assert answer["error"]["code"] == -32602


# --- who may call them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "chain_type", "unsafe", "served"),
    [
        (None, "Development", None, True),
        ("127.0.0.1", "Local", None, True),
        ("0.0.0.0", "Development", None, False),
        ("0.0.0.0", "Development", True, False),
        (None, "Live", None, False),
        (None, "Development", False, False),
    ],
)
def test_they_are_served_for_tests_on_this_machine_alone(
    host: str | None, chain_type: Any, unsafe: bool | None, served: bool
) -> None:
    with Chain(dev(chain_type=chain_type)) as chain:
        assert Server(chain, host, 0, unsafe=unsafe).node.dev is served


def test_each_method_has_a_sentence(tester: Client) -> None:
    assert len(namespace.methods) >= 39
    docs = (Path(__file__).parents[3] / "docs" / "dev-rpc.md").read_text()
    forms = {
        name: (f"`{name}`", f"`*_{name.partition('_')[2]}`") for name in namespace.methods
    }  # Anvil's and Hardhat's
    assert [name for name, written in forms.items() if not any(form in docs for form in written)] == []
