"""Snapshots: a chain goes back to them at any length, they end in order, and they cost what was changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.version import STATE_VERSION

from pysubtensor import Chain, ChainError
from tests.chain.embed.test_anchor import everything

TAO = 10**9


def test_a_chain_goes_back_to_a_snapshot_behind_more_blocks_than_it_keeps() -> None:
    with Chain(dev(), retention=Retention(states=3, blocks=3)) as chain:
        chain.produce(4)
        chain.submit(chain.sign(chain.call("System.remark", remark="0x01"), "//Alice"))
        before = everything(chain)
        snapshot = chain.snapshot()
        chain.travel(hours=5)
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
        chain.produce(50)
        assert chain.revert(snapshot, keep=True) == before[0]
        assert everything(chain) == before
        chain.produce(20)
        chain.revert(snapshot)
        assert everything(chain) == before
        assert chain.head_header.state_root == root_of(chain.state.items(b""), STATE_VERSION)
        chain.produce(20)
        assert chain.hash_at(5) is None, "a snapshot that has ended keeps nothing"


def test_going_back_ends_the_snapshot_and_all_later_ones() -> None:
    with Chain.dev() as chain:
        first, second, third = chain.snapshot("a"), chain.snapshot("b"), chain.snapshot("c")
        assert first < second < third
        chain.revert(second)
        for ended in (second, third):
            with pytest.raises(ChainError, match=f"expected the id of a snapshot, got {ended}: there are {first};"):
                chain.revert(ended)
        fourth = chain.snapshot()
        assert fourth > third, "ids are not used again"
        assert [(each.id, each.label) for each in chain.snapshots()] == [(first, "a"), (fourth, "")]
        chain.drop_snapshot(first)
        chain.drop_snapshot(fourth)
        with pytest.raises(ChainError, match="there is none"):
            chain.drop_snapshot(first)


def test_blocks_that_are_taken_back_end_the_snapshots_on_them() -> None:
    with Chain.dev() as chain:
        chain.produce(2)
        kept = chain.snapshot()
        chain.produce(2)
        chain.snapshot()
        chain.rollback_to(3)
        assert [each.id for each in chain.snapshots()] == [kept]


def test_an_anchor_keeps_snapshots_from_before_it_out_of_reach() -> None:
    with Chain.dev() as chain:
        outside = chain.snapshot()
        with chain.anchor():
            chain.produce(3)
            with pytest.raises(ChainError, match="before an anchor that is still open: leave the anchor first"):
                chain.revert(outside)
            inside = chain.snapshot()
            chain.produce(3)
            assert chain.revert(inside).number == 3
        assert chain.revert(outside).number == 0


def test_an_anchor_ends_the_snapshots_inside_of_it() -> None:
    with Chain.dev() as chain:
        with chain.anchor():
            chain.snapshot()
        assert chain.snapshots() == []


def test_edits_come_back_with_the_snapshot_that_has_them() -> None:
    with Chain.dev() as chain:
        free = chain.fund("//Poor", TAO)
        snapshot = chain.snapshot()
        chain.fund("//Poor", TAO)
        chain.produce(2)
        assert chain.query("System.Account", "//Poor").data.free == 2 * TAO
        chain.revert(snapshot)
        assert chain.query("System.Account", "//Poor").data.free == free == TAO
        chain.produce(1)
        assert chain.query("System.Account", "//Poor").data.free == TAO


def test_a_chain_on_disk_that_is_closed_keeps_what_came_after_a_snapshot(tmp_path: Path) -> None:
    with Chain(dev(), tmp_path) as chain:
        chain.snapshot()
        head = chain.produce(2)
    with Chain(dev(), tmp_path) as chain:
        assert chain.head == head
        assert chain.snapshots() == []


def test_two_chains_do_not_touch() -> None:
    with Chain.dev() as one, Chain.dev() as other:
        snapshot = one.snapshot()
        one.fund("//Poor", TAO)
        one.produce(3)
        assert (other.head.number, other.query("System.Account", "//Poor").data.free) == (0, 0)
        assert other.snapshots() == []
        other.produce(3)
        one.revert(snapshot)
        assert other.head.number == 3
