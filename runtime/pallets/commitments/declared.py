"""Commitments: types, storage, events, errors and constants."""

from __future__ import annotations

from typing import Annotated

from ...frame.errors import PalletError
from ...frame.hashers import Identity, Twox64Concat
from ...frame.pallet import Pallet
from ...scale import AccountId, MaxLen, SourceName, Struct, Sum, u32, u64
from ..shared.types import Balance, BlockNumber, NetUid
from .data import PATH, Data

#: The largest number of fields of a commitment.
MAX_FIELDS = 3


class CommitmentInfo(Struct, path=f"{PATH}::CommitmentInfo", params=[("FieldLimit", None)]):
    """The fields of a commitment."""

    fields: Annotated[list[Data], MaxLen(MAX_FIELDS, bound="FieldLimit")]


class Registration(
    Struct,
    path=f"{PATH}::Registration",
    params=[("Balance", Balance), ("MaxFields", None), ("BlockNumber", BlockNumber)],
):
    """A stored commitment."""

    #: The reserved deposit, in rao.
    deposit: Balance
    #: The block in which it was made.
    block: BlockNumber
    info: Annotated[CommitmentInfo, SourceName("CommitmentInfo<MaxFields>")]


class UsageTracker(Struct, path=f"{PATH}::UsageTracker"):
    """The number of bytes that a hotkey has committed in an epoch of the subnet."""

    #: The index of the epoch.
    last_epoch: u64 = 0
    #: The number of bytes.
    used_space: u64 = 0


#: A commitment with at most `MaxFields` fields.
CommitmentInfoOf = Annotated[CommitmentInfo, SourceName("CommitmentInfo<T::MaxFields>")]


class Event(Sum, params=[("T", None)]):
    pass


class Commitment(Event, index=0):
    """A hotkey made a commitment without encrypted fields."""

    netuid: NetUid
    who: AccountId


class TimelockCommitment(Event, index=1):
    """A hotkey made a commitment with a field that is encrypted until a drand round."""

    netuid: NetUid
    who: AccountId
    reveal_round: u64


class CommitmentRevealed(Event, index=2):
    """An encrypted field was decrypted."""

    netuid: NetUid
    who: AccountId


class Error(PalletError):
    TooManyFieldsInCommitmentInfo = 0, "Too many fields in the commitment info."
    AccountNotAllowedCommit = 1, "The account is not allowed to commit: it is not a hotkey registered on the subnet."
    SpaceLimitExceeded = (
        2,
        "The space limit is exceeded: a rate limit on the bytes that a hotkey may commit in an epoch.",
    )
    UnexpectedUnreserveLeftover = 3, "The deposit could not be unreserved in full."


pallet = Pallet("Commitments", 18, crate="pallet_commitments", event=Event, error=Error)

_HOTKEY = (Identity, NetUid), (Twox64Concat, AccountId)

TimelockedIndex = pallet.value(
    frozenset[tuple[NetUid, AccountId]],
    default=frozenset(),
    docs="The subnets and hotkeys whose commitments have an encrypted field.",
)
CommitmentOf = pallet.double_map(*_HOTKEY, Registration, docs="The commitment of a hotkey on a subnet.")
LastCommitment = pallet.double_map(*_HOTKEY, u32, docs="The block of the last commitment of a hotkey.")
LastBondsReset = pallet.double_map(
    *_HOTKEY, u32, docs="The block in which a hotkey last reset the bonds in its neuron."
)
RevealedCommitments = pallet.double_map(
    *_HOTKEY,
    list[tuple[bytes, u64]],
    docs="The last decrypted fields of a hotkey, each with the block in which it was revealed.",
)
UsedSpaceOf = pallet.double_map(
    *_HOTKEY, UsageTracker, docs="The number of bytes that a hotkey has committed in the current epoch of a subnet."
)
MaxSpace = pallet.value(u32, default=3100, docs="The number of bytes that a hotkey may commit on a subnet in an epoch.")

MaxFields = pallet.constant(u32, MAX_FIELDS, docs="The largest number of fields of a commitment.")
InitialDeposit = pallet.constant(u64, 0, docs="The deposit for a commitment without fields, in rao.")
FieldDeposit = pallet.constant(u64, 0, docs="The additional deposit for each field, in rao.")

pallet.name_declared(globals())
