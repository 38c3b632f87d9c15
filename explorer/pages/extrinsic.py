"""The page of an extrinsic: its call with decoded arguments, its events, fee, result and the error's documentation."""

from __future__ import annotations

import re

from nicegui import ui

from ..node.connection import NodeError
from ..node.values import text_of
from ..readers import text
from ..readers.blocks import Included, read_block
from ..state import Explorer
from .parts import block_text, fact, facts, frame, heading, notice, page, panel, problems, soft

_PLACE = re.compile(r"([0-9]{1,10})-([0-9]{1,6})")


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/extrinsic/{wanted}")
    async def extrinsic_page(wanted: str) -> None:
        with frame(explorer, f"Extrinsic {wanted}"):
            heading(f"Extrinsic {wanted[:40]}")
            with problems():
                draw(await find(explorer, wanted))


async def find(explorer: Explorer, wanted: str) -> Included:
    """Return an extrinsic by block and index, such as 5-1."""
    match = _PLACE.fullmatch(wanted)
    block_hash = await explorer.node.block_hash(int(match[1])) if match else None
    block = None if block_hash is None else await read_block(explorer.node, block_hash)
    if match is None or block is None or int(match[2]) >= len(block.extrinsics):
        raise NodeError(f"The node has no extrinsic {wanted[:80]}.")
    return block.extrinsics[int(match[2])]


def draw(each: Included) -> None:
    """Draw an extrinsic."""
    extrinsic = each.extrinsic
    if each.failure is not None:
        advice = f" Try {each.failure.advice}." if each.failure.advice else ""
        notice(f"{each.failure.name}: {each.failure.docs}{advice}")
    if extrinsic.problem:
        notice(f"It cannot be decoded: {extrinsic.problem}")
    with panel(), facts():
        fact("Call", extrinsic.name)
        fact("Result", "failed" if each.failure else "ok")
        if extrinsic.signer:
            fact("Signer", extrinsic.signer)
        fact("Fee", text.amount(each.fee) if each.fee is not None else "none")
        fact("Block", f"{each.block:,}", f"/block/{each.block}")
        fact("Hash", extrinsic.hash, mono=True)
        fact("Size", f"{extrinsic.size:,} bytes")
        for name, value in extrinsic.extensions:
            fact(name, text_of(value))
    with panel(f"Arguments of {extrinsic.name}"):
        soft(extrinsic.docs)
        with facts():
            for argument in extrinsic.arguments:
                fact(f"{argument.name}: {argument.type}", argument.value)
    with panel("Events"):
        for event in each.events:
            with ui.element("div"):
                ui.label(f"{event.pallet}.{event.name}").style("font-weight:600")
                soft(event.docs)
            if event.fields:
                block_text(text_of(event.fields, indent=True))
