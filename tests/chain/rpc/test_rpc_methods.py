"""Every method: its results and its errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import Sealing
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.chain.rpc.methods import state
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.chain.rpc.table import METHODS, REFUSED
from pysubtensor.runtime.beacon import pulse_extrinsic
from pysubtensor.runtime.crypto import ss58_encode
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.frame.era import Era
from pysubtensor.runtime.frame.extrinsic import Id, prefix_with_length
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.sudo import sudo

from tests.runtime.pallets.drand import ROUND_1000, ROUND_2000
from tests.world import UNFUNDED_KEY

from .conftest import ALICE, BOB, Client

ACCOUNT = "0x" + system.Account.key(ALICE.account).hex()
ACCOUNTS = "0x" + system.Account.prefix.hex()
NUMBER = "0x" + system.Number.prefix.hex()
UNKNOWN = "0x" + "ab" * 32
UNSAFE = (-32601, "RPC call is unsafe to be called externally", None)


def hexed(data: bytes) -> str:
    return "0x" + data.hex()


def test_every_method_is_called_by_some_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in METHODS if f'"{name}"' not in tests and name not in REFUSED] == []


# --- rpc, system ---------------------------------------------------------------------------------------------


def test_rpc_methods_lists_everything_that_is_served(client: Client, connect: Callable[..., Client]) -> None:
    names = client.ask("rpc_methods")["methods"]
    assert names == sorted(name for name, method in METHODS.items() if not method.dev)
    tests = connect(Sealing.MANUAL, dev=True)
    assert tests.ask("rpc_methods")["methods"] == sorted(METHODS)
    assert client.fail("dev_nodeInfo")[:2] == (-32601, "Method not found")
    assert {"account_nextIndex", "state_getStorageAt", "state_call", "chain_getHead"} <= set(names)
    slots = connect(Sealing.INTERVAL)
    assert set(names) - set(slots.ask("rpc_methods")["methods"]) == {"engine_createBlock", "engine_finalizeBlock"}
    assert slots.fail("engine_createBlock", True, True)[:2] == (-32601, "Method not found")


def test_the_node_reports_its_name_version_and_chain(client: Client) -> None:
    assert client.ask("system_name") == "Subtensor Node"
    assert client.ask("system_version").startswith("4.0.0-dev-")
    assert client.ask("system_chain") == "Bittensor"
    assert client.ask("system_chainType") == "Development"
    assert client.ask("system_properties") == {"ss58Format": 42, "tokenDecimals": 9, "tokenSymbol": "TAO"}
    assert client.ask("system_health") == {"peers": 0, "isSyncing": False, "shouldHavePeers": False}
    assert client.ask("system_nodeRoles") == ["Authority"]
    assert client.ask("system_syncState") == {"startingBlock": 0, "currentBlock": 2, "highestBlock": 2}
    assert client.ask("system_localPeerId").startswith("12D3KooW")
    for name in ("system_peers", "system_reservedPeers", "system_localListenAddresses"):
        assert client.ask(name) == []


def test_next_index_counts_what_is_ready(client: Client) -> None:
    alice = ss58_encode(ALICE.account)
    assert client.ask("account_nextIndex", alice) == client.ask("system_accountNextIndex", alice) == 0
    client.ask("author_submitExtrinsic", hexed(client.transfer()))
    client.ask("author_submitExtrinsic", hexed(client.transfer(nonce=4)))
    assert client.ask("account_nextIndex", alice) == 1
    client.chain.produce()
    assert client.ask("account_nextIndex", alice) == 1
    code, message, data = client.fail("account_nextIndex", "no address")
    assert (code, message) == (-32602, "Invalid params")
    assert data is not None
    assert data.startswith("invalid ss58 address: ")
    assert client.fail("account_nextIndex", ss58_encode(b"\2" * 33))[0] == -32602


def test_a_pulse_is_submitted_without_a_signer(client: Client) -> None:
    raw = pulse_extrinsic(client.chain.pending_context(), ROUND_1000)
    assert client.ask("author_submitExtrinsic", hexed(raw)) == hexed(blake2_256(raw))
    assert client.ask("author_pendingExtrinsics") == [hexed(raw)]
    client.chain.produce()
    assert client.chain.query("Drand.Pulses", 1000) == ROUND_1000
    assert client.fail("author_submitExtrinsic", hexed(raw))[:2] == (1012, "Transaction is temporarily banned")
    wrong = pulse_extrinsic(client.chain.pending_context(), ROUND_2000)[:-1] + b"\0"
    assert client.fail("author_submitExtrinsic", hexed(wrong))[:2] == (1010, "Invalid Transaction")


def test_a_dry_run_returns_the_result_and_changes_nothing(client: Client) -> None:
    raw = client.transfer()
    before = client.ask("state_getStorage", ACCOUNT)
    assert client.ask("system_dryRun", hexed(raw)) == "0x0000"
    assert client.ask("system_dryRunAt", hexed(client.transfer(nonce=9)))[:6] == "0x0100"
    assert client.ask("state_getStorage", ACCOUNT) == before
    assert client.fail("system_dryRun", "0xff")[:2] == (2, "Unable to dry run extrinsic")
    assert client.fail("system_dryRun", "0x0400")[:2] == (1, "Unable to dry run extrinsic.")


@pytest.mark.parametrize("name", REFUSED)
def test_keys_peers_logs_and_traces_are_refused(client: Client, name: str) -> None:
    assert client.fail(name, "0x00", "aura") == UNSAFE
    assert name in client.ask("rpc_methods")["methods"]


def test_unsafe_methods_are_refused_on_public_nodes(connect: Callable[..., Client]) -> None:
    client = connect(unsafe=False)
    unsafe = [name for name, method in METHODS.items() if method.unsafe and not method.dev]
    assert {"state_getPairs", "state_queryStorage", "author_removeExtrinsic", "system_dryRun"} <= set(unsafe)
    for name in unsafe:
        assert client.fail(name) == UNSAFE
    assert client.fail("state_subscribeStorage") == UNSAFE
    assert client.ask("state_subscribeStorage", [NUMBER])


# --- chain ---------------------------------------------------------------------------------------------------


def test_block_hashes_by_number(client: Client) -> None:
    hashes = [hexed(client.chain.hash_at(number) or b"") for number in range(3)]
    for name in ("chain_getBlockHash", "chain_getHead"):
        assert client.ask(name) == hashes[2]
        assert [client.ask(name, number) for number in range(3)] == hashes
    assert client.ask("chain_getBlockHash", "0x1") == hashes[1]
    assert client.ask("chain_getBlockHash", 3) is None
    assert client.ask("chain_getBlockHash", [0, "0x2", 3]) == [hashes[0], hashes[2], None]
    assert client.ask("chain_getFinalizedHead") == client.ask("chain_getFinalisedHead") == hashes[2]
    assert client.fail("chain_getBlockHash", 2**32)[1] == "`4294967296` > u32::MAX, the max block number is u32."


def test_a_header_has_all_that_its_hash_covers(client: Client) -> None:
    shown = client.ask("chain_getHeader")
    assert list(shown) == ["parentHash", "number", "stateRoot", "extrinsicsRoot", "digest"]
    assert shown["number"] == "0x2"
    logs = [bytes.fromhex(item[2:]) for item in shown["digest"]["logs"]]
    roots = [bytes.fromhex(shown[name][2:]) for name in ("parentHash", "stateRoot", "extrinsicsRoot")]
    encoded = roots[0] + bytes([2 << 2]) + roots[1] + roots[2] + bytes([len(logs) << 2]) + b"".join(logs)
    assert hexed(blake2_256(encoded)) == client.ask("chain_getBlockHash")
    assert logs[0][:6] == b"\x06aura\x20"
    assert client.ask("chain_getHeader", shown["parentHash"])["number"] == "0x1"
    first = client.ask("chain_getHeader", client.ask("chain_getBlockHash", 0))
    assert (first["number"], first["parentHash"], first["digest"]) == ("0x0", "0x" + "00" * 32, {"logs": []})
    assert client.ask("chain_getHeader", UNKNOWN) is None


def test_a_block_has_its_extrinsics_as_submitted(client: Client) -> None:
    raw = client.transfer()
    client.ask("author_submitExtrinsic", hexed(raw))
    client.chain.produce()
    shown = client.ask("chain_getBlock")
    assert shown["justifications"] is None
    assert shown["block"]["header"] == client.ask("chain_getHeader")
    assert shown["block"]["extrinsics"][2:] == [hexed(raw)]
    assert shown["block"]["extrinsics"][0].startswith("0x280502")
    assert client.ask("chain_getBlock", client.ask("chain_getBlockHash", 0))["block"]["extrinsics"] == []
    assert client.ask("chain_getBlock", UNKNOWN) is None


# --- state ---------------------------------------------------------------------------------------------------


def test_storage_at_any_block(client: Client) -> None:
    parent = client.ask("chain_getBlockHash", 1)
    for name in ("state_getStorage", "state_getStorageAt"):
        assert client.ask(name, NUMBER) == "0x02000000"
        assert client.ask(name, NUMBER, parent) == "0x01000000"
        assert client.ask(name, "0x00") is None
    for name in ("state_getStorageHash", "state_getStorageHashAt"):
        assert client.ask(name, NUMBER) == hexed(blake2_256((2).to_bytes(4, "little")))
        assert client.ask(name, "0x00") is None
    for name in ("state_getStorageSize", "state_getStorageSizeAt"):
        assert client.ask(name, NUMBER, parent) == 4
        assert client.ask(name, ACCOUNTS) == sum(len(v) for _, v in client.chain.state.items(system.Account.prefix))
        assert client.ask(name, "0x00") is None


def test_storage_of_an_unknown_block_is_an_error(client: Client) -> None:
    expected = (4003, f"Client error: UnknownBlock: Header was not found in the database: {UNKNOWN}", None)
    assert client.fail("state_getStorage", NUMBER, UNKNOWN) == expected
    assert client.fail("state_getRuntimeVersion", UNKNOWN) == expected
    assert client.fail("state_queryStorageAt", [NUMBER], UNKNOWN) == expected
    assert client.fail("state_getKeysPaged", "0x", 1, None, UNKNOWN) == expected
    assert client.fail("state_getReadProof", [NUMBER], UNKNOWN) == expected


def test_a_discarded_state_is_a_known_error() -> None:
    with Chain.dev() as small:
        small.history.retention = Retention(1, 100)
        small.produce(3)
        client = Client(small)
        old = client.ask("chain_getBlockHash", 1)
        message = f"Client error: Api called for an unknown Block: State already discarded for {old}"
        assert client.fail("state_getStorage", NUMBER, old) == (4003, message, None)
        assert client.fail("state_call", "Core_version", "0x", old) == (4003, message, None)


def test_keys_are_paged_in_order(client: Client) -> None:
    keys = client.ask("state_getKeys", ACCOUNTS)
    assert keys == sorted(keys)
    assert len(keys) == len(client.chain.config.balances)
    for name in ("state_getKeysPaged", "state_getKeysPagedAt"):
        assert client.ask(name, ACCOUNTS, 1000) == client.ask(name, ACCOUNTS, 1000, ACCOUNTS) == keys
        assert client.ask(name, ACCOUNTS, 4, None) == keys[:4]
        assert client.ask(name, ACCOUNTS, 4, keys[3], client.ask("chain_getHead")) == keys[4:8]
        assert client.ask(name, ACCOUNTS, 100, keys[-1]) == []
        assert client.ask(name, None, 1)[0] == client.ask(name, "0x", 1)[0]
    message = "count exceeds maximum value. value: 1001, max: 1000"
    assert client.fail("state_getKeysPaged", ACCOUNTS, 1001) == (4002, message, None)
    pairs = client.ask("state_getPairs", ACCOUNTS)
    assert [key for key, _ in pairs] == keys
    assert [value for key, value in pairs if key == ACCOUNT] == [client.ask("state_getStorage", ACCOUNT)]


def test_several_keys_make_one_change_set(client: Client) -> None:
    asked = [ACCOUNT.upper().replace("0X", "0x"), "0x00", NUMBER, NUMBER]
    (found,) = client.ask("state_queryStorageAt", asked)
    assert found["block"] == client.ask("chain_getHead")
    expected = [[ACCOUNT, client.ask("state_getStorage", ACCOUNT)], ["0x00", None], [NUMBER, "0x02000000"]]
    assert found["changes"] == expected
    assert client.ask("state_queryStorageAt", []) == []


def test_a_range_of_blocks_gives_changes_only(client: Client) -> None:
    hashes = client.ask("chain_getBlockHash", [0, 1, 2])
    first, *later = client.ask("state_queryStorage", [NUMBER, ACCOUNT], hashes[0], hashes[2])
    assert (first["block"], [key for key, _ in first["changes"]]) == (hashes[0], [NUMBER, ACCOUNT])
    assert later == [
        {"block": hashes[1], "changes": [[NUMBER, "0x01000000"]]},
        {"block": hashes[2], "changes": [[NUMBER, "0x02000000"]]},
    ]
    code, message, _ = client.fail("state_queryStorage", [NUMBER], hashes[2], hashes[0])
    assert code == 4001
    assert message == f"Cannot resolve a block range ['{hashes[2]}' ... '{hashes[0]}]. from number > to number"


@pytest.mark.parametrize(("most", "taken"), [(3, True), (2, False)])
def test_a_range_has_a_limited_number_of_blocks(
    client: Client, monkeypatch: pytest.MonkeyPatch, most: int, taken: bool
) -> None:
    monkeypatch.setattr(state, "MAX_RANGE", most)
    first, last = client.ask("chain_getBlockHash", [0, 2])
    if taken:
        assert len(client.ask("state_queryStorage", [NUMBER], first, last)) == 3
        return
    code, message, _ = client.fail("state_queryStorage", [NUMBER], first, last)
    assert code == 4001
    assert message == f"Cannot resolve a block range ['{first}' ... '{last}]. expected at most 2 blocks"


def test_a_read_proof_names_its_block(client: Client) -> None:
    proof = client.ask("state_getReadProof", [NUMBER])
    assert proof["at"] == client.ask("chain_getHead")
    root = client.ask("chain_getHeader")["stateRoot"]
    assert root in [hexed(blake2_256(bytes.fromhex(part[2:]))) for part in proof["proof"]]


def test_runtime_apis_are_called_with_or_without_prefix(client: Client) -> None:
    for name in ("state_call", "state_callAt"):
        assert client.ask(name, "AccountNonceApi_account_nonce", ALICE.account.hex()) == "0x00000000"
        assert client.ask(name, "AccountNonceApi_account_nonce", hexed(ALICE.account)) == "0x00000000"
        assert client.ask(name, "Core_version", "") == client.ask(name, "Core_version", "0x", None)
    message = "Client error: Execution failed: Other: Exported method Nothing_at_all is not found"
    assert client.fail("state_call", "Nothing_at_all", "0x") == (4003, message, None)
    assert client.fail("state_call", "AccountNonceApi_account_nonce", "0x00")[0] == 4003


def test_metadata_and_version(client: Client) -> None:
    assert client.ask("state_getMetadata").startswith("0x6d6574610e")
    versioned = client.ask("state_call", "Metadata_metadata_at_version", "0x0e000000")
    assert versioned.endswith(client.ask("state_getMetadata")[2:])
    version = client.ask("state_getRuntimeVersion")
    assert version == client.ask("chain_getRuntimeVersion", client.ask("chain_getBlockHash", 1))
    numbers = {"authoringVersion": 1, "specVersion": 425, "implVersion": 1, "transactionVersion": 1, "systemVersion": 1}
    assert version.items() >= numbers.items()
    assert (version["specName"], version["implName"]) == ("node-subtensor", "node-subtensor")
    assert ["0xdf6acb689907609b", 5] in version["apis"]
    assert len(version) == 8


def test_there_are_no_child_tries(client: Client) -> None:
    child = hexed(b":child_storage:default:anything")
    assert client.ask("childstate_getKeys", child, "0x") == []
    assert client.ask("childstate_getKeysPaged", child, "0x", 10) == []
    assert client.ask("childstate_getKeysPagedAt", child, None, 10) == []
    assert client.ask("childstate_getStorage", child, "0x00") is None
    assert client.ask("childstate_getStorageEntries", child, ["0x00", "0x01"]) == [None, None]
    assert client.ask("childstate_getStorageHash", child, "0x00") is None
    assert client.ask("childstate_getStorageSize", child, "0x00") is None
    assert client.ask("state_getChildReadProof", child, ["0x00"])["proof"]
    expected = (4003, "Client error: Invalid child storage key", None)
    assert client.fail("childstate_getKeys", "0x00", "0x") == expected
    assert client.fail("childstate_getKeysPaged", child, "0x", 1001)[0] == 4002


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("childstate_getKeys", ["0x"]),
        ("childstate_getKeysPaged", ["0x", 10, None]),
        ("childstate_getStorage", ["0x00"]),
        ("childstate_getStorageEntries", [["0x00"]]),
        ("childstate_getStorageHash", ["0x00"]),
        ("childstate_getStorageSize", ["0x00"]),
        ("state_getChildReadProof", [["0x00"]]),
    ],
)
def test_child_tries_have_names_and_belong_to_blocks(client: Client, method: str, more: list[Any]) -> None:
    wrong, right = "0x" + b":child:".hex(), "0x" + b":child_storage:default:x".hex()
    assert client.fail(method, wrong, *more)[:2] == (4003, "Client error: Invalid child storage key")
    unknown = client.fail(method, right, *more, "0x" + "11" * 32)
    assert unknown[0] == 4003
    assert "Header was not found in the database" in unknown[1]


# --- author, payment -----------------------------------------------------------------------------------------


def test_a_submitted_transaction_is_pending_until_a_block(client: Client) -> None:
    raw = client.transfer()
    assert client.ask("author_submitExtrinsic", raw.hex()) == hexed(blake2_256(raw))
    assert client.ask("author_pendingExtrinsics") == [hexed(raw)]
    client.ask("engine_createBlock", False, True)
    assert client.ask("author_pendingExtrinsics") == []


def test_an_operator_removes_transactions(client: Client) -> None:
    raws = [client.transfer(nonce) for nonce in range(3)]
    hashes = [client.ask("author_submitExtrinsic", hexed(raw)) for raw in raws]
    assert client.ask("author_removeExtrinsic", [{"extrinsic": hexed(raws[1])}, {"hash": UNKNOWN}]) == hashes[1:]
    assert client.ask("author_removeExtrinsic", [{"hash": hashes[0]}]) == hashes[:1]
    assert client.fail("author_removeExtrinsic", [{"neither": "0x"}])[0] == -32602


def test_a_refused_transaction_gets_the_genuine_code_and_text(client: Client) -> None:
    chain = client.chain
    call = transfer_keep_alive.call(Id(BOB.account), 1)
    poor = chain.sign(call, UNFUNDED_KEY, nonce=0)
    forged = bytearray(client.transfer())
    forged[60] ^= 1
    not_sudo = chain.sign(sudo.call(call), BOB, nonce=0)
    client.ask("author_submitExtrinsic", hexed(client.transfer(0)))
    chain.produce()
    stale = client.transfer(0, value=5)
    waiting, rival = client.transfer(1), client.transfer(1, value=5)
    client.ask("author_submitExtrinsic", hexed(waiting))
    invalid = "Invalid Transaction"
    cases = {
        poor: (1010, invalid, "Inability to pay some fees (e.g. account balance too low)"),
        bytes(forged): (1010, invalid, "Transaction has a bad signature"),
        stale: (1010, invalid, "Transaction is outdated"),
        not_sudo: (1010, invalid, "Invalid signing address"),
        waiting: (1013, "Transaction Already Imported", f'"{hexed(blake2_256(waiting))}"'),
        rival: (
            1014,
            "Priority is too low: (1 vs 1)",
            "The transaction has too low priority to replace another transaction already in the pool.",
        ),
        chain.block(chain.head.hash).body[0]: (1011, "Unknown Transaction Validity", None),  # type: ignore[union-attr]
    }
    for raw, (code, message, data) in cases.items():
        got = client.fail("author_submitExtrinsic", hexed(raw))
        if code != 1011:
            assert got == (code, message, data)
            watched = client.fail("author_submitAndWatchExtrinsic", hexed(raw))
            assert watched in (got, (1012, "Transaction is temporarily banned", None))
    assert client.subscriptions == {}


def test_a_full_pool_drops_at_once(client: Client) -> None:
    client.chain.pool.limits = type(client.chain.pool.limits)(ready_count=0)
    expected = (1016, "Immediately Dropped", "The transaction couldn't enter the pool because of the limit")
    assert client.fail("author_submitExtrinsic", hexed(client.transfer())) == expected


@pytest.mark.parametrize("raw", ["0x", "0xff", "0x0400", "0x280403", "0x10ffffffff", "0x0c450000", "0x1884000000"])
def test_garbage_is_not_an_extrinsic(client: Client, raw: str) -> None:
    for name in ("author_submitExtrinsic", "author_submitAndWatchExtrinsic"):
        code, message, _ = client.fail(name, raw)
        outer = len(raw) <= 4 or raw == "0x280403"
        expected = (1001 if "Watch" in name else 1040) if outer or raw.startswith("0x18") else 1002
        assert code == expected, message
        prefix = {1001: "Extrinsic has invalid format: ", 1040: "Client error: ", 1002: "Verification Error: "}[code]
        assert message.startswith(prefix)


def test_truncated_transactions_are_refused(client: Client) -> None:
    raw = client.transfer()
    for length in range(0, len(raw), 7):
        assert client.fail("author_submitExtrinsic", hexed(raw[:length]))[0] == 1040
    assert client.fail("author_submitExtrinsic", hexed(b"\x02\x00\x20\x00" + bytes(524_288)))[0] in (1002, 1040)
    assert len(client.chain.pool) == 0


@pytest.mark.parametrize("behind", [b"\0", bytes(100)])
def test_bytes_behind_an_extrinsic_do_not_belong_to_it(client: Client, behind: bytes) -> None:
    """The genuine node decodes an opaque extrinsic from the front of the bytes, and ignores the rest."""
    raws = [client.transfer(nonce) for nonce in range(3)]
    stretched = [hexed(raw + behind) for raw in raws]
    assert client.ask("system_dryRun", stretched[0]) == "0x0000"
    assert client.ask("author_submitExtrinsic", stretched[0]) == hexed(blake2_256(raws[0]))
    client.ask("author_submitAndWatchExtrinsic", stretched[1])
    assert client.chain.submit(raws[2] + behind) == blake2_256(raws[2])
    assert client.ask("author_pendingExtrinsics") == [hexed(raw) for raw in raws]
    removed = client.ask("author_removeExtrinsic", [{"extrinsic": stretched[2]}])
    assert removed == [hexed(blake2_256(raws[2]))]
    client.ask("engine_createBlock", False, True)
    assert client.ask("chain_getBlock")["block"]["extrinsics"][2:] == [hexed(raw) for raw in raws[:2]]
    assert client.heard()[-1][2] == {"finalized": client.ask("chain_getHead")}


def test_bytes_behind_an_extrinsic_count_for_its_fee(client: Client) -> None:
    """The genuine node passes the length of all bytes to the runtime: a rao for each byte."""
    raw = client.transfer()
    plain, longer = (client.ask("payment_queryFeeDetails", hexed(raw + bytes(count))) for count in (0, 5))
    assert int(longer["inclusionFee"]["lenFee"], 0) - int(plain["inclusionFee"]["lenFee"], 0) == 5
    fees = [int(client.ask("payment_queryInfo", hexed(raw + bytes(count)))["partialFee"]) for count in (0, 5)]
    assert fees[1] - fees[0] == 5


def test_bytes_inside_of_an_extrinsic_that_are_no_part_of_its_call_are_refused(client: Client) -> None:
    raw = client.transfer()
    assert client.fail("author_submitExtrinsic", hexed(prefix_with_length(raw[2:] + b"\0")))[0] == 1002


def test_arguments_of_runtime_apis_end_with_their_last_byte(client: Client) -> None:
    """Runtime entry points refuse bytes that are left over."""
    raw = client.transfer()
    arguments = raw + len(raw).to_bytes(4, "little")
    assert client.ask("state_call", "TransactionPaymentApi_query_info", hexed(arguments))
    for wrong in (raw + b"\0" + arguments[len(raw) :], arguments + b"\0"):
        assert client.fail("state_call", "TransactionPaymentApi_query_info", hexed(wrong))[0] == 4003


def test_an_extrinsic_that_is_shorter_than_its_length_is_removed_by_nothing(client: Client) -> None:
    code, message, _ = client.fail("author_removeExtrinsic", [{"extrinsic": "0x0c00"}])
    assert (code, message[:32]) == (1001, "Extrinsic has invalid format: No")


def test_fees_in_json(client: Client) -> None:
    raw = hexed(client.transfer())
    info = client.ask("payment_queryInfo", raw)
    assert set(info) == {"weight", "class", "partialFee"}
    assert set(info["weight"]) == {"ref_time", "proof_size"}
    assert info["class"] == "normal"
    fee = client.ask("payment_queryFeeDetails", raw, client.ask("chain_getHead"))["inclusionFee"]
    assert list(fee) == ["baseFee", "lenFee", "adjustedWeightFee"]
    assert sum(int(part) for part in fee.values()) == int(info["partialFee"]) > 0
    inherent = client.ask("chain_getBlock")["block"]["extrinsics"][0]
    assert client.ask("payment_queryFeeDetails", inherent) == {"inclusionFee": None}
    assert client.fail("payment_queryInfo", "0xff")[:2] == (2, "Unable to query dispatch info.")
    assert client.fail("payment_queryFeeDetails", "0x0400")[:2] == (1, "Unable to query fee details.")


# --- engine --------------------------------------------------------------------------------------------------


def test_blocks_on_demand(client: Client) -> None:
    parent = client.ask("chain_getHead")
    made = client.ask("engine_createBlock", True, True, parent)
    assert made["hash"] == client.ask("chain_getHead") != parent
    assert made["aux"] == {
        "header_only": False,
        "clear_justification_requests": False,
        "needs_justification": False,
        "bad_justification": False,
        "is_new_best": True,
    }
    assert made["proof_size"] == 0
    why = "Transaction pool is empty, set create_empty to true, if you want to create empty blocks"
    assert client.fail("engine_createBlock", False, True) == (12000, why, None)
    unknown = f"Supplied parent_hash: {UNKNOWN} doesn't exist in chain"
    assert client.fail("engine_createBlock", True, True, UNKNOWN) == (13000, unknown, None)
    assert client.fail("engine_createBlock", True, True, parent)[0] == 20000


def test_a_created_block_is_final_only_on_request(client: Client) -> None:
    before = client.ask("chain_getFinalizedHead")
    hashes = [client.ask("engine_createBlock", True, False)["hash"] for _ in range(3)]
    assert (client.ask("chain_getFinalizedHead"), client.ask("chain_getHead")) == (before, hashes[2])
    final = client.ask("engine_createBlock", True, True)["hash"]
    assert client.ask("chain_getFinalizedHead") == client.ask("chain_getFinalisedHead") == final


def test_a_block_is_finalized_by_its_hash_once_and_with_those_before_it(client: Client) -> None:
    name = client.ask("chain_subscribeFinalizedHeads")
    hashes = [client.ask("engine_createBlock", True, False)["hash"] for _ in range(4)]
    client.heard()
    for justification in ([], [None], ["0x01"], [[1, 255]]):
        assert client.ask("engine_finalizeBlock", hashes[2], *justification) is True
        assert client.ask("chain_getFinalizedHead") == hashes[2]
    assert client.heard() == [("chain_finalizedHead", name, client.ask("chain_getHeader", hashes[2]))]
    attack = "Finalization Error: Potential long-range attack: block not in finalized chain."
    assert client.fail("engine_finalizeBlock", hashes[1]) == (16000, attack, None)
    unknown = f"Finalization Error: UnknownBlock: Header was not found in the database: {UNKNOWN}"
    assert client.fail("engine_finalizeBlock", UNKNOWN) == (16000, unknown, None)
    for wrong in ("0xzz", [256], ["a"], 5):
        assert client.fail("engine_finalizeBlock", hashes[3], wrong)[0] == -32602
    assert client.ask("chain_getFinalizedHead") == hashes[2]


def test_an_era_that_begins_at_the_head_can_be_tried(client: Client) -> None:
    """Clients let eras begin at the final head, which may be the head, whose hash is stored a block later."""
    chain = client.chain
    for made in range(2):
        call, head = transfer_keep_alive.call(Id(BOB.account), 10**9), chain.head.number
        raw = chain.sign(call, ALICE, era=Era.mortal(64, head))
        assert client.ask("system_dryRun", hexed(raw)) == "0x0000"
        assert client.ask("system_dryRun", hexed(raw), client.ask("chain_getHead")) == "0x0000"
        client.ask("author_submitExtrinsic", hexed(raw))
        client.ask("engine_createBlock", False, True)
        assert chain.nonce(ALICE.account) == made + 1


def test_limits_are_the_genuine_defaults() -> None:
    limits = ServerLimits()
    assert (limits.request_bytes, limits.response_bytes) == (15 * 2**20, 15 * 2**20)
    assert (limits.connections, limits.subscriptions, limits.batch) == (100, 1024, None)


def test_headers_decode(client: Client) -> None:
    block = client.chain.block(client.chain.head.hash)
    assert block is not None
    assert Header.decode(block.header).number == 2
