"""Mistakes in declarations and compositions: each is refused where it is made, and the message names the culprit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pysubtensor.consensus.internal import InternalError
from pysubtensor.runtime import executive
from pysubtensor.runtime.frame.block_types import RUNTIME_EXTRINSIC
from pysubtensor.runtime.frame.call import RUNTIME_CALL
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.pallet import Pallet
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.runtime_types import ORIGIN_CALLER, RUNTIME_EVENT, RUNTIME_HOLD_REASON, EventRecord
from pysubtensor.runtime.frame.weight import ZERO
from pysubtensor.runtime.metadata import VERSIONS, encoded_metadata
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.scale import AnyCodec, codec_of, u32

from tests.runtime.frame.small_pallets import NotesEvent, clock, clock_runtime, notes, write
from tests.world import GENESIS_HASH, empty_context


def toy(name: str = "Toy", index: int = 9, **parts: Any) -> Pallet:
    return Pallet(name, index, crate="pallet_toy", **parts)


# --- pallets ---------------------------------------------------------------------------------------------------


def test_two_pallets_of_a_runtime_have_different_indices_and_names() -> None:
    with pytest.raises(TypeError, match="Clock and Notes share the index 7"):
        Runtime([system.pallet, notes, clock])
    with pytest.raises(TypeError, match="two pallets have the name Toy"):
        Runtime([system.pallet, toy(index=8), toy(index=9)])


@pytest.mark.parametrize("index", [-1, 256, True])
def test_indices_are_bytes(index: int) -> None:
    with pytest.raises(TypeError, match=f"Toy: expected an index from 0 to 255, got {index}"):
        toy(index=index)
    with pytest.raises(TypeError, match=rf"Toy\.plain: expected an index from 0 to 255, got {index}"):
        toy().call(index, weight=ZERO)(plain)


def test_an_enum_belongs_to_one_pallet() -> None:
    with pytest.raises(TypeError, match=r"Toy: expected an enum of its own, NotesEvent belongs to Notes \(7\)"):
        toy(event=NotesEvent)
    assert (NotesEvent.pallet_name, NotesEvent.pallet_index) == ("Notes", 7)


def test_an_item_without_a_name_is_found_by_the_runtime() -> None:
    pallet = toy()
    pallet.value(u32, docs="A number.")
    with pytest.raises(TypeError, match=r"Toy: expected name_declared\(\) after the last of 1 declarations"):
        Runtime([system.pallet, pallet])


# --- calls -----------------------------------------------------------------------------------------------------


def plain(ctx: Context) -> None:
    """Do nothing."""


def test_two_calls_of_a_pallet_have_different_indices_and_names() -> None:
    pallet = toy()
    pallet.call(0, weight=ZERO)(plain)
    with pytest.raises(TypeError, match="Toy has two calls with the name plain"):
        pallet.call(1, weight=ZERO)(plain)
    with pytest.raises(TypeError, match="Toy has two calls with index 0"):
        pallet.call(0, weight=ZERO)(plain)


def of_python(ctx: Context, amount: int) -> None:
    """Take an argument that has no encoding."""


def of_nothing(ctx: Context, amount) -> None:  # type: ignore[no-untyped-def]
    """Take an argument without an annotation."""


@pytest.mark.parametrize(
    ("body", "message"),
    [(of_python, r"Toy\.of_python\.amount: .* has no SCALE encoding"), (of_nothing, r"Toy\.of_nothing: .* amount")],
)
def test_an_argument_has_an_encoding(body: Callable[..., None], message: str) -> None:
    pallet = toy()
    pallet.call(0, weight=ZERO)(body)
    with pytest.raises(TypeError, match=message):
        Runtime([system.pallet, pallet])


# --- runtimes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "message"), [(-1, "-1 does not fit u8 in Notes.MaxNotes"), ("x", "got str 'x'")])
def test_a_constant_has_the_type_of_its_declaration(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Runtime([system.pallet, notes], constants={"Notes.MaxNotes": value})


def test_a_module_is_no_pallet() -> None:
    with pytest.raises(TypeError, match=r"expected pallets, got <module .*: a pallet's module has it as `pallet`"):
        Runtime([system])  # type: ignore[list-item]


def test_the_executive_needs_system() -> None:
    bare = Runtime([clock])
    with pytest.raises(InternalError, match="expected a runtime with System"):
        executive.initialize_block(bare, empty_context(bare).state, 1, GENESIS_HASH, [])


def test_an_empty_group_of_extensions_is_an_empty_tuple() -> None:
    runtime = Runtime([system.pallet], [[]])
    assert all(encoded_metadata(runtime, version) for version in VERSIONS)


def test_the_cost_of_a_call_of_another_runtime_is_not_known() -> None:
    """The call's bytes would be another call here, or none."""
    with pytest.raises(TypeError, match=r"expected a call of this runtime, got Notes\.write of pallet 7"):
        clock_runtime().info(write.call(b"abc"))


SCOPED: list[AnyCodec] = [
    RUNTIME_CALL,
    RUNTIME_EVENT,
    RUNTIME_HOLD_REASON,
    ORIGIN_CALLER,
    RUNTIME_EXTRINSIC,
    codec_of(list[EventRecord]),
]


@pytest.mark.parametrize("codec", SCOPED, ids=lambda codec: codec.name)
def test_what_differs_between_runtimes_is_read_with_one(codec: AnyCodec) -> None:
    data = bytes.fromhex("04 0000000000 000000000000")
    with pytest.raises(TypeError, match="differs between runtimes: expected a Runtime to read it with, got none"):
        codec.decode(data)
