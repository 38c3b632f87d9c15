"""Concentration, the price curve of the pool, and the hyperparameters of a subnet."""

from __future__ import annotations

from ...readers import text
from ...readers.hyperparameters import read_hyperparameters
from ...readers.metagraph import Metagraph, concentration
from ...readers.pool import Pool, read_pool
from ...readers.subnets import Subnet
from ...readers.text import RAO
from ...state import Explorer
from ..charts import lines
from ..parts import soft
from ..tables import Cell, Column, Table

CONCENTRATION = (
    Column("Of"),
    Column("Neurons", right=True),
    Column("Ten largest", right=True),
    Column("Gini", right=True),
)
HYPERPARAMETERS = (Column("Hyperparameter"), Column("Value", right=True), Column("Meaning"))
WHOLE_WEIGHT = 10**18


def draw_concentration(found: Metagraph) -> None:
    """Draw how concentrated stake and rewards are."""
    soft("The share of the ten largest, and the Gini coefficient: 0 if all have the same, towards 1 if one has all.")
    rows = []
    for name in ("stake", "incentive", "dividends", "emission"):
        amounts = [getattr(each, name) for each in found.neurons]
        measured = concentration(amounts)
        rows.append(
            [Cell(name), Cell(str(measured.holders)), Cell(text.share(measured.top_ten)), Cell(f"{measured.gini:.3f}")]
        )
    Table(CONCENTRATION, rows, name="Concentration")


async def draw_pool(explorer: Explorer, subnet: Subnet, found: Metagraph) -> None:
    """Draw what trades do to the price."""
    pool = await read_pool(explorer.node, subnet.netuid)
    if pool is None:
        soft("This subnet has no pool: its stake is TAO, at a price of one.")
        return
    soft(describe(pool))
    lines(
        "Price by the size of a trade",
        "TAO paid in (alpha sold: paid out)",
        "TAO for one alpha",
        [
            ("average price", [(each.tao / RAO, each.average / RAO) for each in pool.curve]),
            ("price afterwards", [(each.tao / RAO, each.after / RAO) for each in pool.curve]),
        ],
    )


def describe(pool: Pool) -> str:
    """Return a pool in words."""
    weight, fee = text.share(pool.tao_weight / WHOLE_WEIGHT), text.share(pool.fee_rate / text.WHOLE, 3)
    held = f"{text.amount(pool.tao, 'TAO')} and {text.amount(pool.alpha, 'alpha')}"
    return f"{held}, TAO with a weight of {weight}, and a fee of {fee}."


async def draw_hyperparameters(explorer: Explorer, subnet: Subnet, found: Metagraph) -> None:
    """Draw the hyperparameters with what they mean."""
    known = await read_hyperparameters(explorer.node, subnet.netuid)
    rows = [[Cell(text.words(each.name)), Cell(each.text), Cell(each.meaning)] for each in known]
    Table(HYPERPARAMETERS, rows, name="Hyperparameters").classes("wrap")
