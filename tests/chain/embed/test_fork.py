"""A fork of one chain by another over RPC: the same state, the same epochs, and clear errors without the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from pysubtensor.chain.errors import SourceFailed
from pysubtensor.chain.history.blocks import NotProvable, UnknownBlock
from pysubtensor.chain.history.fork import wire
from pysubtensor.chain.history.fork.source import Source
from pysubtensor.chain.history.rescue import verify
from pysubtensor.chain.rpc.server import Running, running
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.pallets import randomness, system
from pysubtensor.runtime.pallets.ethereum import declared as ethereum
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.state.overlay import Backend
from pysubtensor.runtime.version import STATE_VERSION

from pysubtensor import Chain, ChainError
from tests import vectors
from tests.world import ALICE

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
    hashes |= {ethereum.BlockHash.prefix, ethereum.CurrentBlock.prefix, system.DigestItems.prefix}
    assert {key for key in differing if not any(key.startswith(prefix) for prefix in hashes)} == set()


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a failed exchange be the last one."""
    monkeypatch.setattr(wire, "PAUSES_S", ())


@pytest.mark.usefixtures("_at_once")
def test_a_source_that_dies_is_named_and_the_cache_serves_what_it_has(tmp_path: Path) -> None:
    with Chain.dev(tempo=TEMPO) as original:
        original.produce(3)
        with running(original, "127.0.0.1") as served:
            fork = Chain.fork(f"ws://127.0.0.1:{served.port}", cache=tmp_path)
            fork.query("System.Account", "//Alice")
            hashes = fork.hash_at(1)
        with fork:
            assert fork.query("System.Account", "//Bob") == original.query("System.Account", "//Bob")
            assert fork.hash_at(1) == hashes
            wanted = (
                f"the fork of block 3 .0x[0-9a-f]{{8}}.. needs state_getKeysPaged of ws://127.0.0.1:{served.port}: "
            )
            before, waiting = fork.head, fork.sign(fork.call("System.remark", remark=b""), "//Alice", nonce=0)
            with pytest.raises(SourceFailed, match=wanted):
                fork.query("SubtensorModule.Tempo", 1)
            with pytest.raises(SourceFailed, match="Start that node again, or fork from another one of the same chain"):
                fork.execute("Balances.transfer_keep_alive", "//Alice", dest="//Ferdie", value=TAO)
            assert fork.head == before
            with running(original, "127.0.0.1", served.port):
                fork.produce()
                fork.submit(waiting)
                assert waiting in fork.produce_block().extrinsics
                assert fork.query("SubtensorModule.Tempo", 1) == original.query("SubtensorModule.Tempo", 1)


@pytest.mark.parametrize("scheme", ["ws", "http"])
def test_a_source_that_starts_again_is_asked_again(tmp_path: Path, scheme: str) -> None:
    with Chain.dev() as original:
        with running(original, "127.0.0.1") as served:
            fork = Chain.fork(f"{scheme}://127.0.0.1:{served.port}", cache=tmp_path)
        with fork, running(original, "127.0.0.1", served.port):
            assert fork.query("SubtensorModule.Tempo", 1) == original.query("SubtensorModule.Tempo", 1)


@pytest.mark.usefixtures("_at_once")
def test_a_fork_starts_without_its_source_from_the_cache(tmp_path: Path) -> None:
    with Chain.dev(tempo=TEMPO) as original:
        original.produce(4)
        with running(original, "127.0.0.1") as served:
            url = f"http://127.0.0.1:{served.port}"
            with Chain.fork(url, cache=tmp_path) as fork:
                whole = pairs(fork.state)
                fork.produce(2)
                first = fork.head
        with Chain.fork(url, 4, cache=tmp_path) as again:
            assert pairs(again.state) == whole
            assert again.produce(2) == first, "equal forks make equal blocks"
        with Chain.fork(url, original.head.hash, cache=tmp_path) as again:
            assert again.head == original.head
    with pytest.raises(SourceFailed, match=r"has blocks 4 of it: name one of them"):
        Chain.fork(url, cache=tmp_path)
    with pytest.raises(SourceFailed, match=r"has blocks 4 of it"):
        Chain.fork(url, 3, cache=tmp_path)
    with pytest.raises(SourceFailed, match="has no block of it"):
        Chain.fork("ws://127.0.0.1:1", 4, cache=tmp_path)


def test_development_accounts_may_take_a_fork_over(source: Running, tmp_path: Path) -> None:
    poor = {ALICE: TAO}
    with Chain.dev(balances=poor, sudo_key="//Zoe") as original, running(original, "127.0.0.1") as served:
        original.produce(2)
        with Chain.fork(served.url, cache=tmp_path, dev_accounts=True) as fork:
            assert fork.head == original.head, "the edit is no block"
            assert fork.query("System.Account", "//Bob").data.free == 1_000_000 * TAO
            fork.execute("Sudo.sudo", "//Alice", call=fork.call("System.set_storage", items=[("0x01", "0x02")]))
            assert fork.produce(sealed=True).number == 4
            assert fork.rollback_to(2) == original.head
            assert fork.query("System.Account", "//Bob").data.free == 1_000_000 * TAO


def test_changes_of_a_fork_are_undone(source: Running, tmp_path: Path) -> None:
    with Chain.fork(source.url, cache=tmp_path) as fork:
        start = pairs(fork.state)
        fork.execute("Balances.transfer_all", "//Dave", dest="//Eve", keep_alive=False)
        assert fork.query("System.Account", "//Dave").data.free == 0
        removed, first = pairs(fork.state), fork.head
        assert len(start.keys() - removed.keys()) > 0, "a key that the source has is removed"
        with fork.anchor():
            fork.execute("Balances.transfer_keep_alive", "//Eve", dest="//Dave", value=TAO)
            fork.produce(5)
            assert pairs(fork.context(first.hash).state) == removed
            assert pairs(fork.context(POINT).state) == start
        assert (pairs(fork.state), fork.head) == (removed, first)
        fork.rollback_to(POINT)
        assert pairs(fork.state) == start
        fork.produce(2)
        with pytest.raises(ChainError, match="expected a block from the fork's first, 35, on, got block 34"):
            fork.rollback_to(POINT - 1)


def test_a_fork_on_disk_is_continued(source: Running, tmp_path: Path) -> None:
    url, cache, folder = source.url, tmp_path / "cache", tmp_path / "chain"
    with Chain.fork(url, POINT, cache=cache, store=folder, dev_accounts=True) as fork:
        fork.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
        head, state = fork.produce(), pairs(fork.state)
    with Chain.fork(url, POINT, cache=cache, store=folder) as fork:
        assert (fork.head, pairs(fork.state)) == (head, state)
        fork.produce(2)
    with pytest.raises(ChainError, match=f"the store holds a fork of block {POINT}, expected one of block 30"):
        Chain.fork(url, 30, cache=cache, store=folder)
    with pytest.raises(ChainError, match=f"begins with block {POINT}: it holds a fork"):
        Chain(dev(), folder)
    with pytest.raises(ChainError, match=f"holds a fork of block {POINT}: most of its state is at another node"):
        verify(folder, lambda what, done, total: None)
    with Chain(dev(), tmp_path / "other"):
        pass
    with pytest.raises(ChainError, match="the store holds a chain that is no fork"):
        Chain.fork(url, cache=cache, store=tmp_path / "other")


def test_a_fork_has_the_constants_of_its_source(tmp_path: Path) -> None:
    parameters = {"slot_duration_ms": 2000, "tempo": 7, "pending_childkey_cooldown": 5}
    overrides = {"Balances.ExistentialDeposit": 7, "SubtensorModule.KeySwapCost": 11}
    with Chain.dev(**parameters, overrides=overrides) as original, running(original, "127.0.0.1") as served:
        original.produce()
        with Chain.fork(served.url, cache=tmp_path) as fork:
            assert fork.config.constants == original.config.constants
            assert fork.slot_ms == 2000
            assert fork.produce().number == 2


def test_a_fork_of_a_fork_is_a_fork(source: Running, tmp_path: Path) -> None:
    with Chain.fork(source.url, cache=tmp_path) as first:
        first.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=TAO)
        with running(first, "127.0.0.1") as served, Chain.fork(served.url, cache=tmp_path) as second:
            assert pairs(second.state) == pairs(first.state)
            assert second.block(3) == first.block(3)
            assert second.produce() == first.produce()


def test_a_whole_fork_has_the_roots_of_a_trie(source: Running, tmp_path: Path) -> None:
    original, folder = chain_of(source), tmp_path / "chain"
    with Chain.fork(source.url, cache=tmp_path, whole=True, dev_accounts=True, store=folder) as fork:
        fork.execute("Balances.transfer_all", "//Dave", dest="//Eve", keep_alive=False)
        head = fork.produce(2)
        assert fork.head_header.state_root == root_of(fork.state.items(b""), STATE_VERSION)
        assert len(fork.history.read_proof(head.hash, [system.Number.prefix])) > 1
        with pytest.raises(NotProvable):
            fork.history.read_proof(original.head.hash, [system.Number.prefix])
    with Chain.fork(source.url, POINT, cache=tmp_path, store=folder) as fork:
        assert fork.head == head
        with pytest.raises(NotProvable):
            fork.history.read_proof(original.head.hash, [system.Number.prefix])
        fork.rollback_to(POINT + 1)
        fork.produce()
        assert fork.head_header.state_root == root_of(fork.state.items(b""), STATE_VERSION)


def test_a_whole_fork_takes_the_blocks_of_its_source(source: Running, tmp_path: Path) -> None:
    original = chain_of(source)
    with Chain.fork(source.url, POINT - 10, cache=tmp_path, whole=True) as fork:
        for number in range(POINT - 9, POINT + 1):
            header, block = original.header(number), original.block(number)
            assert header is not None
            assert block is not None
            fork.import_block(header, list(block.body))
        assert fork.head == original.head


def test_a_lazy_fork_has_no_root_to_compare(source: Running, tmp_path: Path) -> None:
    with Chain.fork(source.url, cache=tmp_path) as first, running(first, "127.0.0.1") as served:
        served.call(first.produce)
        with pytest.raises(ChainError, match=r"values of the state at .* have the root .*that chain is itself a fork"):
            Chain.fork(served.url, cache=tmp_path, whole=True)


@pytest.mark.parametrize("whole", [False, True])
def test_a_fork_is_edited_between_blocks(source: Running, tmp_path: Path, whole: bool) -> None:
    heads = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        with Chain.fork(source.url, POINT, cache=tmp_path, store=folder, whole=whole) as fork:
            start, mark = pairs(fork.state), fork.snapshot()
            fork.set_storage("SubtensorModule.Tempo", 2, value=33)
            fork.fund("//Zoe", 5 * TAO)
            assert fork.query("SubtensorModule.Tempo", 2) == 33
            fork.execute("System.remark", fork.as_account("//Zoe"), remark=b"")
            assert fork.query("SubtensorModule.Tempo", 2, at=POINT) == TEMPO
            fork.revert(mark)
            assert (pairs(fork.state), fork.head.number) == (start, POINT)
            fork.fund("//Zoe", 5 * TAO)
            fork.produce()
            fork.set_storage("SubtensorModule.Tempo", 2, value=34)
        with Chain.fork(source.url, POINT, cache=tmp_path, store=folder) as fork:
            assert fork.query("SubtensorModule.Tempo", 2) == 34, "edits wait for the next block, on disk too"
            heads.append(fork.produce())
            assert fork.query("System.Account", "//Zoe").data.free == 5 * TAO
            if whole:
                assert fork.head_header.state_root == root_of(fork.state.items(b""), STATE_VERSION)
        assert heads[0] == heads[-1], "equal forks with equal edits make equal blocks"


def test_the_guide_runs(source: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    guide = (Path(__file__).resolve().parent.parent.parent.parent / "docs" / "fork.md").read_text()
    (program,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    with redirect_stdout(StringIO()) as printed:
        exec(program.replace("ws://localhost:9944", source.url).replace("360", "36"), {})
    assert printed.getvalue() == f"{POINT} 3\n{POINT + 1}\n"


def test_older_states_are_those_of_the_source(source: Running, tmp_path: Path) -> None:
    original = chain_of(source)
    with Chain.fork(source.url, cache=tmp_path) as fork:
        fork.produce()
        assert pairs(fork.context(20).state) == pairs(original.context(20).state)
        assert fork.query("System.Number", at=0) == 0
        with pytest.raises(UnknownBlock):
            fork.context(bytes(32))


def other_metadata(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the node answer with the genuine metadata of another version."""
    metadata = f"0x{vectors.metadata(name).hex()}"
    ask = Source.ask
    monkeypatch.setattr(Source, "ask", lambda *args: metadata if args[1] == "state_getMetadata" else ask(*args))


def test_another_layout_is_named_item_by_item(
    source: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other_metadata(monkeypatch, "finney393_reencoded_v14")
    with pytest.raises(ChainError) as refused:
        Chain.fork(source.url, cache=tmp_path)
    lines = str(refused.value).splitlines()
    assert lines[0].startswith(f"the state at {source.url} has another layout, in which these items would be misread")
    assert lines[1:] == [
        "- Balances.Holds: its values have another type",
        "- SubtensorModule.LastRateLimitedBlock: its keys have another type",
        "- SubtensorModule.NetworkRateLimit: expected the default 0x0000000000000000, got 0x201c000000000000",
    ]
    accepted = ["Balances.Holds", "SubtensorModule.LastRateLimitedBlock", "SubtensorModule.NetworkRateLimit"]
    with Chain.fork(source.url, cache=tmp_path, accept=accepted) as fork:
        fork.produce(2)
    notes = "\n".join(caplog.messages)
    assert "Balances.Holds may be misread: its values have another type" in notes
    assert "does not have AlphaAssets.AlphaBurned, AlphaAssets.AlphaRecycled, " in notes
    assert "Swap.EnabledUserLiquidity, Swap.FeeGlobalAlpha, " in notes
