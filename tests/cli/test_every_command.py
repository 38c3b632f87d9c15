"""Every command of the program: its help, and a sentence instead of a traceback for bad input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from pysubtensor.cli import main

if TYPE_CHECKING:
    from .conftest import Shell

#: Text that is no value of most types: wrong, empty, negative, enormous, no UTF-8 or no number.
BAD = ("", "x", "-1", "1" * 400, "\udcff", "[", "{}", "0x0", "nan", "//", "1.5.5tao")


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield all commands with their paths; of calls and storage items, which are alike, each tenth one."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    names = command.list_commands(click.Context(command))
    derived = len(path) == 2 and path[0] in ("tx", "query")
    for name in names[:: 10 if derived else 1]:
        found = command.get_command(click.Context(command), name)
        assert found is not None
        yield from commands(found, (*path, name))


COMMANDS = dict(commands(main))
#: Commands whose words are free text, or that answer to any text.
FREE = {("completion",)}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_and_refuses_unknown_options(shell: Shell, path: tuple[str, ...]) -> None:
    text = shell(*path, "--help").stdout
    assert "Usage: " in text
    assert "--no-such-option" in shell(*path, "--no-such-option", code=2).stderr


@pytest.mark.parametrize("path", [path for path in COMMANDS if path not in FREE], ids=" ".join)
def test_bad_input_is_a_sentence_and_exit_code_1_or_2(
    path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each value that takes text gets bad text, one at a time; nothing listens at the URL. Some name files."""
    monkeypatch.chdir(tmp_path)
    command = COMMANDS[path]
    for param in command.params:
        if isinstance(param, click.Option) and (param.is_flag or param.name in ("seal", "url")):
            continue
        for text in BAD:
            words = [f"{param.opts[0]}={text}"] if isinstance(param, click.Option) else ["--", text]
            url = ["--url", "ws://127.0.0.1:1"] if any(each.name == "url" for each in command.params) else []
            if path in (("devnet",), ("explorer",)):
                url = ["--port", "70000"]  # they must not start
            result = CliRunner().invoke(main, [*path, *url, *words], input="")
            assert isinstance(result.exception, SystemExit | None), (path, param.name, text, result.exception)
            assert result.exit_code in (0, 1, 2), (path, param.name, text)
            if result.exit_code:
                assert "Error: " in result.stderr or "Aborted" in result.stderr, (path, param.name, text, result.output)
                assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["warp"], "expected --blocks or --time, one of them"),
        (["warp", "--blocks", "1", "--time", "1s"], "expected --blocks or --time, one of them"),
        (
            ["warp", "--time", "soon"],
            "'--time': expected a span such as 90s, 15m, 2h or 3d, or a time such as 2026-01-31",
        ),
        (["warp", "--blocks", "0"], "'--blocks': 0 is not in the range"),
        (["epoch", "apex"], "'SUBNET': 'apex' is not a valid integer"),
        (["fund", "//Bob", "1alpha"], "'AMOUNT': expected an amount such as 1.5tao, or an integer in rao"),
        (["fund", "Bob!", "1tao"], "'ACCOUNT': expected an address"),
        (["snapshot", "tak"], "Did you mean `main snapshot take`"),
    ],
)
def test_errors_of_the_commands_for_development_nodes(shell: Shell, arguments: list[str], words: str) -> None:
    assert words in shell(*arguments, code=2).stderr


def test_a_node_without_the_method_is_named() -> None:
    from pysubtensor.cli.client import Client, RpcFailed
    from pysubtensor.cli.dev_output import UNKNOWN_METHOD, call
    from pysubtensor.cli.errors import Failed

    class Old(Client):
        """A node that knows no method."""

        url = "ws://old"

        def __init__(self) -> None:
            pass

        def call(self, method: str, *params: object) -> object:
            raise RpcFailed(method, {"code": UNKNOWN_METHOD, "message": "Method not found"})

    with pytest.raises(Failed, match=r"expected a development node .* at ws://old: it has no dev_snapshot"):
        call(Old(), "dev_snapshot")
