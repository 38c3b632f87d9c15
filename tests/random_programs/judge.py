"""Compare what the chain does with what the oracles say, and name each difference by the rules that make it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.clients import environments

from .ours import Chain, Result
from .program import BLOCK, Program
from .rule import Rule, switched_off
from .rules import RULES
from .writer import SLOTS

ORACLES = Path(__file__).parent / "oracles"
EELS, PYREVM = "eels", "pyrevm"
Answers = list[dict[str, Any]]


class Difference(Exception):
    """Two of three answers are not equal, and no rule says why."""


def ask(programs: Sequence[Program]) -> tuple[Answers, list[dict[str, Any] | None]]:
    """Return the answers of EELS and of pyrevm, which has none to programs of Prague."""
    with ThreadPoolExecutor(2) as threads:
        eels, pyrevm = threads.map(_ask, (EELS, PYREVM), ("eels.py", "revm.py"), (programs, programs))
    return eels, pyrevm


def _ask(environment: str, script: str, programs: Sequence[Program]) -> Any:
    python = environments.prepare(environment)
    lines = "".join(json.dumps(item) + "\n" for item in ({**BLOCK, "slots": SLOTS}, *programs))
    done = subprocess.run([python, ORACLES / script], input=lines, capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(answers) != len(programs):
        raise RuntimeError(f"{script} failed at the program {len(answers)} of {len(programs)}: {done.stderr[-2_000:]}")
    return answers


def judge(chain: Chain, program: Program, eels: dict[str, Any], pyrevm: dict[str, Any] | None) -> list[str]:
    """Return the names of the rules by which the chain differs from Ethereum, none if it does not.

    Raise Difference where the oracles differ, or the chain differs from them although all rules are off.
    """
    destroyed = set(eels["destroyed"])
    expected = {name: value for name, value in eels.items() if name != "destroyed"}
    if pyrevm is not None:
        _compare(program, "pyrevm", "EELS", _without(pyrevm, destroyed, expected), _without(expected, destroyed))
    known = frozenset(map(bytes.fromhex, eels["accounts"]))
    with switched_off(chain.runtime, RULES):
        _compare(program, "the chain", "EELS", chain.run(program, known), expected)

    def agrees(on: Iterable[Rule]) -> bool:
        kept = {rule.name for rule in on}
        with switched_off(chain.runtime, [rule for rule in RULES if rule.name not in kept]):
            return chain.run(program, known) == expected

    def narrowed(on: list[Rule], group: list[Rule]) -> list[Rule]:
        """Return the rules that are on, with as many of a group as leave the answer as it is."""
        if agrees([*on, *group]):
            return [*on, *group]
        if len(group) == 1:
            return on
        half = len(group) // 2
        return narrowed(narrowed(on, group[:half]), group[half:])

    kept = {rule.name for rule in narrowed([], RULES)}
    return [rule.name for rule in RULES if rule.name not in kept]


def _without(answer: Result, destroyed: set[str], codes: Result | None = None) -> Result:
    """Return an answer without destroyed contracts, which pyrevm still has, and with all hashes of code."""
    accounts = {}
    for name, (balance, nonce, code, storage) in answer["accounts"].items():
        if code is None and codes is not None:
            code = codes["accounts"].get(name, [0, 0, ""])[2]
        if name not in destroyed and (balance or nonce or code):
            accounts[name] = [balance, nonce, code, storage]
    return {**answer, "accounts": accounts}


def _compare(program: Program, first: str, second: str, one: Result, other: Result) -> None:
    if one == other:
        return
    parts = [f"{key}: {one.get(key)} and {other.get(key)}" for key in ("status", "gas", "output", "logs")]
    parts = [
        part
        for part, key in zip(parts, ("status", "gas", "output", "logs"), strict=True)
        if one.get(key) != other.get(key)
    ]
    ours, theirs = one.get("accounts", {}), other["accounts"]
    names = [name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)]
    parts += [f"{name}: {ours.get(name)} and {theirs.get(name)}" for name in names]
    raise Difference(f"program {program['name']}: {first} and {second} differ in\n  " + "\n  ".join(parts))
