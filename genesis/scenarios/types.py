"""What a scenario has. Accounts are secret URIs such as `//Bob`; amounts are rao."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights that a validator sets at first: one for each miner, in their order. `validator` counts from 1."""

    validator: int
    miners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScenarioSubnet:
    """A subnet with its owner, validators and miners (coldkeys, or how many), and what each validator stakes."""

    owner: str
    validators: int | tuple[str, ...] = 1
    miners: int | tuple[str, ...] = 1
    stake: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    weights: tuple[Weights, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """Stake of a coldkey on a hotkey. `subnet` is the number of a subnet of the scenario, from 1; 0: root."""

    coldkey: str
    hotkey: str
    subnet: int
    amount: int


@dataclass(frozen=True, slots=True)
class Child:
    """The children of a hotkey on a subnet of the scenario, with their parts of its stake in percent."""

    parent: str
    subnet: int
    hotkeys: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A chain to start from: parameters, subnets in the order in which they are registered, stakes and children."""

    title: str = ""
    chain: Mapping[str, Any] = field(default_factory=dict)
    subnets: tuple[ScenarioSubnet, ...] = ()
    stakes: tuple[Stake, ...] = ()
    children: tuple[Child, ...] = ()
