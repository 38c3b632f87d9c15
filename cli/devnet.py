"""`pysubtensor devnet`: a local chain with the genuine node's RPC.

Functions import the chain, so that help and completion do not wait for it.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from .drand import Fetching, drand_option, pulses_text, take_pulses, with_beacon
from .errors import Failed
from .fork_options import ForkOptions, begin, fork_options, require_forkable
from .keystore import FOLDER, author_keys, password_option
from .node_output import print_line, set_up_logging
from .options import chain_config, chain_options
from .rpc_options import RpcOptions, rpc_options, server_options

if TYPE_CHECKING:
    from ..chain.blocks import ImportedBlock
    from ..chain.chain import Blockchain
    from ..chain.drand.http import DrandClient
    from ..chain.engine.local import LocalEngine
    from ..chain.history.stores import Store
    from ..chain.rpc.server import Options, Server

LOCALHOST = "localhost"


class NodeOptions(ForkOptions, RpcOptions):
    """The values of the options that are declared elsewhere."""


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
    "--finality-lag",
    type=click.IntRange(min=0),
    metavar="BLOCKS",
    help="How many blocks on top of a block make it final. Default: 2 with --seal interval, as on the genuine "
    "localnet, where GRANDPA votes for the block two before the best one; 0 with instant and mixed; with manual, "
    "blocks become final only by engine_createBlock and engine_finalizeBlock.",
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
@click.option(
    "--keystore",
    type=FOLDER,
    help="Seal blocks with the keys in this folder, see `pysubtensor keys`. Default: with those of development "
    "accounts, which seal no chain of type Live.",
)
@password_option
@click.option(
    "--shield-keys",
    type=click.Choice(["deterministic", "random"]),
    help="Keys of shielded transactions. deterministic: they follow from the genesis hash, so blocks are reproducible, "
    "and nothing is hidden; random: drawn for each block and soon forgotten. Default: deterministic; with --keystore, "
    "random.",
)
@drand_option
@fork_options
@rpc_options
def devnet(
    preset: str,
    chain: Path | None,
    fast: bool,
    block_time: int | None,
    seal: str,
    finality_lag: int | None,
    port: int,
    host: str,
    data_dir: Path | None,
    tmp: bool,
    keystore: Path | None,
    password_file: Path | None,
    shield_keys: str | None,
    drand: str | None,
    **more: Unpack[NodeOptions],
) -> None:
    """Start a local chain that clients can connect to.

    It serves the RPC of a real Subtensor node over WebSocket and HTTP. Development accounts such as //Alice are
    funded, and //Alice holds the sudo key. The address to connect to and a line for each block are printed to
    standard output. Ctrl-C stops the chain; with --data-dir the next start continues it.
    """
    from ..chain.chain import Blockchain
    from ..chain.engine.local import LocalEngine, Sealing

    if tmp and data_dir is not None:
        raise click.UsageError("--tmp keeps the chain in memory, --data-dir in a folder; give only one of them")
    config = with_beacon(chain_config(preset, fast, block_time, chain), drand)
    require_forkable(more, changed=fast or chain is not None, drand=drand, sealed=seal == "interval", keystore=keystore)
    if seal != "interval" and (keystore is not None or config.chain_type == "Live"):
        raise click.UsageError("blocks made on demand carry no seal; a Live chain and --keystore need --seal interval")
    keys = None if keystore is None else author_keys(keystore, password_file)
    config, store, begun = begin(more, config, data_dir, block_time)
    with closing(Blockchain(config, store)) as node:
        engine = LocalEngine(node, Sealing(seal), finality_lag=finality_lag, keys=keys)
        set_shield_keys(engine, shield_keys)
        where = [f"Pulses     {pulses_text(node, drand)}", f"Data       {location_text(data_dir, store)}"]
        options, client = server_options(more, engine), take_pulses(node, drand)
        asyncio.run(serve_until_stopped(engine, host, port, where + begun, options, client))


def location_text(data_dir: Path | None, store: Store) -> str:
    """Return where the data of a chain are, in words."""
    return f"in {data_dir} ({store.engine})" if data_dir else "in memory, lost when the chain stops"


def set_shield_keys(engine: LocalEngine, chosen: str | None) -> None:
    """Let the chain draw its shield keys at random if this is chosen, by default if it has sealing keys of its own."""
    from ..chain.unshielding import RandomShieldKeys

    if chosen == "random" or (chosen is None and engine.keys is not None):
        engine.chain.shield_keys = RandomShieldKeys()


async def serve_until_stopped(
    engine: LocalEngine,
    host: str,
    port: int,
    where: Sequence[str],
    options: Options,
    client: DrandClient | None = None,
) -> None:
    """Serve the chain until SIGINT or SIGTERM; `where` are lines on where its pulses come from and its data are."""
    from ..chain.garbage import tune_garbage_collection
    from ..chain.rpc.server import serve

    set_up_logging()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    chain = engine.chain
    chain.listeners.append(log_import)
    chain.history.on_failure(lambda failure: loop.call_soon_threadsafe(stop.set))
    try:
        server = await serve(chain, None if host == LOCALHOST else host, port, **options)
        tune_garbage_collection()
    except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
        address, why = f"{host}:{port}", error.strerror if isinstance(error, OSError) else "no host's name"
        raise Failed(f"cannot listen on {address}: {why}; --port 0 picks a free port") from error
    try:
        print_summary(engine, server, where)
        print_line(server.url)
        async with Fetching(client):
            await stop.wait()
    finally:
        await server.stop()
    if chain.history.failure is not None:
        raise chain.history.failure
    print_line(f"Stopped at block {chain.head.number}.", error=True)


def print_summary(engine: LocalEngine, server: Server, where: Sequence[str]) -> None:
    """Print which chain this is, its accounts, and its address."""
    from ..chain.engine.local import Sealing
    from ..chain.unshielding import RandomShieldKeys
    from ..runtime.version import SPEC_NAME, SPEC_VERSION

    chain = engine.chain
    block_time = f", {chain.slot_ms / 1000:g} s per block" if engine.timer_ms else ""
    keys = "development keys, which are public" if engine.keys is None else "the keys of the keystore"
    sealed = f", with {keys}" if engine.sealing is Sealing.INTERVAL else ""
    random = isinstance(chain.shield_keys, RandomShieldKeys)
    lines = [
        f"{SPEC_NAME} {SPEC_VERSION}, genesis 0x{chain.genesis_hash.hex()}",
        "",
        *account_lines(chain),
        "",
        f"Sealing    {engine.sealing.value}{block_time}{sealed}",
        f"Finality   {finality_text(chain.finality.lag)}",
        f"Shielding  {'random keys' if random else 'deterministic keys: shielded transactions hide nothing'}",
        *where,
        f"Head       #{chain.head.number}",
        f"Listening  {server.url} (WebSocket and HTTP)",
    ]
    print_line("\n".join(lines + open_port_warnings(chain, server)), error=True)


def open_port_warnings(chain: Blockchain, server: Server) -> list[str]:
    """Return what other machines may do, if they can connect."""
    from ..chain.rpc.listen import is_local
    from ..genesis.accounts import ACCOUNTS

    if is_local(server.host):
        return []
    lines = [""]
    if chain.config.sudo_key in ACCOUNTS.values():
        lines.append(f"WARNING other machines can connect to {server.host}, and the key of the root account is public")
    if server.node.unsafe:
        lines.append("WARNING other machines may call the methods for operators: --rpc-methods safe refuses them")
    return lines if len(lines) > 1 else []


def finality_text(lag: int | None) -> str:
    """Return when a block is final, in words; `lag` blocks on top make it final."""
    if lag is None:
        return "by engine_createBlock or engine_finalizeBlock"
    return f"with {lag} block{'' if lag == 1 else 's'} on top" if lag else "at once"


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
