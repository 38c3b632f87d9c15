"""Errors as messages: which of them are for the user, and their exit codes."""

from __future__ import annotations

import click

#: Exit code: the command failed.
FAILED = 1
#: Exit code: the input is invalid.
MISUSED = 2


class Failed(click.ClickException):
    """A command that failed: no connection, a failed transaction."""

    exit_code = FAILED


class Misused(click.ClickException):
    """Invalid input: an argument, a file."""

    exit_code = MISUSED


def message_of(error: Exception) -> click.ClickException | None:
    """Return an error as a message for the user; None for a bug of this program.

    Expected failures are errors that pysubtensor defines: ValueErrors are about the input, others are failures.
    """
    if isinstance(error, click.ClickException):
        return error
    if isinstance(error, OSError):
        return Failed(str(error))
    if not type(error).__module__.startswith("pysubtensor."):
        return None
    return Misused(str(error)) if isinstance(error, ValueError) else Failed(str(error))
