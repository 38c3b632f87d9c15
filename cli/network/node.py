"""`pysubtensor network app`: the application of one node, with its RPC server; the supervisor starts it."""

from __future__ import annotations

import asyncio
import signal
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import Failed
from ..node_output import print_line, set_up_logging

if TYPE_CHECKING:
    from ...chain.chain import Blockchain
    from ...chain.network.engine import CometEngine
    from ...chain.network.home import Home, NodeFile


@click.command(short_help="Run the application of one node, without its engine (for systemd).")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def app(folder: Path) -> None:
    """Run the application of the node in FOLDER: its chain and its RPC server. The engine connects to its socket."""
    from ...chain.cheats.config_json import config_from_json
    from ...chain.network.home import Home
    from ...chain.network.node import open_chain

    home = Home(folder.absolute())
    node, found = home.read(), home.chain()
    with closing(open_chain(home, config_from_json(found["config"]))) as chain:
        first = chain.hash_at(node.base)
        if first not in (None, bytes.fromhex(found["block"])):
            raise Failed(f"{folder} holds another chain than that of its network")
        asyncio.run(serve(home, node, chain))


async def serve(home: Home, node: NodeFile, chain: Blockchain) -> None:
    """Serve a node until SIGINT or SIGTERM, or until it must not go on."""
    from ...chain.garbage import tune_garbage_collection
    from ...chain.network.node import open_engine
    from ...chain.rpc.server import serve as serve_rpc

    set_up_logging()
    engine = open_engine(home, chain)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, engine.stopped.set)
    engine.chain.history.on_failure(lambda failure: loop.call_soon_threadsafe(engine.stopped.set))
    host = None if node.rpc_host == "localhost" else node.rpc_host
    server = await serve_rpc(engine.chain, host, node.rpc_port, engine=engine)
    tune_garbage_collection()
    print_line(server.url)
    try:
        await engine.stopped.wait()
    finally:
        await server.stop()
    raise_failure(engine)


def raise_failure(engine: CometEngine) -> None:
    """Raise what stopped a node, if it was not a signal."""
    if engine.failure is not None:
        raise engine.failure
    if engine.chain.history.failure is not None:
        raise engine.chain.history.failure
    print_line(f"Stopped at block {engine.chain.head.number}.", error=True)
