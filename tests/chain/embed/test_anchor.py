"""Anchors revert everything that happens inside, for any number of blocks, and also after an exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.version import STATE_VERSION

from pysubtensor import Chain, ChainError, Keypair

TAO = 10**9


def everything(chain: Chain) -> tuple[Any, ...]:
    """Return everything that an anchor restores."""
    kept = [chain.hash_at(number) for number in range(chain.head.number + 2)]
    waiting = [extrinsic.raw for extrinsic in chain.pool.ready()]
    now = chain.clock.next_timestamp(0, chain.slot_ms)
    return chain.head, chain.head_header, dict(chain.state.items(b"")), waiting, now, kept[-3:]


@pytest.mark.parametrize("states", [1, 5])
@pytest.mark.parametrize("on_disk", [False, True])
def test_an_anchor_reverts_more_blocks_than_the_retention_keeps(tmp_path: Path, states: int, on_disk: bool) -> None:
    retention = Retention(states=states, blocks=states)
    with Chain(dev(), tmp_path if on_disk else None, retention=retention) as chain:
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
        chain.produce(7)
        chain.submit(chain.sign(chain.call("System.remark", remark="0x01"), "//Alice"))
        before = everything(chain)
        with chain.anchor():
            chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
            with chain.anchor():
                chain.produce(40)
            assert chain.head.number == 9
            chain.produce(60)
        assert everything(chain) == before
        assert chain.head_header.state_root == root_of(chain.state.items(b""), STATE_VERSION)
        chain.produce(40)
        assert chain.hash_at(30) is None, "outside of anchors the retention holds again"
    if on_disk:
        with Chain(dev(), tmp_path, retention=retention) as chain:
            assert chain.head.number == 48


def fail_inside(chain: Chain) -> None:
    with chain.anchor():
        chain.produce(3)
        chain.context().state.put(b"dirty", b"1")
        raise ZeroDivisionError


def test_an_anchor_reverts_when_an_error_ends_it() -> None:
    with Chain.dev() as chain:
        before = everything(chain)
        with pytest.raises(ZeroDivisionError):
            fail_inside(chain)
        assert everything(chain) == before


def test_an_anchor_reverts_what_is_in_no_block() -> None:
    with Chain.dev() as chain:
        chain.context().state.put(b"before", b"1")
        with chain.anchor():
            system.Account.remove(chain.context(), Keypair.from_uri("//Bob").account)
            chain.context().state.put(b"before", b"2")
        assert chain.state.changes() == {b"before": b"1"}
        assert chain.query("System.Account", "//Bob").data.free == 1_000_000 * TAO
        chain.state.discard()


def test_blocks_before_an_anchor_stay_while_it_lasts() -> None:
    with Chain.dev() as chain:
        chain.produce(5)
        with chain.anchor():
            chain.produce(2)
            with pytest.raises(ChainError, match="expected a block from 5 on, which an anchor holds, got block 4"):
                chain.rollback_to(4)
            assert chain.rollback_to(6).number == 6
        assert chain.rollback_to(4).number == 4


def test_a_chain_that_is_closed_inside_of_anchors_keeps_nothing_of_them(tmp_path: Path) -> None:
    with Chain(dev(), tmp_path) as chain:
        chain.produce(2)
        with chain.anchor(), chain.anchor():
            chain.produce(3)
            chain.close()
        assert not chain.is_open
    with Chain(dev(), tmp_path) as chain:
        assert chain.head.number == 2


def test_a_chain_that_is_closed_inside_of_an_anchor_has_the_final_block_of_before(tmp_path: Path) -> None:
    with Chain(dev(), tmp_path) as chain:
        chain.finality.set_lag(3)
        chain.produce(5)
        with chain.anchor():
            chain.produce(7)
            assert chain.finalized.number == 9
            chain.close()
    with Chain(dev(), tmp_path) as chain:
        assert (chain.head.number, chain.finalized.number) == (5, 2)


def test_an_outer_anchor_that_ends_first_undoes_the_inner_one_as_well() -> None:
    """As when two test fixtures hold an anchor each and are torn down in the order in which they were set up."""
    with Chain.dev() as chain:
        chain.produce(2)
        before = everything(chain)
        outer, inner = chain.anchor(), chain.anchor()
        outer.__enter__()
        chain.produce(3)
        inner.__enter__()
        chain.produce(3)
        outer.__exit__(None, None, None)
        assert everything(chain) == before
        chain.produce(1)
        after = everything(chain)
        inner.__exit__(None, None, None)
        assert everything(chain) == after
        assert chain.rollback_to(0).number == 0, "no anchor holds blocks any more"


def test_the_blocks_of_an_anchor_are_made_again_as_they_were() -> None:
    with Chain.dev() as chain:
        raw = chain.sign(chain.call("Balances.transfer_all", dest="//Bob", keep_alive=True), "//Alice")
        heads = []
        for _ in range(2):
            with chain.anchor():
                chain.submit(raw)
                heads.append(chain.produce(3))
        chain.submit(raw)
        assert [chain.produce(3)] * 2 == heads


def test_an_anchor_reverts_finality_without_a_block_inside() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(None)
        chain.produce(3)
        with chain.anchor():
            chain.finality.finalize(2)
        assert (chain.finalized.number, chain.finalized.hash) == (0, chain.genesis_hash)
        assert chain.head.number == 3
