"""`pysubtensor network start` and `stop`: the supervisors of nodes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from ..errors import Failed, Misused
from ..output import print_message

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
#: Seconds for the end of a node.
STOP_S = 40.0


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--all", "everything", is_flag=True, help="Start all nodes in the folder of a network, in this terminal.")
def start(folder: Path, everything: bool) -> None:
    """Start the node in FOLDER: its application, then its engine, each again when it ends. Ctrl-C stops both.

    What they print is in node.log and cometbft.log.
    """
    from ...chain.network.planning import homes_in

    homes = homes_in(folder)
    if everything:
        start_all([home.folder for home in homes])
    elif len(homes) > 1 or homes[0].folder != folder.absolute():
        raise Misused(f"expected the folder of one node, got a network's: --all starts all of {folder}")
    else:
        start_one(folder)


def start_one(folder: Path) -> None:
    """Run a node until it is stopped."""
    from ...chain.network import guard
    from ...chain.network.binary import find_engine
    from ...chain.network.home import Home
    from ...chain.network.supervisor import children_of, sole, supervise

    home = Home(folder.absolute())
    node = home.read()
    engine = [str(find_engine()), "start", "--home", str(home.engine)]
    with sole(home):
        guard.check(home)
        print_message(f"{node.name}: ws://{node.rpc_host}:{node.rpc_port}")
        children = children_of(home, [sys.executable, "-m", "pysubtensor", "network", "app", str(home.folder)], engine)
        asyncio.run(supervise(home, children, print_message))


def start_all(folders: list[Path]) -> None:
    """Run a supervisor for each node, until they are stopped together."""
    command = [sys.executable, "-m", "pysubtensor", "network", "start"]
    nodes = [subprocess.Popen([*command, str(folder)]) for folder in folders]

    def stop(number: int, frame: object) -> None:
        for node in nodes:
            if node.poll() is None:
                node.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    codes = [node.wait() for node in nodes]
    if any(codes):
        raise Failed(f"nodes have ended with {', '.join(map(str, codes))}; see their logs")


@click.command()
@click.argument("folder", type=FOLDER, default=Path("net"))
def stop(folder: Path) -> None:
    """Stop the node in FOLDER, or all nodes of the network in it."""
    from ...chain.network.planning import homes_in
    from ...chain.network.supervisor import running_pid

    running = [(home, pid) for home in homes_in(folder) if (pid := running_pid(home)) is not None]
    for _, pid in running:
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + STOP_S
    while any(running_pid(home) is not None for home, _ in running):
        if time.monotonic() > end:
            raise Failed(f"a node has not ended within {STOP_S:g} s")
        time.sleep(0.1)
    print_message(f"Stopped {len(running)} node{'' if len(running) == 1 else 's'}.")
