"""Errors as messages: which of them are about what the user asked for, and with which exit code they end."""

from __future__ import annotations

import click

#: The request made sense, but could not be fulfilled.
FAILED = 1
#: The request made no sense.
MISUSED = 2


class Failed(click.ClickException):
    """Something asked for that did not work out: no connection, a transaction that fails."""

    exit_code = FAILED


class Misused(click.ClickException):
    """Something that was not understood: a wrong argument, a broken file."""

    exit_code = MISUSED


def message_of(error: Exception) -> click.ClickException | None:
    """Return the message that an error is to the user; None when it is a mistake in this program.

    Expected failures are named errors of our own: ValueErrors are about what was given, others about what is there.
    """
    if isinstance(error, click.ClickException):
        return error
    if isinstance(error, OSError):
        return Failed(str(error))
    if not type(error).__module__.startswith("pysubtensor."):
        return None
    return Misused(str(error)) if isinstance(error, ValueError) else Failed(str(error))
