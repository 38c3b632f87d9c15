"""What an operator does with a pool."""

from __future__ import annotations

import pytest
from pysubtensor.chain.pool.operating import drop, future_hashes, retract
from pysubtensor.chain.pool.rejections import Banned
from pysubtensor.chain.pool.status import Status
from pysubtensor.runtime.crypto.hashing import blake2_256

from pysubtensor import Chain


def remark(chain: Chain, nonce: int) -> bytes:
    return chain.sign(chain.call("System.remark", remark=b""), "//Alice", nonce=nonce)


def test_a_transaction_that_is_dropped_takes_those_that_need_it_and_may_come_again() -> None:
    with Chain.dev() as chain:
        raws = [remark(chain, nonce) for nonce in (0, 1, 3)]
        hashes = [chain.submit(raw) for raw in raws]
        assert future_hashes(chain.pool) == hashes[2:]
        assert drop(chain.pool, hashes[0]) == hashes[:2]
        assert chain.submit(raws[0]) == hashes[0]
        assert set(drop(chain.pool, None)) == {hashes[0], hashes[2]}
        assert len(chain.pool) == 0
        assert drop(chain.pool, hashes[0]) == []


def test_a_transaction_that_is_retracted_may_be_submitted_again() -> None:
    with Chain.dev() as chain:
        chain.finality.set_lag(None)
        raw, heard = remark(chain, 0), list[Status]()
        chain.pool.submit(raw, heard.append)
        block = chain.produce_block()
        chain._roll_back(0)
        with pytest.raises(Banned):
            chain.submit(raw)
        retract(chain.pool, 0, [blake2_256(raw)])
        chain.submit(raw)
        again = chain.produce_block()
        kinds = [(status.kind, status.hash) for status in heard]
        assert kinds == [
            ("ready", None),
            ("inBlock", block.hash),
            ("retracted", block.hash),
            ("ready", None),
            ("inBlock", again.hash),
        ]
