"""`pysubtensor db`: verify, export, import and recover, and what they say about what is no data directory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.layout import STATE
from pysubtensor.chain.history.stores import open_store
from pysubtensor.genesis.presets import localnet

if TYPE_CHECKING:
    from .conftest import Shell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data directory of `devnet` with 10 blocks."""
    with Chain(localnet(), tmp_path / "data") as chain:
        for number in range(10):
            chain.execute("Balances.transfer_keep_alive", "//Alice", dest=bytes([number]) * 32, value=10**9)
    return tmp_path / "data"


def damage(folder: Path) -> None:
    store = open_store(folder)
    key = max(key for key, _ in store.items(STATE))
    store.write({key: b"another value"})
    store.close()


def test_a_directory_is_verified_exported_and_restored(shell: Shell, folder: Path, tmp_path: Path) -> None:
    whole = {"head": 10, "blocks": "0 to 10", "state": "whole", "problems": 0}
    assert shell.json("db", "verify", str(folder)) == whole
    file, new = str(tmp_path / "file"), str(tmp_path / "new")
    assert "has blocks 0 to 10 and the state after block 10" in shell("db", "export", str(folder), file).stderr
    assert "ends with block 10" in shell("db", "import", file, new).stderr
    assert shell.json("db", "verify", new) == whole
    assert "ends with block 10" in shell("db", "import", "--replay", file, str(tmp_path / "replayed")).stderr
    with Chain(localnet(), folder) as old, Chain(localnet(), Path(new)) as restored:
        assert restored.head == old.head


def test_a_damaged_state_is_named_and_restored_from_the_blocks(shell: Shell, folder: Path, tmp_path: Path) -> None:
    damage(folder)
    result = shell("db", "verify", str(folder), code=1)
    assert "is not the one of the root" in result.stderr
    assert f"`pysubtensor db export {folder} FILE` rescues what is whole" in result.stderr
    assert "cannot continue at block 10, and was not changed" in shell("db", "recover", str(folder), code=1).stderr
    file = str(tmp_path / "file")
    assert "has blocks 0 to 10, without a state: it is damaged" in shell("db", "export", str(folder), file).stderr
    wrong = shell("db", "import", file, str(tmp_path / "new"), "--preset", "dev", code=2)
    assert "use the options of `pysubtensor devnet` with which the chain began" in wrong.stderr
    assert "ends with block 10" in shell("db", "import", file, str(tmp_path / "new")).stderr


def test_lost_blocks_are_accepted_by_recover(shell: Shell, folder: Path) -> None:
    (folder / "HEAD").write_text("no marker")
    assert "HEAD is damaged" in shell("devnet", "--data-dir", str(folder), "--port", "0", code=1).stderr
    assert "continues at block 10" in shell("db", "recover", str(folder)).stderr
    assert shell.json("db", "verify", str(folder))["problems"] == 0


@pytest.mark.parametrize("command", [["verify"], ["recover"], ["export"]])
def test_what_is_no_data_directory_is_refused(shell: Shell, tmp_path: Path, command: list[str]) -> None:
    file = [str(tmp_path / "file")] if command == ["export"] else []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "text").write_text("text")
    missing, other, garbage = tmp_path / "missing", tmp_path / "other", tmp_path / "garbage"
    garbage.mkdir()
    (garbage / "ENGINE").write_bytes(b"\xff\xfe\n")
    assert "which is empty or missing" in shell("db", *command, str(missing), *file, code=1).stderr
    assert "or a data directory of a node, got" in shell("db", *command, str(other), *file, code=1).stderr
    assert "expected the name of an engine" in shell("db", *command, str(garbage), *file, code=1).stderr
    assert not (tmp_path / "file").exists()


def test_an_export_overwrites_nothing_and_an_import_reads_exports_only(
    shell: Shell, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("text")
    assert "exists; name a new file" in shell("db", "export", str(folder), str(tmp_path / "file"), code=1).stderr
    refused = shell("db", "import", str(tmp_path / "file"), str(tmp_path / "new"), code=2)
    assert "expected a file of `pysubtensor db export`" in refused.stderr
    shell("db", "export", str(folder), str(tmp_path / "whole"))
    refused = shell("db", "import", str(tmp_path / "whole"), str(folder), code=2)
    assert "expected a new or empty folder for the chain" in refused.stderr
