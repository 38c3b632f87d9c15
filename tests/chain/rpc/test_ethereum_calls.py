"""`eth_call` and `eth_estimateGas`: outputs, reasons, overrides, limits of gas and time."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from pysubtensor.chain.cheats.accounts import fund
from pysubtensor.chain.cheats.editing import editing
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.rpc.methods.ethereum import execute
from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.pallets.evm.declared import DisableWhitelistCheck

from .conftest import Client
from .ethereum import ANSWER, GWEI, LOOP, REVERTER, TAO, Wallet, deploying

CONTRACT = "0x" + "c0" * 20
BOB = "0x" + "b0" * 20
WORD_42 = "0x" + (42).to_bytes(32, "big").hex()
#: `Error(string)` with "no way", as Solidity encodes it.
NO_WAY = "0x08c379a0" + (32).to_bytes(32, "big").hex() + (6).to_bytes(32, "big").hex() + b"no way".hex() + "00" * 26


def with_code(code: bytes) -> tuple[Any, ...]:
    """Return the rest of the parameters of a call: a block, and code for the contract."""
    return "latest", {CONTRACT: {"code": "0x" + code.hex()}}


def let_all_create(chain: Chain) -> None:
    """Let all addresses create contracts, also where they ask first."""
    with editing(chain) as ctx:
        DisableWhitelistCheck.put(ctx, True)


def test_a_call_returns_its_output(client: Client) -> None:
    assert client.ask("eth_call", {"to": CONTRACT}, *with_code(ANSWER)) == WORD_42
    assert client.ask("eth_call", {"to": CONTRACT}) == "0x"
    assert client.ask("eth_call", {"to": CONTRACT}, None, None) == "0x"


def test_a_call_changes_nothing(client: Client) -> None:
    before = client.chain.state.changes()
    stores = bytes.fromhex("602a60015500")
    client.ask("eth_call", {"to": CONTRACT}, *with_code(stores))
    assert client.ask("eth_getCode", CONTRACT, "latest") == "0x"
    assert client.ask("eth_getStorageAt", CONTRACT, "0x1", "latest") == "0x" + "00" * 32
    assert client.chain.state.changes() == before


def test_overrides_of_storage_replace_all_of_it_or_some_slots(client: Client) -> None:
    loads = bytes.fromhex("60015460005260206000f3")  # returns slot 1
    slots = {"0x" + (1).to_bytes(32, "big").hex(): WORD_42}
    for name in ("state", "stateDiff"):
        override = {CONTRACT: {"code": "0x" + loads.hex(), name: slots}}
        assert client.ask("eth_call", {"to": CONTRACT}, "latest", override) == WORD_42
    nothing = {CONTRACT: {"code": "0x" + loads.hex(), "state": {}}}
    assert client.ask("eth_call", {"to": CONTRACT}, "latest", nothing) == "0x" + "00" * 32


def test_overrides_of_balance_and_nonce_have_no_effect_as_on_the_genuine_node(client: Client) -> None:
    balance = bytes.fromhex("3160005260206000f3")
    code = bytes.fromhex("73") + bytes.fromhex(BOB[2:]) + balance
    override = {CONTRACT: {"code": "0x" + code.hex()}, BOB: {"balance": hex(TAO), "nonce": "0x7"}}
    assert client.ask("eth_call", {"to": CONTRACT}, "latest", override) == "0x" + "00" * 32


def test_a_revert_has_its_text_and_its_data(client: Client) -> None:
    code, message, data = client.fail("eth_call", {"to": CONTRACT}, *with_code(REVERTER))
    assert (code, message) == (-32603, "VM Exception while processing transaction: revert no way")
    assert data == NO_WAY
    bare = bytes.fromhex("60006000fd")
    assert client.fail("eth_call", {"to": CONTRACT}, *with_code(bare)) == (
        -32603,
        "VM Exception while processing transaction: revert",
        "0x",
    )


def test_long_revert_data_is_whole(client: Client) -> None:
    code = bytes.fromhex("6120006000fd")
    _, _, data = client.fail("eth_call", {"to": CONTRACT}, *with_code(code))
    assert data == "0x" + "00" * 0x2000


@pytest.mark.parametrize(
    ("code", "message", "data"),
    [
        ("fe", "evm error: InvalidCode(Opcode(254))", "0x"),
        ("0c", "evm error: InvalidCode(Opcode(12))", "0x"),
        ("01", "evm error: StackUnderflow", "0x"),
        ("600056", "evm error: InvalidJump", "0x"),
    ],
)
def test_errors_have_the_names_of_the_genuine_machine(client: Client, code: str, message: str, data: str) -> None:
    assert client.fail("eth_call", {"to": CONTRACT}, *with_code(bytes.fromhex(code))) == (-32603, message, data)


def test_too_little_gas_and_too_much(client: Client) -> None:
    assert client.fail("eth_call", {"to": CONTRACT, "gas": "0x7530"}, *with_code(LOOP))[1] == "out of gas"
    too_high = "provided gas limit is too high (can be up to 10x the block gas limit)"
    assert client.fail("eth_call", {"to": CONTRACT, "gas": hex(750_000_001)})[1] == too_high
    assert client.fail("eth_estimateGas", {"data": "0x00", "gas": hex(750_000_001)})[1] == too_high


def test_a_call_ends_when_its_time_is_over(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "TIME_LIMIT_S", 0.05)
    why = client.fail("eth_call", {"to": CONTRACT}, *with_code(LOOP))[1]
    assert why == "execution aborted (timeout = 0.05s)"


def test_blocks_and_others_go_on_while_a_call_runs(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "TIME_LIMIT_S", 0.2)

    def request(method: str, *params: Any) -> str:
        return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})

    async def play() -> tuple[int, list[Any]]:
        long = [
            asyncio.ensure_future(
                client.dispatcher.answer(request("eth_call", {"to": CONTRACT}, *with_code(LOOP)), client)
            )
            for _ in range(3)
        ]
        answered = 0
        while not any(each.done() for each in long):
            client.chain.produce()
            answer = await client.dispatcher.answer(request("eth_getBlockByNumber", "latest", False), client)
            assert answer is not None
            assert json.loads(answer)["result"]["number"] == hex(client.chain.head.number)
            answered += 1
        return answered, [json.loads(await each or b"") for each in long]

    answered, ended = asyncio.run(play())
    assert answered >= 3
    assert {each["error"]["message"] for each in ended} == {"execution aborted (timeout = 0.2s)"}


def test_blocks_are_pending_past_or_unknown(client: Client) -> None:
    for block in ("pending", "latest", "0x1", {"blockHash": "0x" + "ab" * 32}):
        assert client.ask("eth_call", {"to": CONTRACT}, block) == "0x"
    assert client.fail("eth_call", {"to": CONTRACT}, "0x99") == (-32000, "header not found", None)
    assert client.fail("eth_estimateGas", {"to": CONTRACT, "data": "0x00"}, "0x99")[0] == -32000
    number = bytes.fromhex("4360005260206000f3")
    override = {CONTRACT: {"code": "0x" + number.hex()}}
    found = [client.ask("eth_call", {"to": CONTRACT}, block, override) for block in ("0x1", "latest", "pending")]
    assert [int(each, 16) for each in found] == [1, 2, 3]


def test_prices_that_exclude_each_other(client: Client) -> None:
    all_three = {"gasPrice": "0x1", "maxFeePerGas": "0x1", "maxPriorityFeePerGas": "0x1", "to": CONTRACT}
    why = "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified"
    assert client.fail("eth_call", all_three)[1] == why
    tip = {"maxFeePerGas": "0x1", "maxPriorityFeePerGas": "0x2", "to": CONTRACT}
    assert "`max_priority_fee_per_gas` greater" in client.fail("eth_call", tip)[1]


def test_estimates(client: Client) -> None:
    wallet = Wallet()
    fund(client.chain, evm_account(wallet.address), 10 * 10**9)
    let_all_create(client.chain)
    client.chain.produce()
    assert client.ask("eth_estimateGas", {"from": wallet.hex, "to": BOB, "value": hex(TAO)}) == hex(21_000)
    creation = {"from": wallet.hex, "data": "0x" + deploying(ANSWER).hex()}
    estimated = int(client.ask("eth_estimateGas", creation), 16)
    raw = wallet.typed(data=deploying(ANSWER), gas=estimated)
    transaction_hash = client.ask("eth_sendRawTransaction", raw)
    client.chain.produce()
    receipt = client.ask("eth_getTransactionReceipt", transaction_hash)
    used = int(receipt["gasUsed"], 16)
    assert receipt["status"] == "0x1"
    assert used <= estimated <= used * 11 // 10
    assert client.ask("eth_call", {**creation, "data": "0x" + deploying(ANSWER).hex()}) == "0x" + ANSWER.hex()


def test_estimates_of_what_cannot_succeed(client: Client) -> None:
    wallet = Wallet()
    fund(client.chain, evm_account(wallet.address), 10**9)
    let_all_create(client.chain)
    client.chain.produce()
    reverting = {"from": wallet.hex, "data": "0x" + bytes.fromhex("60006000fd").hex()}
    assert client.fail("eth_estimateGas", reverting)[1:] == ("VM Exception while processing transaction: revert", "0x")
    looping = {"data": "0x" + LOOP.hex(), "gas": hex(60_000)}
    assert client.fail("eth_estimateGas", looping)[1] == "gas required exceeds allowance 60000"
    rich = {"from": wallet.hex, "to": BOB, "data": "0x00", "value": hex(2 * TAO), "gasPrice": hex(20 * GWEI)}
    assert client.fail("eth_estimateGas", rich)[1] == "insufficient funds for transfer"


def test_creations_need_an_address_on_the_list(client: Client) -> None:
    why = "execution fatal: Module(ModuleError { index: 22, error: [13, 0, 0, 0], message: None })"
    assert client.fail("eth_estimateGas", {"data": "0x" + deploying(ANSWER).hex()})[1] == why


def test_a_chain_that_waits_for_its_edits_answers_with_them(chain: Chain) -> None:
    client = Client(chain)
    fund(chain, evm_account(bytes.fromhex(BOB[2:])), 5 * 10**9)
    assert client.ask("eth_getBalance", BOB) == hex(5 * TAO - 500 * GWEI)
