"""Scenarios: files (TOML) of subnets, neurons, stakes, weights and parameters from which a chain for tests starts.

    title = "One subnet"
    [chain]                              # parameters of the chain, fields of `ChainConfig`
    tempo = 20
    [[subnets]]
    owner = "//Alice"                    # its hotkey is //Alice//hot
    validators = 2                       # how many, or their coldkeys
    miners = ["//Bob", "//Charlie"]
    stake = "1000tao"                    # for which each validator buys alpha
    [subnets.parameters]                 # by the names of root's calls: AdminUtils.sudo_set_NAME
    tempo = 20
    [[subnets.weights]]
    validator = 1                        # the number of the validator, from 1
    miners = [1, 3]                      # a weight for each miner
    [[stakes]]
    coldkey = "//Dave"
    hotkey = "//Validator1//hot"
    subnet = 1                           # the number of the subnet in this file, from 1; 0: root
    amount = "100tao"
    [[children]]
    parent = "//Validator1//hot"
    subnet = 1
    hotkeys = { "//Validator2//hot" = 25 }     # the part of its stake for each child, in percent

`read_scenario` reads a file, or one of those in this folder by its name. Everything is bounded, and an error names the
table and the key.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from .read import ScenarioError, scenario_of
from .types import Child, Scenario, ScenarioSubnet, Stake, Weights

FOLDER = Path(__file__).parent
#: Bytes of the longest file that is read.
MAX_FILE = 1 << 20


def names() -> list[str]:
    """Return the names of the included scenarios."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_scenario(name: str | Path) -> Scenario:
    """Return a scenario by the name of an included one, or from a file; raises ScenarioError, which names the file."""
    path = FOLDER / f"{name}.toml" if str(name) in names() else Path(name)
    if not path.is_file():
        raise ScenarioError(f"expected a file, or one of {', '.join(names())}, got {str(name)!r:.80}")
    if path.stat().st_size > MAX_FILE:
        raise ScenarioError(f"{path}: expected at most {MAX_FILE} bytes, got {path.stat().st_size}")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return scenario_of(table)
    except ValueError as error:  # no TOML, no UTF-8, or a ScenarioError
        raise ScenarioError(f"{path.name}: {error}") from None


__all__ = [
    "Child", "Scenario", "ScenarioError", "ScenarioSubnet", "Stake", "Weights", "names", "read_scenario", "scenario_of",
]  # fmt: skip
