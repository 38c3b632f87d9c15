"""The page of a subnet. Its figures and neurons come at once, what takes longer follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from nicegui import ui

from ...node.connection import NodeError
from ...readers.metagraph import Metagraph, read_metagraph
from ...readers.subnets import Subnet, read_subnet
from ...state import Explorer
from ..parts import LOOK_S, UNREADABLE, frame, heading, notice, page, panel, problems, soft
from ..tables import Table
from . import economy, history, metagraph, overview, registrations, weights

#: Seconds until the browser has drawn what comes at once.
FOLLOW_S = 0.3

Section = Callable[[Explorer, Subnet, Metagraph], Awaitable[None]]
#: Titles of what follows, in order, and what draws each.
SECTIONS: tuple[tuple[str, Section], ...] = (
    ("Weights", weights.draw),
    ("Over time", history.draw),
    ("Price curve of the pool", economy.draw_pool),
    ("Registrations", registrations.draw),
    ("Hyperparameters", economy.draw_hyperparameters),
)


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/subnet/{wanted}")
    async def subnet_page(wanted: str) -> None:
        with frame(explorer, f"Subnet {wanted}", "/subnets"), problems():
            title = heading(f"Subnet {wanted[:40]}")
            netuid = int(wanted) if wanted.isdecimal() and len(wanted) <= 5 else -1
            at = await explorer.node.block_hash()
            subnet = await read_subnet(explorer.node, netuid, at) if 0 <= netuid <= 65_535 else None
            found = await read_metagraph(explorer.node, netuid, at) if subnet else None
            if subnet is None or found is None:
                notice(f"The node has no subnet {wanted[:40]}.")
            else:
                title.set_text(f"Subnet {netuid} {subnet.symbol} {subnet.name}")
                draw(explorer, subnet, found)


def draw(explorer: Explorer, subnet: Subnet, found: Metagraph) -> None:
    """Draw a subnet, and let the rest follow."""
    with ui.element("nav").classes("row small").props('aria-label="On this page"'):
        for title in ("Neurons", "Concentration", *(title for title, _ in SECTIONS)):
            ui.link(title, f"#{anchor(title)}")
    top = ui.element("div").classes("live").props('aria-live="polite"')
    with top:
        overview.draw(subnet, found)
    with panel("Neurons") as section:
        section.props(f'id="{anchor("Neurons")}"')
        table = metagraph.draw(found)
    with panel("Concentration") as section:
        section.props(f'id="{anchor("Concentration")}"')
        economy.draw_concentration(found)
    places = []
    for title, section_of in SECTIONS:
        with panel(title) as section:
            section.props(f'id="{anchor(title)}"')
            with ui.element("div").classes("columns-1") as place:
                soft("Loading …")
        places.append((place, section_of))

    async def follow() -> None:
        for place, section_of in places:
            if place.is_deleted:  # the visitor has left
                return
            place.clear()
            with place, problems():
                await section_of(explorer, subnet, found)

    ui.timer(FOLLOW_S, follow, once=True)
    _refresh(explorer, subnet.netuid, top, table)


def _refresh(explorer: Explorer, netuid: int, top: ui.element, table: Table) -> None:
    """Read the figures again with every block, and the neurons after every epoch."""
    seen = explorer.live.head
    epoch = -1

    async def look() -> None:
        nonlocal seen, epoch
        head = explorer.live.head
        if head is None or head is seen:
            return
        seen = head
        with suppress(NodeError, *UNREADABLE):  # the frame says when the node is lost
            subnet = await read_subnet(explorer.node, netuid, head.hash)
            found = await read_metagraph(explorer.node, netuid, head.hash) if subnet else None
            if subnet is None or found is None or top.is_deleted:
                return
            top.clear()
            with top:
                overview.draw(subnet, found)
            if found.last_epoch != epoch:
                epoch = found.last_epoch
                table.fill(metagraph.rows(found))

    ui.timer(2 * LOOK_S, look)


def anchor(title: str) -> str:
    """Return the anchor of a section."""
    return title.lower().replace(" ", "-")
