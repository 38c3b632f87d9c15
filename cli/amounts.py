"""Amounts and tolerances on the command line: 1.5tao, 20alpha, all, 5%."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import click

from ..runtime.client.errors import PlainError
from ..runtime.client.text import parse_amount
from ..runtime.units import RAO_PER_TAO
from .options import ParamType
from .output import emit_json, emit_rows, wants_json

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
        whole, rest = divmod(self.rao, RAO_PER_TAO)
        decimals = f"{rest:09}".rstrip("0")
        return f"{whole:,}{'.' if decimals else ''}{decimals} {self.unit}"


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
        unit = next((unit for unit in self.units if text.endswith(unit)), None)
        try:
            if unit is not None:
                return Amount(parse_amount(text.removesuffix(unit) + "tao"), unit)
        except PlainError:
            pass
        examples = " or ".join(f"1.5{unit}" for unit in self.units)
        raise click.BadParameter(f"expected {examples} with at most nine decimals, or {ALL}, got {value!r}", ctx, param)


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
    """Print rows with amounts as a table; as JSON, amounts are integers in billionths of their unit."""
    if wants_json():
        emit_json(
            [{name: cell.rao if isinstance(cell, Amount) else cell for name, cell in row.items()} for row in rows]
        )
    else:
        emit_rows(list(rows[0]), [[str(cell) for cell in row.values()] for row in rows])


def percent(part: int, whole: int) -> str:
    """Return a share in percent with two decimals, rounded down."""
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02} %"
