"""Which of the ready transactions a block takes, and which blocks of others are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pysubtensor.chain import authoring
from pysubtensor.chain.authoring import MAX_PASSED_OVER, BlockBuilder, BlockRejected, BuiltBlock, build_block
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.unshielding import ShieldKeys
from pysubtensor.runtime import executive
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchError
from pysubtensor.runtime.frame.extrinsic import Extrinsic, Id
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.frame.validity import ExhaustsResources, Future, Refused
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive

from tests.world import ALICE_KEY, BOB, BOB_KEY

TIME = 1_700_000_004_000
#: What goes before the transactions: the time, and a key for encrypted ones.
INHERENTS = 2


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        yield made


def transfer(chain: Chain, nonce: int) -> Extrinsic:
    return chain.runtime.decode(chain.sign(transfer_keep_alive.call(Id(BOB), 1), ALICE_KEY, nonce=nonce))


def build(chain: Chain, *ready: Extrinsic) -> tuple[BuiltBlock, list[tuple[Extrinsic, object]]]:
    """Build a block on the head; return it and what was refused."""
    head, refused = chain.head, list[tuple[Extrinsic, object]]()
    builder = BlockBuilder(chain.runtime, chain.state, chain.history.trie, 12_000, head.number, head.hash)
    built = build_block(
        builder, TIME, ready, lambda extrinsic, why: refused.append((extrinsic, why)), ShieldKeys(head.hash)
    )
    return built, refused


def spoil(monkeypatch: pytest.MonkeyPatch, answer: Callable[[Extrinsic], Exception | None]) -> list[Extrinsic]:
    """Let signed transactions raise what `answer` returns; return the list of those that are tried."""
    tried: list[Extrinsic] = []
    apply = executive.apply_extrinsic

    def apply_or_raise(ctx: Context, extrinsic: Extrinsic) -> DispatchError | None:
        if extrinsic.signer is not None:
            tried.append(extrinsic)
            if (error := answer(extrinsic)) is not None:
                raise error
        return apply(ctx, extrinsic)

    monkeypatch.setattr(authoring.executive, "apply_extrinsic", apply_or_raise)
    return tried


def test_what_is_not_applicable_is_refused_and_the_rest_goes_into_the_block(chain: Chain) -> None:
    early, first, second = transfer(chain, 7), transfer(chain, 0), transfer(chain, 1)
    built, refused = build(chain, first, early, second)
    assert built.body[INHERENTS:] == (first.raw, second.raw)
    ((extrinsic, why),) = refused
    assert extrinsic is early
    assert isinstance(why, Refused)
    assert why.reason == Future()


def test_a_transaction_that_breaks_the_runtime_is_refused(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good, panic = transfer(chain, 0), transfer(chain, 0), ZeroDivisionError()
    spoil(monkeypatch, lambda extrinsic: panic if extrinsic is bad else None)
    built, refused = build(chain, bad, good)
    assert built.body[INHERENTS:] == (good.raw,)
    assert refused == [(bad, panic)]


@pytest.mark.parametrize(("large", "taken"), [(MAX_PASSED_OVER - 1, 1), (MAX_PASSED_OVER, 0)])
def test_a_block_is_full_when_eight_transactions_have_not_fit(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, large: int, taken: int
) -> None:
    assert MAX_PASSED_OVER == 8
    big, small = [transfer(chain, 1) for _ in range(large)], transfer(chain, 0)
    tried = spoil(monkeypatch, lambda extrinsic: None if extrinsic is small else Refused(ExhaustsResources()))
    built, refused = build(chain, *big, small)
    assert len(built.body) == INHERENTS + taken
    assert len(tried) == large + taken
    assert refused == []


# --- blocks of others ------------------------------------------------------------------------------------------


@pytest.fixture
def block() -> tuple[Header, list[bytes]]:
    """A block that another chain made, with a transaction."""
    with Chain.dev() as author:
        author.submit(transfer(author, 0).raw)
        author.produce_block()
        stored = author.block(author.head.hash)
    assert stored is not None
    return Header.decode(stored.header), list(stored.body)


@pytest.mark.parametrize("field", ["state_root", "extrinsics_root"])
def test_a_root_that_comes_out_differently_is_refused(
    chain: Chain, block: tuple[Header, list[bytes]], field: str
) -> None:
    header, body = block
    with pytest.raises(BlockRejected, match=f"block 1 claims the {field} 0x{'11' * 32}, it is 0x"):
        chain.import_block(replace(header, **{field: b"\x11" * 32}), body)
    assert chain.head.number == 0
    assert chain.import_block(header, body).number == 1


def test_a_block_of_another_parent_or_number_is_refused(chain: Chain, block: tuple[Header, list[bytes]]) -> None:
    header, body = block
    for wrong in (replace(header, number=2), replace(header, parent_hash=b"\x11" * 32)):
        with pytest.raises(BlockRejected, match=f"expected block 1 on top of 0x{header.parent_hash.hex()}, got block"):
            chain.import_block(wrong, body)


def test_a_block_that_cannot_be_executed_is_refused(chain: Chain, block: tuple[Header, list[bytes]]) -> None:
    header, body = block
    late = chain.sign(transfer_keep_alive.call(Id(BOB), 1), BOB_KEY, nonce=9)
    for wrong in ([*body, late], [*body, b"\xff"], body[::-1]):
        with pytest.raises(BlockRejected, match="block 1 cannot be executed: "):
            chain.import_block(header, wrong)
    assert chain.head.number == 0
