"""The strategies by name, and how an experiment names them."""

from __future__ import annotations

import importlib
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from ..errors import ExperimentError
from .attackers import Cabal, Holder, Investor, Renter, SelfDealer, StakeBuyer
from .miners import Miner, RubricGamer, Swarm
from .strategy import Strategy
from .validators import Copier, Lazy, Quitter, Validator

if TYPE_CHECKING:
    from ..experiment import Cast

#: The strategies that come with the lab, by the names that experiments use.
STRATEGIES: dict[str, type[Strategy]] = {
    "validator": Validator,
    "lazy": Lazy,
    "copier": Copier,
    "quitter": Quitter,
    "cabal": Cabal,
    "self-dealer": SelfDealer,
    "investor": Investor,
    "stake-buyer": StakeBuyer,
    "renter": Renter,
    "holder": Holder,
    "miner": Miner,
    "rubric-gamer": RubricGamer,
    "swarm": Swarm,
}


def strategy_class(name: str) -> type[Strategy]:
    """Return a strategy by its name, or by `module:Class` for one that is not of the lab."""
    if name in STRATEGIES:
        return STRATEGIES[name]
    module, _, attribute = name.partition(":")
    if not attribute:
        raise ExperimentError(f"expected a strategy of {', '.join(STRATEGIES)}, or module:Class, got {name!r:.60}")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ExperimentError(f"{name}: cannot be imported: {error}") from None
    if not (isinstance(found, type) and issubclass(found, Strategy)):
        raise ExperimentError(f"{name}: expected a subclass of Strategy")
    return found


def new_strategy(cast: Cast) -> Strategy:
    """Return an instance of the strategy of a cast, with its options."""
    kind = strategy_class(cast.strategy)
    known = {field.name for field in fields(kind) if not field.name.startswith("_")}
    unknown = sorted(cast.options.keys() - known)
    if unknown:
        listed = ", ".join(sorted(known)) or "none"
        raise ExperimentError(f"{cast.name}: {cast.strategy} has no option {unknown[0]}; it has {listed}")
    return kind(**cast.options)


def honest_twin(cast: Cast) -> Cast | None:
    """Return the cast with the honest strategy in the place of its own; None if it would stay away."""
    kind = strategy_class(cast.strategy)
    if not kind.instead:
        return None
    options = {name: value for name, value in cast.options.items() if name in kind.kept}
    return replace(cast, strategy=kind.instead, options=options)
