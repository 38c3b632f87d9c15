"""Scheduler: types, storage, events, errors and constants."""

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
from ..bounded_calls import BoundedCall
from ..shared.types import BlockNumber

#: The largest number of tasks in an agenda.
MAX_TASKS = 50

#: A block number and the index in the agenda of that block.
TaskAddress = Annotated[
    tuple[BlockNumber, u32], SourceName("TaskAddress<BlockNumber>", "TaskAddress<BlockNumberFor<T>>")
]
TaskName = Annotated[Bytes32, SourceName("TaskName")]
Priority = Annotated[u8, SourceName("schedule::Priority")]
#: The period in blocks, and the number of executions that remain.
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
    """A call to be dispatched later, and the origin for it. The lowest priority number runs first."""

    maybe_id: Bytes32 | None
    priority: Priority
    call: BoundedCall
    maybe_periodic: Period | None
    origin: OriginCaller


class RetryConfig(Struct, path="pallet_scheduler::RetryConfig", params=[("Period", BlockNumber)]):
    """How often a failing task is retried in all, how often still, and after how many blocks each time."""

    total_retries: u8
    remaining: u8
    period: BlockNumber


class Event(Sum, params=[("T", None)]):
    pass


class Scheduled(Event, index=0):
    """A task was scheduled."""

    when: BlockNumber
    index: u32


class Canceled(Event, index=1):
    """A task was cancelled."""

    when: BlockNumber
    index: u32


class Dispatched(Event, index=2):
    """A task was dispatched, with this result."""

    task: TaskAddress
    id: TaskName | None
    result: DispatchResult


class RetrySet(Event, index=3):
    """A retry configuration was set for a task."""

    task: TaskAddress
    id: TaskName | None
    period: BlockNumber
    retries: u8


class RetryCancelled(Event, index=4):
    """The retry configuration of a task was cancelled."""

    task: TaskAddress
    id: TaskName | None


class CallUnavailable(Event, index=5):
    """The call of a task was not found, so the task was aborted."""

    task: TaskAddress
    id: TaskName | None


class PeriodicFailed(Event, index=6):
    """A periodic task was not scheduled again, because the agenda of the next block is full."""

    task: TaskAddress
    id: TaskName | None


class RetryFailed(Event, index=7):
    """A failed task is not retried: the agenda of that block is full, or there was no weight left to schedule it."""

    task: TaskAddress
    id: TaskName | None


class PermanentlyOverweight(Event, index=8):
    """A task can never be executed, because it is overweight."""

    task: TaskAddress
    id: TaskName | None


class AgendaIncomplete(Event, index=9):
    """The agendas from this block on are incomplete."""

    when: BlockNumber


class Error(PalletError):
    FailedToSchedule = 0, "Failed to schedule a call: a task with this name exists."
    NotFound = 1, "There is no scheduled call at this address or with this name."
    TargetBlockNumberInPast = 2, "The target block is not in the future."
    RescheduleNoChange = 3, "Reschedule failed: it would not change the block of the task."
    Named = 4, "A named task must be addressed with the call for named tasks."


pallet = Pallet("Scheduler", 15, crate="pallet_scheduler", event=Event, error=Error, storage_version=4)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")

IncompleteSince = pallet.value(u32, docs="The first block whose agenda is not completely executed.")
Agenda = pallet.map(
    Twox64Concat,
    u32,
    Annotated[list[Task | None], MaxLen(MAX_TASKS)],
    default=[],
    docs="The tasks of each block.",
)
Retries = pallet.map(Blake2_128Concat, TaskAddress, RetryConfig, docs="The retry configurations, by task.")
Lookup = pallet.map(Twox64Concat, Bytes32, TaskAddress, docs="The address of the task of a name.")

MaximumWeight = pallet.constant(
    Weight,
    Weight(3_200_000_000_000, 14_757_395_258_967_641_292),
    docs="The largest weight that tasks may use in a block: 80 % of a block.",
)
MaxScheduledPerBlock = pallet.constant(u32, MAX_TASKS, docs="The largest number of tasks scheduled for one block.")

pallet.name_declared(globals())
