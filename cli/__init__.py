"""The command line: the program, and the list of its commands, each loaded when it is used.

Errors of all commands become messages here.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from .errors import message_of
from .groups import Commands

#: Name of a command -> its line in `--help`. The module of that name defines it under that name.
COMMANDS = {
    "db": "Verify, rescue and restore data directories of chains.",
    "devnet": "Start a local chain that clients can connect to.",
    "genesis": "Show or export the genesis of a local chain, or hash that of a raw chain spec.",
    "network": "Run a chain of several nodes, whose validators agree by CometBFT.",
    "node": "Start a local chain with the command line of the genuine binary, node-subtensor.",
    "keys": "Generate keys, show their addresses, keep them encrypted, sign and verify messages; offline.",
    "query": "Read storage and constants, and call runtime APIs, of a running chain.",
    "status": "Show a node at a glance: head, finality, waiting transactions, subnets, accounts.",
    "subnets": "List the subnets with their prices, pools and next epochs.",
    "metagraph": "Show the neurons of a subnet with their stake, incentives and dividends.",
    "epoch": "Make blocks until a subnet has had its next epoch (development nodes).",
    "warp": "Make many blocks at once, or advance the clock (development nodes).",
    "snapshot": "Take snapshots of the whole chain, and go back to them (development nodes).",
    "fund": "Give an account TAO (development nodes).",
    "stake": "Stake, unstake and move stake with a preview, in TAO and alpha; list stake.",
    "subnet": "Create a subnet, or join one, with a preview.",
    "evm": "Show accounts of Ethereum's addresses and their balances, and move TAO to them and back.",
    "tx": "Sign and send a transaction, with any call of any pallet, to a running chain.",
    "yuma": "Compute epochs of Yuma Consensus, without a chain.",
    "explorer": "Show a chain in a browser.",
    "lab": "Find out whether a subnet can be gamed, and at what price.",
    "completion": "Print a script for your shell that completes commands with the Tab key.",
}


#: The modules of commands that are not in a module of their own name.
MODULES = {
    **dict.fromkeys(("status", "subnets", "metagraph"), "views"),
    **dict.fromkeys(("epoch", "warp", "snapshot", "fund"), "dev"),
}


class Program(Commands):
    """A group that lists its commands without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f".{MODULES.get(cmd_name, cmd_name)}", __name__), cmd_name)
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

    Start a local chain with `pysubtensor devnet`, then read it with `pysubtensor query` and send transactions with
    `pysubtensor tx` from another terminal.

    Amounts are integers in rao (1 TAO is 1,000,000,000 rao), or have a unit: 1.5tao, 10rao. Accounts are SS58
    addresses, public keys in hexadecimal (0x…), or development keys such as //Alice.

    Results are printed to standard output, everything else to standard error. The exit code is 0 on success, 1 if
    the command failed (no connection, a failed transaction), 2 if its input is invalid (an argument, a file).
    """
