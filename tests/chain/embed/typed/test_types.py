"""What type checkers see: the stubs are those of the runtime, and mypy finds misspelt names and wrong values."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from pysubtensor.chain.embed.typed.stubs.generate import DECLARED, stubs

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = Path(__file__).with_name("program.py")
#: The folders that are the package's in a wheel.
FOLDERS = ("chain", "consensus", "genesis", "runtime")
#: mypy keeps what it knows of the package here, so that only the first run reads all of it.
CACHE = ROOT / ".mypy_cache" / "programs"


def test_the_stubs_are_those_of_the_runtime() -> None:
    """`make stubs` writes them again."""
    kept = {path.name: path.read_text() for path in DECLARED.glob("*.pyi")}
    assert kept == stubs()


def installed(folder: Path) -> Path:
    """Lay out the package as a wheel does, for a type checker, which does not run `pysubtensor/__init__.py`."""
    package = folder / "pysubtensor"
    package.mkdir()
    for path in [*(ROOT / "pysubtensor").glob("*.py*"), *(ROOT / name for name in FOLDERS)]:
        (package / path.name).symlink_to(path)
    return folder


def guide(folder: Path) -> Path:
    """Write the examples of docs/embed.md as one program."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "embed.md").read_text(), re.DOTALL)
    path = folder / "guide.py"
    path.write_text("\n".join(blocks))
    return path


def test_mypy_refuses_exactly_what_is_wrong(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent"]
    command += ["--no-error-summary", "--hide-error-context", f"--cache-dir={CACHE}"]
    command += [str(PROGRAM), str(ROOT / "examples" / "subnet.py"), str(guide(tmp_path))]
    path = str(installed(tmp_path))
    ran = subprocess.run(command, env={"MYPYPATH": path}, capture_output=True, text=True, check=False)
    assert "subnet.py" not in ran.stdout
    assert "guide.py" not in ran.stdout
    found = re.findall(r"^.*program\.py:(\d+): error: (.*)$", ran.stdout, re.MULTILINE)
    lines = enumerate(PROGRAM.read_text().splitlines(), 1)
    wanted = {number: line.partition("# E: ")[2] for number, line in lines if "  # E: " in line}
    assert [int(number) for number, _ in found] == sorted(wanted), ran.stdout + ran.stderr
    for number, message in found:
        assert wanted[int(number)] in message
