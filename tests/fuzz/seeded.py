"""Long fuzzing runs of all decoders of external bytes: `python -m tests.fuzz [NAME …] --seed N --rounds N`.

Each fuzzer mutates valid inputs; any exception but the expected errors is a failure, which names the seed and the
input. A short run of all of them is a test.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from random import Random

from pysubtensor.chain.engine.local import LocalEngine
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.chain.rpc.dispatch import Dispatcher
from pysubtensor.chain.rpc.node import Node
from pysubtensor.chain.rpc.subscriptions import Hub
from pysubtensor.chain.rpc.table import methods_of
from pysubtensor.chain.verification import BlockRejected
from pysubtensor.genesis.chain_spec import SpecError, export, parse
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.scale import ScaleError

from pysubtensor import Chain
from tests.fuzz.targets import signed
from tests.simulation.random_calls import Dice
from tests.simulation.simulate import simulate
from tests.world import ALICE, ALICE_KEY

Fuzzer = Callable[[Random, int], None]

#: Mutations of one call: making and signing it costs more than trying a mutation.
VARIANTS = 10


def mutated(data: bytes, dice: Random) -> bytes:
    """Return the bytes after a few flips, cuts, insertions, or overwritings with a huge number."""
    result = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(result))
        match dice.randrange(4):
            case 0 if at < len(result):
                result[at] ^= 1 << dice.randrange(8)
            case 1:
                del result[at : at + dice.randint(1, 8)]
            case 2:
                result[at:at] = dice.randbytes(dice.randint(1, 8))
            case _:
                result[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(result)


def extrinsics(dice: Random, rounds: int) -> None:
    """Submit extrinsics that are mutated after signing, or whose call is before; blocks take those that are valid.

    A call or extrinsic is mutated VARIANTS times.
    """
    random_calls = Dice(dice.randrange(1 << 32), [ALICE])
    with Chain.dev() as chain:
        base, sealed = b"", False
        for number in range(rounds):
            if number % VARIANTS == 0:
                call, sealed = random_calls.call(), dice.random() < 0.5
                base = chain.sign(call, ALICE_KEY) if sealed else call.encode()
            data = mutated(base, dice)
            try:
                chain.submit(data if sealed else signed(chain, data))
            except (Rejected, ScaleError):
                continue
            except Exception as error:
                raise AssertionError(f"round {number}: submitting 0x{data.hex()}: {error!r}") from error
            if number % 100 == 0:
                chain.produce()
        chain.produce(2)


def blocks(dice: Random, rounds: int) -> None:
    """Import mutated blocks; they are rejected without a trace."""
    with Chain.dev() as author, Chain.dev() as chain:
        author.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=1)
        block = author.block(author.head.hash)
        assert block is not None, "the head is kept"
        for number in range(rounds):
            header, body = block.header, list(block.body)
            if dice.random() < 0.5:
                header = mutated(header, dice)
            else:
                body[dice.randrange(len(body))] = mutated(dice.choice(body), dice)
            try:
                chain.import_block(Header.decode(header), body)
            except (BlockRejected, ScaleError):
                assert chain.head.number == 0
            except Exception as error:
                raise AssertionError(f"round {number}: header 0x{header.hex()}: {error!r}") from error
            else:
                chain.rollback_to(0)
        chain.import_block(Header.decode(block.header), list(block.body))


def requests(dice: Random, rounds: int) -> None:
    """Send mutated JSON-RPC requests; each response is JSON, or there is none."""
    with Chain.dev() as chain:
        dispatcher = Dispatcher(Node(chain, Hub(chain), LocalEngine(chain)))
        names = sorted(name for name in methods_of(dispatcher.node) if not name.startswith("engine_"))
        params = [None, 0, -1, 1 << 70, "", "0x", "0x00", "0xzz", "Core_version", [], [None], ["0x00"], {}, True, 1.5]
        for number in range(rounds):
            request = {
                "jsonrpc": "2.0",
                "id": number,
                "method": dice.choice(names),
                "params": [dice.choice(params) for _ in range(dice.randrange(4))],
            }
            text = json.dumps(request)
            data = mutated(text.encode(), dice) if dice.random() < 0.5 else text.encode()
            answer = asyncio.run(dispatcher.answer(data, None))
            assert answer is None or isinstance(json.loads(answer), dict | list), f"round {number}: {data!r}"


def chain_specs(dice: Random, rounds: int) -> None:
    """Load mutated chain specs; they are valid, or refused with a SpecError."""
    text = json.dumps(export(dev())).encode()
    for number in range(rounds):
        data = mutated(text, dice)
        try:
            parse(data)
        except SpecError:
            continue
        except Exception as error:
            raise AssertionError(f"round {number}: {error!r}") from error


def simulation(dice: Random, rounds: int) -> None:
    """Run random calls of every pallet, and check the invariants after each block."""
    simulate(dice.randrange(1 << 32), max(rounds // 20, 5))


FUZZERS: dict[str, Fuzzer] = {
    "extrinsics": extrinsics,
    "blocks": blocks,
    "requests": requests,
    "chain-specs": chain_specs,
    "simulation": simulation,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(FUZZERS)} (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=10_000)
    arguments = parser.parse_args()
    for name in arguments.names or FUZZERS:
        sys.stderr.write(f"{name}: seed {arguments.seed}, {arguments.rounds} rounds\n")
        FUZZERS[name](Random(arguments.seed), arguments.rounds)
    return 0
