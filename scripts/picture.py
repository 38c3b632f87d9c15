"""Make docs/assets/devnet.svg, the picture in the README, from what a devnet really prints (`make picture`)."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "assets" / "devnet.svg"
COLUMNS = 110
PROGRAM = [sys.executable, "-m", "pysubtensor"]
DEVNET = ("devnet", "--seal", "instant")
#: What another terminal does meanwhile: one transaction succeeds, one fails.
COMMANDS = (
    ("tx", "balances", "transfer-keep-alive", "--dest", "//Bob", "--value", "1.5tao", "--from", "//Alice"),
    ("tx", "subtensor-module", "burned-register", "--netuid", "1", "--hotkey", "//Bob//hot", "--from", "//Bob"),
    ("tx", "balances", "transfer-keep-alive", "--dest", "//Eve", "--value", "5000tao", "--from", "//Dave"),
)
#: A picture that is part of a page must not load fonts from another host.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace("Fira Code, ", "")


def output_of_devnet() -> list[str]:
    """Return the lines that a devnet prints while the commands run, with the default port."""
    process = subprocess.Popen(
        [*PROGRAM, *DEVNET, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    )
    if process.stdout is None:
        raise RuntimeError("expected a pipe")
    lines = list(until_listening(process.stdout))
    url = lines[-1].strip()
    for command in COMMANDS:
        subprocess.run([*PROGRAM, *command, "--url", url], capture_output=True, check=False)
    process.terminate()
    lines += process.communicate()[0].splitlines(keepends=True)
    port = url.rpartition(":")[2]
    return "".join(lines).replace(f" --url {url}", "").replace(port, "9944").splitlines()


def until_listening(output: Iterable[str]) -> Iterator[str]:
    """Yield lines up to that of the address."""
    for line in output:
        yield line
        if line.startswith("ws://"):
            return


def picture(lines: list[str]) -> str:
    """Return a terminal with these lines as SVG."""
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, legacy_windows=False)
        console.print(Text(f"$ pysubtensor {' '.join(DEVNET)}", style="bold"))
        for line in lines:
            console.print(styled(line))
        return console.export_svg(title="pysubtensor", code_format=FORMAT, unique_id="devnet")


def styled(line: str) -> Text:
    """Return a line of the log in the colours of its result."""
    text = Text(line)
    text.highlight_regex(r"✓", "green")
    text.highlight_regex(r"✗.*", "red")
    text.highlight_regex(r"//\w+(//hot)?", "cyan")
    return text


if __name__ == "__main__":
    PICTURE.write_text(re.sub(r"[ \t]+$", "", picture(output_of_devnet()), flags=re.MULTILINE))
