"""`pysubtensor completion`: the script with which a shell completes commands."""

from __future__ import annotations

import click

from .errors import Failed

PROGRAM = "pysubtensor"
VARIABLE = "_PYSUBTENSOR_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a script for SHELL that completes commands, options and values with the Tab key.

    To load it, add this line to ~/.bashrc: eval "$(pysubtensor completion bash)"
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root().command
    found = get_completion_class(shell)
    if found is None:
        raise Failed(f"expected a shell that click supports, got {shell}")
    click.echo(found(root, {}, PROGRAM, VARIABLE).source())
