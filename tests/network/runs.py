"""The runs: each makes what it says happen to a network of real nodes, checks it, and returns what was measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pysubtensor.chain.network.home import Home
from pysubtensor.chain.network.planning import add_replica
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets.admin_utils.chain_by_root import schedule_grandpa_change, swap_authorities
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.pallets.utility import batch_all

from tests.network.day import day
from tests.network.faults import far, forged, points
from tests.network.load import load
from tests.network.namespaces import Machines, cut, machines
from tests.network.nets import Net, running
from tests.network.newcomers import behind, snapshot
from tests.network.replays import replays
from tests.world import ALICE_KEY, BOB

FIRST_VALIDATOR, REPLICA = "node0", "replica0"
Measured = dict[str, Any]
#: Seconds in which a few transfers are in blocks, on a busy machine.
WITHIN_S = 120


def signer(net: Net) -> Signer:
    return Signer(bytes.fromhex(net.rpc(FIRST_VALIDATOR, "chain_getBlockHash", 0)[2:]))


def transfer(sign: Signer, key: Keypair, nonce: int) -> str:
    return "0x" + sign.sign(transfer_keep_alive.call(Id(BOB), 1), key, nonce=nonce).hex()


def idle(folder: Path, minutes: float) -> Measured:
    """Let four validators and a replica make empty blocks: the slot is kept, and all have the same chain."""
    with running(Net.make(folder)) as net:
        first = net.height(FIRST_VALIDATOR)
        time.sleep(minutes * 60)
        last = net.height(FIRST_VALIDATOR)
        found = net.intervals(FIRST_VALIDATOR, first, last)
        assert 0.9 <= found["p50"] <= 1.1, found
        assert found["p95"] < 1.5, found
        return found | {"equal blocks": net.compare()}


def smoke(folder: Path, minutes: float) -> Measured:
    """Send a transfer to each of four validators and a replica, stop all, and start them again."""
    net = Net.make(folder)
    with running(net):
        sign = signer(net)
        for nonce, name in enumerate(net.nodes):
            net.rpc(name, "author_submitExtrinsic", transfer(sign, ALICE_KEY, nonce))
        began, nonces = time.monotonic(), set[int]()
        while nonces != {len(net.nodes)}:
            assert time.monotonic() - began < WITHIN_S, f"expected all transfers on all nodes, got {nonces}"
            net.wait(net.height(FIRST_VALIDATOR) + 1)
            nonces = {net.rpc(name, "system_accountNextIndex", ALICE_KEY.address) for name in net.nodes}
        height = net.height(FIRST_VALIDATOR)
    with running(net):
        net.wait(height + 8)
        return {"equal blocks": net.compare()}


def down(folder: Path, minutes: float) -> Measured:
    """Stop one of four validators: the others go on; it comes back and catches up."""
    with running(Net.make(folder, replicas=0)) as net:
        net.stop("node3")
        others = ["node0", "node1", "node2"]
        first, began = net.height(FIRST_VALIDATOR), time.monotonic()
        time.sleep(minutes * 60)
        last, took = net.height(FIRST_VALIDATOR), time.monotonic() - began
        found = net.intervals(FIRST_VALIDATOR, first, last) | {"blocks per s": round((last - first) / took, 2)}
        net.start("node3")
        caught = net.wait(last + 1)
        assert net.wait(last + 3, others) >= 0
        return found | {"caught up, s": round(caught, 1), "equal blocks": net.compare()}


def halves(folder: Path, minutes: float) -> Measured:
    """Stop two of four validators: no block; then one comes back, and there are blocks again."""
    with running(Net.make(folder, replicas=0)) as net:
        net.stop("node2", "node3")
        time.sleep(3)
        first = net.height(FIRST_VALIDATOR)
        time.sleep(minutes * 60)
        assert net.height(FIRST_VALIDATOR) == first, "a block with half of the votes"
        net.start("node2")
        healed = net.wait(first + 1, ["node0", "node1", "node2"])
        net.start("node3")
        net.wait(first + 5)
        return {"without blocks, s": minutes * 60, "first block after, s": round(healed, 1), "equal": net.compare()}


def cuts(folder: Path, minutes: float) -> Measured:
    """Cut machines from each other: two from two, one from three."""
    with machines(4), running(Machines.make(folder)) as net:
        names = list(net.nodes)
        cut([0, 1], [2, 3])
        time.sleep(3)
        before = {name: net.height(name) for name in names}
        time.sleep(minutes * 60)
        assert {name: net.height(name) for name in names} == before, "a block with half of the votes"
        cut([0, 1], [2, 3], heal=True)
        healed = net.wait(max(before.values()) + 1)
        cut([0], [1, 2, 3])
        first = net.height("node1")
        time.sleep(30)
        alone, others = net.height("node0"), net.height("node1") - first
        assert others > 5, others
        assert alone <= first + 1, (alone, first)
        cut([0], [1, 2, 3], heal=True)
        joined = net.wait(net.height("node1"), ["node0"])
        waits = {"first block after 2/2, s": round(healed, 1), "one caught up after, s": round(joined, 1)}
        return waits | {"blocks of three in 30 s": others, "equal blocks": net.compare()}


def twice(folder: Path, minutes: float) -> Measured:
    """Run a second copy of a validator, against all warnings: its double votes are recorded, and the chain goes on."""
    with running(Net.make(folder, replicas=0)) as net:
        clone(net)
        net.start("clone")
        log, end = net.home("node0").folder / "node.log", time.monotonic() + 180
        while "has voted twice" not in log.read_text():
            assert time.monotonic() < end, "no evidence within 180 s"
            time.sleep(1)
        height = net.height("node0")
        net.wait(height + 3, ["node0", "node1", "node2"])
        net.stop("clone")
        return {"evidence by block": height}


def clone(net: Net) -> None:
    """Copy the folder of node3 with its validator, as a node of its own for its peers."""
    source = net.home("node3")
    added = add_replica(net.folder)
    target = added.folder.rename(net.folder / "clone")
    for path in ("cometbft/config/priv_validator_key.json", "keys/author"):
        (target / path).write_bytes((source.folder / path).read_bytes())
        (target / path).chmod(0o600)
    config = target / "cometbft/config/config.toml"
    config.write_text(config.read_text().replace(str(added.folder), str(target)))
    net.homes.append(Home(target))
    net.nodes["clone"] = Home(target).read()


def validators(folder: Path, minutes: float) -> Measured:
    """Remove a validator by sudo and add it again; all blocks between are proposed by those that are expected."""
    with running(Net.make(folder, replicas=0)) as net:
        sign = signer(net)
        found = net.homes[0].chain()["config"]["authorities"]
        pairs = [(bytes.fromhex(aura), bytes.fromhex(voter)) for aura, voter in found]
        sizes = []
        for nonce, chosen in enumerate((pairs[:3], pairs)):
            calls = [
                sudo.call(swap_authorities.call([aura for aura, _ in chosen])),
                sudo.call(schedule_grandpa_change.call([(voter, 1) for _, voter in chosen], 0, None)),
            ]
            raw = sign.sign(batch_all.call(calls), ALICE_KEY, nonce=nonce)
            net.rpc("node0", "author_submitExtrinsic", "0x" + raw.hex())
            net.wait(net.height("node0") + 6, ["node0"])
            sizes.append(int(net.engine("node0", "validators")["total"]))
        assert sizes == [3, 4], sizes
        time.sleep(minutes * 60)
        wrong = claims_that_did_not_come_true(net)
        return {"validators": sizes, "unexpected proposers": wrong, "equal blocks": net.compare()}


def claims_that_did_not_come_true(net: Net) -> int:
    """Return how many blocks had another author than the block two before has said."""
    heads = [net.rpc("node0", "chain_getBlockHash", number) for number in range(1, net.height("node0") + 1)]
    claims = []
    for each in heads:
        logs = net.rpc("node0", "chain_getHeader", each)["digest"]["logs"]
        data = next(bytes.fromhex(log[2:])[6:] for log in logs if bytes.fromhex(log[2:])[1:5] == b"auth")
        claims.append((int.from_bytes(data[:2], "little"), int.from_bytes(data[2:], "little")))
    return sum(earlier[1] != later[0] for earlier, later in zip(claims, claims[2:], strict=False))


#: Name -> the run, and its length for `make network-test`: minutes, megabytes, or how many times it does what it does.
RUNS: dict[str, tuple[Callable[[Path, float], Measured], float]] = {
    "smoke": (smoke, 0),
    "idle": (idle, 10),
    "points": (points, 20),
    "forged": (forged, 2),
    "down": (down, 5),
    "halves": (halves, 1),
    "cuts": (cuts, 1),
    "far": (far, 5),
    "twice": (twice, 0),
    "behind": (behind, 34),
    "snapshot": (snapshot, 100),
    "validators": (validators, 17),
    "replays": (replays, 10),
    "day": (day, 1),
    "load": (load, 15),
}
