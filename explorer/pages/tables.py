"""Tables, whose rows the browser sorts, filters and pages. Every cell is text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nicegui.element import Element

from ..node.values import clean
from ..readers.text import short

#: Characters of a cell.
LENGTH = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, what it is sorted by (the text by default), its link, a class of the style sheet."""

    text: str
    order: float | int | str | None = None
    link: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    right: bool = False


Rows = Sequence[Sequence[Cell]]


class Table(Element, component="table.js"):
    """A table; with `page` rows at a time it can be sorted."""

    def __init__(self, columns: Sequence[Column], rows: Rows, *, page: int = 0, name: str = "") -> None:
        super().__init__()
        self._props["columns"] = [{"name": column.name, "right": column.right} for column in columns]
        self._props["rows"] = encoded(rows)
        self._props["page"] = page
        self._props["label"] = name

    def fill(self, rows: Rows) -> None:
        """Show other rows."""
        self._props["rows"] = encoded(rows)
        self.update()

    def filter(self, wanted: str, word: str = "", column: int = 0) -> None:
        """Show only rows with this text in a cell, and this word in a column of words."""
        self._props["wanted"], self._props["word"], self._props["wordColumn"] = wanted, word, column
        self.update()


def encoded(rows: Rows) -> list[list[list[Any]]]:
    """Return rows as the browser gets them."""
    return [[_encoded(cell) for cell in row] for row in rows]


def _encoded(cell: Cell) -> list[Any]:
    order = float(cell.order) if isinstance(cell.order, int) else cell.order  # integers of JSON have 64 bits
    found: list[Any] = [clean(cell.text, LENGTH), order]
    if cell.link is not None or cell.kind is not None:
        found += [cell.link, cell.kind]
    return found


def account_cell(address: str | None) -> Cell:
    """Return the cell of an account."""
    return Cell("–") if address is None else Cell(short(address), address, f"/account/{address}")
