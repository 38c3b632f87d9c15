"""Bans of transactions: how long they hold and how many are remembered."""

from __future__ import annotations

from pysubtensor.chain.pool.bans import MAX_BANS, Bans


def key(number: int) -> bytes:
    return number.to_bytes(32, "little")


def test_a_ban_holds_up_to_its_last_block() -> None:
    bans = Bans()
    assert bans.until(key(1)) == -1
    bans.add(key(1), 7)
    assert bans.until(key(1)) == 7


def test_the_oldest_bans_are_forgotten_and_a_renewed_one_is_new() -> None:
    bans = Bans()
    for number in range(MAX_BANS):
        bans.add(key(number), 1)
    bans.add(key(0), 2)
    assert [bans.until(key(number)) for number in (0, 1)] == [2, 1]
    bans.add(key(MAX_BANS), 1)
    assert [bans.until(key(number)) for number in (0, 1, 2, MAX_BANS)] == [2, -1, 1, 1]
    assert MAX_BANS == 4096


def test_a_copy_changes_by_itself() -> None:
    bans = Bans({key(1): 5})
    copy = bans.copy()
    copy.add(key(2), 6)
    assert (copy.until(key(1)), copy.until(key(2)), bans.until(key(2))) == (5, 6, -1)
