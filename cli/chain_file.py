"""Files with the parameters of a chain, in TOML: keys are the fields of `ChainConfig`.

    name = "My chain"
    sudo_key = "5F…"
    authorities = [{ aura = "5G…", grandpa = "5C…" }]

    [balances]
    "5F…" = "1000tao"

What is missing has the value of the real chain; `chain_type` is then Live.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ..chain.embed.checks import ACCOUNT
from ..chain.embed.parameters import read_parameters
from ..genesis.accounts import Authority
from ..genesis.config import CODECS, ChainConfig
from ..runtime.client.from_plain import from_plain
from ..runtime.client.text import is_amount, parse_amount
from .errors import Misused


def read_chain(path: Path) -> ChainConfig:
    """Return the chain that a file describes; raises Misused."""
    try:
        return ChainConfig(**read_parameters(read_table(path)))
    except ValueError as error:  # a parameter that no chain can have
        raise Misused(f"{path}: {error}") from None


def read_table(path: Path) -> dict[str, Any]:
    """Return the parameters in a file, with authorities and amounts in the forms of `ChainConfig`; raises Misused."""
    try:
        parameters: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # no TOML, no UTF-8
        raise Misused(f"{path}: {error}") from None
    return parameters_of(parameters)


def parameters_of(table: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a table of TOML in the forms of `ChainConfig`."""
    parameters = {name: _read_amount(value) if name in CODECS else value for name, value in table.items()}
    if "authorities" in parameters:
        parameters["authorities"] = _read_authorities(parameters["authorities"])
    balances = parameters.get("balances")
    if isinstance(balances, dict):
        parameters["balances"] = {who: _read_amount(amount) for who, amount in balances.items()}
    return parameters


def _read_authorities(tables: Any) -> tuple[Authority, ...]:
    wanted = 'expected authorities as [{ aura = "5…", grandpa = "5…" }, …]'
    if not isinstance(tables, list):
        raise Misused(f"{wanted}, got {type(tables).__name__}")
    for table in tables:
        if not isinstance(table, dict) or table.keys() != {"aura", "grandpa"}:
            raise Misused(f"{wanted}, got something else in the list")
    return tuple(Authority(from_plain(ACCOUNT, each["aura"]), from_plain(ACCOUNT, each["grandpa"])) for each in tables)


def _read_amount(amount: Any) -> Any:
    return parse_amount(amount) if isinstance(amount, str) and is_amount(amount) else amount
