"""Expiries: their order, and that the entries of transactions that have left do not pile up."""

from __future__ import annotations

from random import Random

from pysubtensor.chain.pool.expiries import SLACK, Expiries
from pysubtensor.runtime.frame.era import Era

from pysubtensor import Chain


def test_the_first_to_expire_come_first() -> None:
    last_blocks = {bytes([number]): Random(number).randrange(20) for number in range(50)}
    expiries = Expiries()
    for transaction_hash, last_block in last_blocks.items():
        expiries.add(transaction_hash, last_block, last_blocks)
    for number in range(20):
        expected = sorted(each for each, last_block in last_blocks.items() if last_block == number)
        assert expiries.pop(number) == expected
    assert len(expiries) == 0


def test_entries_of_transactions_that_have_left_are_removed() -> None:
    expiries, waiting = Expiries(), {bytes([7]): "one that stays"}
    expiries.add(bytes([7]), 3, waiting)
    for number in range(10_000):
        expiries.add(number.to_bytes(4, "big"), 1 << 62, waiting)
        assert len(expiries) <= 2 + SLACK + 2
    assert expiries.copy().pop(3) == [bytes([7])]
    assert expiries.pop(3) == [bytes([7])]


def test_a_pool_forgets_mortal_transactions_that_are_in_blocks() -> None:
    with Chain.dev() as chain:
        for _ in range(2 * SLACK):
            call = chain.call("System.remark", remark=b"")
            chain.submit(chain.sign(call, "//Alice", era=Era.mortal(4096, chain.head.number)))
            chain.produce()
        assert 0 < len(chain.pool._expiries) <= SLACK + 3
