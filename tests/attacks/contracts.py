"""Hostile contracts: loops, memory, nested frames, and precompiles that take long or call back into the EVM."""

from __future__ import annotations

from typing import Any

import aiohttp
from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.evm import calls
from pysubtensor.runtime.pallets.evm.addresses import truncated
from pysubtensor.runtime.pallets.evm.precompiles.handle import address_of

from tests.chain.rpc.ethereum import Wallet, deploying
from tests.random_programs.inputs import G1, G2, MINUS_G1
from tests.runtime.pallets.evm.precompiles.frame import CALL, forwarder
from tests.world import TAO

from .attack import Attack, Target, ask, connected, include

FORWARDER = forwarder(CALL)
#: Contracts that use all gas that they get. They are called with the input of `INPUTS`, without one by default.
CODES = {
    "a loop": "5b600056",
    "memory that grows": "5b598052600056",
    "memory far away": "5f627fffff525b600056",
    "frames within frames": "5f5f5f5f5f305af1fe",
    "memory in each frame": "5f61ffff525f5f5f5f5f305af1fe",
    "hashes of a megabyte": "5b620fffff5f2050600056",
    "new contracts": "5b5f5f5ff050600056",
    "new slots": "5b5a8055600056",
    "logs": "5b61ffff5fa0600056",
    "a call of the dispatch precompile into the EVM": FORWARDER.hex(),
    "pairings": FORWARDER.hex(),
    "exponents": FORWARDER.hex(),
}
#: Those that only take long; they succeed where there is the time.
LONG = {"pairings", "exponents"}


def inputs(contract: bytes, gas: int) -> dict[str, bytes]:
    """Return what contracts are called with: the one with this address, and as many pairs as its gas is for."""
    own = truncated(evm_account(contract))
    inner = calls.call.call(own, contract, b"", 0, 1_000_000, 40 * 10**9, None, None, [], [])
    number = b"\xff" * 1_024
    lengths = len(number).to_bytes(32, "big") * 3
    return {
        "a call of the dispatch precompile into the EVM": address_of(6).rjust(32, b"\0") + inner.encode(),
        "pairings": address_of(8).rjust(32, b"\0") + (G1 + G2 + MINUS_G1 + G2) * (gas // 80_000),
        "exponents": address_of(5).rjust(32, b"\0") + lengths + number * 3,
    }


async def hostile_contracts(target: Target, gas: int) -> str:
    """Call each contract by a transaction and by `eth_call`, with this gas; then an honest transaction is included."""
    wallet = Wallet(77)
    async with connected(target) as socket:
        await include(socket, transfer_keep_alive.call(Id(evm_account(wallet.address)), 100_000 * TAO))
        failed = dropped = 0
        for name, code in CODES.items():
            contract = await deploy(socket, wallet, bytes.fromhex(code))
            data = inputs(contract, gas).get(name, b"")
            request = {"to": "0x" + contract.hex(), "data": "0x" + data.hex(), "gas": hex(gas)}
            answer = await ask(socket, "eth_call", request)
            assert "error" in answer or name in LONG, f"expected that {name} ends in an error, got {str(answer)[:100]}"
            receipt = await settled(socket, wallet, contract, data, max(gas, 21_000 + 16 * len(data)))
            expected = ("0x0", "0x1") if name in LONG else ("0x0",)
            assert receipt is None or receipt["status"] in expected, f"expected that {name} fails, got {receipt}"
            failed, dropped = failed + (receipt is not None), dropped + (receipt is None)
        honest = await settled(socket, wallet, b"\xb0" * 20, b"", 21_000)
        assert honest is not None, "expected that an honest transaction is included"
        assert honest["status"] == "0x1", honest
    return f"{failed} ended in a block, {dropped} took longer than an author has"


async def deploy(socket: aiohttp.ClientWebSocketResponse, wallet: Wallet, code: bytes) -> bytes:
    """Deploy a contract and return its address."""
    receipt = await settled(socket, wallet, b"", deploying(code), 300_000)
    assert receipt is not None, "expected that a contract is deployed"
    return bytes.fromhex(receipt["contractAddress"][2:])


async def settled(
    socket: aiohttp.ClientWebSocketResponse, wallet: Wallet, to: bytes, data: bytes, gas: int
) -> dict[str, Any] | None:
    """Send a transaction; return its receipt once it is in a block, None when the author has dropped it."""
    nonce = int((await ask(socket, "eth_getTransactionCount", wallet.hex, "latest"))["result"], 16)
    sent = await ask(socket, "eth_sendRawTransaction", wallet.legacy(to, 0, data, gas=gas, nonce=nonce))
    assert "result" in sent, sent
    while True:
        receipt: dict[str, Any] | None = (await ask(socket, "eth_getTransactionReceipt", sent["result"]))["result"]
        if receipt is not None:
            return receipt
        if not (await ask(socket, "author_pendingExtrinsics"))["result"]:
            answer = await ask(socket, "eth_getTransactionReceipt", sent["result"])
            last: dict[str, Any] | None = answer["result"]
            return last


#: At full size nearly all the gas that a transaction can have: 64,997,296.
ATTACKS = [Attack("hostile contracts", hostile_contracts, small=60_000, full=64_000_000)]
