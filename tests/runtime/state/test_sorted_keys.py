"""Walks over keys that come and go, against sorting all of them each time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.state.sorted_keys import CHUNK, Appended, SortedKeys, end_of_prefix

#: Few different bytes, the last one among them, so that prefixes are shared and some have no end.
KEYS = st.text("\x00\x01\xfe\xff", max_size=4).map(lambda text: text.encode("latin-1"))
POSITION = st.none() | KEYS
#: A key to toggle, then a walk: its prefix, where it begins, its direction.
STEPS = st.lists(st.tuples(st.lists(KEYS, max_size=8), KEYS, POSITION, st.booleans()), max_size=12)


def expected(keys: set[bytes], prefix: bytes, after: bytes | None, back: bool) -> list[bytes]:
    """The slow obvious version of a walk."""
    found = sorted((key for key in keys if key.startswith(prefix)), reverse=back)
    return [key for key in found if after is None or (key < after if back else key > after)]


@given(STEPS)
def test_walks_find_what_sorting_finds(steps: list[tuple[list[bytes], bytes, bytes | None, bool]]) -> None:
    keys, ordered = set[bytes](), SortedKeys()
    for toggled, prefix, after, back in steps:
        for key in toggled:
            (ordered.remove if key in keys else ordered.add)(key)
            keys ^= {key}
        walk = (ordered.walk_back if back else ordered.walk)(prefix, after)
        assert list(walk) == expected(keys, prefix, after, back)


@given(STEPS)
def test_keys_that_are_only_added_are_found_between(
    steps: list[tuple[list[bytes], bytes, bytes | None, bool]],
) -> None:
    keys, ordered = set[bytes](), Appended()
    for added, prefix, after, drop in steps:
        new = list(dict.fromkeys(key for key in added if key not in keys))
        ordered.new += new
        keys.update(new)
        assert ordered.between(prefix, after) == expected(keys, prefix, after, False)
        if drop:
            ordered.clear()
            keys.clear()


@settings(max_examples=20)
@given(st.integers(0, 2), st.booleans(), st.integers(1, 5))
def test_a_walk_survives_changes(more: int, back: bool, every: int) -> None:
    """Keys that stay during a walk longer than its chunks are met once each, in order."""
    total = 2 * CHUNK + more
    keys = [number.to_bytes(2, "big") for number in range(0, 2 * total, 2)]
    ordered = SortedKeys()
    for key in keys:
        ordered.add(key)
    met, gone = [], set()
    for position, key in enumerate(ordered.walk_back(b"") if back else ordered.walk(b"")):
        met.append(key)
        if position % every == 0:
            ordered.remove(key)
            gone.add(key)
            ordered.add((int.from_bytes(key, "big") + 1).to_bytes(2, "big"))
    stayed = [key for key in keys if key not in gone]
    assert [key for key in met if key in stayed] == (stayed[::-1] if back else stayed)
    assert len(set(met)) == len(met)


def test_the_end_of_a_prefix_is_the_first_key_behind_it() -> None:
    assert end_of_prefix(b"a") == b"b"
    assert end_of_prefix(b"a\xff\xff") == b"b"
    assert end_of_prefix(b"\xff") is None
    assert end_of_prefix(b"") is None
