"""A small real world for pallet tests: block 1 on a state with six funded dev accounts, extrinsic 1 being applied."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Block, Context
from pysubtensor.runtime.frame.errors import AnyError, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.frame.origin import Origin, signed
from pysubtensor.runtime.frame.weight import PostInfo
from pysubtensor.runtime.pallets import sudo, system
from pysubtensor.runtime.pallets.account_data import AccountData
from pysubtensor.runtime.pallets.balances.pallet import TotalIssuance
from pysubtensor.runtime.runtime import Runtime
from pysubtensor.runtime.scale import Sum
from pysubtensor.runtime.state.overlay import MemoryBackend, State

#: 1,000 TAO, in rao.
FUNDS = 10**12
NAMES = ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie")
ACCOUNTS = [Keypair.from_uri(f"//{name}").account for name in NAMES]

Dispatch = Callable[[bytes | Origin, Call], PostInfo]


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    """The runtime, with the real chain's constants."""
    return Runtime()


@pytest.fixture
def ctx(runtime: Runtime) -> Context:
    """Inside extrinsic 1 of block 1. Each of the six accounts owns 1,000 TAO; Alice holds the sudo key."""
    backend = MemoryBackend()
    state = State(backend)
    genesis = Context(runtime, state, Block(0, bytes(32)))
    for who in ACCOUNTS:
        system.Account.put(genesis, who, system.AccountInfo(providers=1, data=AccountData(free=FUNDS)))
    TotalIssuance.put(genesis, FUNDS * len(ACCOUNTS))
    sudo.Key.put(genesis, ACCOUNTS[0])
    system.Number.put(genesis, 1)
    backend.apply(state.changes())
    state.commit()
    return Context(runtime, state, Block(1, bytes(32), phase=ApplyExtrinsic(1)))


@pytest.fixture
def dispatch(ctx: Context) -> Dispatch:
    """Dispatches a call as a signed account, or as any origin; DispatchFailed when it fails."""

    def run(who: bytes | Origin, call: Call) -> PostInfo:
        origin = signed(who) if isinstance(who, bytes) else who
        return ctx.runtime.dispatch(ctx.with_origin(origin), call)

    return run


@pytest.fixture
def refused(ctx: Context, dispatch: Dispatch) -> Callable[[bytes | Origin, Call, AnyError], DispatchFailed]:
    """Insists that a call fails with this very error, changes nothing and leaves no event."""

    def run(who: bytes | Origin, call: Call, error: AnyError) -> DispatchFailed:
        before, events = ctx.state.changes(), list(ctx.block.events)
        with pytest.raises(DispatchFailed) as failure:
            dispatch(who, call)
        assert failure.value.error == as_dispatch_error(error)
        assert ctx.state.changes() == before
        assert ctx.block.events == events
        return failure.value

    return run


@pytest.fixture
def events(ctx: Context) -> Callable[[], list[Sum]]:
    """The events deposited since it was asked last."""
    seen = 0

    def take() -> list[Sum]:
        nonlocal seen
        fresh = [record.event for record in ctx.block.events[seen:]]
        seen = len(ctx.block.events)
        return fresh

    return take
