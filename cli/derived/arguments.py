"""Arguments of derived commands as parameters of click: their help from the index, their values from the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from ..accounts import account_items
from ..options import ParamType


class Place(NamedTuple):
    """Where a value is declared: kind ("calls" or "storage"), pallet, name of the call or item, and position."""

    kind: str
    pallet: str
    name: str
    position: int


class ArgumentType(ParamType):
    """Text on the command line as a value of the type that is declared at a place; `entry` is its part of the index."""

    def __init__(self, place: Place, entry: Mapping[str, Any]) -> None:
        self.place = place
        self.entry = entry
        self.name = str(entry["metavar"]).lower()

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return str(self.entry["metavar"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the typed value."""
        if not isinstance(value, str):
            return value
        from ...runtime.client.errors import PlainError
        from .values import read_text

        try:
            return read_text(self.place, value, self.entry["unit"])
        except PlainError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        if self.entry["account"]:
            return account_items(incomplete)
        return [CompletionItem(choice) for choice in self.entry["choices"] if choice.startswith(incomplete)]
