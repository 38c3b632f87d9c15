"""Receipts: the place of a transaction, its fee and error from its events, and errors by name."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TypeVar

from ..composition import PALLETS
from ..frame.errors import DispatchError, Module
from ..pallets.transaction_payment import TransactionFeePaid
from ..scale import Sum
from ..scale.types import Err
from .advice import advice, with_advice

E = TypeVar("E", bound=Sum)
BY_INDEX = {pallet.index: pallet for pallet in PALLETS}


class TransactionFailed(Exception):
    """A transaction was included in a block and failed.

    `receipt` has its place and events, `name` is the error's, such as "SubtensorModule.SubnetNotExists".
    """

    def __init__(self, receipt: Receipt, error: DispatchError) -> None:
        super().__init__(describe_error(error))
        self.receipt, self.error = receipt, error
        self.name = explain(error)[0]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A transaction in a block: where it is, and its events in their order."""

    block_hash: bytes
    block_number: int
    #: Position among the block's extrinsics.
    index: int
    events: tuple[Sum, ...]

    @property
    def error(self) -> DispatchError | None:
        """The error of the transaction, or of a call inside of it; None if all succeeded."""
        return error_in(self.events)

    @property
    def fee(self) -> int | None:
        """The paid fee in rao, tip included; None without a fee."""
        return fee_in(self.events)

    def events_of(self, kind: type[E]) -> list[E]:
        """Return the events of a class, such as `chain.events.Balances.Transfer`, in their order."""
        return [event for event in self.events if isinstance(event, kind)]

    def check(self) -> Receipt:
        """Return this receipt; raise TransactionFailed, with the error by its name, when there is an error."""
        error = self.error
        if error is not None:
            raise TransactionFailed(self, error)
        return self


def fee_in(events: Iterable[Sum]) -> int | None:
    """Return the paid fee in rao, tip included; None without an event about it."""
    return next((event.actual_fee for event in events if isinstance(event, TransactionFeePaid)), None)


def error_in(events: Iterable[Sum]) -> DispatchError | None:
    """Return the first error in an event: of the call itself, or of a call that it dispatched."""
    for event in events:
        for field in fields(event):  # type: ignore[arg-type]  # every variant is a dataclass
            value = getattr(event, field.name)
            found = value.error if isinstance(value, Err) else value
            if isinstance(found, DispatchError):
                return found
    return None


def describe_error(error: DispatchError) -> str:
    """Return an error's name, its documentation, and what to try next."""
    name, docs = explain(error)
    return with_advice(f"{name}: {docs}" if docs else name, advice(name))


def explain(error: DispatchError) -> tuple[str, str]:
    """Return an error's name, `Pallet.Error`, and its documentation."""
    if isinstance(error, Module):
        pallet = BY_INDEX.get(error.error.index)
        for known in (pallet.error or ()) if pallet else ():
            if known.index == error.error.error[0]:
                return f"{known.pallet_name}.{known.name}", known.docs
        return f"Module {error.error.index}, error 0x{error.error.error.hex()}", ""
    kind = type(error).__name__
    detail = getattr(error, "error", None)
    return (f"{kind}.{detail.name}", "") if isinstance(detail, enum.Enum) else (kind, "")
