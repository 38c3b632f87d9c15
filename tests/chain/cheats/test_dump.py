"""A chain in one file: the same bytes for the same chain, and the same chain for these bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysubtensor.chain.cheats.dump import dump_bytes
from pysubtensor.chain.clock import SystemClock
from pysubtensor.genesis.presets import dev

from pysubtensor import Chain, ChainError
from tests.chain.embed.test_anchor import everything

TAO = 10**9


def a_day(chain: Chain) -> None:
    subnet = chain.subnet(tempo=5)
    chain.produce(3)
    # Signatures of sr25519 are random; this one is the same each time.
    chain.execute("Balances.transfer_keep_alive", chain.as_account("//Alice"), dest="//Bob", value=TAO)
    chain.next_epoch(subnet)
    chain.fund("//Poor", TAO)
    chain.travel(hours=1)


def test_a_chain_that_is_loaded_is_the_one_that_was_dumped(tmp_path: Path) -> None:
    with Chain.dev(tempo=5, balances={"//Alice": 100 * TAO}, overrides={"Balances.MaxLocks": 7}) as chain:
        a_day(chain)
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Alice//other", value=TAO)
        chain.submit(chain.sign(chain.call("System.remark", remark="0x01"), "//Alice"))
        path = chain.dump(tmp_path / "day.chain")
        with Chain.load(path) as again:
            assert again.config == chain.config
            assert everything(again) == everything(chain)
            assert again.dump(tmp_path / "again.chain").read_bytes() == path.read_bytes()
            assert again.produce(5) == chain.produce(5)
            assert again.query("System.Account", "//Poor", at=2).data.free == 0
            assert again.rollback_to(2) == chain.rollback_to(2)


def test_equal_chains_give_equal_files_whatever_they_went_through() -> None:
    with Chain.dev() as one, Chain.dev() as other:
        a_day(one)
        with other.anchor():
            other.produce(70)
        snapshot = other.snapshot()
        other.fund("//Bob", 5)
        other.produce(9)
        other.revert(snapshot)
        a_day(other)
        assert dump_bytes(one) == dump_bytes(other)
        other.produce(1)
        assert dump_bytes(one) != dump_bytes(other)


def test_a_clock_that_is_ahead_of_the_machine_stays_so(tmp_path: Path) -> None:
    with Chain(dev(), clock=SystemClock(lambda: 1_800_000_000.0)) as chain:
        chain.travel(days=2)
        path = chain.dump(tmp_path / "late.chain")
        with Chain.load(path) as again:
            assert isinstance(again.clock, SystemClock)
            assert again.clock.ahead_ms == chain.clock.ahead_ms  # type: ignore[attr-defined]  # it is the same class


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with Chain.dev() as chain:
        path = chain.dump(tmp_path / "some.chain")
        data = path.read_bytes()
        for broken, why in (
            (data[:-1], "is not whole: its digest is another one"),
            (data[:5000] + bytes([data[5000] ^ 1]) + data[5001:], "is not whole: its digest is another one"),
            (b"something else", "expected a chain that was dumped, got"),
            (b"", "expected a chain that was dumped, got"),
        ):
            path.write_bytes(broken)
            with pytest.raises(ChainError, match=why):
                Chain.load(path)
        with pytest.raises(ChainError, match=r"cannot read .*missing: No such file"):
            Chain.load(tmp_path / "missing")
        with pytest.raises(ChainError, match="cannot write"):
            chain.dump(tmp_path)
