"""What became of a transaction: its way through the pool, its events, and its error by name."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..runtime.crypto import blake2_256
from ..runtime.frame.errors import DispatchError, Module
from ..runtime.frame.runtime_types import RUNTIME_EVENT
from ..runtime.pallets.transaction_payment import TransactionFeePaid
from ..runtime.runtime import BY_INDEX
from ..runtime.scale import Sum
from ..runtime.scale.types import Err
from ..runtime.scale.values import to_plain
from .client import NodeError
from .remote import Remote, from_hex, to_hex

#: Statuses after which nothing more comes, besides `finalized`, in words.
LOST = {
    "invalid": "became invalid before it got into a block",
    "dropped": "was dropped by the pool, which is full",
    "usurped": "was replaced by another one with the same nonce",
    "retracted": "was in a block that is no longer part of the chain",
    "finalityTimeout": "was not finalized in time",
}


@dataclass(frozen=True)
class Outcome:
    """A transaction in a block. `problem` is what it, or a call inside of it, failed with."""

    raw_hash: bytes
    block: bytes
    number: int
    index: int
    events: list[Sum]
    problem: DispatchError | None

    @property
    def fee(self) -> int | None:
        """What was paid, in rao, tip included."""
        return next((event.actual_fee for event in self.events if isinstance(event, TransactionFeePaid)), None)

    def plain(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "success": self.problem is None,
            "extrinsic_hash": to_hex(self.raw_hash),
            "block_hash": to_hex(self.block),
            "block_number": self.number,
            "extrinsic_index": self.index,
            "fee_rao": self.fee,
            "error": None if self.problem is None else dict(zip(("name", "docs"), explain(self.problem), strict=True)),
            "events": [to_plain(RUNTIME_EVENT, event) for event in self.events],
        }


def block_of(statuses: Iterator[Any], wanted: str) -> bytes:
    """Follow a transaction until it is `wanted` ("inBlock" or "finalized"): the hash of its block."""
    for status in statuses:
        name, detail = next(iter(status.items())) if isinstance(status, Mapping) else (status, None)
        if name in (wanted, "finalized"):
            return from_hex(str(detail))
        if name in LOST:
            raise NodeError(f"the transaction {LOST[name]}")
    raise AssertionError("a subscription goes on until the transaction's last status")


def outcome_of(remote: Remote, raw: bytes, block: bytes) -> Outcome:
    """What a transaction did in this block."""
    number, index = remote.locate(raw, block)
    events = remote.events(block, index)
    return Outcome(blake2_256(raw), block, number, index, events, problem_in(events))


def problem_in(events: list[Sum]) -> DispatchError | None:
    """The first error that an event tells: of the call itself, or of one that it made for somebody else."""
    for event in events:
        for field in fields(event):  # type: ignore[arg-type]  # every variant is a dataclass
            value = getattr(event, field.name)
            found = value.error if isinstance(value, Err) else value
            if isinstance(found, DispatchError):
                return found
    return None


def explain(error: DispatchError) -> tuple[str, str]:
    """An error's name, `Pallet.Error`, and its documentation."""
    if isinstance(error, Module):
        pallet = BY_INDEX.get(error.error.index)
        for known in (pallet.error or ()) if pallet else ():
            if known.index == error.error.error[0]:
                return f"{known.pallet_name}.{known.name}", known.docs
        return f"Module {error.error.index}, error 0x{error.error.error.hex()}", ""
    kind = type(error).__name__
    detail = getattr(error, "error", None)
    return (f"{kind}.{detail.name}", "") if isinstance(detail, enum.Enum) else (kind, "")
