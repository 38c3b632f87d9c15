"""Amounts and tolerances on the command line: 1.5tao, 20alpha, all, 5%."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import click

from .options import ParamType
from .output import emit_json, emit_rows, wants_json, wants_rao

#: An amount that is everything there is.
ALL = "all"
#: A tolerance without a bound.
ANY = "any"
MILLION = 1_000_000
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?\s*%")
RAO_PER_TAO = 1_000_000_000
#: An integer in rao, or an amount with its unit.
_TAO = re.compile(r"([0-9][0-9_]{0,40})(?:\.([0-9]{1,9}))?\s*(tao|rao|alpha)?", re.IGNORECASE)
#: Decimals of a percentage, in parts of a million.
_DECIMALS = 4


class Amount(NamedTuple):
    """An amount in billionths of its unit, "tao" or "alpha"."""

    rao: int
    unit: str

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.rao), RAO_PER_TAO)
        decimals = f"{rest:09}".rstrip("0")
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
        match = _TAO.fullmatch(text)
        if match is not None and match[3] in self.units:
            return Amount(_billionths(match), match[3])
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
        match = _TAO.fullmatch(value.strip())
        unit = (match[3] or "rao").lower() if match else ""
        rao = None if match is None or unit == "alpha" or (unit == "rao" and match[2]) else match
        if rao is None:
            self.fail(f"expected an amount such as 1.5tao, or an integer in rao, got {value!r:.60}", param, ctx)
        number = _billionths(rao) if unit == "tao" else int(rao[1])
        if number >= 1 << 64:
            self.fail(f"expected at most 2^64 - 1 rao, got {value!r:.60}", param, ctx)
        return number


def _billionths(match: re.Match[str]) -> int:
    """Return the billionths of a matched number of TAO or alpha."""
    return int(match[1]) * RAO_PER_TAO + int((match[2] or "").ljust(9, "0"))


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
