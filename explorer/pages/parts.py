"""Parts of pages: the frame, facts, tables, texts. Everything from a node is shown as text, never as markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from ...runtime.client.errors import PlainError
from ..node.connection import NodeError
from ..node.values import Account, clean, text_of
from ..readers.text import short
from ..state import Explorer

CSS = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
MENU = (("Blocks", "/"), ("Subnets", "/subnets"), ("Storage", "/storage"))
#: What readers raise when a node answers with values of other shapes than its runtime declares.
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
#: Seconds that a page waits for the node.
PATIENCE_S = 60.0
#: Seconds between two looks for news.
LOOK_S = 0.5
#: Applies the theme that was chosen in this browser; without a choice it follows the system.
THEME = """
<script>
  const apply = () => {
    if (!window.Quasar) { setTimeout(apply, 20); return }
    const chosen = localStorage.getItem('theme');
    if (chosen) Quasar.Dark.set(chosen === 'dark');
  };
  apply();
</script>
"""
TOGGLE = """
() => {
  const dark = !document.body.classList.contains('body--dark');
  localStorage.setItem('theme', dark ? 'dark' : 'light');
  Quasar.Dark.set(dark);
}
"""


def page(path: str) -> ui.page:
    """Return the decorator of what draws the page at a path."""
    return ui.page(path, response_timeout=PATIENCE_S)


@contextmanager
def frame(explorer: Explorer, title: str, here: str = "") -> Iterator[None]:
    """Draw what all pages have, and the page inside of it."""
    ui.add_css(CSS)
    ui.add_body_html(THEME)
    ui.page_title(f"{clean(title, 80)} · pysubtensor explorer")
    ui.link("Skip to content", "#content").classes("skip")
    with ui.element("header").classes("top"):
        ui.link("pysubtensor", "/").classes("brand")
        with ui.element("nav").props('aria-label="Pages"'):
            for name, path in (*MENU, *([("Development", "/dev")] if explorer.may_act else [])):
                link = ui.link(name, path)
                if path == here:
                    link.classes("here").props('aria-current="page"')
        _search_field()
        ui.button(icon="contrast").props('flat dense round aria-label="Light or dark"').on("click", js_handler=TOGGLE)
    with ui.element("main").classes("page").props('id="content"'):
        notice = ui.label("").classes("notice").props('role="status"')

        def look() -> None:
            if notice.text != explorer.live.problem:
                notice.set_text(clean(explorer.live.problem, 300))
            notice.set_visibility(bool(explorer.live.problem))

        look()
        ui.timer(LOOK_S, look)
        yield


def _search_field() -> None:
    field = ui.input(placeholder="Block, hash, address, netuid or name …").props(
        'dense outlined clearable aria-label="Search" type="search" maxlength="200"'
    )
    field.classes("find")

    def find() -> None:
        wanted = (field.value or "").strip()
        if wanted:
            ui.navigate.to(f"/search?{query(q=wanted)}")

    field.on("keydown.enter", find)


def query(**values: str) -> str:
    """Return the part of a URL behind the question mark."""
    return urlencode(values)


@contextmanager
def problems() -> Iterator[None]:
    """Say on the page why something cannot be shown. A node may answer anything, also what no reader expects."""
    try:
        yield
    except (NodeError, PlainError) as error:
        notice(str(error))
    except UNREADABLE as error:
        notice(f"The node's answer cannot be read ({type(error).__name__}: {error}).")


@contextmanager
def panel(title: str = "") -> Iterator[Any]:
    """Draw a framed part of a page."""
    with ui.element("section").classes("panel") as section:
        if title:
            heading(title, 2)
        yield section


def heading(text: str, level: int = 1) -> ui.label:
    """Draw a heading; return its text."""
    with ui.element(f"h{level}"):
        return ui.label(clean(text, 400))


def notice(text: str) -> None:
    """Draw what went wrong, or why something is not there."""
    ui.label(clean(text, 2_000)).classes("notice")


def soft(text: str) -> None:
    """Draw an explanation."""
    ui.label(clean(text, 2_000)).classes("soft small")


def tiles(values: Sequence[tuple[str, str]]) -> None:
    """Draw a few important figures."""
    with ui.element("div").classes("tiles"):
        for name, value in values:
            with ui.element("div").classes("tile"):
                ui.label(name).classes("name")
                ui.label(clean(value, 200)).classes("value").props(f'data-name="{name}"')


@contextmanager
def facts() -> Iterator[None]:
    """Draw a list of names and values; `fact` adds one."""
    with ui.element("div").classes("facts"):
        yield


def fact(name: str, value: Any, link: str | None = None, *, mono: bool = False) -> None:
    """Draw a name and its value."""
    ui.label(clean(name, 200)).classes("name")
    with ui.element("div").classes("value mono" if mono else "value"):
        show(value, link)


def show(value: Any, link: str | None = None) -> None:
    """Draw a value: accounts as links, long ones in a box."""
    if isinstance(value, Account):
        ui.link(value.address, f"/account/{value.address}").classes("mono")
        return
    text = text_of(value, indent=True)
    if link is not None:
        ui.link(text, link)
    elif len(text) > 120 or "\n" in text:
        block_text(text)
    else:
        ui.label(text)


def block_text(text: str) -> None:
    """Draw text of several lines in a box of limited height."""
    with ui.element("pre").classes("text").props('tabindex="0"'):
        ui.label(text)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, what it is sorted by (the text by default), and its link."""

    text: str
    order: float | int | str | None = None
    link: str | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    right: bool = False


#: Cells with links; Vue writes all of it as text.
BODY_CELL = """
<q-td :props="props" :class="props.row[props.col.name + '_kind']">
  <a v-if="props.row[props.col.name + '_link']" :href="props.row[props.col.name + '_link']">{{ props.value }}</a>
  <span v-else>{{ props.value }}</span>
</q-td>
"""
#: Buttons in the headers, so that a keyboard can sort.
HEADER_CELL = """
<q-th :props="props">
  <button v-if="props.col.sortable">{{ props.col.label }}</button>
  <span v-else>{{ props.col.label }}</span>
</q-th>
"""


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, page: int = 0, name: str = "") -> ui.table:
    """Draw a table; with `page` rows at a time it can be sorted. `fill` changes its rows."""
    declared = [
        {
            "name": f"c{number}",
            "label": column.name,
            "field": f"c{number}",
            "align": "right" if column.right else "left",
            "sortable": bool(page),
            ":sort": f"(a, b, x, y) => {{ const p = x.c{number}_order ?? a, q = y.c{number}_order ?? b; "
            "return p < q ? -1 : p > q ? 1 : 0 }",
        }
        for number, column in enumerate(columns)
    ]
    drawn = ui.table(columns=declared, rows=as_rows(rows), row_key="id", pagination=page or {"rowsPerPage": 0})
    drawn.props(f'dense flat {"" if page else "hide-pagination"} aria-label="{name}"')
    drawn.props(':rows-per-page-options=[25,50,100,256] no-data-label="None yet."')
    drawn.add_slot("body-cell", BODY_CELL)
    drawn.add_slot("header-cell", HEADER_CELL)
    return drawn


def as_rows(rows: Sequence[Sequence[Cell]]) -> list[dict[str, Any]]:
    """Return the rows of a table as the browser gets them."""
    found = []
    for number, cells in enumerate(rows):
        row: dict[str, Any] = {"id": number}
        for column, cell in enumerate(cells):
            row[f"c{column}"] = clean(cell.text, 200)
            for part, value in (("order", cell.order), ("link", cell.link), ("kind", cell.kind or None)):
                if value is not None:
                    row[f"c{column}_{part}"] = value
        found.append(row)
    return found


def account_cell(address: str | None) -> Cell:
    """Return the cell of an account."""
    return Cell("–") if address is None else Cell(short(address), address, f"/account/{address}")
