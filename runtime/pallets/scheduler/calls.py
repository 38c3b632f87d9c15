"""Scheduler (index 15): calls for later blocks: once or periodically, by name or not, tried again when they fail.

Each block begins with its agenda, the most urgent task first, as far as the weight for it reaches; what is left over
is caught up with in the next blocks, and `IncompleteSince` tells from which agenda on. Only root schedules, and root
outranks every origin, so whoever may call here may touch any task.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ....consensus.integers import saturate_u32
from ...frame.call import Call, RuntimeCall
from ...frame.context import Context
from ...frame.errors import DispatchFailed, Exhausted, ensure
from ...frame.nested import DispatchResult, attempt
from ...frame.origin_caller import Signed, caller_of, origin_of
from ...frame.weight import ZERO, Weight, weight_of
from ...scale import Box, Err, u8, u32
from .. import preimage
from ..shared import bounded_calls
from ..shared.types import BlockNumber
from .declared import (
    MAX_TASKS,
    Agenda,
    AgendaIncomplete,
    CallUnavailable,
    Canceled,
    Dispatched,
    Error,
    IncompleteSince,
    Lookup,
    MaximumWeight,
    Period,
    PeriodicFailed,
    PermanentlyOverweight,
    Priority,
    Retries,
    RetryCancelled,
    RetryConfig,
    RetryFailed,
    RetrySet,
    Scheduled,
    Task,
    TaskAddress,
    TaskName,
)
from .declared import pallet as pallet

# --- agendas -------------------------------------------------------------------------------------------------


def block_at(ctx: Context, when: int) -> int:
    """A block to schedule for; TargetBlockNumberInPast unless it is in the future."""
    ensure(when > ctx.block.number, Error.TargetBlockNumberInPast)
    return when


def block_after(ctx: Context, delay: int) -> int:
    """The block `delay` blocks after the next one, whose agenda is the first that is still to come."""
    return block_at(ctx, saturate_u32(ctx.block.number + delay + 1))


def schedule_task(
    ctx: Context, name: bytes | None, when: int, periodic: Period | None, priority: int, call: bounded_calls.BoundedCall
) -> None:
    """Put a new task of the caller's on an agenda; Exhausted when that is full."""
    repeats = periodic is not None and periodic[0] > 0 and periodic[1] > 1
    again = (periodic[0], periodic[1] - 1) if periodic is not None and repeats else None
    _place(ctx, when, Task(name, priority, call, again, caller_of(ctx.origin)))
    hash_ = bounded_calls.lookup_hash(call)
    if hash_ is not None:
        preimage.request(ctx, hash_)


def _place(ctx: Context, when: int, task: Task) -> TaskAddress:
    """Put a task at the end of an agenda, or into a hole of a full one; Exhausted when there is none."""
    agenda = Agenda.get(ctx, when)
    if len(agenda) < MAX_TASKS:
        agenda.append(task)
        index = len(agenda) - 1
    else:
        ensure(None in agenda, Exhausted())
        index = agenda.index(None)
        agenda[index] = task
    Agenda.put(ctx, when, agenda)
    if task.maybe_id is not None:
        Lookup.put(ctx, task.maybe_id, (when, index))
    ctx.deposit(Scheduled(when, index))
    return when, index


def _find(ctx: Context, address: TaskAddress) -> Task | None:
    agenda = Agenda.get(ctx, address[0])
    return agenda[address[1]] if address[1] < len(agenda) else None


def _cancel(ctx: Context, address: TaskAddress) -> None:
    """Take a task off its agenda, and the holes that end the agenda with it."""
    when, index = address
    agenda, task = Agenda.get(ctx, when), _find(ctx, address)
    if task is not None:
        agenda[index] = None
        bounded_calls.drop(ctx, task.call)
        Retries.remove(ctx, address)
    while agenda and agenda[-1] is None:
        agenda.pop()
    if agenda:
        Agenda.put(ctx, when, agenda)
    else:
        Agenda.remove(ctx, when)
    ctx.deposit(Canceled(when, index))


# --- the beginning of a block --------------------------------------------------------------------------------

AGENDAS_BASE = weight_of(1_335_000, 1489, 1, 1)
TASK_BASE, TASK_PERIODIC = Weight(2_991_000), Weight(2_974_000)
TASK_NAMED = weight_of(4_292_000, writes=1)
RETRY = weight_of(10_762_174 + 16_285 * MAX_TASKS, 110_487, 1, 2)
SIGNED, UNSIGNED = weight_of(4_155_000, 3997, reads=2), Weight(1_858_000)


def agenda_weight(tasks: int) -> Weight:
    """What going through an agenda costs, besides its tasks."""
    return weight_of(2_409_000 + 486_046 * tasks, 110_487, 1, 1)


def task_weight(task: Task, length: int | None) -> Weight:
    """What a task costs besides its call, `length` bytes of which are looked up."""
    base = TASK_BASE
    if length is not None:
        base = weight_of(16_792_000 + 23_402 * length, 3556 + length, 3, 2)
    named = TASK_NAMED - TASK_BASE if task.maybe_id is not None else ZERO
    periodic = TASK_PERIODIC - TASK_BASE if task.maybe_periodic is not None else ZERO
    return base + named + periodic


@dataclass
class Service:
    """Going through the agendas of a block: what it may use, what it used, and how many tasks ran."""

    ctx: Context
    limit: Weight
    used: Weight = ZERO
    executed: int = 0

    def affords(self, weight: Weight) -> bool:
        return not (self.used + weight).any_gt(self.limit)

    def consume(self, weight: Weight) -> bool:
        """Use weight if there is as much; whether there was."""
        affordable = self.affords(weight)
        if affordable:
            self.used += weight
        return affordable


class Outcome(Enum):
    """What became of a task."""

    Done = 0  # it ran, and is off the agenda
    Unavailable = 1  # it can never run, and stays where it is
    Overweight = 2  # it is postponed


@pallet.on_initialize
def service_agendas(ctx: Context) -> Weight:
    """Execute the tasks of this block, and first those that earlier blocks had no weight for."""
    service, now = Service(ctx, MaximumWeight.get(ctx)), ctx.block.number
    if not service.consume(AGENDAS_BASE):
        return service.used
    when = IncompleteSince.take(ctx)
    when = now if when is None else when
    incomplete = now + 1
    while when <= now and service.affords(agenda_weight(MAX_TASKS)):
        if not _service_agenda(service, when):
            incomplete = min(incomplete, when)
        when += 1
    incomplete = min(incomplete, when)
    if incomplete <= now:
        ctx.deposit(AgendaIncomplete(incomplete))
        IncompleteSince.put(ctx, incomplete)
    return service.used


def _service_agenda(service: Service, when: int) -> bool:
    """Execute the tasks of one agenda; False when some had to be postponed."""
    ctx, agenda = service.ctx, Agenda.get(service.ctx, when)
    tasks = sorted([(task.priority, index, task) for index, task in enumerate(agenda) if task], key=lambda t: t[:2])
    service.consume(agenda_weight(len(tasks)))
    postponed = False
    for _, index, task in tasks:
        if not service.affords(task_weight(task, bounded_calls.lookup_length(task.call))):
            postponed = True
            break
        outcome = _service_task(service, (when, index), task)
        if outcome is Outcome.Done:
            agenda[index] = None
            service.executed += 1
        postponed = postponed or outcome is Outcome.Overweight
    if any(agenda):
        Agenda.put(ctx, when, agenda)
    else:
        Agenda.remove(ctx, when)
    return not postponed


def _service_task(service: Service, address: TaskAddress, task: Task) -> Outcome:
    """Execute one task; afterwards schedule it again if it is periodic, or failed and is to be tried again."""
    ctx = service.ctx
    if task.maybe_id is not None:
        Lookup.remove(ctx, task.maybe_id)
    try:
        call, length = bounded_calls.peek(ctx, task.call)
    except DispatchFailed:
        ctx.deposit(CallUnavailable(address, task.maybe_id))
        bounded_calls.drop(ctx, task.call)
        service.consume(task_weight(task, bounded_calls.lookup_length(task.call)))
        return Outcome.Unavailable
    service.consume(task_weight(task, length))
    result = _execute(service, task, call)
    if result is None:
        if service.executed:
            return Outcome.Overweight
        bounded_calls.drop(ctx, task.call)
        ctx.deposit(PermanentlyOverweight(address, task.maybe_id))
        return Outcome.Unavailable
    retry = Retries.take(ctx, address)
    ctx.deposit(Dispatched(address, task.maybe_id, result))
    if retry is not None and isinstance(result, Err):
        _try_again(service, address, task, retry)
    if task.maybe_periodic is None:
        bounded_calls.drop(ctx, task.call)
    else:
        _renew(ctx, address, task, task.maybe_periodic, retry)
    return Outcome.Done


def _execute(service: Service, task: Task, call: Call) -> DispatchResult | None:
    """Dispatch the call of a task; None when there is no weight for it."""
    base = SIGNED if isinstance(task.origin, Signed) else UNSIGNED
    weight = service.ctx.runtime.info(call).call_weight
    if not service.affords(base + weight):
        return None
    outcome = attempt(service.ctx, origin_of(task.origin), call)
    actual = outcome.post.actual_weight
    service.consume(base)
    service.consume(weight if actual is None else actual)
    return outcome.result


def _try_again(service: Service, address: TaskAddress, task: Task, retry: RetryConfig) -> None:
    """Schedule a failed task once more, without its name and period, unless it was tried often enough."""
    ctx = service.ctx
    if not service.consume(RETRY):
        ctx.deposit(RetryFailed(address, task.maybe_id))
        return
    if retry.remaining == 0:
        return
    wake = saturate_u32(ctx.block.number + retry.period)
    try:
        placed = _place(ctx, wake, replace(task, maybe_id=None, maybe_periodic=None))
    except DispatchFailed:
        bounded_calls.drop(ctx, task.call)
        ctx.deposit(RetryFailed(address, None))
    else:
        Retries.put(ctx, placed, replace(retry, remaining=retry.remaining - 1))


def _renew(ctx: Context, address: TaskAddress, task: Task, periodic: Period, retry: RetryConfig | None) -> None:
    """Schedule a periodic task for its next time."""
    period, count = periodic
    again = replace(task, maybe_periodic=(period, count - 1) if count > 1 else None)
    try:
        placed = _place(ctx, saturate_u32(ctx.block.number + period), again)
    except DispatchFailed:
        bounded_calls.drop(ctx, task.call)
        ctx.deposit(PeriodicFailed(address, task.maybe_id))
    else:
        if retry is not None:
            Retries.put(ctx, placed, retry)


# --- calls ---------------------------------------------------------------------------------------------------

SCHEDULE = weight_of(3_815_234 + 538_417 * MAX_TASKS, 110_487, 1, 1)
SCHEDULE_NAMED = weight_of(8_965_037 + 559_963 * MAX_TASKS, 110_487, 2, 2)


@pallet.call(0, weight=SCHEDULE)
def schedule(
    ctx: Context, when: BlockNumber, maybe_periodic: Period | None, priority: Priority, call: Box[RuntimeCall]
) -> None:
    """Schedule a call for a block."""
    ctx.ensure_root()
    kept = bounded_calls.bound(ctx, call)
    schedule_task(ctx, None, block_at(ctx, when), maybe_periodic, priority, kept)


@pallet.call(1, weight=weight_of(2_524_382 + 777_710 * MAX_TASKS, 110_487, 1, 3))
def cancel(ctx: Context, when: BlockNumber, index: u32) -> None:
    """Cancel the task at an address."""
    ctx.ensure_root()
    task = _find(ctx, (when, index))
    if task is None:
        raise DispatchFailed(Error.NotFound)
    if task.maybe_id is not None:
        Lookup.remove(ctx, task.maybe_id)
    _cancel(ctx, (when, index))


@pallet.call(2, weight=SCHEDULE_NAMED)
def schedule_named(
    ctx: Context,
    id_: TaskName,
    when: BlockNumber,
    maybe_periodic: Period | None,
    priority: Priority,
    call: Box[RuntimeCall],
) -> None:
    """Schedule a call for a block, under a name."""
    ctx.ensure_root()
    kept = bounded_calls.bound(ctx, call)
    ensure(not Lookup.contains(ctx, id_), Error.FailedToSchedule)
    schedule_task(ctx, id_, block_at(ctx, when), maybe_periodic, priority, kept)


@pallet.call(3, weight=weight_of(7_403_622 + 778_228 * MAX_TASKS, 110_487, 2, 3))
def cancel_named(ctx: Context, id_: TaskName) -> None:
    """Cancel the task of a name."""
    ctx.ensure_root()
    address = _named(ctx, id_)
    Lookup.remove(ctx, id_)
    _cancel(ctx, address)


@pallet.call(4, weight=SCHEDULE)
def schedule_after(
    ctx: Context, after: BlockNumber, maybe_periodic: Period | None, priority: Priority, call: Box[RuntimeCall]
) -> None:
    """Schedule a call for the block that comes `after` blocks after the next one."""
    ctx.ensure_root()
    kept = bounded_calls.bound(ctx, call)
    schedule_task(ctx, None, block_after(ctx, after), maybe_periodic, priority, kept)


@pallet.call(5, weight=SCHEDULE_NAMED)
def schedule_named_after(
    ctx: Context,
    id_: TaskName,
    after: BlockNumber,
    maybe_periodic: Period | None,
    priority: Priority,
    call: Box[RuntimeCall],
) -> None:
    """Schedule a call for the block that comes `after` blocks after the next one, under a name."""
    ctx.ensure_root()
    kept = bounded_calls.bound(ctx, call)
    ensure(not Lookup.contains(ctx, id_), Error.FailedToSchedule)
    schedule_task(ctx, id_, block_after(ctx, after), maybe_periodic, priority, kept)


@pallet.call(6, weight=weight_of(169_783_000, 110_487, 1, 1))
def set_retry(ctx: Context, task: TaskAddress, retries: u8, period: BlockNumber) -> None:
    """Have a task tried again when it fails: up to `retries` times, `period` blocks apart."""
    ctx.ensure_root()
    _set_retry(ctx, task, None, retries, period)


@pallet.call(7, weight=weight_of(186_544_000, 110_487, 2, 1))
def set_retry_named(ctx: Context, id_: TaskName, retries: u8, period: BlockNumber) -> None:
    """Have the task of a name tried again when it fails: up to `retries` times, `period` blocks apart."""
    ctx.ensure_root()
    _set_retry(ctx, _named(ctx, id_), id_, retries, period)


@pallet.call(8, weight=weight_of(169_076_000, 110_487, 1, 1))
def cancel_retry(ctx: Context, task: TaskAddress) -> None:
    """Have a task not tried again."""
    ctx.ensure_root()
    _cancel_retry(ctx, task, None)


@pallet.call(9, weight=weight_of(182_329_000, 110_487, 2, 1))
def cancel_retry_named(ctx: Context, id_: TaskName) -> None:
    """Have the task of a name not tried again."""
    ctx.ensure_root()
    _cancel_retry(ctx, _named(ctx, id_), id_)


def _named(ctx: Context, name: bytes) -> TaskAddress:
    """Where the task of a name is; NotFound when there is none."""
    address = Lookup.get(ctx, name)
    if address is None:
        raise DispatchFailed(Error.NotFound)
    return address


def _set_retry(ctx: Context, address: TaskAddress, name: bytes | None, retries: int, period: int) -> None:
    ensure(_find(ctx, address) is not None, Error.NotFound)
    Retries.put(ctx, address, RetryConfig(retries, retries, period))
    ctx.deposit(RetrySet(address, name, period, retries))


def _cancel_retry(ctx: Context, address: TaskAddress, name: bytes | None) -> None:
    ensure(_find(ctx, address) is not None, Error.NotFound)
    Retries.remove(ctx, address)
    ctx.deposit(RetryCancelled(address, name))
