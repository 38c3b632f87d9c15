"""The state of another node's block: what a dict says, with few requests, and each of them once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysubtensor.chain.errors import SourceFailed, StoreError
from pysubtensor.chain.history.fork.cache import Cache
from pysubtensor.chain.history.fork.source import Source
from pysubtensor.chain.history.fork.state import RemoteState
from pysubtensor.chain.history.fork.wire import Wire
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from .conftest import answering

AT = bytes(32)
ITEM, SMALL = b"i" * 32, b"s" * 32
#: A large map of 3 subnets with 700 entries each, a small one, plain values, and keys of other lengths.
VALUES = {
    **{
        ITEM + bytes([subnet, 0]) + number.to_bytes(2, "big"): bytes([number & 255])
        for subnet in range(3)
        for number in range(700)
    },
    **{SMALL + bytes([number]): b"" for number in range(5)},
    **{b"plain" + bytes([number]) * 27: b"p" for number in range(4)},
    b"a": b"1",
    b"\xff\xff": b"2",
}


class Node:
    """Answers from a dict, and counts its requests."""

    def __init__(self) -> None:
        self.state = MemoryBackend(VALUES)
        self.asked: list[str] = []

    def answer(self, method: str, params: list[Any]) -> Any:
        self.asked.append(method)
        if method == "state_getKeysPaged":
            prefix, count, start, _ = params
            walk = self.state.items(bytes.fromhex(prefix[2:]), None if start is None else bytes.fromhex(start[2:]))
            return [f"0x{key.hex()}" for (key, _), _ in zip(walk, range(count), strict=False)]
        if method == "state_queryStorageAt":
            return [{"block": params[1], "changes": [[key, self._value(key)] for key in params[0]]}]
        assert method == "state_getStorage"
        return self._value(params[0])

    def _value(self, key: str) -> str | None:
        value = self.state.get(bytes.fromhex(key[2:]))
        return None if value is None else f"0x{value.hex()}"


@pytest.fixture(scope="module")
def node() -> Iterator[tuple[Node, str]]:
    served = Node()
    with answering(served.answer) as address:
        yield served, f"ws://{address}"


def in_order(prefix: bytes, after: bytes | None) -> list[tuple[bytes, bytes]]:
    above = sorted(pair for pair in VALUES.items() if after is None or pair[0] > after)
    return [pair for pair in above if pair[0].startswith(prefix)]


IN_ITEM = st.binary(max_size=4).map(lambda end: ITEM + end)
KEY = st.one_of(st.sampled_from(sorted(VALUES)), st.binary(max_size=2), IN_ITEM)
READ = st.tuples(st.just("get"), KEY, st.none())
WALK = st.tuples(st.just("walk"), KEY.map(lambda key: key[:33]), st.one_of(st.none(), KEY))


def play(state: RemoteState, uses: list[Any]) -> None:
    for use, key, after in uses:
        if use == "get":
            assert state.get(key) == VALUES.get(key)
        else:
            assert list(state.items(key, after)) == in_order(key, after)


@given(st.lists(st.one_of(READ, WALK), max_size=8))
def test_reads_and_walks_in_any_order_are_those_of_a_dict(node: tuple[Node, str], uses: list[Any]) -> None:
    with closing(Source(Wire(node[1]))) as source, closing(Cache(None)) as cache:
        play(RemoteState(source, cache, AT), uses)
        node[0].asked.clear()
        play(RemoteState(source, cache, AT), uses)
        assert node[0].asked == [], "all of it is in the cache"


def test_requests_are_few(node: tuple[Node, str], tmp_path: Path) -> None:
    served, url = node
    with closing(Source(Wire(url))) as source, closing(Cache(tmp_path / "cache.sqlite")) as cache:
        state, asked = RemoteState(source, cache, AT), served.asked
        asked.clear()
        assert [state.get(key) for key in (SMALL + b"\0", SMALL + b"\4", SMALL + b"none")] == [b"", b"", None]
        assert asked == ["state_getKeysPaged", "state_queryStorageAt"], "a small map is read as a whole"
        asked.clear()
        for number in range(300, 360):
            state.get(ITEM + b"\2\0" + number.to_bytes(2, "big"))
        assert len(asked) < 100
        asked.clear()
        assert len(list(state.items(ITEM))) == 2100
        assert len(asked) <= 3 + 9, "pages of up to 1,000 keys, their values in parts of 256"
        asked.clear()
        column = [b"c" * 32 + number.to_bytes(2, "big") for number in range(500)]
        assert State(state).get_all(column) == [None] * 500
        assert asked == ["state_queryStorageAt"] * 2, "the values of a column are read together"
        asked.clear()
        state.prefetch([b"a", b"b", b"\xff\xff"])
        assert (state.get(b"a"), state.get(b"b"), asked) == (b"1", None, ["state_queryStorageAt"])


def test_the_cache_is_shared_and_kept(node: tuple[Node, str], tmp_path: Path) -> None:
    served, url = node
    with closing(Source(Wire(url))) as source, closing(Cache(tmp_path / "one")) as cache:
        with closing(Cache(tmp_path / "one")) as other:
            assert list(RemoteState(source, cache, AT).items(ITEM)) == in_order(ITEM, None)
            assert list(RemoteState(source, other, AT).items(ITEM)) == in_order(ITEM, None), "read again, and the same"
        served.asked.clear()
        with closing(Cache(tmp_path / "one")) as again:
            assert list(RemoteState(source, again, AT).items(ITEM)) == in_order(ITEM, None)
        assert served.asked == []


def test_a_damaged_cache_is_named(tmp_path: Path) -> None:
    path = tmp_path / "fork.sqlite"
    with closing(Cache(path)) as cache:
        cache.put([(number.to_bytes(4, "big"), bytes(100)) for number in range(1000)], (b"", b"\xff"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"fork.sqlite cannot be used: .*; remove the file to read everything again"):  # noqa: SIM117
        with closing(Cache(path)) as cache:
            list(cache.items(b"", b"\xff"))
    other = apsw.Connection(str(tmp_path / "other"))
    other.execute("CREATE TABLE notes (text)")
    other.close()
    with pytest.raises(StoreError, match="is no cache of a fork, or another version of pysubtensor wrote it"):
        Cache(tmp_path / "other")
    path.write_bytes(b"no database, but long enough to look like one" * 200)
    with pytest.raises(StoreError, match="cannot be used"):
        Cache(path)
    with pytest.raises(StoreError, match="cannot be used"):
        Cache(path / "below")


def test_a_key_without_a_value_is_refused() -> None:
    def answer(method: str, params: list[Any]) -> Any:
        if method == "state_getKeysPaged":
            return ["0x6161", "0x6162"]
        return [{"changes": [[key, None] for key in params[0]]}]

    with (
        answering(answer) as address,
        closing(Source(Wire(f"http://{address}"))) as source,
        closing(Cache(None)) as cache,
    ):
        state = RemoteState(source, cache, AT)
        with pytest.raises(SourceFailed, match="lists the key 0x6161 without a value"):
            list(state.items(b"a"))
        assert cache.get(b"aa") is None, "nothing of it is kept"
