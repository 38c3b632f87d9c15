"""Which of the ready transactions a block takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pysubtensor.chain import authoring
from pysubtensor.chain.authoring import MAX_PASSED_OVER, BlockBuilder, BuiltBlock, build_block
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.unshielding import ShieldKeys
from pysubtensor.runtime import executive
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchError
from pysubtensor.runtime.frame.extrinsic import Extrinsic, Id
from pysubtensor.runtime.frame.validity import ExhaustsResources, Future, Refused
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive

from tests.world import ALICE_KEY, BOB

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
