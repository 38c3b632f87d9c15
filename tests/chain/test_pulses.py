"""Pulses in the blocks of an author: their rounds follow from time and state, and their blocks are the same again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pysubtensor.chain.clock import LogicalClock
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.chain.pulses import RecordedPulses, WaitingPulses
from pysubtensor.genesis.config import ConfigError
from pysubtensor.genesis.presets import EPOCH_MS
from pysubtensor.runtime import beacon
from pysubtensor.runtime.beacon import LOCAL_BEACON, Pulse, local_pulse, pulse_extrinsic, round_at, wanted_rounds
from pysubtensor.runtime.crypto import bls
from pysubtensor.runtime.pallets.drand.declared import LastStoredRound, NextUnsignedAt, Pulses
from pysubtensor.runtime.pallets.system import ExtrinsicFailed

from pysubtensor import Chain, ChainError
from tests.runtime.pallets.drand import BEACON, ROUND_1000, ROUND_2000

#: Quicknet's round at the time of the first block of chains for tests, 2025-01-01: one every 3 s since 1692803367.
FIRST = (1_735_689_600 - 1_692_803_367) // 3 + 1
NETUID = 2


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        yield made


@pytest.fixture
def local() -> Iterator[Chain]:
    with Chain.dev(beacon="local") as made:
        yield made


def stored(chain: Chain) -> list[int]:
    return sorted(number for number, _ in Pulses.items(chain.context()))


def pulses_in(chain: Chain, *numbers: int) -> list[int]:
    """Return how many pulses each block has brought: all its extrinsics but two inherents."""
    return [len(chain.history.block_by_number(number).body) - 2 for number in numbers]


# --- rounds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "number"),
    [(0, 0), (1_692_803_366, 0), (1_692_803_367, 1), (1_692_803_369, 1), (1_692_803_370, 2), (1_692_806_364, 1000)],
)
def test_a_beacon_publishes_a_round_every_three_seconds(seconds: int, number: int) -> None:
    """Quicknet's round 1000 was that of 2023-08-23 15:59:24 UTC."""
    assert round_at(BEACON, seconds * 1000) == number


@pytest.mark.parametrize(
    ("last", "current", "wanted"),
    [(0, 500, [500]), (0, 0, []), (498, 500, [499, 500]), (500, 500, []), (501, 500, []), (0, 1, [1])],
)
def test_wanted_are_the_rounds_after_the_last_one(chain: Chain, last: int, current: int, wanted: list[int]) -> None:
    ctx = chain.context()
    LastStoredRound.put(ctx, last)
    assert list(wanted_rounds(ctx, current)) == wanted


def test_50_rounds_are_wanted_at_most(chain: Chain) -> None:
    ctx = chain.context()
    LastStoredRound.put(ctx, 100)
    assert list(wanted_rounds(ctx, 1_000)) == list(range(101, 151))


# --- the local beacon ----------------------------------------------------------------------------------------


def test_the_key_of_the_local_beacon_is_that_of_its_secret() -> None:
    assert bls.public_of_secret(beacon._LOCAL_SECRET) == LOCAL_BEACON.public_key
    assert beacon.is_valid(LOCAL_BEACON, local_pulse(5))
    assert not beacon.is_valid(BEACON, local_pulse(5))


def test_blocks_bring_the_rounds_of_their_time(local: Chain) -> None:
    local.produce(3)
    assert stored(local) == list(range(FIRST, FIRST + 9))
    assert pulses_in(local, 1, 2, 3) == [1, 4, 4]


def test_equal_chains_have_equal_blocks_with_pulses(local: Chain) -> None:
    with Chain.dev(beacon="local") as other:
        assert local.produce(5) == other.produce(5)
    with Chain.dev() as third:
        assert third.genesis_hash != local.genesis_hash


def test_other_nodes_import_blocks_with_pulses(local: Chain) -> None:
    with Chain.dev(beacon="local") as other:
        for _ in range(3):
            block = local.produce_block()
            assert other.import_block(block.header, list(block.extrinsics)).hash == block.hash


def test_a_chain_that_lags_behind_catches_up_with_50_rounds_a_block(local: Chain) -> None:
    local.produce()
    assert isinstance(local.clock, LogicalClock)
    local.clock.travel(1_000_000, EPOCH_MS)
    local.produce(3)
    assert pulses_in(local, 2, 3, 4) == [50, 50, 50]
    assert stored(local) == list(range(FIRST, FIRST + 151))


def test_root_may_set_the_local_beacon(chain: Chain) -> None:
    chain.produce()
    assert stored(chain) == []
    config = {"public_key": LOCAL_BEACON.public_key, "period": 3, "genesis_time": 1_692_803_367}
    names = {"hash": b"", "group_hash": b"", "scheme_id": b"", "metadata": {"beacon_id": b""}}
    payload = {"block_number": 0, "config": {**config, **names}, "public": {"Sr25519": bytes(32)}}
    call = chain.call("Drand.set_beacon_config", config_payload=payload, signature=None)
    chain.execute("Sudo.sudo", "//Alice", call=call)
    chain.produce(2)
    assert stored(chain) == list(range(FIRST + 8, FIRST + 13))


def test_no_pulse_is_put_into_a_block_that_refuses_it(local: Chain) -> None:
    local.produce()
    NextUnsignedAt.put(local.pending_context(), 3)
    assert len(local.produce_block().extrinsics) == 2
    assert len(local.produce_block().extrinsics) == 2 + 8


def test_a_live_chain_has_no_local_beacon() -> None:
    with pytest.raises(ConfigError, match="local on a chain for development"):
        Chain.dev(beacon="local", chain_type="Live")
    with pytest.raises(ConfigError, match="expected the beacon quicknet, or local"):
        Chain.dev(beacon="other")


# --- pulses that come from outside ---------------------------------------------------------------------------


def test_waiting_pulses_are_in_the_next_block(chain: Chain) -> None:
    chain.pulses = waiting = WaitingPulses()
    waiting.add(chain.context(), [ROUND_2000, ROUND_1000])
    assert waiting.has(1000)
    chain.produce()
    assert stored(chain) == [1000, 2000]
    assert len(chain.produce_block().extrinsics) == 2
    waiting.add(chain.context(), [])
    assert not waiting.has(1000)


def test_recorded_pulses_wait_for_their_time() -> None:
    with Chain.dev(start_ms=1_692_806_352_000) as chain:
        forged = Pulse(1001, ROUND_1000.randomness, ROUND_1000.signature)
        chain.pulses = RecordedPulses([ROUND_2000, forged, ROUND_1000])
        chain.produce()
        assert stored(chain) == []
        chain.produce()
        assert stored(chain) == [1000]
        chain.produce(300)
        assert stored(chain) == [1000, 2000]


def test_a_pulse_may_be_submitted_without_a_signer(chain: Chain, local: Chain) -> None:
    chain.submit_pulse(1000, ROUND_1000.signature)
    local.submit_pulse(FIRST + 1_000)
    for each in (chain, local):
        each.produce()
    assert (stored(chain), stored(local)) == ([1000], [FIRST, FIRST + 1_000])
    with pytest.raises(Rejected, match="Transaction is outdated"):
        chain.submit_pulse(1000, ROUND_1000.signature)
    with pytest.raises(ChainError, match="expected a signature of the beacon"):
        chain.submit_pulse(2000)


@pytest.mark.parametrize("signature", [b"garbage", ROUND_2000.signature, b""])
def test_a_submitted_pulse_that_is_not_the_beacons_changes_nothing(chain: Chain, signature: bytes) -> None:
    chain.submit_pulse(1000, signature)
    block = chain.produce_block()
    assert len(block.extrinsics) == 3
    assert isinstance(block.events[-1].event, ExtrinsicFailed) is (signature != ROUND_2000.signature)
    assert stored(chain) == []
    assert chain.query("Drand.LastStoredRound") == 0


def test_an_extrinsic_with_a_pulse_may_be_submitted_as_any_other(chain: Chain) -> None:
    chain.submit(pulse_extrinsic(chain.pending_context(), ROUND_1000))
    chain.produce()
    assert stored(chain) == [1000]


# --- what pulses reveal --------------------------------------------------------------------------------------


def test_a_local_chain_reveals_commitments(local: Chain) -> None:
    local.execute("SubtensorModule.register_network", "//Alice", hotkey="//Alice//hot")
    number = local.query("Drand.LastStoredRound") + 10
    sealed = {"TimelockEncrypted": {"encrypted": local.encrypt(b"secret", number), "reveal_round": number}}
    local.execute("Balances.transfer_keep_alive", "//Alice", dest="//Alice//hot", value=10**9)
    local.execute("Commitments.set_commitment", "//Alice//hot", netuid=NETUID, info={"fields": [sealed]})
    assert local.query("Commitments.RevealedCommitments", NETUID, "//Alice//hot") is None
    local.produce(3)
    ((message, block),) = local.query("Commitments.RevealedCommitments", NETUID, "//Alice//hot")
    assert (message, local.query("Drand.LastStoredRound", at=block - 1) >= number) == (b"secret", True)
