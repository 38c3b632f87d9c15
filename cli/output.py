"""Output: results to standard output, as tables or as JSON; messages to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.table import Table

F = TypeVar("F", bound=Callable[..., Any])
#: Width of tables that go into a file or another program, so that nothing is wrapped.
PIPE_WIDTH = 10_000
#: Characters of an account's SS58 address, and between two columns of a table.
ADDRESS_LENGTH, GAP = 48, 3


def _remember(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    ctx.meta[f"{__name__}.{param.name}"] = value


#: The option with which tables have amounts as integers.
rao_option = click.option(
    "--rao",
    is_flag=True,
    expose_value=False,
    callback=_remember,
    help="Print amounts as integers, in rao or in billionths of alpha.",
)
#: The option with which a command prints JSON.
json_option = click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    callback=_remember,
    help="Print the result as JSON, with amounts as integers.",
)


def wants_json() -> bool:
    """Return whether the running command has the option --json."""
    return bool(click.get_current_context().meta.get(f"{__name__}.json"))


def wants_rao() -> bool:
    """Return whether the running command has the option --rao."""
    return bool(click.get_current_context().meta.get(f"{__name__}.rao"))


def print_message(message: str) -> None:
    """Print a message to standard error."""
    click.echo(message, err=True)


def emit_json(value: Any) -> None:
    """Print a value as JSON; integers of any size stay exact."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def emit_value(value: Any) -> None:
    """Print one plain value: a record as a table of its fields, anything else on a line."""
    if wants_json():
        emit_json(value)
    elif isinstance(value, Mapping) and value:
        _print_table(None, [(str(name), cell_text(part)) for name, part in flattened(value)])
    else:
        click.echo(cell_text(value))


def emit_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table; as JSON, a list of objects with the columns as names."""
    if wants_json():
        emit_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        _print_table(columns, [[cell_text(cell) for cell in row] for row in rows])


def cell_text(value: Any) -> str:
    """Return a plain value, or an amount, as the text of a cell."""
    if isinstance(value, str):
        return readable(value)
    if value is None:
        return "none"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_part_text(part)}" for name, part in value.items())
    return f"[{', '.join(_part_text(part) for part in value)}]" if type(value) is list else str(value)


def _part_text(value: Any) -> str:
    """Return a part of a value in a cell, nested records in braces."""
    return f"{{{cell_text(value)}}}" if isinstance(value, Mapping) and value else cell_text(value)


def readable(text: str) -> str:
    """Return bytes (0x…) that are printable text as that text, in quotes; other text unchanged."""
    if not text.startswith("0x") or len(text) % 2 or len(text) == 2:
        return text
    try:
        decoded = bytes.fromhex(text[2:]).decode()
    except ValueError:
        return text
    return json.dumps(decoded, ensure_ascii=False) if decoded.isprintable() else text


def flattened(value: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Return the leaves of nested records, with their paths."""
    for name, part in value.items():
        if isinstance(part, Mapping) and part:
            yield from flattened(part, f"{prefix}{name}.")
        else:
            yield prefix + name, part


def _print_table(columns: Sequence[str] | None, rows: Sequence[Sequence[str]]) -> None:
    # Loaded here: it is slow to import, and JSON does not need it.
    from rich.console import Console

    width = None if sys.stdout.isatty() else PIPE_WIDTH
    console = Console(file=sys.stdout, width=width, highlight=False)
    if not columns or table_width([columns, *rows]) <= console.width:
        console.print(_table(columns, rows))
        return
    short = [[short_address(cell) for cell in row] for row in rows]
    if table_width([columns, *short]) <= console.width:
        console.print(_table(columns, short))
        return
    for row in rows:  # a table would break numbers across lines
        console.print(_table(None, list(zip(columns, row, strict=True))))
        console.print()


def short_address(cell: str) -> str:
    """Return the beginning and the end of an SS58 address, where a table has no room; other text unchanged."""
    return f"{cell[:6]}…{cell[-4:]}" if len(cell) == ADDRESS_LENGTH and cell.isalnum() and cell[0] == "5" else cell


def table_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the characters of a table's longest line."""
    return sum(max(map(len, cells)) for cells in zip(*rows, strict=True)) + GAP * len(rows[0])


def _table(columns: Sequence[str] | None, rows: Sequence[Sequence[str]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD if columns else None, show_header=bool(columns), pad_edge=False)
    for column in columns or rows[0]:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*[cell.replace("[", r"\[") for cell in row])
    return table
