"""The page of a block: its header, extrinsics and events."""

from __future__ import annotations

from nicegui import ui

from ..node.extrinsics import Event
from ..node.values import text_of
from ..readers import text
from ..readers.blocks import Block, Included, read_block
from ..state import Explorer
from .parts import fact, facts, frame, heading, notice, page, panel, problems
from .tables import Cell, Column, Table, account_cell

EXTRINSICS = (
    Column("Extrinsic", right=True),
    Column("Call"),
    Column("Signer"),
    Column("Result"),
    Column("Fee, TAO", right=True),
    Column("Events", right=True),
)
EVENTS = (Column("Cause"), Column("Event"), Column("Fields"))


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/block/{wanted}")
    async def block_page(wanted: str) -> None:
        with frame(explorer, f"Block {wanted}"), problems():
            heading(f"Block {wanted[:80]}")
            block = await find_block(explorer, wanted)
            if block is None:
                notice(f"The node has no block {wanted[:80]}.")
            else:
                draw(explorer, block)


async def find_block(explorer: Explorer, wanted: str) -> Block | None:
    """Return a block by its number or hash."""
    if wanted.isdecimal() and len(wanted) <= 10:
        found = await explorer.node.block_hash(int(wanted))
    elif wanted.startswith("0x") and len(wanted) == 66:
        found = wanted
    else:
        return None
    return None if found is None else await read_block(explorer.node, found)


def draw(explorer: Explorer, block: Block) -> None:
    """Draw a block."""
    with ui.element("div").classes("row"):
        if block.number:
            ui.link("← previous", f"/block/{block.number - 1}")
        ui.link("next →", f"/block/{block.number + 1}")
    with panel(), facts():
        fact("Time, UTC", text.time(block.time_ms))
        fact("Hash", block.hash, mono=True)
        fact("Parent", block.parent, f"/block/{block.parent}" if block.number else None, mono=True)
        fact("State root", block.state_root, mono=True)
        fact("Extrinsics root", block.extrinsics_root, mono=True)
        fact("Runtime", f"version {block.spec_version}")
        fact("Final", "yes" if block.number <= (explorer.live.finalized or -1) else "not yet")
        fact("Digest", "\n".join(block.digest), mono=True)
    with panel("Extrinsics"):
        Table(EXTRINSICS, [extrinsic_row(each) for each in block.extrinsics], page=50, name="Extrinsics")
    with panel("Events"):
        if block.problem:
            notice(block.problem)
        events = [*block.events, *(event for each in block.extrinsics for event in each.events)]
        Table(EVENTS, [event_row(block, each) for each in events], page=50, name="Events")


def extrinsic_row(each: Included) -> list[Cell]:
    """Return the row of an extrinsic."""
    signer = each.extrinsic.signer
    return [
        Cell(f"{each.block}-{each.index}", each.index, each.link),
        Cell(each.extrinsic.name),
        account_cell(signer.address if signer else None),
        Cell(each.failure.name if each.failure else "ok", kind="bad" if each.failure else "good"),
        Cell(text.amount(each.fee, ""), each.fee or 0),
        Cell(str(len(each.events)), len(each.events)),
    ]


def event_row(block: Block, event: Event) -> list[Cell]:
    """Return the row of an event."""
    cause = (
        Cell("block", -1)
        if event.extrinsic is None
        else Cell(f"{block.number}-{event.extrinsic}", event.extrinsic, f"/extrinsic/{block.number}-{event.extrinsic}")
    )
    return [cause, Cell(f"{event.pallet}.{event.name}"), Cell(text_of(event.fields, 200))]
