"""Runs with nodes that begin late: one that is behind, and one that begins with a snapshot."""

from __future__ import annotations

import json
import random
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pysubtensor.chain.network.home import Home
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.pallets.system import Account, set_storage

from tests.network.nets import Net, pysubtensor, running
from tests.world import ALICE, ALICE_KEY

#: A node that is behind has to be this many times as fast as the network makes blocks.
TIMES_FASTER = 10


def behind(folder: Path, minutes: float) -> dict[str, Any]:
    """Let a replica be behind by the blocks of some minutes: it catches up ten times as fast as blocks are made."""
    with running(Net.make(folder)) as net:
        net.stop("replica0")
        time.sleep(minutes * 60)
        missing, began = net.height("node0") - 2, time.monotonic()
        net.start("replica0")
        while net.height("replica0") < 1:
            time.sleep(0.1)
        started, first = time.monotonic(), net.height("replica0")
        net.wait(missing, ["replica0"], within=missing / 2 + 60)
        took = time.monotonic() - started
        rate = (missing - first) / took
        alone = (net.height("node0") - missing - 2) / (time.monotonic() - began)
        found = {"blocks": missing - first, "s": round(took, 1), "blocks per s": round(rate, 1)}
        found |= {"times the network's rate": round(rate / alone, 1), "equal blocks": net.compare()}
        assert rate >= TIMES_FASTER * alone, found
        return found


#: Pairs that one transaction adds to the state, with the sizes of accounts: 80 bytes of key, and 80 of value.
PAIRS, PAIR_BYTES = 3_000, 160
SNAPSHOT_EVERY, SYNC_WITHIN_S = 50, 120.0


def snapshot(folder: Path, megabytes: float) -> dict[str, Any]:
    """Let the state of a network grow to this size, and a new node begin with its snapshot within two minutes."""
    net = Net.make(folder, replicas=0)
    for home in net.homes:
        node = replace(home.read(), snapshot_every=SNAPSHOT_EVERY)
        (home.folder / "node.json").write_text(json.dumps(asdict(node)))
    with running(net):
        last, pairs = grow(net, int(megabytes * 1e6))
        due = (last // SNAPSHOT_EVERY + 1) * SNAPSHOT_EVERY
        net.wait(due + 3, within=2 * SNAPSHOT_EVERY + 120)
        size = wait_for_snapshots(net, due)
        assert size >= megabytes * 1e6, size
        took = begin_with_snapshot(net)
        found = {"snapshot, MB": round(size / 1e6), "pairs": pairs, "with the others after, s": round(took, 1)}
        assert net.rpc("replica0", "chain_getBlockHash", due - 1) is None
        found |= {"equal blocks": net.compare(due)}
        assert took < SYNC_WITHIN_S, found
        return found


def grow(net: Net, size: int) -> tuple[int, int]:
    """Add pairs to the state by root's calls until they have this size; return the head, and how many there are."""
    sign, pairs = Signer(bytes.fromhex(net.rpc("node0", "chain_getBlockHash", 0)[2:])), 0
    dice = random.Random(1)
    for nonce in range(-(-size // (PAIRS * PAIR_BYTES))):
        items = [(dice.randbytes(80), dice.randbytes(80)) for _ in range(PAIRS)]
        raw = sign.sign(sudo.call(set_storage.call(items)), ALICE_KEY, nonce=nonce)
        net.rpc(f"node{nonce % 4}", "author_submitExtrinsic", "0x" + raw.hex())
        pairs += PAIRS
        while net.rpc("node0", "system_accountNextIndex", ALICE_KEY.address) - account_nonce(net) > 2:
            time.sleep(0.1)
    while account_nonce(net) * PAIRS < pairs:
        time.sleep(0.1)
    return net.height("node0"), pairs


def account_nonce(net: Net) -> int:
    """Return how many transactions of root are in blocks."""
    raw = net.rpc("node0", "state_getStorage", "0x" + Account.key(ALICE).hex())
    return int.from_bytes(bytes.fromhex(raw[2:])[:4], "little")


def wait_for_snapshots(net: Net, number: int) -> int:
    """Wait until all nodes have a snapshot, which are the same; return how many bytes it has."""
    folders = [home.folder / "snapshots" / str(number) for home in net.homes]
    end = time.monotonic() + 120
    while not all((folder / "metadata").exists() for folder in folders):
        assert time.monotonic() < end, f"expected snapshots of block {number}"
        time.sleep(0.2)
    assert len({(folder / "metadata").read_bytes() for folder in folders}) == 1
    return sum(path.stat().st_size for path in folders[0].iterdir() if path.name != "metadata")


def begin_with_snapshot(net: Net) -> float:
    """Add a replica that begins with a snapshot; return after how many seconds it has the block of the others."""
    began, missing = time.monotonic(), net.height("node0")
    pysubtensor("network", "add-replica", "--state-sync", str(net.folder))
    home = Home(net.folder / "replica0")
    net.homes.append(home)
    net.nodes["replica0"] = home.read()
    net.start("replica0")
    net.wait(missing, ["replica0"], within=2 * SYNC_WITHIN_S)
    return time.monotonic() - began
