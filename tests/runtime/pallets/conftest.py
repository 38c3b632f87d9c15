"""A small real world for pallet tests: block 1 on a state with six funded dev accounts, extrinsic 1 being applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from pysubtensor.runtime import executive, invariants
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.constant import Constant
from pysubtensor.runtime.frame.context import (
    BlockEnvironment,
    Context,
)
from pysubtensor.runtime.frame.digest import DigestItem, aura_pre_runtime
from pysubtensor.runtime.frame.errors import AnyError, DispatchError, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.frame.origin import Origin, signed
from pysubtensor.runtime.frame.runtime import (
    Runtime,
)
from pysubtensor.runtime.frame.weight import PostInfo
from pysubtensor.runtime.pallets import aura, sudo, system
from pysubtensor.runtime.pallets.balances.pallet import TotalIssuance
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.pallets.timestamp import set_ as set_time
from pysubtensor.runtime.scale import Sum
from pysubtensor.runtime.signing import Signer
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from tests.simulation.random_calls import LAWLESS

#: 1,000 TAO, in rao.
FUNDS = 10**12
NAMES = ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie")
ACCOUNTS = [Keypair.from_uri(f"//{name}").account for name in NAMES]

Dispatch = Callable[[bytes | Origin, Call], PostInfo]


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
    for who in ACCOUNTS:
        system.Account.put(genesis, who, system.AccountInfo(providers=1, data=AccountData(free=FUNDS)))
    TotalIssuance.put(genesis, FUNDS * len(ACCOUNTS))
    sudo.Key.put(genesis, ACCOUNTS[0])
    system.Number.put(genesis, 1)
    backend.apply(state.changes())
    state.commit()
    return Context(runtime, state, BlockEnvironment(1, bytes(32), phase=ApplyExtrinsic(1)))


SetConstant = Callable[[Constant[Any], Any], None]


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


@contextmanager
def accounted(ctx: Context, call: Call) -> Iterator[None]:
    """A call loses and makes no rao: what was accounted for before it is so after it.

    Tests write into storage what they need, and not all that belongs to it: what did not hold before may stay so.
    """
    before = {violation.about: abs(violation.off) for violation in invariants.violations(ctx)}
    yield
    if str(call) not in LAWLESS:
        fresh = [each for each in invariants.violations(ctx) if abs(each.off) > before.get(each.about, 0)]
        assert not fresh, f"{call}: {fresh[0].words}"


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
        fresh = ctx.block.events[seen:]
        seen = len(ctx.block.events)
        return fresh

    return take


#: What authors the blocks of `Blocks`; it owns nothing but the fees that it earns.
AUTHOR = Keypair.from_uri("//One").account
GENESIS_HASH = bytes(range(32))


class Blocks:
    """Makes whole blocks, one after the other, and checks the invariants after each."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.backend, self.number = runtime, MemoryBackend(), 0
        self.state = State(self.backend)
        genesis = Context(runtime, self.state, BlockEnvironment(0, bytes(32)))
        for who in ACCOUNTS:
            system.Account.put(genesis, who, system.AccountInfo(providers=1, data=AccountData(free=FUNDS)))
        TotalIssuance.put(genesis, FUNDS * len(ACCOUNTS))
        sudo.Key.put(genesis, ACCOUNTS[0])
        aura.Authorities.put(genesis, [AUTHOR])
        self.ctx = genesis
        self._commit()

    def begin(self, digest: Sequence[DigestItem] | None = None, time: int | None = None) -> Context:
        """Begin the next block, in the slot of its number, and set its time."""
        self.number += 1
        claim = [aura_pre_runtime(self.number)] if digest is None else digest
        parent = GENESIS_HASH if self.number == 1 else self.number.to_bytes(32, "big")
        self.ctx = executive.initialize_block(self.runtime, self.state, self.number, parent, claim)
        inherent = ExtrinsicCodec.bare(set_time.call(self.number * 12_000 if time is None else time))
        assert self.apply(inherent) is None
        return self.ctx

    def apply(self, raw: bytes) -> DispatchError | None:
        """Apply an encoded extrinsic; its error if it failed."""
        return executive.apply_extrinsic(self.ctx, self.runtime.decode(raw))

    def send(self, name: str, call: Call, tip: int = 0) -> list[Sum]:
        """Apply a call, signed by one of the accounts; gives the events of the extrinsic."""
        key, seen = Keypair.from_uri(f"//{name}"), len(self.ctx.block.events)
        nonce = system.Account.get(self.ctx, key.account).nonce
        self.apply(Signer(GENESIS_HASH).sign(call, key, nonce=nonce, tip=tip))
        return self.ctx.block.events[seen:]

    def end(self) -> Header:
        """End the block, keep its state, and check it."""
        header = executive.finalize_block(self.ctx, lambda state: bytes(32))
        invariants.check(self.ctx)
        self._commit()
        return header

    def to(self, number: int) -> Context:
        """Make empty blocks up to the one with this number, and begin that."""
        while self.number + 1 < number:
            self.begin()
            self.end()
        return self.begin()

    def _commit(self) -> None:
        self.backend.apply(self.state.changes())
        self.state.commit()


@pytest.fixture
def blocks(runtime: Runtime) -> Blocks:
    """A chain before its first block. Each of the six accounts owns 1,000 TAO; Alice holds the sudo key."""
    return Blocks(runtime)
