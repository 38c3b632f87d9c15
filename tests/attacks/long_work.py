"""Requests that take long to read, to decode or to answer: each must leave time for blocks and for other clients."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import orjson
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.era import IMMORTAL
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Sr25519, signing_payload
from pysubtensor.runtime.pallets.subtensor.weights.set_weights import batch_set_weights
from pysubtensor.runtime.pallets.system import remark, set_storage
from pysubtensor.runtime.pallets.utility import batch
from pysubtensor.runtime.scale import encode_compact

from .attack import Attack, Target, ask, connected, outcome, post, request

ALICE, STRANGER = Keypair.from_uri("//Alice"), Keypair.from_uri("//Stranger")
EMPTY_REMARK = remark.call(b"").encode()
#: An era without end, nonce 0, no tip, no metadata hash.
EXTRA = bytes(4)

Attacker = Callable[[Target, int], Awaitable[str]]


def remarks(count: int) -> bytes:
    """Return an encoded batch of this number of empty remarks."""
    return batch.prefix + encode_compact(count) + EMPTY_REMARK * count


def pairs(count: int) -> bytes:
    """Return an encoded `System.set_storage` of this number of pairs."""
    return set_storage.prefix + encode_compact(count) + b"\4x\0" * count


def weights(count: int) -> bytes:
    """Return an encoded `batch_set_weights` for subnet 1, this number of times; one list is shorter than the others."""
    many = encode_compact(count)
    return (
        batch_set_weights.prefix
        + many
        + b"\4" * count
        + many
        + b"\0" * count
        + encode_compact(count - 1)
        + b"\0" * (count - 1)
    )


def forged(call: bytes) -> bytes:
    """Return a transaction whose signature is wrong."""
    return ExtrinsicCodec.signed(ALICE.account, Sr25519(bytes(64)), EXTRA, call)


def asking(expected: str, *params_of: object) -> Attacker:
    """Return an attack by one request, `method` and functions from the size to parameters; the answer is `expected`."""
    method, *rest = params_of

    async def attack(target: Target, size: int) -> str:
        async with connected(target) as socket:
            params = [part(size) if callable(part) else part for part in rest]
            said = outcome(await ask(socket, str(method), *params))
        assert said.startswith(expected), f"expected {expected}, got {said}"
        return said

    return attack


def signed(call_of: Callable[[int], bytes]) -> Attacker:
    """Return an attack by a transaction with a valid signature of a stranger, who owns nothing."""

    async def attack(target: Target, size: int) -> str:
        async with connected(target) as socket:
            genesis = bytes.fromhex((await ask(socket, "chain_getBlockHash", 0))["result"][2:])
            raw = sign_bytes(genesis, call_of(size))
            said = outcome(await ask(socket, "author_submitExtrinsic", "0x" + raw.hex()))
        assert said.startswith("error 1010"), f"expected an invalid transaction, got {said}"
        return said

    return attack


def sign_bytes(genesis: bytes, call: bytes) -> bytes:
    """Return a transaction of an encoded call, which `Signer.sign` would have to decode."""
    signer = Signer(genesis)
    explicit = signer.explicit(0, 0, IMMORTAL)
    signature = STRANGER.sign(signing_payload(call, explicit, signer.implicit(genesis)))
    return ExtrinsicCodec.signed(STRANGER.account, Sr25519(signature), explicit, call)


async def proofs_of_the_past(target: Target, count: int) -> str:
    """Ask for proofs against the oldest block that there is, many in one batch."""
    async with connected(target) as socket:
        oldest = (await ask(socket, "chain_getBlockHash", 0))["result"]
    answer = await post(target, b"[%b]" % b",".join([request("state_getReadProof", ["0x01"], oldest)] * count))
    assert isinstance(answer, list), outcome(answer)
    assert all("result" in each for each in answer)
    return outcome(answer)


async def reads_of_absent_keys(target: Target, length: int) -> str:
    """Read 120 keys of half this length in bytes that do not exist."""
    async with connected(target) as socket:
        for number in range(120):
            answer = await ask(socket, "state_getStorage", f"0x{number:02x}" + "00" * (length // 2))
            assert answer["result"] is None
    return "120 nulls"


def raw_text(text_of: Callable[[int], bytes], expected: str) -> Attacker:
    """Return an attack by the text of a request."""

    async def attack(target: Target, size: int) -> str:
        said = outcome(await post(target, text_of(size)))
        assert said.startswith(expected), f"expected {expected}, got {said}"
        return said

    return attack


def block_hashes(count: int) -> bytes:
    return b'{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[[1%b]]}' % (b",1" * count)


def long_id(length: int) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "id": "i" * length, "method": "no_such_method"})


def hex_of(make: Callable[[int], bytes]) -> Callable[[int], str]:
    return lambda size: "0x" + make(size).hex()


def forged_remarks(count: int) -> bytes:
    return forged(remarks(count))


def arguments_of_query_info(count: int) -> bytes:
    raw = forged_remarks(count)
    return raw + len(raw).to_bytes(4, "little")


MEBIBYTE = 1024 * 1024
#: The most empty remarks, pairs and lists of weights that 16 MiB of decoded call hold.
MOST_REMARKS, MOST_PAIRS, MOST_WEIGHTS = 55_188, 671_088, 762_600

ATTACKS = [
    Attack(
        "batch of remarks with a forged signature",
        asking("error 1010", "author_submitExtrinsic", hex_of(forged_remarks)),
        small=20_000,
        full=1_000_000,
    ),
    Attack(
        "fee of a batch of remarks",
        asking("error 1: Unable", "payment_queryInfo", hex_of(forged_remarks)),
        small=60_000,
        full=2_400_000,
    ),
    Attack(
        "fee of the largest batch of remarks",
        asking("a result", "payment_queryInfo", hex_of(forged_remarks)),
        small=5_000,
        full=MOST_REMARKS,
    ),
    Attack("signed batch of remarks", signed(remarks), small=5_000, full=MOST_REMARKS),
    Attack("signed list of pairs", signed(pairs), small=20_000, full=MOST_PAIRS),
    Attack("signed list of weights", signed(weights), small=20_000, full=MOST_WEIGHTS),
    Attack(
        "dry run of a batch",
        asking("a result", "system_dryRun", hex_of(forged_remarks)),
        small=1_000,
        full=MOST_REMARKS,
    ),
    Attack(
        "fee of a batch through state_call",
        asking("a result", "state_call", "TransactionPaymentApi_query_info", hex_of(arguments_of_query_info)),
        small=5_000,
        full=MOST_REMARKS,
    ),
    Attack("proofs of the past in a batch", proofs_of_the_past, small=5, full=50),
    Attack("hashes of millions of blocks", raw_text(block_hashes, "error -32007"), small=200_000, full=7_000_000),
    Attack("hashes of many blocks", raw_text(block_hashes, "a result"), small=5_000, full=130_000),
    Attack("reads of absent keys", reads_of_absent_keys, small=20_000, full=7 * MEBIBYTE),
    Attack(
        "text of millions of lists",
        raw_text(lambda size: b"[" + b"[]," * size + b"1]", "error -32007"),
        small=200_000,
        full=5_000_000,
    ),
    Attack(
        "text of many requests that are none",
        raw_text(lambda size: b"[" + b"{}," * size + b"{}]", "65001 answers"),
        small=65_000,
        full=65_000,
    ),
    Attack("long id", raw_text(long_id, "error"), small=100_000, full=15 * MEBIBYTE - 100),
    Attack(
        "many absent keys",
        asking("a result", "state_queryStorageAt", lambda size: [f"0x{key:032x}" for key in range(size)]),
        small=5_000,
        full=120_000,
    ),
    Attack(
        "subscription to many keys",
        asking("a result", "state_subscribeStorage", lambda size: [f"0x{key:032x}" for key in range(size)]),
        small=5_000,
        full=120_000,
    ),
    Attack("all pairs", asking("a result", "state_getPairs", lambda size: "0x"), small=1, full=1),
    Attack(
        "number of many digits",
        asking("error -32602", "chain_getBlockHash", lambda size: "0x" + "f" * size),
        small=5_000,
        full=10_000_000,
    ),
]
