"""A run with the life of a subnet through the real SDK, each of whose requests goes to another node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.clients.days import config, live, spend
from tests.network.balancer import balanced
from tests.network.nets import Net, running

CLIENT = "bittensor-11.3"
#: What the SDK encrypts is for the author two blocks later: on a busy machine a second would be too short for it.
SLOT_MS = 2000
#: What of the metagraph does not depend on when things happen. On one process a block is made for each transaction.
SAME = ("hotkeys", "axons", "permits", "incentive", "dividends", "consensus", "trust")


def day(folder: Path, length: float) -> dict[str, Any]:
    """Let SDK 11.3 live a subnet's day on a network, each request at another node: what it reads is as on one node."""
    folder.parent.mkdir(exist_ok=True)
    alone = live(CLIENT, made(folder.parent / "one")).seen
    write_chain(folder.parent / "chain.toml")
    net = Net.make(folder, slot_ms=SLOT_MS, chain=folder.parent / "chain.toml")
    with running(net), balanced([f"ws://127.0.0.1:{node.rpc_port}" for node in net.nodes.values()]) as balancer:
        seen = spend(CLIENT, f"ws://127.0.0.1:{balancer.port}", made(folder.parent / "many"))
        for graph in ("plain", "revealed"):
            found, expected = ({name: one[graph][name] for name in SAME} for one in (seen, alone))
            assert found == expected, (graph, found, expected)
        shares = {name: balancer.counts[index] for index, name in enumerate(net.nodes)}
        about = {"requests at each node": shares, "waited for a block": balancer.waited}
        return {"client": f"bittensor {seen['version']}"} | about | {"equal blocks": net.compare()}


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def write_chain(path: Path) -> None:
    """Write the parameters of the day's chain as a file for `network init`."""
    given = config()
    assert given.sudo_key is not None
    names = ("tempo", "start_call_delay", "admin_freeze_window", "owner_hyperparam_rate_limit")
    lines = ['chain_type = "Development"', f'sudo_key = "0x{given.sudo_key.hex()}"']
    lines += [f"{name} = {getattr(given, name)}" for name in names]
    lines += ["[balances]", *[f'"0x{account.hex()}" = {rao}' for account, rao in given.balances.items()]]
    path.write_text("\n".join(lines) + "\n")
