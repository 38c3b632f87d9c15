"""The block under construction and origins: marks, phases, indices, and who may do what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed
from pysubtensor.runtime.frame.events import ApplyExtrinsic, Finalization, Initialization
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, Origin, is_none, signed
from pysubtensor.runtime.frame.validity import (
    Custom,
    Future,
    Invalid,
    NoUnsignedValidator,
    Refused,
    Unknown,
    Validity,
    explain,
)
from pysubtensor.runtime.pallets.grandpa import Paused
from pysubtensor.runtime.pallets.system import KilledAccount, NewAccount

from tests.world import ALICE, BOB, U64_MAX, empty_context

SPECIAL = Origin(special=Paused())


@pytest.fixture
def ctx() -> Context:
    return empty_context(number=1)


def test_rewinding_drops_what_came_after_the_mark(ctx: Context) -> None:
    block = ctx.block
    block.author = ALICE
    block.digest.append(aura_pre_runtime(1))
    ctx.deposit(NewAccount(ALICE))
    mark = block.mark()
    block.author = BOB
    block.digest.append(aura_pre_runtime(2))
    ctx.deposit(NewAccount(BOB))
    ctx.deposit(KilledAccount(BOB))
    block.rewind(mark)
    assert (block.events, block.digest, block.author) == ([NewAccount(ALICE)], [aura_pre_runtime(1)], ALICE)
    assert len(block.records) == 1


def test_events_are_recorded_with_phase_and_without_topics(ctx: Context) -> None:
    """As `EventRecord` of frame_system: phase, pallet and variant, fields, an empty list."""
    expected = []
    for phase, encoded in ((Initialization(), b"\2"), (ApplyExtrinsic(3), b"\0\3\0\0\0"), (Finalization(), b"\1")):
        ctx.block.enter_phase(phase)
        ctx.deposit(NewAccount(ALICE))
        ctx.deposit_encoded(KilledAccount(BOB), b"\0\4" + BOB)
        expected += [encoded + b"\0\3" + ALICE + b"\0", encoded + b"\0\4" + BOB + b"\0"]
    assert ctx.block.records == expected
    assert ctx.block.events == [NewAccount(ALICE), KilledAccount(BOB)] * 3


def test_only_extrinsics_have_an_index(ctx: Context) -> None:
    assert ctx.extrinsic_index is None
    ctx.block.enter_phase(Finalization())
    assert ctx.extrinsic_index is None
    ctx.block.enter_phase(ApplyExtrinsic(0))
    assert ctx.extrinsic_index == 0


@pytest.mark.parametrize(
    ("check", "allowed"),
    [(Context.ensure_signed, signed(ALICE)), (Context.ensure_root, ROOT_ORIGIN), (Context.ensure_none, NONE)],
)
def test_each_origin_passes_its_own_check_alone(
    ctx: Context, check: Callable[[Context], object], allowed: Origin
) -> None:
    for origin in (signed(ALICE), ROOT_ORIGIN, NONE, SPECIAL):
        other = ctx.with_origin(origin)
        assert (other.state, other.block, other.runtime, other.origin) == (ctx.state, ctx.block, ctx.runtime, origin)
        if origin == allowed:
            check(other)
            continue
        with pytest.raises(DispatchFailed) as failure:
            check(other)
        assert failure.value.error == BadOrigin()
    assert ctx.with_origin(signed(ALICE)).ensure_signed() == ALICE
    assert [is_none(origin) for origin in (signed(ALICE), ROOT_ORIGIN, NONE, SPECIAL)] == [False, False, True, False]


def test_filters_add_up() -> None:
    first, second = (lambda call: True), (lambda call: False)
    origin = signed(ALICE).restricted(first).restricted(second)
    assert (origin.account, origin.filters) == (ALICE, (first, second))


def test_a_refusal_has_the_genuine_nodes_message() -> None:
    assert explain(Future()) == str(Refused(Future())) == "Transaction will be valid in the future"
    assert explain(Custom(7)) == "Custom error: 7"
    assert Refused(Future()).error == Invalid(Future())
    assert Refused(NoUnsignedValidator()).error == Unknown(NoUnsignedValidator())


def test_validity_begins_open_and_its_priority_saturates() -> None:
    valid = Validity().finish()
    assert (valid.priority, valid.requires, valid.provides) == (0, [], [])
    assert (valid.longevity, valid.propagate) == (U64_MAX, True)
    assert Validity(priority=U64_MAX + 5).finish().priority == U64_MAX
