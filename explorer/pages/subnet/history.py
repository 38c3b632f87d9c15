"""A subnet over its past epochs: incentives, dividends, emission, price, and bonds on a miner."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from ...readers.history import Sample
from ...readers.metagraph import Metagraph
from ...readers.subnets import Subnet
from ...readers.text import RAO, WHOLE
from ...state import Explorer
from ..charts import lines
from ..parts import soft

#: Neurons that a chart shows.
SHOWN = 8


async def draw(explorer: Explorer, subnet: Subnet, found: Metagraph) -> None:
    """Draw it."""
    validators = [each.uid for each in sorted(found.neurons, key=lambda each: -each.stake) if each.permit][:SHOWN]
    samples = await explorer.live.history.past(subnet.netuid, found.last_epoch, subnet.tempo, validators)
    if not samples:
        soft("The node keeps no past states of this subnet; what comes is collected while the explorer runs.")
        return
    soft(f"{len(samples)} samples, at blocks {samples[0].block:,} to {samples[-1].block:,}, an epoch apart.")
    with ui.element("div").classes("columns"):
        incentives = [
            ("Incentive, part of the whole", lambda each: each.incentive),
            ("Dividends, part of the whole", lambda each: each.dividends),
        ]
        for title, values in incentives:
            with ui.element("div"):
                lines(title, "block", title, by_uid(samples, values, WHOLE))
        with ui.element("div"):
            total = [(each.block, sum(each.emission) / RAO) for each in samples]
            lines("Emission of an epoch", "block", "Emission of an epoch, alpha", [("all neurons", total)])
        with ui.element("div"):
            price = [(each.block, each.price / RAO) for each in samples]
            lines("Reserves of TAO by those of alpha", "block", "Price, TAO for alpha", [("price", price)])
    draw_bonds(samples, found)


def by_uid(
    samples: Sequence[Sample], values: Callable[[Sample], Sequence[int]], whole: int
) -> list[tuple[str, list[tuple[float, float]]]]:
    """Return lines of the neurons with the highest last values."""
    last = values(samples[-1])
    best = sorted(range(len(last)), key=lambda uid: -last[uid])[:SHOWN]
    return [
        (
            f"uid {uid}",
            [(each.block, (values(each)[uid] if uid < len(values(each)) else 0) / whole) for each in samples],
        )
        for uid in best
        if last[uid]
    ]


def draw_bonds(samples: Sequence[Sample], found: Metagraph) -> None:
    """Draw the bonds of validators on a miner that can be chosen."""
    last = samples[-1]
    miners = sorted({miner for row in last.bonds.values() for miner in row})
    if not miners:
        soft("No validator with a permit has bonds.")
        return
    best = max(miners, key=lambda uid: found.neurons[uid].incentive if uid < len(found.neurons) else 0)
    with ui.element("div").classes("row"):
        chosen = ui.select({uid: f"miner {uid}" for uid in miners}, value=best, label="Bonds of validators on")
        chosen.props('dense outlined aria-label="Miner"').style("min-width:180px")
    place = ui.element("div")

    def draw_one() -> None:
        place.clear()
        miner = int(chosen.value)
        series = [
            (f"validator {uid}", [(each.block, each.bonds.get(uid, {}).get(miner, 0) / WHOLE) for each in samples])
            for uid in last.bonds
            if any(miner in each.bonds.get(uid, {}) for each in samples)
        ]
        with place:
            lines(f"Bonds on miner {miner}", "block", "Bond, part of the whole", series)

    chosen.on_value_change(draw_one)
    draw_one()
