"""Commands derived from the runtime: the index is current, and its words are those of people."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pysubtensor.cli.derived.index import FILE, index
from pysubtensor.cli.derived.indexing import index_text
from pysubtensor.cli.derived.key_names import KEY_NAMES
from pysubtensor.cli.derived.shown import decimal
from pysubtensor.runtime.composition import PALLETS

if TYPE_CHECKING:
    from .conftest import Shell

REWRITE = os.environ.get("GOLDEN") == "rewrite"


def test_golden_index() -> None:
    if REWRITE:
        FILE.write_text(index_text(), encoding="utf-8")
    assert index_text() == FILE.read_text(encoding="utf-8"), "the declarations changed; `make golden` writes the index"


def test_keys_have_names_of_items_that_exist() -> None:
    keys = {f"{each.name}.{item.name}": item.keys_codec for each in PALLETS for item in each.storage.values()}
    assert {name: len(names) for name, names in KEY_NAMES.items()} == {name: len(keys[name]) for name in KEY_NAMES}
    nameless = [
        f"{entry['name']}.{item['name']}"
        for entry in index()["storage"].values()
        for item in entry["commands"].values()
        for argument in item["arguments"]
        if argument["name"].startswith("key")
    ]
    assert nameless == []


def arguments() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{entry['name']}.{call['name']}.{argument['name']}", argument)
        for entry in index()["calls"].values()
        for call in entry["commands"].values()
        for argument in call["arguments"]
    ]


@pytest.mark.parametrize("rust", ["Vec<", "u16", "u64", "Compact", "AccountId32", "Bounded", "Option<", "UInt<"])
def test_no_type_of_rust_is_in_the_help_of_an_argument(rust: str) -> None:
    assert [name for name, argument in arguments() if rust in argument["help"] + argument["metavar"]] == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("query subtensor-module weights", "Usage: main query subtensor-module weights [OPTIONS] [NETUID-INDEX] [UID]"),
        ("query subtensor-module alpha-v2", "[HOTKEY] [COLDKEY]"),
        ("tx subtensor-module set-weights", "Integers from 0 to 65,535, separated by commas."),
        ("tx subtensor-module set-weights", "--version-key INTEGER"),
        ("tx subtensor-module add-stake", "TAO, such as 1.5tao"),
        ("tx subtensor-module remove-stake", "Alpha, such as 20alpha"),
        ("tx proxy add-proxy", "One of Any, Owner, NonCritical"),
    ],
)
def test_help_names_keys_and_says_what_may_be_written(shell: Shell, command: str, words: str) -> None:
    text = " ".join(shell(*command.split(), "--help").stdout.split())
    assert words in text


def test_fixed_point_numbers_are_decimals() -> None:
    assert [decimal(bits, 64) for bits in (1 << 64, 3 << 63, 0, -(1 << 63))] == ["1", "1.5", "0", "-0.5"]
    assert decimal((1 << 32) // 3, 32) == "0.333333333255"


def test_help_and_completion_do_not_load_the_runtime() -> None:
    heavy = ("numpy", "aiohttp", "rich", "pysubtensor.runtime.composition", "pysubtensor.runtime.crypto")
    script = (
        "import sys\nfrom click.shell_completion import ShellComplete\nfrom pysubtensor.cli import main\n"
        "complete = ShellComplete(main, {}, 'pysubtensor', 'X').get_completions\n"
        "lines = ['tx bal', 'tx balances tr', 'tx balances transfer-all --', 'tx balances transfer-all --dest //',\n"
        "    'query system acc', 'query system account //', 'query constant Bal', 'query api Acc', 'stake add --',\n"
        "    'subnet join --', 'devnet --', 'keys ', 'metagraph --', 'genesis show --']\n"
        "for line in lines:\n"
        "    words = line.split(' ')\n"
        "    assert complete(words[:-1], words[-1]), line\n"
        "for line in ['tx', 'tx balances', 'tx balances transfer-all', 'query', 'query system account', 'stake add']:\n"
        "    try:\n        main([*line.split(), '--help'])\n    except SystemExit:\n        pass\n"
        f"print(sorted(set(sys.modules) & {set(heavy)!r}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ("devent", "`main devnet`"),
        ("tx balanses", "`main tx balances`"),
        ("tx balances transfer", "`main tx balances transfer-allow-death` or `main tx balances transfer-keep-alive`"),
        ("tx transfer-keep-alive", "`main tx balances transfer-keep-alive`"),
        ("query system acount", "`main query system account`"),
        ("query subtensor-module tempoo", "`main query subtensor-module tempo`"),
        ("stake ad", "`main stake add`"),
        ("keys inspekt", "`main keys inspect`"),
        ("subnet list", "`pysubtensor subnets`"),
        ("yuma smi", "`main yuma sim`"),
        ("genesis has", "`main genesis hash`"),
        ("db exprot", "`main db export`"),
    ],
)
def test_similar_commands_are_suggested(shell: Shell, arguments: str, hint: str) -> None:
    assert f"Did you mean {hint}" in shell(*arguments.split(), code=2).stderr


def test_names_of_the_chain_are_commands_too(shell: Shell) -> None:
    assert "--dest" in shell("tx", "Balances", "transfer_keep_alive", "--help").stdout
    assert "ACCOUNT" in shell("query", "System", "Account", "--help").stdout
