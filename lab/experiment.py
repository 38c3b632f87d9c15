"""Experiments: what is varied, who acts, and how long.

Times are epochs, amounts whole TAO and alpha, proportions 0 to 1. With a tempo of 1, the default, one block stands for
an epoch of 360 blocks: `PER_EPOCH` sets the rules that count blocks accordingly, and a block's emission (1 TAO and 1
alpha) stands for that of an epoch. So amounts are in units of what the subnet earns in an epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .errors import ExperimentError

#: Blocks of an epoch on the real chain.
REAL_TEMPO = 360
#: Parameters of subnets that count blocks, with the real chain's values.
BLOCKS = {"immunity_period": 5_000, "burn_half_life": 360}
#: Fields of `ChainConfig` that count blocks, with the real chain's values.
CHAIN_BLOCKS = {"pending_childkey_cooldown": 7_200}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How validators judge miners."""

    #: Standard deviation of the error of each score.
    noise: float = 0.02
    #: The probability, for each miner and epoch, that its quality is drawn anew.
    drift: float = 0.0
    #: The part of a score that follows the rubric (a miner's `polish`); the rest follows its quality.
    rubric: float = 0.0
    #: Weights are scores to this power: the higher it is, the more the best miner gets.
    power: float = 1.0


@dataclass(frozen=True, slots=True)
class Cast:
    """Actors of one kind: `count` of them share name, strategy and means."""

    name: str
    strategy: str
    count: int = 1
    #: Alpha that each has from the beginning, or instead the part of all stake that this cast has together.
    stake: float = 0.0
    share: float | None = None
    #: TAO that each has from the beginning.
    tao: float = 10_000.0
    #: Whether this cast is the attack under study.
    attacker: bool = False
    #: The arguments of the strategy.
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment. Equal experiments have equal records."""

    title: str
    actors: tuple[Cast, ...]
    epochs: int = 100
    seed: int = 1
    #: Blocks of an epoch.
    tempo: int = 1
    #: TAO, and alpha, in the pool at the beginning.
    pool: float = 5_000.0
    #: Parameters of the subnet, as of `Chain.subnet`.
    parameters: Mapping[str, Any] = field(default_factory=dict)
    #: Fields of `ChainConfig`.
    chain: Mapping[str, Any] = field(default_factory=dict)
    evaluation: Evaluation = Evaluation()

    def stakes(self) -> dict[str, float]:
        """Return the alpha of each actor of each cast at the beginning; shares are of all stake."""
        shared = sum(cast.share or 0.0 for cast in self.actors)
        if not 0.0 <= shared < 1.0:
            raise ExperimentError(f"expected shares of stake from 0 to below 1 together, got {shared}")
        rest = sum(cast.stake * cast.count for cast in self.actors if cast.share is None)
        whole = rest / (1.0 - shared)
        return {
            cast.name: cast.stake if cast.share is None else whole * cast.share / cast.count for cast in self.actors
        }

    def subnet_parameters(self) -> dict[str, Any]:
        """Return the parameters of the subnet: those that are given, and the real chain's at this tempo."""
        scaled = {name: per_epoch(blocks, self.tempo) for name, blocks in BLOCKS.items()}
        return {"subnet_emission_enabled": True, **scaled, **self.parameters, "tempo": self.tempo}

    def chain_parameters(self) -> dict[str, Any]:
        """Return the fields of `ChainConfig`: those that are given, and the real chain's at this tempo."""
        scaled = {name: per_epoch(blocks, self.tempo) for name, blocks in CHAIN_BLOCKS.items()}
        return {"admin_freeze_window": 0, "network_min_lock_cost": round(self.pool * 10**9), **scaled, **self.chain}

    def with_casts(self, casts: tuple[Cast, ...]) -> Experiment:
        """Return the experiment with other actors."""
        return replace(self, actors=casts)


def per_epoch(blocks: int, tempo: int) -> int:
    """Return the blocks at this tempo that are as many epochs as `blocks` are on the real chain, at least 1."""
    return max(1, round(blocks * tempo / REAL_TEMPO))
