"""Which blocks are final, for whom, and that finality survives: restarts, rollbacks, anchors and pruning."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysubtensor.chain.blocks import Head
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.chain.pool.status import DROPPED, MAX_UNFINAL, READY, Status
from pysubtensor.genesis.presets import dev

from pysubtensor import Chain, ChainError


def transfer(chain: Chain, nonce: int | None = None) -> bytes:
    return chain.sign(chain.call("Balances.transfer_keep_alive", dest="//Bob", value=7), "//Alice", nonce=nonce)


def watch(chain: Chain, raw: bytes) -> list[Status]:
    heard: list[Status] = []
    chain.pool.submit(raw, heard.append)
    return heard


def hash_of(chain: Chain, number: int) -> bytes:
    found = chain.hash_at(number)
    assert found is not None
    return found


def test_a_chain_makes_each_block_final_at_once() -> None:
    with Chain.dev() as chain:
        heard = watch(chain, transfer(chain))
        for number in range(1, 4):
            assert chain.produce() == chain.finalized == Head(number, hash_of(chain, number))
        block = hash_of(chain, 1)
        assert heard == [READY, Status("inBlock", block), Status("finalized", block)]


def test_blocks_are_final_when_enough_blocks_are_on_top() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(2)
        announced: list[Head] = []
        chain.finality.listeners.append(announced.append)
        heard = watch(chain, transfer(chain))
        numbers = []
        for _ in range(5):
            chain.produce()
            numbers.append((chain.finalized.number, len(heard)))
        assert numbers == [(0, 2), (0, 2), (1, 3), (2, 3), (3, 3)]
        assert heard[2] == Status("finalized", hash_of(chain, 1))
        assert announced == [Head(number, hash_of(chain, number)) for number in (1, 2, 3)]


def test_a_smaller_lag_makes_blocks_final_and_a_larger_one_takes_none_back() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(4)
        chain.produce(6)
        assert chain.finalized.number == 2
        chain.finality.set_lag(1)
        assert chain.finalized.number == 5
        chain.finality.set_lag(9)
        assert chain.produce(2).number == 8
        assert chain.finalized.number == 5
        chain.finality.set_lag(None)
        chain.produce(20)
        assert chain.finalized.number == 5


def test_what_is_finalized_lies_between_the_last_final_block_and_the_head() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(None)
        announced: list[Head] = []
        chain.finality.listeners.append(announced.append)
        chain.produce(5)
        chain.finality.finalize(3)
        chain.finality.finalize(3)
        for number in (2, 6):
            with pytest.raises(ChainError, match=f"from the last final one, 3, to the head, 5, got {number}"):
                chain.finality.finalize(number)
        assert chain.finalized == Head(3, hash_of(chain, 3))
        assert announced == [chain.finalized], "once for the three blocks, and only once"


def test_transactions_of_several_blocks_become_final_in_the_order_of_the_blocks() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(None)
        heard: list[tuple[int, Status]] = []
        for nonce in range(4):
            chain.pool.submit(transfer(chain, nonce), lambda status, nonce=nonce: heard.append((nonce, status)))
            if nonce % 2:
                chain.produce()
        heard.clear()
        chain.finality.finalize(2)
        one, two = (Status("finalized", hash_of(chain, number)) for number in (1, 2))
        assert heard == [(0, one), (1, one), (2, two), (3, two)]


# --- what survives -------------------------------------------------------------------------------------------


def test_the_final_block_is_the_same_after_a_restart(tmp_path: Path) -> None:
    with Chain(dev(), tmp_path) as chain:
        chain.finality.set_lag(None)
        chain.produce(7)
        chain.finality.finalize(4)
        final = chain.finalized
    with Chain(dev(), tmp_path) as chain:
        assert (chain.finalized, chain.head.number) == (final, 7)
        chain.finality.set_lag(2)
        assert chain.finalized.number == 5
        chain.produce(2)
    with Chain(dev(), tmp_path) as chain:
        assert (chain.finalized.number, chain.head.number) == (7, 9)


def test_a_store_of_before_holds_final_blocks_only(tmp_path: Path) -> None:
    with Chain(dev(), tmp_path) as chain:
        chain.produce(3)
        chain.history._store.write({b"f": None})
    with Chain(dev(), tmp_path) as chain:
        assert chain.finalized == chain.head


@pytest.mark.parametrize("retention", [Retention(1, 1), Retention(3, 5), Retention(2, None)])
def test_what_is_not_final_is_never_pruned(retention: Retention) -> None:
    with Chain(dev(), retention=retention) as chain:
        chain.finality.set_lag(None)
        chain.produce(10)
        chain.finality.finalize(6)
        chain.produce(30)
        for number in range(6, 41):
            assert chain.query("System.Number", at=number) == number
        chain.finality.set_lag(2)
        chain.produce(10)
        kept = retention.states
        assert kept is not None
        for number in (chain.finalized.number, chain.head.number + 1 - kept):
            assert chain.query("System.Number", at=number) == number
        oldest = min(chain.finalized.number, chain.head.number + 1 - kept)
        assert chain.history.head.first_state == oldest


def test_a_rollback_takes_final_blocks_back_with_the_others() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(2)
        chain.produce(8)
        chain.rollback_to(7)
        assert chain.finalized.number == 6
        chain.rollback_to(3)
        assert chain.finalized == chain.head == Head(3, hash_of(chain, 3))
        chain.produce(4)
        assert chain.finalized.number == 5


def test_a_rollback_drops_the_transactions_of_its_blocks_and_no_others() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(2)
        first = watch(chain, transfer(chain))
        chain.produce()
        second = watch(chain, transfer(chain))
        chain.produce()
        waiting = watch(chain, transfer(chain))
        chain.rollback_to(1)
        assert second[2:] == waiting[1:] == [DROPPED]
        chain.produce(2)
        assert first[2:] == [Status("finalized", hash_of(chain, 1))]


def test_an_anchor_restores_the_final_block_and_is_no_news_for_transactions_before_it() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(2)
        in_block = watch(chain, transfer(chain))
        chain.produce(2)
        waiting = watch(chain, transfer(chain))
        before = chain.finalized
        with chain.anchor():
            inside = watch(chain, transfer(chain))
            block = hash_of(chain, chain.produce().number)
            unseen = watch(chain, transfer(chain))
        assert chain.finalized == before
        assert waiting == [READY, Status("inBlock", block)], "it waits again"
        assert inside == [READY, Status("inBlock", block), DROPPED]
        assert unseen == [READY, DROPPED]
        assert in_block[2:] == [Status("finalized", hash_of(chain, 1))], "that it was final is not taken back"
        again = hash_of(chain, chain.produce(3).number - 2)
        assert waiting[2:] == [Status("inBlock", again), Status("finalized", again)]


def test_a_watcher_of_before_an_anchor_hears_nothing_of_it() -> None:
    with Chain.dev() as chain:
        heard = watch(chain, transfer(chain, nonce=1))
        with chain.anchor():
            chain.produce(3)
        assert [status.kind for status in heard] == ["future"]
        chain.submit(transfer(chain, nonce=0))
        chain.produce()
        assert [status.kind for status in heard] == ["future", "ready", "inBlock", "finalized"]


# --- the time-out --------------------------------------------------------------------------------------------


def test_a_transaction_that_512_later_blocks_with_transactions_do_not_make_final_times_out() -> None:
    """As on the genuine node, which counts the blocks that include transactions of its pool."""
    assert MAX_UNFINAL == 512
    with Chain.dev() as chain:
        chain.finality.set_lag(None)
        heard = watch(chain, transfer(chain))
        chain.produce(20)  # empty ones do not count
        for _ in range(511):
            chain.submit(transfer(chain))
            chain.produce()
        assert len(heard) == 2
        last = watch(chain, transfer(chain))
        chain.produce()
        assert heard[2:] == [Status("finalityTimeout", hash_of(chain, 1))]
        assert heard[-1].is_last
        chain.finality.finalize(chain.head.number)
        assert len(heard) == 3
        assert [status.kind for status in last] == ["ready", "inBlock", "finalized"]
