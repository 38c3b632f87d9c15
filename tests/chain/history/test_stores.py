"""One suite for all engines: order, atomic batches, reopening, locks, and the choice of the engine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.chain.history.stores import Store, StoreError, StoreLocked, WrongEngine, open_store
from pysubtensor.chain.history.stores.choose import available
from pysubtensor.chain.history.stores.sqlite import SqliteStore

Open = Callable[[], Store]
ON_DISK = available()


@pytest.fixture(params=["memory", *ON_DISK])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    name = request.param
    opened = open_store(None) if name == "memory" else open_store(tmp_path / "data", name)
    assert opened.engine == name
    yield opened
    opened.close()


@pytest.fixture(params=ON_DISK)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def listed(store: Store, prefix: bytes, after: bytes | None = None, reverse: bool = False) -> list[bytes]:
    return [key for key, _ in store.items(prefix, after, reverse)]


def test_stored_values_are_read(store: Store) -> None:
    store.write({b"a": b"1", b"b": b"", b"": b"root"})
    assert (store.get(b"a"), store.get(b"b"), store.get(b""), store.get(b"c")) == (b"1", b"", b"root", None)
    store.write({b"a": b"2", b"b": None, b"never": None}, sync=True)
    assert (store.get(b"a"), store.get(b"b")) == (b"2", None)
    assert list(store.items(b"")) == [(b"", b"root"), (b"a", b"2")]


def test_iteration_is_ascending_within_its_prefix_from_its_start(store: Store) -> None:
    keys = [b"a", b"b", b"b\x00", b"b\x00\x00", b"b\xff", b"b\xff\xff", b"c", b"\xff", b"\xff\xff"]
    store.write(dict.fromkeys(reversed(keys), b"v"))
    assert listed(store, b"") == keys
    assert listed(store, b"b") == keys[1:6]
    assert listed(store, b"b", b"b") == keys[2:6]
    assert listed(store, b"b", b"b\x00\x01") == keys[4:6]
    assert listed(store, b"b", b"a") == keys[1:6]
    assert listed(store, b"b", b"c") == []
    assert listed(store, b"\xff") == keys[7:]
    assert listed(store, b"\xff", b"\xff") == keys[8:]
    assert listed(store, b"", reverse=True) == keys[::-1]
    assert listed(store, b"b", reverse=True) == keys[5:0:-1]
    assert listed(store, b"b", b"b\xff", reverse=True) == keys[3:0:-1]
    assert listed(store, b"b", b"c", reverse=True) == keys[5:0:-1]
    assert listed(store, b"\xff", reverse=True) == keys[:6:-1]


def test_iteration_beyond_one_page(store: Store) -> None:
    keys = [number.to_bytes(2) for number in range(1000)]
    store.write(dict.fromkeys(keys, b""))
    assert listed(store, b"") == keys
    assert listed(store, b"", keys[10]) == keys[11:]
    assert listed(store, b"", reverse=True) == keys[::-1]
    assert listed(store, b"\x01", keys[300], reverse=True) == keys[299:255:-1]


def test_iteration_continues_during_writes(store: Store) -> None:
    keys = [number.to_bytes(2) for number in range(1000)]
    store.write(dict.fromkeys(keys, b"v"))
    seen = []
    for key, _ in store.items(b""):
        seen.append(key)
        store.write({key: None})
    assert seen == keys
    assert listed(store, b"") == []


def test_a_batch_that_fails_writes_nothing(engine: str, tmp_path: Path) -> None:
    store = open_store(tmp_path, engine)
    store.write({b"a": b"1"})
    refused = {b"a": b"2", b"b": b"3", b"c": object()}
    with pytest.raises(TypeError):
        store.write(refused)  # type: ignore[arg-type]  # that is the point
    assert (store.get(b"a"), store.get(b"b")) == (b"1", None)
    store.close()


def test_a_damaged_database_is_named(engine: str, tmp_path: Path) -> None:
    open_store(tmp_path, engine).close()
    for path in (tmp_path / engine).iterdir():
        path.write_bytes(b"\x05 this is no database \n" * 1000)
    with pytest.raises(StoreError, match=r"cannot open the (LevelDB|SQLite) database"):
        open_store(tmp_path, engine)


BATCHES = st.lists(
    st.dictionaries(st.binary(max_size=2), st.one_of(st.none(), st.binary(max_size=2)), max_size=40),
    max_size=5,
)


@settings(max_examples=60)
@given(BATCHES, st.binary(max_size=1), st.binary(max_size=2))
def test_memory_is_a_sorted_dict(batches: list[dict[bytes, bytes | None]], prefix: bytes, after: bytes) -> None:
    store, model = open_store(None), dict[bytes, bytes | None]()
    for batch in batches:
        store.write(batch)
        model.update(batch)
        wanted = sorted(key for key, value in model.items() if value is not None and key.startswith(prefix))
        assert listed(store, prefix) == wanted
        assert listed(store, prefix, after) == [key for key in wanted if key > after]
        assert listed(store, prefix, after, reverse=True) == [key for key in wanted if key < after][::-1]


def test_written_values_persist(engine: str, tmp_path: Path) -> None:
    first = open_store(tmp_path, engine)
    first.write({b"k": b"v"})
    first.close()
    first.close()
    again = open_store(tmp_path)
    assert (again.engine, again.get(b"k")) == (engine, b"v")
    again.close()


def test_a_directory_of_another_engine_is_refused(engine: str, tmp_path: Path) -> None:
    open_store(tmp_path, engine).close()
    other = next(name for name in ("leveldb", "sqlite") if name != engine)
    (tmp_path / "ENGINE").write_text(f"{other}\n")
    with pytest.raises(WrongEngine, match=rf"was written by {other} and cannot be opened by {engine}"):
        open_store(tmp_path, engine)


@pytest.mark.parametrize("mark", [b"", b"cuneiform\n", b"levelda\n", b"leveldb\n\n", b"\xff\x00\xfe" * 9000])
def test_garbage_in_the_marker_of_the_engine_is_refused(engine: str, tmp_path: Path, mark: bytes) -> None:
    open_store(tmp_path, engine).close()
    (tmp_path / "ENGINE").write_bytes(mark)
    with pytest.raises(WrongEngine, match=r"expected the name of an engine \(leveldb, sqlite\) in .*/ENGINE, got '"):
        open_store(tmp_path)


def test_a_directory_whose_creation_was_killed_is_used(engine: str, tmp_path: Path) -> None:
    (tmp_path / "ENGINE.new").write_text("level")
    open_store(tmp_path, engine).close()
    assert (tmp_path / "ENGINE").read_text() == f"{engine}\n"


def test_a_file_is_no_data_directory(engine: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(StoreError, match=r"expected the data directory of a node, got the file"):
        open_store(tmp_path / "file", engine)
    with pytest.raises(StoreError, match=r"cannot (read|write) the data directory .*: Not a directory"):
        open_store(tmp_path / "file" / "below", engine)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ENGINE").mkdir()
    with pytest.raises(StoreError, match=r"cannot read the data directory .*: Is a directory"):
        open_store(tmp_path / "data", engine)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "ENGINE").write_text(engine)
    (tmp_path / "half" / engine).write_text("no folder")
    with pytest.raises(StoreError, match=r"cannot open the database in .*: File exists"):
        open_store(tmp_path / "half", engine)


def test_a_folder_with_other_files_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("draft")
    with pytest.raises(StoreError, match="expected an empty folder or a data directory"):
        open_store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unknown_engine_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"expected one of the engines .*sqlite, got 'paper'"):
        open_store(tmp_path, "paper")


def test_a_directory_in_use_is_refused_with_a_message(engine: str, tmp_path: Path) -> None:
    held = open_store(tmp_path, engine)
    held.write({b"k": b"v"})
    with pytest.raises(StoreLocked, match="is in use: another node runs on it"):
        open_store(tmp_path, engine)
    code = (
        "import sys; from pathlib import Path; from pysubtensor.chain.history.stores import *\n"
        "try: open_store(Path(sys.argv[1]))\n"
        "except StoreLocked as error: print(error)"
    )
    finished = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert "is in use" in finished.stdout
    assert held.get(b"k") == b"v"
    held.close()
    open_store(tmp_path, engine).close()


def test_sqlite_takes_the_place_of_a_missing_leveldb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pysubtensor.chain.history.stores.choose.find_spec", lambda name: None)
    store = open_store(tmp_path / "new")
    assert store.engine == "sqlite"
    store.close()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "ENGINE").write_text("leveldb\n")
    with pytest.raises(WrongEngine, match="was written by leveldb, and here there is only sqlite"):
        open_store(tmp_path / "old")


def test_sqlite_writes_ahead_and_waits_for_the_disk_only_when_asked(tmp_path: Path) -> None:
    store = open_store(tmp_path, "sqlite")
    assert isinstance(store, SqliteStore)
    ask = store._db.execute
    found = {name: ask(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "locking_mode", "synchronous")}
    assert found == {"journal_mode": "wal", "locking_mode": "exclusive", "synchronous": 1}
    store.close()


@pytest.mark.skipif("leveldb" not in ON_DISK, reason="plyvel has no wheel for this system")
def test_the_space_of_removed_pairs_is_given_back_while_others_are_written(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data", "leveldb")
    value, kept, blocks, keys = bytes(900), 20, 260, 500
    for block in range(blocks):
        suffix = block.to_bytes(4)
        batch: dict[bytes, bytes | None] = {b"u" + key.to_bytes(2) + suffix: value for key in range(keys)}
        if block >= kept:
            batch |= {b"u" + key.to_bytes(2) + (block - kept).to_bytes(4): None for key in range(keys)}
        batch[b"b" + suffix] = value
        store.write(batch)
    assert len(listed(store, b"u")) == kept * keys
    assert len(listed(store, b"b")) == blocks
    store.close()
    live, written = kept * keys * 900, blocks * keys * 900
    # Beside them: the log, the part of the memory that was written last, and what was removed since the last merge.
    assert live < folder_size(tmp_path) < live * 3 // 2 + (16 << 20) + (64 << 20) < written


def folder_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
