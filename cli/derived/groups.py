"""The groups of derived commands: pallets, and the calls or storage items of one pallet, from the index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from ..groups import Commands
from .index import index, kebab

#: Makes a command of its name, its pallet's name and its entry in the index.
Make = Callable[[str, str, Mapping[str, Any]], click.Command]


class PalletCommands(Commands):
    """The calls or the storage items of one pallet; `entry` is its part of the index."""

    def __init__(self, name: str, what: str, entry: Mapping[str, Any], make: Make) -> None:
        super().__init__(name, help=f"{what} of the pallet {entry['name']}. {entry['docs']}".strip())
        self.entry, self.make = entry, make

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.entry["commands"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; its name may also be written as on the chain."""
        name = kebab(cmd_name)
        found = self.entry["commands"].get(name)
        return None if found is None else self.make(name, self.entry["name"], found)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the first sentences of their documentation, without making them."""
        rows = [(name, first_sentence(entry["docs"])) for name, entry in self.entry["commands"].items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class Pallets(Commands):
    """The pallets of the index, after the group's own commands."""

    def __init__(self, *args: Any, kind: str, what: str, make: Make, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.kind, self.what, self.make = kind, what, make

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *index()[self.kind]]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        name = kebab(cmd_name)
        entry = index()[self.kind].get(name)
        return PalletCommands(name, self.what, entry, self.make) if own is None and entry is not None else own

    def elsewhere(self, name: str) -> list[str]:
        """Return the commands with this name whose pallet was left out."""
        pallets = index()[self.kind].items()
        path = click.get_current_context().command_path
        return [f"{path} {pallet} {kebab(name)}" for pallet, entry in pallets if kebab(name) in entry["commands"]]


def first_sentence(docs: str) -> str:
    """Return the first sentence of a documentation, for lists of commands."""
    paragraph = docs.split("\n\n")[0].replace("\n", " ")
    return paragraph.partition(". ")[0].rstrip(".") + "." if paragraph else ""
