"""Grandpa (index 4): the voters on finality, and changes of them.

A change is announced in the block's digest (engine FRNK) and takes effect `delay` blocks later. This chain has no
sessions: only root schedules changes (`AdminUtils.schedule_grandpa_change`), set ids stay at 0, and double votes cannot
be reported, because a report contains a proof of a type without values.
"""

from __future__ import annotations

from typing import Annotated

from ..frame.call import Call
from ..frame.context import Context
from ..frame.digest import Consensus
from ..frame.errors import PalletError, ensure
from ..frame.hashers import Twox64Concat
from ..frame.pallet import Pallet
from ..frame.validity import Call as UnexpectedCall
from ..frame.validity import Refused, TransactionSource, ValidTransaction
from ..frame.weight import Pays, PostInfo, weight_of
from ..scale import Box, MaxLen, SourceName, Struct, Sum, newtype, u32, u64
from ..scale.codec import FixedBytes
from .shared.types import BlockNumber, Hash

MAX_AUTHORITIES = 32
GRANDPA_ENGINE = b"FRNK"
U32_SPAN = 1 << 32

AuthorityId = Annotated[
    bytes, newtype(FixedBytes(32), "sp_consensus_grandpa::app::Public", type_name="ed25519::Public")
]
Signature = Annotated[
    bytes, newtype(FixedBytes(64), "sp_consensus_grandpa::app::Signature", type_name="ed25519::Signature")
]
#: A voter's ed25519 key and the weight of its vote.
Authority = tuple[AuthorityId, u64]
#: A weak bound: lists with more voters are accepted too.
BoundedAuthorityList = Annotated[
    list[Authority], MaxLen(MAX_AUTHORITIES, weak=True), SourceName("BoundedAuthorityList<Limit>")
]
AuthorityList = Annotated[list[Authority], SourceName("AuthorityList")]


# --- reports of double votes ---------------------------------------------------------------------------------


class Prevote(Struct, path="finality_grandpa::Prevote", params=[("H", Hash), ("N", BlockNumber)]):
    """A vote of the first round."""

    target_hash: Hash
    target_number: BlockNumber


class Precommit(Struct, path="finality_grandpa::Precommit", params=[("H", Hash), ("N", BlockNumber)]):
    """A vote of the second round."""

    target_hash: Hash
    target_number: BlockNumber


class DoublePrevote(
    Struct,
    path="finality_grandpa::Equivocation",
    params=[("Id", AuthorityId), ("V", Prevote), ("S", Signature)],
):
    """Two different signed prevotes of one voter in one round."""

    round_number: u64
    identity: AuthorityId
    first: tuple[Prevote, Signature]
    second: tuple[Prevote, Signature]


class DoublePrecommit(
    Struct,
    path="finality_grandpa::Equivocation",
    params=[("Id", AuthorityId), ("V", Precommit), ("S", Signature)],
):
    """Two different signed precommits of one voter in one round."""

    round_number: u64
    identity: AuthorityId
    first: tuple[Precommit, Signature]
    second: tuple[Precommit, Signature]


#: The spelling of a double vote in the source, with the line break that the compiler inserts.
EQUIVOCATION = "finality_grandpa::Equivocation<AuthorityId, finality_grandpa::{}H, N>, AuthoritySignature,>"


class Equivocation(
    Sum, path="sp_consensus_grandpa::Equivocation", params=[("H", Hash), ("N", BlockNumber)], positional=True
):
    """A double vote."""


class PrevoteEquivocation(Equivocation, index=0, name="Prevote"):
    votes: Annotated[DoublePrevote, SourceName(EQUIVOCATION.format("Prevote<\n"))]


class PrecommitEquivocation(Equivocation, index=1, name="Precommit"):
    votes: Annotated[DoublePrecommit, SourceName(EQUIVOCATION.format("Precommit\n<"))]


class EquivocationProof(
    Struct, path="sp_consensus_grandpa::EquivocationProof", params=[("H", Hash), ("N", BlockNumber)]
):
    """A double vote, and the id of the set of voters that the voter belonged to."""

    set_id: Annotated[u64, SourceName("SetId")]
    equivocation: Equivocation


class Void(Sum, path="sp_core::Void"):
    """A type without values: decoding it always fails."""


KeyOwnerProof = Annotated[Void, SourceName("T::KeyOwnerProof")]


# --- changes -------------------------------------------------------------------------------------------------


class ScheduledChange(Struct, path="sp_consensus_grandpa::ScheduledChange", params=[("N", BlockNumber)]):
    """New voters, and the delay in blocks until they take effect."""

    next_authorities: list[Authority]
    delay: BlockNumber


class ConsensusLog(Sum, path="sp_consensus_grandpa::ConsensusLog", params=[("N", BlockNumber)], positional=True):
    """A message to the voters in a block's digest."""


class ChangeLog(ConsensusLog, index=1, name="ScheduledChange"):
    change: ScheduledChange


class ForcedChangeLog(ConsensusLog, index=2, name="ForcedChange"):
    median: BlockNumber
    change: ScheduledChange


class PauseLog(ConsensusLog, index=4, name="Pause"):
    delay: BlockNumber


class ResumeLog(ConsensusLog, index=5, name="Resume"):
    delay: BlockNumber


class StoredPendingChange(
    Struct, path="pallet_grandpa::StoredPendingChange", params=[("N", BlockNumber), ("Limit", None)]
):
    """A pending change. `forced` is the last block known to be final, for a change made because finality stalled."""

    scheduled_at: BlockNumber
    delay: BlockNumber
    next_authorities: BoundedAuthorityList
    forced: BlockNumber | None


class StoredState(Sum, path="pallet_grandpa::StoredState", params=[("N", BlockNumber)]):
    """Whether the voters are active."""


class Live(StoredState, index=0):
    """The voters are active."""


class PendingPause(StoredState, index=1):
    """The voters are active until a delay is over."""

    scheduled_at: BlockNumber
    delay: BlockNumber


class PausedState(StoredState, index=2, name="Paused"):
    """The voters are paused."""


class PendingResume(StoredState, index=3):
    """The voters are paused until a delay is over."""

    scheduled_at: BlockNumber
    delay: BlockNumber


class Event(Sum):
    pass


class NewAuthorities(Event, index=0):
    """A new set of voters took effect."""

    authority_set: AuthorityList


class Paused(Event, index=1):
    """The current voters have been paused."""


class Resumed(Event, index=2):
    """The current voters have been resumed."""


class Error(PalletError):
    PauseFailed = 0, "Pause failed: the voters are paused already, or a pause is pending."
    ResumeFailed = 1, "Resume failed: the voters are not paused, or a resumption is pending."
    ChangePending = 2, "A change of voters is already pending."
    TooSoon = 3, "It is too soon after the last forced change."
    InvalidKeyOwnershipProof = 4, "The proof that the voter owned the key is invalid."
    InvalidEquivocationProof = 5, "The proof of a double vote is invalid."
    DuplicateOffenceReport = 6, "This double vote has been reported before."


pallet = Pallet("Grandpa", 4, crate="pallet_grandpa", event=Event, error=Error, storage_version=5)
pallet.associated_type("KeyOwnerProof", Void, docs="The proof of ownership of a key: a type without values.")

State = pallet.value(StoredState, default=Live(), docs="State of the current voters.")
PendingChange = pallet.value(StoredPendingChange, docs="The pending change of voters.")
NextForced = pallet.value(u32, docs="The first block in which a change can be forced again.")
Stalled = pallet.value(
    tuple[u32, u32], docs="If finality stalled: the delay of the forced change and the last final block."
)
CurrentSetId = pallet.value(u64, default=0, docs="The number of changes of the voters since genesis.")
SetIdSession = pallet.map(
    Twox64Concat, u64, u32, docs="The last session for which the voters of a set were responsible."
)
Authorities = pallet.value(BoundedAuthorityList, default=[], docs="The current voters.")

MaxAuthorities = pallet.constant(u32, MAX_AUTHORITIES, docs="The largest number of voters.")
MaxNominators = pallet.constant(u32, 20, docs="The largest number of nominators of a voter.")
MaxSetIdSessionEntries = pallet.constant(
    u64, 0, docs="The number of entries of `SetIdSession` that are kept for reports of double votes."
)

pallet.name_declared(globals())


def schedule_change(ctx: Context, voters: list[Authority], delay: int, forced: int | None = None) -> None:
    """Schedule new voters, which take effect at the end of the block `delay` blocks after this one.

    `forced` is the last block known to be final, for a change because finality stalled. Fails with ChangePending, or
    with TooSoon when less than twice the delay of the last forced change has passed since it.
    """
    ensure(not PendingChange.exists(ctx), Error.ChangePending)
    now = ctx.block.number
    if forced is not None:
        ensure((NextForced.get(ctx) or 0) <= now, Error.TooSoon)
        NextForced.put(ctx, (now + 2 * delay) % U32_SPAN)
    PendingChange.put(ctx, StoredPendingChange(now, delay, voters, forced))


@pallet.on_finalize
def enact_changes(ctx: Context) -> None:
    """Announce the changes that were scheduled in this block, and apply those that are due."""
    change = PendingChange.get(ctx)
    if change is not None:
        _enact_change(ctx, change)
    state = State.get(ctx)
    if isinstance(state, PendingPause | PendingResume):
        _enact_state(ctx, state)


def _enact_change(ctx: Context, change: StoredPendingChange) -> None:
    """Announce a change of voters in its first block, and apply it in the block in which it is due."""
    now = ctx.block.number
    if now == change.scheduled_at:
        scheduled = ScheduledChange(change.next_authorities, change.delay)
        _log(ctx, ChangeLog(scheduled) if change.forced is None else ForcedChangeLog(change.forced, scheduled))
    if now == (change.scheduled_at + change.delay) % U32_SPAN:
        Authorities.put(ctx, change.next_authorities)
        ctx.deposit(NewAuthorities(change.next_authorities))
        PendingChange.kill(ctx)


def _enact_state(ctx: Context, state: PendingPause | PendingResume) -> None:
    """Announce a pause or a resumption in its first block, and apply it in the block in which it is due."""
    pauses, now = isinstance(state, PendingPause), ctx.block.number
    if now == state.scheduled_at:
        _log(ctx, PauseLog(state.delay) if pauses else ResumeLog(state.delay))
    if now == (state.scheduled_at + state.delay) % U32_SPAN:
        State.put(ctx, PausedState() if pauses else Live())
        ctx.deposit(Paused() if pauses else Resumed())


def _log(ctx: Context, log: ConsensusLog) -> None:
    """Append a message to the voters to the block's digest."""
    ctx.block.digest.append(Consensus(GRANDPA_ENGINE, ConsensusLog.scale.encode(log)))


# --- calls ---------------------------------------------------------------------------------------------------

#: The weight of a report, for the smallest number of voters and the largest of nominators, as no proof has the numbers.
REPORT = weight_of(
    35_000_000 + 175_000 * 100 + 95_000_000 + 110_000_000 + 25_000_000 * 20,
    reads=5 + 14 + 3 * 20 + 2,
    writes=10 + 3 * 20,
)


@pallet.call(0, weight=REPORT)
def report_equivocation(
    ctx: Context, equivocation_proof: Box[EquivocationProof], key_owner_proof: KeyOwnerProof
) -> PostInfo:
    """Report a double vote of a voter. Free; it has no effect, because this chain does not slash voters."""
    ctx.ensure_signed()
    return PostInfo(None, Pays.No)


@pallet.call(1, weight=REPORT)
def report_equivocation_unsigned(
    ctx: Context, equivocation_proof: Box[EquivocationProof], key_owner_proof: KeyOwnerProof
) -> PostInfo:
    """Report a double vote of a voter, without a signature, by the author of a block. Free; it has no effect."""
    ctx.ensure_none()
    return PostInfo(None, Pays.No)


@pallet.on_validate_unsigned
def validate_unsigned(ctx: Context, source: TransactionSource, call: Call) -> ValidTransaction:
    """Refuse every call: only reports come without a signature, and no report can be decoded."""
    raise Refused(UnexpectedCall())


@pallet.call(2, weight=weight_of(3_000_000, writes=1))
def note_stalled(ctx: Context, delay: BlockNumber, best_finalized_block_number: BlockNumber) -> None:
    """Record that finality has stalled: the delay of the forced change, and the last final block. Only root may.

    The change would be forced at the next session; this chain has no sessions.
    """
    ctx.ensure_root()
    Stalled.put(ctx, (delay, best_finalized_block_number))
