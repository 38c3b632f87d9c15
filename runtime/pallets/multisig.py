"""Multisig (index 13): accounts of several signatories, a threshold of whom must approve a call.

The account id is derived from the signatories and the threshold (crypto/accounts.py); nothing is stored for it. The
first approval of a call reserves a deposit and opens an operation, which is identified by its timepoint. The last
approval carries the call, which is dispatched as the account. Arguments list the signatories without the signer, in
ascending order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ..crypto.accounts import multisig_account
from ..crypto.hashing import blake2_256
from ..frame.call import Call, RuntimeCall
from ..frame.context import Context
from ..frame.errors import DispatchFailed, PalletError, ensure
from ..frame.hashers import Blake2_128Concat, Twox64Concat
from ..frame.nested import DispatchResult, attempt
from ..frame.origin import signed
from ..frame.pallet import Pallet
from ..frame.weight import AS_DECLARED, Pays, PostInfo, Weight, weight_of
from ..scale import AccountId, Box, Bytes32, MaxLen, SourceName, Struct, Sum, u16, u32, u64
from .balances.reserves import reserve, unreserve
from .shared.types import Balance, BlockNumber

MAX_SIGNATORIES = 100

CallHash = Annotated[Bytes32, SourceName("CallHash")]


class Timepoint(Struct, path="pallet_multisig::Timepoint", params=[("BlockNumber", BlockNumber)]):
    """A block number, and the index of an extrinsic in that block."""

    height: BlockNumber
    index: u32


class Multisig(
    Struct,
    path="pallet_multisig::Multisig",
    params=[("BlockNumber", BlockNumber), ("Balance", Balance), ("AccountId", AccountId), ("MaxApprovals", None)],
):
    """An open operation: a call with some of its approvals, which are sorted; `deposit` is in rao."""

    when: Timepoint
    deposit: Balance
    depositor: AccountId
    approvals: Annotated[list[AccountId], MaxLen(MAX_SIGNATORIES, bound="MaxApprovals")]


class Event(Sum, params=[("T", None)]):
    pass


class NewMultisig(Event, index=0):
    """An operation was opened with its first approval."""

    approving: AccountId
    multisig: AccountId
    call_hash: CallHash


class MultisigApproval(Event, index=1):
    """An operation was approved by one more signatory."""

    approving: AccountId
    timepoint: Timepoint
    multisig: AccountId
    call_hash: CallHash


class MultisigExecuted(Event, index=2):
    """An operation received its last approval and its call was dispatched, with this result."""

    approving: AccountId
    timepoint: Timepoint
    multisig: AccountId
    call_hash: CallHash
    result: DispatchResult


class MultisigCancelled(Event, index=3):
    """An operation was cancelled."""

    cancelling: AccountId
    timepoint: Timepoint
    multisig: AccountId
    call_hash: CallHash


class DepositPoked(Event, index=4):
    """A deposit was adjusted to the current rates; both amounts in rao."""

    who: AccountId
    call_hash: CallHash
    old_deposit: Balance
    new_deposit: Balance


class Error(PalletError):
    MinimumThreshold = 0, "The threshold must be 2 or more."
    AlreadyApproved = 1, "The signatory has already approved this call."
    NoApprovalsNeeded = 2, "The call needs no more approvals."
    TooFewSignatories = 3, "There are too few signatories."
    TooManySignatories = 4, "There are too many signatories."
    SignatoriesOutOfOrder = 5, "The signatories are out of order: list them in ascending order, each once."
    SenderInSignatories = 6, "The sender is in the list of other signatories, and must not be."
    NotFound = 7, "The multisig operation was not found."
    NotOwner = 8, "Not the owner: only the account that made the deposit may do this."
    NoTimepoint = 9, "No timepoint was given, but the operation is already open: pass its timepoint."
    WrongTimepoint = 10, "Wrong timepoint: the open operation has another one."
    UnexpectedTimepoint = 11, "Unexpected timepoint: no operation is open, so pass none."
    MaxWeightTooLow = 12, "The maximum weight is too low for the call."
    AlreadyStored = 13, "The call's data is already stored."


pallet = Pallet("Multisig", 13, crate="pallet_multisig", event=Event, error=Error, storage_version=1)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")

Multisigs = pallet.double_map(
    (Twox64Concat, AccountId),
    (Blake2_128Concat, Bytes32),
    Multisig,
    docs="The open operations, by multisig account and call hash.",
)

DepositBase = pallet.constant(u64, 132_000_000, docs="The deposit for an operation, in rao.")
DepositFactor = pallet.constant(u64, 32_000_000, docs="The deposit for each approval that an operation needs, in rao.")
MaxSignatories = pallet.constant(u32, MAX_SIGNATORIES, docs="The largest number of signatories of a multisig account.")

pallet.name_declared(globals())


# --- weights: by the number of other signatories and the length of the call, in bytes ------------------------


def _threshold_1_weight(length: int) -> Weight:
    return weight_of(20_470_382 + 397 * length, 3997, reads=2)


def _create_weight(others: int, length: int) -> Weight:
    return weight_of(29_976_762 + 144_320 * others + 1_819 * length, 6811, 1, 1)


def _approve_weight(others: int, length: int) -> Weight:
    return weight_of(14_821_348 + 127_874 * others + 1_968 * length, 6811, 1, 1)


def _complete_weight(others: int, length: int) -> Weight:
    return weight_of(34_745_418 + 193_313 * others + 2_057 * length, 6811, 4, 2)


def _approval_weight(others: int, length: int, max_weight: Weight) -> Weight:
    """Return the weight of the call, and of the heaviest step that an approval can turn out to be."""
    heaviest = (
        _create_weight(others, length).larger(_approve_weight(others, length)).larger(_complete_weight(others, length))
    )
    return heaviest + max_weight


def _approval_by_hash_weight(others: int, max_weight: Weight) -> Weight:
    """Return the weight of the call, and of the heavier step that an approval by hash can turn out to be."""
    create = weight_of(27_463_275 + 139_226 * others, 6811, 1, 1)
    approve = weight_of(14_074_258 + 126_544 * others, 6811, 1, 1)
    return create.larger(approve) + max_weight


# --- rules ---------------------------------------------------------------------------------------------------


def deposit_for(ctx: Context, threshold: int) -> int:
    """Return the deposit for an operation of an account with this threshold, in rao."""
    return DepositBase.get(ctx) + DepositFactor.get(ctx) * threshold


def current_timepoint(ctx: Context) -> Timepoint:
    """Return the current block and extrinsic index."""
    return Timepoint(ctx.block.number, ctx.extrinsic_index or 0)


def _account(ctx: Context, who: bytes, others: list[bytes], threshold: int) -> bytes:
    """Return the multisig account of the signer and the others.

    Fails when the others are too few or too many, out of order, or include the signer.
    """
    ensure(len(others) > 0, Error.TooFewSignatories)
    ensure(len(others) < MaxSignatories.get(ctx), Error.TooManySignatories)
    last = None
    for other in others:
        ensure(last is None or last < other, Error.SignatoriesOutOfOrder)
        ensure(other != who, Error.SenderInSignatories)
        last = other
    return multisig_account([*others, who], threshold)


def _joint_account(ctx: Context, who: bytes, others: list[bytes], threshold: int) -> bytes:
    """Return the multisig account as `_account`, with a threshold of at least 2; MinimumThreshold below that."""
    ensure(threshold >= 2, Error.MinimumThreshold)
    return _account(ctx, who, others, threshold)


def _find_operation(ctx: Context, account: bytes, call_hash: bytes) -> Multisig:
    """Return an open operation; NotFound when there is none."""
    operation = Multisigs.get(ctx, account, call_hash)
    if operation is None:
        raise DispatchFailed(Error.NotFound)
    return operation


# --- calls ---------------------------------------------------------------------------------------------------


@pallet.call(
    0,
    weight=lambda info, other_signatories, call: (
        _threshold_1_weight(len(call.encode())) + weight_of(0, reads=1, writes=1) + info(call).call_weight
    ),
    class_=lambda info, other_signatories, call: info(call).class_,
    holds_calls=True,
)
def as_multi_threshold_1(ctx: Context, other_signatories: list[AccountId], call: Box[RuntimeCall]) -> PostInfo:
    """Dispatch a call as the multisig account of threshold 1, with the approval of the signer alone.

    Fails with the error of the call when the call fails.
    """
    who = ctx.ensure_signed()
    account = _account(ctx, who, other_signatories, 1)
    encoded = call.encode()
    outcome = attempt(ctx, signed(account), call)
    post, actual = outcome.post, outcome.post.actual_weight
    if actual is not None:
        post = PostInfo(_threshold_1_weight(len(encoded)) + actual)
    if outcome.error is not None:
        raise DispatchFailed(outcome.error, post)
    ctx.deposit(MultisigExecuted(who, current_timepoint(ctx), account, blake2_256(encoded), outcome.result))
    return PostInfo(post.actual_weight)


@pallet.call(
    1,
    weight=lambda threshold, other_signatories, maybe_timepoint, call, max_weight: _approval_weight(
        len(other_signatories), len(call.encode()), max_weight
    ),
)
def as_multi(
    ctx: Context,
    threshold: u16,
    other_signatories: list[AccountId],
    maybe_timepoint: Timepoint | None,
    call: Box[RuntimeCall],
    max_weight: Weight,
) -> PostInfo:
    """Approve a call, and dispatch it as the multisig account if this is the last approval needed.

    The first approval has no timepoint and reserves a deposit; later ones pass the timepoint of the first. `max_weight`
    is the largest weight that the call may have (MaxWeightTooLow). The inner call may fail without failing this one:
    event `MultisigExecuted` has its result.
    """
    who = ctx.ensure_signed()
    account = _joint_account(ctx, who, other_signatories, threshold)
    encoded = call.encode()
    call_hash, others, length = blake2_256(encoded), len(other_signatories), len(encoded)
    operation = Multisigs.get(ctx, account, call_hash)
    if operation is None:
        _open(ctx, who, account, threshold, maybe_timepoint, call_hash)
        return PostInfo(_create_weight(others, length))
    _check_timepoint(operation, maybe_timepoint)
    approvals = len(operation.approvals)
    if approvals < threshold and who not in operation.approvals:
        approvals += 1
    if approvals < threshold:
        _add_approval(ctx, who, account, call_hash, operation, threshold)
        return PostInfo(_approve_weight(others, length))
    actual = _execute(ctx, who, account, call_hash, operation, call, max_weight).actual_weight
    return PostInfo(None if actual is None else _complete_weight(others, length) + actual)


@pallet.call(
    2,
    weight=lambda threshold, other_signatories, maybe_timepoint, call_hash, max_weight: _approval_by_hash_weight(
        len(other_signatories), max_weight
    ),
)
def approve_as_multi(
    ctx: Context,
    threshold: u16,
    other_signatories: list[AccountId],
    maybe_timepoint: Timepoint | None,
    call_hash: Bytes32,
    max_weight: Weight,
) -> PostInfo:
    """Approve a call by the hash of its encoding. The last approval must be an `as_multi`, which carries the call.

    The first approval has no timepoint and reserves a deposit; later ones pass the timepoint of the first.
    """
    who = ctx.ensure_signed()
    account = _joint_account(ctx, who, other_signatories, threshold)
    operation = Multisigs.get(ctx, account, call_hash)
    if operation is None:
        _open(ctx, who, account, threshold, maybe_timepoint, call_hash)
        return PostInfo(_create_weight(len(other_signatories), 0))
    _check_timepoint(operation, maybe_timepoint)
    _add_approval(ctx, who, account, call_hash, operation, threshold)
    return PostInfo(_approve_weight(len(other_signatories), 0))


@pallet.call(
    3,
    weight=lambda threshold, other_signatories, timepoint, call_hash: weight_of(
        28_623_566 + 135_351 * len(other_signatories), 6811, 1, 1
    ),
)
def cancel_as_multi(
    ctx: Context, threshold: u16, other_signatories: list[AccountId], timepoint: Timepoint, call_hash: Bytes32
) -> None:
    """Cancel an operation that the signer opened, and unreserve its deposit. NotOwner for other signatories."""
    who = ctx.ensure_signed()
    account = _joint_account(ctx, who, other_signatories, threshold)
    operation = _find_operation(ctx, account, call_hash)
    ensure(operation.when == timepoint, Error.WrongTimepoint)
    ensure(operation.depositor == who, Error.NotOwner)
    unreserve(ctx, who, operation.deposit)
    Multisigs.remove(ctx, account, call_hash)
    ctx.deposit(MultisigCancelled(who, timepoint, account, call_hash))


@pallet.call(
    4,
    weight=lambda threshold, other_signatories, call_hash: weight_of(
        27_349_525 + 121_813 * len(other_signatories), 6811, 1, 1
    ),
)
def poke_deposit(ctx: Context, threshold: u16, other_signatories: list[AccountId], call_hash: Bytes32) -> PostInfo:
    """Adjust the deposit of an operation that the signer opened to the current rate. Free when it changes."""
    who = ctx.ensure_signed()
    account = _joint_account(ctx, who, other_signatories, threshold)
    operation = _find_operation(ctx, account, call_hash)
    ensure(operation.depositor == who, Error.NotOwner)
    old, new = operation.deposit, deposit_for(ctx, threshold)
    if new == old:
        return AS_DECLARED
    if new > old:
        reserve(ctx, who, new - old)
    else:
        unreserve(ctx, who, old - new)
    Multisigs.put(ctx, account, call_hash, replace(operation, deposit=new))
    ctx.deposit(DepositPoked(who, call_hash, old, new))
    return PostInfo(None, Pays.No)


# --- the steps of an operation -------------------------------------------------------------------------------


def _open(
    ctx: Context, who: bytes, account: bytes, threshold: int, maybe_timepoint: Timepoint | None, call_hash: bytes
) -> None:
    """Open an operation with its first approval, and reserve the deposit."""
    ensure(maybe_timepoint is None, Error.UnexpectedTimepoint)
    deposit = deposit_for(ctx, threshold)
    reserve(ctx, who, deposit)
    Multisigs.put(ctx, account, call_hash, Multisig(current_timepoint(ctx), deposit, who, [who]))
    ctx.deposit(NewMultisig(who, account, call_hash))


def _check_timepoint(operation: Multisig, maybe_timepoint: Timepoint | None) -> None:
    """Refuse a missing or wrong timepoint of an open operation."""
    ensure(maybe_timepoint is not None, Error.NoTimepoint)
    ensure(operation.when == maybe_timepoint, Error.WrongTimepoint)


def _add_approval(
    ctx: Context, who: bytes, account: bytes, call_hash: bytes, operation: Multisig, threshold: int
) -> None:
    """Add an approval that does not dispatch the call; AlreadyApproved when it would add nothing."""
    approvals = operation.approvals
    ensure(who not in approvals and len(approvals) < threshold, Error.AlreadyApproved)
    Multisigs.put(ctx, account, call_hash, replace(operation, approvals=sorted([*approvals, who])))
    ctx.deposit(MultisigApproval(who, operation.when, account, call_hash))


def _execute(
    ctx: Context, who: bytes, account: bytes, call_hash: bytes, operation: Multisig, call: Call, max_weight: Weight
) -> PostInfo:
    """Close the operation and dispatch its call; return the post-dispatch information of the call."""
    ensure(not ctx.runtime.info(call).call_weight.any_gt(max_weight), Error.MaxWeightTooLow)
    Multisigs.remove(ctx, account, call_hash)
    unreserve(ctx, operation.depositor, operation.deposit)
    outcome = attempt(ctx, signed(account), call)
    ctx.deposit(MultisigExecuted(who, operation.when, account, call_hash, outcome.result))
    return outcome.post
