"""The beginning of a block: execute the tasks that are due, as far as the weight for them reaches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache

from ....consensus.integers import saturate_u32
from ...frame.call import Call
from ...frame.context import Context
from ...frame.errors import DispatchFailed
from ...frame.nested import DispatchResult, attempt
from ...frame.origin_caller import Signed, to_origin
from ...frame.weight import ZERO, Weight, weight_of
from ...scale import Err
from .. import bounded_calls
from . import agendas
from .declared import (
    MAX_TASKS,
    Agenda,
    AgendaIncomplete,
    CallUnavailable,
    Dispatched,
    IncompleteSince,
    Lookup,
    MaximumWeight,
    Period,
    PeriodicFailed,
    PermanentlyOverweight,
    Retries,
    RetryConfig,
    RetryFailed,
    Task,
    TaskAddress,
    pallet,
)

AGENDAS_BASE = weight_of(1_335_000, 1489, 1, 1)
TASK_BASE, TASK_PERIODIC = Weight(2_991_000), Weight(2_974_000)
TASK_NAMED = weight_of(4_292_000, writes=1)
RETRY = weight_of(10_762_174 + 16_285 * MAX_TASKS, 110_487, 1, 2)
SIGNED, UNSIGNED = weight_of(4_155_000, 3997, reads=2), Weight(1_858_000)


@cache
def agenda_weight(tasks: int) -> Weight:
    """Return the weight of servicing an agenda of `tasks` tasks, without the tasks themselves."""
    return weight_of(2_409_000 + 486_046 * tasks, 110_487, 1, 1)


def task_weight(task: Task, length: int | None) -> Weight:
    """Return the weight of a task without its call; `length` is the size of its preimage in bytes, None without one."""
    base = TASK_BASE
    if length is not None:
        base = weight_of(16_792_000 + 23_402 * length, 3556 + length, 3, 2)
    named = TASK_NAMED - TASK_BASE if task.maybe_id is not None else ZERO
    periodic = TASK_PERIODIC - TASK_BASE if task.maybe_periodic is not None else ZERO
    return base + named + periodic


@dataclass
class Service:
    """The work on the agendas in one block: the weight limit, the weight used, and the number of tasks executed."""

    ctx: Context
    limit: Weight
    used: Weight = ZERO
    executed: int = 0

    def can_consume(self, weight: Weight) -> bool:
        """Return whether this much weight is left."""
        return not (self.used + weight).any_gt(self.limit)

    def try_consume(self, weight: Weight) -> bool:
        """Use the weight if this much is left; return whether it was."""
        used = self.used + weight
        if used.any_gt(self.limit):
            return False
        self.used = used
        return True


class Outcome(Enum):
    """The result of servicing a task."""

    Done = auto()  # it was executed and is removed from the agenda
    Unavailable = auto()  # it can never be executed; it stays in the agenda
    Overweight = auto()  # it is postponed


@pallet.on_initialize
def service_agendas(ctx: Context) -> Weight:
    """Execute the tasks of this block, after those that earlier blocks had no weight for. Return the weight used."""
    service, now = Service(ctx, MaximumWeight.get(ctx)), ctx.block.number
    if not service.try_consume(AGENDAS_BASE):
        return service.used
    when = IncompleteSince.take(ctx)
    when = now if when is None else when
    incomplete = now + 1
    while when <= now and service.can_consume(agenda_weight(MAX_TASKS)):
        if not _service_agenda(service, when):
            incomplete = min(incomplete, when)
        when += 1
    incomplete = min(incomplete, when)
    if incomplete <= now:
        ctx.deposit(AgendaIncomplete(incomplete))
        IncompleteSince.put(ctx, incomplete)
    return service.used


def _service_agenda(service: Service, when: int) -> bool:
    """Execute the tasks of one agenda, lowest priority number first; return False when some were postponed."""
    ctx, agenda = service.ctx, Agenda.get(service.ctx, when)
    if not agenda:  # as in nearly all blocks
        service.try_consume(agenda_weight(0))
        Agenda.remove(ctx, when)
        return True
    tasks = sorted([(task.priority, index, task) for index, task in enumerate(agenda) if task], key=lambda t: t[:2])
    service.try_consume(agenda_weight(len(tasks)))
    postponed = False
    for _, index, task in tasks:
        if not service.can_consume(task_weight(task, bounded_calls.lookup_length(task.call))):
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
    """Execute one task. Schedule it again if it is periodic, or if it failed and has retries left."""
    ctx = service.ctx
    if task.maybe_id is not None:
        Lookup.remove(ctx, task.maybe_id)
    try:
        call, length = bounded_calls.peek(ctx, task.call)
    except DispatchFailed:
        ctx.deposit(CallUnavailable(address, task.maybe_id))
        bounded_calls.drop(ctx, task.call)
        service.try_consume(task_weight(task, bounded_calls.lookup_length(task.call)))
        return Outcome.Unavailable
    service.try_consume(task_weight(task, length))
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
        _schedule_retry(service, address, task, retry)
    if task.maybe_periodic is None:
        bounded_calls.drop(ctx, task.call)
    else:
        _schedule_next(ctx, address, task, task.maybe_periodic, retry)
    return Outcome.Done


def _execute(service: Service, task: Task, call: Call) -> DispatchResult | None:
    """Dispatch the call of a task with the task's origin; return None when there is no weight left for it."""
    base = SIGNED if isinstance(task.origin, Signed) else UNSIGNED
    weight = service.ctx.runtime.info(call).call_weight
    if not service.can_consume(base + weight):
        return None
    outcome = attempt(service.ctx, to_origin(task.origin), call)
    actual = outcome.post.actual_weight
    service.try_consume(base)
    service.try_consume(weight if actual is None else actual)
    return outcome.result


def _schedule_retry(service: Service, address: TaskAddress, task: Task, retry: RetryConfig) -> None:
    """Schedule a failed task again `retry.period` blocks later, without its name and period, while retries remain."""
    ctx = service.ctx
    if not service.try_consume(RETRY):
        ctx.deposit(RetryFailed(address, task.maybe_id))
        return
    if retry.remaining == 0:
        return
    when = saturate_u32(ctx.block.number + retry.period)
    try:
        address_of_retry = agendas.place(ctx, when, replace(task, maybe_id=None, maybe_periodic=None))
    except DispatchFailed:
        bounded_calls.drop(ctx, task.call)
        ctx.deposit(RetryFailed(address, None))
    else:
        Retries.put(ctx, address_of_retry, replace(retry, remaining=retry.remaining - 1))


def _schedule_next(ctx: Context, address: TaskAddress, task: Task, periodic: Period, retry: RetryConfig | None) -> None:
    """Schedule a periodic task for its next block, with its retry configuration."""
    period, count = periodic
    renewed = replace(task, maybe_periodic=(period, count - 1) if count > 1 else None)
    try:
        next_address = agendas.place(ctx, saturate_u32(ctx.block.number + period), renewed)
    except DispatchFailed:
        bounded_calls.drop(ctx, task.call)
        ctx.deposit(PeriodicFailed(address, task.maybe_id))
    else:
        if retry is not None:
            Retries.put(ctx, next_address, retry)
