"""The weights of a subnet as cells, as they were set and as they count, with the consensus above them."""

from __future__ import annotations

from nicegui import ui

from ...readers import text
from ...readers.metagraph import Metagraph
from ...readers.subnets import Subnet
from ...readers.weights import VALIDATORS, read_weights
from ...state import Explorer
from ..charts import heat
from ..parts import soft
from ..tables import Cell, Column, Table, account_cell

COLUMNS = (
    Column("Validator", right=True),
    Column("Hotkey"),
    Column("Stake", right=True),
    Column("Clipped away", right=True),
)


async def draw(explorer: Explorer, subnet: Subnet, found: Metagraph) -> None:
    """Draw them."""
    mechanisms = await explorer.node.storage("SubtensorModule", "MechanismCountCurrent", subnet.netuid) or 1
    chosen = ui.select({each: f"mechanism {each}" for each in range(mechanisms)}, value=0).props("dense outlined")
    chosen.set_visibility(mechanisms > 1)
    place = ui.element("div")

    async def draw_one() -> None:
        weights = await read_weights(explorer.node, found, mechanism=int(chosen.value or 0))
        place.clear()
        with place:
            if not weights.validators:
                soft("No validator has set weights. Weights that are committed and not revealed yet are not shown.")
                return
            soft(
                f"Each row is a validator, with most stake first ({VALIDATORS} at most), each column a miner. Weights "
                "are parts of a validator's sum. What is above the consensus of the last epoch (the line) does not "
                "count: the second picture has what counts."
            )
            with ui.element("div").classes("columns"):
                for title, matrix in (("As set", weights.given), ("Clipped to the consensus", weights.clipped)):
                    with ui.element("div"):
                        ui.label(title)
                        heat(f"Weights, {title}", matrix, weights.validators, weights.miners, weights.consensus)
            rows = [
                [
                    Cell(str(uid), uid),
                    account_cell(found.neurons[uid].hotkey.address),
                    Cell(text.amount(found.neurons[uid].stake, "", 3), found.neurons[uid].stake),
                    Cell(text.share(lost), float(lost)),
                ]
                for uid, lost in zip(weights.validators, weights.lost, strict=True)
            ]
            Table(COLUMNS, rows, page=10, name="Validators")

    chosen.on_value_change(draw_one)
    await draw_one()
