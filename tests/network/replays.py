"""A run with the traffic of the simulations, whose chain is executed again with other hash seeds and another Python."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from pysubtensor.chain.chain import Blockchain
from pysubtensor.chain.cheats.config_json import config_from_json
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.chain.history.stores import open_store
from pysubtensor.genesis.config import ChainConfig

from tests.network.nets import ROOT, Net, running
from tests.simulation.players import Players
from tests.simulation.random_calls import Dice
from tests.soak.node import write_chain_file
from tests.soak.soak import choose, header_of

#: The environment variable with another Python, and those that are looked for without it.
VARIABLE, OTHERS = "OTHER_PYTHON", ("python3.14", "python3.13", "python3.12", "python3.11")
HASH_SEEDS = ("0", "1", "4242")
SLOT_MS = 500


def replays(folder: Path, minutes: float) -> dict[str, Any]:
    """Play both simulations on a network, and execute its chain again: same hash with three seeds and two Pythons."""
    folder.parent.mkdir(exist_ok=True)
    write_chain_file(folder.parent / "chain.toml")
    python = environment(folder.parent / "other")
    net = Net.make(folder, replicas=0, slot_ms=SLOT_MS, chain=folder.parent / "chain.toml")
    with running(net):
        in_blocks = play(net, minutes)
    head = write_blocks(net, folder.parent / "blocks")
    found = [again(net, each, seed) for each in (sys.executable, str(python)) for seed in HASH_SEEDS]
    ends = {(each["number"], each["hash"], each["state root"]) for each in found}
    assert ends == {head}, (head, found)
    versions = sorted({each["python"] for each in found})
    assert len(versions) == 2, versions
    return {
        "blocks": head[0],
        "extrinsics": in_blocks,
        "replays": len(found),
        "versions": versions,
        "hashes": len(ends),
    }


def play(net: Net, minutes: float) -> int:
    """Send the simulations' calls to all nodes in turn; a chain in this process imports each block."""
    names, end, in_blocks = list(net.nodes), time.monotonic() + minutes * 60, 0
    with Chain(config_of(net), retention=Retention(64, 64)) as mirror:
        players, dice = Players(mirror, 1), Dice(1, [])
        dice.known = [key.account for key in players.coldkeys]
        while time.monotonic() < end:
            for number, (_, key, call) in enumerate(choose(players, dice)):
                with contextlib.suppress(OSError):  # the pool refuses some
                    net.rpc(names[number % 4], "author_submitExtrinsic", "0x" + mirror.sign(call, key).hex())
            net.wait(mirror.head.number + 1, ["node0"])
            in_blocks += follow(net, mirror)
            del players.secrets[:-40]
    return in_blocks


def follow(net: Net, mirror: Chain) -> int:
    """Import the blocks that a mirror lacks; return how many signed extrinsics they have."""
    found = 0
    for number in range(mirror.head.number + 1, net.height("node0") + 1):
        name = net.rpc("node0", "chain_getBlockHash", number)
        block = net.rpc("node0", "chain_getBlock", name)["block"]
        body = [bytes.fromhex(raw[2:]) for raw in block["extrinsics"]]
        imported = mirror.import_block(header_of(block["header"]), body)
        assert name == "0x" + imported.hash.hex()
        found += len(body) - 2
    return found


def write_blocks(net: Net, path: Path) -> tuple[int, str, str]:
    """Write the blocks of a node that has stopped; return number, hash and state root of the last one."""
    store = open_store(net.homes[0].folder / "db")
    with closing(Blockchain(config_of(net), store)) as chain, path.open("w") as file:
        for number in range(1, chain.head.number + 1):
            block = chain.history.block_by_number(number)
            file.write(json.dumps([block.header.hex(), *(raw.hex() for raw in block.body)]) + "\n")
        return chain.head.number, chain.head.hash.hex(), chain.head_header.state_root.hex()


def config_of(net: Net) -> ChainConfig:
    return config_from_json(net.homes[0].chain()["config"])


def again(net: Net, python: str, seed: str) -> dict[str, Any]:
    """Execute the blocks that were written."""
    chain, blocks = net.homes[0].folder / "chain.json", net.folder.parent / "blocks"
    command = [python, "-m", "tests.network.replay", str(chain), str(blocks)]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def environment(folder: Path) -> Path:
    """Return another Python that can execute a chain, if need be in a virtual environment that is made in a folder."""
    named = os.environ.get(VARIABLE)
    for name in [named] if named else OTHERS:
        found = shutil.which(name)
        if found and says(found, "import sys; print(sys.version_info[:2])") not in ("", f"{sys.version_info[:2]}"):
            if says(found, "import aiohttp, numpy, sr25519; print(1)"):
                return Path(found)
            subprocess.run([found, "-m", "venv", folder], check=True)
            pip = [folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True)
            return folder / "bin/python"
    raise AssertionError(f"expected another Python than {sys.version_info[:2]}: name one in {VARIABLE}")


def says(python: str, code: str) -> str:
    """Return what an interpreter prints; nothing if it fails."""
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return "" if done.returncode else done.stdout.strip()
