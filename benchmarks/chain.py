"""The chain as a library: start, empty blocks, transfers authored and imported, memory over many blocks."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.runtime.crypto import Keypair, Scheme, verify
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive

from .harness import Figure, best, cpu_seconds

VERIFY = "sr25519 verification"
#: Inherents at the start of a block: its time and its author's next key.
INHERENTS = 2


def run(small: bool) -> Iterator[Figure]:
    yield from start()
    yield from cold_start(2 if small else 10)
    yield from empty_blocks(100 if small else 5_000)
    yield from transfers(accounts=20 if small else 1_000, rounds=2 if small else 10)
    yield from bounded_memory(300 if small else 100_000)


def start() -> Iterator[Figure]:
    """Measure `Chain.dev()` after import, and a process from its start to its first block."""
    seconds = best(lambda: Chain.dev().close(), rounds=5)
    yield Figure("Chain.dev() after import", seconds, "s", bound=0.1)
    code = "from pysubtensor.chain.embed.chain import Chain; Chain.dev().produce()"
    seconds = best(lambda: subprocess.run([sys.executable, "-c", code], check=True))
    yield Figure("process start to the first block", seconds, "s", bound=1.0)


def cold_start(rounds: int) -> Iterator[Figure]:
    """Measure the CPU time of a process that makes a chain: from its start to its end, with all imports."""
    programs = {"bare": "pass", "chain": "from pysubtensor import Chain; Chain.dev()"}
    seconds = cpu_seconds(programs, rounds)
    yardstick = "a bare interpreter"
    yield Figure(f"CPU of {yardstick}", seconds["bare"], "s")
    ratio = seconds["chain"] / seconds["bare"]
    note = f"{ratio:.1f} bare interpreters"
    yield Figure("CPU of a process that makes a Chain.dev()", seconds["chain"], "s", bound=0.25, note=note)


def empty_blocks(count: int) -> Iterator[Figure]:
    """Measure blocks without transactions, with manual sealing, in memory."""
    with Chain.dev() as chain:
        chain.produce(50)
        seconds = best(lambda: chain.produce(count))
    yield Figure("empty blocks, manual seal, memory store", count / seconds, "blocks/s", bound=1000, at_least=True)


def verification_seconds(rounds: int = 2_000) -> float:
    """Measure the yardstick: seconds to verify one sr25519 signature of 117 bytes, on one core."""
    key, message = Keypair.from_uri("//Alice"), bytes(117)
    signature = key.sign(message)
    return best(lambda: [verify(Scheme.SR25519, signature, message, key.public) for _ in range(rounds)]) / rounds


def transfers(accounts: int, rounds: int) -> Iterator[Figure]:
    """Measure blocks in which each account sends one transfer, and their import by a chain of the same genesis."""
    keys = [Keypair.from_uri(f"//bench/{number}") for number in range(accounts)]
    balances = {key.account: 10**15 for key in keys}
    with Chain.dev(balances=balances) as author, Chain.dev(balances=balances) as importer:
        signed = [
            [author.sign(transfer(keys, number), key, nonce=nonce) for number, key in enumerate(keys)]
            for nonce in range(rounds)
        ]
        verification = verification_seconds()
        begin = time.perf_counter()
        for batch in signed:
            for raw in batch:
                author.submit(raw)
            author.produce()
        authored = (time.perf_counter() - begin) / (accounts * rounds)
        blocks = [blocks_of(author, number) for number in range(1, rounds + 1)]
        begin = time.perf_counter()
        for header, body in blocks:
            importer.import_block(header, body)
        imported = (time.perf_counter() - begin) / (accounts * rounds)
        assert importer.head == author.head, "both chains must have the same head"
        assert sum(len(body) - INHERENTS for _, body in blocks) == accounts * rounds, (
            "every transfer must be in a block"
        )
    yield Figure(VERIFY, 1 / verification, "checks/s")
    yield Figure("transfers submitted and put into blocks", 1 / authored, "per s", verification / authored, VERIFY)
    yield Figure("transfers imported", 1 / imported, "per s", verification / imported, VERIFY, 0.35, at_least=True)


def transfer(keys: list[Keypair], number: int) -> Call:
    return transfer_keep_alive.call(Id(keys[(number * 7 + 1) % len(keys)].account), 10**9)


def blocks_of(chain: Chain, number: int) -> tuple[Header, list[bytes]]:
    block_hash = chain.hash_at(number)
    assert block_hash is not None
    block = chain.history.block_by_hash(block_hash)
    return Header.decode(block.header), list(block.body)


def bounded_memory(count: int) -> Iterator[Figure]:
    """Measure the peak memory of a fresh process after a tenth of the blocks, and after all of them."""
    code = (
        "import sys; from pysubtensor.chain.embed.chain import Chain\n"
        "from benchmarks.harness import peak_megabytes\n"
        "chain = Chain.dev(); chain.produce(int(sys.argv[1])); print(peak_megabytes())"
    )
    root = Path(__file__).parent.parent
    peaks = []
    for blocks in (max(count // 10, 1), count):
        finished = subprocess.run(
            [sys.executable, "-c", code, str(blocks)], check=True, capture_output=True, text=True, cwd=root
        )
        peaks.append(float(finished.stdout))
    yield Figure(f"peak memory after {max(count // 10, 1):,} empty blocks", peaks[0], "MB")
    yield Figure(f"peak memory after {count:,} empty blocks", peaks[1], "MB", peaks[1] / peaks[0], "a tenth", 1.5)
