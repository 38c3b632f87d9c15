"""The options that select a local chain, and the chain that they describe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import F, ParamType
from .parameters import parameter_options

if TYPE_CHECKING:
    from ..genesis.config import ChainConfig

_DURATION = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?\s*(ms|s)?")
#: The least and the greatest time between blocks, in milliseconds.
LEAST_MS, GREATEST_MS = 2, 3_600_000


class Duration(ParamType):
    """A time between blocks such as 12, 0.25s or 250ms, in milliseconds; without a unit it is in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        match = _DURATION.fullmatch(value)
        if match is None or (match[3] == "ms" and match[2]):
            self.fail(f"expected a time such as 12s or 250ms, got {value!r:.60}", param, ctx)
        whole = int(match[1])
        milliseconds = whole if match[3] == "ms" else whole * 1000 + int((match[2] or "").ljust(3, "0"))
        if not LEAST_MS <= milliseconds <= GREATEST_MS or milliseconds % 2:
            self.fail(f"expected an even number of milliseconds, from 2ms to 3600s, got {value!r}", param, ctx)
        return milliseconds


#: What the presets are, by name.
PRESETS = {
    "localnet": "settings of the genuine localnet, whose rules are the real chain's",
    "fast": "the same with fast blocks",
    "mainnet": "the real chain's rules and EVM chain id, with development accounts",
    "dev": "one authority, and time that only blocks advance",
}


def chain_options(command: F) -> F:
    """Add the options that select a local chain; `chain_config` takes their values."""
    for option in (
        click.option("--block-time", type=Duration(), help="Time between blocks, such as 2s or 250ms; default: 12s."),
        click.option(
            "--fast", is_flag=True, help="Fast blocks: one every 250 ms, as on the genuine localnet with fast blocks."
        ),
        click.option(
            "--preset",
            type=click.Choice(list(PRESETS)),
            default="localnet",
            show_default=True,
            help="; ".join(f"{name}: {text}" for name, text in PRESETS.items()) + ".",
        ),
        click.option(
            "--chain",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A TOML file with the parameters of a chain of one's own, instead of a preset.",
        ),
        parameter_options,
    ):
        command = option(command)
    return command


def chain_config(preset: str, fast: bool, block_time: int | None, chain: Path | None = None) -> ChainConfig:
    """Return the chain that the options of the running command describe.

    In this order: a file or a preset, fast blocks, the parameters of `--config` and of other options, the block time.
    """
    from dataclasses import replace

    from ..genesis import presets
    from .chain_file import read_chain
    from .parameter_values import with_parameters

    if fast and block_time is not None:
        raise click.UsageError("--fast and --block-time both set the time between blocks; give only one of them")
    config = presets.NAMED[preset]() if chain is None else read_chain(chain)
    if fast and preset != "fast":
        config = presets.fast(config)
    config = with_parameters(config, click.get_current_context())
    return config if block_time is None else replace(config, slot_duration_ms=block_time)
