"""The application that CometBFT runs: its requests, answered with this node's chain.

    info                where this node's chain ends, for the engine to send again what came later
    init_chain          the validators and the hash of the block before the engine's first one
    check_tx            a transaction that came from a peer enters the pool; one that waits is asked for again
    prepare_proposal    a block of the pool's transactions, when the time of its slot has come
    process_proposal    whether another node's block is valid, by executing it
    finalize_block      the block on which the validators have agreed: its hash, and changes of the validators
    commit              the block is stored; until then nothing is

One block at a time is executed and not yet stored (`_candidate`); its changes are in the live state, which readers do
not see. The same block is not executed again in the next step; another one replaces it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...runtime.crypto import Keypair
from ...runtime.frame.digest import AuthorClaim, author_claim
from ..authoring import AuthoredBlock
from ..chain import Blockchain
from ..clock import TimeLimit
from ..engine.engine import Slicer
from ..errors import ChainError
from . import proposals
from .admission import refusal
from .messages import Message, Response, make
from .proposals import ConsensusClock, ProposalRefused, from_transactions, to_transactions
from .statesync import StateSync, unavailable
from .turns import Turns
from .validators import powers_of
from .voters import voters_in, voters_of

#: Time for which a block is executed before others have their turn, in seconds.
SLICE_S = 0.01
ACCEPT, REJECT = 1, 2
RECHECK = 1
#: The code of a transaction that the pool refuses.
REFUSED = 1

log = logging.getLogger(__name__)


class Halted(ChainError):
    """This node's chain is not that of the validators: it must not go on."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When blocks are proposed: a clock in seconds, how long a proposal may wait, and a way to wait."""

    now: Callable[[], float] = time.time
    longest_s: float = 1.0
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block that was executed and is not stored: what the engine said of it, and the block."""

    parent: bytes
    time_ms: int
    transactions: tuple[bytes, ...]
    block: AuthoredBlock


def milliseconds(timestamp: Message) -> int:
    """Return a time in milliseconds since 1970, rounded down."""
    return int(timestamp.seconds) * 1000 + int(timestamp.nanos) // 1_000_000


class Application:
    """The application of one node. `author` seals its proposals; a replica has none."""

    def __init__(self, chain: Blockchain, turns: Turns, author: Keypair | None = None, timing: Timing | None = None):
        self.chain, self.turns, self.author = chain, turns, author
        self.base = turns.base
        self.timing = timing or Timing()
        self.clock = ConsensusClock()
        chain.clock = self.clock
        #: See `Engine.sliced`.
        self.sliced: Slicer | None = None
        #: Evidence of validators that voted twice: how many the blocks had since the node was started.
        self.misbehaviours = 0
        #: Called with the name of each step of a block, for tests that end the process there.
        self.at: Callable[[str], object] = lambda step: None
        #: Snapshots for new nodes, on a node with a folder.
        self.state_sync: StateSync | None = None
        self._candidate: Candidate | None = None
        self._updates: dict[bytes, int] = {}

    async def handle(self, request: Message) -> Message:
        """Return the answer to a request; raises Halted when this node must not go on."""
        kind = request.WhichOneof("value")
        answer = getattr(self, f"_{kind}", None)
        if answer is None:
            raise Halted(f"expected a request of ABCI 2.0, got {kind}")
        result = await answer(getattr(request, kind))
        return Response(**{kind: result})

    def close(self) -> None:
        """Forget the block that is not stored, before the chain is closed."""
        self._drop()
        if self.state_sync is not None:
            self.state_sync.close()

    # --- beginning -----------------------------------------------------------------------------------------

    async def _info(self, request: Message) -> Message:
        head = self.chain.head
        height = 0 if head.number == self.base else head.number
        shown = head.hash if height else b""
        return make("ResponseInfo", data="pysubtensor", last_block_height=height, last_block_app_hash=shown)

    async def _init_chain(self, request: Message) -> Message:
        head = self.chain.head
        if (head.number, request.initial_height) != (self.base, self.base + 1):
            raise Halted(f"expected to begin after block {head.number}, the engine begins at {request.initial_height}")
        if (stated := bytes(request.app_state_bytes)) != b'"' + head.hash.hex().encode() + b'"':
            raise Halted(f"expected the block {head.hash.hex()} in the engine's genesis, got {stated.decode()[:80]}")
        return make("ResponseInitChain", validators=_changes(self.turns.following.powers), app_hash=head.hash)

    async def _query(self, request: Message) -> Message:
        return make("ResponseQuery", code=1, log="read the chain by the node's JSON-RPC server")

    # --- transactions --------------------------------------------------------------------------------------

    async def _check_tx(self, request: Message) -> Message:
        reason = refusal(self.chain.pool, bytes(request.tx), request.type == RECHECK)
        return make("ResponseCheckTx", code=0 if reason is None else REFUSED, log=reason or "")

    # --- proposals -----------------------------------------------------------------------------------------

    async def _prepare_proposal(self, request: Message) -> Message:
        authorities = self.chain.authorities()
        if self.author is None or self.author.public not in authorities:
            log.warning("no proposal for block %d: this node's key is not one of the authors", request.height)
            return make("ResponsePrepareProposal")
        self._expect(request.height)
        self._drop()
        self.clock.time_ms = milliseconds(request.time)
        await self._wait_for_slot()
        claim = AuthorClaim(authorities.index(self.author.public), self._following(len(authorities)))
        block = await self._run(lambda: self._build(claim))
        transactions = to_transactions(block.header, block.built.body)
        self._keep(milliseconds(request.time), transactions, block)
        self.at("prepared")
        return make("ResponsePrepareProposal", txs=transactions)

    def _build(self, claim: AuthorClaim) -> AuthoredBlock:
        author = self.author
        if author is None:
            raise Halted("expected a key for a proposal")
        limit = TimeLimit(self.chain.slot_ms / 3_000)
        return self.chain.build_block(lambda slot: author, limit, claim=claim)

    async def _wait_for_slot(self) -> None:
        """Wait until this node's clock has reached the slot, so that the chain is not ahead of it."""
        due = self.clock.next_timestamp(self.chain.head_ms, self.chain.slot_ms) / 1000
        delay = min(due - self.timing.now(), self.timing.longest_s)
        if delay > 0:
            await self.timing.sleep(delay)

    async def _process_proposal(self, request: Message) -> Message:
        try:
            self._expect(request.height)
            candidate = await self._executed(request)
            claim = author_claim(candidate.block.header.digest.logs)
            expected = self._following(len(self.chain.authorities()))
            if claim is None or claim.following != expected:
                raise ProposalRefused(f"expected the author {expected} two blocks later, got {claim}")
        except (ProposalRefused, Halted) as refused:
            log.warning("refused the proposal of block %d: %s", request.height, refused)
            return make("ResponseProcessProposal", status=REJECT)
        self.at("processed")
        return make("ResponseProcessProposal", status=ACCEPT)

    def _following(self, authorities: int) -> int:
        """Return the index of the author that is expected two blocks later: that of its key among the voters."""
        voters, expected = [key for key, _ in voters_of(self.chain)], self.turns.expected()
        return voters.index(expected) % authorities if expected in voters else 0

    # --- blocks --------------------------------------------------------------------------------------------

    async def _finalize_block(self, request: Message) -> Message:
        try:
            self._expect(request.height)
            candidate = await self._executed(request)
        except ProposalRefused as refused:
            raise Halted(
                f"block {request.height}, on which the validators have agreed, is invalid: {refused}"
            ) from None
        self.misbehaviours += len(request.misbehavior)
        for each in request.misbehavior:
            log.warning("validator %s has voted twice at block %d", each.validator.address.hex(), each.height)
        voters = voters_in(candidate.block.built.context)
        self._updates = self.turns.following.updates(powers_of(voters))
        self.at("finalized")
        return make(
            "ResponseFinalizeBlock",
            tx_results=[make("ExecTxResult") for _ in request.txs],
            validator_updates=_changes(self._updates),
            app_hash=candidate.block.header.hash,
        )

    async def _commit(self, request: Message) -> Message:
        candidate = self._candidate
        if candidate is None:
            raise Halted("expected a block to store, the engine has sent none")
        following = self.turns.prepare(candidate.block.header.number, self._updates)
        self.at("committing")
        self._candidate = None
        self.chain.append_block(candidate.block)
        self.turns.advance(candidate.block.header.number, following)
        self.at("committed")
        if self.state_sync is not None:
            self.state_sync.committed(self.turns)
        return make("ResponseCommit")

    # --- snapshots -----------------------------------------------------------------------------------------

    async def _list_snapshots(self, request: Message) -> Message:
        return unavailable("ListSnapshots") if self.state_sync is None else self.state_sync.list()

    async def _load_snapshot_chunk(self, request: Message) -> Message:
        return unavailable("LoadSnapshotChunk") if self.state_sync is None else self.state_sync.load(request)

    async def _offer_snapshot(self, request: Message) -> Message:
        if self.state_sync is None or self.chain.head.number != self.base:
            return unavailable("OfferSnapshot")
        return self.state_sync.offer(request)

    async def _apply_snapshot_chunk(self, request: Message) -> Message:
        if self.state_sync is None:
            return unavailable("ApplySnapshotChunk")
        answer, self.turns = self.state_sync.apply(request, self.turns)
        return answer

    # --- inside --------------------------------------------------------------------------------------------

    def _expect(self, height: int) -> None:
        if height != self.chain.head.number + 1:
            raise Halted(f"expected block {self.chain.head.number + 1}, the engine has sent block {height}")

    async def _executed(self, request: Message) -> Candidate:
        """Return the block of a request, executed; raises ProposalRefused."""
        time_ms, transactions = milliseconds(request.time), tuple(request.txs)
        found = self._candidate
        if found is not None:
            if (found.parent, found.time_ms, found.transactions) == (self.chain.head.hash, time_ms, transactions):
                return found
            self._drop()
        header, body = from_transactions(transactions)
        self.clock.time_ms = time_ms
        expected_ms = self.clock.next_timestamp(self.chain.head_ms, self.chain.slot_ms)
        built = await self._run(lambda: proposals.execute(self.chain, header, body, expected_ms))
        return self._keep(time_ms, transactions, AuthoredBlock(built, header, expected_ms))

    def _keep(self, time_ms: int, transactions: Sequence[bytes], block: AuthoredBlock) -> Candidate:
        self._candidate = Candidate(self.chain.head.hash, time_ms, tuple(transactions), block)
        return self._candidate

    def _drop(self) -> None:
        candidate, self._candidate = self._candidate, None
        if candidate is not None:
            self.chain.discard_block(candidate.block.built)

    async def _run(self, work: Callable[[], Any]) -> Any:
        """Return the result of work on the chain, during which others have their turns."""
        if self.sliced is None:
            return work()
        call = self.sliced(work)
        try:
            while not call.step(SLICE_S):
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            with contextlib.suppress(ProposalRefused):
                made = call.finish()
                self.chain.discard_block(made.built if isinstance(made, AuthoredBlock) else made)
            raise
        return call.finish()


def _changes(powers: dict[bytes, int]) -> list[Message]:
    return [
        make("ValidatorUpdate", pub_key=make("PublicKey", ed25519=key), power=power) for key, power in powers.items()
    ]
