"""Grandpa (index 4): who votes on finality, and how that changes.

Voters learn of a change from the block's digest (engine FRNK) and take it over `delay` blocks later. This chain has no
sessions: changes come from root alone (`AdminUtils.schedule_grandpa_change`), set ids stay at 0, and reports of double
votes cannot be made, because they would have to contain a proof of a type that has no values.
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
#: A weak bound: more voters are taken, too.
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


#: How the source spells a double vote; the compiler breaks the line.
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
    """A double vote and the set of voters to which the voter belonged."""

    set_id: Annotated[u64, SourceName("SetId")]
    equivocation: Equivocation


class Void(Sum, path="sp_core::Void"):
    """A type without values: nothing decodes to it."""


KeyOwnerProof = Annotated[Void, SourceName("T::KeyOwnerProof")]


# --- changes -------------------------------------------------------------------------------------------------


class ScheduledChange(Struct, path="sp_consensus_grandpa::ScheduledChange", params=[("N", BlockNumber)]):
    """New voters, and after how many blocks they take over."""

    next_authorities: list[Authority]
    delay: BlockNumber


class ConsensusLog(Sum, path="sp_consensus_grandpa::ConsensusLog", params=[("N", BlockNumber)], positional=True):
    """What a block's digest tells voters."""


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
    """A change under way. `forced` is the last block known to be final, when finality itself had stalled."""

    scheduled_at: BlockNumber
    delay: BlockNumber
    next_authorities: BoundedAuthorityList
    forced: BlockNumber | None


class StoredState(Sum, path="pallet_grandpa::StoredState", params=[("N", BlockNumber)]):
    """Whether voters vote."""


class Live(StoredState, index=0):
    """They do."""


class PendingPause(StoredState, index=1):
    """They do, until a delay is over."""

    scheduled_at: BlockNumber
    delay: BlockNumber


class PausedState(StoredState, index=2, name="Paused"):
    """They do not."""


class PendingResume(StoredState, index=3):
    """They do not, until a delay is over."""

    scheduled_at: BlockNumber
    delay: BlockNumber


class Event(Sum):
    pass


class NewAuthorities(Event, index=0):
    """New voters have taken over."""

    authority_set: AuthorityList


class Paused(Event, index=1):
    """The current voters have been paused."""


class Resumed(Event, index=2):
    """The current voters have been resumed."""


class Error(PalletError):
    PauseFailed = 0, "The voters are paused or about to be."
    ResumeFailed = 1, "The voters are not paused, or about to be resumed."
    ChangePending = 2, "A change of voters is pending already."
    TooSoon = 3, "It is too soon after the last forced change."
    InvalidKeyOwnershipProof = 4, "The proof that a key was the voter's is invalid."
    InvalidEquivocationProof = 5, "The proof of a double vote is invalid."
    DuplicateOffenceReport = 6, "This double vote has been reported before."


pallet = Pallet("Grandpa", 4, crate="pallet_grandpa", event=Event, error=Error, storage_version=5)
pallet.associated_type("KeyOwnerProof", Void, docs="What proves who owned a key: nothing can.")

State = pallet.value(StoredState, default=Live(), docs="State of the current voters.")
PendingChange = pallet.value(StoredPendingChange, docs="The change of voters that is under way.")
NextForced = pallet.value(u32, docs="The first block in which a change can be forced again.")
Stalled = pallet.value(tuple[u32, u32], docs="If finality stalled: delay of the change, last final block.")
CurrentSetId = pallet.value(u64, default=0, docs="How often the voters have changed since genesis.")
SetIdSession = pallet.map(
    Twox64Concat, u64, u32, docs="The last session for which the voters of a set were responsible."
)
Authorities = pallet.value(BoundedAuthorityList, default=[], docs="The current voters.")

MaxAuthorities = pallet.constant(u32, MAX_AUTHORITIES, docs="The most voters.")
MaxNominators = pallet.constant(u32, 20, docs="The most nominators of a voter.")
MaxSetIdSessionEntries = pallet.constant(
    u64, 0, docs="How many entries of `SetIdSession` are kept: only reports need them."
)

pallet.name_declared(globals())


def schedule_change(ctx: Context, voters: list[Authority], delay: int, forced: int | None = None) -> None:
    """Have new voters take over at the end of the block that comes `delay` blocks after this one.

    `forced` is the last block known to be final, for a change because finality has stalled. Raises ChangePending, or
    TooSoon when less than twice its delay has passed since a change was forced.
    """
    ensure(not PendingChange.exists(ctx), Error.ChangePending)
    now = ctx.block.number
    if forced is not None:
        ensure((NextForced.get(ctx) or 0) <= now, Error.TooSoon)
        NextForced.put(ctx, (now + 2 * delay) % U32_SPAN)
    PendingChange.put(ctx, StoredPendingChange(now, delay, voters, forced))


@pallet.on_finalize
def enact_changes(ctx: Context) -> None:
    """Tell voters of what was scheduled in this block, and enact what is due."""
    change = PendingChange.get(ctx)
    if change is not None:
        _follow_change(ctx, change)
    state = State.get(ctx)
    if isinstance(state, PendingPause | PendingResume):
        _follow_state(ctx, state)


def _follow_change(ctx: Context, change: StoredPendingChange) -> None:
    now = ctx.block.number
    if now == change.scheduled_at:
        scheduled = ScheduledChange(change.next_authorities, change.delay)
        _log(ctx, ChangeLog(scheduled) if change.forced is None else ForcedChangeLog(change.forced, scheduled))
    if now == (change.scheduled_at + change.delay) % U32_SPAN:
        Authorities.put(ctx, change.next_authorities)
        ctx.deposit(NewAuthorities(change.next_authorities))
        PendingChange.kill(ctx)


def _follow_state(ctx: Context, state: PendingPause | PendingResume) -> None:
    pauses, now = isinstance(state, PendingPause), ctx.block.number
    if now == state.scheduled_at:
        _log(ctx, PauseLog(state.delay) if pauses else ResumeLog(state.delay))
    if now == (state.scheduled_at + state.delay) % U32_SPAN:
        State.put(ctx, PausedState() if pauses else Live())
        ctx.deposit(Paused() if pauses else Resumed())


def _log(ctx: Context, log: ConsensusLog) -> None:
    ctx.block.digest.append(Consensus(GRANDPA_ENGINE, ConsensusLog.scale.encode(log)))


# --- calls ---------------------------------------------------------------------------------------------------

#: For the fewest voters and the most nominators, as no proof tells how many there were.
REPORT = weight_of(
    35_000_000 + 175_000 * 100 + 95_000_000 + 110_000_000 + 25_000_000 * 20,
    reads=5 + 14 + 3 * 20 + 2,
    writes=10 + 3 * 20,
)


@pallet.call(0, weight=REPORT)
def report_equivocation(
    ctx: Context, equivocation_proof: Box[EquivocationProof], key_owner_proof: KeyOwnerProof
) -> PostInfo:
    """Report a double vote. Free, but without consequence: this chain punishes nobody for it."""
    ctx.ensure_signed()
    return PostInfo(None, Pays.No)


@pallet.call(1, weight=REPORT)
def report_equivocation_unsigned(
    ctx: Context, equivocation_proof: Box[EquivocationProof], key_owner_proof: KeyOwnerProof
) -> PostInfo:
    """Report a double vote, as the author of a block. Free, but without consequence."""
    ctx.ensure_none()
    return PostInfo(None, Pays.No)


@pallet.on_validate_unsigned
def validate_unsigned(ctx: Context, source: TransactionSource, call: Call) -> ValidTransaction:
    """Refuse every call: only reports come without a signature, and no report can be decoded."""
    raise Refused(UnexpectedCall())


@pallet.call(2, weight=weight_of(3_000_000, writes=1))
def note_stalled(ctx: Context, delay: BlockNumber, best_finalized_block_number: BlockNumber) -> None:
    """Note that finality has stalled, by root. The next session would force a change of voters; there are none."""
    ctx.ensure_root()
    Stalled.put(ctx, (delay, best_finalized_block_number))
