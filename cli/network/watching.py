"""`pysubtensor network status` and `doctor`: what the nodes do, and what is wrong with them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import Failed
from ..output import emit_rows, emit_value, json_option, print_message

if TYPE_CHECKING:
    from ...chain.network.home import Home

#: What is shown of a node: process of its supervisor, its own RPC and head, its engine's head, state, vote and peers.
COLUMNS = ("node", "supervisor", "rpc", "block", "engine", "syncing", "power", "peers", "hash")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=FOLDER, default=Path("net"))
@json_option
def status(folder: Path) -> None:
    """Show the node in FOLDER, or all nodes of the network in it that are on this machine."""
    from ...chain.network.planning import homes_in

    rows = asyncio.run(states(homes_in(folder)))
    emit_rows(COLUMNS, [[row[name] for name in COLUMNS] for row in rows])


async def states(homes: list[Home]) -> list[dict[str, Any]]:
    """Return a row about each node."""
    return list(await asyncio.gather(*(state(home) for home in homes)))


async def state(home: Home) -> dict[str, Any]:
    """Return a row about a node: whether its processes run, where its chain is, what its engine says."""
    from ...chain.network.client import EngineClient, EngineRefused, EngineUnavailable
    from ...chain.network.supervisor import running_pid

    node = home.read()
    row: dict[str, Any] = {"node": node.name, "supervisor": running_pid(home), "rpc": None, "block": None, "hash": None}
    rpc, engine = (
        EngineClient(f"http://127.0.0.1:{node.rpc_port}"),
        EngineClient(f"http://127.0.0.1:{node.engine_port}"),
    )
    try:
        header = await rpc.call("chain_getHeader")
        row |= {"rpc": f"ws://{node.rpc_host}:{node.rpc_port}", "block": int(header["number"], 16)}
        row["hash"] = await rpc.call("chain_getBlockHash", block_number=row["block"])
    except (EngineUnavailable, EngineRefused):
        pass
    try:
        found = await engine.call("status")
        peers = await engine.call("net_info")
        row |= {
            "engine": int(found["sync_info"]["latest_block_height"]),
            "syncing": found["sync_info"]["catching_up"],
            "power": int(found["validator_info"]["voting_power"]),
            "peers": int(peers["n_peers"]),
        }
    except (EngineUnavailable, EngineRefused):
        row |= {"engine": None, "syncing": None, "power": None, "peers": None}
    await asyncio.gather(rpc.close(), engine.close())
    return row


@click.command()
@click.argument("folder", type=FOLDER, default=Path("net"))
@click.option(
    "--accept-copy",
    is_flag=True,
    help="Let a copied node go on, if its original is gone for good and has not voted since the copy was made.",
)
@json_option
def doctor(folder: Path, accept_copy: bool) -> None:
    """Say what is wrong with the node in FOLDER, or with all nodes of the network in it, and what to do."""
    from ...chain.network.doctor import examine, rebind
    from ...chain.network.planning import homes_in

    homes = homes_in(folder)
    if accept_copy:
        if len(homes) != 1 or homes[0].folder != folder.absolute():
            raise Failed(f"expected the folder of the one node that was copied, got {folder}")
        rebind(homes[0])
        print_message(f"{folder} belongs here now.")
    rows = asyncio.run(states(homes))
    found = [problem for home, row in zip(homes, rows, strict=True) for problem in examine(home, row)]
    emit_value({"nodes": len(homes), "problems": found})
    if found:
        raise Failed(f"{len(found)} problem{'' if len(found) == 1 else 's'}")
