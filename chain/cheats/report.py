"""Blocks in words: each transaction with its signer, call and result, and the events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...runtime.client.names import find_item
from ...runtime.client.receipt import error_in, explain
from ...runtime.client.to_plain import to_plain
from ...runtime.crypto import ss58_encode
from ...runtime.frame.call import RUNTIME_CALL
from ...runtime.frame.extrinsic import Extrinsic, Kind
from ...runtime.frame.runtime_types import RUNTIME_EVENT
from ...runtime.scale import AnyCodec
from ..chain import Blockchain
from ..history.blocks import StateDiscarded, StoredBlock, UnknownBlock
from .keys import known_name, with_names

#: Characters of the arguments of a call, and of an event.
SHOWN = 160
#: The phase of an event that belongs to an extrinsic.
APPLY = "extrinsic_index"


def describe_last(chain: Blockchain, count: int, first: int = 1) -> list[str]:
    """Return lines about the last `count` blocks with transactions, from block `first` on, and the number of others."""
    lines: list[list[str]] = []
    number, empty = chain.head.number, 0
    while number >= max(first, 1) and len(lines) < count:
        block = chain.block(chain.hash_at(number) or b"")
        if block is None:
            break
        found = list(describe(chain, block))
        if found:
            lines.append(found)
        else:
            empty += 1
        number -= 1
    shown = [line for block in reversed(lines) for line in block]
    return [*shown, f"{empty} of the last {chain.head.number - number} blocks have no transactions"] if empty else shown


def describe(chain: Blockchain, block: StoredBlock) -> Iterator[str]:
    """Yield lines about a block: none if all it has are its author's inherents."""
    records = _events(chain, block)
    for index, raw in enumerate(block.body):
        extrinsic = chain.runtime.decode(raw)
        if extrinsic.kind is Kind.BARE and chain.runtime.is_inherent(extrinsic.call):
            continue
        own = [record.event for record in records if getattr(record.phase, APPLY, None) == index]
        yield f"block {block.number}: {_shown(RUNTIME_CALL, extrinsic.call)} by {_signer(extrinsic)}: {_result(own)}"
        yield from (f"    {_shown(RUNTIME_EVENT, event)}" for event in own if type(event).__name__ not in QUIET)


#: Events of every transaction.
QUIET = ("ExtrinsicSuccess", "ExtrinsicFailed", "TransactionFeePaid", "Withdraw", "Deposit")


def _events(chain: Blockchain, block: StoredBlock) -> Sequence[Any]:
    try:
        ctx = chain.context(block.hash)
    except (StateDiscarded, UnknownBlock):
        return ()
    found: Sequence[Any] = find_item(chain.runtime.pallets, "System", "Events").read(ctx, [])
    return found


def _signer(extrinsic: Extrinsic) -> str:
    if extrinsic.signer is None:
        return "no account"
    return known_name(extrinsic.signer) or ss58_encode(extrinsic.signer)


def _result(events: Sequence[Any]) -> str:
    error = error_in(events)
    if error is None:
        return "ok"
    name, docs = explain(error)
    return f"{name}: {docs}" if docs else name


def _shown(codec: AnyCodec, value: Any) -> str:
    """Return a call or an event as text, `Pallet.name(field=value)`."""
    ((pallet, inner),) = to_plain(codec, value).items()
    name, fields = next(iter(inner.items())) if isinstance(inner, dict) else (inner, {})
    named = fields.items() if isinstance(fields, dict) else enumerate(fields if isinstance(fields, list) else [fields])
    parts = [f"{key}={part}" if isinstance(key, str) else str(part) for key, part in named]
    return _clipped(with_names(f"{pallet}.{name}({', '.join(parts)})"))


def _clipped(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
