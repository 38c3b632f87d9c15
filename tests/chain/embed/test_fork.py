"""A fork of one chain by another over RPC: the same state, the same epochs, and clear errors without the source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pysubtensor.chain.rpc.server import Running, running
from pysubtensor.runtime.pallets import randomness, system
from pysubtensor.runtime.state.overlay import Backend

from pysubtensor import Chain

TAO = 10**9
TEMPO = 10
#: The block from which the forks begin: between two epochs.
POINT = 35


def subnet_with_weights() -> Chain:
    """Return a chain whose subnet has a validator, two miners and weights, at block `POINT`."""
    chain = Chain.dev(admin_freeze_window=0, tempo=TEMPO)
    chain.execute("SubtensorModule.register_network", "//Alice", hotkey="//Alice//hot")
    netuid = chain.query("SubtensorModule.TotalNetworks") - 1
    chain.execute("SubtensorModule.start_call", "//Alice", netuid=netuid)
    for name, arguments in (
        ("sudo_set_commit_reveal_weights_enabled", {"enabled": False}),
        ("sudo_set_weights_set_rate_limit", {"weights_set_rate_limit": 0}),
    ):
        call = chain.call(f"AdminUtils.{name}", netuid=netuid, **arguments)
        chain.execute("Sudo.sudo", "//Alice", call=call)
    for who in ("//Bob", "//Charlie"):
        chain.execute("SubtensorModule.burned_register", who, netuid=netuid, hotkey=f"{who}//hot")
    chain.execute("SubtensorModule.add_stake", "//Bob", hotkey="//Bob//hot", netuid=netuid, amount_staked=100 * TAO)
    chain.run_to(POINT - 5)
    chain.execute(
        "SubtensorModule.set_weights", "//Bob//hot", netuid=netuid, dests=[0, 2], weights=[1, 3], version_key=0
    )
    chain.run_to(POINT)
    return chain


@pytest.fixture(scope="module")
def source() -> Iterator[Running]:
    """Serve the chain with a subnet."""
    with subnet_with_weights() as chain, running(chain, "127.0.0.1") as served:
        yield served


def chain_of(served: Running) -> Chain:
    chain = served.server.node.chain
    assert isinstance(chain, Chain)
    return chain


def pairs(state: Backend, prefix: bytes = b"") -> dict[bytes, bytes]:
    return dict(state.items(prefix))


@pytest.mark.parametrize("scheme", ["ws", "http"])
def test_a_fork_has_the_state_and_the_blocks_of_its_source(source: Running, tmp_path: Path, scheme: str) -> None:
    original = chain_of(source)
    with Chain.fork(f"{scheme}://127.0.0.1:{source.port}", cache=tmp_path) as fork:
        assert fork.head == original.head
        assert fork.genesis_hash == original.genesis_hash
        for name in ("TotalNetworks", "NetworksAdded", "SubnetTAO"):
            keys = () if name == "TotalNetworks" else (1,)
            assert fork.query(f"SubtensorModule.{name}", *keys) == original.query(f"SubtensorModule.{name}", *keys)
        assert pairs(fork.state) == pairs(original.state)
        assert fork.block(7) == original.block(7)
        assert fork.block(original.head.hash) == original.block(original.head.hash)
        assert fork.header(3) == original.header(3)
        assert fork.hash_at(POINT + 1) is None


def test_an_epoch_on_a_fork_is_that_of_the_original(source: Running, tmp_path: Path) -> None:
    original = chain_of(source)
    with Chain.fork(f"ws://127.0.0.1:{source.port}", cache=tmp_path) as fork:
        fork.produce(3 * TEMPO)
        forked = pairs(fork.state)

    def go_on() -> dict[bytes, bytes]:
        with original.anchor():
            before = original.ask("SubnetInfoRuntimeApi.get_metagraph", 2)
            original.produce(3 * TEMPO)
            after = original.ask("SubnetInfoRuntimeApi.get_metagraph", 2)
            assert after.last_step > before.last_step >= POINT - TEMPO
            assert after.incentives.tolist()[2] > 0
            return pairs(original.state)

    real = source.call(go_on)
    differing = {key for key in forked.keys() | real.keys() if forked.get(key) != real.get(key)}
    hashes = {system.BlockHash.prefix, system.ParentHash.prefix, randomness.RandomMaterial.prefix}
    assert {key for key in differing if not any(key.startswith(prefix) for prefix in hashes)} == set()
