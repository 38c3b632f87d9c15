"""Secrets of the command line: asked for without echo, never accepted where others can read them, never repeated.

The command line of a process is visible to all users of the machine and stays in the history of the shell. So a phrase
or a seed in it is refused, not only warned about: a warning scrolls by, and scripts keep the habit.
"""

from __future__ import annotations

import getpass
import sys

import click

from .errors import Misused

#: What to write in place of a secret, so that it is asked for.
ASK = "-"
#: Characters of the longest secret that is read: a phrase of 24 words with a long path and password.
MAX_CHARACTERS = 4096


class SecretCommand(click.Command):
    """A command with a secret among its arguments. It does not repeat words that are too many: they may be a phrase."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if type(error) is not click.UsageError:
                raise
            raise click.UsageError("expected fewer arguments; put text with spaces in quotes", ctx) from None


def read_secret(given: str, parameter: str) -> str:
    """Return a secret URI: `given` if it may be on the command line, asked for if it is "-".

    `parameter` is the name of the click parameter that it came from. Raises Misused for a phrase or a seed on the
    command line, and for a URI without a phrase and a path, which would be the public development key.
    """
    from ..runtime.crypto.secret_uri import parse_secret_uri

    if given == ASK:
        given = ask("Secret URI")
    elif is_on_command_line(parameter) and has_secret(given):
        raise Misused(
            "expected no phrase and no seed on the command line, where other users and the shell's history keep it: "
            'regard it as known to others; write "-" in its place to be asked for it, or pipe it to standard input'
        )
    phrase, path, _ = parse_secret_uri(given)
    if not phrase and not path:
        raise Misused("expected a secret URI: a phrase, a seed or a development key such as //Alice, got an empty one")
    return given


def ask(what: str) -> str:
    """Return a line that the user types without seeing it; a line of standard input if that is no terminal."""
    if is_terminal():
        return getpass.getpass(f"{what}: ")
    return sys.stdin.readline(MAX_CHARACTERS).rstrip("\r\n")


def is_terminal() -> bool:
    """Return whether a person can be asked."""
    return sys.stdin.isatty()


def is_on_command_line(parameter: str) -> bool:
    """Return whether the running command got this parameter as an argument: not from the environment."""
    source = click.get_current_context().get_parameter_source(parameter)
    return source is click.core.ParameterSource.COMMANDLINE


def has_secret(uri: str) -> bool:
    """Return whether a secret URI has a seed or a phrase of its own: paths alone belong to the development phrase."""
    from ..runtime.crypto.mnemonics import DEV_PHRASE

    phrase = uri.partition("/")[0].strip()
    return phrase.startswith("0x") or (" " in phrase and phrase != DEV_PHRASE)
