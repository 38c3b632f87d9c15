"""The table of all subnets."""

from __future__ import annotations

from contextlib import suppress

from nicegui import ui

from ..node.connection import NodeError
from ..readers import text
from ..readers.subnets import Subnet, read_subnets
from ..state import Explorer
from .parts import LOOK_S, UNREADABLE, frame, heading, page, panel, problems, soft
from .tables import Cell, Column, Table, account_cell

COLUMNS = (
    Column("Netuid", right=True),
    Column("Name"),
    Column("Price, TAO", right=True),
    Column("TAO in pool", right=True),
    Column("Alpha in pool", right=True),
    Column("TAO per block", right=True),
    Column("Alpha per block", right=True),
    Column("Neurons", right=True),
    Column("Tempo", right=True),
    Column("Next epoch", right=True),
    Column("Owner"),
)
#: Blocks between two looks at all subnets.
EVERY = 5


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/subnets")
    async def subnets_page() -> None:
        with frame(explorer, "Subnets", "/subnets"):
            heading("Subnets")
            with problems():
                found = await read_subnets(explorer.node)
                with panel():
                    drawn = draw(found)
                _refresh(explorer, drawn)


def draw(found: list[Subnet]) -> Table:
    """Draw the table, and a field that filters it."""
    soft("Prices are TAO for one alpha. Root, subnet 0, has TAO itself as its stake.")
    wanted = ui.input("Filter").props('dense outlined clearable aria-label="Filter subnets"')
    drawn = Table(COLUMNS, [row(each) for each in found], page=100, name="Subnets")
    wanted.on_value_change(lambda event: drawn.filter(event.value or ""))
    return drawn


def _refresh(explorer: Explorer, drawn: Table) -> None:
    """Read the table again every few blocks."""
    seen = explorer.live.head.number if explorer.live.head else 0

    async def look() -> None:
        nonlocal seen
        head = explorer.live.head
        if head is not None and not seen <= head.number < seen + EVERY:
            seen = head.number
            with suppress(NodeError, *UNREADABLE):  # the frame says when the node is lost
                drawn.fill([row(each) for each in await read_subnets(explorer.node)])

    ui.timer(LOOK_S, look)


def row(each: Subnet) -> list[Cell]:
    """Return the row of a subnet."""
    epoch = "–" if each.next_epoch is None else f"{each.next_epoch:,}"
    return [
        Cell(str(each.netuid), each.netuid, f"/subnet/{each.netuid}"),
        Cell(f"{each.symbol} {each.name}".strip(), each.name.casefold(), f"/subnet/{each.netuid}"),
        Cell(text.amount(each.price, "", 6), each.price),
        Cell(text.amount(each.tao_in, "", 2), each.tao_in),
        Cell(text.amount(each.alpha_in, "", 2), each.alpha_in),
        Cell(text.amount(each.tao_emission, "", 6), each.tao_emission),
        Cell(text.amount(each.alpha_emission, "", 6), each.alpha_emission),
        Cell(str(each.neurons), each.neurons),
        Cell(f"{each.tempo:,}", each.tempo),
        Cell(epoch, each.next_epoch or 0),
        account_cell(each.owner.address),
    ]
