"""SafeMode (index 20): an emergency mode in which only whitelisted calls pass.

On this chain only root enters, extends and exits it, because the deposits for which any account could enter are not
configured. They are constants, so that a custom chain may configure them.
"""

from __future__ import annotations

from enum import Enum

from ...consensus.integers import saturate_u32
from ..frame.call import Call
from ..frame.context import Context
from ..frame.errors import DispatchFailed, PalletError, ensure
from ..frame.hashers import Twox64Concat
from ..frame.pallet import Pallet
from ..frame.weight import Weight, weight_of
from ..scale import AccountId, Sum, scale_enum, u32, u64
from .balances import holds
from .shared.types import Balance, BlockNumber

#: The number of blocks for which root enters, and by which root extends: 24 and 12 hours.
ROOT_ENTERS, ROOT_EXTENDS = 5 * 60 * 24, 5 * 60 * 12

#: The pallets all of whose calls pass in safe mode, and the single calls of other pallets that pass.
WHITELISTED_PALLETS = frozenset({"SafeMode", "Sudo", "Multisig", "System", "Timestamp"})
WHITELISTED_CALLS = frozenset(
    {("SubtensorModule", "set_weights"), ("SubtensorModule", "serve_axon"), ("Commitments", "set_commitment")}
)


@scale_enum("pallet_safe_mode::pallet::ExitReason")
class ExitReason(Enum):
    """The reason why safe mode ended."""

    Timeout = 0
    Force = 1


@scale_enum("pallet_safe_mode::pallet::HoldReason")
class HoldReason(Enum):
    """The reasons of holds of this pallet."""

    EnterOrExtend = 0


class Event(Sum, params=[("T", None)]):
    pass


class Entered(Event, index=0):
    """Safe mode was entered until this block, inclusive."""

    until: BlockNumber


class Extended(Event, index=1):
    """Safe mode was extended until this block, inclusive."""

    until: BlockNumber


class Exited(Event, index=2):
    """Safe mode ended."""

    reason: ExitReason


class DepositPlaced(Event, index=3):
    """An account placed a deposit to enter or extend safe mode."""

    account: AccountId
    amount: Balance


class DepositReleased(Event, index=4):
    """A deposit was released to its account."""

    account: AccountId
    amount: Balance


class DepositSlashed(Event, index=5):
    """A deposit was slashed."""

    account: AccountId
    amount: Balance


class CannotDeposit(Event, index=6):
    """Funds could not be held for entering or extending safe mode."""


class CannotRelease(Event, index=7):
    """Funds held for entering or extending safe mode could not be released."""


class Error(PalletError):
    Entered = 0, "Safe mode is entered, already or still."
    Exited = 1, "Safe mode is exited, or was never entered."
    NotConfigured = 2, "Not configured: the chain's configuration disables this call."
    NoDeposit = 3, "There is no such deposit."
    AlreadyDeposited = 4, "The account has already placed a deposit, so it cannot enter or extend again."
    CannotReleaseYet = 5, "This deposit cannot be released yet."
    CurrencyError = 6, "Currency error: the funds could not be held, released or slashed."


pallet = Pallet("SafeMode", 20, crate="pallet_safe_mode", event=Event, error=Error, hold_reason=HoldReason)

EnteredUntil = pallet.value(u32, docs="The last block for which safe mode is entered; none while it is not.")
Deposits = pallet.double_map(
    (Twox64Concat, AccountId), (Twox64Concat, u32), u64, docs="Deposits by account and block, in rao."
)

EnterDuration = pallet.constant(u32, 0, docs="The number of blocks for which any account may enter safe mode.")
ExtendDuration = pallet.constant(u32, 0, docs="The number of blocks by which any account may extend safe mode.")
EnterDepositAmount = pallet.constant(u64 | None, None, docs="The deposit for entering, in rao; none: only root may.")
ExtendDepositAmount = pallet.constant(u64 | None, None, docs="The deposit for extending, in rao; none: only root may.")
ReleaseDelay = pallet.constant(
    u32 | None, None, docs="The number of blocks after which any account may release a deposit; none: only root may."
)

pallet.name_declared(globals())


def allows(ctx: Context, call: Call) -> bool:
    """Return whether safe mode lets a call pass."""
    if not EnteredUntil.exists(ctx):
        return True
    return call.pallet in WHITELISTED_PALLETS or (call.pallet, call.name) in WHITELISTED_CALLS


@pallet.on_initialize
def exit_on_timeout(ctx: Context) -> Weight:
    """End safe mode when its last block is over; return the weight."""
    until = EnteredUntil.get(ctx)
    if until is None or ctx.block.number <= until:
        return weight_of(733_000, 1489, reads=1)
    _exit(ctx, ExitReason.Timeout)
    return weight_of(4_926_000, 1489, 1, 1)


@pallet.call(0, weight=weight_of(44_471_000, 3892, 2, 3))
def enter(ctx: Context) -> None:
    """Enter safe mode for `EnterDuration` blocks, for a deposit. NotConfigured on this chain."""
    who = ctx.ensure_signed()
    _enter(ctx, EnterDuration.get(ctx), who)


@pallet.call(1, weight=weight_of(5_200_000, 1489, 1, 1))
def force_enter(ctx: Context) -> None:
    """Enter safe mode for a day (7,200 blocks). Only root may."""
    ctx.ensure_root()
    _enter(ctx, ROOT_ENTERS)


@pallet.call(2, weight=weight_of(46_411_000, 3892, 2, 3))
def extend(ctx: Context) -> None:
    """Extend safe mode by `ExtendDuration` blocks, for a deposit. NotConfigured on this chain."""
    who = ctx.ensure_signed()
    _extend(ctx, ExtendDuration.get(ctx), who)


@pallet.call(3, weight=weight_of(7_011_000, 1489, 1, 1))
def force_extend(ctx: Context) -> None:
    """Extend safe mode by half a day (3,600 blocks). Only root may."""
    ctx.ensure_root()
    _extend(ctx, ROOT_EXTENDS)


@pallet.call(4, weight=weight_of(6_180_000, 1489, 1, 1))
def force_exit(ctx: Context) -> None:
    """End safe mode. Only root may; Exited when it is not entered."""
    ctx.ensure_root()
    ensure(EnteredUntil.exists(ctx), Error.Exited)
    _exit(ctx, ExitReason.Force)


@pallet.call(5, weight=weight_of(28_905_000, 3892, 2, 2))
def force_slash_deposit(ctx: Context, account: AccountId, block: BlockNumber) -> None:
    """Slash the deposit that `account` placed in `block`. Only root may."""
    ctx.ensure_root()
    amount = _take_deposit(ctx, account, block)
    try:
        holds.burn_held(ctx, HoldReason.EnterOrExtend, account, amount)
    except DispatchFailed:
        raise DispatchFailed(Error.CurrencyError) from None
    ctx.deposit(DepositSlashed(account, amount))


@pallet.call(6, weight=weight_of(37_735_000, 3892, 3, 2))
def release_deposit(ctx: Context, account: AccountId, block: BlockNumber) -> None:
    """Release the deposit that `account` placed in `block`, `ReleaseDelay` blocks after that, outside of safe mode.

    NotConfigured on this chain.
    """
    ctx.ensure_signed()
    amount = _take_deposit(ctx, account, block)
    ensure(not EnteredUntil.exists(ctx), Error.Entered)
    delay = ReleaseDelay.get(ctx)
    if delay is None:
        raise DispatchFailed(Error.NotConfigured)
    ensure(ctx.block.number > block + delay, Error.CannotReleaseYet)
    _release(ctx, account, amount)


@pallet.call(7, weight=weight_of(36_454_000, 3892, 2, 2))
def force_release_deposit(ctx: Context, account: AccountId, block: BlockNumber) -> None:
    """Release the deposit that `account` placed in `block`, at once. Only root may."""
    ctx.ensure_root()
    _release(ctx, account, _take_deposit(ctx, account, block))


def _enter(ctx: Context, duration: int, who: bytes | None = None) -> None:
    """Enter safe mode for `duration` blocks; `who` places a deposit for it."""
    ensure(not EnteredUntil.exists(ctx), Error.Entered)
    if who is not None:
        _place_deposit(ctx, who, EnterDepositAmount.get(ctx))
    until = saturate_u32(ctx.block.number + duration)
    EnteredUntil.put(ctx, until)
    ctx.deposit(Entered(until))


def _extend(ctx: Context, duration: int, who: bytes | None = None) -> None:
    """Extend safe mode by `duration` blocks; `who` places a deposit for it."""
    until = EnteredUntil.get(ctx)
    if until is None:
        raise DispatchFailed(Error.Exited)
    if who is not None:
        _place_deposit(ctx, who, ExtendDepositAmount.get(ctx))
    until = saturate_u32(until + duration)
    EnteredUntil.put(ctx, until)
    ctx.deposit(Extended(until))


def _exit(ctx: Context, reason: ExitReason) -> None:
    """End safe mode."""
    EnteredUntil.kill(ctx)
    ctx.deposit(Exited(reason))


def _place_deposit(ctx: Context, who: bytes, amount: int | None) -> None:
    """Hold a deposit of `amount` rao, one for each account; NotConfigured when the amount is None."""
    if amount is None:
        raise DispatchFailed(Error.NotConfigured)
    ensure(holds.balance_on_hold(ctx, HoldReason.EnterOrExtend, who) == 0, Error.AlreadyDeposited)
    try:
        holds.hold(ctx, HoldReason.EnterOrExtend, who, amount)
    except DispatchFailed:
        raise DispatchFailed(Error.CurrencyError) from None
    Deposits.put(ctx, who, ctx.block.number, amount)
    ctx.deposit(DepositPlaced(who, amount))


def _take_deposit(ctx: Context, account: bytes, block: int) -> int:
    """Remove the entry of a deposit; return its amount in rao. NoDeposit when there is none."""
    amount = Deposits.take(ctx, account, block)
    if amount is None:
        raise DispatchFailed(Error.NoDeposit)
    return amount


def _release(ctx: Context, account: bytes, amount: int) -> None:
    """Release a held deposit of `amount` rao; CurrencyError when that fails."""
    try:
        released = holds.release(ctx, HoldReason.EnterOrExtend, account, amount)
    except DispatchFailed:
        raise DispatchFailed(Error.CurrencyError) from None
    ctx.deposit(DepositReleased(account, released))
