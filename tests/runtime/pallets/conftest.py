"""A small real world for pallet tests: block 1 on a state with six funded dev accounts, extrinsic 1 being applied."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.constant import Constant
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.errors import AnyError, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.frame.origin import Origin, signed
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.weight import PostInfo
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.scale import Sum
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from tests.world import Blocks, Dispatch, Events, RefusedCall, SetConstant, accounted, fund, unchanged


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    """The runtime, with the real chain's constants."""
    return spec_425()


@pytest.fixture
def ctx(runtime: Runtime) -> Context:
    """Inside extrinsic 1 of block 1. Each of the six accounts owns 1,000 TAO; Alice holds the sudo key."""
    backend = MemoryBackend()
    state = State(backend)
    genesis = Context(runtime, state, BlockEnvironment(0, bytes(32)))
    fund(genesis)
    system.Number.put(genesis, 1)
    backend.apply(state.changes())
    state.commit()
    return Context(runtime, state, BlockEnvironment(1, bytes(32), phase=ApplyExtrinsic(1)))


@pytest.fixture
def set_constant(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> SetConstant:
    """Gives a constant another value until the test is over."""

    def put(constant: Constant[Any], value: Any) -> None:
        monkeypatch.setitem(runtime.constant_values, constant, value)

    return put


@pytest.fixture
def dispatch(ctx: Context) -> Dispatch:
    """Dispatches a call as a signed account, or as any origin; DispatchFailed when it fails."""

    def run(who: bytes | Origin, call: Call) -> PostInfo:
        origin = signed(who) if isinstance(who, bytes) else who
        with accounted(ctx, call):
            return ctx.runtime.dispatch(ctx.with_origin(origin), call)

    return run


@pytest.fixture
def refused(ctx: Context, dispatch: Dispatch) -> RefusedCall:
    """Insists that a call fails with this very error, changes nothing and leaves no event."""

    def run(who: bytes | Origin, call: Call, error: AnyError) -> DispatchFailed:
        with unchanged(ctx) as failure:
            dispatch(who, call)
        assert failure.value.error == as_dispatch_error(error)
        return failure.value

    return run


@pytest.fixture
def events(ctx: Context) -> Events:
    """The events deposited since it was asked last."""
    seen = 0

    def take() -> list[Sum]:
        nonlocal seen
        fresh = ctx.block.events[seen:]
        seen = len(ctx.block.events)
        return fresh

    return take


@pytest.fixture
def blocks(runtime: Runtime) -> Blocks:
    """A chain before its first block. Each of the six accounts owns 1,000 TAO; Alice holds the sudo key."""
    return Blocks(runtime)
