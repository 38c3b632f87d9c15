"""Tables of TOML as a scenario: types, bounds and names are checked here; an error has the path of what is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ...runtime.client.text import is_amount, parse_amount
from .types import Child, Scenario, ScenarioSubnet, Stake, Weights

T = TypeVar("T")
#: The most subnets, neurons of a subnet, entries of a list, and characters of a text.
MAX_SUBNETS, MAX_NEURONS, MAX_ENTRIES, MAX_TEXT = 128, 256, 4096, 200
#: The largest weight, and the most rao of an amount.
MAX_WEIGHT, MAX_RAO = 65_535, (1 << 63) - 1
WHOLE_PERCENT = 100


class ScenarioError(ValueError):
    """A scenario that cannot be read."""


class Table:
    """A table of TOML at a path, whose keys are taken one after the other; `end` refuses those that are left."""

    def __init__(self, value: Any, path: str) -> None:
        if not isinstance(value, Mapping):
            raise ScenarioError(f"{path}: expected a table, got {value!r:.60}")
        self.path, self._left, self._known = path, dict(value), list[str]()

    def take(self, key: str, read: Callable[[Any, str], T], default: Any = None) -> T:
        """Return the value of a key, which is required without a default."""
        self._known.append(key)
        path = f"{self.path}.{key}" if self.path else key
        if key in self._left:
            return read(self._left.pop(key), path)
        if default is None:
            raise ScenarioError(f"{path}: expected a value, got none")
        found: T = default
        return found

    def end(self) -> None:
        """Refuse keys that were not taken."""
        for key in self._left:
            near = difflib.get_close_matches(key, self._known, 1)
            hint = f"did you mean {near[0]}?" if near else f"expected {', '.join(self._known)}"
            path = f"{self.path}.{key}" if self.path else key
            raise ScenarioError(f"{path}: there is no such key; {hint}")


def scenario_of(value: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a document of TOML; raises ScenarioError."""
    table = Table(value, "")
    subnets = table.take("subnets", list_of(_subnet, MAX_SUBNETS), ())
    scenario = Scenario(
        table.take("title", text, ""),
        table.take("chain", record, {}),
        subnets,
        table.take("stakes", list_of(_stake, MAX_ENTRIES), ()),
        table.take("children", list_of(_child, MAX_ENTRIES), ()),
    )
    table.end()
    referring: list[tuple[str, Sequence[Stake | Child]]] = [
        ("stakes", scenario.stakes),
        ("children", scenario.children),
    ]
    for kind, entries in referring:
        for place, entry in enumerate(entries):
            if entry.subnet > len(subnets) or (kind == "children" and entry.subnet == 0):
                wanted = f"the number of one of the {len(subnets)} subnets of this file"
                raise ScenarioError(f"{kind}[{place}].subnet: expected {wanted}, got {entry.subnet}")
    return scenario


def _subnet(value: Any, path: str) -> ScenarioSubnet:
    table = Table(value, path)
    subnet = ScenarioSubnet(
        table.take("owner", account, "//Owner"),
        table.take("validators", parties, 1),
        table.take("miners", parties, 1),
        table.take("stake", amount, 1_000 * 10**9),
        table.take("parameters", record, {}),
        table.take("weights", list_of(_weights, MAX_NEURONS), ()),
    )
    table.end()
    validators, miners = count(subnet.validators), count(subnet.miners)
    if 1 + validators + miners > MAX_NEURONS:
        raise ScenarioError(f"{path}: expected at most {MAX_NEURONS} neurons, got {1 + validators + miners}")
    for place, weights in enumerate(subnet.weights):
        if not 1 <= weights.validator <= validators:
            wanted = f"a validator from 1 to {validators}"
            raise ScenarioError(f"{path}.weights[{place}].validator: expected {wanted}, got {weights.validator}")
        if len(weights.miners) != miners:
            wanted = f"a weight for each of the {miners} miners"
            raise ScenarioError(f"{path}.weights[{place}].miners: expected {wanted}, got {len(weights.miners)}")
    return subnet


def _weights(value: Any, path: str) -> Weights:
    table = Table(value, path)
    found = Weights(table.take("validator", number(1, MAX_NEURONS)), table.take("miners", list_of(weight, MAX_NEURONS)))
    table.end()
    return found


def _stake(value: Any, path: str) -> Stake:
    table = Table(value, path)
    found = Stake(
        table.take("coldkey", account),
        table.take("hotkey", account),
        table.take("subnet", number(0, MAX_SUBNETS)),
        table.take("amount", amount),
    )
    table.end()
    return found


def _child(value: Any, path: str) -> Child:
    table = Table(value, path)
    found = Child(
        table.take("parent", account), table.take("subnet", number(1, MAX_SUBNETS)), table.take("hotkeys", _parts)
    )
    table.end()
    return found


def _parts(value: Any, path: str) -> Mapping[str, int]:
    parts = {
        account(key, path): number(1, WHOLE_PERCENT)(part, f"{path}.{key}") for key, part in record(value, path).items()
    }
    if sum(parts.values()) > WHOLE_PERCENT:
        raise ScenarioError(f"{path}: expected at most 100 percent together, got {sum(parts.values())}")
    return parts


# --- values ----------------------------------------------------------------------------------------------------


def text(value: Any, path: str) -> str:
    """Return a text."""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ScenarioError(f"{path}: expected a text of at most {MAX_TEXT} characters, got {value!r:.60}")
    return value


def account(value: Any, path: str) -> str:
    """Return an account with its key: a secret URI that begins with a path."""
    if not isinstance(value, str) or not value.startswith("//") or not 2 < len(value) <= MAX_TEXT:
        raise ScenarioError(f"{path}: expected an account such as //Bob, got {value!r:.60}")
    return value


def number(low: int, high: int) -> Callable[[Any, str], int]:
    """Return a reader of integers within bounds."""

    def read(value: Any, path: str) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ScenarioError(f"{path}: expected an integer from {low} to {high}, got {value!r:.60}")
        return value

    return read


weight = number(0, MAX_WEIGHT)


def amount(value: Any, path: str) -> int:
    """Return an amount in rao: "1.5tao", or an integer."""
    rao = value
    if isinstance(value, str) and is_amount(value):
        rao = parse_amount(value)
    if type(rao) is not int or not 0 <= rao <= MAX_RAO:
        raise ScenarioError(f'{path}: expected an amount such as "1.5tao", or an integer in rao, got {value!r:.60}')
    return rao


def parties(value: Any, path: str) -> int | tuple[str, ...]:
    """Return how many accounts there are, or the accounts."""
    if isinstance(value, list):
        return list_of(account, MAX_NEURONS)(value, path)
    if type(value) is not int or not 0 <= value < MAX_NEURONS:
        raise ScenarioError(
            f"{path}: expected how many there are, up to {MAX_NEURONS - 1}, or accounts, got {value!r:.60}"
        )
    return value


def count(found: int | tuple[str, ...]) -> int:
    """Return how many accounts there are."""
    return found if isinstance(found, int) else len(found)


def record(value: Any, path: str) -> Mapping[str, Any]:
    """Return a table as it is."""
    if not isinstance(value, Mapping) or len(value) > MAX_ENTRIES:
        raise ScenarioError(f"{path}: expected a table, got {value!r:.60}")
    return dict(value)


def list_of(read: Callable[[Any, str], T], most: int) -> Callable[[Any, str], tuple[T, ...]]:
    """Return a reader of lists with a bounded number of entries."""

    def read_list(value: Any, path: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise ScenarioError(f"{path}: expected a list, got {value!r:.60}")
        if len(value) > most:
            raise ScenarioError(f"{path}: expected at most {most} entries, got {len(value)}")
        return tuple(read(entry, f"{path}[{place}]") for place, entry in enumerate(value))

    return read_list
