"""Storage: pallets, their items, entries of an item, one entry."""

from __future__ import annotations

from nicegui import ui

from ...runtime.client.errors import PlainError
from ..node.connection import NodeError
from ..node.interface import Interface, Item
from ..node.values import text_of
from ..readers.storage import Entry, key_from_text, key_text, read_entries, read_entry
from ..state import Explorer
from .parts import block_text, fact, facts, frame, heading, page, panel, problems, query, soft
from .tables import Cell, Column, Table


def register(explorer: Explorer) -> None:
    """Make the pages known."""

    @page("/storage")
    async def pallets_page() -> None:
        with frame(explorer, "Storage", "/storage"):
            heading("Storage")
            with problems():
                draw_pallets(await explorer.node.interface())

    @page("/storage/{pallet}")
    async def pallet_page(pallet: str) -> None:
        with frame(explorer, f"Storage of {pallet}", "/storage"):
            heading(f"Storage of {pallet}")
            with problems():
                draw_items(await explorer.node.interface(), pallet)

    @page("/storage/{pallet}/{item}")
    async def item_page(pallet: str, item: str, key: str = "", after: str = "", at: str = "") -> None:
        with frame(explorer, f"{pallet}.{item}", "/storage"):
            heading(f"{pallet}.{item}")
            with problems():
                await draw_item(explorer, pallet, item, (key, after, at))


def draw_pallets(interface: Interface) -> None:
    """Draw all pallets that have storage."""
    with panel(), facts():
        for pallet in interface.pallets:
            items = interface.items(pallet)
            if items:
                fact(f"{len(items)} items", pallet, f"/storage/{pallet}")


def draw_items(interface: Interface, pallet: str) -> None:
    """Draw the items of a pallet."""
    rows = []
    for name in interface.items(pallet):
        item = interface.item(pallet, name)
        if item is not None:
            keys = ", ".join(interface.types.name(key) for key in item.keys)
            first = item.docs.partition("\n")[0]
            rows.append(
                [
                    Cell(name, link=f"/storage/{pallet}/{name}"),
                    Cell(keys),
                    Cell(interface.types.name(item.value)),
                    Cell(first),
                ]
            )
    with panel():
        columns = (Column("Item"), Column("Keys"), Column("Value"), Column("Meaning"))
        Table(columns, rows, page=100, name="Items")


async def draw_item(explorer: Explorer, pallet: str, name: str, chosen: tuple[str, str, str]) -> None:
    """Draw an item: its value, its entries, or the entry with a key; at the head, or after block `at`."""
    key, after, at = chosen
    node = explorer.node
    block = await node.block_hash(int(at)) if at.isdecimal() and len(at) <= 10 else None
    interface = await node.interface(block)
    item = interface.item(pallet, name)
    if item is None:
        raise NodeError(f"The runtime has no item {pallet}.{name}."[:200])
    soft(item.docs)
    keys = ", ".join(interface.types.name(each) for each in item.keys)
    soft(f"{f'{keys} → ' if keys else ''}{interface.types.name(item.value)}")
    draw_form(interface, item, at)
    if not item.keys or key:
        entry = await read_entry(node, item, key or "0x" + item.prefix.hex(), block)
        draw_entry(item, entry)
        return
    page = await read_entries(node, item, block, after or None)
    link = f"/storage/{pallet}/{name}?"
    with panel("Entries"):
        rows = [
            [Cell(key_text(each.parts), link=link + query(key=each.key, at=at)), Cell(text_of(each.value, 200))]
            for each in page.entries
        ]
        Table((Column("Key"), Column("Value")), rows, page=25, name="Entries")
        if page.after:
            ui.link("next entries →", link + query(after=page.after, at=at))


def draw_entry(item: Item, entry: Entry) -> None:
    """Draw a value."""
    with panel():
        with facts():
            if item.keys:
                fact("Key", key_text(entry.parts))
            fact("Storage key", entry.key, mono=True)
        block_text(text_of(entry.value, indent=True) if entry.value is not None else "nothing: the entry is absent")


def draw_form(interface: Interface, item: Item, at: str) -> None:
    """Draw the fields for a key and for a block."""
    with ui.element("form").classes("row").on("submit", js_handler="e => e.preventDefault()"):
        inputs = [ui.input(interface.types.name(each)).props("dense outlined maxlength=400") for each in item.keys]
        block = ui.input("after block, empty: the head", value=at).props(
            "dense outlined inputmode=numeric maxlength=10"
        )

        def look() -> None:
            given = [each.value or "" for each in inputs]
            link = f"/storage/{item.pallet}/{item.name}?"
            try:
                key = key_from_text(interface, item, given) if any(given) else ""
            except PlainError as error:
                ui.notify(str(error)[:300], type="warning")
                return
            ui.navigate.to(link + query(key=key, at=block.value or ""))

        ui.button("Look up", on_click=look).props("unelevated no-caps type=submit")
