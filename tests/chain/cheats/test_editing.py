"""Edits of the state between blocks: seen at once, part of the next block, and beside it in the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysubtensor.chain.cheats.editing import editing
from pysubtensor.chain.history.rescue import verify
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.version import STATE_VERSION

from pysubtensor import Chain, ChainError, Keypair, TransactionFailed

TAO = 10**9
POOR = Keypair.from_uri("//Poor").account


def free(chain: Chain, at: int | None = None) -> int:
    data = chain.query("System.Account", POOR, at=at).data
    assert isinstance(data.free, int)
    return data.free


def test_an_edit_is_seen_at_once_and_changes_no_state_after_a_block() -> None:
    with Chain.dev() as chain:
        chain.produce(3)
        chain.fund(POOR, TAO)
        assert (chain.head.number, free(chain), free(chain, at=2)) == (3, TAO, 0)
        assert chain.call_api("AccountNonceApi_account_nonce", POOR) == bytes(4)
        chain.produce(1)
        assert [free(chain, at=number) for number in (2, 3, 4)] == [0, 0, TAO]
        assert chain.head_header.state_root == root_of(chain.state.items(b""), STATE_VERSION)
        chain.rollback_to(3)
        assert free(chain) == 0


@pytest.mark.lawless("removes an account with its funds")
def test_the_history_has_the_edits_of_each_block() -> None:
    key = system.Account.key_of([POOR])
    with Chain.dev() as chain:
        chain.fund(POOR, TAO)
        value = chain.state.get(key)
        chain.produce(2)
        assert chain.history.records.edits(1)[key] == value
        assert chain.history.records.edits(2) == {}
        with editing(chain) as ctx:
            system.Account.remove(ctx, POOR)
        chain.produce(1)
        assert chain.history.records.edits(3) == {key: None}
        chain.rollback_to(0)
        chain.produce(3)
        assert [chain.history.records.edits(number) for number in (1, 2, 3)] == [{}, {}, {}]


def break_off(chain: Chain) -> None:
    with editing(chain) as ctx:
        system.Account.remove(ctx, POOR)
        raise ZeroDivisionError


def test_an_edit_that_fails_changes_nothing() -> None:
    with Chain.dev() as chain:
        chain.fund(POOR, TAO)
        before = chain.state.changes()
        with pytest.raises(ChainError, match=r"^Token.BelowMinimum$"):
            chain.fund("//Other", 1)
        with pytest.raises(ZeroDivisionError):
            break_off(chain)
        assert chain.state.changes() == before


def test_edits_survive_a_block_that_fails() -> None:
    with Chain.dev() as chain:
        chain.fund(POOR, TAO)
        chain.shield_keys = None  # type: ignore[assignment]  # what breaks the author
        with pytest.raises(AttributeError):
            chain.produce_block()
        assert (chain.head.number, free(chain)) == (0, TAO)


def test_the_signer_of_a_failed_transaction_keeps_what_it_was_given() -> None:
    with Chain.dev() as chain:
        chain.fund(POOR, TAO)
        with pytest.raises(TransactionFailed):
            chain.execute("Balances.transfer_keep_alive", "//Poor", dest="//Bob", value=2 * TAO)
        assert 0 < free(chain) < TAO


def test_edits_of_a_chain_on_disk_wait_for_their_block(tmp_path: Path) -> None:
    with Chain(dev(), tmp_path) as chain:
        chain.produce(2)
        chain.fund(POOR, TAO)
    with Chain(dev(), tmp_path) as chain:
        assert (chain.head.number, free(chain), free(chain, at=1)) == (2, TAO, 0)
        chain.produce(1)
        assert free(chain) == TAO
        key = system.Account.key_of([POOR])
        assert key in chain.history.records.edits(3)
    assert verify(tmp_path, lambda *progress: None).problems == ()
    with Chain(dev(), tmp_path) as chain:
        assert free(chain) == TAO
        assert chain.state.changes() == {}


def test_a_block_with_the_same_edits_is_imported() -> None:
    with Chain.dev() as chain, Chain.dev() as other:
        chain.fund(POOR, TAO)
        block = chain.produce_block()
        other.fund(POOR, TAO)
        assert other.import_block(block.header, list(block.extrinsics)).hash == block.hash


def test_there_are_no_edits_while_a_block_is_made() -> None:
    with Chain.dev() as chain, chain.state.transaction(), pytest.raises(ChainError, match="between two blocks"):
        chain.fund(POOR, TAO)
