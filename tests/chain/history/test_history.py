"""Blocks and past states over every engine: against a list of whole states, and killed in the middle."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pysubtensor.chain.history.blocks import Retention, StateDiscarded, StoredBlock, UnknownBlock
from pysubtensor.chain.history.history import History
from pysubtensor.chain.history.layout import HEAD, HeadRecord, escape, key_of_stem, pack, stem, unpack
from pysubtensor.chain.history.stores import Store, StoreError, open_store
from pysubtensor.chain.history.stores.choose import available
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.state.overlay import State

World = dict[bytes, bytes]
#: Keys that are prefixes of one another and hold zero bytes, which the undo records have to keep apart.
KEYS = [b"", b"a", b"a\x00", b"a\x00\x00", b"a\x00\xff", b"a\x01", b"ab", b"\x00", b"\xff", b"\xff\xff"]
KEYS += [b"map:" + bytes([n]) + b"key of an account, longer than a hash" for n in range(40)]


@pytest.fixture(params=["memory", *available()])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(None) if request.param == "memory" else open_store(tmp_path, request.param)
    yield opened
    opened.close()


def name(number: int, fork: int = 0) -> bytes:
    return bytes([fork]) + number.to_bytes(31)


def append(history: History, changes: dict[bytes, bytes | None], fork: int = 0) -> bytes:
    """Commit a block with these changes and return the state root."""
    state = State(history.state)
    for key, value in changes.items():
        state.delete(key) if value is None else state.put(key, value)
    diff = state.diff()
    root, nodes = history.trie.update(diff)
    number = 0 if history.empty else history.head.number + 1
    body = (b"extrinsic", number.to_bytes(4))
    history.commit_block(StoredBlock(number, name(number, fork), b"header" + root, body), diff, nodes)
    return root


def some_changes(chance: random.Random) -> dict[bytes, bytes | None]:
    keys = chance.sample(KEYS, chance.randrange(12))
    return {key: chance.choice([None, b"", chance.randbytes(3), chance.randbytes(40)]) for key in keys}


def applied(world: World, changes: dict[bytes, bytes | None]) -> World:
    return {key: value for key, value in {**world, **changes}.items() if value is not None}


def grown(history: History, blocks: int, seed: int) -> list[World]:
    """Return the whole state after each block."""
    chance, worlds, world = random.Random(seed), [], World()
    for _ in range(blocks):
        changes = some_changes(chance)
        world = applied(world, changes)
        assert append(history, changes) == root_of(world, 1)
        worlds.append(world)
    return worlds


def assert_state(history: History, number: int, world: World, fork: int = 0) -> None:
    past = history.state_at(name(number, fork))
    assert {key: past.get(key) for key in KEYS} == {key: world.get(key) for key in KEYS}
    assert list(past.items(b"")) == sorted(world.items())
    for prefix, after in ((b"a", None), (b"a", b"a"), (b"a\x00", b"a\x00\x00"), (b"map:", KEYS[20]), (b"", b"a")):
        wanted = [(k, v) for k, v in sorted(world.items()) if k.startswith(prefix) and (after is None or k > after)]
        assert list(past.items(prefix, after)) == wanted


def test_every_past_state_can_be_read_and_walked(store: Store) -> None:
    history = History(store)
    worlds = grown(history, 30, seed=1)
    for number, world in enumerate(worlds):
        assert_state(history, number, world)


def test_a_view_stays_at_its_block_while_the_chain_grows(store: Store) -> None:
    history = History(store)
    append(history, {b"k": b"old"})
    view = history.state_at(name(0))
    append(history, {b"k": None})
    assert (view.get(b"k"), history.state.get(b"k")) == (b"old", None)
    assert list(view.items(b"")) == [(b"k", b"old")]


def test_blocks_are_found_by_hash_and_number(store: Store) -> None:
    history = History(store)
    assert history.empty
    with pytest.raises(UnknownBlock):
        _ = history.head
    root = append(history, {b"k": b"v"})
    append(history, {})
    block = StoredBlock(0, name(0), b"header" + root, (b"extrinsic", bytes(4)))
    assert history.block_by_hash(name(0)) == history.block_by_number(0) == block
    assert [history.hash_at(number) for number in (-1, 0, 1, 2)] == [None, name(0), name(1), None]
    assert (history.head.number, history.head.hash) == (1, name(1))
    with pytest.raises(UnknownBlock, match="number 2"):
        history.block_by_number(2)
    with pytest.raises(UnknownBlock, match=name(9).hex()):
        history.state_at(name(9))


def test_the_head_can_be_rolled_back_and_grow_another_way(store: Store) -> None:
    history = History(store)
    worlds = grown(history, 25, seed=2)
    view, kept = history.state_at(name(20)), history.state_at(name(8))
    history.rollback_to(12)
    assert history.head.number == 12
    assert history.hash_at(13) is None
    with pytest.raises(UnknownBlock):
        history.block_by_hash(name(20))
    with pytest.raises(UnknownBlock):
        view.get(b"a")
    assert kept.get(b"a") == worlds[8].get(b"a")
    for number in range(13):
        assert_state(history, number, worlds[number])
    world, chance = worlds[12], random.Random(3)
    for number in range(13, 25):
        changes = some_changes(chance)
        world = applied(world, changes)
        assert append(history, changes, fork=1) == root_of(world, 1)
        assert_state(history, number, world, fork=1)
    with pytest.raises(UnknownBlock):
        view.get(b"a")
    history.rollback_to(0)
    assert_state(history, 0, worlds[0])
    with pytest.raises(UnknownBlock):
        history.rollback_to(1)


def test_a_reopened_history_continues(tmp_path: Path) -> None:
    for engine in available():
        store = open_store(tmp_path / engine, engine)
        worlds = grown(History(store), 12, seed=4)
        store.close()
        store = open_store(tmp_path / engine)
        history = History(store)
        assert history.head.number == 11
        for number, world in enumerate(worlds):
            assert_state(history, number, world)
        changes: dict[bytes, bytes | None] = {b"a": b"new", KEYS[25]: None}
        assert append(history, changes) == root_of(applied(worlds[-1], changes), 1)
        history.rollback_to(5)
        assert append(history, changes) == root_of(applied(worlds[5], changes), 1)
        store.close()


def test_states_and_blocks_beyond_the_retention_go(store: Store) -> None:
    history = History(store, Retention(states=4, blocks=10))
    worlds = grown(history, 30, seed=5)
    for number in range(26, 30):
        assert_state(history, number, worlds[number])
    with pytest.raises(StateDiscarded, match=f"^State already discarded for 0x{name(25).hex()}$"):
        history.state_at(name(25))
    with pytest.raises(StateDiscarded):
        history.rollback_to(25)
    kept = [number for number in range(31) if history.hash_at(number) is not None]
    assert kept == [0, *range(20, 30)]
    with pytest.raises(UnknownBlock):
        history.number_of(name(19))


def test_a_view_of_a_discarded_state_is_refused(store: Store) -> None:
    history = History(store, Retention(states=2, blocks=None))
    append(history, {b"k": b"1"})
    view = history.state_at(name(0))
    append(history, {b"k": b"2"})
    assert view.get(b"k") == b"1"
    append(history, {b"k": b"3"})
    with pytest.raises(StateDiscarded):
        view.get(b"k")
    assert history.block_by_hash(name(0)).number == 0


def test_a_retention_bounds_what_is_stored(store: Store) -> None:
    history = History(store, Retention(states=3, blocks=3))

    def size() -> int:
        return sum(1 for _ in store.items(b""))

    for number in range(10):
        append(history, {b"one": number.to_bytes(2), b"two": number.to_bytes(2)})
    steady = size()
    for number in range(10, 60):
        append(history, {b"one": number.to_bytes(2), b"two": number.to_bytes(2)})
    assert size() == steady


def test_a_shorter_retention_is_reached_step_by_step(store: Store) -> None:
    grown(History(store, Retention(states=None, blocks=None)), 60, seed=6)
    history = History(store, Retention(states=5, blocks=5))
    assert history.head.first_state == 0
    append(history, {b"k": b"v"})
    assert history.head.first_state == 16
    for _ in range(10):
        append(history, {})
    assert history.head.first_state == history.head.first_block == 66


def test_retentions_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 state"):
        Retention(states=0)
    with pytest.raises(ValueError, match="at least as many blocks as states"):
        Retention(states=10, blocks=9)


def test_after_a_rollback_the_trie_is_read_from_what_is_stored(store: Store) -> None:
    """Not from branches that the removed blocks changed and that were not saved yet."""
    history = History(store)
    worlds = grown(history, 20, seed=11)
    assert history.head.trie < 12
    history.rollback_to(12)
    history.trie.forget()  # the branches in memory
    changes: dict[bytes, bytes | None] = {b"a": b"another way", KEYS[30]: None}
    assert append(history, changes, fork=1) == root_of(applied(worlds[12], changes), 1)


def test_a_proof_of_a_past_state_leaves_the_head_alone(store: Store) -> None:
    history = History(store)
    worlds = grown(history, 12, seed=7)
    fresh = History(open_store(None))
    append(fresh, dict(worlds[6]))
    for keys in (KEYS[:4], [b"absent", KEYS[30]]):
        assert history.read_proof(name(6), keys) == fresh.read_proof(name(0), keys)
    changes: dict[bytes, bytes | None] = {b"a": b"after the proof"}
    assert append(history, changes) == root_of(applied(worlds[-1], changes), 1)


def test_a_proof_between_hashing_and_committing_a_block_does_no_harm(store: Store) -> None:
    history = History(store)
    worlds = grown(history, 8, seed=8)
    state = State(history.state)
    state.put(b"a", b"hashed before the proof")
    diff = state.diff()
    _, nodes = history.trie.update(diff)
    history.read_proof(name(3), KEYS)
    history.commit_block(StoredBlock(8, name(8), b"header", ()), diff, nodes)
    world = applied(worlds[-1], diff.after)
    for key in KEYS[10:]:
        world = applied(world, {key: b"and on"})
        assert append(history, {key: b"and on"}) == root_of(world, 1)


@pytest.mark.parametrize("states", [1, 2, 3, 70])
def test_after_a_kill_the_trie_catches_up_whatever_is_retained(states: int) -> None:
    store = open_store(None)
    worlds = grown(History(store, Retention(states, blocks=None)), 75, seed=states)
    history = History(store, Retention(states, blocks=None))
    changes: dict[bytes, bytes | None] = {b"a": b"new", KEYS[25]: b"other"}
    assert append(history, changes) == root_of(applied(worlds[-1], changes), 1)


def test_a_closed_history_left_its_trie_complete(tmp_path: Path) -> None:
    for engine in available():
        history = History(open_store(tmp_path / engine, engine))
        worlds = grown(history, 5, seed=9)
        assert history.head.trie == 0
        history.close()
        history.close()
        history = History(open_store(tmp_path / engine))
        assert history.head.trie == history.head.number == 4
        assert history.trie.update(State(history.state).diff())[0] == root_of(worlds[-1], 1)
        history.close()


def test_a_database_of_another_format_is_refused() -> None:
    store = open_store(None)
    record = HeadRecord(6, name(6), 1, 2, 3, 4).record()
    assert HeadRecord.from_record(record) == HeadRecord(6, name(6), 1, 2, 3, 4)
    store.write({HEAD: b"\x00\x63" + record[2:]})
    with pytest.raises(StoreError, match="expected a database of format 2, got format 99: another version"):
        History(store)


def test_undo_keys_sort_as_the_keys_do() -> None:
    assert [key_of_stem(stem(key)) for key in KEYS] == KEYS
    assert sorted(KEYS, key=stem) == sorted(KEYS)
    for key in KEYS:
        for other in KEYS:
            assert stem(other).startswith(stem(key)) == (key == other)
            assert stem(other)[1:].startswith(escape(key)) == other.startswith(key)


def test_packed_strings_are_unpacked() -> None:
    for items in ([], [b""], [b"a", b"", b"long" * 99]):
        assert unpack(b"before" + pack(items), 6) == items


WRITER = """
import sys
from pathlib import Path
from pysubtensor.chain.history.blocks import StoredBlock
from pysubtensor.chain.history.history import History
from pysubtensor.chain.history.stores import open_store
from pysubtensor.runtime.state.overlay import State
history = History(open_store(Path(sys.argv[1]), sys.argv[2]))
state = State(history.state)
number = 0 if history.empty else history.head.number + 1
while True:
    for n in range(40):
        state.put(b"key %d of a map; as long as a hash is" % ((number * 7 + n) % 97), b"%d" % number * 12)
    state.put(b"number", b"%d" % number)
    diff = state.diff()
    root, nodes = history.trie.update(diff)
    history.commit_block(StoredBlock(number, number.to_bytes(32), root, ()), diff, nodes)
    state.commit()
    print(number, flush=True)
    number += 1
"""


@pytest.mark.parametrize("engine", available())
def test_a_history_killed_while_writing_reopens_at_a_whole_block(engine: str, tmp_path: Path) -> None:
    last_reported = -1
    for round_ in range(4):
        command = [sys.executable, "-c", WRITER, tmp_path, engine]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(5 + 13 * round_):
                last_reported = int(next(writer.stdout))
            writer.send_signal(signal.SIGKILL)
        store = open_store(tmp_path)
        history = History(store)
        head = history.head
        assert head.number >= last_reported
        assert history.state.get(b"number") == b"%d" % head.number
        world = dict(history.state.items(b""))
        assert history.block_by_number(head.number).header == root_of(world, 1)
        assert history.trie.update(State(history.state).diff())[0] == root_of(world, 1)
        assert history.state_at((head.number - 1).to_bytes(32)).get(b"number") == b"%d" % (head.number - 1)
        store.close()


def test_memory_keeps_the_latest_4096_blocks_and_a_disk_keeps_all(store: Store) -> None:
    kept = Retention(4096, 4096 if store.engine == "memory" else None)
    assert History(store).retention == kept
    assert History(store, Retention(1, 2)).retention == Retention(1, 2)
