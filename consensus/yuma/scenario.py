"""Scenarios: who validates, who mines, with which stake and weights over time. Read from JSON objects or CSV rows.

A scenario as JSON:

    {"title": "…", "description": "…", "epochs": 40,
     "parameters": {"kappa": 32767},
     "validators": [{"name": "Ann", "stake": 1000}],
     "miners": ["good", "lazy"],
     "timeline": [
       {"epoch": 0, "weights": {"Ann": {"good": 3, "lazy": 1}}},
       {"epoch": 9, "label": "Ann sells half", "stake": {"Ann": 500}},
       {"epoch": 20, "copy": {"Ann": {"of": "consensus", "delay": 1}}}]}

Stake is in whole alpha. Weights are relative and hold until they are set again. A copier takes another validator's
weights, or the consensus, of `delay` epochs ago.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .case import RANGES, integer, mapping, required, shown
from .types import MAX_NEURONS, InvalidInput

#: What a scenario may change of the chain's defaults.
PARAMETERS = (
    "kappa",
    "bonds_penalty",
    "bonds_moving_average",
    "alpha_low",
    "alpha_high",
    "alpha_sigmoid_steepness",
    "max_allowed_validators",
    "tempo",
)
MAX_EPOCHS = 10_000
MAX_STAKE = 21_000_000
MAX_WEIGHT = 65535
#: 360 blocks of one alpha, less the owner's 18 %, in rao.
EMISSION = 295_200_000_000
CONSENSUS = "consensus"


@dataclass(frozen=True, slots=True)
class Copy:
    """Weights taken from a validator (by index), or from the consensus (None), some epochs late."""

    of: int | None
    delay: int


@dataclass(frozen=True, slots=True)
class Change:
    """What is different from an epoch on; validators and miners by index."""

    epoch: int
    label: str = ""
    stakes: Mapping[int, int] = field(default_factory=dict)
    weights: Mapping[int, Mapping[int, int] | Copy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Validators have the uids from 0 on, miners follow them."""

    title: str
    description: str
    epochs: int
    validators: tuple[str, ...]
    miners: tuple[str, ...]
    #: In order of their epochs.
    timeline: tuple[Change, ...]
    parameters: Mapping[str, int]
    #: rao for each epoch.
    emission: int = EMISSION
    #: The miner that the story is about, by index.
    focus: int = 0


def from_json(value: object) -> Scenario:
    """A scenario from a decoded JSON object. Raises InvalidInput with the path of what is wrong."""
    given = mapping("the scenario", value)
    only(
        given,
        "",
        ("title", "description", "epochs", "emission", "parameters", "validators", "miners", "timeline", "focus"),
    )
    validators = [
        mapping(f"validators[{i}]", item) for i, item in enumerate(items("validators", required(given, "validators")))
    ]
    names = tuple(text(f"validators[{i}].name", item.get("name")) for i, item in enumerate(validators))
    miners = tuple(text(f"miners[{i}]", item) for i, item in enumerate(items("miners", required(given, "miners"))))
    people = Names(names, miners)
    stakes = {
        i: integer(f"validators[{i}].stake", required_at(item, f"validators[{i}]", "stake"), 0, MAX_STAKE)
        for i, item in enumerate(validators)
    }
    changes = [
        people.change(f"timeline[{i}]", item) for i, item in enumerate(items("timeline", required(given, "timeline")))
    ]
    parameters = mapping("parameters", given.get("parameters", {}))
    only(parameters, "parameters.", PARAMETERS)
    return Scenario(
        title=text("title", given.get("title", "Scenario")),
        description=text("description", given.get("description", "")),
        epochs=integer("epochs", required(given, "epochs"), 1, MAX_EPOCHS),
        validators=names,
        miners=miners,
        timeline=(Change(0, stakes=stakes), *sorted(changes, key=lambda change: change.epoch)),
        parameters={name: integer(f"parameters.{name}", raw, *RANGES[name]) for name, raw in parameters.items()},
        emission=integer("emission", given.get("emission", EMISSION), 0, (1 << 64) - 1),
        focus=people.miner("focus", given["focus"]) if "focus" in given else 0,
    )


def from_csv(rows: Sequence[Sequence[str]], title: str) -> Scenario:
    """A scenario from rows of text: epoch, validator, stake, and a column for each miner.

    Each row says what holds for one validator from its epoch on. An empty stake leaves it as it was, an empty weight
    is none. The run ends 20 epochs after the last row.
    """
    if not rows or [cell.strip() for cell in rows[0][:3]] != ["epoch", "validator", "stake"] or len(rows[0]) < 4:
        raise InvalidInput("line 1: expected the columns epoch, validator, stake and one for each miner")
    miners = [cell.strip() for cell in rows[0][3:]]
    validators: dict[str, dict[str, Any]] = {}
    timeline: list[dict[str, Any]] = []
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            raise InvalidInput(f"line {line}: expected {len(rows[0])} columns, got {len(row)}")
        epoch, name, stake, *weights = (cell.strip() for cell in row)
        change: dict[str, Any] = {
            "epoch": whole(f"line {line}: epoch", epoch),
            "weights": {
                name: {
                    miner: whole(f"line {line}: {miner}", weight)
                    for miner, weight in zip(miners, weights, strict=True)
                    if weight
                }
            },
        }
        if stake:
            change["stake"] = {name: whole(f"line {line}: stake", stake)}
        validators.setdefault(name, {"name": name, "stake": 0})
        timeline.append(change)
    last = max((change["epoch"] for change in timeline), default=0)
    return from_json(
        {
            "title": title,
            "epochs": last + 20,
            "validators": list(validators.values()),
            "miners": miners,
            "timeline": timeline,
        }
    )


class Names:
    """Validators and miners by name."""

    def __init__(self, validators: Sequence[str], miners: Sequence[str]) -> None:
        for kind, names in (("validators", validators), ("miners", miners)):
            if not names:
                raise InvalidInput(f"{kind}: expected at least one")
        everybody = [*validators, *miners]
        if len(everybody) > MAX_NEURONS:
            raise InvalidInput(f"expected at most {MAX_NEURONS} validators and miners, got {len(everybody)}")
        for name, count in Counter(everybody).items():
            if count > 1:
                raise InvalidInput(f"expected each name once, got {shown(name)} {count} times")
        self._validators = {name: i for i, name in enumerate(validators)}
        self._miners = {name: j for j, name in enumerate(miners)}

    def validator(self, path: str, name: object) -> int:
        return known(path, "validator", self._validators, name)

    def miner(self, path: str, name: object) -> int:
        return known(path, "miner", self._miners, name)

    def change(self, path: str, value: object) -> Change:
        given = mapping(path, value)
        only(given, f"{path}.", ("epoch", "label", "stake", "weights", "copy"))
        weights: dict[int, Mapping[int, int] | Copy] = {}
        for name, row in mapping(f"{path}.weights", given.get("weights", {})).items():
            where = f"{path}.weights.{name}"
            weights[self.validator(f"{path}.weights", name)] = {
                self.miner(where, miner): integer(f"{where}.{miner}", weight, 0, MAX_WEIGHT)
                for miner, weight in mapping(where, row).items()
            }
        for name, source in mapping(f"{path}.copy", given.get("copy", {})).items():
            weights[self.validator(f"{path}.copy", name)] = self.copy(f"{path}.copy.{name}", source)
        return Change(
            epoch=integer(f"{path}.epoch", required_at(given, path, "epoch"), 0, MAX_EPOCHS),
            label=text(f"{path}.label", given.get("label", "")),
            stakes={
                self.validator(f"{path}.stake", name): integer(f"{path}.stake.{name}", stake, 0, MAX_STAKE)
                for name, stake in mapping(f"{path}.stake", given.get("stake", {})).items()
            },
            weights=weights,
        )

    def copy(self, path: str, value: object) -> Copy:
        given = mapping(path, value)
        only(given, f"{path}.", ("of", "delay"))
        source = required_at(given, path, "of")
        return Copy(
            of=None if source == CONSENSUS else self.validator(f"{path}.of", source),
            delay=integer(f"{path}.delay", given.get("delay", 1), 1, MAX_EPOCHS),
        )


def known(path: str, kind: str, names: Mapping[str, int], name: object) -> int:
    if not isinstance(name, str) or name not in names:
        raise InvalidInput(f"{path}: expected the name of a {kind}, got {shown(name)}")
    return names[name]


def only(given: Mapping[str, Any], prefix: str, allowed: Sequence[str]) -> None:
    """A misspelt field would otherwise change nothing in silence."""
    for name in given:
        if name not in allowed:
            raise InvalidInput(f"{prefix}{name}: unknown; expected one of {', '.join(allowed)}")


def required_at(given: dict[str, Any], path: str, name: str) -> Any:
    if name not in given:
        raise InvalidInput(f"{path}.{name}: missing")
    return given[name]


def items(path: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInput(f"{path}: expected a list, got {shown(value)}")
    return value


def text(path: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{path}: expected text, got {shown(value)}")
    return value


def whole(path: str, cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 20):
        raise InvalidInput(f"{path}: expected a whole number, got {shown(cell)}")
    return int(cell)
