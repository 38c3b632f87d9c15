"""Calls without a signature, dry runs and traces."""

from __future__ import annotations

from typing import Annotated, Any

from .....runtime.client.from_plain import from_plain
from .....runtime.client.to_plain import to_plain
from .....runtime.crypto.hashing import blake2_256
from .....runtime.frame.call import RUNTIME_CALL, Call
from .....runtime.frame.extrinsic import ExtrinsicCodec
from .....runtime.frame.runtime_types import RUNTIME_EVENT
from .....runtime.scale import Sum
from ....arguments import account_of
from ....cheats.changes import Change, nested
from ....cheats.dry_run import DryRun, dry_run, dry_run_extrinsic
from ....cheats.submitting import submit_as
from ....cheats.trace import Step, trace_block, trace_transaction
from ....errors import ChainError
from ....pool.opaque import opaque_extrinsic
from ...node import Node
from ...shapes import to_hex, to_hex_or_null
from .declare import Anything, Block, Flag, Octets, dev, to_octets
from .resolve import hash_of

#: An origin that is no account.
ROOT, NO_ORIGIN = "root", "none"


def to_origin(value: Any) -> str | bytes:
    """Return an account, or "root" or "none"."""
    if value in (ROOT, NO_ORIGIN):
        return str(value)
    try:
        return account_of(value)
    except ChainError as error:
        raise ValueError(f'expected an account, "root" or "none": {error}') from None


Origin = Annotated[str | bytes, to_origin]


def call_of(node: Node, value: Any) -> Call:
    """Return a call from its encoding in hex, or from {pallet, function, args}; raises PlainError."""
    if isinstance(value, dict) and {"pallet", "function"} <= value.keys():
        value = {value["pallet"]: {value["function"]: value.get("args", {})}}
    found: Call = from_plain(RUNTIME_CALL, value, node.chain.runtime, amounts=True)
    return found


@dev
def dev_submitUnsigned(node: Node, call: Anything, origin: Origin) -> str:
    """Submit a call as any account, as root or without an origin, and return the hash of the extrinsic.

    It waits in the pool as others do; one without an origin is put into a block at once, if no pallet takes it.
    """
    found = call_of(node, call)
    if origin == NO_ORIGIN:
        raw = ExtrinsicCodec.bare(found)
        node.engine.submit(raw)
        return to_hex(blake2_256(raw))
    who = None if origin == ROOT else account_of(origin)
    return to_hex(submit_as(node.chain, found, who, node.engine.submit))


@dev
def dev_dryRun(
    node: Node,
    extrinsic: Anything | None,
    call: Anything | None,
    address: Origin | None,
    at: Block | None,
    raw: Flag | None,
) -> dict[str, Any]:
    """Return what an extrinsic, or a call by any account or root, would do in the block after `at`: nothing changes.

    `old`, `new` and `delta` are the changed entries by pallet, item and key; with `raw` they are in hex.
    """
    if isinstance(extrinsic, dict):  # as Chopsticks has it
        call, address, extrinsic = extrinsic.get("call"), to_origin(extrinsic.get("address")), None
    block = hash_of(node, at)
    if extrinsic is not None:
        try:
            raw_extrinsic = to_octets(extrinsic)
        except ValueError as error:
            raise ChainError(f"extrinsic: {error}; or give a call and an address") from None
        found = dry_run_extrinsic(node.chain, opaque_extrinsic(raw_extrinsic), block)
    elif call is not None and address is not None and address != NO_ORIGIN:
        found = dry_run(node.chain, call_of(node, call), None if address == ROOT else account_of(address), block)
    else:
        raise ChainError('expected an extrinsic, or a call and the address of an account or "root"')
    return dry_run_json(found, bool(raw))


def dry_run_json(found: DryRun, raw: bool) -> dict[str, Any]:
    """Return a dry run as JSON."""
    shown: dict[str, Any] = {"ok": found.ok}
    if found.error is not None:
        shown["error"] = found.error
    shown |= {"refused": found.refused, "fee": found.fee, "events": [event_json(event) for event in found.events]}
    return shown | (raw_json(found.changes) if raw else changes_json(found.changes))


def changes_json(changes: tuple[Change, ...]) -> dict[str, Any]:
    """Return changes by pallet, item and key: the old values, the new ones, and pairs of both."""
    return {side: nested(list(changes), side) for side in ("old", "new", "delta")}


def raw_json(changes: tuple[Change, ...]) -> dict[str, Any]:
    """Return changes as pairs of key and encoded value."""
    return {
        "old": [[to_hex(each.key), to_hex_or_null(each.old_raw)] for each in changes],
        "new": [[to_hex(each.key), to_hex_or_null(each.new_raw)] for each in changes],
    }


def event_json(event: Sum) -> Any:
    """Return an event as {pallet: {event: fields}}."""
    return to_plain(RUNTIME_EVENT, event)


def step_json(step: Step) -> dict[str, Any]:
    """Return a step of a block as JSON, in Chopsticks' shape."""
    return {
        "phase": step.name if step.index is None else step.index,
        "call": None if step.index is None else step.name,
        "reads": [[each.name, list(each.keys), each.new] for each in step.reads],
        "storageDiff": changes_json(step.writes),
        "events": [event_json(event) for event in step.events],
    }


@dev
def dev_traceBlock(node: Node, block: Block | None) -> dict[str, Any]:
    """Execute a block again and return what each of its steps read and wrote."""
    trace = trace_block(node.chain, hash_of(node, block))
    return {
        "number": trace.number,
        "hash": to_hex(trace.hash),
        "phases": [step_json(step) for step in trace.steps],
    }


@dev
def dev_traceTransaction(node: Node, hash: Octets, block: Block | None) -> dict[str, Any]:
    """Return what an extrinsic of a kept block read and wrote."""
    return step_json(trace_transaction(node.chain, hash, None if block is None else hash_of(node, block)))
