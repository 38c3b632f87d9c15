"""`pysubtensor devnet`: a local chain behind the genuine node's RPC.

The chain is imported inside of functions, so that help and completion do not wait for it.
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
from .output import talk

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
    help="When blocks are made: in time; at once for a transaction; both; or when a client asks for one.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=9944, show_default=True, help="0 picks a free one and prints it."
)
@click.option("--host", default=LOCALHOST, show_default=True, help="Where to listen; localhost: IPv4 and IPv6.")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Keep the chain in this folder.")
@click.option("--tmp", is_flag=True, help="Keep nothing: the chain lives in memory (the default).")
def devnet(
    preset: str, fast: bool, block_time: int | None, seal: str, port: int, host: str, data_dir: Path | None, tmp: bool
) -> None:
    """Start a local chain that clients can connect to.

    Accounts such as //Alice are funded, and //Alice may call as root. The address to connect to and a line for each
    block go to standard output. Ctrl-C stops the chain; with --data-dir it goes on from there the next time.
    """
    from ..chain.chain import Blockchain
    from ..chain.engine.local import LocalEngine, Sealing
    from ..chain.history.stores import open_store

    if tmp and data_dir is not None:
        raise click.UsageError("--tmp keeps nothing, --data-dir keeps the chain; give one of them")
    config = chain_config(preset, fast, block_time)
    store = open_store(data_dir)
    kept = f"in {data_dir} ({store.engine})" if data_dir else "in memory, gone when it stops"
    with closing(Blockchain(config, store)) as chain:
        engine = LocalEngine(chain, Sealing(seal))
        asyncio.run(serve_until_stopped(engine, None if host == LOCALHOST else host, port, kept))


async def serve_until_stopped(engine: LocalEngine, host: str | None, port: int, kept: str) -> None:
    """Serve the chain until SIGINT or SIGTERM comes; `kept` says where it is kept."""
    from ..chain.garbage import tune_garbage_collection
    from ..chain.rpc.server import serve

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    chain = engine.chain
    chain.listeners.append(log_import)
    try:
        server = await serve(chain, host, port, engine=engine)
        tune_garbage_collection()
    except OSError as error:
        where = f"{host or LOCALHOST}:{port}"
        raise Failed(f"cannot listen on {where}: {error.strerror}; --port 0 picks a free port") from error
    try:
        greet(engine, server, kept)
        say(server.url)
        await stop.wait()
    finally:
        await server.stop()
    talk(f"Stopped at block {chain.head.number}.")


def greet(engine: LocalEngine, server: Server, kept: str) -> None:
    """Say what chain this is, and where."""
    from ..runtime.version import SPEC_NAME, SPEC_VERSION

    chain = engine.chain
    time_of_blocks = f", {chain.slot_ms / 1000:g} s a block" if engine.timer_ms else ""
    lines = [
        f"{SPEC_NAME} {SPEC_VERSION}, genesis 0x{chain.genesis_hash.hex()}",
        "",
        *account_lines(chain),
        "",
        f"Sealing    {engine.sealing.value}{time_of_blocks}",
        f"Data       {kept}",
        f"Head       #{chain.head.number}",
        f"Listening  {server.url} (WebSocket and HTTP)",
    ]
    talk("\n".join(lines))


def account_lines(chain: Blockchain) -> list[str]:
    """Return a line for each development account that block 0 funds."""
    from ..genesis.accounts import ACCOUNTS
    from ..runtime.crypto import ss58_encode
    from ..runtime.units import RAO_PER_TAO

    balances, sudo = chain.config.balances, chain.config.sudo_key
    return [
        f"  //{name:<9}{ss58_encode(account)}  {balances[account] // RAO_PER_TAO:>9,} TAO"
        + ("  root" if account == sudo else "")
        for name, account in ACCOUNTS.items()
        if account in balances
    ]


def log_import(block: ImportedBlock) -> None:
    """A line for a new block, with the words of the genuine node: tools wait for them."""
    now = time.strftime("%Y-%m-%d %H:%M:%S")
    say(f"{now} 🏆 Imported #{block.number} ({short(block.header.parent_hash)} → {short(block.hash)})")


def short(block_hash: bytes) -> str:
    text = block_hash.hex()
    return f"0x{text[:4]}…{text[-4:]}"


def say(line: str) -> None:
    """Print a line, unless no one reads it: a pipe that is full or closed must not stop the chain."""
    _, writable, _ = select.select([], [sys.stdout], [], 0)
    if writable:
        try:
            click.echo(line)
        except BrokenPipeError:
            sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115  # for as long as we live
