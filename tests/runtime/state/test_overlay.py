"""The state's layers, against a state that copies everything."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pysubtensor.consensus.internal import InternalError
from pysubtensor.runtime.state import overlay
from pysubtensor.runtime.state.overlay import ITEM_PREFIX, MemoryBackend, State
from pysubtensor.runtime.state.reference import CopyingState

KEYS = st.sampled_from([b"", b"a", b"ab", b"abc", b"b", b"b\x00", b"b\xff", b"\xff", b"\xff\xff"])
VALUES = st.sampled_from([b"", b"1", b"2", b"3"])


class Undo(Exception):
    """Leaves a transaction on purpose."""


class LayersAgree(RuleBasedStateMachine):
    """Any sequence of operations has the same state, iteration and changes as a state that copies everything."""

    @initialize(stored=st.dictionaries(KEYS, VALUES), cache=st.sampled_from([1, 3, 100_000]))
    def start(self, stored: dict[bytes, bytes], cache: int) -> None:
        self.limit, overlay.CACHE_LIMIT = overlay.CACHE_LIMIT, cache
        self.backend = MemoryBackend(stored)
        self.fast, self.slow = State(self.backend), CopyingState(stored)
        self.layers: list[tuple[AbstractContextManager[None], AbstractContextManager[None]]] = []

    @rule(key=KEYS, value=VALUES)
    def put(self, key: bytes, value: bytes) -> None:
        self.fast.put(key, value)
        self.slow.put(key, value)

    @rule(values=st.dictionaries(KEYS, VALUES))
    def put_all(self, values: dict[bytes, bytes]) -> None:
        self.fast.put_all(values, values.values(), values.values())
        for key, value in values.items():
            self.slow.put(key, value)

    @rule(key=KEYS)
    def delete(self, key: bytes) -> None:
        self.fast.delete(key)
        self.slow.delete(key)

    @rule(key=KEYS)
    def remember_decoded(self, key: bytes) -> None:
        self.fast.decoded[key] = self.fast.get(key)

    @rule(prefix=KEYS, limit=st.one_of(st.none(), st.integers(0, 3)))
    def clear_prefix(self, prefix: bytes, limit: int | None) -> None:
        assert self.fast.clear_prefix(prefix, limit) == self.slow.clear_prefix(prefix, limit)

    @rule(prefix=KEYS, after=st.one_of(st.none(), KEYS), count=st.one_of(st.none(), st.integers(0, 3)))
    def first_keys(self, prefix: bytes, after: bytes | None, count: int | None) -> None:
        expected = [key for key, _ in self.slow.items(prefix, after)]
        assert self.fast.first_keys(prefix, count, after) == expected[:count]

    @rule(prefix=KEYS, after=st.one_of(st.none(), KEYS))
    def walk(self, prefix: bytes, after: bytes | None) -> None:
        assert list(self.fast.items(prefix, after)) == list(self.slow.items(prefix, after))
        assert list(self.fast.keys(prefix, after)) == [key for key, _ in self.slow.items(prefix, after)]

    @rule(anchor=st.booleans())
    def open_layer(self, anchor: bool) -> None:
        fast = self.fast.anchor() if anchor else self.fast.transaction()
        slow = self.slow.anchor() if anchor else self.slow.transaction()
        fast.__enter__()
        slow.__enter__()
        self.layers.append((fast, slow))

    @precondition(lambda self: self.layers)
    @rule(fail=st.booleans())
    def close_layer(self, fail: bool) -> None:
        fast, slow = self.layers.pop()
        error = Undo() if fail else None
        for layer in (fast, slow):
            assert not layer.__exit__(type(error) if error else None, error, None)

    @precondition(lambda self: not self.layers)
    @rule()
    def commit(self) -> None:
        self.backend.apply(self.fast.changes())
        self.fast.commit()
        self.slow.commit()
        assert self.fast.changes() == {}

    @precondition(lambda self: not self.layers)
    @rule()
    def discard(self) -> None:
        self.fast.discard()
        self.slow.discard()

    @invariant()
    def agree(self) -> None:
        diff, changes = self.fast.diff(), self.slow.changes()
        assert self.fast.changes() == diff.after == changes
        assert diff.before == {key: self.backend.get(key) for key in changes}
        assert diff.reversed() == (diff.before, diff.after)
        for key, value in self.fast.decoded.items():
            assert value == self.slow.get(key)
        for key in (b"a", b"ab", b"b\x00", b"\xff"):
            assert self.fast.get(key) == self.slow.get(key)
            assert self.fast.exists(key) == (self.slow.get(key) is not None)

    def teardown(self) -> None:
        if hasattr(self, "limit"):
            overlay.CACHE_LIMIT = self.limit


TestLayersAgree = LayersAgree.TestCase
TestLayersAgree.settings = settings(max_examples=50, stateful_step_count=30)


def put_and_fail(state: State) -> None:
    with state.transaction():
        state.put(b"k", b"lost")
        state.delete(b"other")
        raise Undo


def test_a_transaction_is_kept_unless_it_raises() -> None:
    state = State(MemoryBackend({b"k": b"old", b"other": b"there"}))
    with state.transaction():
        state.put(b"k", b"new")
        with pytest.raises(Undo):
            put_and_fail(state)
        assert state.get(b"k") == b"new"
    assert state.changes() == {b"k": b"new"}


def test_an_anchor_reverts_kept_transactions() -> None:
    state = State(MemoryBackend({b"k": b"old"}))
    with state.anchor():
        with state.transaction():
            state.put(b"k", b"new")
        assert state.get(b"k") == b"new"
    assert state.get(b"k") == b"old"
    assert state.changes() == {}


def test_a_restored_value_is_no_change() -> None:
    state = State(MemoryBackend({b"k": b"old"}))
    state.put(b"k", b"new")
    state.put(b"k", b"old")
    state.put(b"fresh", b"")
    state.delete(b"fresh")
    assert state.changes() == {}


def test_decoded_values_are_dropped_with_their_encoded_value() -> None:
    state = State(MemoryBackend({b"k": b"1"}))
    state.decoded[b"k"] = 1
    with state.anchor():
        state.put(b"k", b"2")
        assert b"k" not in state.decoded
        state.decoded[b"k"] = 2
    assert b"k" not in state.decoded


def test_cached_keys_of_an_item_are_dropped_when_its_keys_change() -> None:
    prefix = bytes(ITEM_PREFIX)
    state = State(MemoryBackend({prefix + b"old": b"1"}))
    state.decoded[prefix] = ("old",)
    state.put(prefix + b"old", b"2")
    assert state.decoded[prefix] == ("old",), "a value that changes is no key that comes"
    with state.anchor():
        state.put(prefix + b"new", b"1")
        assert prefix not in state.decoded
        state.decoded[prefix] = ("old", "new")
    assert prefix not in state.decoded
    state.decoded[prefix] = ("old",)
    state.delete(prefix + b"old")
    assert prefix not in state.decoded


def test_writing_the_present_value_is_no_change() -> None:
    state = State(MemoryBackend({b"k": b"1"}))
    state.decoded[b"k"] = 1
    state.put(b"k", b"1")
    state.delete(b"absent")
    assert state.decoded == {b"k": 1}
    assert list(state.items(b"")) == [(b"k", b"1")]
    assert state.changes() == {}


def test_the_caches_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "CACHE_LIMIT", 100)
    reads = []

    class Counting(MemoryBackend):
        def get(self, key: bytes) -> bytes | None:
            reads.append(key)
            return super().get(key)

    state = State(Counting({b"k": b"v"}))
    state.put(b"written", b"value")
    for number in range(1000):
        assert state.get(number.to_bytes(2)) is None
        state.decoded[number.to_bytes(2)] = number
    assert len(state._values) <= 101
    assert state.get(b"written") == b"value"
    assert reads.count(b"written") == 1
    with state.transaction():
        assert len(state.decoded) <= 101


def test_a_map_can_be_drained_during_iteration() -> None:
    state = State(MemoryBackend({b"m%d" % n: b"v" for n in range(600)}))
    state.put(b"m9999", b"new")
    for key, _ in state.items(b"m"):
        state.delete(key)
    assert list(state.keys(b"m")) == []
    assert len(state.changes()) == 600


def test_iteration_sees_values_changed_ahead_of_it() -> None:
    state = State(MemoryBackend({b"a": b"1", b"b": b"1", b"c": b"1"}))
    seen = []
    for key, value in state.items(b""):
        seen.append((key, value))
        state.put(b"b", b"2")
        state.delete(b"c")
    assert seen == [(b"a", b"1"), (b"b", b"2")]


def test_a_commit_within_a_layer_is_refused() -> None:
    state = State(MemoryBackend())
    with state.transaction(), pytest.raises(InternalError, match="no open layer"):
        state.commit()
    with state.anchor(), pytest.raises(InternalError, match="no open layer"):
        state.discard()


def test_the_cache_of_values_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "CACHE_BYTES", 10_000)
    backend = MemoryBackend({number.to_bytes(2): bytes(1_000) for number in range(100)})
    state = State(backend)
    state.put(b"written", bytes(20_000))
    for number in range(100):
        assert state.get(number.to_bytes(2)) == bytes(1_000)
        assert len(state._values) <= 12
    state.decoded[b"k"] = "decoded"
    backend.apply(state.changes())
    state.commit()
    assert state.get(b"absent") is None
    assert b"written" not in state._values
    with state.anchor():
        assert not state.decoded


def test_a_peek_is_not_remembered() -> None:
    state = State(MemoryBackend({b"k": b"v"}))
    assert (state.peek(b"k"), state.peek(b"absent")) == (b"v", None)
    assert not state._values
    state.put(b"k", b"w")
    assert state.peek(b"k") == b"w"
