"""Studies as TOML: an experiment, what is varied in it, and which threshold is searched.

    title = "A copier among honest validators"
    epochs = 100

    [[actors]]
    name = "honest"
    strategy = "validator"
    count = 8
    stake = 1000

    [[actors]]
    name = "copier"
    strategy = "copier"
    attacker = true
    stake = 1000
    delay = 1                                # an option of the strategy

    [sweep]
    "actors.copier.delay" = [0, 1, 2]        # a path in this document; all combinations are run
    seed = [1, 2, 3]

    [threshold]
    path = "actors.copier.share"             # the value that is searched, between low and high

Errors have the path of what is wrong.
"""

from __future__ import annotations

import copy
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from .errors import ExperimentError
from .experiment import Cast, Evaluation, Experiment
from .strategies import new_strategy

STUDIES = files(__package__) / "studies"
#: The most epochs, actors and runs.
MAX_EPOCHS, MAX_ACTORS, MAX_RUNS = 100_000, 4_096, 100_000
TEXTS = ("title", "question", "advice", "assumptions", "limits")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value that is searched by bisection: from where on the attack pays."""

    path: str
    low: float
    high: float
    tolerance: float = 0.01
    #: What must be above 0: the attackers' "gain" against honesty, or the "incentive" of their miners.
    measure: str = "gain"
    #: It is the mean over this many seeds.
    seeds: int = 1


@dataclass(frozen=True, slots=True)
class Study:
    """An experiment with what is asked about it. `document` is the TOML, in which paths name values."""

    name: str
    document: Mapping[str, Any]
    question: str = ""
    #: What a subnet owner can do about it.
    advice: str = ""
    assumptions: str = ""
    limits: str = ""
    sweep: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    threshold: Threshold | None = None

    @property
    def experiment(self) -> Experiment:
        """The experiment as the document has it."""
        return experiment_of(self.document)

    def experiment_with(self, values: Mapping[str, Any]) -> Experiment:
        """Return the experiment with other values at these paths."""
        document = copy.deepcopy(dict(self.document))
        for path, value in values.items():
            set_value(document, path, value)
        return experiment_of(document)


def studies() -> list[str]:
    """Return the names of the studies that come with the lab."""
    return sorted(entry.name.removesuffix(".toml") for entry in STUDIES.iterdir() if entry.name.endswith(".toml"))


def load(name: str | Path) -> Study:
    """Return the study of a file, or of the lab by its name."""
    if str(name) in studies():
        return study_of(tomllib.loads((STUDIES / f"{name}.toml").read_text("utf-8")), str(name))
    path = Path(name)
    if not path.exists():
        raise ExperimentError(f"{name}: no such file, nor a study of that name ({', '.join(studies())})")
    try:
        return study_of(tomllib.loads(path.read_text("utf-8")), path.stem)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExperimentError(f"{name}: not TOML: {error}") from None


def study_of(document: Mapping[str, Any], name: str) -> Study:
    """Return the study of a document of TOML."""
    experiment_of(document)
    sweep = {path: _values(f"sweep.{path}", values) for path, values in _table(document, "sweep").items()}
    threshold = _table(document, "threshold")
    study = Study(
        name,
        document,
        question=_text(document, "question"),
        advice=_text(document, "advice"),
        assumptions=_text(document, "assumptions"),
        limits=_text(document, "limits"),
        sweep=sweep,
        threshold=None if not threshold else _dataclass(Threshold, threshold, "threshold"),
    )
    for path, values in sweep.items():
        study.experiment_with({path: values[0]})
    if study.threshold is not None:
        study.experiment_with({study.threshold.path: study.threshold.low})
    return study


def experiment_of(document: Mapping[str, Any]) -> Experiment:
    """Return the experiment of a document of TOML."""
    known = {"epochs", "seed", "tempo", "pool", "parameters", "chain", "evaluation", "actors", "sweep", "threshold"}
    _refuse_unknown(document, known | set(TEXTS), "")
    casts = document.get("actors", [])
    if not isinstance(casts, list) or not casts:
        raise ExperimentError("actors: expected a list of tables, [[actors]]")
    numbers = {key: document[key] for key in ("epochs", "seed", "tempo", "pool") if key in document}
    experiment: Experiment = _dataclass(
        Experiment,
        {
            "title": _text(document, "title"),
            "actors": tuple(_cast(cast, f"actors[{place}]") for place, cast in enumerate(casts)),
            **numbers,
            "parameters": _table(document, "parameters"),
            "chain": _table(document, "chain"),
            "evaluation": _dataclass(Evaluation, _table(document, "evaluation"), "evaluation"),
        },
        "",
    )
    _check_sizes(experiment)
    return experiment


def _check_sizes(experiment: Experiment) -> None:
    if not 1 <= experiment.epochs <= MAX_EPOCHS:
        raise ExperimentError(f"epochs: expected 1 to {MAX_EPOCHS}, got {experiment.epochs}")
    if sum(cast.count for cast in experiment.actors) > MAX_ACTORS or any(cast.count < 1 for cast in experiment.actors):
        raise ExperimentError(f"actors: expected counts from 1 on, and at most {MAX_ACTORS} actors")
    if experiment.tempo < 1 or experiment.pool <= 0:
        raise ExperimentError("expected a tempo and a pool above 0")
    experiment.stakes()


def _cast(value: Any, path: str) -> Cast:
    """Return a cast; keys that it does not have are options of its strategy."""
    if not isinstance(value, Mapping):
        raise ExperimentError(f"{path}: expected a table, got {value!r:.60}")
    own = {each.name for each in fields(Cast)} - {"options"}
    given = {key: part for key, part in value.items() if key in own}
    for required in ("name", "strategy"):
        if not isinstance(given.get(required), str):
            raise ExperimentError(f"{path}.{required}: expected text")
    options = {key: part for key, part in value.items() if key not in own}
    cast: Cast = _dataclass(Cast, {**given, "options": options}, path)
    new_strategy(cast)
    return cast


def _dataclass(kind: type[Any], values: Mapping[str, Any], path: str) -> Any:
    """Return an instance of a dataclass; names and the types of numbers are checked."""
    prefix = f"{path}." if path else ""
    types = {each.name: str(each.type) for each in fields(kind)}
    _refuse_unknown(values, set(types), prefix)
    for name, value in values.items():
        wanted = types[name]
        integer = isinstance(value, int) and not isinstance(value, bool)
        if (wanted == "int" and not integer) or (wanted.startswith("float") and not (integer or type(value) is float)):
            raise ExperimentError(f"{prefix}{name}: expected a number ({wanted}), got {value!r:.60}")
    try:
        return kind(**values)
    except TypeError as error:
        raise ExperimentError(f"{path}: {error}") from None


def _refuse_unknown(values: Mapping[str, Any], known: set[str], prefix: str) -> None:
    for name in values:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), 1)
            hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(sorted(known))}"
            raise ExperimentError(f"{prefix}{name}: there is no such key; {hint}")


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key, {})
    if not isinstance(value, Mapping):
        raise ExperimentError(f"{key}: expected a table, got {value!r:.60}")
    return value


def _text(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key, "")
    if not isinstance(value, str):
        raise ExperimentError(f"{key}: expected text, got {value!r:.60}")
    return value


def _values(path: str, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list) or not value:
        raise ExperimentError(f"{path}: expected a list of values, got {value!r:.60}")
    return tuple(value)


def set_value(document: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path such as `epochs`, `parameters.kappa` or `actors.copier.delay` in a document."""
    first, *rest = path.split(".")
    if first == "actors" and len(rest) == 2:
        named = [cast for cast in document["actors"] if cast.get("name") == rest[0]]
        if not named:
            raise ExperimentError(f"{path}: there is no actor {rest[0]}")
        if rest[1] == "share":
            named[0].pop("stake", None)
        named[0][rest[1]] = value
    elif first in ("parameters", "chain", "evaluation") and len(rest) == 1:
        document.setdefault(first, {})[rest[0]] = value
    elif not rest and first != "actors":
        document[first] = value
    else:
        raise ExperimentError(f"{path}: expected a path such as epochs, parameters.kappa or actors.NAME.stake")
