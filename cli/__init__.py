"""The command line: parse, call, print.

This file holds the program and the list of its commands, each loaded when it is used. What goes wrong inside of one
becomes a message here, in one place.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from .errors import message_of

#: Name of a command -> what `--help` says of it. It lives in the module of that name, under that name.
COMMANDS = {
    "devnet": "Start a local chain that clients can connect to.",
    "genesis": "Show and export our genesis, or hash that of any raw chain spec.",
    "keys": "Make, inspect and use keys.",
    "query": "Read storage, constants and runtime APIs of a running chain.",
    "tx": "Send a transaction: any call of any pallet.",
    "yuma": "Run epochs of Yuma Consensus offline.",
    "completion": "Print the script that completes commands in your shell.",
}


class Program(click.Group):
    """A group that knows its commands without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f".{cmd_name}", __name__), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            message = message_of(error)
            if message is None:
                raise
            raise message from error


@click.command(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="pysubtensor")
def main() -> None:
    """Bittensor's chain in Python.

    Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 asked for but failed (no
    connection, a transaction that fails), 2 not understood (a wrong argument, a broken file).

    Amounts are rao, or written with a unit: 1.5tao, 10rao. Accounts are SS58 addresses, 0x… or development keys
    such as //Alice.
    """
