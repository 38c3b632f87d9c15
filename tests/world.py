"""Shared parts of tests: accounts, numbers, types of fixtures, and chains of a few blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from pysubtensor.runtime import executive, invariants
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.constant import Constant
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.digest import DigestItem, aura_pre_runtime
from pysubtensor.runtime.frame.errors import AnyError, DispatchError, DispatchFailed
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.frame.origin import Origin
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.weight import PostInfo
from pysubtensor.runtime.pallets import aura, sudo, system
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.pallets.timestamp import set_ as set_time
from pysubtensor.runtime.scale import Sum
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from tests.simulation.random_calls import LAWLESS

# --- accounts --------------------------------------------------------------------------------------------------

#: The sr25519 accounts of the development names, as in Substrate's tools.
ALICE = bytes.fromhex("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d")
BOB = bytes.fromhex("8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48")
CHARLIE = bytes.fromhex("90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22")
DAVE = bytes.fromhex("306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20")
EVE = bytes.fromhex("e659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e")
FERDIE = bytes.fromhex("1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c")
ALICE_ADDRESS = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
BOB_ADDRESS = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"

NAMES = ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie")
ACCOUNTS = (ALICE, BOB, CHARLIE, DAVE, EVE, FERDIE)
KEYS = tuple(Keypair.from_uri(f"//{name}") for name in NAMES)
ALICE_KEY, BOB_KEY, CHARLIE_KEY, DAVE_KEY, EVE_KEY, FERDIE_KEY = KEYS
#: //One is the author of the blocks of `Blocks`; it has no funds but the fees that it earns.
AUTHOR = Keypair.from_uri("//One").account
#: An account without funds.
UNFUNDED_KEY = Keypair.from_uri("//Unfunded")


def account(number: int) -> bytes:
    """Return an account without a key: the same byte 32 times."""
    return bytes([number]) * 32


def neighbours(who: bytes) -> tuple[bytes, bytes]:
    """Return the accounts just below and above another one, in the order of bytes."""
    number = int.from_bytes(who, "big")
    return (number - 1).to_bytes(32, "big"), (number + 1).to_bytes(32, "big")


def u256(number: int) -> bytes:
    """Return the account that the genuine tests write as `U256::from(number)`."""
    return number.to_bytes(32, "little")


# --- numbers ---------------------------------------------------------------------------------------------------

#: A TAO or an alpha, in rao.
TAO = 10**9
#: Funds of each of the accounts above in `Blocks` and after `fund`: 1,000 TAO, in rao.
FUNDS = 1_000 * TAO
U64_MAX = (1 << 64) - 1
#: One as a fixed-point number with 64 fraction bits.
ONE = 1 << 64
GENESIS_HASH = bytes(range(32))

# --- types of fixtures -----------------------------------------------------------------------------------------

Dispatch = Callable[[bytes | Origin, Call], PostInfo]
RefusedCall = Callable[[bytes | Origin, Call, AnyError], DispatchFailed]
Unguarded = Callable[[bytes, Call], None]
RefusedUnguarded = Callable[[bytes, Call, AnyError], None]
Events = Callable[[], list[Sum]]
SetConstant = Callable[[Constant[Any], Any], None]
GoTo = Callable[[int], None]
AddNetwork = Callable[..., int]
AddNeuron = Callable[..., int]
AddDynamicNetwork = Callable[[bytes, bytes], int]

# --- states and blocks -----------------------------------------------------------------------------------------


def empty_context(runtime: Runtime | None = None, number: int = 0) -> Context:
    """Return the context of a block on an empty state, by default of the real chain's runtime."""
    return Context(runtime or spec_425(), State(MemoryBackend()), BlockEnvironment(number, bytes(32)))


def fund(ctx: Context, accounts: Iterable[bytes] = ACCOUNTS) -> None:
    """Set the balance of each account to 1,000 TAO and the sudo key to the first account."""
    owners = list(accounts)
    for who in owners:
        system.Account.put(ctx, who, system.AccountInfo(providers=1, data=AccountData(free=FUNDS)))
    TotalIssuance.put(ctx, FUNDS * len(owners))
    sudo.Key.put(ctx, owners[0])


@contextmanager
def accounted(ctx: Context, call: Call) -> Iterator[None]:
    """Fail when the call inside breaks an invariant of `runtime.invariants`, by which each rao is accounted for.

    Tests write parts of the state directly, so a violation that exists before the call may stay, but not grow.
    """
    before = {violation.subject: abs(violation.difference) for violation in invariants.find_violations(ctx)}
    yield
    if str(call) not in LAWLESS:
        fresh = [each for each in invariants.find_violations(ctx) if abs(each.difference) > before.get(each.subject, 0)]
        assert not fresh, f"{call}: {fresh[0].message}"


@contextmanager
def unchanged(ctx: Context) -> Iterator[pytest.ExceptionInfo[DispatchFailed]]:
    """Expect that the dispatch inside fails, changes no storage and deposits no event."""
    before, events = ctx.state.changes(), list(ctx.block.events)
    with pytest.raises(DispatchFailed) as failure:
        yield failure
    assert ctx.state.changes() == before
    assert ctx.block.events == events


class Blocks:
    """A producer of whole blocks in sequence, which checks the invariants after each block."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.backend, self.number = runtime, MemoryBackend(), 0
        self.state = State(self.backend)
        self.ctx = Context(runtime, self.state, BlockEnvironment(0, bytes(32)))
        fund(self.ctx)
        aura.Authorities.put(self.ctx, [AUTHOR])
        self._commit()

    def begin(self, digest: Sequence[DigestItem] | None = None, time: int | None = None) -> Context:
        """Begin the next block and apply the timestamp inherent (`time` in ms, by default 12 s for each block).

        The default digest claims the Aura slot of the block's number.
        """
        self.number += 1
        claim = [aura_pre_runtime(self.number)] if digest is None else digest
        parent = GENESIS_HASH if self.number == 1 else self.number.to_bytes(32, "big")
        self.ctx = executive.initialize_block(self.runtime, self.state, self.number, parent, claim)
        inherent = ExtrinsicCodec.bare(set_time.call(self.number * 12_000 if time is None else time))
        assert self.apply(inherent) is None
        return self.ctx

    def apply(self, raw: bytes) -> DispatchError | None:
        """Apply an encoded extrinsic; return its error, None when it succeeded."""
        return executive.apply_extrinsic(self.ctx, self.runtime.decode(raw))

    def send(self, name: str, call: Call, tip: int = 0) -> list[Sum]:
        """Apply a call signed by a development account (`name`); return the events of the extrinsic."""
        key, seen = Keypair.from_uri(f"//{name}"), len(self.ctx.block.events)
        nonce = system.Account.get(self.ctx, key.account).nonce
        self.apply(Signer(GENESIS_HASH).sign(call, key, nonce=nonce, tip=tip))
        return self.ctx.block.events[seen:]

    def end(self) -> Header:
        """Finalize the block, check the invariants, and commit its state. The state root is not computed."""
        header = executive.finalize_block(self.ctx, lambda state, also: bytes(32))
        invariants.check(self.ctx)
        self._commit()
        return header

    def to(self, number: int) -> Context:
        """Make empty blocks up to the one before this number, and begin the block with it."""
        while self.number + 1 < number:
            self.begin()
            self.end()
        return self.begin()

    def _commit(self) -> None:
        self.backend.apply(self.state.changes())
        self.state.commit()
