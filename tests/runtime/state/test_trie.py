"""The state trie: known roots, and the incremental trie against one built from the definition."""

from __future__ import annotations

import json
import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.state import node_cache
from pysubtensor.runtime.state.build import CHILD_PREFIX, ordered_root, root_of, with_children
from pysubtensor.runtime.state.leaves import items_below
from pysubtensor.runtime.state.nodes import EMPTY_ROOT, Branch, HashedValue
from pysubtensor.runtime.state.overlay import Diff, MemoryBackend, State
from pysubtensor.runtime.state.reference import slow_root
from pysubtensor.runtime.state.trie import Trie

from tests.vectors import FOLDER, load


def unhex(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def unhex_pairs(pairs: list[list[str]]) -> dict[bytes, bytes]:
    return {unhex(key): unhex(value) for key, value in pairs}


class Grown:
    """A trie with the state it stands on, both in memory."""

    def __init__(self, version: int) -> None:
        self.backend = MemoryBackend()
        self.records: dict[bytes, bytes] = {}
        self.trie = Trie(self.records, self.backend, version)

    def update(self, changes: dict[bytes, bytes | None]) -> bytes:
        root = self.stage(changes)
        self.backend.apply(changes)
        self.trie.commit()
        return root

    def stage(self, changes: dict[bytes, bytes | None]) -> bytes:
        state = State(self.backend)
        for key, value in changes.items():
            state.delete(key) if value is None else state.put(key, value)
        root, self.staged = self.trie.update(state.diff())
        return root

    def keep(self) -> None:
        for path, record in self.staged.items():
            if record is None:
                self.records.pop(path, None)
            else:
                self.records[path] = record

    def grow(self, changes: dict[bytes, bytes | None]) -> bytes:
        root = self.update(changes)
        self.keep()
        return root


def test_roots_of_the_vectors() -> None:
    for case in load("formats/trie_roots")["cases"]:
        pairs = unhex_pairs(case["pairs"])
        for version in (0, 1):
            expected = unhex(case[f"root_v{version}"])
            assert root_of(pairs, version) == expected, case["name"]
            assert slow_root(pairs, version) == expected, case["name"]
            assert Grown(version).grow(dict(pairs)) == expected, case["name"]


def test_the_vectors_inserted_and_removed_key_by_key() -> None:
    for case in load("formats/trie_roots")["cases"]:
        pairs = unhex_pairs(case["pairs"])
        if len(pairs) > 60:
            continue
        grown = Grown(1)
        root = EMPTY_ROOT
        for key, value in pairs.items():
            root = grown.grow({key: value})
        assert root == unhex(case["root_v1"]), case["name"]
        for key in pairs:
            root = grown.grow({key: None})
        assert root == EMPTY_ROOT
        assert grown.records == {}


def test_ordered_roots_of_the_vectors() -> None:
    data = load("formats/ordered_trie_roots")
    for case in data["cases"]:
        values = [unhex(value) for value in case["values"]]
        for version in (0, 1):
            assert ordered_root(values, version) == unhex(case[f"root_v{version}"]), case["name"]
    for block in data["real_blocks"]:
        assert ordered_root([unhex(e) for e in block["extrinsics"]]) == unhex(block["extrinsics_root"])


def test_child_tries_of_the_vectors() -> None:
    data = load("formats/child_tries")
    for case in [*data["roots"], *data["synthetic"]]:
        pairs = unhex_pairs(case["pairs"])
        for version in (0, 1):
            assert root_of(pairs, version) == unhex(case[f"root_v{version}"])
    for case in data["roots"]:
        top = with_children({}, {unhex(case["child_id"]): unhex_pairs(case["pairs"])}, 1)
        assert top == {unhex(case["main_trie_key"]): unhex(case["child_root"])}
    for block in data["real_blocks"]:
        top = unhex_pairs(block["post_main_without_code_and_children"])
        top[b":code"] = HashedValue(unhex(block["code_blake2_256"]))
        children = {unhex(name): unhex_pairs(pairs) for name, pairs in block["children"].items()}
        assert root_of(with_children(top, children, 1), 1) == unhex(block["state_root"]), block["source"]


def test_an_empty_child_trie_has_no_entry() -> None:
    assert with_children({b"a": b"1"}, {b"none": {}}, 1) == {b"a": b"1"}
    assert set(with_children({}, {b"one": {b"k": b"v"}}, 1)) == {CHILD_PREFIX + b"one"}


def test_the_genesis_of_the_public_testnet() -> None:
    data = json.loads((FOLDER / "genesis" / "testnet.json").read_text())
    pairs = {unhex(key): unhex(value) for key, value in data["top"].items()}
    pairs |= {unhex(key): HashedValue(unhex(value)) for key, value in data["hashed"].items()}
    assert len(pairs) == 46
    assert root_of(pairs, 1) == Grown(1).grow(dict(pairs)) == unhex(data["state_root"])


def test_the_empty_root_is_the_published_one() -> None:
    expected = "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314"
    assert root_of({}, 1).hex() == ordered_root([]).hex() == EMPTY_ROOT.hex() == expected


# Few distinct bytes and short keys make splits, merges and keys that are prefixes of others common.
KEYS = st.one_of(
    st.lists(st.sampled_from([0x00, 0x01, 0x10, 0x11, 0xF0]), max_size=4).map(bytes),
    st.binary(max_size=3),
    st.integers(0, 400).map(lambda n: b"pallet and item; long enough for a hash" + n.to_bytes(2)),
)
VALUES = st.one_of(st.binary(max_size=4), st.sampled_from([b"v" * 31, b"w" * 32, b"x" * 33, b"y" * 90]))
CHANGES = st.dictionaries(KEYS, st.one_of(st.none(), VALUES), max_size=12)


@settings(max_examples=150)
@given(st.dictionaries(KEYS, VALUES, max_size=40), st.sampled_from([0, 1]))
def test_built_roots_are_those_of_the_definition(pairs: dict[bytes, bytes], version: int) -> None:
    assert root_of(pairs, version) == slow_root(pairs, version)


@settings(max_examples=250)
@given(st.lists(st.tuples(CHANGES, st.booleans(), st.booleans()), max_size=8), st.sampled_from([0, 1]))
def test_an_updated_trie_equals_a_rebuilt_one(
    steps: list[tuple[dict[bytes, bytes | None], bool, bool]], version: int
) -> None:
    grown = Grown(version)
    pairs: dict[bytes, bytes] = {}
    for changes, keep, forget in steps:
        after = {**pairs, **changes}
        wanted = {key: value for key, value in after.items() if value is not None}
        root = grown.stage(changes)
        assert root == slow_root(wanted, version)
        if keep:
            grown.keep()
            grown.backend.apply(changes)
            grown.trie.commit()
            pairs = wanted
        if forget:
            grown.trie.forget()
        assert grown.stage({}) == slow_root(pairs, version)
        for path, record in grown.records.items():
            assert Branch.from_record(record).record() == record, path
    rebuilt = Grown(version)
    rebuilt.grow(dict(pairs))
    assert rebuilt.records == grown.records


LONG = b"a shared beginning of more than sixty-three nibbles"
#: Pools of keys small enough that random changes meet every case of splitting and merging.
POOLS = {
    "dense": [bytes(key) for size in range(3) for key in product((0x00, 0x01, 0x10, 0x11), repeat=size)],
    "long": [LONG + bytes([n * 37 % 256, n]) for n in range(24)] + [LONG, LONG[:20]],
    "hashed": [bytes([n % 16 << 4]) + LONG + bytes([n]) for n in range(40)],
    "short": [bytes([n]) for n in range(0, 256, 3)],
}


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(("version", "cache"), [(0, 65_536), (1, 65_536), (1, 2), (1, 8)])
def test_random_changes_of_few_keys(pool: str, version: int, cache: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_cache, "CACHE_LIMIT", cache)
    chance, keys, grown = random.Random(pool), POOLS[pool], Grown(version)
    pairs: dict[bytes, bytes] = {}
    for step in range(300):
        amount = chance.choice([1, 1, 1, 3, len(keys)])
        value = chance.choice([b"", b"small", b"v" * 31, b"w" * 40])
        gone = chance.choice([0, 0.2, 0.8])
        changes: dict[bytes, bytes | None] = {
            key: None if chance.random() < gone else value + bytes([step % 256]) for key in chance.sample(keys, amount)
        }
        if chance.random() < 0.5:
            grown.trie.forget()
        pairs = {key: value for key, value in {**pairs, **changes}.items() if value is not None}
        assert grown.grow(changes) == root_of(pairs, version)
    rebuilt = Grown(version)
    rebuilt.grow(dict(pairs))
    assert rebuilt.records == grown.records


def test_neighbours_deleted_in_the_same_block_are_not_the_last_key() -> None:
    grown = Grown(1)
    grown.grow({b"\x00": b"1", b"\x10": b"2", b"\x11": b"3"})
    assert grown.grow({b"\x00": None, b"\x10": None}) == slow_root({b"\x11": b"3"}, 1)


def test_keys_below_a_path_end_where_its_last_nibble_does() -> None:
    state = MemoryBackend(dict.fromkeys((b"\x10", b"\x1f\x00", b" ", b"/", b"0"), b""))
    assert [key for key, _ in items_below(state, b"2")] == [b"\x20", b"\x2f"]
    assert [key for key, _ in items_below(state, b"1")] == [b"\x10", b"\x1f\x00"]
    assert [key for key, _ in items_below(state, b"1f")] == [b"\x1f\x00"]
    assert list(items_below(state, b"4")) == []


def test_a_failed_update_does_not_change_the_trie() -> None:
    pairs: dict[bytes, bytes | None] = {bytes([n]): b"v" * 40 for n in range(64)}
    grown = Grown(1)
    before = grown.grow(pairs)
    with pytest.raises(TypeError):
        grown.trie.update(Diff({b"\x05": b"new", b"\x35": "no bytes"}, pairs))  # type: ignore[dict-item]
    assert grown.stage({}) == before


@pytest.mark.parametrize("seed", range(4))
def test_branches_that_were_not_read_before_are_changed_as_decoded_ones(seed: int) -> None:
    """Many hashed keys, of which few change: most branches on the way are cold records with hashed children alone."""
    chance, grown = random.Random(seed), Grown(1)
    values: dict[bytes, bytes] = {chance.randbytes(8): chance.randbytes(40) for _ in range(1_500)}
    grown.grow(dict(values))
    for _ in range(40):
        present = chance.sample(sorted(values), 6)
        size = chance.choice([1, 40])
        changes: dict[bytes, bytes | None] = {}
        for _ in range(chance.randrange(4)):
            new = [chance.randbytes(8), present[0][:4] + chance.randbytes(4), present[1] + b"\x00"]
            changes[chance.choice(new)] = chance.randbytes(size)
        changes |= {key: chance.randbytes(len(values[key])) for key in present[: chance.randrange(4)]}
        changes |= dict.fromkeys(present[4 : 4 + chance.randrange(3)])
        grown.trie.forget()
        root = grown.grow(changes)
        values.update((key, value) for key, value in changes.items() if value is not None)
        for key, value in changes.items():
            if value is None:
                values.pop(key, None)
        assert root == root_of(values, 1)
    rebuilt = Grown(1)
    rebuilt.grow(dict(values))
    assert rebuilt.records == grown.records


@pytest.mark.parametrize("cache", [2, 4, 8, 64])
def test_an_update_that_is_not_committed_leaves_nothing_in_the_cache(
    cache: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However early its branches moved on to the older half of the cache."""
    monkeypatch.setattr(node_cache, "CACHE_LIMIT", cache)
    generator, grown, kept = random.Random(cache), Grown(1), dict[bytes, bytes]()
    for _ in range(40):
        changes: dict[bytes, bytes | None] = {generator.randbytes(2): generator.randbytes(3) for _ in range(6)}
        kept |= {key: value for key, value in changes.items() if value is not None}
        grown.grow(changes)
        grown.stage(dict.fromkeys(generator.sample(sorted(kept), min(len(kept), 12)), b"dropped"))
        changed = generator.choice(sorted(kept))
        kept[changed] = b"kept"
        assert grown.grow({changed: b"kept"}) == root_of(kept, 1)
