"""Amounts and tolerances on the command line: 1.5tao, 20alpha, all, 5%."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import click

from ..runtime.units import ALPHA, DECIMALS, RAO_PER_TAO, written_amount
from .options import ParamType
from .output import emit_json, emit_rows, wants_json, wants_rao

#: An amount that is everything there is.
ALL = "all"
#: A tolerance without a bound.
ANY = "any"
MILLION = 1_000_000
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?\s*%")
#: Decimals of a percentage, in parts of a million.
_DECIMALS = 4


class Amount(NamedTuple):
    """An amount in billionths of its unit, "tao" or "alpha"."""

    rao: int
    unit: str

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.rao), RAO_PER_TAO)
        decimals = str(rest).rjust(DECIMALS, "0").rstrip("0")
        return f"{'-' if self.rao < 0 else ''}{whole:,}{'.' if decimals else ''}{decimals} {self.unit}"


class AmountType(ParamType):
    """An amount with one of these units, or `all`."""

    name = "amount"

    def __init__(self, *units: str) -> None:
        self.units = units

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return f"AMOUNT|{ALL}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Amount | None:
        """Return the amount, None for `all`."""
        if not isinstance(value, str):
            return value if isinstance(value, Amount) else None
        text = value.strip().lower()
        if text == ALL:
            return None
        amount = written_amount(text)
        if amount is not None and amount.unit in self.units and amount.is_exact:
            return Amount(amount.rao, amount.unit)
        examples = " or ".join(f"1.5{unit}" for unit in self.units)
        raise click.BadParameter(f"expected {examples} with at most nine decimals, or {ALL}, got {value!r}", ctx, param)


class TaoType(ParamType):
    """TAO in rao: an amount with a unit (1.5tao, 10rao), or an integer in rao."""

    name = "amount"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "AMOUNT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        amount = written_amount(value.strip())
        if amount is None or amount.unit == ALPHA or not amount.is_exact:
            self.fail(f"expected an amount such as 1.5tao, or an integer in rao, got {value!r:.60}", param, ctx)
        if amount.rao >= 1 << 64:
            self.fail(f"expected at most 2^64 - 1 rao, got {value!r:.60}", param, ctx)
        return amount.rao


class ToleranceType(ParamType):
    """A percentage in parts of a million, or `any`: None."""

    name = "percent"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return f"PERCENT|{ANY}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        if not isinstance(value, str):
            return value if isinstance(value, int) else None
        if value == ANY:
            return None
        match = _PERCENT.fullmatch(value.strip())
        parts = int(match[1]) * 10**_DECIMALS + int((match[2] or "").ljust(_DECIMALS, "0")) if match else MILLION
        if parts >= MILLION:
            self.fail(f"expected a percentage below 100% such as 5% or 0.5%, or {ANY}, got {value!r}", param, ctx)
        return parts


def emit_amount_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows with amounts as a table; as JSON, and with --rao, they are integers in billionths of their unit."""
    plain = [{name: cell.rao if isinstance(cell, Amount) else cell for name, cell in row.items()} for row in rows]
    if wants_json():
        emit_json(plain)
    else:
        shown = plain if wants_rao() else rows
        emit_rows(list(rows[0]), [list(row.values()) for row in shown])


def percent(part: int, whole: int) -> str:
    """Return a share in percent with two decimals, rounded down."""
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02} %"
