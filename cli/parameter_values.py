"""The values of parameters: from `--set`, `--config` and the options for single parameters."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import click

from ..chain.embed.parameters import read_parameters
from ..genesis.config import CODECS, ChainConfig
from ..genesis.scenarios import Scenario, ScenarioError, read_scenario
from ..runtime.client.errors import PlainError
from ..runtime.client.from_plain import from_plain
from ..runtime.client.names import find_name
from ..runtime.client.text import is_amount, parse_amount
from ..runtime.composition import PALLETS
from ..runtime.frame.constant import Constant
from .chain_file import parameters_of, read_table
from .errors import Misused
from .parameters import FILE, SCENARIO, SETTINGS, VALUES

#: Fields of `ChainConfig` that are text.
TEXTS = ("name", "id", "protocol_id", "chain_type", "token_symbol", "beacon", "authoring")


def with_parameters(config: ChainConfig, ctx: click.Context) -> ChainConfig:
    """Return a configuration with the parameters of the running command: of its file, then its options.

    Raises Misused, which names the file or the option.
    """
    scenario = chosen_scenario(ctx)
    if scenario is not None and scenario.chain:
        config = _changed(config, parameters_of(dict(scenario.chain)), f"--scenario {ctx.meta[SCENARIO]}: chain")
    path = ctx.meta.get(FILE)
    if path is not None:
        config = _changed(config, read_table(path), str(path))
    for name, value in ctx.meta.get(VALUES, {}).items():
        config = _changed(config, {name: value}, f"--{name.replace('_', '-')}")
    for setting in ctx.meta.get(SETTINGS, ()):
        config = _changed(config, _read_setting(setting), f"--set {setting:.60}")
    return config


def chosen_scenario(ctx: click.Context) -> Scenario | None:
    """Return the scenario that the running command names; raises Misused."""
    name = ctx.meta.get(SCENARIO)
    try:
        return None if name is None else read_scenario(name)
    except ScenarioError as error:
        raise Misused(f"--scenario: {error}") from None


def _changed(config: ChainConfig, parameters: Mapping[str, Any], where: str) -> ChainConfig:
    """Return a configuration with changed parameters; balances and overrides are added to those that it has."""
    try:
        read = read_parameters(parameters)
        for name in ("balances", "overrides"):
            if name in read:
                read[name] = {**getattr(config, name), **read[name]}
        return replace(config, **read)
    except ValueError as error:
        raise Misused(f"{where}: {error}") from None


def _read_setting(setting: str) -> dict[str, Any]:
    """Return the parameter of NAME=VALUE, in the forms of `ChainConfig`."""
    name, _, text = setting.partition("=")
    if "." in name:
        return {"overrides": _read_constant(name, text, f"--set {setting:.60}")}
    try:
        name = find_name("parameter of a chain", name, [field.name for field in fields(ChainConfig)])
    except PlainError as error:
        raise Misused(f"--set {setting:.60}: {error}") from None
    return {name: text if name in TEXTS else value_of(text, name in CODECS)}


def value_of(text: str, number: bool = False) -> Any:
    """Return what a text is in TOML, an amount in rao, or the text itself (an account, for example)."""
    if number and is_amount(text):
        return parse_amount(text)
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _read_constant(name: str, text: str, where: str) -> dict[str, Any]:
    """Return the value of a constant of the runtime by its name, `Pallet.Constant`."""
    try:
        constant = find_constant(name)
        value = value_of(text)
        amount = isinstance(value, str) and is_amount(value)
        return {constant.id: from_plain(constant.codec, value, amounts=amount)}
    except PlainError as error:
        raise Misused(f"{where}: {error}") from None


def find_constant(name: str) -> Constant[Any]:
    """Return a constant by its name, in any case."""
    pallet, _, constant = name.partition(".")
    by_name = {each.name: each for each in PALLETS if each.constants}
    chosen = by_name[find_name("pallet with constants", pallet, by_name)]
    found: Constant[Any] = chosen.constants[find_name(f"constant of {chosen.name}", constant, chosen.constants)]
    return found
