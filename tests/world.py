"""What tests share: accounts, numbers, the types of fixtures, and small chains to stand on."""

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

#: The sr25519 accounts of the development names, as every Substrate tool derives them.
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
#: //One authors the blocks of `Blocks`; it owns only the fees that it earns.
AUTHOR = Keypair.from_uri("//One").account
#: An account that owns nothing.
NOBODY_KEY = Keypair.from_uri("//Nobody")


def account(number: int) -> bytes:
    """Return an account without a key: the same byte 32 times."""
    return bytes([number]) * 32


def u256(number: int) -> bytes:
    """Return the account that the genuine tests write as `U256::from(number)`."""
    return number.to_bytes(32, "little")


# --- numbers ---------------------------------------------------------------------------------------------------

#: A TAO or an alpha, in rao.
TAO = 10**9
#: What each of the accounts above owns in `ctx` and in `Blocks`: 1,000 TAO, in rao.
FUNDS = 1_000 * TAO
U64_MAX = (1 << 64) - 1
#: One as a fixed-point number with 64 fraction bits.
ONE = 1 << 64
GENESIS_HASH = bytes(range(32))

# --- what fixtures are -----------------------------------------------------------------------------------------

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
    """Return a block on an empty state, of the runtime with the real chain's constants by default."""
    return Context(runtime or spec_425(), State(MemoryBackend()), BlockEnvironment(number, bytes(32)))


def fund(ctx: Context, accounts: Iterable[bytes] = ACCOUNTS) -> None:
    """Give each account 1,000 TAO, and the first of them the sudo key."""
    owners = list(accounts)
    for who in owners:
        system.Account.put(ctx, who, system.AccountInfo(providers=1, data=AccountData(free=FUNDS)))
    TotalIssuance.put(ctx, FUNDS * len(owners))
    sudo.Key.put(ctx, owners[0])


@contextmanager
def accounted(ctx: Context, call: Call) -> Iterator[None]:
    """Fail when a call loses or makes a rao: what was accounted for before it is so after it.

    Tests write into storage what they need, and not all that belongs to it: what did not hold before may stay so.
    """
    before = {violation.subject: abs(violation.difference) for violation in invariants.find_violations(ctx)}
    yield
    if str(call) not in LAWLESS:
        fresh = [each for each in invariants.find_violations(ctx) if abs(each.difference) > before.get(each.subject, 0)]
        assert not fresh, f"{call}: {fresh[0].message}"


@contextmanager
def unchanged(ctx: Context) -> Iterator[pytest.ExceptionInfo[DispatchFailed]]:
    """Expect a dispatch inside to fail, to change nothing and to leave no event."""
    before, events = ctx.state.changes(), list(ctx.block.events)
    with pytest.raises(DispatchFailed) as failure:
        yield failure
    assert ctx.state.changes() == before
    assert ctx.block.events == events


class Blocks:
    """Makes whole blocks, one after the other, and checks the invariants after each."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.backend, self.number = runtime, MemoryBackend(), 0
        self.state = State(self.backend)
        self.ctx = Context(runtime, self.state, BlockEnvironment(0, bytes(32)))
        fund(self.ctx)
        aura.Authorities.put(self.ctx, [AUTHOR])
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
        """Apply an encoded extrinsic; return its error if it failed."""
        return executive.apply_extrinsic(self.ctx, self.runtime.decode(raw))

    def send(self, name: str, call: Call, tip: int = 0) -> list[Sum]:
        """Apply a call, signed by one of the accounts; return the events of the extrinsic."""
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
