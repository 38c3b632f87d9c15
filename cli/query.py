"""`pysubtensor query`: storage, constants and runtime APIs of a running chain, derived from the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem

from .derived.arguments import ArgumentType, Place
from .derived.groups import Pallets
from .derived.index import index
from .options import url_option
from .output import json_option, rao_option

#: Entries of a map that are shown by default.
LIMIT = 20
KEY = "key_"

at_option = click.option(
    "--at", metavar="BLOCK", help="Number or hash of the block whose state is read; default: the last block."
)


def command_of(name: str, pallet: str, entry: Mapping[str, Any]) -> click.Command:
    """Return the command that reads an item under its keys; with fewer keys, the entries below them."""

    def read(url: str, at: str | None, limit: int = 0, **keys: Any) -> None:
        from .query_output import read_item

        given = [key for key in keys.values() if key is not None]
        read_item(pallet, entry["name"], entry["unit"], given, url, at, limit)

    command = click.command(name, help=item_help(entry))(read)
    for option in (json_option, rao_option, at_option, url_option):
        option(command)
    if entry["arguments"]:
        click.option(
            "--limit", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="Most entries to show."
        )(command)
    arguments: list[click.Parameter] = [
        click.Argument(
            [f"{KEY}{position}"],
            type=ArgumentType(Place("storage", pallet, entry["name"], position), argument),
            required=False,
            metavar=f"[{argument['metavar']}]",
        )
        for position, argument in enumerate(entry["arguments"])
    ]
    command.params = arguments + command.params
    return command


def item_help(entry: Mapping[str, Any]) -> str:
    """Return the help of an item: its documentation, and what its keys are."""
    keys = [f"{argument['metavar']}  {argument['help']}".rstrip() for argument in entry["arguments"]]
    listed = "\n\n\b\n" + "\n".join(keys) if keys else ""
    more = "\n\nWith fewer keys, or none, the entries below them are shown." if keys else ""
    return f"{entry['docs']}{listed}{more}"


@click.group(cls=Pallets, kind="storage", what="Storage", make=command_of)
def query() -> None:
    """Read storage and constants, and call runtime APIs, of a running chain.

    Every storage item of every pallet is a command, which takes the item's keys. With fewer keys, or none, it shows
    the entries below them. Examples:

    \b
    pysubtensor query system account //Alice
    pysubtensor query system account --limit 5
    pysubtensor query constant balances
    pysubtensor query api AccountNonceApi_account_nonce //Alice
    """


def complete_pallet(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the pallets with constants."""
    return [CompletionItem(name) for name in index()["constants"] if name.lower().startswith(incomplete.lower())]


def complete_constant(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the constants of the pallet."""
    names = index()["constants"].get(ctx.params.get("pallet"), [])
    return [CompletionItem(name) for name in names if name.lower().startswith(incomplete.lower())]


def complete_api(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the methods of runtime APIs."""
    return [CompletionItem(name) for name in index()["apis"] if name.lower().startswith(incomplete.lower())]


@query.command()
@click.argument("pallet", shell_complete=complete_pallet)
@click.argument("name", required=False, shell_complete=complete_constant)
@url_option
@json_option
def constant(pallet: str, name: str | None, url: str) -> None:
    """Show the constant NAME of PALLET as the node has it, or all constants of PALLET."""
    from .query_output import read_constants

    read_constants(pallet, name, url)


@query.command()
@click.argument("method", required=False, shell_complete=complete_api)
@click.argument("arguments", nargs=-1)
@at_option
@url_option
@rao_option
@json_option
def api(method: str | None, arguments: tuple[str, ...], at: str | None, url: str) -> None:
    """Call the runtime API METHOD with ARGUMENTS; without a method, list all methods.

    Example: pysubtensor query api AccountNonceApi_account_nonce //Alice
    """
    from .query_output import call_method, list_methods

    if method is None:
        list_methods()
    else:
        call_method(method, arguments, url, at)
