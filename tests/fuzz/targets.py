"""The targets of fuzzing with coverage: each takes any bytes, and raises only when the chain is wrong.

extrinsics   0, then an extrinsic, which is submitted; or 1, then a call, which //Alice signs and a block executes
requests     the text of a JSON-RPC request or of a batch, from a client that subscribes
blocks       flags, then a header and a list of extrinsics, which are imported as a block
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from pysubtensor.chain.authoring import BlockBuilder
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.chain.rpc.dispatch import Dispatcher
from pysubtensor.chain.rpc.node import Node
from pysubtensor.chain.rpc.subscriptions import Hub, Subscription
from pysubtensor.chain.rpc.table import methods_of
from pysubtensor.chain.verification import BlockRejected
from pysubtensor.runtime import invariants
from pysubtensor.runtime.executive import apply_extrinsic
from pysubtensor.runtime.frame.block_validity import Panic
from pysubtensor.runtime.frame.call import RUNTIME_CALL
from pysubtensor.runtime.frame.digest import Digest, Seal, aura_pre_runtime, pre_runtime_items
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.frame.validity import Refused
from pysubtensor.runtime.inherents import create_inherents, inherent_data
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.sudo import Sudid
from pysubtensor.runtime.scale import Reader, ScaleError, codec_of

from tests.simulation.random_calls import Dice
from tests.world import ACCOUNTS, ALICE, ALICE_KEY

CORPUS = Path(__file__).resolve().parent / "corpus"
Target = Callable[[bytes], None]

_BODY = codec_of(list[bytes])
#: Flags of a block: give it the right parent, the right roots, a seal of //Alice.
PARENT, ROOTS, SEALED = 1, 2, 4


class Alarm(logging.Handler):
    """Raises the exceptions that the node catches and logs, so that it goes on: here they are findings."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            raise record.exc_info[1]


@contextmanager
def alarmed_chain() -> Iterator[Chain]:
    """Yield a chain in which an unexpected error is raised to the fuzzer."""
    log, alarm = logging.getLogger("pysubtensor"), Alarm()
    log.addHandler(alarm)
    with Chain.dev() as chain:
        refused = chain.pool.refused

        def report(extrinsic: object, error: Exception) -> None:
            if not isinstance(error, Refused):
                raise error
            refused(extrinsic, error)  # type: ignore[arg-type]

        chain.pool.refused = report  # type: ignore[method-assign, assignment]
        yield chain
    log.removeHandler(alarm)


@contextmanager
def extrinsics() -> Iterator[Target]:
    with alarmed_chain() as chain:
        yield partial(play_extrinsic, chain)


def play_extrinsic(chain: Chain, data: bytes) -> None:
    with chain.anchor():
        try:
            raw = data[1:] if not data or data[0] % 2 == 0 else signed(chain, data[1:])
            chain.submit(raw)
        except (Rejected, ScaleError):
            return
        events = chain.produce_block().events
        if not any(isinstance(record.event, Sudid) for record in events):  # root may set storage to anything
            invariants.check(chain.context())


def signed(chain: Chain, encoded: bytes) -> bytes:
    """Return a transaction of //Alice with an encoded call; ScaleError if there is none."""
    reader = Reader(encoded, scope=chain.runtime)
    return chain.sign(RUNTIME_CALL.read(reader), ALICE_KEY)


class Listener:
    """A client that takes all notifications."""

    def __init__(self) -> None:
        self.subscriptions: dict[str, Subscription] = {}

    def add_subscription(self, subscription: Subscription) -> None:
        self.subscriptions[subscription.id] = subscription
        subscription.start()

    def push(self, message: bytes) -> None:
        json.loads(message)

    def when_quiet(self, action: Callable[[], None]) -> None:
        action()


@contextmanager
def requests() -> Iterator[Target]:
    with alarmed_chain() as chain, asyncio.Runner() as runner:
        chain.produce(2)
        node = Node(chain, Hub(chain), LocalEngine(chain, Sealing.MANUAL))
        dispatcher, names = Dispatcher(node), sorted(methods_of(node))

        def run(data: bytes) -> None:
            if data[:1] == b"\0" and len(data) > 1:
                data = request(names[data[1] % len(names)], values(Reader(data[2:]), chain))
            with chain.anchor():
                runner.run(play_request(dispatcher, data))

        yield run


async def play_request(dispatcher: Dispatcher, data: bytes) -> None:
    client = Listener()
    answer = await dispatcher.answer(data, client)
    for subscription in client.subscriptions.values():
        subscription.close()
    if answer is not None and not isinstance(json.loads(answer), dict | list):
        raise AssertionError(f"expected an object or a list, got {answer!r}")


def request(method: str, params: list[Any]) -> bytes:
    """Return the text of a request."""
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


def values(reader: Reader, chain: Chain) -> list[Any]:
    """Return the parameters that the bytes encode: a kind each, then its content; what is cut off is left out."""
    found: list[Any] = []
    apis = list(chain.runtime.api_methods)
    with suppress(ScaleError):
        while reader.at < reader.end:
            match reader.byte() % 8:
                case 0:
                    found.append([None, True, False, {}, "", 1.5, -1, 1 << 70][reader.byte() % 8])
                case 1:
                    found.append(int.from_bytes(reader.take(4), "little"))
                case 2:
                    found.append("0x" + reader.take(reader.byte()).hex())
                case 3:
                    found.append(reader.take(reader.byte()).decode("latin-1"))
                case 4:
                    found = [found]
                case 5:
                    found.append("0x" + (chain.hash_at(reader.byte() % 3) or b"").hex())
                case 6:
                    found.append("0x" + system.Account.key_of([ALICE])[: reader.byte()].hex())
                case _:
                    found.append(apis[reader.byte() % len(apis)])
    return found


@contextmanager
def blocks() -> Iterator[Target]:
    with alarmed_chain() as chain:
        chain.produce()
        yield partial(play_block, chain)


def play_block(chain: Chain, data: bytes) -> None:
    try:
        header, body = read_block(chain, data)
        chain.import_block(header, body)
    except (ScaleError, Panic, Refused):
        return
    except BlockRejected:
        if chain.head.number != 1 or chain.state.changes():
            raise AssertionError("expected a refused block to change nothing") from None
    else:
        chain.produce()
        chain.rollback_to(1)


def read_block(chain: Chain, data: bytes) -> tuple[Header, list[bytes]]:
    """Return the block that the bytes encode, with what its flags ask for."""
    reader = Reader(data)
    flags, header, body = reader.byte(), Header.scale.read(reader), _BODY.read(reader)
    if flags & PARENT:
        header = replace(header, number=chain.head.number + 1, parent_hash=chain.head.hash)
    if flags & ROOTS:
        header = executed(chain, header, body)
    if flags & SEALED:
        seal = Seal(b"aura", ALICE_KEY.sign(header.hash))
        header = replace(header, digest=Digest([*header.digest.logs, seal]))
    return header, body


def executed(chain: Chain, header: Header, body: list[bytes]) -> Header:
    """Return the header that results from executing the extrinsics on the head; raises what the runtime raises."""
    head = chain.head
    builder = BlockBuilder(chain.runtime, chain.state, chain.history.trie, chain.slot_ms, head.number, head.hash)
    try:
        ctx = builder.begin(pre_runtime_items(header.digest.logs))
        for raw in body:
            apply_extrinsic(ctx, chain.runtime.decode(raw))
        return builder.end(ctx).header
    finally:
        chain.state.discard()
        chain.history.trie.discard()


TARGETS: dict[str, Callable[[], AbstractContextManager[Target]]] = {
    "extrinsics": extrinsics,
    "requests": requests,
    "blocks": blocks,
}

# --- inputs to begin with ----------------------------------------------------------------------------------------


def corpus_file(name: str) -> Path:
    """Return the file with the corpus of a target: a line of hexadecimal digits for each input."""
    return CORPUS / f"{name}.txt"


def corpus(name: str) -> list[bytes]:
    """Return the inputs in the corpus of a target."""
    file = corpus_file(name)
    return [bytes.fromhex(line) for line in file.read_text().splitlines()] if file.exists() else []


def seeds(name: str) -> Iterator[bytes]:
    """Yield valid inputs of a target: without them a fuzzer would have to guess formats."""
    with Chain.dev() as chain:
        yield from {"extrinsics": _some_extrinsics, "requests": _some_requests, "blocks": _some_blocks}[name](chain)


def _some_extrinsics(chain: Chain) -> Iterator[bytes]:
    dice = Dice(1, list(ACCOUNTS))
    for _ in range(150):
        call = dice.call()
        yield b"\1" + call.encode()
    for _ in range(20):
        with suppress(Rejected, ScaleError):
            yield b"\0" + chain.sign(dice.call(), ALICE_KEY)
    yield b"\0" + ExtrinsicCodec.bare(chain.call("Balances.transfer_all", dest="//Bob", keep_alive=False))


def _some_requests(chain: Chain) -> Iterator[bytes]:
    node = Node(chain, Hub(chain), LocalEngine(chain, Sealing.MANUAL))
    examples = [None, 0, 1, "0x", "0x00", "0x" + chain.head.hash.hex(), "0x" + bytes(32).hex(), ["0x26aa394eea5630"]]
    dice = Random(1)
    for name in sorted(methods_of(node)):
        for count in range(3):
            params = [dice.choice(examples) for _ in range(count)]
            yield request(name, params)
    for number in range(len(methods_of(node))):
        for kinds in (
            (),
            (1, 1, 0, 0, 0),
            (5, 1),
            (6, 48),
            (6, 32, 5, 1),
            (6, 32, 4, 5, 1),
            (7, number, 2, 1, 0, 5, 2),
        ):
            yield bytes([0, number, *kinds])


def _some_blocks(chain: Chain) -> Iterator[bytes]:
    chain.produce()
    now = (chain.query("Timestamp.Now") // chain.slot_ms + 1) * chain.slot_ms
    dice = Dice(2, list(ACCOUNTS))
    digest = Digest([aura_pre_runtime(now // chain.slot_ms)])
    for flags in (0, PARENT, PARENT | SEALED, PARENT | ROOTS, PARENT | ROOTS | SEALED):
        for count in range(3):
            body = [inherent.raw for inherent in create_inherents(chain.context(), inherent_data(now))]
            body += [chain.sign(dice.call(), ALICE_KEY, nonce=nonce) for nonce in range(count)]
            header = Header(chain.head.hash, 2, bytes(32), bytes(32), digest)
            yield bytes([flags]) + header.encode() + _BODY.encode(body)
