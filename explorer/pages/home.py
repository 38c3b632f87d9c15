"""The first page: blocks and transactions as they come."""

from __future__ import annotations

from nicegui import ui

from ..readers import text
from ..readers.live import Recent, Transaction
from ..state import Explorer
from .parts import LOOK_S, frame, heading, page, panel
from .tables import Cell, Column, Table, account_cell

SHOWN = 20
BLOCKS = (
    Column("Block", right=True),
    Column("Time, UTC"),
    Column("Extrinsics", right=True),
    Column("Events", right=True),
)
TRANSACTIONS = (
    Column("Transaction"),
    Column("Call"),
    Column("Signer"),
    Column("Result"),
    Column("Fee, TAO", right=True),
)


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/")
    def home() -> None:
        with frame(explorer, "Blocks", "/"):
            heading("Blocks")
            with ui.element("div").classes("columns"):
                with panel("Latest blocks"):
                    blocks = Table(BLOCKS, [], name="Latest blocks")
                with panel("Latest transactions"):
                    transactions = Table(TRANSACTIONS, [], name="Latest transactions")
            seen = -1

            def look() -> None:
                nonlocal seen
                if seen == explorer.live.version:
                    return
                seen = explorer.live.version
                latest = list(explorer.live.blocks)[::-1]
                blocks.fill([block_row(block, explorer.live.finalized) for block in latest[:SHOWN]])
                recent = [each for block in latest for each in reversed(block.transactions)]
                transactions.fill([transaction_row(each) for each in recent[:SHOWN]])

            look()
            ui.timer(LOOK_S, look)


def block_row(block: Recent, finalized: int | None) -> list[Cell]:
    """Return the row of a block; blocks that are not final yet are marked."""
    open_ = " · not final" if finalized is None or block.number > finalized else ""
    return [
        Cell(f"{block.number:,}", block.number, f"/block/{block.number}"),
        Cell(text.time(block.time_ms) + open_),
        Cell(str(block.extrinsics)),
        Cell(str(block.events)),
    ]


def transaction_row(each: Transaction) -> list[Cell]:
    """Return the row of a transaction."""
    return [
        Cell(f"{each.block}-{each.index}", link=f"/extrinsic/{each.block}-{each.index}"),
        Cell(each.name),
        account_cell(each.signer),
        Cell((each.failure or "ok").rpartition(".")[2], kind="bad" if each.failure else "good"),
        Cell(text.amount(each.fee, "")),
    ]
