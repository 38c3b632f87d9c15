"""Timestamp (index 2): the block's time, in milliseconds since 1970, set by its author."""

from __future__ import annotations

from typing import Annotated

from ..frame.block_validity import SlotMismatch, TimestampMissing, TimestampSetTwice, TimestampTooEarly
from ..frame.context import Context
from ..frame.pallet import Pallet
from ..frame.weight import DispatchClass, Weight, weight_of
from ..scale import AsCompact, SourceName, u64
from .aura import CurrentSlot, SlotDuration

#: A time, in milliseconds since 1970.
Moment = Annotated[u64, SourceName("Moment", "T::Moment")]

pallet = Pallet("Timestamp", 2, crate="pallet_timestamp")
pallet.associated_type("Moment", Moment, docs="A time, in milliseconds since 1970.")

Now = pallet.value(u64, default=0, docs="The time of the current block, in milliseconds.")
DidUpdate = pallet.value(bool, default=False, docs="Whether the time has been set in this block.")
MinimumPeriod = pallet.constant(
    u64,
    6_000,
    docs="The smallest time between two blocks, in milliseconds: half a slot.",
)

pallet.name_declared(globals())


@pallet.call(0, weight=weight_of(3_816_000, 1493, 2, 1), class_=DispatchClass.Mandatory, inherent=True)
def set_(ctx: Context, now: AsCompact[Moment]) -> None:
    """Set the time of the block, in milliseconds since 1970. An inherent: once in a block, from its author.

    The time must be at least `MinimumPeriod` after the parent's, and lie in the slot of the block's digest.
    """
    ctx.ensure_none()
    if DidUpdate.exists(ctx):
        raise TimestampSetTwice(f"it was set to {Now.get(ctx)}, got {now}")
    previous = Now.get(ctx)
    earliest = previous + MinimumPeriod.get(ctx)
    if previous and now < earliest:
        raise TimestampTooEarly(f"expected at least {earliest} ms, got {now}")
    Now.put(ctx, now)
    DidUpdate.put(ctx, True)
    slot = now // SlotDuration.get(ctx)
    if slot != (claimed := CurrentSlot.get(ctx)):
        raise SlotMismatch(f"expected a time in slot {claimed}, got {now} ms, which is in slot {slot}")


@pallet.on_initialize
def account_for_finalize(ctx: Context) -> Weight:
    """Return the weight of reading and clearing `DidUpdate` at the end of the block."""
    return Weight(3_246_000)


@pallet.on_finalize
def require_timestamp(ctx: Context) -> None:
    """Refuse a block that has not set its time."""
    updated = DidUpdate.take(ctx)
    if not updated:
        raise TimestampMissing("expected an inherent that sets the time, got none")
