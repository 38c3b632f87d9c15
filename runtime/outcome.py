"""What events tell of an extrinsic: its fee, and what it or a call inside of it failed with, by name."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import fields

from .composition import PALLETS
from .frame.errors import DispatchError, Module
from .pallets.transaction_payment import TransactionFeePaid
from .scale import Sum
from .scale.types import Err

BY_INDEX = {pallet.index: pallet for pallet in PALLETS}


def fee_in(events: Iterable[Sum]) -> int | None:
    """What was paid, in rao, tip included; None when nothing says so."""
    return next((event.actual_fee for event in events if isinstance(event, TransactionFeePaid)), None)


def problem_in(events: Iterable[Sum]) -> DispatchError | None:
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
