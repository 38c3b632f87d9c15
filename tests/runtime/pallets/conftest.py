"""Fixtures of pallet tests: the real runtime in extrinsic 1 of block 1, on a state with six funded accounts."""

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
    """Set a constant to another value until the end of the test."""

    def put(constant: Constant[Any], value: Any) -> None:
        monkeypatch.setitem(runtime.constant_values, constant, value)

    return put


@pytest.fixture
def dispatch(ctx: Context) -> Dispatch:
    """Dispatch a call as a signed account, or as any origin; raises DispatchFailed when it fails."""

    def run(who: bytes | Origin, call: Call) -> PostInfo:
        origin = signed(who) if isinstance(who, bytes) else who
        with accounted(ctx, call):
            return ctx.runtime.dispatch(ctx.with_origin(origin), call)

    return run


@pytest.fixture
def refused(ctx: Context, dispatch: Dispatch) -> RefusedCall:
    """Assert that a call fails with this error, changes no state and deposits no event."""

    def run(who: bytes | Origin, call: Call, error: AnyError) -> DispatchFailed:
        with unchanged(ctx) as failure:
            dispatch(who, call)
        assert failure.value.error == as_dispatch_error(error)
        return failure.value

    return run


@pytest.fixture
def events(ctx: Context) -> Events:
    """Return the events deposited since the last call."""
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
