"""Parts of pages: the frame, facts, tables, texts. Everything from a node is shown as text, never as markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from ...runtime.client.errors import PlainError
from ..node.connection import NodeError
from ..node.values import Account, clean, text_of
from ..state import Explorer

CSS = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
MENU = (("Blocks", "/"), ("Subnets", "/subnets"), ("Storage", "/storage"))
#: What readers raise when a node answers with values of other shapes than its runtime declares.
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
#: Seconds that a page waits for the node.
PATIENCE_S = 60.0
#: Seconds between two looks for news.
LOOK_S = 0.5
#: The themes that can be chosen, by the cookie that remembers the choice; without one pages follow the system.
THEMES = {"dark": True, "light": False}
TOGGLE = """
() => {
  const dark = !document.body.classList.contains('body--dark');
  document.cookie = `theme=${dark ? 'dark' : 'light'}; path=/; max-age=31536000; samesite=strict`;
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
    request = ui.context.client.request
    ui.dark_mode(THEMES.get(request.cookies.get("theme", "")) if request else None)
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
