"""The local engine: when its modes make blocks, who seals them, and its status."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pysubtensor.chain.engine.engine import Engine, EngineStatus
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.pool.rejections import Undecodable
from pysubtensor.chain.pool.status import READY, Status
from pysubtensor.genesis.accounts import Authority, authority
from pysubtensor.runtime.crypto import Scheme, verify
from pysubtensor.runtime.crypto.hashing import blake2_256
from pysubtensor.runtime.frame.digest import Digest, Seal

from pysubtensor import Chain, ChainConfig, ChainError, Keypair, LogicalClock
from tests.world import ALICE_ADDRESS

SLOT = 12_000


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        yield made


def transfer(chain: Chain) -> bytes:
    return chain.sign(chain.call("Balances.transfer_keep_alive", dest="//Bob", value=7), "//Alice")


@pytest.mark.parametrize(
    ("sealing", "on_demand", "timer", "longest_wait", "wants_block"),
    [
        (Sealing.INTERVAL, False, SLOT, SLOT, False),
        (Sealing.INSTANT, True, None, SLOT, True),
        (Sealing.MIXED, True, SLOT, SLOT, True),
        (Sealing.MANUAL, True, None, None, False),
        (Sealing.EMBEDDED, False, None, None, False),
    ],
)
def test_a_mode_says_when_blocks_are_made(
    chain: Chain, sealing: Sealing, on_demand: bool, timer: int | None, longest_wait: int | None, wants_block: bool
) -> None:
    engine = LocalEngine(chain, sealing)
    assert not engine.wants_block(), "without a transaction none is wanted at once"
    engine.submit(transfer(chain))
    found = (engine.on_demand, engine.timer_ms, engine.longest_wait_ms, engine.wants_block())
    assert found == (on_demand, timer, longest_wait, wants_block)


@pytest.mark.parametrize(
    ("sealing", "block_time_ms", "seconds"),
    [
        (Sealing.INTERVAL, None, 4.0),
        (Sealing.INTERVAL, 1_500, 0.5),
        (Sealing.INSTANT, 1_500, 4.0),
        (Sealing.MANUAL, None, 4.0),
        (Sealing.MIXED, 24_000, 8.0),
    ],
)
def test_authors_have_a_third_of_the_block_time(
    chain: Chain, sealing: Sealing, block_time_ms: int | None, seconds: float
) -> None:
    limit = LocalEngine(chain, sealing, block_time_ms).authoring_limit
    assert limit is not None
    assert limit.seconds == seconds


def test_embedded_chains_have_no_limit_and_make_equal_blocks(chain: Chain) -> None:
    assert LocalEngine(chain).authoring_limit is None


def test_blocks_of_slots_are_sealed_by_their_authors_and_others_by_no_one(chain: Chain) -> None:
    for sealing in Sealing:
        block = LocalEngine(chain, sealing).produce()
        assert isinstance(block.header.digest.logs[-1], Seal) is (sealing is Sealing.INTERVAL)
    assert chain.head.number == len(Sealing)


def test_a_slot_of_an_authority_whose_key_is_not_here_is_refused() -> None:
    """The chain's authorities change, the keys of the configuration do not."""
    with Chain.dev(authorities=(authority("Alice"),)) as chain:
        chain.authorities = lambda: [bytes(32)]  # type: ignore[method-assign]
        with pytest.raises(ChainError, match=r"slot \d+ belongs to 5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM"):
            LocalEngine(chain, Sealing.INTERVAL).produce()
        assert (chain.head.number, chain.state.changes()) == (0, {})


OWN = Keypair.from_seed(bytes(range(32)))


def test_a_live_chain_is_sealed_with_keys_of_ones_own() -> None:
    config = ChainConfig(authorities=(Authority(OWN.public, bytes(32)),))
    with Chain(config, clock=LogicalClock(SLOT)) as chain:
        header = LocalEngine(chain, Sealing.INTERVAL, keys=[OWN]).produce().header
        seal = header.digest.logs[-1]
        assert isinstance(seal, Seal)
        unsealed = replace(header, digest=Digest(header.digest.logs[:-1]))
        assert verify(Scheme.SR25519, seal.data, unsealed.hash, OWN.public)


def test_a_live_chain_is_not_sealed_with_keys_that_are_public() -> None:
    with Chain(ChainConfig(authorities=(authority("Alice"),)), clock=LogicalClock(SLOT)) as chain:
        with pytest.raises(ChainError, match="expected keys of one's own to author blocks of a Live chain"):
            LocalEngine(chain, Sealing.INTERVAL)
        with pytest.raises(ChainError, match="expected keys of one's own"):
            chain.produce(sealed=True)


def test_every_authority_needs_a_key() -> None:
    two = ChainConfig(authorities=(Authority(OWN.public, bytes(32)), authority("Alice")))
    with Chain(two, clock=LogicalClock(SLOT)) as chain:
        for keys in ([OWN], []):
            with pytest.raises(ChainError, match=f"of all 2 authorities in the keystore.* for .*{ALICE_ADDRESS}: "):
                LocalEngine(chain, Sealing.INTERVAL, keys=keys)
    with Chain(ChainConfig(), clock=LogicalClock(SLOT)) as chain, pytest.raises(ChainError, match="the chain has none"):
        LocalEngine(chain, Sealing.INTERVAL, keys=[OWN])


def test_transactions_go_to_the_pool_and_their_watchers_hear_of_them(chain: Chain) -> None:
    engine: Engine = LocalEngine(chain)
    heard: list[Status] = []
    raw = transfer(chain)
    assert engine.submit(raw, heard.append) == blake2_256(raw)
    block = engine.produce()
    assert heard == [READY, Status("inBlock", block.hash), Status("finalized", block.hash)]
    assert chain.finalized == chain.head, "a chain without an engine of its own makes blocks final at once"
    with pytest.raises(Undecodable):
        engine.submit(b"\4\0")


@pytest.mark.parametrize(
    ("sealing", "lag"),
    [(Sealing.INTERVAL, 2), (Sealing.INSTANT, 0), (Sealing.MIXED, 0), (Sealing.MANUAL, None), (Sealing.EMBEDDED, 0)],
)
def test_a_mode_says_when_blocks_are_final(chain: Chain, sealing: Sealing, lag: int | None) -> None:
    """With interval sealing as GRANDPA, whose default rule is to vote for the block two before the best one."""
    engine = LocalEngine(chain, sealing)
    for number in range(1, 6):
        engine.produce()
        assert chain.finalized.number == (0 if lag is None else max(0, number - lag))
    engine.finalize(5)
    assert chain.finalized == chain.head
    with pytest.raises(ChainError, match="from the last final one, 5, to the head, 5, got 4"):
        engine.finalize(4)


@pytest.mark.parametrize("sealing", list(Sealing))
def test_the_lag_of_finality_can_be_chosen(chain: Chain, sealing: Sealing) -> None:
    engine = LocalEngine(chain, sealing, finality_lag=3)
    for _ in range(5):
        engine.produce()
    assert chain.finalized.number == 2
    with pytest.raises(ValueError, match="a finality lag of at least 0 blocks, got -1"):
        LocalEngine(chain, sealing, finality_lag=-1)


def test_there_is_no_network(chain: Chain) -> None:
    chain.produce(3)
    assert LocalEngine(chain).status() == EngineStatus(0, 3, is_syncing=False, expects_peers=False)


def test_a_block_takes_time() -> None:
    config = ChainConfig(authorities=(authority("Alice"),))
    with Chain(config, clock=LogicalClock(SLOT)) as chain, pytest.raises(ValueError, match="at least 1 ms, got 0"):
        LocalEngine(chain, Sealing.INTERVAL, 0)


def test_waiting_ends_by_a_transaction_or_by_the_time_of_the_next_block(chain: Chain) -> None:
    async def waits(sealing: Sealing, sent: bool) -> bool:
        engine = LocalEngine(chain, sealing)
        task = asyncio.create_task(engine._woken_early())
        await asyncio.sleep(0)
        if sent:
            engine.submit(transfer(chain))
        else:
            engine._delay = lambda: 0  # type: ignore[method-assign]  # the time has come
            task.cancel()
            task = asyncio.create_task(engine._woken_early())
        return await task

    assert asyncio.run(waits(Sealing.INSTANT, sent=True)) is True
    assert asyncio.run(waits(Sealing.MANUAL, sent=False)) is False
