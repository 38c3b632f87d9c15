"""The agendas: adding tasks to the agenda of a block, finding and removing them."""

from __future__ import annotations

from ....consensus.integers import saturate_u32
from ...frame.context import Context
from ...frame.errors import Exhausted, ensure
from ...frame.origin_caller import to_origin_caller
from .. import bounded_calls, preimage
from .declared import MAX_TASKS, Agenda, Canceled, Error, Lookup, Period, Retries, Scheduled, Task, TaskAddress


def block_at(ctx: Context, when: int) -> int:
    """Return the block to schedule for; TargetBlockNumberInPast unless it lies in the future."""
    ensure(when > ctx.block.number, Error.TargetBlockNumberInPast)
    return when


def block_after(ctx: Context, delay: int) -> int:
    """Return the block `delay` blocks after the next one: the next block has the first agenda not yet serviced."""
    return block_at(ctx, saturate_u32(ctx.block.number + delay + 1))


def schedule(
    ctx: Context, name: bytes | None, when: int, periodic: Period | None, priority: int, call: bounded_calls.BoundedCall
) -> None:
    """Add a task with the caller's origin to the agenda of block `when`, and request the preimage of its call.

    `periodic` is (period in blocks, number of executions); Exhausted when the agenda is full.
    """
    repeats = periodic is not None and periodic[0] > 0 and periodic[1] > 1
    remaining = (periodic[0], periodic[1] - 1) if periodic is not None and repeats else None
    place(ctx, when, Task(name, priority, call, remaining, to_origin_caller(ctx.origin)))
    hash_ = bounded_calls.lookup_hash(call)
    if hash_ is not None:
        preimage.request(ctx, hash_)


def place(ctx: Context, when: int, task: Task) -> TaskAddress:
    """Append a task to an agenda, or put it into a free place of a full one; Exhausted when there is none."""
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


def find(ctx: Context, address: TaskAddress) -> Task | None:
    """Return the task at an address; None when there is none."""
    agenda = Agenda.get(ctx, address[0])
    return agenda[address[1]] if address[1] < len(agenda) else None


def cancel(ctx: Context, address: TaskAddress) -> None:
    """Remove a task from its agenda, and the free places at the end of the agenda."""
    when, index = address
    agenda, task = Agenda.get(ctx, when), find(ctx, address)
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
