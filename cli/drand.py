"""The option that says where pulses of the drand beacon come from, and what it means."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import asyncio

    from ..chain.chain import Blockchain
    from ..chain.drand.http import DrandClient
    from ..genesis.config import ChainConfig

LOCAL = "local"

drand_option = click.option(
    "--drand",
    metavar="SOURCE",
    help="Where pulses of the drand beacon come from, which reveal timelocked weights and commitments. "
    "URL: drand's HTTP API, such as https://api.drand.sh, for what clients encrypt as on the real network. "
    "FILE: answers of that API, a line each, put into the first block at their time. "
    "local: a beacon of this chain alone, whose key is public; clients encrypt for the real network, so what the SDK "
    "or btcli commits can never be opened this way. Default: no source; clients may submit pulses.",
)


def with_beacon(config: ChainConfig, source: str | None) -> ChainConfig:
    """Return the configuration with the beacon that the option asks for."""
    return replace(config, beacon="local") if source == LOCAL else config


def take_pulses(chain: Blockchain, source: str | None) -> DrandClient | None:
    """Let the authors of a chain take pulses from the source; return the client to run if there has to be one."""
    from ..chain.drand.answers import read_file
    from ..chain.drand.http import DrandClient
    from ..chain.pulses import RecordedPulses

    if source is None or source == LOCAL:
        return None
    if "://" in source:
        return DrandClient(chain, source)
    chain.pulses = RecordedPulses(read_file(Path(source)))
    return None


class Fetching:
    """A client that runs while the `async with` block does; None does nothing."""

    def __init__(self, client: DrandClient | None) -> None:
        self._client = client
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        if self._client is not None:
            import asyncio

            self._task = asyncio.create_task(self._client.run())

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            import asyncio

            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


def pulses_text(chain: Blockchain, source: str | None) -> str:
    """Return where pulses come from, in words."""
    if chain.config.beacon == LOCAL:
        return "of a local beacon: what clients encrypt for the real network is never revealed"
    return "none: what is timelocked is not revealed" if source is None else f"from {source}"
