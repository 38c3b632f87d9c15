"""The group of the commands, each loaded when it is used."""

from __future__ import annotations

from importlib import import_module

import click

from ..groups import Commands

#: Name of a command -> the module that defines it.
MODULES = {
    "install": "setup",
    "init": "setup",
    "add-replica": "setup",
    "start": "running",
    "stop": "running",
    "app": "node",
    "status": "watching",
    "doctor": "watching",
}


class NetworkCommands(Commands):
    """A group that loads the module of a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        module = import_module(f".{MODULES[cmd_name]}", __package__)
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.group(cls=NetworkCommands)
def network() -> None:
    """Run a chain of several nodes: validators that agree on each block by CometBFT, and replicas that serve it.

    `install` builds the engine, `init` makes the folders of a network, `start --all` runs it on this machine.
    """
