"""Preimage (index 14): bytes stored under their hash, such as calls that are too large for other pallets' storage.

A user notes bytes for a deposit. The manager (root) and other pallets request them. Requested bytes stay until the last
request is withdrawn; bytes without a request are removed when their owner unnotes them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from enum import Enum
from typing import Annotated

from ...consensus.internal import InternalError
from ..crypto.hashing import blake2_256
from ..frame.context import Context
from ..frame.errors import DispatchFailed, PalletError, Unavailable, ensure
from ..frame.hashers import Identity
from ..frame.pallet import Pallet
from ..frame.weight import Pays, PostInfo, weight_of
from ..scale import H256, AccountId, MaxLen, Sum, newtype, scale_enum, u32
from ..scale.codec import U64
from .balances import holds
from .balances.reserves import unreserve
from .shared.types import Balance, Hash

#: The longest preimage, in bytes.
MAX_SIZE = 4 * 1024 * 1024
#: The largest number of hashes in one `ensure_updated`.
MAX_HASHES = 1024
#: The deposit for a preimage, in rao: a base for two items and 64 bytes, and an amount for each byte.
BASE_DEPOSIT, BYTE_DEPOSIT = 2 * 20_000_000 + 64 * 1_000_000, 1_000_000


@scale_enum("pallet_preimage::pallet::HoldReason")
class HoldReason(Enum):
    """The reasons of holds of this pallet."""

    Preimage = 0


#: The amount held for a preimage, in rao.
Ticket = Annotated[
    int,
    newtype(
        U64,
        "frame_support::traits::tokens::fungible::HoldConsideration",
        params=tuple((name, None) for name in ("A", "F", "R", "D", "Fp")),
        type_name="F::Balance",
    ),
]
Deposit = tuple[AccountId, Balance]
Owner = tuple[AccountId, Ticket]


class OldRequestStatus(
    Sum, path="pallet_preimage::OldRequestStatus", params=[("AccountId", AccountId), ("Balance", Balance)]
):
    """The status of a preimage from the time when deposits were reserves."""


class OldUnrequested(OldRequestStatus, index=0, name="Unrequested"):
    deposit: Deposit
    len: u32


class OldRequested(OldRequestStatus, index=1, name="Requested"):
    deposit: Deposit | None
    count: u32
    len: u32 | None


class RequestStatus(Sum, path="pallet_preimage::RequestStatus", params=[("AccountId", AccountId), ("Ticket", Ticket)]):
    """The status of a preimage: its owner and deposit, the number of requests, its length in bytes."""


class UnrequestedStatus(RequestStatus, index=0, name="Unrequested"):
    ticket: Owner
    len: u32


class RequestedStatus(RequestStatus, index=1, name="Requested"):
    maybe_ticket: Owner | None
    count: u32
    maybe_len: u32 | None


class Event(Sum, params=[("T", None)]):
    pass


class Noted(Event, index=0):
    """A preimage has been noted."""

    hash: Hash


class Requested(Event, index=1):
    """A preimage has been requested."""

    hash: Hash


class Cleared(Event, index=2):
    """A preimage has been cleared."""

    hash: Hash


class Error(PalletError):
    TooBig = 0, "Preimage is too large to store on the chain."
    AlreadyNoted = 1, "Preimage has already been noted."
    NotAuthorized = 2, "Not authorized: the user did not note this preimage."
    NotNoted = 3, "The preimage cannot be removed since it has not been noted."
    Requested = 4, "A preimage may not be removed while it is requested."
    NotRequested = 5, "The request cannot be removed since there is none."
    TooMany = 6, "Too many hashes were given to be updated at once."
    TooFew = 7, "Too few hashes were given: at least one is needed."


pallet = Pallet(
    "Preimage", 14, crate="pallet_preimage", event=Event, error=Error, hold_reason=HoldReason, storage_version=1
)

StatusFor = pallet.map(
    Identity,
    H256,
    OldRequestStatus,
    docs="The status of a hash, from the time when deposits were reserves.",
)
RequestStatusFor = pallet.map(Identity, H256, RequestStatus, docs="The status of a hash.")
PreimageFor = pallet.map(
    Identity,
    tuple[H256, u32],
    Annotated[bytes, MaxLen(MAX_SIZE)],
    docs="The preimage of a hash and length.",
)

pallet.name_declared(globals())


# --- interface for other pallets -----------------------------------------------------------------------------


def note(ctx: Context, data: bytes, depositor: bytes | None = None) -> bool:
    """Store bytes for a depositor, or without one as one more request. Return whether they are requested.

    TooBig above 4 MiB, AlreadyNoted when they are noted for a deposit already.
    """
    hash_, length = blake2_256(data), len(data)
    ensure(length <= MAX_SIZE, Error.TooBig)
    status = status_of(ctx, hash_)
    new: RequestStatus
    if isinstance(status, RequestedStatus):
        new = replace(status, maybe_len=length)
    elif isinstance(status, UnrequestedStatus):
        ensure(depositor is None, Error.AlreadyNoted)
        new = RequestedStatus(status.ticket, 1, status.len)
    elif depositor is None:
        new = RequestedStatus(None, 1, length)
    else:
        new = UnrequestedStatus(_take_deposit(ctx, depositor, length), length)
    RequestStatusFor.put(ctx, hash_, new)
    PreimageFor.put(ctx, (hash_, length), data)
    ctx.deposit(Noted(hash_))
    return isinstance(new, RequestedStatus)


def fetch(ctx: Context, hash_: bytes, length: int | None = None) -> bytes:
    """Return the bytes of a hash; Unavailable when none are noted (with this length, if one is passed)."""
    if length is None:
        length = _length(ctx, hash_)
    data = None if length is None else PreimageFor.get(ctx, (hash_, length))
    if data is None:
        raise DispatchFailed(Unavailable())
    return data


def request(ctx: Context, hash_: bytes) -> None:
    """Add a request for the bytes of a hash, which keeps them stored."""
    status = status_of(ctx, hash_)
    if isinstance(status, RequestedStatus):
        new = replace(status, count=status.count + 1)
    elif isinstance(status, UnrequestedStatus):
        new = RequestedStatus(status.ticket, 1, status.len)
    else:
        new = RequestedStatus(None, 1, None)
    RequestStatusFor.put(ctx, hash_, new)
    if new.count == 1:
        ctx.deposit(Requested(hash_))


def unrequest(ctx: Context, hash_: bytes) -> None:
    """Withdraw one request; NotRequested when there is none.

    With the last request the bytes are removed, unless an account holds a deposit for them.
    """
    status = status_of(ctx, hash_)
    if not isinstance(status, RequestedStatus):
        raise DispatchFailed(Error.NotRequested)
    if status.count > 1:
        RequestStatusFor.put(ctx, hash_, replace(status, count=status.count - 1))
    elif status.maybe_len is None:
        RequestStatusFor.remove(ctx, hash_)
    elif status.maybe_ticket is None:
        _clear(ctx, hash_, status.maybe_len)
    else:
        RequestStatusFor.put(ctx, hash_, UnrequestedStatus(status.maybe_ticket, status.maybe_len))


def status_of(ctx: Context, hash_: bytes) -> RequestStatus | None:
    """Return the status of a hash, after converting an old one; None when there is none."""
    update_status(ctx, hash_)
    return RequestStatusFor.get(ctx, hash_)


def update_status(ctx: Context, hash_: bytes) -> bool:
    """Convert an old status to the current form, its reserve to a hold; return False when there is no old one."""
    old = StatusFor.take(ctx, hash_)
    if old is None:
        return False
    if not isinstance(old, OldUnrequested | OldRequested):
        raise InternalError(f"expected an old status, got {old}")
    owner: Owner | None = None
    if old.deposit is not None:
        who, amount = old.deposit
        unreserve(ctx, who, amount)
        if old.len is not None:
            try:
                owner = _take_deposit(ctx, who, old.len)
            except DispatchFailed:
                # The owner can no longer pay the deposit: the status is lost, as on the chain.
                return True
    RequestStatusFor.put(ctx, hash_, _convert(old, owner))
    return True


def _convert(old: OldUnrequested | OldRequested, owner: Owner | None) -> RequestStatus:
    """Return an old status in the current form."""
    if isinstance(old, OldRequested):
        return RequestedStatus(owner, old.count, old.len)
    if owner is None:
        raise InternalError("expected the owner of an unrequested preimage")
    return UnrequestedStatus(owner, old.len)


# --- calls ---------------------------------------------------------------------------------------------------


@pallet.call(0, weight=lambda data: weight_of(50_499_000 + 13_491 * len(data), 28_584, 5, 3))
def note_preimage(ctx: Context, bytes_: bytes) -> PostInfo:
    """Store bytes under their BLAKE2b-256 hash, for a deposit of 104,000,000 rao and 1,000,000 rao for each byte.

    Requested bytes need no deposit and no fee. Fails with TooBig or AlreadyNoted.
    """
    requested = note(ctx, bytes_, _signer_or_manager(ctx))
    return PostInfo(None, Pays.No if requested else Pays.Yes)


@pallet.call(1, weight=weight_of(50_830_000, 3892, 3, 3))
def unnote_preimage(ctx: Context, hash_: Hash) -> None:
    """Remove a preimage of the signer and release its deposit; root may remove any.

    A requested preimage stays stored. Fails with NotNoted or NotAuthorized.
    """
    caller = _signer_or_manager(ctx)
    status = status_of(ctx, hash_)
    if isinstance(status, UnrequestedStatus):
        _return_deposit(ctx, caller, status.ticket)
        _clear(ctx, hash_, status.len)
    elif isinstance(status, RequestedStatus) and status.maybe_ticket is not None:
        _return_deposit(ctx, caller, status.maybe_ticket)
        RequestStatusFor.put(ctx, hash_, replace(status, maybe_ticket=None))
    else:
        ensure(status is not None, Error.NotNoted)
        ensure(caller is None, Error.NotAuthorized)
        unrequest(ctx, hash_)


@pallet.call(2, weight=weight_of(19_292_000, 3556, 2, 1))
def request_preimage(ctx: Context, hash_: Hash) -> None:
    """Request a preimage, so that noting it costs nothing and it stays stored. Only root may."""
    ctx.ensure_root()
    request(ctx, hash_)


@pallet.call(3, weight=weight_of(20_209_000, 3556, 2, 2))
def unrequest_preimage(ctx: Context, hash_: Hash) -> None:
    """Withdraw a request for a preimage. Only root may; NotRequested when there is none."""
    ctx.ensure_root()
    unrequest(ctx, hash_)


@pallet.call(
    4,
    weight=lambda hashes: (
        weight_of(56_817_000, 28_584, 2)
        + weight_of(59_397_441 * len(hashes), 2902 * len(hashes), 3 * len(hashes), 4 * len(hashes))
    ),
)
def ensure_updated(ctx: Context, hashes: list[Hash]) -> PostInfo:
    """Convert old statuses of up to 1024 hashes to the current form. Free when at least nine out of ten needed it."""
    ctx.ensure_signed()
    ensure(len(hashes) > 0, Error.TooFew)
    ensure(len(hashes) <= MAX_HASHES, Error.TooMany)
    updated = sum([update_status(ctx, hash_) for hash_ in hashes])
    return PostInfo(None, Pays.No if 10 * updated >= 9 * len(hashes) else Pays.Yes)


def _signer_or_manager(ctx: Context) -> bytes | None:
    """Return the signer, or None for root, the manager; BadOrigin for other origins."""
    return None if ctx.origin.is_root else ctx.ensure_signed()


def _take_deposit(ctx: Context, who: bytes, length: int) -> Owner:
    """Hold the deposit for this many bytes; return the account and the amount in rao."""
    amount = BASE_DEPOSIT + BYTE_DEPOSIT * length
    holds.hold(ctx, HoldReason.Preimage, who, amount)
    return who, amount


def _return_deposit(ctx: Context, caller: bytes | None, owner: Owner) -> None:
    """Release a deposit; NotAuthorized when the caller is neither its owner nor the manager (None)."""
    who, amount = owner
    ensure(caller is None or caller == who, Error.NotAuthorized)
    with suppress(DispatchFailed):
        holds.release(ctx, HoldReason.Preimage, who, amount)


def _clear(ctx: Context, hash_: bytes, length: int) -> None:
    """Remove a preimage and its status."""
    RequestStatusFor.remove(ctx, hash_)
    PreimageFor.remove(ctx, (hash_, length))
    ctx.deposit(Cleared(hash_))


def _length(ctx: Context, hash_: bytes) -> int | None:
    """Return the length of the noted bytes of a hash, None when there are none."""
    status = status_of(ctx, hash_)
    if isinstance(status, UnrequestedStatus):
        return status.len
    return status.maybe_len if isinstance(status, RequestedStatus) else None
