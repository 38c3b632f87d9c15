"""Weights: sums, limits, classes, and what nested calls report."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.errors import BadOrigin, Module, ModuleError
from pysubtensor.runtime.frame.nested import NestedResult, attempt, attempt_unfiltered
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN, signed
from pysubtensor.runtime.frame.weight import (
    AS_DECLARED,
    ZERO,
    DispatchClass,
    DispatchInfo,
    Pays,
    PostInfo,
    Weight,
    WeightPerClass,
    weight_of,
)
from pysubtensor.runtime.pallets import sudo, system
from pysubtensor.runtime.scale import Err, Ok

from tests.world import ALICE, BOB, U64_MAX, empty_context

SMALL, WIDE, BOTH = Weight(1, 9), Weight(8, 2), Weight(9, 11)


def test_both_parts_are_added_and_multiplied_and_saturate() -> None:
    assert SMALL + WIDE == BOTH
    assert BOTH - WIDE == SMALL
    assert Weight(0, 7) == SMALL - WIDE
    assert Weight(3, 27) == SMALL * 3
    assert Weight(U64_MAX, 1) + Weight(1, U64_MAX) == Weight(U64_MAX, U64_MAX)
    assert Weight(1 << 63, 2) * 2 == Weight(U64_MAX, 4)


def test_a_weight_is_greater_when_one_part_is() -> None:
    assert SMALL.any_gt(WIDE)
    assert WIDE.any_gt(SMALL)
    assert not SMALL.any_gt(BOTH)
    assert not SMALL.any_gt(SMALL)
    assert (SMALL.larger(WIDE), SMALL.smaller(WIDE)) == (Weight(8, 9), Weight(1, 2))


def test_accesses_of_the_database_take_25_and_100_microseconds() -> None:
    """The RocksDB weights of FRAME (`frame/support/src/weights/rocksdb_weights.rs`), in picoseconds."""
    assert weight_of(7, 5, reads=2, writes=3) == Weight(7 + 2 * 25_000_000 + 3 * 100_000_000, 5)
    assert weight_of(7) == Weight(7, 0)


def test_a_total_has_all_parts() -> None:
    assert WeightPerClass(SMALL, WIDE, BOTH).total() == Weight(18, 22)
    assert DispatchInfo(SMALL, WIDE, DispatchClass.Normal, Pays.Yes).total_weight == BOTH


@pytest.mark.parametrize(
    ("reported", "counted"), [(None, BOTH), (SMALL, SMALL), (Weight(10, 3), Weight(9, 3)), (ZERO, ZERO)]
)
def test_a_nested_call_costs_what_it_reports_and_at_most_what_it_declares(
    reported: Weight | None, counted: Weight
) -> None:
    info = DispatchInfo(SMALL, WIDE, DispatchClass.Normal, Pays.Yes)
    assert NestedResult(PostInfo(reported), None).weight(info) == counted


def test_a_nested_call_fails_without_failing_the_call_around_it() -> None:
    ctx = empty_context(spec_425(), 1)
    call = system.set_storage.call([(b"key", b"value")])
    assert attempt(ctx, signed(ALICE), call) == NestedResult(AS_DECLARED, BadOrigin())
    assert attempt(ctx, signed(ALICE), call).result == Err(BadOrigin())
    assert ctx.state.get(b"key") is None
    done = attempt(ctx, ROOT_ORIGIN, call)
    assert (done.error, done.result, ctx.state.get(b"key")) == (None, Ok(None), b"value")


def test_filters_are_skipped_for_the_call_itself_alone() -> None:
    ctx = empty_context(spec_425(), 1)
    sudo.Key.put(ctx, ALICE)
    nothing = signed(ALICE).restricted(lambda call: False)
    filtered = Module(ModuleError(0, b"\5\0\0\0"))  # System.CallFiltered
    assert attempt(ctx, nothing, system.remark.call(b"")).error == filtered
    assert attempt_unfiltered(ctx, nothing, system.remark.call(b"")).error is None
    assert attempt_unfiltered(ctx, signed(BOB), sudo.sudo.call(system.remark.call(b""))).error is not None
