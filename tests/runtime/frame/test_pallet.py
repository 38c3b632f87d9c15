"""Declarations of pallets: what may be declared once only, and what the declared calls are."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.constant import Constant
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.pallet import Pallet
from pysubtensor.runtime.frame.weight import ZERO, DispatchClass, Pays, Weight
from pysubtensor.runtime.pallets.system import remark
from pysubtensor.runtime.scale import u8

from tests.world import empty_context


@pytest.fixture
def pallet() -> Pallet:
    return Pallet("Test", 250, crate="test")


def test_only_two_calls_are_inherents() -> None:
    """As `ProvideInherent` of pallet-timestamp and pallet-shield."""
    found = {
        f"{pallet.name}.{call.name}"
        for pallet in spec_425().pallets
        for call in pallet.calls.values()
        if pallet.is_inherent(call.call(*range(len(call.args))))
    }
    assert found == {"Timestamp.set", "MevShield.announce_next_key"}


def test_a_call_is_declared_with_defaults(pallet: Pallet) -> None:
    @pallet.call(7, weight=Weight(5, 6))
    def do_nothing(ctx: Context) -> None:
        """Do nothing."""

    assert pallet.calls == {7: do_nothing}
    assert (do_nothing.name, do_nothing.index, do_nothing.prefix, do_nothing.docs) == (
        "do_nothing",
        7,
        b"\xfa\7",
        "Do nothing.",
    )
    assert not pallet.is_inherent(do_nothing.call())
    assert do_nothing.fixed_cost
    info = do_nothing.info((), lambda call: pytest.fail("it has no calls"))
    assert (info.call_weight, info.extension_weight) == (Weight(5, 6), ZERO)
    assert (info.class_, info.pays_fee) == (DispatchClass.Normal, Pays.Yes)


def test_what_is_remembered_of_a_call_is_not_part_of_it() -> None:
    runtime = spec_425()
    call, other = (remark.call(b"text") for _ in range(2))
    shown, name = repr(call), str(call)
    runtime.info(call)
    assert (repr(call), str(call), call) == (shown, name, other)
    assert name == "System.remark"


def test_an_index_is_taken_once(pallet: Pallet) -> None:
    def body(ctx: Context) -> None:
        """Do nothing."""

    pallet.call(7, weight=ZERO)(body)
    with pytest.raises(TypeError, match=r"^Test has two calls with index 7$"):
        pallet.call(7, weight=ZERO)(body)


def test_inherents_are_those_that_are_declared_so(pallet: Pallet) -> None:
    @pallet.call(1, weight=ZERO, inherent=True)
    def first(ctx: Context) -> None:
        """Do nothing."""

    @pallet.call(2, weight=ZERO)
    def second(ctx: Context) -> None:
        """Do nothing."""

    assert pallet.is_inherent(first.call())
    assert not pallet.is_inherent(second.call())


def test_constants_are_shown_in_metadata_unless_they_are_for_configurations(pallet: Pallet) -> None:
    shown = pallet.constant(u8, 1, docs="One.")
    hidden = pallet.constant(u8, 2, docs="Two.", in_metadata=False)
    pallet.name_declared({"Shown": shown, "Hidden": hidden})
    assert [(constant.name, constant.in_metadata) for constant in pallet.constants.values()] == [
        ("Shown", True),
        ("Hidden", False),
    ]
    assert all(isinstance(constant, Constant) for constant in (shown, hidden))


def test_hooks_are_kept(pallet: Pallet) -> None:
    def hook(ctx: Context) -> Weight:
        return ZERO

    assert (pallet.initialize, pallet.finalize, pallet.idle, pallet.validate_unsigned) == (None, None, None, None)
    assert pallet.on_initialize(hook) is pallet.initialize is hook
    assert pallet.on_finalize(lambda ctx: None) is pallet.finalize
    assert pallet.on_idle(lambda ctx, left: left) is pallet.idle
    assert pallet.initialize(empty_context()) == ZERO
