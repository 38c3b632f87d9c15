"""What became of a transaction: its way through the pool, its events, and its error by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..runtime.crypto import blake2_256
from ..runtime.frame.errors import DispatchError
from ..runtime.frame.runtime_types import RUNTIME_EVENT
from ..runtime.outcome import explain, fee_in, problem_in
from ..runtime.scale import Sum
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
        return fee_in(self.events)

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
