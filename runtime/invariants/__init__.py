"""Invariants of the state after every block, independent of the calls in it. Tests check them.

`money` accounts for every rao, `alpha` for the stake of every subnet and what else its alpha is for, `relations` for
what is stored twice (locks, children, lists), `funds` for crowdloans and leases. Each says what the real chain does
not guarantee.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..frame.context import Context
from . import alpha, funds, money, relations
from .violation import Violation as Violation


def check(ctx: Context) -> None:
    """Raise AssertionError with the first violated invariant. Reads all accounts."""
    for violation in find_violations(ctx):
        raise AssertionError(violation.message)


def find_violations(ctx: Context) -> Iterator[Violation]:
    """Yield all violated invariants."""
    for part in (money, alpha, relations, funds):
        yield from part.find_violations(ctx)
