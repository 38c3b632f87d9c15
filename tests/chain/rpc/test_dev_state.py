"""`dev_*` about accounts, storage, calls, the pool, drand and the chain as a whole."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.cheats.impersonation import MAGIC_SIGNATURE
from pysubtensor.chain.engine.local import Sealing
from pysubtensor.runtime import beacon
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.pallets import system

from pysubtensor import Keypair
from tests.chain.rpc.conftest import Client
from tests.world import ALICE_ADDRESS, BOB_ADDRESS, BOB_KEY

TAO = 10**9
Connect = Callable[..., Client]


@pytest.fixture
def tester(connect: Connect) -> Client:
    """A client of a node with a chain for tests, at block 2."""
    return connect(Sealing.MANUAL, dev=True)


def free(client: Client, who: str | bytes) -> int:
    data = client.chain.query("System.Account", who).data
    assert isinstance(data.free, int)
    return data.free


# --- accounts --------------------------------------------------------------------------------------------------


def test_balances_and_stake_come_from_nothing(tester: Client) -> None:
    assert tester.ask("dev_setBalance", "//Poor", str(5 * TAO)) == 5 * TAO
    assert tester.ask_named("dev_addBalance", account="//Poor", rao=TAO) == 6 * TAO
    subnet = tester.chain.subnet()
    hotkey = subnet.validators[0].hotkey.address
    assert tester.ask("dev_setStake", hotkey, "//Poor", subnet.netuid, 7 * TAO) in (7 * TAO - 1, 7 * TAO)
    assert tester.fail("dev_setBalance", "//Poor", 1)[:2] == (1, "Token.BelowMinimum")


def test_subnets_and_neurons_are_registered_without_a_price(tester: Client) -> None:
    netuid = tester.ask("dev_registerSubnet", {"owner": "//Bob", "hotkey": "//Bob//hot", "tempo": 7, "kappa": 5})
    assert (netuid, tester.chain.query("SubtensorModule.Tempo", netuid)) == (2, 7)
    assert tester.chain.query("SubtensorModule.SubnetOwner", netuid) == BOB_KEY.account
    assert tester.ask("dev_registerNeuron", netuid, "//Dave//hot", "//Dave") == 1
    assert tester.ask("dev_setHyperparameters", netuid, {"tempo": 9, "yuma3_enabled": False}) == {
        "tempo": 7,
        "yuma3_enabled": True,
    }
    assert free(tester, "//Bob") == 1_000_000 * TAO
    assert tester.fail("dev_registerNeuron", netuid, "//Dave//hot", "//Dave")[0] == 1
    code, message, _ = tester.fail("dev_setHyperparameters", netuid, {"tempoo": 9})
    assert (code, message) == (1, "there is no parameter of a subnet 'tempoo'; did you mean tempo?")


def test_rate_limits_are_turned_off_and_on(tester: Client) -> None:
    former = tester.ask("dev_setRateLimits", "off")
    assert former["TxRateLimit"] == tester.ask("dev_setRateLimits", "on")["TxRateLimit"] + 1000 == 1000
    assert tester.ask("dev_setRateLimits", {"TxRateLimit": 7}) == former
    assert tester.chain.query("SubtensorModule.TxRateLimit") == 7


# --- storage ---------------------------------------------------------------------------------------------------


@pytest.mark.lawless("writes balances from nothing")
def test_storage_is_written_in_chopsticks_forms(tester: Client) -> None:
    head = tester.ask("chain_getBlockHash")
    values = {"System": {"Account": [[["//Poor"], {"providers": 1, "data": {"free": "77"}}]]}}
    assert tester.ask("dev_setStorage", values) == head
    assert free(tester, "//Poor") == 77
    key = "0x" + system.Account.key_of([Keypair.from_uri("//Poor").account]).hex()
    before = tester.ask("chain_getBlockHash", 1)
    assert (tester.ask("state_getStorage", key) is None, tester.ask("state_getStorage", key, before)) == (False, None)
    tester.ask("dev_setStorage", [[key, None]], head)
    assert free(tester, "//Poor") == 0
    assert tester.fail("dev_setStorage", [[key, None]], before)[:2] == (
        1,
        "expected the head: only its state can be written",
    )
    assert tester.fail("dev_setStorage", {"Sytem": {"Number": 5}})[:2] == (
        1,
        "there is no pallet with storage 'Sytem'; did you mean System?",
    )


# --- impersonation ---------------------------------------------------------------------------------------------


def fake(client: Client, who: bytes, nonce: int = 0) -> str:
    """Return a remark of an account with the signature that Chopsticks' helper makes."""
    chain = client.chain
    with chain.anchor():
        raw = chain.sign(chain.call("System.remark", remark=b""), chain.as_account(who), nonce=nonce)
    assert MAGIC_SIGNATURE in raw
    return "0x" + raw.hex()


def test_an_account_without_a_key_is_impersonated(tester: Client) -> None:
    who = bytes(range(32))
    tester.ask("dev_setBalance", "0x" + who.hex(), TAO)
    assert tester.fail("author_submitExtrinsic", fake(tester, who))[0] == 1010
    tester.ask("dev_impersonate", "0x" + who.hex())
    tester.ask("author_submitExtrinsic", fake(tester, who))
    tester.ask("dev_newBlock")
    assert tester.chain.nonce(who) == 1
    tester.ask("dev_stopImpersonating", "0x" + who.hex())
    assert tester.fail("author_submitExtrinsic", fake(tester, who, 1))[0] == 1010
    tester.ask("dev_autoImpersonate", True)
    tester.ask("author_submitExtrinsic", fake(tester, who, 1))
    tester.ask("dev_autoImpersonate", False)


def test_a_signer_stands_in_for_another_account(tester: Client) -> None:
    """What the real SDKs need: they always sign with a key of their own, and ask for its next nonce."""
    who = bytes(range(32))
    tester.ask("dev_setBalance", "0x" + who.hex(), TAO)
    tester.ask("dev_impersonate", {"account": "0x" + who.hex(), "signer": BOB_ADDRESS})
    chain = tester.chain
    nonce = tester.ask("account_nextIndex", BOB_ADDRESS)
    raw = chain.sign(chain.call("Balances.transfer_keep_alive", dest="//Dave", value=1000), BOB_KEY, nonce=nonce)
    tester.ask("author_submitExtrinsic", "0x" + raw.hex())
    tester.ask("dev_newBlock")
    assert (chain.nonce(who), chain.nonce(BOB_KEY.account), free(tester, BOB_ADDRESS)) == (1, 0, 1_000_000 * TAO)


def test_an_object_of_parameters_may_follow_others(tester: Client) -> None:
    tester.ask("dev_setBalance", "//Poor", {"rao": TAO})
    tester.ask("dev_impersonate", "//Poor", {"signer": BOB_ADDRESS})
    assert tester.chain.pool.impersonation.actors == {BOB_KEY.account: Keypair.from_uri("//Poor").account}
    assert tester.fail("dev_impersonate", "//Poor", {"signer": 5})[1].startswith("Invalid params: signer: ")
    assert tester.fail("dev_impersonate", "//Poor", {"singer": 5})[1].startswith("Invalid params: signer: expected an")
    assert tester.ask("dev_dumpState", None, {"history": True}) == tester.ask("dev_dumpState")


def test_a_call_is_submitted_by_any_origin(tester: Client) -> None:
    chain = tester.chain
    call = {"pallet": "Balances", "function": "transfer_keep_alive", "args": {"dest": "//Dave", "value": "1tao"}}
    hashes = [tester.ask("dev_submitUnsigned", {"call": call, "origin": "//Bob"})]
    root = {"pallet": "AdminUtils", "function": "sudo_set_tx_rate_limit", "args": {"tx_rate_limit": 7}}
    hashes.append(tester.ask("dev_submitUnsigned", root, "root"))
    assert set(tester.ask("dev_pool")["ready"]) == set(hashes)
    tester.ask("dev_newBlock")
    assert (chain.nonce("//Bob"), chain.query("SubtensorModule.TxRateLimit")) == (1, 7)
    assert not chain.pool.impersonation, "for these transactions only"
    remark = "0x" + chain.call("System.remark", remark=b"").encode().hex()
    assert tester.fail("dev_submitUnsigned", remark, "none")[0] == 1
    assert tester.fail("dev_submitUnsigned", {"pallet": "Nothing", "function": "x"}, "root")[0] == 1


# --- looking into calls ----------------------------------------------------------------------------------------


def test_a_dry_run_shows_events_and_changes(tester: Client) -> None:
    call = {"Balances": {"transfer_keep_alive": {"dest": BOB_ADDRESS, "value": TAO}}}
    found = tester.ask("dev_dryRun", {"call": call, "address": "//Alice"})
    assert (found["ok"], found["refused"]) == (True, False)
    assert {"Balances": {"Transfer": {"from": ALICE_ADDRESS, "to": BOB_ADDRESS, "amount": TAO}}} in found["events"]
    old, new = found["delta"]["system"]["account"][BOB_ADDRESS]
    assert (old["data"]["free"], new["data"]["free"]) == (1_000_000 * TAO, 1_000_001 * TAO)
    assert found["old"]["system"]["account"][BOB_ADDRESS] == old
    assert tester.ask("dev_dryRun", {"extrinsic": {"call": call, "address": "//Alice"}}) == found
    raw = "0x" + tester.transfer().hex()
    shown = tester.ask("dev_dryRun", {"extrinsic": raw, "raw": True, "at": 1})
    assert [key for key, _ in shown["new"]] == sorted(key for key, _ in shown["new"])
    too_much = {"Balances": {"transfer_keep_alive": {"dest": BOB_ADDRESS, "value": 10**18}}}
    failed = tester.ask("dev_dryRun", {"call": too_much, "address": "//Bob"})
    assert (failed["ok"], failed["refused"], failed["error"]) == (False, False, "Arithmetic.Underflow")
    limit = {"AdminUtils": {"sudo_set_tx_rate_limit": {"tx_rate_limit": 7}}}
    assert tester.ask("dev_dryRun", {"call": limit, "address": "root"})["delta"] == {
        "subtensorModule": {"txRateLimit": [None, 7]}
    }
    assert tester.fail("dev_dryRun", {"call": limit})[0] == 1
    assert tester.fail("dev_dryRun", {"extrinsic": "0x04"})[0] == 1


def test_a_trace_shows_what_each_extrinsic_wrote(tester: Client) -> None:
    raw = tester.transfer()
    block = tester.ask("dev_newBlock", {"transactions": ["0x" + raw.hex()]})
    trace = tester.ask("dev_traceBlock", block)
    assert (trace["number"], trace["hash"]) == (3, block)
    assert [phase["phase"] for phase in trace["phases"]] == ["Initialization", 0, 1, 2, "Finalization"]
    step = trace["phases"][3]
    assert step["call"] == "Balances.transfer_keep_alive"
    assert BOB_ADDRESS in step["storageDiff"]["delta"]["system"]["account"]
    assert tester.ask("dev_traceTransaction", "0x" + blake2_256(raw).hex()) == step
    assert tester.ask("dev_traceTransaction", "0x" + blake2_256(raw).hex(), 3) == step
    assert tester.fail("dev_traceTransaction", "0x" + bytes(32).hex())[0] == 1
    assert tester.fail("dev_traceBlock", 0)[:2] == (1, "expected a block that was executed, got block 0")


# --- the pool --------------------------------------------------------------------------------------------------


def test_waiting_transactions_are_listed_and_dropped(tester: Client) -> None:
    raws = [tester.transfer(nonce=nonce) for nonce in (0, 1, 5)]
    hashes = [tester.ask("author_submitExtrinsic", "0x" + raw.hex()) for raw in raws]
    assert tester.ask("dev_pool") == {"ready": hashes[:2], "future": hashes[2:]}
    assert tester.ask("dev_dropTransaction", hashes[1]) == 1
    assert tester.ask("dev_dropTransaction", hashes[1]) == 0
    assert tester.ask("author_submitExtrinsic", "0x" + raws[1].hex()) == hashes[1]
    assert tester.ask("dev_dropTransaction", "all") == 3
    assert tester.ask("dev_pool") == {"ready": [], "future": []}


# --- the chain as a whole --------------------------------------------------------------------------------------


def test_the_chain_is_written_and_read_again(tester: Client, tmp_path: Path) -> None:
    path = str(tmp_path / "some.chain")
    assert tester.ask("dev_dumpState", path) == path
    data, head = tester.ask("dev_dumpState"), tester.ask("chain_getBlockHash")
    instance = tester.ask("dev_nodeInfo")["instanceId"]
    tester.ask("dev_newBlock", {"count": 5})
    assert tester.ask("dev_loadState", path) == head
    tester.ask("dev_newBlock", {"count": 5})
    assert tester.ask("dev_loadState", data) == head
    assert tester.ask("chain_getHeader")["number"] == "0x2"
    assert tester.ask("dev_nodeInfo")["instanceId"] != instance
    tester.ask("dev_newBlock")
    assert tester.fail("dev_dumpState", str(tmp_path / "notes.txt"))[:2][0] == 1
    assert tester.fail("dev_loadState", "0x12")[:2] == (1, "expected a chain that was dumped, got the given bytes")


def test_the_chain_begins_anew(tester: Client) -> None:
    instance = tester.ask("dev_nodeInfo")["instanceId"]
    genesis = tester.ask("chain_getBlockHash", 0)
    tester.ask("chain_subscribeNewHeads")
    tester.heard()
    assert tester.ask("dev_reset") != instance
    assert [result["number"] for _, _, result in tester.heard()] == ["0x0"]
    assert tester.ask("chain_getBlockHash") == genesis
    tester.ask("dev_reset", {"genesis": {"tempo": 5, "balances": {"//Bob": "5tao"}}})
    assert tester.ask("chain_getBlockHash") != genesis
    assert (free(tester, "//Bob"), free(tester, "//Alice")) == (5 * TAO, 0)
    tester.ask("dev_newBlock", {"count": 2})
    assert tester.fail("dev_reset", {"genesis": {"tempoo": 5}})[:2] == (1, "there is no parameter of a chain 'tempoo'")


def test_the_node_says_what_it_is(tester: Client) -> None:
    snapshot = tester.ask("dev_snapshot")
    info = tester.ask("dev_nodeInfo")
    head = {"number": 2, "hash": tester.ask("chain_getBlockHash")}
    assert info["head"] == {**head, "timestamp": tester.chain.head_ms}
    assert info["snapshots"] == {snapshot: head}
    assert (info["specVersion"], info["mode"], info["blockTimeMs"], info["fork"]) == (425, "manual", 12_000, None)
    assert info["accounts"]["//Alice"] == ALICE_ADDRESS
    assert tester.ask("dev_nodeInfo")["instanceId"] == info["instanceId"]


def test_the_log_has_the_level_that_one_wants(tester: Client) -> None:
    logger = logging.getLogger("pysubtensor")
    former = logger.level
    try:
        tester.ask("dev_setLogLevel", "Debug")
        assert logger.level == logging.DEBUG
    finally:
        logger.setLevel(former)


# --- drand -----------------------------------------------------------------------------------------------------


def test_pulses_come_from_where_one_says(tester: Client) -> None:
    chain = tester.chain
    tester.ask("dev_setDrand", "mock")
    tester.ask("dev_newBlock", {"count": 2})
    last = chain.query("Drand.LastStoredRound")
    assert last > 0
    tester.ask("dev_setDrand", "offline")
    tester.ask("dev_newBlock", {"count": 2})
    assert chain.query("Drand.LastStoredRound") == last
    pulse: Any = beacon.local_pulse(last + 1)
    tester.ask("dev_addDrandPulse", {"round": last + 1, "signature": "0x" + pulse.signature.hex()})
    tester.ask("dev_newBlock")
    assert chain.query("Drand.LastStoredRound") == last + 1
    assert tester.fail("dev_setDrand", "live")[0] == 1


def test_values_of_other_shapes_are_named(tester: Client) -> None:
    for method, params, why in (
        ("dev_mineUntilEpoch", [0], "expected a subnet with epochs, got 0: root has none"),
        ("dev_dryRun", ["x"], "extrinsic: expected 0x and pairs of hexadecimal digits, got 'x'"),
        ("dev_reset", [{"genesis": {"overrides": {"x": 1}}}], "expected names of constants, got unknown x"),
        (
            "dev_setStorage",
            [{"System": {"$removePrefix": 5}}],
            "System.$removePrefix: expected a list of storage items",
        ),
    ):
        code, message, _ = tester.fail(method, *params)
        assert (code, why in message) == (1, True), message
