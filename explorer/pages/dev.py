"""What a development node can do besides: money, blocks, epochs, snapshots."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from ...runtime.client.errors import PlainError
from ..node.connection import NodeError
from ..node.encoding import integer
from ..node.forms import amount
from ..node.values import clean
from ..readers import actions, text
from ..state import Explorer
from .parts import UNREADABLE, frame, heading, notice, page, panel, problems, soft


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/dev")
    async def dev_page() -> None:
        with frame(explorer, "Development", "/dev"):
            heading("Development")
            if not explorer.may_act:
                notice("This node is not one for development, or the explorer listens to other machines.")
                return
            ui.link("Send a call …", "/send")
            with ui.element("div").classes("columns"):
                draw_fund(explorer)
                draw_blocks(explorer)
                await draw_snapshots(explorer)


async def attempt(work: Callable[[], Awaitable[str]]) -> None:
    """Do something, and say what came of it."""
    try:
        said, kind = await work(), "positive"
    except (NodeError, PlainError, *UNREADABLE) as error:
        said, kind = str(error), "negative"
    ui.notify(clean(said, 400), type=kind, multi_line=True)  # type: ignore[arg-type]  # one of its two words


def button(label: str, work: Callable[[], Awaitable[str]]) -> None:
    """Draw a button that does something."""
    ui.button(label, on_click=lambda: attempt(work)).props("unelevated no-caps")


def field(label: str, value: str = "", **more: Any) -> ui.input:
    """Draw a field."""
    return ui.input(label, value=value, **more).props("dense outlined maxlength=400")


def draw_fund(explorer: Explorer) -> None:
    """Draw the form that gives an account TAO."""
    with panel("Fund an account"):
        soft("Adds TAO to its free balance, out of nothing.")
        who, how_much = field("Account", "//Alice"), field("Amount", "100tao")

        async def fund() -> str:
            rao = integer(amount(how_much.value.strip()), 1 << 64)
            free = await actions.fund(explorer.node, who.value.strip(), rao)
            return f"{who.value} has {text.amount(free)} now."

        button("Fund", fund)


def draw_blocks(explorer: Explorer) -> None:
    """Draw the forms that make blocks."""
    with panel("Make blocks"):
        count, netuid = field("Blocks", "1"), field("Subnet, netuid", "1")

        async def mine() -> str:
            blocks = integer(count.value.strip(), 1 << 32, 1)
            await actions.mine(explorer.node, blocks)
            return f"{blocks:,} blocks were made."

        async def epoch() -> str:
            number = await actions.run_epoch(explorer.node, integer(netuid.value.strip(), 1 << 16))
            return f"Block {number:,}: the epoch has run."

        with ui.element("div").classes("row"):
            button("Mine", mine)
            button("Next epoch", epoch)


async def draw_snapshots(explorer: Explorer) -> None:
    """Draw the snapshots, and the form that takes one."""
    with panel("Snapshots"):
        soft("Of the whole chain: blocks, state, pool and clock. Going back keeps the snapshot.")
        label = field("Label")

        async def take() -> str:
            id_ = await actions.take_snapshot(explorer.node, label.value)
            await draw_list()
            return f"Snapshot {id_} was taken."

        button("Take a snapshot", take)
        place = ui.element("div")

        async def draw_list() -> None:
            found = await actions.snapshots(explorer.node)
            place.clear()
            with place:
                for each in reversed(found):
                    draw_snapshot(explorer, each)

        with problems():
            await draw_list()


def draw_snapshot(explorer: Explorer, each: actions.Snapshot) -> None:
    """Draw a snapshot with its button."""

    async def revert() -> str:
        if not await actions.revert(explorer.node, each.id):
            raise NodeError(f"Snapshot {each.id} has ended.")
        return f"The chain is at block {each.number:,} again."

    with ui.element("div").classes("row"):
        ui.label(clean(f"{each.id} {each.label} at block {each.number:,}", 200))
        button("Go back", revert)
