"""Several roots of one change: the trie continues its work, with the same result as a new trie."""

from __future__ import annotations

import random

import pytest
from pysubtensor.chain.history.fork.roots import ChainedRoots
from pysubtensor.runtime.state import node_cache
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.state.later import Later, difference
from pysubtensor.runtime.state.overlay import Diff, MemoryBackend, State

from tests.runtime.state.test_trie import POOLS, Grown


def change(chance: random.Random, state: State, keys: list[bytes]) -> None:
    """Write and remove some of the keys."""
    gone = chance.choice([0, 0.2, 0.8])
    for key in chance.sample(keys, chance.choice([1, 1, 3, len(keys)])):
        state.put(key, None if chance.random() < gone else chance.choice([b"", b"small", b"w" * 40]) + key[-1:])


def with_values(state: State, also: dict[bytes, bytes]) -> bytes:
    return root_of({**dict(state.items(b"")), **also}, 1)


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("cache", [65_536, 2, 8])
def test_continued_roots_are_those_of_all_values(pool: str, cache: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_cache, "CACHE_LIMIT", cache)
    chance, keys, grown = random.Random(pool), POOLS[pool], Grown(1)
    for _ in range(150):
        state = State(grown.backend)
        change(chance, state, keys)
        assert grown.trie.update(state.diff())[0] == with_values(state, {})
        for _ in range(chance.randrange(3)):
            also = {key: b"also" * chance.randrange(12) + key for key in chance.sample(keys, chance.choice([0, 1, 4]))}
            assert grown.trie.root_with(also) == with_values(state, also)
            change(chance, state, keys)
            root, grown.staged = grown.trie.extend(state.diff())
            assert root == with_values(state, {})
        root, grown.staged = grown.trie.extend(state.diff())
        assert root == with_values(state, {})
        if chance.random() < 0.2:
            grown.trie.discard()
            continue
        grown.keep()
        grown.backend.apply(state.changes())
        grown.trie.commit()
    rebuilt = Grown(1)
    rebuilt.grow(dict(grown.backend.items(b"")))
    assert rebuilt.records == grown.records


def test_a_root_with_values_that_fails_leaves_the_staged_change() -> None:
    grown = Grown(1)
    pairs: dict[bytes, bytes | None] = {bytes([n]): b"v" * 40 for n in range(64)}
    grown.grow(pairs)
    state = State(grown.backend)
    state.put(b"\x05", b"new")
    root, _ = grown.trie.update(state.diff())
    with pytest.raises(TypeError):
        grown.trie.root_with({b"\x05": "no bytes", b"\x35": "no bytes"})  # type: ignore[dict-item]
    assert grown.trie.extend(state.diff())[0] == root == with_values(state, {})


def test_the_later_state_is_that_after_the_changes() -> None:
    backend = MemoryBackend({b"a": b"1", b"b": b"2", b"c": b"3"})
    state = State(backend)
    state.put(b"a", None)
    state.put(b"b", b"5")
    state.put(b"d", b"4")
    later = Later(backend, state.diff())
    assert list(later.items(b"")) == [(b"b", b"5"), (b"c", b"3"), (b"d", b"4")]
    assert list(later.items(b"", b"b")) == [(b"c", b"3"), (b"d", b"4")]
    assert list(later.items(b"d")) == [(b"d", b"4")]
    assert [later.get(key) for key in (b"a", b"b", b"c", b"d", b"e")] == [None, b"5", b"3", b"4", None]


def test_the_difference_of_two_diffs_has_what_was_undone() -> None:
    first = Diff({b"a": b"1", b"b": b"2", b"c": None}, {b"a": None, b"b": b"0", b"c": b"9"})
    second = Diff({b"a": b"1", b"d": b"4", b"c": b"8"}, {b"a": None, b"d": b"3", b"c": b"9"})
    assert difference(first, second) == Diff({b"b": b"0", b"d": b"4", b"c": b"8"}, {b"b": b"2", b"d": b"3", b"c": None})


def test_a_fork_chains_its_roots_with_values_besides() -> None:
    """The root of a fork is the hash of its parent's root and of the changes: those besides count like any others."""
    backend = MemoryBackend({b"a": b"1"})
    state, roots = State(backend), ChainedRoots({}, backend, 1, lambda: bytes(32))
    state.put(b"a", b"2")
    root, _ = roots.update(state.diff())
    within = roots.root_with({b"b": b"3"})
    state.put(b"b", b"3")
    assert roots.extend(state.diff())[0] == within != root
