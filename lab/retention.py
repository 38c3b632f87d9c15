"""The published guarantees of Yuma Consensus, measured on the whole chain.

The document `consensus.md` of subtensor plays a game of two teams: honest validators with the part S of the stake give
the part W of their weight to honest miners, which is what these are worth; a cabal gives the part C to its own miners,
at no cost. Honest stake is retained if its part of the emission is at least S. The document states which W that needs
at the worst C, from simulations of the pallet alone with 512 neurons and one epoch.

    python -m pysubtensor.lab.retention
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from rich.console import Console
from rich.table import Table

from ..chain.embed.chain import Chain
from .bisection import bisect

U16, RAO = 65_535, 10**9
#: Standard deviation of stake, relative to its mean, and all stake in alpha.
STAKE_DEVIATION, ALL_STAKE = 0.3, 1_000_000
#: The parts that a cabal gives itself, of which the worst for the honest counts.
SELFISH = tuple(number / 10 for number in range(1, 11))
TOLERANCE = 0.005
#: Blocks of an epoch: about 25 rows of weights fit into one block.
TEMPO = 5


@dataclass(frozen=True, slots=True)
class Game:
    """The two teams. Proportions are 0 to 1."""

    honest_stake: float = 0.6
    #: Standard deviation of weights, relative to their mean.
    deviation: float = 0.4
    bonds_penalty: float = 1.0
    yuma3: bool = False
    validators: int = 64
    miners: int = 191
    seed: int = 1


#: The games of the document, and the honest utility W that it states for each.
PUBLISHED: tuple[tuple[Game, float], ...] = (
    (Game(deviation=0.0), 0.60),
    (Game(deviation=0.2), 0.67),
    (Game(deviation=0.4), 0.73),
    (Game(bonds_penalty=0.5), 0.76),
    (Game(bonds_penalty=0.0), 0.78),
)


class Arena:
    """A subnet with both teams, on which weights can be tried and taken back."""

    def __init__(self, chain: Chain, game: Game) -> None:
        self._chain, self._game = chain, game
        self._subnet = chain.subnet(
            validators=game.validators,
            miners=game.miners,
            stake=0,
            tempo=TEMPO,
            owner_cut_enabled=False,
            yuma3_enabled=game.yuma3,
            bonds_penalty=round(game.bonds_penalty * U16),
            kappa=U16 // 2,
        )
        source = random.Random(f"{game.seed}/retention")
        self._honest = (team_size(game.honest_stake, game.validators), team_size(game.honest_stake, game.miners))
        self._keys = [chain.as_account(neuron.hotkey) for neuron in self._subnet.validators]
        self._give_stakes(source)
        parts = (self._honest[1], game.miners - self._honest[1])
        self._rows = [[draw(source, count, game.deviation) for count in parts] for _ in self._keys]
        chain.next_epoch(self._subnet)

    def _give_stakes(self, source: random.Random) -> None:
        first, shares = self._honest[0], (self._game.honest_stake, 1.0 - self._game.honest_stake)
        counts = (first, self._game.validators - first)
        drawn = [
            share * part
            for share, count in zip(shares, counts, strict=True)
            for part in draw(source, count, STAKE_DEVIATION)
        ]
        for neuron, part in zip(self._subnet.validators, drawn, strict=True):
            self._chain.set_stake(self._subnet.netuid, neuron.hotkey, neuron.coldkey, round(part * ALL_STAKE * RAO))

    def emission(self, honest: float, selfish: float) -> float:
        """Return the part of an epoch's emission that the honest team gets, if it gives its own miners the part
        `honest` of its weight and the cabal gives its own the part `selfish`."""
        chain, netuid, dests = self._chain, self._subnet.netuid, [miner.uid for miner in self._subnet.miners]
        with chain.anchor():
            for place, (key, parts) in enumerate(zip(self._keys, self._rows, strict=True)):
                first = honest if place < self._honest[0] else 1.0 - selfish
                row = [first * part for part in parts[0]] + [(1.0 - first) * part for part in parts[1]]
                weights = np.array([round(U16 * part) for part in row], np.uint16)
                call = chain.calls.SubtensorModule.set_weights(
                    netuid=netuid, dests=np.array(dests, np.uint16), weights=weights, version_key=0
                )
                chain.submit(chain.sign(call, key))
            chain.next_epoch(self._subnet)
            paid = chain.storage.SubtensorModule.Emission[netuid].astype(np.float64)
        validators, miners = (team[:count] for team, count in zip(self._teams(), self._honest, strict=True))
        return float(paid[[*validators, *miners]].sum() / paid.sum())

    def _teams(self) -> tuple[list[int], list[int]]:
        return [each.uid for each in self._subnet.validators], [each.uid for each in self._subnet.miners]


def team_size(share: float, whole: int) -> int:
    """Return the number of honest nodes, with at least one for each team."""
    return min(max(round(share * whole), 1), whole - 1)


def draw(source: random.Random, count: int, deviation: float) -> list[float]:
    """Return parts of a whole around their mean, with this relative standard deviation."""
    drawn = [max(source.gauss(1.0, deviation), 0.0) for _ in range(count)]
    whole = sum(drawn)
    return [part / whole for part in drawn]


def required_utility(game: Game, selfish: Sequence[float] = SELFISH) -> float:
    """Return the least honest utility that retains the honest stake, whatever part of these the cabal gives itself."""
    with Chain.dev(admin_freeze_window=0) as chain:
        arena, needed = Arena(chain, game), 0.0

        def surplus(utility: float, *, part: float) -> float:
            return arena.emission(utility, part) - game.honest_stake

        for part in selfish:
            if needed < 1.0 and surplus(needed, part=part) < 0.0:
                found = bisect(partial(surplus, part=part), needed, 1.0, TOLERANCE)
                needed = 1.0 if found.above is None else found.above
        return needed


def main(seeds: Sequence[int] = (1,)) -> None:
    """Print what was published beside what the chain gives, with Yuma 2 and Yuma 3."""
    table = Table(
        "weights ±", "bonds penalty", "published", "Yuma 2", "Yuma 3", title="Utility that retains 60 % of stake"
    )
    for game, published in PUBLISHED:
        cells = []
        for yuma3 in (False, True):
            found = [required_utility(replace(game, yuma3=yuma3, seed=seed)) for seed in seeds]
            cells.append(", ".join(f"{each:.3f}" for each in found))
        table.add_row(f"{game.deviation:g}", f"{game.bonds_penalty:g}", f"{published:.2f}", *cells)
    Console().print(table)


if __name__ == "__main__":
    main()
