"""`pysubtensor devnet`: a local chain with the genuine node's RPC.

Functions import the chain, so that help and completion do not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import select
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .errors import Failed
from .options import chain_config, chain_options
from .output import print_message

if TYPE_CHECKING:
    from ..chain.blocks import ImportedBlock
    from ..chain.chain import Blockchain
    from ..chain.engine.local import LocalEngine
    from ..chain.rpc.server import Server

LOCALHOST = "localhost"


@click.command()
@chain_options
@click.option(
    "--seal",
    type=click.Choice(["interval", "instant", "mixed", "manual"]),
    default="interval",
    show_default=True,
    help="When blocks are produced. interval: one per block time; instant: one as soon as a transaction is ready; "
    "mixed: both; manual: only when a client calls engine_createBlock.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=9944,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--host",
    default=LOCALHOST,
    show_default=True,
    help="Address to listen on; localhost covers IPv4 and IPv6, 0.0.0.0 all interfaces.",
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the chain in this folder, and continue it when it exists. Default: in memory only.",
)
@click.option("--tmp", is_flag=True, help="Keep the chain in memory only; it is lost at the end. This is the default.")
def devnet(
    preset: str, fast: bool, block_time: int | None, seal: str, port: int, host: str, data_dir: Path | None, tmp: bool
) -> None:
    """Start a local chain that clients can connect to.

    It serves the RPC of a real Subtensor node over WebSocket and HTTP. Development accounts such as //Alice are
    funded, and //Alice holds the sudo key. The address to connect to and a line for each block are printed to
    standard output. Ctrl-C stops the chain; with --data-dir the next start continues it.
    """
    from ..chain.chain import Blockchain
    from ..chain.engine.local import LocalEngine, Sealing
    from ..chain.history.stores import open_store

    if tmp and data_dir is not None:
        raise click.UsageError("--tmp keeps the chain in memory, --data-dir in a folder; give only one of them")
    config = chain_config(preset, fast, block_time)
    store = open_store(data_dir)
    location = f"in {data_dir} ({store.engine})" if data_dir else "in memory, lost when the chain stops"
    with closing(Blockchain(config, store)) as chain:
        engine = LocalEngine(chain, Sealing(seal))
        asyncio.run(serve_until_stopped(engine, None if host == LOCALHOST else host, port, location))


async def serve_until_stopped(engine: LocalEngine, host: str | None, port: int, location: str) -> None:
    """Serve the chain until SIGINT or SIGTERM; `location` describes where its data are."""
    from ..chain.garbage import tune_garbage_collection
    from ..chain.rpc.server import serve

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    chain = engine.chain
    chain.listeners.append(log_import)
    chain.history.on_failure(lambda failure: loop.call_soon_threadsafe(stop.set))
    try:
        server = await serve(chain, host, port, engine=engine)
        tune_garbage_collection()
    except OSError as error:
        where = f"{host or LOCALHOST}:{port}"
        raise Failed(f"cannot listen on {where}: {error.strerror}; --port 0 picks a free port") from error
    try:
        print_summary(engine, server, location)
        print_line(server.url)
        await stop.wait()
    finally:
        await server.stop()
    if chain.history.failure is not None:
        raise chain.history.failure
    print_message(f"Stopped at block {chain.head.number}.")


def print_summary(engine: LocalEngine, server: Server, location: str) -> None:
    """Print which chain this is, its accounts, and its address."""
    from ..runtime.version import SPEC_NAME, SPEC_VERSION

    chain = engine.chain
    block_time = f", {chain.slot_ms / 1000:g} s per block" if engine.timer_ms else ""
    lines = [
        f"{SPEC_NAME} {SPEC_VERSION}, genesis 0x{chain.genesis_hash.hex()}",
        "",
        *account_lines(chain),
        "",
        f"Sealing    {engine.sealing.value}{block_time}",
        f"Data       {location}",
        f"Head       #{chain.head.number}",
        f"Listening  {server.url} (WebSocket and HTTP)",
    ]
    print_message("\n".join(lines))


def account_lines(chain: Blockchain) -> list[str]:
    """Return a line for each development account that block 0 funds."""
    from ..genesis.accounts import ACCOUNTS
    from ..runtime.crypto import ss58_encode
    from ..runtime.units import RAO_PER_TAO

    balances, sudo = chain.config.balances, chain.config.sudo_key
    return [
        f"  //{name:<9}{ss58_encode(account)}  {balances[account] // RAO_PER_TAO:>9,} TAO"
        + ("  sudo key" if account == sudo else "")
        for name, account in ACCOUNTS.items()
        if account in balances
    ]


def log_import(block: ImportedBlock) -> None:
    """Print a line for a new block, as the genuine node does, because tools wait for it."""
    now = time.strftime("%Y-%m-%d %H:%M:%S")
    print_line(f"{now} 🏆 Imported #{block.number} ({short(block.header.parent_hash)} → {short(block.hash)})")


def short(block_hash: bytes) -> str:
    text = block_hash.hex()
    return f"0x{text[:4]}…{text[-4:]}"


def print_line(line: str) -> None:
    """Print a line, or discard it: a pipe that is full or closed must not stop the chain."""
    _, writable, _ = select.select([], [sys.stdout], [], 0)
    if writable:
        try:
            click.echo(line)
        except BrokenPipeError:
            sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115  # open until the process ends
