"""Verifying data directories, exporting what is whole in them, restoring it, and continuing after a loss."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.errors import BlocksLost, ChainError, StoreDamaged, StoreError
from pysubtensor.chain.history.archive import ArchiveReader, ArchiveWriter
from pysubtensor.chain.history.blocks import StoredBlock
from pysubtensor.chain.history.history import History
from pysubtensor.chain.history.layout import (
    BLOCK,
    CHANGED,
    HEAD,
    NODE,
    NUMBER,
    STATE,
    UNDO,
    number_key,
    pack,
    stem,
    unpack,
)
from pysubtensor.chain.history.rescue import export, recover, verify
from pysubtensor.chain.history.stores import open_store
from pysubtensor.chain.history.stores.choose import available
from pysubtensor.chain.history.verifying import Verified
from pysubtensor.chain.history.whole_state import StateWalk
from pysubtensor.chain.restoring import restore
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.state.build import root_of
from pysubtensor.runtime.state.overlay import Diff

HEAD_BLOCK = 40


@pytest.fixture(params=available())
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def folder(engine: str, tmp_path: Path) -> Path:
    """A data directory with 40 blocks, transfers in half of them."""
    with Chain(dev(), open_store(tmp_path / "data", engine)) as chain:
        for number in range(HEAD_BLOCK):
            if number % 2:
                chain.execute("Balances.transfer_keep_alive", "//Alice", dest=bytes([number]) * 32, value=10**9)
            else:
                chain.produce()
    return tmp_path / "data"


def no_tick(what: str, done: int, total: int) -> None:
    assert total == 0 or 0 <= done <= total, what


def ignore(values: int) -> None:
    pass


def changed(folder: Path, key: bytes, value: bytes | None) -> None:
    """Change one pair of a store, as an undetected error would."""
    store = open_store(folder)
    store.write({key: value})
    store.close()


def pairs(folder: Path, column: bytes) -> dict[bytes, bytes]:
    store = open_store(folder)
    found = dict(store.items(column))
    store.close()
    return found


def test_a_whole_directory_is_found_whole_and_not_changed(folder: Path) -> None:
    found = verify(folder, no_tick)
    assert found == Verified(0, HEAD_BLOCK, HEAD_BLOCK, 0, True, ())
    assert not (folder / "leveldb.rescue").exists()
    Chain(dev(), folder).close()


def test_each_damaged_pair_is_found(folder: Path) -> None:
    """One value in each column, changed, removed, and added where there was none."""
    whole = folder.with_name("whole")
    folder.rename(whole)
    problems = {
        STATE: ("not the one of the root", "is missing", "has no leaf"),
        NODE: ("not the one of the root", "is missing", None),
        UNDO: ("is not the one of its header", "is not the one of its header", None),
        BLOCK: ("block 20: ", "block 20: ", None),
    }
    for column, texts in problems.items():
        found = pairs(whole, column)
        key = BLOCK + number_key(20) if column == BLOCK else sorted(found)[len(found) // 2]
        value = found[key]
        for damaged, text in zip(
            ((key, value[:-1] + bytes([value[-1] ^ 1])), (key, None), (key + b"x", value)), texts, strict=True
        ):
            if text is None:
                continue
            shutil.copytree(whole, folder)
            changed(folder, *damaged)
            report = verify(folder, no_tick)
            assert report.problems, (column, damaged[0])
            assert text in report.problems[0]
            assert report.state_whole == (column not in (STATE, NODE))
            shutil.rmtree(folder)


def test_blocks_that_do_not_fit_are_found(folder: Path) -> None:
    blocks = pairs(folder, BLOCK)
    record = blocks[BLOCK + number_key(20)]
    header, *body = unpack(record, 32)
    changed(folder, BLOCK + number_key(20), record[:32] + pack([header, *body, b"more"]))
    changed(folder, BLOCK + number_key(30), record)
    changed(folder, NUMBER + record[:32], number_key(19))
    found = verify(folder, no_tick)
    assert found.problems[:2] == (
        "block 20: another block has its hash",
        f"block 30: block 30 does not have the hash 0x{record[:32].hex()}",
    )
    assert (found.whole_until, found.whole_from) == (19, 31)
    changed(folder, NUMBER + record[:32], number_key(20))
    assert verify(folder, no_tick).problems[0] == "block 20: its body is not the one of its header"


def exported(folder: Path, file: Path) -> tuple[Verified, range]:
    with file.open("wb") as target:
        return export(folder, target, no_tick)


def test_an_export_restores_blocks_and_state(folder: Path, tmp_path: Path) -> None:
    found, blocks = exported(folder, tmp_path / "file")
    assert (found.problems, blocks) == ((), range(1, HEAD_BLOCK + 1))
    assert restore(tmp_path / "file", tmp_path / "new", dev(), no_tick) == HEAD_BLOCK
    assert verify(tmp_path / "new", no_tick).problems == ()
    with Chain(dev(), folder) as old, Chain(dev(), tmp_path / "new") as new:
        assert new.head == old.head
        assert [new.hash_at(number) for number in range(HEAD_BLOCK)] == [old.hash_at(n) for n in range(HEAD_BLOCK)]
        assert dict(new.history.state.items(b"")) == dict(old.history.state.items(b""))
        assert new.produce(5) == old.produce(5)


def test_blocks_with_a_damaged_state_are_executed_again(folder: Path, tmp_path: Path) -> None:
    before = pairs(folder, STATE)
    changed(folder, max(before), b"another value")
    found, blocks = exported(folder, tmp_path / "file")
    assert (found.state_whole, blocks) == (False, range(1, HEAD_BLOCK + 1))
    assert restore(tmp_path / "file", tmp_path / "new", dev(), no_tick) == HEAD_BLOCK
    assert pairs(tmp_path / "new", STATE) == before
    assert verify(tmp_path / "new", no_tick).problems == ()


def test_a_damaged_block_costs_those_before_it_or_those_after_it(folder: Path, tmp_path: Path) -> None:
    changed(folder, BLOCK + number_key(20), b"\xff" * 40)
    found, blocks = exported(folder, tmp_path / "later")
    assert (found.whole_until, blocks) == (19, range(21, HEAD_BLOCK + 1))
    restore(tmp_path / "later", tmp_path / "new", dev(), no_tick)
    assert verify(tmp_path / "new", no_tick).problems == ()
    with Chain(dev(), tmp_path / "new") as chain:
        assert [number for number in range(HEAD_BLOCK + 1) if chain.hash_at(number)] == [0, *blocks]
        chain.produce(3)
    with pytest.raises(ChainError, match="expected block 1 next, got block 21: earlier blocks are not in the export"):
        restore(tmp_path / "later", tmp_path / "replayed", dev(), no_tick, replay=True)
    assert not (tmp_path / "replayed").exists()
    changed(folder, max(pairs(folder, STATE)), b"another value")
    assert exported(folder, tmp_path / "earlier")[1] == range(1, 20)
    assert restore(tmp_path / "earlier", tmp_path / "old", dev(), no_tick) == 19


def test_a_directory_without_a_readable_head_is_exported(folder: Path, tmp_path: Path) -> None:
    changed(folder, HEAD, None)
    assert exported(folder, tmp_path / "file")[1] == range(1, HEAD_BLOCK + 1)


def test_nothing_is_exported_without_block_0(folder: Path, tmp_path: Path) -> None:
    changed(folder, BLOCK + number_key(0), None)
    with pytest.raises(ChainError, match="can be rescued: block 0 is damaged"):
        exported(folder, tmp_path / "file")


def test_an_export_of_another_chain_is_not_executed(folder: Path, tmp_path: Path) -> None:
    exported(folder, tmp_path / "file")
    with pytest.raises(ChainError, match="use the options of `pysubtensor devnet` with which the chain began"):
        restore(tmp_path / "file", tmp_path / "new", dev(slot_duration_ms=778), no_tick, replay=True)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "file").touch()
    with pytest.raises(ChainError, match="expected a new or empty folder"):
        restore(tmp_path / "file", tmp_path / "new", dev(), no_tick)


def test_a_lost_end_is_accepted(folder: Path) -> None:
    with Chain(dev(), folder) as chain:
        chain.rollback_to(30)
    # Behind the last block that the database has.
    (folder / "HEAD").write_bytes((folder / "HEAD").read_bytes().replace(b"block 00", b"block 10"))
    with pytest.raises(BlocksLost, match=r"HEAD is damaged.*`pysubtensor db recover"):
        Chain(dev(), folder)
    assert "HEAD is damaged" in verify(folder, no_tick).problems[0]
    assert recover(folder, no_tick).problems == ()
    with Chain(dev(), folder) as chain:
        assert chain.head.number == 30
        chain.produce(3)


def test_a_directory_that_is_not_whole_is_not_continued(folder: Path) -> None:
    changed(folder, max(pairs(folder, STATE)), b"another value")
    (folder / "HEAD").write_text("")
    assert recover(folder, no_tick).problems
    with pytest.raises(BlocksLost):
        Chain(dev(), folder)


def test_a_log_of_leveldb_that_is_damaged_near_its_end_is_continued_before(tmp_path: Path) -> None:
    if "leveldb" not in available():
        pytest.skip("there is no LevelDB for this platform")
    with Chain(dev(), open_store(tmp_path, "leveldb")) as chain:
        chain.produce(23)
    log = max((tmp_path / "leveldb").glob("*.log"))
    contents = bytearray(log.read_bytes())
    contents[-20_000] ^= 1
    log.write_bytes(contents)
    with pytest.raises(StoreError, match=r"`pysubtensor db recover .* continues at its last whole block"):
        Chain(dev(), tmp_path)
    found = verify(tmp_path, no_tick)
    assert "it is damaged (Corruption: " in found.problems[0]
    assert "lost: " in found.problems[1]
    assert len(found.problems) == 2
    assert recover(tmp_path, no_tick).problems == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ENGINE", "HEAD", "leveldb"]
    with Chain(dev(), tmp_path) as chain:
        assert 0 < chain.head.number == found.head < 23
        chain.produce(3)


def test_what_is_no_data_directory_is_refused(tmp_path: Path, engine: str) -> None:
    with pytest.raises(StoreError, match=r"expected the data directory of a node, got .*, which is empty or missing"):
        verify(tmp_path / "missing", no_tick)
    open_store(tmp_path, engine).close()
    with pytest.raises(StoreError, match="holds no block"):
        verify(tmp_path, no_tick)
    held = open_store(tmp_path, engine)
    with pytest.raises(StoreError, match="is in use"):
        verify(tmp_path, no_tick)
    held.close()


# --- small states, and the file format -----------------------------------------------------------------------------


@pytest.mark.parametrize("values", [{}, {b"k": b"v"}, {b"k": b"v", b"kk": bytes(40), b"kkk": b""}])
def test_states_of_any_size_are_walked(values: dict[bytes, bytes]) -> None:
    store = open_store(None)
    history = History(store)
    _, nodes = history.trie.update(Diff(dict(values), dict.fromkeys(values)))
    store.write({STATE + key: value for key, value in values.items()})
    history.nodes.unsaved.update(nodes)
    history.trie.commit()
    root = root_of(values, 1)
    assert list(StateWalk(history.trie, history.state, ignore).problems(root)) == []
    assert list(StateWalk(history.trie, history.state, ignore).problems(bytes(32))) != []


BLOCKS = [StoredBlock(0, b"0" * 32, b"header", ()), StoredBlock(1, b"1" * 32, b"", (b"", b"extrinsic"))]


def written() -> bytes:
    file = io.BytesIO()
    writer = ArchiveWriter(file)
    writer.begin(b"0" * 32, 1, has_state=True)
    for block in BLOCKS:
        writer.block(block)
    writer.state([(b"k", b"v"), (b"l", b"")])
    writer.end()
    return file.getvalue()


def test_an_archive_is_read_as_it_was_written() -> None:
    reader = ArchiveReader(io.BytesIO(written()), Path("file"))
    assert (reader.genesis_hash, reader.last, reader.has_state) == (b"0" * 32, 1, True)
    assert list(reader.records()) == [*BLOCKS, [(b"k", b"v"), (b"l", b"")]]


def test_every_damaged_byte_and_every_cut_of_an_archive_is_noticed() -> None:
    whole = written()
    cut = [whole[:length] for length in range(len(whole))]
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    for data in [*cut, *flipped]:
        with pytest.raises(ChainError, match=r"file is not a whole export|expected a file of `pysubtensor db export`"):
            list(ArchiveReader(io.BytesIO(data), Path("file")).records())


def test_values_of_past_states_without_a_block_are_found(folder: Path) -> None:
    changed(folder, stem(b"no key") + number_key(7), b"\0")
    assert verify(folder, no_tick).problems == ("there are values of past states that belong to no block",)


def test_changed_keys_that_are_missing_are_named(folder: Path) -> None:
    changed(folder, CHANGED + number_key(35), None)
    assert "the keys changed by block 35 are missing" in verify(folder, no_tick).problems[0]
    with Chain(dev(), folder) as chain, pytest.raises(StoreDamaged, match="the keys changed by block 35 are missing"):
        chain.rollback_to(30)
