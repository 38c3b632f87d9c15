"""Misuse of a chain by the program that holds it: one error, which states what was expected and what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from pysubtensor.chain.history.blocks import UnknownBlock
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.frame.era import Era

from pysubtensor import Chain, ChainError, Keypair
from tests.runtime.frame.small_pallets import write
from tests.world import BOB_ADDRESS

Use = Callable[[Chain], Any]
HASH = "0x and 64 digits"


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        made.produce(2)
        yield made


def remark(chain: Chain) -> Any:
    return chain.call("System.remark", remark=b"")


FOREIGN = [write.call(b"")]


def era(chain: Chain, era: Era) -> bytes:
    return chain.sign(remark(chain), "//Bob", era=era)


MISUSES: list[tuple[str, Use]] = [
    (f"{HASH}) or its number, got '0x…'", lambda c: c.query("System.Number", at="0x…")),
    (f"{HASH}) or its number, got '0x   ", lambda c: c.query("System.Number", at="0x" + " " * 64)),
    (f"{HASH}) or its number, got 1.5", lambda c: c.context(1.5)),
    (f"{HASH}) or its number, got True", lambda c: c.context(True)),
    (f"{HASH}) or its number, got b'short'", lambda c: c.block(b"short")),
    (f"{HASH}) or its number, got None", lambda c: c.header(None)),
    ("expected a block number (0 to 4294967295), got -5", lambda c: c.query("System.Number", at=-5)),
    ("expected a block number (0 to 4294967295), got -1", lambda c: c.run_to(-1)),
    ("expected a block number (0 to 4294967295), got 2.0", lambda c: c.run_to(2.0)),
    ("expected a block number (0 to 4294967295), got -1", lambda c: c.rollback_to(-1)),
    ("expected a block number (0 to 4294967295), got '1'", lambda c: c.hash_at("1")),
    ("expected a block from the head, 2, on, got block 1: rollback_to(1) takes blocks back", lambda c: c.run_to(1)),
    ("expected a netuid (0 to 65535), got -1", lambda c: c.metagraph(-1)),
    ("expected the netuid of a subnet, got 77: there is none", lambda c: c.metagraph(77)),
    ("expected a number of blocks (0 to 4294967295), got -5", lambda c: c.produce(-5)),
    ("expected a number of blocks (0 to 4294967295), got True", lambda c: c.produce(True)),
    (
        "expected 1 argument (account: AccountId32) for AccountNonceApi_account_nonce, got 0",
        lambda c: c.ask("AccountNonceApi.account_nonce"),
    ),
    ("expected 0 arguments for Core_version, got 1", lambda c: c.ask("Core.version", 1)),
    ("'Core_versoin'; did you mean Core_version?", lambda c: c.ask("Core.versoin")),
    ("expected the name of a runtime API, Api.method, got 5", lambda c: c.ask(5)),
    (
        "expected the URL of a node, which begins with ws://, wss://, http://, https://, got 'localhost:9944'",
        lambda c: Chain.fork("localhost:9944"),
    ),
    ("https://, got 9944", lambda c: Chain.fork(9944)),
    (f"{HASH}) or its number, got -1.5", lambda c: Chain.fork("ws://localhost:1", -1.5)),
    ("expected a Path, or None, got '/tmp': make a path", lambda c: Chain.fork("ws://localhost:1", cache="/tmp")),
    ("expected a Path, a Store, or None, got 7", lambda c: Chain.fork("ws://localhost:1", store=7)),
    ("expected the name of a runtime API, Api_method, got 5", lambda c: c.call_api(5)),
    ("expected the arguments as bytes, got '0x'", lambda c: c.call_api("Core_version", "0x")),
    ("expected 1 key (AccountId32) for System.Account, got 2", lambda c: c.query("System.Account", "//Bob", "//Bob")),
    ("expected the name of a storage item, Pallet.Item, got 'System'", lambda c: c.query("System")),
    ("expected the name of a storage item, Pallet.Item, got 5", lambda c: c.query(5)),
    ("expected the name of a call, Pallet.call, got 'System.'", lambda c: c.call("System.")),
    ("expected the arguments of remark (remark), remark is missing", lambda c: c.call("System.remark")),
    ("expected a Call, as chain.call(", lambda c: c.execute(5, "//Alice")),
    ("expected a Call, as chain.call(", lambda c: c.sign("System.remark", "//Alice")),
    ("expected no arguments beside a Call, got remark", lambda c: c.execute(remark(c), "//Alice", remark=b"")),
    ("expected a Keypair, a secret URI such as", lambda c: c.execute(remark(c), 5)),
    ("or a name such as alice: expected 12, 15, 18, 21 or 24 words, got 1", lambda c: c.execute(remark(c), "Alicia")),
    ("expected a key that can sign, got the address 5FHneW46", lambda c: c.execute(remark(c), BOB_ADDRESS)),
    ("expected a nonce (0 to 4294967295), got -1", lambda c: c.sign(remark(c), "//Bob", nonce=-1)),
    ("expected a tip in rao (0 to 18446744073709551615), got 0.5", lambda c: c.sign(remark(c), "//Bob", tip=0.5)),
    ("expected an Era, such as Era.mortal(", lambda c: c.sign(remark(c), "//Bob", era=64)),
    ("expected an era that began at a kept block up to the head, 2, got 'block 63'", lambda c: era(c, Era(64, 63))),
    ("expected an era as Era.mortal(period, block) makes it, got Era(period=63", lambda c: era(c, Era(63, 1))),
    ("expected an era as Era.mortal(period, block) makes it, got Era(period=4", lambda c: era(c, Era(4, 99))),
    ("expected an era as Era.mortal(period, block) makes it, got Era(period=8", lambda c: era(c, Era(8, -1))),
    ("expected a round (1 to 18446744073709551615), got 0", lambda c: c.submit_pulse(0)),
    ("expected the signature as bytes, got '0x'", lambda c: c.submit_pulse(1, "0x")),
    ('expected a signature of the beacon; a chain made with beacon="local" needs none', lambda c: c.submit_pulse(1)),
    ("expected a round (1 to 18446744073709551615), got 1.5", lambda c: c.encrypt(b"", 1.5)),
    ("expected the message as bytes, got 'text'", lambda c: c.encrypt("text", 1)),
    ("expected a call of this runtime, got Notes.write of pallet 7", lambda c: c.execute(write.call(b""), "//Bob")),
    (
        "calls[0]: expected a call of this runtime, got Notes.write",
        lambda c: c.call("Utility.batch", calls=[write.call(b"")]),
    ),
    ("expected the extrinsic as bytes, got '0x00': convert hexadecimal", lambda c: c.submit("0x00")),
    ("expected a nonce (0 to 4294967295), got 4294967296", lambda c: c.sign(remark(c), "//Bob", nonce=1 << 32)),
    ("(0 to 18446744073709551615), got 18446744073709551616", lambda c: c.sign(remark(c), "//Bob", tip=1 << 64)),
    ("expected an account: an address, //Name, 0x… or 32 bytes, got 5", lambda c: c.nonce(5)),
    ("expected 32 bytes, got 31", lambda c: c.nonce(bytes(31))),
    ("expected 32 bytes, got 33", lambda c: c.nonce(bytes(33))),
    (f"{HASH}) or its number, got b'", lambda c: c.block(b"-" * 33)),
    ("expected a block number (0 to 4294967295), got 4294967296", lambda c: c.run_to(1 << 32)),
    ("expected a Header, got 5", lambda c: c.import_block(5, [])),
    ("expected a body as a list of", lambda c: c.import_block(c.head_header, b"")),
    ("expected an extrinsic as bytes, got 5", lambda c: c.import_block(c.head_header, [5])),
    ("expected a ChainConfig, got 5", lambda c: Chain(5)),
    ("expected a Path, a Store, or None, got '/tmp'", lambda c: Chain(dev(), "/tmp")),
    ("expected a clock, or None, got 5", lambda c: Chain(dev(), clock=5)),
    ("expected a Retention, or None, got 5", lambda c: Chain(dev(), retention=5)),
    ("expected a balance of at least 500 rao, got 5 for 5H1dy5r7", lambda c: Chain.dev(balances={"//Zoe": 5})),
    ("balances['//Zoe']: -5 does not fit u64", lambda c: Chain.dev(balances={"//Zoe": -5})),
    ("balances[5]: expected an account: an address", lambda c: Chain.dev(balances={5: 5})),
    ("expected balances to be a map from accounts to rao", lambda c: Chain.dev(balances=[("//Zoe", 5)])),
    ("sudo_key: expected an address, //Name, 0x… or a name such as alice", lambda c: Chain.dev(sudo_key="Alicia")),
    ("expected authorities to be a tuple of Authority, got 5", lambda c: Chain.dev(authorities=5)),
    ("expected authorities as a tuple of Authority, got '//Alice'", lambda c: Chain.dev(authorities=["//Alice"])),
    ("expected slot_duration_ms to be a number, got '12s'", lambda c: Chain.dev(slot_duration_ms="12s")),
    ("there is no parameter of a chain 'temp'; did you mean tempo?", lambda c: Chain.dev(temp=5)),
    ("belongs to no authority, because the chain has none", lambda c: Chain.dev(authorities=()).produce(sealed=True)),
    ("expected a block number (0 to 4294967295), got a value with too many digits", lambda c: c.run_to(10**5_000)),
    ("expected tempo to be a u16: -5 does not fit u16", lambda c: Chain.dev(tempo=-5)),
    ("account: expected an account: an address", lambda c: c.fund(5, 1)),
    ("amount: expected an integer", lambda c: c.fund("//Bob", "1.5tau")),
    ("amount: -1 does not fit u64", lambda c: c.set_balance("//Bob", -1)),
    ("Arithmetic.Overflow", lambda c: c.fund("//Bob", "21000000tao")),
    ("account: expected 32 bytes, got 5", lambda c: c.as_account(b"short")),
    ("expected one of rate limits, freeze window, start delay, got 5", lambda c: c.waive(5)),
    (f"{HASH}) or its number, got 'x'", lambda c: c.at("x")),
    (f"{HASH}) or its number, got 1.5", lambda c: c.trace(1.5)),
    ("account: expected an account: an address", lambda c: c.dry_run(remark(c), 5)),
    ("expected a Call, as chain.call(", lambda c: c.dry_run("System.remark", "//Alice")),
    ("expected the name of a storage item, Pallet.Item, got 5", lambda c: c.mutate(5, by=id)),
    ("expected value=… for 'System.Number'", lambda c: c.set_storage("System.Number")),
    ("SubnetNotExists", lambda c: c.set_stake(99, "//Bob//hot", "//Bob", 5)),
    ("cannot read /missing: No such file or directory", lambda c: Chain.load("/missing")),
    ("expected the id of a snapshot, got 77: there is none", lambda c: c.revert(77)),
    ("expected the id of a snapshot, got 'x': there is none", lambda c: c.drop_snapshot("x")),
    ("stake: -1 does not fit u64", lambda c: c.subnet(stake=-1)),
    ('expected the owner as a Keypair, or as a secret URI such as "//Bob", got 5', lambda c: c.subnet(owner=5)),
    ("HotKeyAlreadyRegisteredInSubNet", lambda c: c.subnet(validators=["//Bob"], miners=["//Bob"])),
    ("netuid: 65536 does not fit u16", lambda c: c.next_epoch(1 << 16)),
    ("expected a number of epochs (0 to 4294967295), got -1", lambda c: c.next_epoch(1, -1)),
    ("expected a time in ms (1 to 253402300799999), got 0", lambda c: c.travel()),
    ("expected a date such as 2026-01-31T12:00:00Z, got 'tomorrow'", lambda c: c.travel("tomorrow")),
    ("the next block must be later than 1735689612000 ms, got 5 ms", lambda c: c.travel(5)),
    (
        "expected a sealing mode of instant, manual, embedded, got 'hourly'",
        lambda c: c.serve(sealing="hourly").__enter__(),
    ),
]


@pytest.mark.parametrize(("words", "use"), MISUSES, ids=[words for words, _ in MISUSES])
def test_a_misuse_is_one_error_that_says_what_was_expected_and_what_came(chain: Chain, words: str, use: Use) -> None:
    head = chain.head
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # its text is looked at below
        use(chain)
    assert words in str(raised.value)
    assert type(raised.value).__module__.startswith("pysubtensor."), "an error of ours, not one from inside"
    assert chain.head == head


def test_a_block_that_is_not_there_is_unknown(chain: Chain) -> None:
    for at in (5, "0x" + "12" * 32, bytes(32)):
        with pytest.raises(UnknownBlock, match="expected a block that is kept, got"):
            chain.query("System.Number", at=at)
    assert (chain.block(5), chain.header(5), chain.hash_at(5)) == (None, None, None)


def test_a_block_is_named_by_its_hash_or_its_number(chain: Chain) -> None:
    block_hash = chain.hash_at(1)
    assert block_hash is not None
    for at in (1, np.uint32(1), block_hash, "0x" + block_hash.hex()):
        assert chain.query("System.Number", at=at) == 1
        header = chain.header(at)
        assert header is not None
        assert header.hash == block_hash


def test_numpys_integers_are_integers(chain: Chain) -> None:
    with chain.anchor():
        assert chain.produce(np.uint8(2)).number == chain.head.number
        assert chain.run_to(np.int64(9)).number == 9


def test_accounts_of_a_chain_are_named_as_everywhere() -> None:
    zoe = Keypair.from_uri("//Zoe")
    balances = {"//Zoe": 10**9, zoe.account[::-1]: np.uint64(600)}
    with Chain.dev(balances=balances, sudo_key="//Zoe", tempo=np.uint16(7)) as chain:
        assert chain.query("System.Account", zoe.address).data.free == 10**9
        assert chain.query("Sudo.Key") == zoe.account


USES: dict[str, Use] = {
    "__enter__": lambda c: c.__enter__(),
    "append_block": lambda c: c.append_block(c.build_block()),
    "anchor": lambda c: c.anchor().__enter__(),
    "as_account": lambda c: c.as_account("//Bob"),
    "ask": lambda c: c.ask("Core.version"),
    "at": lambda c: c.at(0),
    "authorities": lambda c: c.authorities(),
    "block": lambda c: c.block(c.head.hash),
    "become": lambda c: c.become(c),
    "build_block": lambda c: c.build_block(),
    "call_api": lambda c: c.call_api("Core_version"),
    "context": lambda c: c.context(),
    "drop_snapshot": lambda c: c.drop_snapshot(1),
    "dry_run": lambda c: c.dry_run(remark(c), "//Alice"),
    "dump": lambda c: c.dump("/nowhere"),
    "editable": lambda c: c.editable("System.Account", "//Bob").__enter__(),
    "encrypt": lambda c: c.encrypt(b"message", 1),
    "execute": lambda c: c.execute("System.remark", "//Alice", remark=b""),
    "fund": lambda c: c.fund("//Bob", 1),
    "hash_at": lambda c: c.hash_at(0),
    "head_state": lambda c: c.head_state(),
    "header": lambda c: c.header(0),
    "discard_block": lambda c: c.discard_block(c.build_block()),
    "execute_block": lambda c: c.execute_block(c.head_header, [], None, True),
    "import_block": lambda c: c.import_block(c.head_header, []),
    "metagraph": lambda c: c.metagraph(0),
    "mutate": lambda c: c.mutate("System.Number", by=id),
    "next_epoch": lambda c: c.next_epoch(1),
    "nonce": lambda c: c.nonce("//Alice"),
    "pending_context": lambda c: c.pending_context(),
    "produce": lambda c: c.produce(0),
    "produce_block": lambda c: c.produce_block(),
    "query": lambda c: c.query("System.Number"),
    "revert": lambda c: c.revert(1),
    "rollback_to": lambda c: c.rollback_to(0),
    "run_to": lambda c: c.run_to(5),
    "serve": lambda c: c.serve().__enter__(),
    "set_balance": lambda c: c.set_balance("//Bob", 1),
    "set_hyperparameters": lambda c: c.set_hyperparameters(1, tempo=5),
    "set_stake": lambda c: c.set_stake(0, "//Bob//hot", "//Bob", 5),
    "set_storage": lambda c: c.set_storage("System.Number", value=5),
    "sign": lambda c: c.sign(remark(c), "//Alice", nonce=0),
    "snapshot": lambda c: c.snapshot(),
    "snapshots": lambda c: c.snapshots(),
    "submit": lambda c: c.submit(b"\0"),
    "submit_pulse": lambda c: c.submit_pulse(1, b""),
    "subnet": lambda c: c.subnet(),
    "trace": lambda c: c.trace(0),
    "travel": lambda c: c.travel(ms=5),
    "waive": lambda c: c.waive("rate limits"),
}
#: Methods that a closed chain still has: closing again, making calls and other chains, and reading its configuration.
STILL = {"attached", "call", "close", "dev", "finalized", "fork", "head_ms", "is_open", "load", "require_open"}


def test_every_method_is_looked_at() -> None:
    public = {name for name in dir(Chain) if not name.startswith("_")} | {"__enter__"}
    assert set(USES) | STILL == public


@pytest.mark.parametrize("name", USES)
def test_a_closed_chain_refuses_all_work(name: str) -> None:
    with Chain.dev() as chain:
        pass
    with pytest.raises(ChainError, match="expected an open chain, this one is closed"):
        USES[name](chain)
    assert chain.head.number == 0
    chain.close()
