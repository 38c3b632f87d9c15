"""`pysubtensor devnet`: a local chain with the genuine node's RPC.

Functions import the chain, so that help and completion do not wait for it.
"""

from __future__ import annotations

import signal
from collections.abc import Coroutine, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from .block_log import DEFAULT_LOG, LogOptions, log_options
from .chain_options import chain_config, chain_options
from .drand import Fetching, drand_option, pulses_text, take_pulses, with_beacon
from .errors import Failed, Misused
from .explorer import ExplorerOptions, explorer_beside, explorer_options
from .fork_options import ForkOptions, begin, fork_options, require_forkable
from .keystore import FOLDER, author_keys, password_option
from .node_output import print_line, set_up_logging
from .parameters import SCENARIO, ChainCommand
from .rpc_options import RpcOptions, rpc_options, server_options

if TYPE_CHECKING:
    from ..chain.chain import Blockchain
    from ..chain.drand.http import DrandClient
    from ..chain.engine.local import LocalEngine
    from ..chain.history.stores import Store
    from ..chain.rpc.server import Options, Server

LOCALHOST = "localhost"


class NodeOptions(ExplorerOptions, ForkOptions, LogOptions, RpcOptions):
    """The values of the options that are declared elsewhere, and of `--evm`."""

    evm: bool


@click.command(cls=ChainCommand)
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
@click.option(
    "--evm",
    is_flag=True,
    help="For contracts: print the funded Ethereum accounts and the chain id, and let all addresses create contracts "
    "(the chain's list of creators stops clients that ask first). The node names itself anvil/…, as Hardhat's helpers "
    "want.",
)
@explorer_options
@drand_option
@fork_options
@log_options
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
    funded, and //Alice holds the sudo key. The address to connect to, and a log of all transactions and their blocks,
    are printed to standard output. Ctrl-C stops the chain; with --data-dir the next start continues it.
    """
    from ..chain.chain import Blockchain
    from ..chain.engine.local import LocalEngine, Sealing

    if tmp and data_dir is not None:
        raise click.UsageError("--tmp keeps the chain in memory, --data-dir in a folder; give only one of them")
    config = with_beacon(chain_config(preset, fast, block_time, chain), drand)
    require_forkable(more, changed=fast or chain is not None, drand=drand, sealed=seal == "interval", keystore=keystore)
    require_sealed(seal, is_needed=keystore is not None or config.chain_type == "Live")
    keys = None if keystore is None else author_keys(keystore, password_file)
    config, store, begun = begin(more, config, data_dir, block_time)
    with closing(Blockchain(config, store)) as node:
        engine = LocalEngine(node, Sealing(seal), finality_lag=finality_lag, keys=keys)
        set_up(engine, shield_keys, evm=more["evm"])
        where = [f"Pulses     {pulses_text(node, drand)}", f"Data       {location_text(data_dir, store)}"]
        options, client = server_options(more, engine), take_pulses(node, drand)
        run(serve_until_stopped(engine, host, port, where + begun + play_scenario(node), options, client, more))


def require_sealed(seal: str, *, is_needed: bool) -> None:
    """Raise UsageError for a sealing mode without seals where they are needed."""
    if is_needed and seal != "interval":
        raise click.UsageError("blocks made on demand carry no seal; a Live chain and --keystore need --seal interval")


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run the server in an event loop."""
    import asyncio

    asyncio.run(work)


def play_scenario(chain: Blockchain) -> list[str]:
    """Write the scenario that the options name into a new chain; return a line about it."""
    from ..chain.cheats.scenarios import play
    from .parameter_values import chosen_scenario

    scenario = chosen_scenario(click.get_current_context())
    if scenario is None:
        return []
    if chain.head.number:
        return [f"Scenario   {scenario.title}: not played again, the chain has blocks"]
    try:
        made = play(chain, scenario)
    except ValueError as error:  # names the table and the key
        raise Misused(f"--scenario {click.get_current_context().meta[SCENARIO]}: {error}") from error
    return [f"Scenario   {scenario.title}; subnets {', '.join(str(subnet.netuid) for subnet in made) or 'none'}"]


def location_text(data_dir: Path | None, store: Store) -> str:
    """Return where the data of a chain are, in words."""
    return f"in {data_dir} ({store.engine})" if data_dir else "in memory, lost when the chain stops"


def set_up(engine: LocalEngine, shield_keys: str | None, *, evm: bool) -> None:
    """Choose the shield keys, and with `evm` make the chain ready for developers of contracts."""
    from .evm_devnet import open_to_contracts

    set_shield_keys(engine, shield_keys)
    if evm:
        open_to_contracts(engine.chain)


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
    log: LogOptions = DEFAULT_LOG,
) -> None:
    """Serve the chain until SIGINT or SIGTERM; `where` are lines on where its pulses come from and its data are."""
    import asyncio

    from ..chain.garbage import tune_garbage_collection
    from ..chain.rpc.server import serve
    from .block_log import watch

    set_up_logging()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    chain = engine.chain
    watch(chain, log)
    chain.history.on_failure(lambda failure: loop.call_soon_threadsafe(stop.set))
    try:
        server = await serve(chain, None if host == LOCALHOST else host, port, **options)
        tune_garbage_collection()
    except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
        address, why = f"{host}:{port}", error.strerror if isinstance(error, OSError) else "no host's name"
        raise Failed(f"cannot listen on {address}: {why}; --port 0 picks a free port") from error
    try:
        announce(engine, server, where, log)
        async with Fetching(client), explorer_beside(server.url):
            await stop.wait()
    finally:
        await server.stop()
    if chain.history.failure is not None:
        raise chain.history.failure
    if not log["quiet"]:
        print_line(f"Stopped at block {chain.head.number}.", error=True)


def announce(engine: LocalEngine, server: Server, where: Sequence[str], log: LogOptions) -> None:
    """Say that the chain listens: greet people, write the accounts, and print the URL for programs."""
    from .block_log import emit
    from .greeting import print_summary, write_accounts

    if log["accounts_json"] is not None:
        write_accounts(log["accounts_json"], engine.chain, server)
    if not log["quiet"] and not log["json_log"]:
        print_summary(engine, server, where)
    if log["json_log"]:
        emit("listening", url=server.url, genesis="0x" + engine.chain.genesis_hash.hex(), head=engine.chain.head.number)
    else:
        print_line(server.url)
