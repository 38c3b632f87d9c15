"""Scheduler (index 15): calls for later blocks, once or periodically, named or not, retried when they fail.

Each block begins with its agenda (`service`), the lowest priority number first, within the weight that is reserved for
it. Tasks left over are executed in the next blocks; `IncompleteSince` is the first agenda that is not finished. Only
root schedules, and root outranks every origin, so every caller that is admitted may change any task.
"""

from __future__ import annotations

from ...frame.call import RuntimeCall
from ...frame.context import Context
from ...frame.errors import DispatchFailed, ensure
from ...frame.weight import weight_of
from ...scale import Box, u8, u32
from .. import bounded_calls
from ..shared.types import BlockNumber
from . import agendas
from .declared import (
    MAX_TASKS,
    Error,
    Lookup,
    Period,
    Priority,
    Retries,
    RetryCancelled,
    RetryConfig,
    RetrySet,
    TaskAddress,
    TaskName,
)
from .declared import pallet as pallet
from .service import service_agendas as service_agendas

SCHEDULE = weight_of(3_815_234 + 538_417 * MAX_TASKS, 110_487, 1, 1)
SCHEDULE_NAMED = weight_of(8_965_037 + 559_963 * MAX_TASKS, 110_487, 2, 2)


@pallet.call(0, weight=SCHEDULE)
def schedule(
    ctx: Context, when: BlockNumber, maybe_periodic: Period | None, priority: Priority, call: Box[RuntimeCall]
) -> None:
    """Schedule a call for block `when`. Only root may.

    `maybe_periodic` is (period in blocks, number of executions); tasks with a lower `priority` number run first.
    Fails with TargetBlockNumberInPast, or Exhausted when the agenda of the block is full.
    """
    ctx.ensure_root()
    bounded = bounded_calls.bound(ctx, call)
    agendas.schedule(ctx, None, agendas.block_at(ctx, when), maybe_periodic, priority, bounded)


@pallet.call(1, weight=weight_of(2_524_382 + 777_710 * MAX_TASKS, 110_487, 1, 3))
def cancel(ctx: Context, when: BlockNumber, index: u32) -> None:
    """Cancel the task at place `index` of the agenda of block `when`. Only root may; NotFound when there is none."""
    ctx.ensure_root()
    task = agendas.find(ctx, (when, index))
    if task is None:
        raise DispatchFailed(Error.NotFound)
    if task.maybe_id is not None:
        Lookup.remove(ctx, task.maybe_id)
    agendas.cancel(ctx, (when, index))


@pallet.call(2, weight=SCHEDULE_NAMED)
def schedule_named(
    ctx: Context,
    id_: TaskName,
    when: BlockNumber,
    maybe_periodic: Period | None,
    priority: Priority,
    call: Box[RuntimeCall],
) -> None:
    """Schedule a call for block `when` under a name of 32 bytes. Only root may.

    FailedToSchedule when the name is taken.
    """
    ctx.ensure_root()
    bounded = bounded_calls.bound(ctx, call)
    ensure(not Lookup.contains(ctx, id_), Error.FailedToSchedule)
    agendas.schedule(ctx, id_, agendas.block_at(ctx, when), maybe_periodic, priority, bounded)


@pallet.call(3, weight=weight_of(7_403_622 + 778_228 * MAX_TASKS, 110_487, 2, 3))
def cancel_named(ctx: Context, id_: TaskName) -> None:
    """Cancel the task of a name. Only root may; NotFound when there is none."""
    ctx.ensure_root()
    address = _find_named(ctx, id_)
    Lookup.remove(ctx, id_)
    agendas.cancel(ctx, address)


@pallet.call(4, weight=SCHEDULE)
def schedule_after(
    ctx: Context, after: BlockNumber, maybe_periodic: Period | None, priority: Priority, call: Box[RuntimeCall]
) -> None:
    """Schedule a call for the block that is `after` blocks after the next one. Only root may."""
    ctx.ensure_root()
    bounded = bounded_calls.bound(ctx, call)
    agendas.schedule(ctx, None, agendas.block_after(ctx, after), maybe_periodic, priority, bounded)


@pallet.call(5, weight=SCHEDULE_NAMED)
def schedule_named_after(
    ctx: Context,
    id_: TaskName,
    after: BlockNumber,
    maybe_periodic: Period | None,
    priority: Priority,
    call: Box[RuntimeCall],
) -> None:
    """Schedule a call under a name, for the block that is `after` blocks after the next one. Only root may.

    FailedToSchedule when the name is taken.
    """
    ctx.ensure_root()
    bounded = bounded_calls.bound(ctx, call)
    ensure(not Lookup.contains(ctx, id_), Error.FailedToSchedule)
    agendas.schedule(ctx, id_, agendas.block_after(ctx, after), maybe_periodic, priority, bounded)


@pallet.call(6, weight=weight_of(169_783_000, 110_487, 1, 1))
def set_retry(ctx: Context, task: TaskAddress, retries: u8, period: BlockNumber) -> None:
    """Retry a task when it fails, up to `retries` times, `period` blocks apart. Only root may."""
    ctx.ensure_root()
    _set_retry(ctx, task, None, retries, period)


@pallet.call(7, weight=weight_of(186_544_000, 110_487, 2, 1))
def set_retry_named(ctx: Context, id_: TaskName, retries: u8, period: BlockNumber) -> None:
    """Retry the task of a name when it fails, up to `retries` times, `period` blocks apart. Only root may."""
    ctx.ensure_root()
    _set_retry(ctx, _find_named(ctx, id_), id_, retries, period)


@pallet.call(8, weight=weight_of(169_076_000, 110_487, 1, 1))
def cancel_retry(ctx: Context, task: TaskAddress) -> None:
    """Remove the retry configuration of a task. Only root may."""
    ctx.ensure_root()
    _cancel_retry(ctx, task, None)


@pallet.call(9, weight=weight_of(182_329_000, 110_487, 2, 1))
def cancel_retry_named(ctx: Context, id_: TaskName) -> None:
    """Remove the retry configuration of the task of a name. Only root may."""
    ctx.ensure_root()
    _cancel_retry(ctx, _find_named(ctx, id_), id_)


def _find_named(ctx: Context, name: bytes) -> TaskAddress:
    """Return the address of the task of a name; NotFound when there is none."""
    address = Lookup.get(ctx, name)
    if address is None:
        raise DispatchFailed(Error.NotFound)
    return address


def _set_retry(ctx: Context, address: TaskAddress, name: bytes | None, retries: int, period: int) -> None:
    """Store the retry configuration of a task; NotFound when there is no task."""
    ensure(agendas.find(ctx, address) is not None, Error.NotFound)
    Retries.put(ctx, address, RetryConfig(retries, retries, period))
    ctx.deposit(RetrySet(address, name, period, retries))


def _cancel_retry(ctx: Context, address: TaskAddress, name: bytes | None) -> None:
    """Remove the retry configuration of a task; NotFound when there is no task."""
    ensure(agendas.find(ctx, address) is not None, Error.NotFound)
    Retries.remove(ctx, address)
    ctx.deposit(RetryCancelled(address, name))
