"""Groups of commands, which suggest similar names for a misspelt one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import click

#: How similar a name must be to be suggested, from 0 to 1, and how many are.
SIMILARITY, SUGGESTIONS = 0.6, 3


class Commands(click.Group):
    """A group of commands. A subclass may know where a command of another group is (`elsewhere`)."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant, and its arguments; raise UsageError with similar names."""
        name = args[0]
        if name.startswith("-") or ctx.resilient_parsing or self.get_command(ctx, name) is not None:
            return super().resolve_command(ctx, args)
        found = self.elsewhere(name) or [
            f"{ctx.command_path} {near}" for near in similar(name, self.list_commands(ctx))
        ]
        hint = f" Did you mean `{'` or `'.join(found)}`?" if found else ""
        raise click.UsageError(f"No such command {name!r:.60}.{hint}", ctx)

    def elsewhere(self, name: str) -> list[str]:
        """Return the command lines of commands with this name in groups below, which were left out."""
        return []


def similar(name: str, known: Iterable[str]) -> Sequence[str]:
    """Return the known names that are most like a name; first those that begin with it."""
    names = list(known)
    wanted = name.lower().replace("_", "-")
    begins = [each for each in names if each.lower().startswith(wanted)] if wanted else []
    folded = {each.lower(): each for each in names}
    near = [folded[each] for each in difflib.get_close_matches(wanted, list(folded), SUGGESTIONS, SIMILARITY)]
    return list(dict.fromkeys([*begins[:SUGGESTIONS], *near]))[:SUGGESTIONS]
