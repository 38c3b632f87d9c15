"""`pysubtensor completion`: the script with which a shell completes our commands."""

from __future__ import annotations

import click

PROGRAM = "pysubtensor"
VARIABLE = "_PYSUBTENSOR_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands in SHELL.

    For instance: eval "$(pysubtensor completion bash)"
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root().command
    found = get_completion_class(shell)
    assert found is not None, "every shell that can be chosen is known"
    click.echo(found(root, {}, PROGRAM, VARIABLE).source())
