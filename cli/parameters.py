"""Options for the parameters of a chain: `--tempo 5` and the like for most of them, `--set` and `--config` for all.

Their values are kept in click's context, from which `chain_options.chain_config` takes them. Help comes from the index,
so that it does not wait for the runtime.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from .amounts import TaoType
from .derived.index import index
from .options import F, ParamType

#: Where the values are in the context: of the options by name, of `--set`, and the file of `--config`.
VALUES, SETTINGS, FILE = (f"{__name__}.{what}" for what in ("values", "settings", "file"))


class ParameterType(ParamType):
    """An integer within the bounds of a parameter."""

    name = "integer"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "INTEGER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the integer."""
        text = str(value).replace("_", "")
        if not text.removeprefix("-").isdigit() or not self.low <= int(text) <= self.high:
            self.fail(f"expected an integer from {self.low} to {self.high}, got {value!r:.60}", param, ctx)
        return int(text)


class ParameterOption(click.Option):
    """An option for a parameter of a chain, which help lists in a section of its own."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        return None

    def section_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's line in that section."""
        return super().get_help_record(ctx)


class ChainCommand(click.Command):
    """A command whose help ends with the parameters of a chain."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = [param.section_record(ctx) for param in self.get_params(ctx) if isinstance(param, ParameterOption)]
        with formatter.section("Parameters of the chain"):
            formatter.write_dl([row for row in rows if row is not None])


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None:
        ctx.meta.setdefault(VALUES, {})[param.name] = value


def _remember_settings(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> None:
    for each in value:
        name, equals, _ = each.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"expected NAME=VALUE, such as tempo=5, got {each!r:.60}", ctx, param)
    ctx.meta[SETTINGS] = value


def _remember_file(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    ctx.meta[FILE] = value


def _complete_setting(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    names = [entry["name"] for entry in index()["parameters"]]
    return [CompletionItem(f"{name}=") for name in names if name.startswith(incomplete)]


def parameter_options(command: F) -> F:
    """Add the options for the parameters of a chain."""
    for entry in reversed(index()["parameters"]):
        command = click.option(
            f"--{entry['name'].replace('_', '-')}",
            entry["name"],
            cls=ParameterOption,
            type=TaoType() if entry["amount"] else ParameterType(entry["low"], entry["high"]),
            expose_value=False,
            callback=_remember,
            help=f"{entry['docs']}  [{entry['default']}]",
        )(command)
    command = click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        expose_value=False,
        callback=_remember_file,
        help="A TOML file with parameters that differ from the preset's: those listed below and the other fields of "
        "ChainConfig, such as [balances] and [overrides].",
    )(command)
    return click.option(
        "--set",
        metavar="NAME=VALUE",
        multiple=True,
        expose_value=False,
        callback=_remember_settings,
        shell_complete=_complete_setting,
        help="Set a parameter of the chain, by its name or as Pallet.Constant; may be repeated.",
    )(command)
