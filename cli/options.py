"""Options that several commands share, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ..genesis.config import ChainConfig

    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # generic for type checkers only in click 8.1

F = TypeVar("F", bound=Callable[..., Any])
_DURATION = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?\s*(ms|s)?")


class Duration(ParamType):
    """A time such as 12, 0.25s or 250ms, in milliseconds; without a unit it is in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        match = _DURATION.fullmatch(value)
        if match is None or (match[3] == "ms" and match[2]):
            self.fail(f"expected a time such as 12s or 250ms, got {value!r}", param, ctx)
        if match[3] == "ms":
            return int(match[1])
        return int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0"))


def chain_options(command: F) -> F:
    """Add the options that select a local chain; `chain_config` takes their values."""
    for option in (
        click.option("--block-time", type=Duration(), help="Time between blocks, such as 2s or 250ms; default: 12s."),
        click.option(
            "--fast", is_flag=True, help="Fast blocks: one every 250 ms, as on the genuine localnet with fast blocks."
        ),
        click.option(
            "--preset",
            type=click.Choice(["localnet", "dev"]),
            default="localnet",
            show_default=True,
            help="localnet: settings of the genuine localnet; dev: one authority, and time that only blocks advance.",
        ),
        click.option(
            "--chain",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A TOML file with the parameters of a chain of one's own, instead of a preset.",
        ),
    ):
        command = option(command)
    return command


def chain_config(preset: str, fast: bool, block_time: int | None, chain: Path | None = None) -> ChainConfig:
    """Return the chain that these options describe; in this order a file, a preset, and changes of the block time."""
    from dataclasses import replace

    from ..genesis import presets
    from .chain_file import read_chain

    if fast and block_time is not None:
        raise click.UsageError("--fast and --block-time both set the time between blocks; give only one of them")
    preset_config = presets.localnet if preset == "localnet" else presets.dev
    config = preset_config() if chain is None else read_chain(chain)
    if fast:
        config = presets.fast(config)
    return config if block_time is None else replace(config, slot_duration_ms=block_time)


url_option = click.option(
    "--url",
    default="ws://localhost:9944",
    show_default=True,
    envvar="PYSUBTENSOR_URL",
    show_envvar=True,
    help="WebSocket address of the node.",
)
