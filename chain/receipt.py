"""What became of a transaction that this process put into a block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..runtime.frame.errors import DispatchError
from ..runtime.outcome import explain, fee_in, problem_in
from ..runtime.scale import Sum


class TransactionFailed(Exception):
    """The transaction is in a block, and failed there. `receipt` has the rest."""

    def __init__(self, receipt: Receipt, error: DispatchError) -> None:
        name, docs = explain(error)
        super().__init__(f"{name}: {docs}" if docs else name)
        self.receipt = receipt
        self.error = error


@dataclass(frozen=True, slots=True)
class Receipt:
    """A transaction in a block: where it is, and its events in their order."""

    block_hash: bytes
    block_number: int
    index: int
    events: tuple[Sum, ...]

    @property
    def error(self) -> DispatchError | None:
        """What it, or a call inside of it, failed with; None when all went well."""
        return problem_in(self.events)

    @property
    def fee(self) -> int | None:
        """What was paid, in rao, tip included."""
        return fee_in(self.events)

    def check(self) -> Receipt:
        """This receipt, or TransactionFailed with the error by its name."""
        error = self.error
        if error is not None:
            raise TransactionFailed(self, error)
        return self


def events_by_extrinsic(records: Sequence[bytes], events: Sequence[Sum], index: int) -> tuple[Sum, ...]:
    """The events of extrinsic `index`: those whose record begins with the phase ApplyExtrinsic(index)."""
    phase = b"\0" + index.to_bytes(4, "little")
    return tuple(event for record, event in zip(records, events, strict=True) if record.startswith(phase))
