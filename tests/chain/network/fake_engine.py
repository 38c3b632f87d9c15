"""A CometBFT without network: it calls the applications of several nodes in the engine's order, round by round.

It keeps the blocks that were decided, as the engine's block store does, and sends them again to a node that starts.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pysubtensor.chain.chain import Blockchain
from pysubtensor.chain.history.stores import Store
from pysubtensor.chain.network.application import Application, Timing
from pysubtensor.chain.network.messages import Request, Response, make
from pysubtensor.chain.network.turns import Turns
from pysubtensor.chain.network.validators import powers_of
from pysubtensor.chain.network.voters import voters_of
from pysubtensor.chain.unshielding import OwnShieldKeys
from pysubtensor.genesis.accounts import Authority
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto import Keypair, Scheme

from pysubtensor import ChainConfig

SLOT_MS = 1000
START_MS = 1_700_000_000_000
ACCEPT = 1
#: Changes the transactions of a proposal.
Forge = Callable[[list[bytes]], list[bytes]]


def author(index: int) -> Keypair:
    return Keypair.from_uri(f"//Author{index}")


def voter(index: int) -> Keypair:
    return Keypair.from_uri(f"//Voter{index}", Scheme.ED25519)


def config(validators: int) -> ChainConfig:
    keys = tuple(Authority(author(index).public, voter(index).public) for index in range(validators))
    return dev(authorities=keys, start_ms=None, slot_duration_ms=SLOT_MS, authoring="claims")


def address(public: bytes) -> bytes:
    return hashlib.sha256(public).digest()[:20]


class Killed(BaseException):
    """The process of a node was killed."""


@dataclass
class FakeNode:
    """A node: its application, and what its disk keeps."""

    config: ChainConfig
    key: Keypair | None
    folder: Path
    store: Store | Path | None = None
    app: Application = field(init=False)

    def start(self) -> None:
        """Open the chain and its application, as after a start of the process."""
        chain = Blockchain(self.config, self.store)
        turns = Turns(self.folder / "validators.json", 0, chain.head.number, powers_of(voters_of(chain)))

        if self.key is not None:
            chain.shield_keys = OwnShieldKeys()

        async def no_sleep(seconds: float) -> None:
            self.waited.append(seconds)

        self.waited: list[float] = []
        self.app = Application(chain, turns, self.key, Timing(lambda: self.now, 0.75, no_sleep))

    #: The clock of this machine, in seconds.
    now: float = START_MS / 1000

    @property
    def chain(self) -> Blockchain:
        return self.app.chain

    def call(self, kind: str, **fields: Any) -> Any:
        """Send a request as bytes and return the answer."""
        name = "Request" + kind.title().replace("_", "")
        request = Request.FromString(Request(**{kind: make(name, **fields)}).SerializeToString())
        answer = Response.FromString(asyncio.run(self.app.handle(request)).SerializeToString())
        assert answer.WhichOneof("value") == kind
        return getattr(answer, kind)

    def stop(self) -> None:
        self.app.close()
        self.chain.close()


@dataclass
class Decided:
    """A block on which the validators have agreed."""

    height: int
    time_ms: int
    transactions: tuple[bytes, ...]
    proposer: bytes
    app_hash: bytes = b""


def stamp(time_ms: int) -> Any:
    return make("Timestamp", seconds=time_ms // 1000, nanos=time_ms % 1000 * 1_000_000)


class FakeEngine:
    """The engines of all nodes."""

    def __init__(self, nodes: Sequence[FakeNode], voters: Sequence[bytes]) -> None:
        self.nodes, self.voters = list(nodes), sorted(voters, key=address)
        self.blocks: list[Decided] = []
        self.updates: dict[int, dict[bytes, int]] = {}
        self.time_ms = START_MS

    def handshake(self, node: FakeNode) -> None:
        """Begin with a node, or go on: ask where it is, and send what came later."""
        info = node.call("info")
        if info.last_block_height == 0:
            first = node.chain.hash_at(0) or b""
            state = b'"' + first.hex().encode() + b'"'
            answer = node.call("init_chain", time=stamp(START_MS), initial_height=1, app_state_bytes=state)
            assert answer.app_hash == first
            assert {each.pub_key.ed25519: each.power for each in answer.validators} == dict.fromkeys(self.voters, 1)
        else:
            assert info.last_block_height <= len(self.blocks)
            assert info.last_block_app_hash == self.blocks[info.last_block_height - 1].app_hash
        for block in self.blocks[info.last_block_height :]:
            self.decide(node, block)

    def proposer(self, height: int, number: int) -> bytes:
        """Return whose proposal it is: equal powers take turns by address."""
        return self.voters[(height - 1 + number) % len(self.voters)]

    def node_of(self, public: bytes) -> FakeNode:
        index = next(index for index in range(32) if voter(index).public == public)
        return next(node for node in self.nodes if node.key is not None and node.key.public == author(index).public)

    def height(self, down: Collection[FakeNode] = (), forge: Forge | None = None) -> int:
        """Decide the next block and return in which round. The first proposal is forged if this is asked for."""
        height = len(self.blocks) + 1
        for number in range(20):
            public = self.proposer(height, number)
            proposing = self.node_of(public)
            if proposing in down:
                continue
            txs = list(self.propose(proposing, height, public))
            if forge is not None and number == 0:
                txs = forge(txs)
            block = Decided(height, self.time_ms, tuple(txs), public)
            votes = [self.accepts(node, block) for node in self.nodes if node not in down]
            if all(votes):
                self.blocks.append(block)
                for node in self.nodes:
                    if node not in down:
                        self.decide(node, block)
                self.time_ms += SLOT_MS
                return number
            assert not any(votes), "honest nodes have to agree"
        raise AssertionError("no block in 20 rounds")

    def propose(self, node: FakeNode, height: int, public: bytes) -> Sequence[bytes]:
        fields = {"height": height, "time": stamp(self.time_ms), "proposer_address": address(public)}
        return list(node.call("prepare_proposal", max_tx_bytes=10_000_000, **fields).txs)

    def accepts(self, node: FakeNode, block: Decided) -> bool:
        fields = {"height": block.height, "time": stamp(block.time_ms), "proposer_address": address(block.proposer)}
        return bool(node.call("process_proposal", txs=block.transactions, **fields).status == ACCEPT)

    def decide(self, node: FakeNode, block: Decided) -> None:
        """Send a decided block to a node: its hash must be that of all others."""
        fields = {"height": block.height, "time": stamp(block.time_ms), "proposer_address": address(block.proposer)}
        answer = node.call("finalize_block", txs=block.transactions, **fields)
        assert len(answer.tx_results) == len(block.transactions)
        assert block.app_hash in (b"", answer.app_hash), "the nodes have different chains"
        block.app_hash = answer.app_hash
        self.updates[block.height] = {each.pub_key.ed25519: each.power for each in answer.validator_updates}
        node.call("commit")
