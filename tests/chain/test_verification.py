"""Blocks of other authors: exactly those that Aura accepts join the chain, and a refused one changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pysubtensor.chain import verification as verify
from pysubtensor.chain.authoring import BlockBuilder
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.executive import apply_extrinsic
from pysubtensor.runtime.frame import block_validity as validity
from pysubtensor.runtime.frame.digest import Consensus, Digest, DigestItem, Other, PreRuntime, Seal, aura_pre_runtime
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Id
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.timestamp import set_
from pysubtensor.runtime.scale import ScaleError

from pysubtensor import Chain, ChainConfig, SystemClock
from tests.world import ALICE_KEY, BOB, BOB_KEY

SLOT_MS = 12_000
#: The clock of the chain that verifies: in the middle of slot 100,000,000.
SLOT = 100_000_000
NOW_MS = SLOT * SLOT_MS + 6_000
YEAR_SLOTS = 365 * 24 * 300
#: The last slot that 64 bits of milliseconds have.
LAST_SLOT = ((1 << 64) - 1) // SLOT_MS


def config(**changes: Any) -> ChainConfig:
    """A live chain with //Alice as its only author, and the machine's time."""
    return dev(**({"chain_type": "Live", "start_ms": None} | changes))


def clock(now_ms: int = NOW_MS) -> SystemClock:
    return SystemClock(lambda: now_ms / 1000)


@pytest.fixture
def chain() -> Iterator[Chain]:
    """A live chain whose head is the block of the slot before."""
    with Chain(config(), clock=clock(NOW_MS - SLOT_MS)) as made:
        made.produce_block(lambda slot: ALICE_KEY)
        made.clock = clock()
        yield made


def time(slot: int, more_ms: int = 0) -> bytes:
    """Return the inherent that sets the time to the beginning of a slot, or later."""
    return ExtrinsicCodec.bare(set_.call(slot * SLOT_MS + more_ms))


def execute(chain: Chain, digest: list[DigestItem], body: list[bytes]) -> Header:
    """Return the header of a block with these items and extrinsics on the head; the chain stays as it was."""
    head = chain.head
    builder = BlockBuilder(chain.runtime, chain.state, chain.history.trie, SLOT_MS, head.number, head.hash)
    ctx = builder.begin(digest)
    for raw in body:
        apply_extrinsic(ctx, chain.runtime.decode(raw))
    header = builder.end(ctx).header
    chain.state.discard()
    chain.history.trie.discard()
    return header


def seal(header: Header, key: Keypair = ALICE_KEY, engine: bytes = b"aura", more: bytes = b"", cut: int = 64) -> Header:
    """Return the header with a seal: a signature, of which `cut` bytes are left, and more bytes."""
    return with_items(header, [*header.digest.logs, Seal(engine, key.sign(header.hash)[:cut] + more)])


def with_items(header: Header, logs: list[DigestItem]) -> Header:
    return replace(header, digest=Digest(logs))


def good(chain: Chain, slot: int = SLOT) -> tuple[Header, list[bytes]]:
    """Return a block of a slot, without its seal."""
    body = [time(slot), chain.sign(transfer_keep_alive.call(Id(BOB), 1), ALICE_KEY, nonce=0)]
    return execute(chain, [aura_pre_runtime(slot)], body), body


def refuses(
    chain: Chain, header: Header, body: list[bytes], error: type[Exception], text: str | None = None
) -> verify.BlockRejected:
    """Expect that the chain refuses a block and stays as it was."""
    head, state = chain.head, dict(chain.context().state.items(b""))
    with pytest.raises(error, match=text) as refusal:
        chain.import_block(header, body)
    assert type(refusal.value) is error
    assert isinstance(refusal.value, verify.BlockRejected)
    assert chain.head == head
    assert dict(chain.context().state.items(b"")) == state
    return refusal.value


def goes_on(chain: Chain) -> None:
    """Check that the right block can be imported, and that another one can be made on top."""
    header, body = good(chain)
    number = chain.head.number
    assert chain.import_block(seal(header), body).number == number + 1
    chain.clock = clock(NOW_MS + SLOT_MS)
    chain.produce_block(lambda slot: ALICE_KEY)
    assert chain.head.number == number + 2


# --- the header ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BadHeader:
    """A change of the good header, and what the refusal is."""

    name: str
    change: Callable[[Header], Header]
    error: type[verify.BlockRejected]
    text: str
    sealed: Callable[[Header], Header] = field(default=seal)


HEADERS = [
    BadHeader(
        "number", lambda h: replace(h, number=3), verify.UnknownParent, "expected block 2 on top of .*, got block 3"
    ),
    BadHeader("parent", lambda h: replace(h, parent_hash=bytes(32)), verify.UnknownParent, "on top of 0x00000000"),
    BadHeader("no seal", lambda h: h, verify.HeaderUnsealed, "expected a seal", lambda h: h),
    BadHeader("no digest", lambda h: with_items(h, []), verify.HeaderUnsealed, "expected a seal", lambda h: h),
    BadHeader(
        "another item after the seal",
        lambda h: h,
        verify.HeaderUnsealed,
        "expected a seal as the last",
        lambda h: with_items(seal(h), [*seal(h).digest.logs, Other(b"")]),
    ),
    BadHeader(
        "another engine",
        lambda h: h,
        verify.HeaderBadSeal,
        "got 64 for b'BABE'",
        lambda h: seal(h, engine=b"BABE"),
    ),
    BadHeader("short seal", lambda h: h, verify.HeaderBadSeal, "got 63", lambda h: seal(h, cut=63)),
    BadHeader("no slot", lambda h: with_items(h, []), verify.NoSlotClaim, "expected one item"),
    BadHeader(
        "a slot of 7 bytes", lambda h: with_items(h, [PreRuntime(b"aura", bytes(7))]), verify.NoSlotClaim, "got none"
    ),
    BadHeader(
        "slot of another engine",
        lambda h: with_items(h, [PreRuntime(b"BABE", SLOT.to_bytes(8, "little"))]),
        verify.NoSlotClaim,
        "got none",
    ),
    BadHeader(
        "two slots",
        lambda h: with_items(h, [aura_pre_runtime(SLOT), aura_pre_runtime(SLOT)]),
        verify.MultipleSlotClaims,
        "expected one item of the digest that claims a slot, got 2",
    ),
    *(
        BadHeader(
            f"{ahead} slots ahead",
            lambda h, ahead=ahead: with_items(h, [aura_pre_runtime(SLOT + ahead)]),  # type: ignore[misc]
            verify.HeaderTooFarInFuture,
            f"expected at most slot {SLOT + 1}, got {SLOT + ahead}",
        )
        for ahead in (2, YEAR_SLOTS, LAST_SLOT - SLOT, (1 << 64) - 1 - SLOT)
    ),
    BadHeader("another author", lambda h: h, verify.BadSignature, "expected a seal by", lambda h: seal(h, BOB_KEY)),
    BadHeader(
        "changed after sealing",
        lambda h: h,
        verify.BadSignature,
        f"the author of slot {SLOT}",
        lambda h: replace(seal(h), state_root=bytes(32)),
    ),
    BadHeader(
        "signature of zeros",
        lambda h: h,
        verify.BadSignature,
        "expected a seal",
        lambda h: with_items(h, [*h.digest.logs, Seal(b"aura", bytes(64))]),
    ),
]


@pytest.mark.parametrize("bad", HEADERS, ids=lambda bad: bad.name)
def test_a_header_that_aura_refuses_is_refused(chain: Chain, bad: BadHeader) -> None:
    header, body = good(chain)
    refuses(chain, bad.sealed(bad.change(header)), body, bad.error, bad.text)
    goes_on(chain)


def test_a_chain_without_authorities_has_no_author_for_a_slot() -> None:
    with Chain(config(authorities=()), clock=clock()) as chain:
        header, body = good(chain)
        refuses(chain, seal(header), body, verify.SlotAuthorNotFound, "the chain has none")


def test_a_block_may_be_a_slot_ahead_of_the_clock(chain: Chain) -> None:
    header, body = good(chain, SLOT + 1)
    assert chain.import_block(seal(header), body).number == 2


def test_bytes_after_the_signature_are_ignored(chain: Chain) -> None:
    header, body = good(chain)
    assert chain.import_block(seal(header, more=b"more"), body).number == 2


def test_items_of_other_engines_are_executed_with_the_block(chain: Chain) -> None:
    items = [PreRuntime(b"shld", b"shares"), aura_pre_runtime(SLOT), PreRuntime(b"aura", b"short")]
    header = execute(chain, items, [time(SLOT)])
    assert header.digest.logs[: len(items)] == items
    assert chain.import_block(seal(header), [time(SLOT)]).number == 2


def test_a_chain_goes_on_after_a_block_whose_first_claim_is_unreadable(chain: Chain) -> None:
    """Aura's client reads the second claim, the runtime only the first: the time stays in the slot of the parent."""
    items = [PreRuntime(b"aura", b"short"), aura_pre_runtime(SLOT)]
    body = [time(SLOT - 1, 6_000)]
    assert chain.import_block(seal(execute(chain, items, body)), body).number == 2
    goes_on(chain)


# --- the body --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inherent", "text"),
    [
        (time(SLOT, 36_001), f"TooFarInFuture: expected at most {NOW_MS + 30_000} ms, got {NOW_MS + 30_001}$"),
        (time(LAST_SLOT), "TooFarInFuture"),
        (time(SLOT - 1, 5_999), f"TooEarly: expected at least {(SLOT - 1) * SLOT_MS + 6_000} ms"),
    ],
)
def test_the_time_fits_the_clock_and_the_parents_time(chain: Chain, inherent: bytes, text: str) -> None:
    header, body = good(chain)
    refuses(chain, seal(header), [inherent, *body[1:]], verify.InherentRejected, text)
    goes_on(chain)


def test_what_the_execution_refuses_is_refused_with_its_reason(chain: Chain) -> None:
    header, (inherent, transfer) = good(chain)
    late = chain.sign(transfer_keep_alive.call(Id(BOB), 1), BOB_KEY, nonce=9)
    cases: list[tuple[list[bytes], type[Exception], str | None]] = [
        ([transfer], validity.TimestampMissing, "Timestamp must be updated once in the block"),
        ([], validity.TimestampMissing, "expected an inherent that sets the time, got none"),
        ([inherent, inherent], validity.TimestampSetTwice, "Timestamp must be updated only once in the block"),
        ([time(SLOT + 1)], validity.SlotMismatch, f"expected a time in slot {SLOT}"),
        ([transfer, inherent], validity.InherentOutOfPlace, "inherent 1 comes after transaction 0"),
        ([inherent, late], validity.InapplicableExtrinsic, "extrinsic 1: Transaction will be valid in the future"),
        ([inherent, transfer, transfer], validity.InapplicableExtrinsic, "extrinsic 2: Transaction is outdated"),
        ([inherent], validity.DigestMismatch, "Digest item must match that calculated"),
        ([inherent, b"\xff"], ScaleError, None),
        ([inherent, b""], ScaleError, None),
        ([inherent, transfer[:-1]], ScaleError, None),
    ]
    for body, cause, text in cases:
        refusal = refuses(chain, seal(header), body, verify.InvalidExecution, text)
        assert isinstance(refusal.__cause__, cause)
    goes_on(chain)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda h: replace(h, state_root=bytes(32)), validity.StateRootMismatch),
        (lambda h: replace(h, extrinsics_root=bytes(32)), validity.ExtrinsicsRootMismatch),
        (lambda h: with_items(h, [aura_pre_runtime(SLOT - 1)]), validity.SlotNotIncreased),
        (lambda h: with_items(h, [aura_pre_runtime(1)]), validity.SlotNotIncreased),
        (lambda h: with_items(h, [*h.digest.logs, Other(b"more")]), validity.DigestMismatch),
        (lambda h: with_items(h, [Other(b"more"), *h.digest.logs]), validity.DigestMismatch),
        (lambda h: with_items(h, [*h.digest.logs, Consensus(b"aura", b"\2")]), validity.DigestMismatch),
        (lambda h: with_items(seal(h), seal(h).digest.logs), validity.DigestMismatch),
    ],
)
def test_a_header_with_another_result_is_refused(
    chain: Chain, change: Callable[[Header], Header], cause: type[Exception]
) -> None:
    header, body = good(chain)
    refusal = refuses(chain, seal(change(header)), body, verify.InvalidExecution)
    assert isinstance(refusal.__cause__, cause)
    goes_on(chain)


def test_a_block_that_breaks_the_runtime_is_refused_and_logged(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a defect")

    header, body = good(chain)
    with monkeypatch.context() as patch:
        patch.setattr(verify, "apply_body", broken)
        refuses(chain, seal(header), body, verify.InvalidExecution, r"ZeroDivisionError\('a defect'\)")
    assert "block 2 could not be executed" in caplog.text
    goes_on(chain)


# --- chains with other clocks, and blocks without a seal -----------------------------------------------------------


@pytest.mark.parametrize(("slot", "allowed"), [(SLOT + YEAR_SLOTS, True), (LAST_SLOT, False), ((1 << 64) - 1, False)])
def test_unsealed_blocks_of_development_chains_are_ahead_of_the_clock_but_end_in_the_year_9999(
    slot: int, allowed: bool
) -> None:
    with Chain(config(chain_type="Development"), clock=clock()) as chain:
        if allowed:
            header, body = good(chain, slot)
            assert chain.import_block(header, body).number == 1
        else:
            header, body = good(chain)
            header = with_items(header, [aura_pre_runtime(slot)])
            refuses(chain, header, body, verify.HeaderTooFarInFuture, "expected at most slot 21116858400, got")
        chain.produce()


def test_an_unsealed_block_claims_one_slot_all_the_same() -> None:
    with Chain(config(chain_type="Development"), clock=clock()) as chain:
        header, body = good(chain)
        refuses(chain, with_items(header, []), body, verify.NoSlotClaim)
        refuses(chain, with_items(header, [aura_pre_runtime(SLOT)] * 2), body, verify.MultipleSlotClaims)
        refuses(chain, seal(header, BOB_KEY), body, verify.BadSignature)
        assert chain.import_block(header, body).number == 1


def test_a_logical_clock_tells_no_present_but_time_ends() -> None:
    with Chain(config(start_ms=SLOT_MS)) as chain:
        header, body = good(chain, SLOT + YEAR_SLOTS)
        assert chain.import_block(seal(header), body).number == 1
        beyond = with_items(header, [aura_pre_runtime(LAST_SLOT)])
        following = replace(beyond, number=2, parent_hash=chain.head.hash)
        refuses(chain, seal(following), body, verify.HeaderTooFarInFuture)
        chain.produce()
