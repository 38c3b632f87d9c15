"""Failed writes, damaged bytes and lost blocks: each is refused in a sentence, and nothing is built on it."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.errors import BlocksLost, StoreDamaged, StoreError, StoreFailed
from pysubtensor.chain.history.layout import NUMBER
from pysubtensor.chain.history.rescue import recover
from pysubtensor.chain.history.stores import Store, open_store
from pysubtensor.chain.history.stores.choose import available
from pysubtensor.chain.history.stores.rights import with_advice
from pysubtensor.genesis.presets import dev

ON_DISK = available()


@pytest.fixture(params=ON_DISK)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def made(path: Path, engine: str, blocks: int = 5) -> Chain:
    chain = Chain(dev(), open_store(path, engine))
    chain.produce(blocks)
    return chain


@contextmanager
def limited(kind: int, limit: int) -> Iterator[None]:
    """Limit a resource of this process."""
    soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


def largest_file(path: Path) -> int:
    return max(each.stat().st_size for each in path.rglob("*") if each.is_file())


def test_no_block_is_made_after_a_write_that_failed(engine: str, tmp_path: Path) -> None:
    heard: list[StoreFailed] = []
    chain = made(tmp_path, engine)
    chain.history.on_failure(heard.append)
    with limited(resource.RLIMIT_FSIZE, largest_file(tmp_path) + 20_000):
        with pytest.raises(StoreFailed) as failed:
            chain.produce(500)
        last = chain.head.number
        assert str(failed.value).startswith(f"block {last + 1} could not be written to {tmp_path}/{engine}")
        assert f"all blocks up to {last} are stored, and no block was made after it: free space" in str(failed.value)
    for _ in range(2):
        with pytest.raises(StoreFailed, match=f"block {last + 1} could not be written"):
            chain.produce()
    assert heard == [failed.value]
    chain.close()
    with Chain(dev(), tmp_path) as again:
        assert again.head.number == last
        again.produce(100)
    with Chain(dev(), tmp_path) as again:
        assert again.head.number == last + 100


def test_a_merge_without_descriptors_does_not_end_the_writes(tmp_path: Path) -> None:
    if "leveldb" not in ON_DISK:
        pytest.skip("SQLite keeps its files open")
    chain = made(tmp_path, "leveldb")
    # Fills the log of LevelDB, which then needs a descriptor for the next one.
    chain.history._store.write({b"x": bytes(40 << 20)})
    with limited(resource.RLIMIT_NOFILE, 3), pytest.raises(StoreFailed, match="Too many open files"):
        chain.history._store.write({b"x": b""})
    chain.history._store.reopen()
    chain.produce(3)
    assert chain.head.number == 8
    chain.close()


def test_a_write_without_descriptors_is_repeated_when_there_are_some(tmp_path: Path) -> None:
    chain = made(tmp_path, "sqlite")
    store, failures = chain.history._store, [StoreFailed("Too many open files", out_of_files=True)]
    write = store.write

    def failing(*arguments: object) -> None:
        if failures:
            raise store.health.fail(failures.pop())
        write(*arguments)  # type: ignore[arg-type]  # passed on as they are

    store.write = failing  # type: ignore[method-assign]  # a failure that comes and goes
    chain.produce(2)
    assert (chain.head.number, chain.history.failure) == (7, None)
    chain.close()


def test_a_store_is_unlocked_when_its_last_write_fails(engine: str, tmp_path: Path) -> None:
    chain = made(tmp_path, engine)
    with limited(resource.RLIMIT_FSIZE, 100), pytest.raises(StoreFailed):
        chain.close()
    with Chain(dev(), tmp_path) as again:
        assert again.head.number == 5


def test_an_anchor_that_is_open_when_a_write_fails_does_not_keep_the_lock(engine: str, tmp_path: Path) -> None:
    chain = made(tmp_path, engine)
    with limited(resource.RLIMIT_FSIZE, largest_file(tmp_path) + 9_000), pytest.raises(StoreFailed), chain.anchor():
        chain.produce(500)
    chain.close()
    Chain(dev(), tmp_path).close()


# --- lost blocks -------------------------------------------------------------------------------------------------


def test_a_database_behind_its_marker_is_refused(engine: str, tmp_path: Path) -> None:
    made(tmp_path, engine, 3).close()
    earlier = {path: path.read_bytes() for path in (tmp_path / engine).iterdir()}
    made(tmp_path, engine, 4).close()
    for path in (tmp_path / engine).iterdir():
        path.unlink()
    for path, contents in earlier.items():
        path.write_bytes(contents)
    with pytest.raises(BlocksLost, match=rf"^blocks 4 to 7 are lost: {tmp_path} held them, and .* ends with block 3; "):
        Chain(dev(), tmp_path)
    assert recover(tmp_path, lambda what, done, total: None).problems == ()
    with Chain(dev(), tmp_path) as again:
        assert again.head.number == 3


def test_an_empty_database_with_a_marker_is_refused(engine: str, tmp_path: Path) -> None:
    made(tmp_path, engine).close()
    for path in (tmp_path / engine).iterdir():
        path.unlink()
    with pytest.raises(BlocksLost, match=r"blocks 0 to 5 are lost: .* ends with nothing; `pysubtensor db recover"):
        Chain(dev(), tmp_path)


@pytest.mark.parametrize("text", ["", "block", "block 0000000005 0x00 1234\n"])
def test_a_marker_that_is_gone_or_damaged_is_refused(engine: str, tmp_path: Path, text: str) -> None:
    made(tmp_path, engine).close()
    (tmp_path / "HEAD").write_text(text)
    with pytest.raises(BlocksLost, match=r"(has no marker HEAD|HEAD is damaged).*`pysubtensor db recover"):
        Chain(dev(), tmp_path)


def test_every_damaged_byte_of_a_marker_is_noticed(tmp_path: Path) -> None:
    made(tmp_path, "sqlite").close()
    whole = (tmp_path / "HEAD").read_bytes()
    for at in range(len(whole)):
        (tmp_path / "HEAD").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BlocksLost):
            Chain(dev(), tmp_path)
    (tmp_path / "HEAD").write_bytes(whole)
    Chain(dev(), tmp_path).close()


def test_a_marker_follows_the_head_back(engine: str, tmp_path: Path) -> None:
    chain = made(tmp_path, engine, 9)
    chain.rollback_to(4)
    assert (tmp_path / "HEAD").read_bytes().split()[1:3] == [b"0000000004", b"0x" + chain.head.hash.hex().encode()]
    chain.close()


# --- damage ------------------------------------------------------------------------------------------------------


def in_place_of_a_store(path: Path, engine: str, change: dict[bytes, bytes | None]) -> None:
    store = open_store(path, engine)
    store.write(change)
    store.close()


def test_a_store_with_a_gap_is_refused(engine: str, tmp_path: Path) -> None:
    chain = made(tmp_path, engine)
    second = chain.hash_at(2)
    assert second is not None
    chain.close()
    in_place_of_a_store(tmp_path, engine, {NUMBER + second: None})
    with pytest.raises(
        StoreDamaged, match=r"is damaged at head 5: it holds 5 blocks, and should hold 6; run `pysubtensor"
    ):
        Chain(dev(), tmp_path)


def test_a_damaged_page_or_block_is_refused_when_it_is_read(engine: str, tmp_path: Path) -> None:
    store = filled_file(tmp_path, engine)
    store.close()
    file = max((tmp_path / engine).iterdir(), key=lambda path: path.stat().st_size)
    contents = bytearray(file.read_bytes())
    for at in range(5000, len(contents), 5000):
        contents[at] ^= 4
    file.write_bytes(contents)
    store = open_store(tmp_path)
    with pytest.raises(StoreDamaged, match=rf"{engine}.* is damaged at its first block: .*; run `pysubtensor db"):
        list(store.items(b"key"))
    with pytest.raises(StoreDamaged):
        store.get(b"absent")
    with pytest.raises(StoreFailed):
        store.write({b"a": b"b"})
    store.close()


def filled_file(path: Path, engine: str) -> Store:
    """Return a store whose pairs are in a sorted file, not in a log."""
    store = open_store(path, engine)
    store.write({b"key %d" % number: bytes(100) for number in range(2000)}, sync=True)
    store.close()
    return open_store(path, engine)


def test_a_log_that_is_damaged_before_its_end_is_refused(engine: str, tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from pysubtensor.chain.history.stores import open_store\n"
        "store = open_store(Path(sys.argv[1]), sys.argv[2])\n"
        "for number in range(99): store.write({b'%d' % number: bytes(999)})\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path, engine], check=True)
    file = max((tmp_path / engine).iterdir(), key=lambda path: path.stat().st_size)
    contents = bytearray(file.read_bytes())
    contents[len(contents) // 2] ^= 1
    file.write_bytes(contents)
    if engine == "leveldb":
        with pytest.raises(StoreError, match=r"cannot open the LevelDB database .* is damaged \(Corruption: checksum"):
            open_store(tmp_path)
    else:
        # SQLite drops what follows the damage in its log: the marker of the head shows that (see above).
        store = open_store(tmp_path)
        assert 0 < sum(1 for _ in store.items(b"")) < 99
        store.close()


# --- paths and rights ------------------------------------------------------------------------------------------------


def test_a_path_that_is_not_utf_8_is_refused(engine: str, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9")
    with pytest.raises(StoreError) as refused:
        open_store(path, engine)
    assert str(refused.value) == f"expected a data directory with a path in UTF-8, got {os.fsencode(path)!r}"
    assert not path.exists()


def test_missing_rights_come_with_advice(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, engine).close()
    advice = f"its owner gives you the rights by `chmod -R u+rwX {tmp_path}`"

    def refused(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    for owner, name in ((Path, "exists"), (os, "open")):
        with monkeypatch.context() as broken:
            broken.setattr(owner, name, refused)
            with pytest.raises(StoreError, match="Permission denied") as failed:
                open_store(tmp_path)
        assert advice in str(failed.value)


def test_what_an_engine_may_not_open_comes_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pairs.sqlite").touch()
    assert with_advice("disk I/O error", tmp_path) == "disk I/O error"
    monkeypatch.setattr(os, "access", lambda path, *_, **__: path == tmp_path)
    assert with_advice("disk I/O error", tmp_path).startswith("disk I/O error; its owner gives you the rights by")
