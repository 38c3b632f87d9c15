"""The application of a network's node, called as the engine does: blocks, failed rounds, kills, forged proposals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pysubtensor.chain.network.application import Halted
from pysubtensor.chain.network.proposals import from_transactions
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import Scheme, verify
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.digest import AuthorClaim, Digest, Seal, author_claim
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.inherents import block_time
from pysubtensor.runtime.pallets.admin_utils.chain_by_root import schedule_grandpa_change, swap_authorities
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.pallets.system import Account
from pysubtensor.runtime.pallets.utility import batch_all

from tests.chain.network.fake_engine import SLOT_MS, START_MS, FakeEngine, FakeNode, Killed, author, voter
from tests.chain.network.forgeries import CHANGES, Change, Forger, forge_proposal, other_root
from tests.world import ALICE_KEY, BOB

if TYPE_CHECKING:
    from tests.chain.network.conftest import MakeNetwork


def signed(node: FakeNode, call: Call, nonce: int = 0) -> bytes:
    return Signer(node.chain.genesis_hash).sign(call, ALICE_KEY, nonce=nonce)


def transfer(node: FakeNode, nonce: int = 0) -> bytes:
    return signed(node, transfer_keep_alive.call(Id(BOB), 5), nonce)


def heads(engine: FakeEngine) -> set[bytes]:
    return {node.chain.head.hash for node in engine.nodes}


def test_all_nodes_have_the_same_blocks(network: MakeNetwork) -> None:
    engine = network(4, replicas=1)
    first = engine.nodes[0]
    before = Account.get(first.chain.context(), BOB).data.free
    for nonce in range(6):
        for node in engine.nodes:
            assert node.call("check_tx", tx=transfer(first, nonce)).code == 0
        assert engine.height() == 0
    assert len(heads(engine)) == 1
    assert first.chain.finalized == first.chain.head
    assert Account.get(engine.nodes[4].chain.context(), BOB).data.free == before + 30
    assert not len(engine.nodes[4].chain.pool)


def test_the_proposer_seals_and_is_the_author(network: MakeNetwork) -> None:
    engine = network(3)
    for _ in range(4):
        engine.height()
        block = engine.blocks[-1]
        header, _ = from_transactions(block.transactions)
        *logs, last = header.digest.logs
        unsealed = Header(header.parent_hash, header.number, header.state_root, header.extrinsics_root, Digest(logs))
        index = next(index for index in range(3) if voter(index).public == block.proposer)
        assert isinstance(last, Seal)
        assert verify(Scheme.SR25519, last.data, unsealed.hash, author(index).public)
        following = engine.proposer(block.height + 2, 0)
        expected = next(index for index in range(3) if voter(index).public == following)
        assert logs[1] == AuthorClaim(index, expected).item()


def test_the_time_of_a_block_is_a_slot_of_the_engines_time_or_the_next_one(network: MakeNetwork) -> None:
    engine = network(1)
    chain, times = engine.nodes[0].chain, []
    for later_ms in (300, 0, 0, 2_500):
        engine.time_ms += later_ms
        engine.height()
        engine.time_ms -= SLOT_MS - 100  # the engine's time passes slower than blocks are made
        times.append(block_time(chain.context()) - START_MS)
    assert times == [0, 1000, 2000, 3000]
    engine.time_ms += 10_000
    engine.height()
    assert block_time(chain.context()) == engine.blocks[-1].time_ms // SLOT_MS * SLOT_MS


def test_a_proposer_waits_for_its_slot_but_not_for_ever(network: MakeNetwork) -> None:
    engine = network(1)
    node = engine.nodes[0]
    node.now = START_MS / 1000 - 0.25
    engine.height()
    engine.time_ms -= SLOT_MS
    engine.height()
    assert [round(each, 3) for each in node.waited] == [0.25, 0.75]


def test_a_failed_proposer_is_passed_over(network: MakeNetwork) -> None:
    engine = network(4)
    down = engine.nodes[1]
    rounds = [engine.height(down=[down]) for _ in range(8)]
    assert sum(rounds) == 2
    assert down.chain.head.number == 0
    engine.handshake(down)
    assert len(heads(engine)) == 1
    assert engine.height() == 0


def test_a_proposal_that_loses_its_round_leaves_no_trace(network: MakeNetwork) -> None:
    engine = network(2)
    for node in engine.nodes:
        node.call("check_tx", tx=transfer(node))
    loser = engine.node_of(engine.proposer(1, 0))
    lost = engine.propose(loser, 1, engine.proposer(1, 0))
    assert len(lost) == 4
    assert engine.height(down=[loser]) == 1
    engine.handshake(loser)
    assert len(heads(engine)) == 1
    assert loser.chain.state.changes() == {}


# --- kills -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["prepared", "processed", "finalized", "committing", "committed"])
def test_a_node_that_is_killed_at_any_step_goes_on_with_the_others(network: MakeNetwork, step: str) -> None:
    engine = network(4, disk=True)
    victim = engine.nodes[0]
    for height in range(1, 7):
        for node in engine.nodes:
            node.call("check_tx", tx=transfer(node, height - 1))
        if height in (2, 3, 4, 5):
            kill_at(victim, step)
        try:
            engine.height()
        except Killed:
            restart(engine, victim, height)
            victim.app.at = lambda name: None
            if len(engine.blocks) < height:
                engine.height()
            catch_up(engine)
    assert len(heads(engine)) == 1
    assert victim.chain.head.number == 6


def kill_at(node: FakeNode, step: str) -> None:
    def at(name: str) -> None:
        if name == step:
            raise Killed

    node.app.at = at


def restart(engine: FakeEngine, node: FakeNode, height: int) -> None:
    """Start a node anew with what its disk had when it was killed."""
    node.chain.history.abandon()
    node.start()
    assert node.chain.head.number in (height - 1, height)
    engine.handshake(node)


def catch_up(engine: FakeEngine) -> None:
    """Let the nodes go on that had not heard of the last block when another one was killed."""
    for node in engine.nodes:
        if node.chain.head.number < len(engine.blocks):
            engine.handshake(node)


# --- forged proposals ------------------------------------------------------------------------------------------


def forged(node: FakeNode, change: Change) -> Callable[[list[bytes]], list[bytes]]:
    """Return what forges a proposal: its author is the one that the header claims."""

    def forge(transactions: list[bytes]) -> list[bytes]:
        header, _ = from_transactions(transactions)
        claim = author_claim(header.digest.logs)
        assert claim is not None
        return forge_proposal(Forger(author(claim.author), node.chain.genesis_hash, SLOT_MS), change, transactions)

    return forge


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_forged_proposal_is_refused_by_all_and_the_next_round_commits(network: MakeNetwork, change: Change) -> None:
    engine = network(4)
    engine.height()
    assert engine.height(forge=forged(engine.nodes[0], change)) == 1
    assert engine.height() == 0
    assert len(heads(engine)) == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda transactions: [],
        lambda transactions: transactions[1:],
        lambda transactions: [transactions[0] + b"\0", *transactions[1:]],
        lambda transactions: [transactions[0][:20], *transactions[1:]],
        lambda transactions: [*transactions, b""],
    ],
)
def test_transactions_that_are_no_block_are_refused(
    network: MakeNetwork, forge: Callable[[list[bytes]], list[bytes]]
) -> None:
    assert network(2).height(forge=forge) == 1


def test_a_node_stops_when_the_others_have_agreed_on_an_invalid_block(network: MakeNetwork) -> None:
    engine = network(1)
    node = engine.nodes[0]
    transactions = forged(node, other_root)(list(engine.propose(node, 1, engine.proposer(1, 0))))
    fields = {"height": 1, "time": {"seconds": START_MS // 1000}}
    with pytest.raises(Halted, match="block 1, on which the validators have agreed, is invalid"):
        node.call("finalize_block", txs=transactions, **fields)
    assert node.chain.head.number == 0
    with pytest.raises(Halted, match="expected a block to store"):
        node.call("commit")


# --- the beginning ---------------------------------------------------------------------------------------------


def test_the_engine_must_begin_where_the_chain_is(network: MakeNetwork) -> None:
    engine = network(1)
    node = engine.nodes[0]
    with pytest.raises(Halted, match="the engine begins at 5"):
        node.call("init_chain", initial_height=5)
    with pytest.raises(Halted, match="expected the block"):
        node.call("init_chain", initial_height=1, app_state_bytes=b'"00"')
    engine.height()
    with pytest.raises(Halted, match="expected block 2, the engine has sent block 1"):
        engine.decide(node, engine.blocks[0])


# --- transactions ----------------------------------------------------------------------------------------------


def test_the_pool_decides_what_the_engine_passes_on(network: MakeNetwork) -> None:
    engine = network(1)
    node = engine.nodes[0]
    raw = transfer(node)
    assert node.call("check_tx", tx=raw).code == 0
    assert node.call("check_tx", tx=raw).code == 0
    assert node.call("check_tx", tx=raw, type=1).code == 0
    for refused in (b"", b"\x04", b"\0header\0", raw + b"more", raw[:-1]):
        assert node.call("check_tx", tx=refused).code == 1
    engine.height()
    assert node.call("check_tx", tx=raw, type=1).code == 1
    assert "banned" in node.call("check_tx", tx=raw).log


# --- validators ------------------------------------------------------------------------------------------------


def test_grandpas_authorities_are_the_validators(network: MakeNetwork) -> None:
    engine = network(3)
    node = engine.nodes[0]
    authors, voters = [author(0).public, author(1).public], [(voter(0).public, 1), (voter(1).public, 1)]
    calls = [sudo.call(swap_authorities.call(authors)), sudo.call(schedule_grandpa_change.call(voters, 0, None))]
    for each in engine.nodes:
        each.call("check_tx", tx=signed(node, batch_all.call(calls)))
    engine.height()
    assert engine.updates[1] == {voter(2).public: 0}
    assert engine.nodes[1].app.turns.following.powers == {voter(0).public: 1, voter(1).public: 1}


@pytest.mark.parametrize("voters", [[], [(voter(0).public, 0)], [(voter(0).public, 1), (voter(0).public, 7)]])
def test_no_list_of_voters_stops_the_engine(network: MakeNetwork, voters: list[tuple[bytes, int]]) -> None:
    engine = network(1)
    node = engine.nodes[0]
    change = sudo.call(schedule_grandpa_change.call(voters, 0, None))
    node.call("check_tx", tx=signed(node, change))
    engine.height()
    assert len(engine.blocks[0].transactions) == 4
    assert engine.updates[1] == {}
    assert engine.height() == 0
