"""Transactions that take an author's time: each block ends in time, nothing is lost, and the rest comes later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from pysubtensor.chain.clock import TimeLimit
from pysubtensor.runtime.client.encryption import encrypt
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.frame.era import Era
from pysubtensor.runtime.pallets.mev_shield import submit_encrypted
from pysubtensor.runtime.pallets.system import remark

from pysubtensor import Chain
from tests.world import ALICE_KEY

#: The time and the key for shielded transactions, which come first.
INHERENTS = 2


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        made.produce(3)
        yield made


def limit() -> TimeLimit:
    """Time for 90 transactions: a clock that reads one more at each, and a tenth of the limit for the end."""
    ticks = count()
    return TimeLimit(100, lambda: float(next(ticks)))


def sizes(chain: Chain) -> list[int]:
    """Make blocks until the pool is empty; return how many transactions each has."""
    found = []
    while len(chain.pool):
        found.append(len(chain.produce_block(limit=limit()).extrinsics) - INHERENTS)
    return found


def test_remarks_are_spread_over_blocks(chain: Chain) -> None:
    raws = [chain.sign(remark.call(bytes(1_000)), ALICE_KEY, nonce=nonce) for nonce in range(200)]
    for raw in raws:
        chain.submit(raw)
    assert sizes(chain) == [90, 90, 20]
    bodies = [chain.block(chain.hash_at(number) or b"") for number in range(4, 7)]
    assert [raw for body in bodies if body for raw in body.body[INHERENTS:]] == raws


def test_wrappers_are_opened_within_the_time(chain: Chain) -> None:
    """Each opens the same content, which is no extrinsic, so that wrappers alone are in the blocks."""
    ciphertext = encrypt(chain.query("MevShield.NextKey"), b"no extrinsic", bytes(32), bytes(24)).ciphertext()
    born, signer = chain.head.number, Signer(chain.genesis_hash)
    for nonce in range(100):
        call = submit_encrypted.call(ciphertext)
        era = Era.mortal(8, born)
        chain.submit(signer.sign(call, ALICE_KEY, nonce=nonce, era=era, era_hash=chain.head.hash))
    assert sizes(chain) == [90, 10]
