"""The program as a whole: help without loading commands, exit codes, separate output streams."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from pysubtensor.cli import COMMANDS, main
from pysubtensor.cli.amounts import Amount
from pysubtensor.cli.derived.index import kebab
from pysubtensor.cli.output import cell_text, flattened, readable
from pysubtensor.runtime.client.text import short_name
from pysubtensor.runtime.frame.extrinsic import MultiAddress
from pysubtensor.runtime.scale import Compact, codec_of, u64

if TYPE_CHECKING:
    from .conftest import Shell

HEAVY = ("numpy", "aiohttp", "rich", "sr25519", "pysubtensor.runtime", "pysubtensor.chain", "asyncio")


def test_help_lists_all_commands_without_loading_any(shell: Shell) -> None:
    assert all(name in shell("--help").stdout for name in COMMANDS)
    script = (
        "import sys\nfrom pysubtensor.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set(sys.modules) & {set(HEAVY)!r}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_python_runs_the_package_as_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pysubtensor", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("pysubtensor")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(shell: Shell, name: str) -> None:
    assert f"Usage: main {name}" in shell(name, "--help").stdout


def test_an_unknown_command_exits_with_2(shell: Shell) -> None:
    result = shell("devent", code=2)
    assert result.stdout == ""
    assert "No such command 'devent'" in result.stderr


def test_an_internal_error_keeps_its_traceback(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from pysubtensor.cli.keys import keys

    @click.command()
    def broken() -> None:
        raise KeyError("a bug")

    monkeypatch.setitem(keys.commands, "broken", broken)
    from click.testing import CliRunner

    assert isinstance(CliRunner().invoke(main, ["keys", "broken"]).exception, KeyError)


@pytest.mark.parametrize(("name", "marker"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete ")])
def test_completion_scripts_are_those_of_the_shell(shell: Shell, name: str, marker: str) -> None:
    script = shell("completion", name).stdout
    assert marker in script
    assert "_PYSUBTENSOR_COMPLETE" in script


def completed(*words: str) -> list[str]:
    from click.shell_completion import ShellComplete

    return [
        item.value for item in ShellComplete(main, {}, "pysubtensor", "X").get_completions(list(words[:-1]), words[-1])
    ]


def test_calls_items_and_accounts_can_be_completed() -> None:
    assert completed("tx", "bal") == ["balances"]
    assert "transfer-keep-alive" in completed("tx", "balances", "trans")
    assert completed("query", "system", "acc") == ["account"]
    assert completed("tx", "balances", "transfer-keep-alive", "--dest", "//B") == ["//Bob"]
    assert completed("query", "system", "account", "//Ali") == ["//Alice"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("transfer_keep_alive", "transfer-keep-alive"),
        ("TransactionPayment", "transaction-payment"),
        ("EVMChainId", "evm-chain-id"),
        ("EVM", "evm"),
        ("SubnetTAO", "subnet-tao"),
        ("LastMechansimStepBlock", "last-mechansim-step-block"),
        ("UpgradedToU32RefCount", "upgraded-to-u32-ref-count"),
    ],
)
def test_names_of_the_chain_become_names_of_commands(name: str, expected: str) -> None:
    assert kebab(name) == expected


def test_types_are_named_without_their_paths() -> None:
    assert short_name(codec_of(MultiAddress)) == "MultiAddress<AccountId32, ()>"
    assert short_name(codec_of(tuple[Compact[u64], bytes])) == "(Compact<u64>, Vec<u8>)"


def test_cells_show_plain_values_in_readable_form() -> None:
    assert [cell_text(value) for value in (None, True, 10**20, "x", [1, "a"])] == [
        "none",
        "true",
        str(10**20),
        "x",
        "[1, a]",
    ]
    assert (
        cell_text({"who": "x", "fee": Amount(1_500_000_000, "tao"), "more": {"a": 1}})
        == "who x, fee 1.5 tao, more {a 1}"
    )
    assert readable("0x" + b"hello".hex()) == '"hello"'
    assert [readable(text) for text in ("0x", "0x00ff", "0xzz", "5Grw")] == ["0x", "0x00ff", "0xzz", "5Grw"]
    assert dict(flattened({"a": 1, "b": {"c": 2, "d": {}}})) == {"a": 1, "b.c": 2, "b.d": {}}
