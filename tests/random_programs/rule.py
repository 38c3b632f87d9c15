"""A rule by which spec 425 differs from Ethereum, with how a test switches it off.

A switch replaces a part of the engine by what Ethereum has there. With all of them off, the engine must do what
Ethereum does; a difference with all of them on is named by the rules that have to be off for it to vanish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from pysubtensor.runtime.frame.runtime import Runtime

Switch = Callable[[Runtime], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A difference: its name, the source that has it, and what switches it off."""

    name: str
    source: str
    off: Switch


DECLARED: list[Rule] = []


def rule(name: str, source: str) -> Callable[[Callable[[Runtime], Iterator[None]]], None]:
    """Declare the switch of a rule: a generator, during whose only step the rule is off."""

    def declare(function: Callable[[Runtime], Iterator[None]]) -> None:
        DECLARED.append(Rule(name, source, contextmanager(function)))

    return declare


@contextmanager
def switched_off(runtime: Runtime, rules: Sequence[Rule]) -> Iterator[None]:
    """Switch rules off."""
    with ExitStack() as stack:
        for item in rules:
            stack.enter_context(item.off(runtime))
        yield
