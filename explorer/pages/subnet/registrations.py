"""The latest registrations of a subnet, and who is pruned next."""

from __future__ import annotations

from ...node.values import Account
from ...readers.metagraph import Metagraph
from ...readers.registrations import Registration, next_pruned, read_registrations
from ...readers.subnets import Subnet
from ...state import Explorer
from ..parts import soft
from ..tables import Cell, Column, Table, account_cell

COLUMNS = (
    Column("Block", right=True),
    Column("Uid", right=True),
    Column("Hotkey"),
    Column("Immune until", right=True),
    Column("Replaced"),
)
DEFAULT_MIN_NON_IMMUNE = 10


async def draw(explorer: Explorer, subnet: Subnet, found: Metagraph) -> None:
    """Draw them."""
    least = await explorer.node.storage("SubtensorModule", "MinNonImmuneUids", subnet.netuid)
    pruned = next_pruned(found, Account(subnet.owner_hotkey), DEFAULT_MIN_NON_IMMUNE if least is None else least)
    if len(found.neurons) < found.max_uids:
        soft(f"{found.max_uids - len(found.neurons)} uids are free: the next registrations replace no neuron.")
    elif pruned is None:
        soft("All neurons are immune: nothing can be registered.")
    else:
        soft(f"The subnet is full. The next registration replaces uid {pruned.uid}, which has the lowest emission.")
    rows = [row(each) for each in await read_registrations(explorer.node, found)]
    Table(COLUMNS, rows, page=25, name="Registrations")


def row(each: Registration) -> list[Cell]:
    """Return the row of a registration."""
    neuron = each.neuron
    replaced = account_cell(each.replaced.address) if each.replaced else Cell("–" if each.is_known else "not known")
    return [
        Cell(f"{neuron.registered_at:,}", neuron.registered_at, f"/block/{neuron.registered_at}"),
        Cell(str(neuron.uid), neuron.uid),
        account_cell(neuron.hotkey.address),
        Cell(f"{each.immune_until:,}", each.immune_until),
        replaced,
    ]
