"""Scheduler: what is stored of tasks, and what is said of them: types, events, errors, storage, constants."""

from __future__ import annotations

from typing import Annotated

from ...frame.call import RuntimeCall
from ...frame.errors import PalletError
from ...frame.hashers import Blake2_128Concat, Twox64Concat
from ...frame.nested import DispatchResult
from ...frame.pallet import Pallet
from ...frame.runtime_types import OriginCaller
from ...frame.weight import Weight
from ...scale import AccountId, Bytes32, MaxLen, SourceName, Struct, Sum, u8, u32
from ..shared.bounded_calls import BoundedCall
from ..shared.types import BlockNumber

#: How many tasks an agenda holds.
MAX_TASKS = 50

#: A block and the index in its agenda.
TaskAddress = Annotated[
    tuple[BlockNumber, u32], SourceName("TaskAddress<BlockNumber>", "TaskAddress<BlockNumberFor<T>>")
]
TaskName = Annotated[Bytes32, SourceName("TaskName")]
Priority = Annotated[u8, SourceName("schedule::Priority")]
#: Every so many blocks, so many times more.
Period = Annotated[
    tuple[BlockNumber, u32], SourceName("schedule::Period<BlockNumber>", "schedule::Period<BlockNumberFor<T>>")
]


class Task(
    Struct,
    path="pallet_scheduler::Scheduled",
    params=[
        ("Name", Bytes32),
        ("Call", BoundedCall),
        ("BlockNumber", BlockNumber),
        ("PalletsOrigin", OriginCaller),
        ("AccountId", AccountId),
    ],
):
    """A call for later, and the origin that it will have. The lowest priority goes first."""

    maybe_id: Bytes32 | None
    priority: Priority
    call: BoundedCall
    maybe_periodic: Period | None
    origin: OriginCaller


class RetryConfig(Struct, path="pallet_scheduler::RetryConfig", params=[("Period", BlockNumber)]):
    """How often a failing task is tried again, how often still, and after how many blocks each time."""

    total_retries: u8
    remaining: u8
    period: BlockNumber


class Event(Sum, params=[("T", None)]):
    pass


class Scheduled(Event, index=0):
    """Scheduled some task."""

    when: BlockNumber
    index: u32


class Canceled(Event, index=1):
    """Canceled some task."""

    when: BlockNumber
    index: u32


class Dispatched(Event, index=2):
    """Dispatched some task."""

    task: TaskAddress
    id: TaskName | None
    result: DispatchResult


class RetrySet(Event, index=3):
    """Set how some task is tried again."""

    task: TaskAddress
    id: TaskName | None
    period: BlockNumber
    retries: u8


class RetryCancelled(Event, index=4):
    """Some task is not tried again any more."""

    task: TaskAddress
    id: TaskName | None


class CallUnavailable(Event, index=5):
    """The call of some task was not found, so the task was aborted."""

    task: TaskAddress
    id: TaskName | None


class PeriodicFailed(Event, index=6):
    """Some task was not renewed, since the agenda of that block is full."""

    task: TaskAddress
    id: TaskName | None


class RetryFailed(Event, index=7):
    """Some task is not tried again, since the agenda of that block is full or there was no weight to schedule it."""

    task: TaskAddress
    id: TaskName | None


class PermanentlyOverweight(Event, index=8):
    """Some task can never be executed, since it is overweight."""

    task: TaskAddress
    id: TaskName | None


class AgendaIncomplete(Event, index=9):
    """Agendas are incomplete from this block on."""

    when: BlockNumber


class Error(PalletError):
    FailedToSchedule = 0, "Failed to schedule a call: the name is taken."
    NotFound = 1, "Cannot find the scheduled call."
    TargetBlockNumberInPast = 2, "The given block is not in the future."
    RescheduleNoChange = 3, "Rescheduling would not change the block."
    Named = 4, "A named task needs the function for named tasks."


pallet = Pallet("Scheduler", 15, crate="pallet_scheduler", event=Event, error=Error, storage_version=4)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")

IncompleteSince = pallet.value(u32, docs="The block from which on agendas were not completely executed.")
Agenda = pallet.map(
    Twox64Concat,
    u32,
    Annotated[list[Task | None], MaxLen(MAX_TASKS)],
    default=[],
    docs="The tasks of each block.",
)
Retries = pallet.map(Blake2_128Concat, TaskAddress, RetryConfig, docs="How tasks are tried again.")
Lookup = pallet.map(Twox64Concat, Bytes32, TaskAddress, docs="Where the task of a name is.")

MaximumWeight = pallet.constant(
    Weight,
    Weight(3_200_000_000_000, 14_757_395_258_967_641_292),
    docs="The most weight that tasks may use in a block: 80 % of it.",
)
MaxScheduledPerBlock = pallet.constant(u32, MAX_TASKS, docs="The most tasks scheduled for a single block.")

pallet.name_declared(globals())
