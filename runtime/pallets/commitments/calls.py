"""Commitments (index 18): what hotkeys publish on a subnet, for all to read: where their model is, a hash, a promise.

One commitment for each hotkey and subnet, the last one counts; how many bytes a hotkey may publish in an epoch is
limited. A field may be encrypted for a drand round: it stays as it is until the chain knows that round's signature. No
signatures are known here, so timelocked fields are kept, encrypted, until the next commitment takes their place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ....consensus.integers import saturating_add_u64
from ...frame.context import Context
from ...frame.errors import DispatchFailed, PalletError, ensure
from ...frame.hashers import Identity, Twox64Concat
from ...frame.pallet import Pallet
from ...frame.weight import DB_READ, DB_WRITE, Pays, Weight, weight_of
from ...scale import AccountId, Box, SourceName, Sum, u32, u64
from ..balances.reserves import reserve, unreserve
from ..shared.types import NetUid
from .types import MAX_FIELDS, CommitmentInfo, Registration, ResetBondsFlag, TimelockEncrypted, UsageTracker, space

#: However little is in it, a commitment counts as so many bytes.
MIN_SPACE = 100


#: A commitment within the pallet's limits.
CommitmentInfoOf = Annotated[CommitmentInfo, SourceName("CommitmentInfo<T::MaxFields>")]


class Event(Sum, params=[("T", None)]):
    pass


class Commitment(Event, index=0):
    """A hotkey made a commitment that everybody can read."""

    netuid: NetUid
    who: AccountId


class TimelockCommitment(Event, index=1):
    """A hotkey made a commitment that is encrypted, at least in part, until a drand round."""

    netuid: NetUid
    who: AccountId
    reveal_round: u64


class CommitmentRevealed(Event, index=2):
    """An encrypted field was decrypted."""

    netuid: NetUid
    who: AccountId


class Error(PalletError):
    TooManyFieldsInCommitmentInfo = 0, "A commitment has more fields than are allowed."
    AccountNotAllowedCommit = 1, "Only hotkeys that are registered on a subnet make commitments there."
    SpaceLimitExceeded = 2, "The hotkey has committed as many bytes in this epoch as it may."
    UnexpectedUnreserveLeftover = 3, "A deposit was not there to be given back."


pallet = Pallet("Commitments", 18, crate="pallet_commitments", event=Event, error=Error)

_HOTKEY = (Identity, NetUid), (Twox64Concat, AccountId)

TimelockedIndex = pallet.value(
    frozenset[tuple[NetUid, AccountId]],
    default=frozenset(),
    docs="Whose commitments have an encrypted field.",
)
CommitmentOf = pallet.double_map(*_HOTKEY, Registration, docs="The commitment of a hotkey on a subnet.")
LastCommitment = pallet.double_map(*_HOTKEY, u32, docs="The block in which a hotkey made its last commitment.")
LastBondsReset = pallet.double_map(*_HOTKEY, u32, docs="The block in which a hotkey last had the bonds in it reset.")
RevealedCommitments = pallet.double_map(
    *_HOTKEY,
    list[tuple[bytes, u64]],
    docs="The last fields of a hotkey that were decrypted, each with the block in which it was.",
)
UsedSpaceOf = pallet.double_map(
    *_HOTKEY, UsageTracker, docs="How many bytes a hotkey has committed in the subnet's epoch."
)
MaxSpace = pallet.value(u32, default=3100, docs="How many bytes a hotkey may commit on a subnet in an epoch.")

MaxFields = pallet.constant(u32, MAX_FIELDS, docs="The most fields of a commitment.")
InitialDeposit = pallet.constant(u64, 0, docs="The deposit for a commitment, in rao.")
FieldDeposit = pallet.constant(u64, 0, docs="The further deposit for each field, in rao.")

pallet.name_declared(globals())


@pallet.call(0, weight=weight_of(33_480_000, reads=5, writes=4), pays=Pays.No)
def set_commitment(ctx: Context, netuid: NetUid, info: Box[CommitmentInfoOf]) -> None:
    """Publish a commitment on a subnet on which the caller is registered; it replaces the one before."""
    who = ctx.ensure_signed()
    from ..subtensor.neurons.uids import is_hotkey_registered_on_network

    ensure(is_hotkey_registered_on_network(ctx, netuid, who), Error.AccountNotAllowedCommit)
    ensure(len(info.fields) <= MaxFields.get(ctx), Error.TooManyFieldsInCommitmentInfo)
    usage = _use_space(ctx, netuid, who, info)
    if any(isinstance(field, ResetBondsFlag) for field in info.fields):
        _reset_bonds(ctx, netuid, who)
    UsedSpaceOf.put(ctx, netuid, who, usage)
    deposit = _adjust_deposit(ctx, netuid, who, info)
    CommitmentOf.put(ctx, netuid, who, Registration(deposit, ctx.block.number, info))
    LastCommitment.put(ctx, netuid, who, ctx.block.number)
    _index(ctx, netuid, who, info)


def _use_space(ctx: Context, netuid: int, who: bytes, info: CommitmentInfo) -> UsageTracker:
    """What the account has used with this commitment, counted anew each epoch; SpaceLimitExceeded above the limit."""
    from ..subtensor.storage.tempo import SubnetEpochIndex

    usage, epoch = UsedSpaceOf.get(ctx, netuid, who) or UsageTracker(), SubnetEpochIndex.get(ctx, netuid)
    if usage.last_epoch != epoch:
        usage = UsageTracker(epoch, 0)
    used = saturating_add_u64(usage.used_space, max(sum(map(space, info.fields)), MIN_SPACE))
    ensure(used <= MaxSpace.get(ctx), Error.SpaceLimitExceeded)
    return replace(usage, used_space=used)


def _reset_bonds(ctx: Context, netuid: int, who: bytes) -> None:
    """Have validators start from nothing with this neuron, in all mechanisms of the subnet, if the subnet allows it."""
    from ..subtensor.coinbase.epoch import do_reset_bonds
    from ..subtensor.subnets.mechanism import storage_indices

    LastBondsReset.put(ctx, netuid, who, ctx.block.number)
    for netuid_index in storage_indices(ctx, netuid):
        do_reset_bonds(ctx, netuid_index, who)


def _adjust_deposit(ctx: Context, netuid: int, who: bytes, info: CommitmentInfo) -> int:
    """Reserve or give back what this commitment's deposit differs from the last one's; gives the deposit in rao."""
    before = CommitmentOf.get(ctx, netuid, who)
    old = before.deposit if before else 0
    deposit = saturating_add_u64(InitialDeposit.get(ctx), len(info.fields) * FieldDeposit.get(ctx))
    if deposit > old:
        reserve(ctx, who, deposit - old)
    elif old > deposit and unreserve(ctx, who, old - deposit):
        raise DispatchFailed(Error.UnexpectedUnreserveLeftover)
    return deposit


def _index(ctx: Context, netuid: int, who: bytes, info: CommitmentInfo) -> None:
    """Tell whether the commitment is encrypted, and keep account of it. The index is written in any case."""
    entry = frozenset({(netuid, who)})
    first = next((field for field in info.fields if isinstance(field, TimelockEncrypted)), None)
    if first is None:
        ctx.deposit(Commitment(netuid, who))
        TimelockedIndex.mutate(ctx, lambda index: index - entry)
    else:
        ctx.deposit(TimelockCommitment(netuid, who, first.reveal_round))
        TimelockedIndex.mutate(ctx, lambda index: index | entry)


@pallet.call(2, weight=weight_of(2_856_000, writes=1))
def set_max_space(ctx: Context, new_limit: u32) -> None:
    """Set how many bytes a hotkey may commit on a subnet in an epoch, as root."""
    ctx.ensure_root()
    MaxSpace.put(ctx, new_limit)


@pallet.on_initialize
def reveal_timelocked_commitments(ctx: Context) -> Weight:
    """Look for the round of each encrypted field. None is known, so all that ends is the watch over what is gone."""
    index = TimelockedIndex.get(ctx)
    weight = Weight(DB_READ)
    for netuid, who in sorted(index):
        registration = CommitmentOf.get(ctx, netuid, who)
        fields = registration.info.fields if registration else []
        timelocked = sum(isinstance(field, TimelockEncrypted) for field in fields)
        weight += Weight((1 + timelocked) * DB_READ)
        if not timelocked:
            index -= {(netuid, who)}
            TimelockedIndex.put(ctx, index)
            weight += Weight(DB_READ + DB_WRITE)
    return weight


# --- for other pallets ---------------------------------------------------------------------------------------


def get_commitments(ctx: Context, netuid: int) -> list[tuple[bytes, bytes]]:
    """The commitments on a subnet: hotkey and encoded Registration, in the order of storage."""
    return [(who, Registration.scale.encode(registration)) for who, registration in CommitmentOf.under(ctx, netuid)]


def purge_netuid(ctx: Context, netuid: int) -> None:
    """Forget all that was committed on a subnet, which is no more. The index is written in any case."""
    for item in (CommitmentOf, LastCommitment, LastBondsReset, RevealedCommitments, UsedSpaceOf):
        item.clear_under(ctx, netuid)
    TimelockedIndex.mutate(ctx, lambda index: frozenset(entry for entry in index if entry[0] != netuid))
