"""Scenarios: validators, miners, and their stake and weights over time, read from JSON objects or CSV rows.

A scenario as JSON:

    {"title": "…", "description": "…", "epochs": 40,
     "parameters": {"kappa": 32767},
     "validators": [{"name": "Ann", "stake": 1000}],
     "miners": ["good", "lazy"],
     "timeline": [
       {"epoch": 0, "weights": {"Ann": {"good": 3, "lazy": 1}}},
       {"epoch": 9, "label": "Ann sells half", "stake": {"Ann": 500}},
       {"epoch": 20, "copy": {"Ann": {"of": "consensus", "delay": 1}}}]}

Stake is in whole alpha. Weights are relative and valid until they are set again. A copier takes another validator's
weights, or the consensus, of `delay` epochs before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .case import RANGES, abbreviate, expect_integer, expect_list, expect_mapping, require_field
from .types import MAX_NEURONS, InvalidInput

#: The parameters that a scenario may set; the others have the chain's defaults.
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
    """Weights copied from a validator (by index), or from the consensus (None), of `delay` epochs before."""

    of: int | None
    delay: int


@dataclass(frozen=True, slots=True)
class Change:
    """Stakes and weights that change in an epoch; validators and miners by index."""

    epoch: int
    label: str = ""
    stakes: Mapping[int, int] = field(default_factory=dict)
    weights: Mapping[int, Mapping[int, int] | Copy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario. Validators have the uids from 0 on, miners the uids after them."""

    title: str
    description: str
    epochs: int
    validators: tuple[str, ...]
    miners: tuple[str, ...]
    #: Sorted by epoch.
    timeline: tuple[Change, ...]
    parameters: Mapping[str, int]
    #: rao per epoch.
    emission: int = EMISSION
    #: The index of the miner that plots show.
    focus: int = 0


def from_json(value: object) -> Scenario:
    """Return the scenario of a decoded JSON object. Raises InvalidInput with the path of an invalid value."""
    scenario = expect_mapping("the scenario", value)
    refuse_unknown_fields(
        scenario,
        "",
        ("title", "description", "epochs", "emission", "parameters", "validators", "miners", "timeline", "focus"),
    )
    validators = [expect_mapping(path, item) for path, item in _indexed(scenario, "validators")]
    names = tuple(expect_text(f"validators[{i}].name", item.get("name")) for i, item in enumerate(validators))
    miners = tuple(expect_text(path, item) for path, item in _indexed(scenario, "miners"))
    participants = Participants(names, miners)
    stakes = {
        i: expect_integer(f"validators[{i}].stake", require_field(item, "stake", f"validators[{i}]."), 0, MAX_STAKE)
        for i, item in enumerate(validators)
    }
    changes = [participants.read_change(path, item) for path, item in _indexed(scenario, "timeline")]
    parameters = expect_mapping("parameters", scenario.get("parameters", {}))
    refuse_unknown_fields(parameters, "parameters.", PARAMETERS)
    return Scenario(
        title=expect_text("title", scenario.get("title", "Scenario")),
        description=expect_text("description", scenario.get("description", "")),
        epochs=expect_integer("epochs", require_field(scenario, "epochs"), 1, MAX_EPOCHS),
        validators=names,
        miners=miners,
        timeline=(Change(0, stakes=stakes), *sorted(changes, key=lambda change: change.epoch)),
        parameters={name: expect_integer(f"parameters.{name}", raw, *RANGES[name]) for name, raw in parameters.items()},
        emission=expect_integer("emission", scenario.get("emission", EMISSION), 0, (1 << 64) - 1),
        focus=participants.miner_index("focus", scenario["focus"]) if "focus" in scenario else 0,
    )


def _indexed(scenario: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    """Return the items of a required list, each with its path."""
    return [(f"{name}[{i}]", item) for i, item in enumerate(expect_list(name, require_field(scenario, name)))]


def from_csv(rows: Sequence[Sequence[str]], title: str) -> Scenario:
    """Return the scenario of rows of text: epoch, validator, stake, and a column for each miner.

    Each row sets the stake and weights of one validator from its epoch on. An empty stake keeps the former one, an
    empty weight is no weight. The scenario ends 20 epochs after the last row. Raises InvalidInput with the line.
    """
    if not rows or [cell.strip() for cell in rows[0][:3]] != ["epoch", "validator", "stake"] or len(rows[0]) < 4:
        raise InvalidInput("line 1: expected the columns epoch, validator, stake and one for each miner")
    miners = [cell.strip() for cell in rows[0][3:]]
    validators: dict[str, dict[str, Any]] = {}
    timeline: list[dict[str, Any]] = []
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            raise InvalidInput(f"line {line}: expected {len(rows[0])} columns, got {len(row)}")
        name = row[1].strip()
        validators.setdefault(name, {"name": name, "stake": 0})
        timeline.append(_change_of_row(line, row, miners))
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


def _change_of_row(line: int, row: Sequence[str], miners: Sequence[str]) -> dict[str, Any]:
    """Return a row as an item of the timeline in JSON."""
    epoch, name, stake, *weights = (cell.strip() for cell in row)
    change: dict[str, Any] = {
        "epoch": parse_whole_number(f"line {line}: epoch", epoch),
        "weights": {
            name: {
                miner: parse_whole_number(f"line {line}: {miner}", weight)
                for miner, weight in zip(miners, weights, strict=True)
                if weight
            }
        },
    }
    if stake:
        change["stake"] = {name: parse_whole_number(f"line {line}: stake", stake)}
    return change


class Participants:
    """The validators and miners of a scenario by name, and the reading of values that name them."""

    def __init__(self, validators: Sequence[str], miners: Sequence[str]) -> None:
        for kind, names in (("validators", validators), ("miners", miners)):
            if not names:
                raise InvalidInput(f"{kind}: expected at least one")
        all_names = [*validators, *miners]
        if len(all_names) > MAX_NEURONS:
            raise InvalidInput(f"expected at most {MAX_NEURONS} validators and miners, got {len(all_names)}")
        for name, count in Counter(all_names).items():
            if count > 1:
                raise InvalidInput(f"expected each name once, got {abbreviate(name)} {count} times")
        self._validators = {name: i for i, name in enumerate(validators)}
        self._miners = {name: j for j, name in enumerate(miners)}

    def validator_index(self, path: str, name: object) -> int:
        return look_up(path, "validator", self._validators, name)

    def miner_index(self, path: str, name: object) -> int:
        return look_up(path, "miner", self._miners, name)

    def read_change(self, path: str, value: object) -> Change:
        """Return an item of the timeline."""
        change = expect_mapping(path, value)
        refuse_unknown_fields(change, f"{path}.", ("epoch", "label", "stake", "weights", "copy"))
        weights: dict[int, Mapping[int, int] | Copy] = {}
        for name, row in expect_mapping(f"{path}.weights", change.get("weights", {})).items():
            where = f"{path}.weights.{name}"
            weights[self.validator_index(f"{path}.weights", name)] = {
                self.miner_index(where, miner): expect_integer(f"{where}.{miner}", weight, 0, MAX_WEIGHT)
                for miner, weight in expect_mapping(where, row).items()
            }
        for name, source in expect_mapping(f"{path}.copy", change.get("copy", {})).items():
            weights[self.validator_index(f"{path}.copy", name)] = self.read_copy(f"{path}.copy.{name}", source)
        return Change(
            epoch=expect_integer(f"{path}.epoch", require_field(change, "epoch", f"{path}."), 0, MAX_EPOCHS),
            label=expect_text(f"{path}.label", change.get("label", "")),
            stakes={
                self.validator_index(f"{path}.stake", name): expect_integer(f"{path}.stake.{name}", stake, 0, MAX_STAKE)
                for name, stake in expect_mapping(f"{path}.stake", change.get("stake", {})).items()
            },
            weights=weights,
        )

    def read_copy(self, path: str, value: object) -> Copy:
        """Return the source of a copier's weights."""
        copy = expect_mapping(path, value)
        refuse_unknown_fields(copy, f"{path}.", ("of", "delay"))
        source = require_field(copy, "of", f"{path}.")
        return Copy(
            of=None if source == CONSENSUS else self.validator_index(f"{path}.of", source),
            delay=expect_integer(f"{path}.delay", copy.get("delay", 1), 1, MAX_EPOCHS),
        )


def look_up(path: str, kind: str, names: Mapping[str, int], name: object) -> int:
    """Return the index of a validator's or miner's name."""
    if not isinstance(name, str) or name not in names:
        raise InvalidInput(f"{path}: expected the name of a {kind}, got {abbreviate(name)}")
    return names[name]


def refuse_unknown_fields(values: Mapping[str, Any], prefix: str, allowed: Sequence[str]) -> None:
    """Raise InvalidInput for a field that is not allowed: a misspelt one would otherwise have no effect."""
    for name in values:
        if name not in allowed:
            raise InvalidInput(f"{prefix}{name}: unknown; expected one of {', '.join(allowed)}")


def expect_text(path: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{path}: expected text, got {abbreviate(value)}")
    return value


def parse_whole_number(path: str, cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 20):
        raise InvalidInput(f"{path}: expected a whole number, got {abbreviate(cell)}")
    return int(cell)
