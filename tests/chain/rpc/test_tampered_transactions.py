"""Tampered Ethereum transactions: refused with their error on every way in, and the chain goes on as if they were not.

The ways are `eth_sendRawTransaction`, `author_submitExtrinsic`, and the block of another author.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import rlp
from pysubtensor.chain import verification as verify
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.runtime.client.ethereum import Undecodable, decoded
from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.crypto.ecdsa import N
from pysubtensor.runtime.frame import block_validity
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Id
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.ethereum.calls import transact
from pysubtensor.runtime.pallets.evm.declared import AccountCodes

from tests.chain.test_verification import SLOT, clock, config, execute, refuses, time
from tests.world import ALICE_KEY, BOB

from .conftest import Client
from .ethereum import Wallet
from .forged import GWEI, SENDER, TO, authorization, malleated, transaction


@dataclass(frozen=True)
class Tampered:
    """A transaction that is not valid, the words of `eth_sendRawTransaction`, and the reason that the runtime has."""

    name: str
    raw: bytes
    words: str
    reason: str
    #: Transactions with a nonce beyond the next one wait in the pool; they are only invalid in a block.
    waits: bool = False


REFUSED = [
    Tampered("legacy for another chain", transaction(0, chain=43), "invalid chain id", "Custom error: 8"),
    Tampered("for another chain", transaction(2, chain=1), "invalid chain id", "Custom error: 8"),
    Tampered("for no chain", transaction(2, chain=0), "invalid chain id", "Custom error: 8"),
    Tampered("another r", transaction(2, r=1), "insufficient funds for gas * price + value", "Inability to pay"),
    Tampered("an r of no point", transaction(2, r=5), "invalid sender", "Custom error: 9"),
    Tampered("another s", transaction(0, s=7), "insufficient funds for gas * price + value", "Inability to pay"),
    Tampered("gas below its data", transaction(2, gas=20_999), "intrinsic gas too low", "Custom error: 0"),
    Tampered("gas below its lists", transaction(4, gas=45_999), "intrinsic gas too low", "Custom error: 0"),
    Tampered("no gas", transaction(1, gas=0), "intrinsic gas too low", "Custom error: 0"),
    Tampered(
        "more gas than a block", transaction(2, gas=75_000_001), "exceeds block gas limit", "exhaust the block limits"
    ),
    Tampered("all gas", transaction(0, gas=2**256 - 1), "exceeds block gas limit", "exhaust the block limits"),
    Tampered(
        "a price below the base fee", transaction(2, price=GWEI), "gas price less than block base fee", "error: 2"
    ),
    Tampered("no price", transaction(0, price=0), "gas price less than block base fee", "Custom error: 2"),
    Tampered(
        "a tip above the price",
        transaction(2, tip=41 * GWEI),
        "max priority fee per gas higher than max fee per gas",
        "Custom error: 3",
    ),
    Tampered("an endless price", transaction(2, price=2**256 - 1), "insufficient funds for gas * price + value", "pay"),
    Tampered("an endless value", transaction(2, value=2**256 - 1), "insufficient funds for gas * price + value", "pay"),
    Tampered("no authorization", transaction(4, authorizations=[]), "authorization list cannot be empty", "error: 10"),
    Tampered(
        "256 authorizations",
        transaction(4, authorizations=[authorization()] * 256, gas=7_000_000),
        "authorization list too large",
        "Custom error: 11",
    ),
    Tampered(
        "a nonce that comes later", transaction(2, nonce=1), "", "Transaction will be valid in the future", waits=True
    ),
    Tampered(
        "the last nonce", transaction(2, nonce=2**256 - 1), "", "Transaction will be valid in the future", waits=True
    ),
]


def nested(depth: int) -> bytes:
    """Return an access list of lists within lists."""
    data = b"\xc0"
    for _ in range(depth):
        data = bytes(rlp.codec.length_prefix(len(data), 0xC0)) + data
    return data


GOOD = transaction(2)
OTHER = Wallet(2)
OTHERS = bytes.fromhex(OTHER.legacy(TO, 10**12)[2:])
UNDECODABLE = {
    "a blob": b"\3" + transaction(2)[1:],
    **{f"the type {kind}": bytes((kind,)) + GOOD[1:] for kind in (0x00, 0x05, 0x64, 0x7F)},
    "the type of another transaction": b"\4" + GOOD[1:],
    "a list that is too short": b"\2" + bytes(rlp.encode(rlp.decode(GOOD[1:])[:-1])),
    "a list that is too long": b"\2" + bytes(rlp.encode([*rlp.decode(GOOD[1:]), b""])),
    "half": GOOD[: len(GOOD) // 2],
    "a byte less": GOOD[:-1],
    "an item behind it": transaction(0) + b"\0",
    "a length of 2^64": b"\2\xff" + b"\xff" * 8 + GOOD[3:],
    "a length of 4 GiB": b"\xfb\xff\xff\xff\xff",
    "a number of 33 bytes": b"\2" + bytes(rlp.encode([b"\1" * 33, *rlp.decode(GOOD[1:])[1:]])),
    "an address of 19 bytes": transaction(2, to=TO[1:]),
    "10,000 lists": b"\2" + nested(10_000),
    "no r": transaction(2, r=0),
    "no s": transaction(0, s=0),
    "r of the order": transaction(2, r=N),
    "s of the order": transaction(1, s=N),
    "a parity of 2": transaction(2, parity=2),
    **{f"a v of {v}": transaction(0, parity=v) for v in (0, 1, 26, 29, 36)},
}
ACCEPTED = {
    "for any chain (without EIP-155)": transaction(0, chain=None),
    "the higher s": malleated(2),
    "the higher s of a legacy transaction": malleated(0),
    "an authorization for another chain": transaction(4, authorizations=[authorization(43)]),
    "an authorization of a later nonce": transaction(4, authorizations=[authorization(nonce=5)]),
    "an authorization of the last nonce": transaction(4, authorizations=[authorization(nonce=2**256 - 1)]),
    "an authorization with the higher s": transaction(4, authorizations=[authorization(s=N - 1)]),
    "an authorization without r": transaction(4, authorizations=[authorization(r=0)]),
    "255 invalid authorizations": transaction(4, authorizations=[authorization(43)] * 255, gas=7_000_000),
    "a long access list": transaction(1, access=[[TO, [bytes(32)] * 1_000]] * 4, gas=8_000_000),
    "half an item behind it": transaction(0) + b"\x82\1",
}


@pytest.fixture
def chain() -> Iterator[Chain]:
    """A chain whose blocks need no seal, on which the sender and another key have funds."""
    accounts = [evm_account(SENDER), evm_account(OTHER.address), ALICE_KEY.account]
    balances = dict.fromkeys(accounts, 1_000 * 10**9)
    with Chain(config(chain_type="Development", balances=balances), clock=clock()) as made:
        yield made


def extrinsic(raw: bytes) -> bytes:
    """Return the extrinsic of a transaction."""
    return ExtrinsicCodec.bare(transact.call(decoded(raw)))


def goes_on(client: Client) -> None:
    """Check that the pool is empty, and that the next block takes a good transaction."""
    assert client.ask("author_pendingExtrinsics") == []
    nonce = client.ask("eth_getTransactionCount", "0x" + SENDER.hex(), "latest")
    sent = client.ask("eth_sendRawTransaction", "0x" + transaction(2, nonce=int(nonce, 16)).hex())
    client.chain.produce()
    assert client.ask("eth_getTransactionReceipt", sent)["status"] == "0x1"


@pytest.fixture
def client(chain: Chain) -> Client:
    """A client of a node with this chain."""
    return Client(chain)


@pytest.mark.parametrize("case", [each for each in REFUSED if not each.waits], ids=lambda case: case.name)
@pytest.mark.parametrize("way", ["eth_sendRawTransaction", "author_submitExtrinsic"])
def test_a_tampered_transaction_is_refused_by_the_pool(client: Client, case: Tampered, way: str) -> None:
    before = dict(client.chain.context().state.items(b""))
    if way == "eth_sendRawTransaction":
        assert client.fail(way, "0x" + case.raw.hex())[:2] == (-32603, case.words)
    else:
        code, message, data = client.fail(way, "0x" + extrinsic(case.raw).hex())
        assert (code, message) == (1010, "Invalid Transaction")
        assert case.reason in (data or "")
    assert dict(client.chain.context().state.items(b"")) == before
    goes_on(client)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_block_with_a_tampered_transaction_is_refused(chain: Chain, case: Tampered) -> None:
    """Also behind good ones, whose effects are undone with the block."""
    inherent, transfer = time(SLOT), chain.sign(transfer_keep_alive.call(Id(BOB), 1), ALICE_KEY, nonce=0)
    header = execute(chain, [aura_pre_runtime(SLOT)], [inherent])
    for before in ([inherent], [inherent, transfer, extrinsic(OTHERS)]):
        body = [*before, extrinsic(case.raw)]
        refusal = refuses(chain, header, body, verify.InvalidExecution, f"extrinsic {len(before)}: .*{case.reason}")
        assert isinstance(refusal.__cause__, block_validity.InapplicableExtrinsic)
    goes_on(Client(chain))


def test_later_nonces_wait_and_do_not_come_into_blocks(client: Client) -> None:
    for case in REFUSED:
        if case.waits:
            client.ask("eth_sendRawTransaction", "0x" + case.raw.hex())
    client.chain.produce()
    assert (client.chain.pool.ready_count, client.chain.pool.future_count) == (0, 2)
    assert client.ask("eth_getTransactionCount", "0x" + SENDER.hex(), "latest") == "0x0"
    client.ask("eth_sendRawTransaction", "0x" + GOOD.hex())
    client.chain.produce()
    assert client.ask("eth_getTransactionCount", "0x" + SENDER.hex(), "latest") == "0x2"


@pytest.mark.parametrize("name", UNDECODABLE)
def test_bytes_that_are_no_transaction_are_refused(client: Client, name: str) -> None:
    raw = UNDECODABLE[name]
    with pytest.raises(Undecodable):
        decoded(raw)
    assert client.fail("eth_sendRawTransaction", "0x" + raw.hex())[:2] == (-32603, "decode transaction failed")
    goes_on(client)


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_the_chain_takes_though_wallets_do_not_send_it(client: Client, name: str) -> None:
    """Signatures are malleable, and void authorizations cost gas without an effect, as on the genuine node."""
    sent = client.ask("eth_sendRawTransaction", "0x" + ACCEPTED[name].hex())
    client.chain.produce()
    assert client.ask("eth_getTransactionReceipt", sent)["status"] == "0x1"
    assert list(AccountCodes.items(client.chain.context())) == []
    assert system.Account.get(client.chain.context(), evm_account(SENDER)).nonce == 1
    goes_on(client)
