"""Output: results to standard output, as tables or as JSON; messages to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
#: Width of tables that go into a file or another program, so that nothing is wrapped.
PIPE_WIDTH = 10_000


def _remember(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    ctx.meta[__name__] = value


#: The option with which a command prints JSON.
json_option = click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    callback=_remember,
    help="Print the result as JSON.",
)


def wants_json() -> bool:
    """Return whether the running command has the option --json."""
    return bool(click.get_current_context().meta.get(__name__))


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
        _print_table(None, [(name, cell_text(part)) for name, part in flattened(value)])
    else:
        click.echo(cell_text(value))


def emit_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table; as JSON, a list of objects with the columns as names."""
    if wants_json():
        emit_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        _print_table(columns, [[cell_text(cell) for cell in row] for row in rows])


def cell_text(value: Any) -> str:
    """Return a plain value as the text of a cell."""
    if isinstance(value, str):
        return readable(value)
    if value is None:
        return "none"
    if isinstance(value, bool | int):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False)


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
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    width = None if sys.stdout.isatty() else PIPE_WIDTH
    table = Table(box=SIMPLE_HEAD if columns else None, show_header=bool(columns), pad_edge=False)
    for column in columns or rows[0]:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*[cell.replace("[", r"\[") for cell in row])
    Console(file=sys.stdout, width=width, highlight=False).print(table)
