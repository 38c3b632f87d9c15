"""Which of the ready transactions a block takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from pysubtensor.chain import authoring
from pysubtensor.chain.authoring import BlockBuilder, BuiltBlock, build_block
from pysubtensor.chain.clock import TimeLimit
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.unshielding import ShieldKeys
from pysubtensor.runtime import executive
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.crypto.accounts import evm_account
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchError
from pysubtensor.runtime.frame.extrinsic import Extrinsic, Id
from pysubtensor.runtime.frame.validity import ExhaustsResources, Future, Refused
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.system import remark
from pysubtensor.runtime.scale import encode_compact

from tests.world import ALICE_KEY, BOB, BOB_KEY, KEYS

TIME = 1_700_000_004_000
#: What goes before the transactions: the time, and a key for encrypted ones.
INHERENTS = 2
KEYS_OF_OTHERS = [Keypair.from_uri(f"//Other{number}") for number in range(30)]


@pytest.fixture
def chain() -> Iterator[Chain]:
    with Chain.dev() as made:
        yield made


def transfer(chain: Chain, nonce: int, key: Keypair = ALICE_KEY) -> Extrinsic:
    return chain.runtime.decode(chain.sign(transfer_keep_alive.call(Id(BOB), 1), key, nonce=nonce))


def ticking() -> Callable[[], float]:
    """A clock that reads 0, 1, 2, …"""
    ticks = count()
    return lambda: float(next(ticks))


def build(
    chain: Chain, *ready: Extrinsic, limit: TimeLimit | None = None
) -> tuple[BuiltBlock, list[tuple[Extrinsic, object]]]:
    """Build a block on the head; return it and what was refused."""
    head, refused = chain.head, list[tuple[Extrinsic, object]]()
    builder = BlockBuilder(chain.runtime, chain.state, chain.history.trie, 12_000, head.number, head.hash)
    keys = ShieldKeys(head.hash)
    built = build_block(builder, TIME, ready, lambda each, why: refused.append((each, why)), keys, limit=limit)
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


@pytest.mark.parametrize(("large", "taken"), [(8, 1), (9, 0)])
def test_a_block_is_full_at_the_ninth_transaction_that_does_not_fit(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, large: int, taken: int
) -> None:
    big, small = [transfer(chain, 0, key) for key in KEYS_OF_OTHERS[:large]], transfer(chain, 0)
    tried = spoil(monkeypatch, lambda extrinsic: None if extrinsic is small else Refused(ExhaustsResources()))
    built, refused = build(chain, *big, small)
    assert len(built.body) == INHERENTS + taken
    assert len(tried) == large + taken
    assert refused == []


def test_before_half_of_the_time_is_over_more_may_be_skipped(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock reads 1, 2, … at the transactions, after the eighth twice at each; 18 is half of 40 less 10 %."""
    big = [transfer(chain, 0, key) for key in KEYS_OF_OTHERS]
    tried = spoil(monkeypatch, lambda extrinsic: Refused(ExhaustsResources()))
    build(chain, *big, limit=TimeLimit(40, ticking()))
    assert len(tried) == 13


def test_authoring_ends_with_its_time_and_the_rest_waits(chain: Chain) -> None:
    """A tenth of 10 s is for the end of the block; the clock reads 1, 2, … at the transactions."""
    for nonce in range(12):
        chain.submit(transfer(chain, nonce).raw)
    block = chain.produce_block(limit=TimeLimit(10, ticking()))
    assert len(block.extrinsics) == INHERENTS + 9
    assert len(chain.pool) == chain.pool.ready_count == 3
    assert len(chain.produce_block(limit=TimeLimit(10, ticking())).extrinsics) == INHERENTS + 3


def test_a_transaction_at_least_is_tried(chain: Chain) -> None:
    chain.submit(transfer(chain, 0).raw)
    assert len(chain.produce_block(limit=TimeLimit(0, lambda: 5.0)).extrinsics) == INHERENTS + 1


def test_without_a_limit_no_clock_is_read(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: pytest.fail("the clock is read"))
    for nonce in range(20):
        chain.submit(transfer(chain, nonce).raw)
    assert len(chain.produce_block().extrinsics) == INHERENTS + 20


def test_later_transactions_of_a_sender_wait_with_one_that_does_not_fit(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    big, later, other = transfer(chain, 0), transfer(chain, 1), transfer(chain, 0, BOB_KEY)
    tried = spoil(monkeypatch, lambda extrinsic: Refused(ExhaustsResources()) if extrinsic is big else None)
    built, refused = build(chain, big, later, other)
    assert built.body[INHERENTS:] == (other.raw,)
    assert (tried, refused) == ([big, other], [])


def test_a_block_has_four_mebibytes_and_512_bytes_at_most(chain: Chain) -> None:
    """Four remarks of a mebibyte do not fit beside the inherents and their own signatures; a small one does."""
    for key, size in zip(KEYS, [1 << 20] * 4 + [1_000], strict=False):
        chain.submit(chain.sign(remark.call(bytes(size)), key))
    header = chain.produce_block()
    size = len(header.header.encode()) + len(encode_compact(len(header.extrinsics))) + sum(map(len, header.extrinsics))
    assert len(header.extrinsics) == INHERENTS + 4
    assert (1 << 20) * 3 < size <= 4 * 1024 * 1024 + 512
    assert chain.pool.ready_count == 1


# --- transactions that take long ---------------------------------------------------------------------------------

#: Jumps to itself for as long as there is gas.
ENDLESS = bytes.fromhex("5b600056")
CONTRACT = b"\x11" * 20


def endless(chain: Chain, nonce: int) -> Extrinsic:
    """A call of the contract with nearly all gas of a block: a minute of work."""
    source = BOB_KEY.account[:20]
    chain.set_balance(evm_account(source), "100tao")
    chain.set_storage("EVM.AccountCodes", CONTRACT, value=ENDLESS)
    call = chain.call(
        "EVM.call",
        source=source,
        target=CONTRACT,
        input=b"",
        value=0,
        gas_limit=60_000_000,
        max_fee_per_gas=10**11,
        access_list=[],
        authorization_list=[],
    )
    return chain.runtime.decode(chain.sign(call, BOB_KEY, nonce=nonce))


def test_a_transaction_that_takes_longer_than_an_author_has_is_refused(chain: Chain) -> None:
    chain.submit(endless(chain, 0).raw)
    chain.submit(transfer(chain, 0).raw)
    before = chain.query("System.Account", BOB)
    blocks = [chain.produce_block(limit=TimeLimit(100, ticking())) for _ in range(2)]
    assert sum(len(block.extrinsics) - INHERENTS for block in blocks) == 1
    after = chain.query("System.Account", BOB)
    assert (after.nonce, after.data.free) == (before.nonce, before.data.free + 1)
    assert len(chain.pool) == 0


def test_a_transaction_that_began_late_waits_for_the_next_block(chain: Chain) -> None:
    """The clock reads 1 to 60 at the transactions; half of the time less 10 % is over at 45."""
    simple = [transfer(chain, nonce) for nonce in range(60)]
    built, refused = build(chain, *simple, endless(chain, 0), limit=TimeLimit(100, ticking()))
    assert len(built.body) == INHERENTS + 60
    assert refused == []
