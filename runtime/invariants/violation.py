"""`Violation`: an invariant that a state breaks."""

from __future__ import annotations

from typing import NamedTuple


class Violation(NamedTuple):
    """A violated invariant: its subject, the difference (rao, alpha, or 1), and a message."""

    subject: tuple[object, ...]
    difference: int
    message: str
