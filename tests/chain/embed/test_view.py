"""A chain as it was after a block."""

from __future__ import annotations

import pytest
from pysubtensor.chain.history.blocks import Retention, StateDiscarded, UnknownBlock
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.pallets import system

from pysubtensor import Chain

TAO = 10**9


def test_a_view_stays_as_the_chain_was() -> None:
    with Chain.dev() as chain:
        chain.produce(1)
        view = chain.at(1)
        chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
        chain.fund("//Bob", TAO)
        assert (view.number, view.hash, view.header.number) == (1, chain.hash_at(1), 1)
        assert view.query("System.Account", "//Bob").data.free == 1_000_000 * TAO
        assert view.ask("AccountNonceApi.account_nonce", "//Alice") == 0
        assert system.Number.get(view.context()) == 1
        assert len(view.block.body) == 2
        assert chain.at(chain.head.hash).ask("AccountNonceApi.account_nonce", "//Alice") == 1


def test_a_view_ends_with_its_block() -> None:
    with Chain(dev(), retention=Retention(states=2)) as chain:
        chain.produce(3)
        view = chain.at(3)
        chain.produce(5)
        with pytest.raises(StateDiscarded):
            view.query("System.Number")
        view = chain.at(8)
        chain.rollback_to(7)
        with pytest.raises(UnknownBlock):
            view.query("System.Number")
