"""`pysubtensor genesis`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pysubtensor.genesis.build import genesis_hash
from pysubtensor.genesis.presets import dev, fast, localnet

from tests.vectors import FOLDER

if TYPE_CHECKING:
    from .conftest import Shell

TESTNET = FOLDER / "genesis" / "testnet.json"


def test_the_hash_of_a_real_chain(shell: Shell) -> None:
    found = shell.json("genesis", "hash", str(TESTNET))
    assert found["genesis_hash"] == "0x8f9cf856bf558a14440e75569c9e58594757048d7b3a84b5d25f6bd978263105"
    assert found["state_root"] == "0xc15439f31626cd90c778831721bb9d0166da302321918887d381829d8c13763f"
    other = shell.json("genesis", "hash", str(TESTNET), "--state-version", "0")
    assert other["state_version"] == 0
    assert other["state_root"] != found["state_root"]


def test_show_describes_the_chain_that_devnet_starts(shell: Shell) -> None:
    shown = shell.json("genesis", "show")
    assert shown["genesis_hash"] == "0x" + genesis_hash(localnet(wallet="")).hex()
    assert shown["authorities"] == ["One", "Two", "Three"]
    assert {row["name"] for row in shown["balances"]} >= {"Alice", "Ferdie", "Alith"}
    table = shell("genesis", "show", "--fast").stdout
    assert genesis_hash(fast(localnet(wallet=""))).hex() in table
    assert "250" in table


def test_an_export_has_the_hash_that_show_prints(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    done = shell("genesis", "export", "--preset", "dev", "--block-time", "2s", "--output", str(path))
    assert (done.stdout, done.stderr) == ("", f"Wrote {path}.\n")
    hashed = shell("genesis", "hash", str(path), "--json")
    assert json.loads(hashed.stdout)["genesis_hash"] == "0x" + genesis_hash(dev(slot_duration_ms=2000)).hex()
    assert hashed.stderr.startswith("Note: state version 1 is assumed")
    assert json.loads(shell("genesis", "export", "--preset", "dev", "--block-time", "2000ms").stdout) == json.loads(
        path.read_text()
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hash", "nowhere.json"], "File 'nowhere.json' does not exist"),
        (["hash", __file__], "expected JSON"),
        (["show", "--fast", "--block-time", "1"], "--fast and --block-time both set"),
        (["show", "--block-time", "0"], "expected an even number of milliseconds, from 2ms to 3600s"),
        (["show", "--block-time", "soon"], "expected a time such as 12s or 250ms, got 'soon'"),
        (["show", "--block-time", "1.5ms"], "expected a time such as 12s or 250ms"),
    ],
)
def test_an_invalid_genesis_exits_with_2(shell: Shell, arguments: list[str], message: str) -> None:
    result = shell("genesis", *arguments, code=2)
    assert result.stdout == ""
    assert message in result.stderr
