"""The neurons of a subnet in a table that can be sorted and filtered."""

from __future__ import annotations

from nicegui import ui

from ...node.values import clean
from ...readers import text
from ...readers.metagraph import Metagraph, Neuron
from ...readers.text import WHOLE
from ..tables import Cell, Column, Table, account_cell

COLUMNS = (
    Column("Uid", right=True),
    Column("Hotkey"),
    Column("Coldkey"),
    Column("Name"),
    Column("Role"),
    Column("Stake", right=True),
    Column("Incentive", right=True),
    Column("Consensus", right=True),
    Column("Dividends", right=True),
    Column("Emission", right=True),
    Column("Updated", right=True),
    Column("Registered", right=True),
    Column("Axon"),
)
#: Characters of a name; the filter sees all of it.
NAME_LENGTH = 24
#: The column of roles, and what the filter offers.
ROLE, ROLES = 4, ("all", "validator", "miner", "immune", "inactive")


def draw(found: Metagraph) -> Table:
    """Draw the table with its filters."""
    with ui.element("div").classes("row"):
        wanted = ui.input("Filter: uid, key, name …").props('dense outlined clearable aria-label="Filter neurons"')
        role = ui.select(list(ROLES), value="all", label="Role").props('dense outlined aria-label="Role"')
        role.style("min-width:130px")
    drawn = Table(COLUMNS, rows(found), page=50, name="Neurons")

    def apply() -> None:
        drawn.filter(str(wanted.value or ""), "" if role.value == "all" else str(role.value), ROLE)

    wanted.on_value_change(apply)
    role.on_value_change(apply)
    return drawn


def rows(found: Metagraph) -> list[list[Cell]]:
    """Return the rows of all neurons."""
    return [row(found, each) for each in found.neurons]


def row(found: Metagraph, each: Neuron) -> list[Cell]:
    """Return the row of a neuron."""
    return [
        Cell(str(each.uid), each.uid),
        account_cell(each.hotkey.address),
        account_cell(each.coldkey.address),
        Cell(clean(each.name, NAME_LENGTH), each.name),
        Cell(roles(found, each)),
        Cell(text.amount(each.stake, "", 3), each.stake),
        proportion(each.incentive),
        proportion(each.consensus),
        proportion(each.dividends),
        Cell(text.amount(each.emission, "", 6), each.emission),
        Cell(f"{each.last_update:,}", each.last_update),
        Cell(f"{each.registered_at:,}", each.registered_at, f"/block/{each.registered_at}"),
        Cell(each.axon),
    ]


def roles(found: Metagraph, each: Neuron) -> str:
    """Return what a neuron is, in words."""
    words = ["validator" if each.permit else "miner"]
    words += ["immune"] if found.is_immune(each) else []
    words += [] if each.active else ["inactive"]
    return ", ".join(words)


def proportion(value: int) -> Cell:
    """Return the cell of a proportion."""
    return Cell(text.share(value / WHOLE, 3), value)
