"""Watchers of transactions: who hears what, and for how long."""

from __future__ import annotations

from pysubtensor.chain.pool.status import READY, Status, Watchers

HASH, BLOCK = b"\1" * 32, b"\2" * 32
LAST = Status("finalized", BLOCK)


def test_each_watcher_hears_of_its_transaction_until_the_last_status() -> None:
    watchers = Watchers()
    first: list[Status] = []
    second: list[Status] = []
    watchers.add(HASH, first.append)
    watchers.add(HASH, second.append)
    watchers.report(b"\3" * 32, READY)
    watchers.report(HASH, READY)
    watchers.report(HASH, LAST)
    watchers.report(HASH, READY)
    assert first == second == [READY, LAST]


def test_a_watcher_that_leaves_takes_no_other_with_it() -> None:
    watchers = Watchers()
    first: list[Status] = []
    second: list[Status] = []
    leaving, staying = first.append, second.append
    watchers.add(HASH, leaving)
    watchers.add(HASH, staying)
    watchers.remove(HASH, leaving)
    watchers.report(HASH, READY)
    assert (first, second) == ([], [READY])
    watchers.remove(HASH, leaving)
    watchers.remove(HASH, staying)
    watchers.remove(HASH, staying)
    watchers.report(HASH, READY)
    assert second == [READY]
    assert watchers._by_hash == {}


def test_a_copy_is_watched_by_itself() -> None:
    watchers = Watchers()
    heard: list[Status] = []
    watchers.add(HASH, heard.append)
    copy = watchers.copy()
    copy.add(HASH, heard.append)
    watchers.report(HASH, READY)
    assert len(heard) == 1
    copy.report(HASH, READY)
    assert len(heard) == 3
