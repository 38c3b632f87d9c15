"""The examples of the README and of examples/ run and print the documented output."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_a_subnet_in_twenty_lines() -> None:
    shown = run((ROOT / "examples" / "subnet.py").read_text())
    assert "incentives [16383, 0, 49151] dividends [0, 65535, 0]" in shown


def test_the_readme_shows_that_example() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    embedded = [block for block in blocks if "Chain.dev" in block]
    assert embedded
    for block in embedded:
        run(block)
    example = (ROOT / "examples" / "subnet.py").read_text()
    assert any(block.strip() in example for block in embedded), "the README's subnet is the example's"


def test_the_guide_to_embedding_prints_what_it_says() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "embed.md").read_text(), re.DOTALL)
    program = "\n".join(blocks)
    says = re.findall(r"^ *print\(.*\)  # (.*)$", program, re.MULTILINE)
    assert run(program).splitlines() == says
    assert len(says) == program.count("print(")
