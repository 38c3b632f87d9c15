"""A soak: many blocks of mixed traffic over RPC on one node, which may neither grow nor forget.

    python -m tests.soak.soak [--blocks 300000] [--busy 8] [--seed 1] [--folder PATH]
                                                                  Ctrl-C ends it early, with its checks

The moves are those of the simulations: subnets, stakes and weights, and random calls. They fill one block of `--busy`,
and clients ask about it; the others are empty, as most are on a chain. A second chain, in this process, imports every
block, so that each state root is computed twice. At the end the node's memory is compared with that of
the first tenth, the folder with what its retention keeps; reopening is timed, and the root is computed from all keys.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic

import aiohttp
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.cli.chain_file import read_chain
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.digest import Digest, DigestItem
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_all_subnet_netuids

from tests.simulation.players import Players
from tests.simulation.random_calls import Dice
from tests.simulation.subnets import PER_BLOCK, went_well

from .clients import HABITS, Client, Scene, act
from .node import NodeProcess, write_chain_file
from .verdict import Verdict, judge

#: Blocks whose hashes and keys clients ask about: fewer than the states that a node keeps.
RECENT_BLOCKS, RECENT_KEYS, RECENT_TRANSACTIONS = 2_000, 500, 2
#: Errors of a pool: invalid, banned, already there, too low a priority, full.
POOL_ERRORS = {1010, 1012, 1013, 1014, 1016}


@dataclass(slots=True)
class Soak:
    """A run: the node's memory in bytes after each block, and what became of the transactions."""

    memory: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def tenths(self) -> list[int]:
        """Return the largest memory in each tenth of the run."""
        parts: dict[int, int] = {}
        for index, memory in enumerate(self.memory):
            tenth = index * 10 // len(self.memory)
            parts[tenth] = max(memory, parts.get(tenth, 0))
        return list(parts.values())


async def play(
    node: NodeProcess, mirror: Chain, blocks: int, busy: int, seed: int, tell: Callable[[str], None]
) -> Soak:
    """Play this many blocks, one of `busy` with traffic, or until SIGINT; `mirror` follows the node."""
    soak, players, dice = Soak(), Players(mirror, seed), Dice(seed, [])
    dice.known = [key.account for key in players.coldkeys]
    scene, randoms = Scene(), [Random(f"{seed} {number}") for number in range(len(HABITS))]
    scene.accounts = [key.address for key in players.coldkeys]
    hashes, keys, start = deque[str](maxlen=RECENT_BLOCKS), deque[str](maxlen=RECENT_KEYS), monotonic()
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, ended.set)
    async with aiohttp.ClientSession() as session:
        clients = [Client(session, node.url) for _ in HABITS]
        for number in range(1, blocks + 1):
            chosen = choose(players, dice) if number % busy == 0 else []
            sent = await submit(clients, chosen, mirror, soak.counts)
            await append(clients[0], mirror, sent, soak.counts, hashes, keys)
            if number % busy == 0:
                scene.number, scene.hashes, scene.keys = number // busy, list(hashes), list(keys)
                scene.netuids = list(get_all_subnet_netuids(mirror.context()))
                scene.transactions = ["0x" + raw.hex() for raw in list(sent)[:RECENT_TRANSACTIONS]]
                await act(clients, scene, randoms)
                del players.secrets[:-40]
            soak.memory.append(node.memory())
            if number * 100 % blocks < 100:
                rate = number / (monotonic() - start)
                tell(f"block {number:,} of {blocks:,}, {rate:.1f} a second, memory {soak.memory[-1] >> 20} MiB")
            if ended.is_set():
                break
        soak.counts["requests"] = sum(client.requests for client in clients)
        soak.counts["notifications"] = sum(client.notifications for client in clients)
        for client in clients:
            await client.close()
    loop.remove_signal_handler(signal.SIGINT)
    return soak


def choose(players: Players, dice: Dice) -> list[tuple[str, Keypair, Call]]:
    """Return the calls for a block: their names, signers and calls."""
    chosen = []
    for _ in range(players.random.randrange(PER_BLOCK)):
        name, made = players.next()
        if made is not None:
            key, call, arguments = made
            chosen.append((name, key, players.chain.call(call, **arguments)))
    if dice.random.random() < 0.3:
        chosen.append(("random call", players.coldkey(), dice.call()))
    return chosen


async def submit(
    clients: list[Client], chosen: list[tuple[str, Keypair, Call]], mirror: Chain, counts: Counter[str]
) -> dict[bytes, str]:
    """Sign these calls and send them, those of one signer through one client; return those that the node took."""
    sent: dict[bytes, str] = {}
    for name, key, call in chosen:
        raw = mirror.sign(call, key)
        try:
            mirror.submit(raw)
        except Rejected:
            continue
        client = clients[key.account[0] % len(clients)]
        method = "author_submitAndWatchExtrinsic" if client is clients[0] else "author_submitExtrinsic"
        code = await client.try_to_ask(method, "0x" + raw.hex())
        assert code is None or code in POOL_ERRORS, f"expected an answer of the pool, got {code}"
        counts["taken by the pool" if code is None else "refused by the pool"] += 1
        if code is None:
            sent[raw] = name
    return sent


async def append(
    client: Client,
    mirror: Chain,
    sent: dict[bytes, str],
    counts: Counter[str],
    hashes: deque[str],
    keys: deque[str],
) -> None:
    """Let the node make a block, import it into the mirror, and count what happened."""
    created = await client.ask("engine_createBlock", True, True)
    block = (await client.ask("chain_getBlock", created["hash"]))["block"]
    body = [bytes.fromhex(raw[2:]) for raw in block["extrinsics"]]
    imported = mirror.import_block(header_of(block["header"]), body)
    assert created["hash"] == "0x" + imported.hash.hex()
    mirror.pool.clear()
    hashes.append(created["hash"])
    keys.extend("0x" + key.hex() for key in list(imported.changes)[:40])
    for index, raw in enumerate(body):
        if raw in sent:
            counts[sent[raw]] += went_well(imported, index)
            counts["in blocks"] += 1


def header_of(header: dict[str, object]) -> Header:
    """Return a header from its JSON."""
    parent, root, extrinsics = (
        bytes.fromhex(str(header[name])[2:]) for name in ("parentHash", "stateRoot", "extrinsicsRoot")
    )
    digest = header["digest"]
    assert isinstance(digest, dict)
    logs = [DigestItem.scale.decode(bytes.fromhex(log[2:])) for log in digest["logs"]]
    return Header(parent, int(str(header["number"]), 16), root, extrinsics, Digest(logs))


def run(folder: Path, blocks: int, busy: int, seed: int, tell: Callable[[str], None]) -> tuple[Soak, Verdict]:
    """Run a soak in an empty folder."""
    chain_file, data = folder / "chain.toml", folder / "data"
    write_chain_file(chain_file)
    config = read_chain(chain_file)
    node = NodeProcess(chain_file, data)
    try:
        with Chain(config, retention=Retention(64, 64)) as mirror:
            soak = asyncio.run(play(node, mirror, blocks, busy, seed, tell))
            head = mirror.head
        node.stop()
    finally:
        node.kill()
    return soak, judge(config, data, head, soak.tenths())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--blocks", type=int, default=300_000)
    parser.add_argument("--busy", type=int, default=8, help="one block of this many has traffic")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="an empty folder for the node's data; default: a temporary one")
    given = parser.parse_args()

    def tell(line: str) -> None:
        sys.stderr.write(line + "\n")

    with tempfile.TemporaryDirectory() as temporary:
        soak, verdict = run(given.folder or Path(temporary), given.blocks, given.busy, given.seed, tell)
    sys.stdout.write("".join(f"{count:10} {name}\n" for name, count in soak.counts.most_common()))
    sys.stdout.write("\n".join(verdict.lines) + "\n")
    sys.stdout.write("".join(f"FAILED: {failure}\n" for failure in verdict.failures))
    return 1 if verdict.failures else 0


if __name__ == "__main__":
    sys.exit(main())
