"""Pools full of transactions that take an author's time: remarks, and shielded wrappers that have to be opened."""

from __future__ import annotations

import aiohttp
from pysubtensor.runtime.client.encryption import encrypt
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.era import IMMORTAL, Era
from pysubtensor.runtime.pallets.mev_shield import NextKey, submit_encrypted
from pysubtensor.runtime.pallets.system import remark

from .attack import Attack, Target, ask, connected, include, receive, request

REMARK_BYTES = 1_000


async def many_remarks(target: Target, count: int) -> str:
    """Fill the pool with remarks of one account, and wait until blocks have taken all of them."""
    async with connected(target) as socket:
        return await submit(socket, [remark.call(bytes(REMARK_BYTES))] * count, 0, IMMORTAL)


async def many_wrappers(target: Target, count: int) -> str:
    """Fill the pool with shielded transactions for one author, who has to open each of them."""
    for _ in range(3):  # blocks, of which the last announces a key
        async with connected(target) as socket:
            await include(socket, remark.call(b"a block"))
    async with connected(target) as socket:
        stored = (await ask(socket, "state_getStorage", "0x" + NextKey.prefix.hex()))["result"]
        key = NextKey.codec.decode(bytes.fromhex(stored[2:]))
        ciphertext = encrypt(key, b"\4\0", bytes(32), bytes(24)).ciphertext()
        head = int((await ask(socket, "chain_getHeader"))["result"]["number"], 16)
        return await submit(socket, [submit_encrypted.call(ciphertext)] * count, head, Era.mortal(8, head))


async def submit(socket: aiohttp.ClientWebSocketResponse, calls: list[Call], born: int, era: Era) -> str:
    """Submit calls of //Alice that are valid from block `born` on; return how many blocks it took to empty the pool."""
    alice = Keypair.from_uri("//Alice")
    genesis, birth = [bytes.fromhex((await ask(socket, "chain_getBlockHash", at))["result"][2:]) for at in (0, born)]
    nonce, signer = (await ask(socket, "system_accountNextIndex", alice.address))["result"], Signer(genesis)
    for at, call in enumerate(calls):  # without waiting for answers: the key of wrappers is soon out of date
        raw = signer.sign(call, alice, nonce=nonce + at, era=era, era_hash=birth)
        await socket.send_bytes(request("author_submitExtrinsic", "0x" + raw.hex()))
    answers = [await receive(socket) for _ in calls]
    while (await ask(socket, "author_pendingExtrinsics"))["result"]:
        pass
    taken = sum("result" in answer for answer in answers)
    included = (await ask(socket, "system_accountNextIndex", alice.address))["result"] - nonce
    assert taken, f"expected transactions in the pool, got {answers[0]}"
    return f"{taken:,} of {len(calls):,} taken, {included:,} included"


ATTACKS = [
    Attack("a pool full of remarks", many_remarks, small=40, full=4_000),
    Attack("a pool full of shielded wrappers", many_wrappers, small=10, full=2_000),
]
