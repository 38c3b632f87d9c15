"""Two small pallets at the same index, each in a runtime: Notes declares something of each kind, Clock has hooks."""

from __future__ import annotations

import enum

from pysubtensor.runtime.extensions.system import CheckNonce, CheckWeight
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import PalletError, ensure
from pysubtensor.runtime.frame.hashers import Blake2_128Concat
from pysubtensor.runtime.frame.pallet import Pallet
from pysubtensor.runtime.frame.runtime import DispatchRules, Runtime
from pysubtensor.runtime.frame.weight import ZERO, Weight
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.scale import AccountId, Sum, scale_enum, u8, u32, u64

from tests.world import BOB

# --- Notes -----------------------------------------------------------------------------------------------------


class NotesEvent(Sum, params=[("T", None)]):
    """What happened to notes."""


class Written(NotesEvent, index=0):
    """A note was written."""

    who: AccountId
    length: u32


class NotesError(PalletError):
    """Why a call of Notes fails."""

    TooLong = 0, "A note has at most four bytes."
    Forbidden = 3, "The runtime's filter forbids this call."


@scale_enum("pallet_notes::pallet::HoldReason")
class NotesHoldReason(enum.Enum):
    """Why funds are held."""

    Deposit = 2


notes = Pallet("Notes", 7, crate="pallet_notes", event=NotesEvent, error=NotesError, hold_reason=NotesHoldReason)
Note = notes.map(Blake2_128Concat, AccountId, bytes, docs="The note of each account.")
MaxNotes = notes.constant(u8, 9, docs="How many notes there may be.")
notes.name_declared({"Note": Note, "MaxNotes": MaxNotes})

WRITE_WEIGHT = Weight(5_000, 70)


@notes.call(1, weight=WRITE_WEIGHT)
def write(ctx: Context, note: bytes) -> None:
    """Write the caller's note; TooLong when it has more than four bytes."""
    who = ctx.ensure_signed()
    ensure(len(note) <= 4, NotesError.TooLong)
    Note.put(ctx, who, note)
    ctx.deposit(Written(who, len(note)))


# --- Clock -----------------------------------------------------------------------------------------------------


class ClockEvent(Sum, params=[("T", None)]):
    """What the clock did."""


class Ticked(ClockEvent, index=0):
    """A block began."""

    number: u64


clock = Pallet("Clock", 7, crate="pallet_clock", event=ClockEvent)
Ticks = clock.value(u64, default=0, docs="How many blocks have begun.")
clock.name_declared({"Ticks": Ticks})


@clock.on_initialize
def tick(ctx: Context) -> Weight:
    """Count a block."""
    Ticks.put(ctx, Ticks.get(ctx) + 1)
    ctx.deposit(Ticked(Ticks.get(ctx)))
    return ZERO


# --- runtimes --------------------------------------------------------------------------------------------------

GUARD = Weight(300, 4)


def forbid_bob(ctx: Context, call: Call) -> None:
    """Refuse each call that Bob signs."""
    ensure(ctx.origin.account != BOB, NotesError.Forbidden)


def notes_runtime() -> Runtime:
    """Return the runtime with Notes, with rules and extensions of its own."""
    extensions = [[CheckNonce(), CheckWeight()]]
    rules = DispatchRules(forbid_bob, lambda call: GUARD)
    return Runtime([system.pallet, notes], extensions, rules=rules, constants={"Notes.MaxNotes": 5})


def clock_runtime() -> Runtime:
    """Return the runtime with Clock, without rules and extensions."""
    return Runtime([system.pallet, clock])
