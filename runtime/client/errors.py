"""The error about a plain value: what was expected, what came, and where in a nested value."""

from __future__ import annotations

from ..scale.codec import shown

#: Characters of an invalid value that a message shows.
SHOWN = 60


class PlainError(ValueError):
    """A plain value does not fit its type. `path` has the names that lead to the invalid part, outermost first."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path: list[str] = []

    def inside(self, part: str) -> PlainError:
        """Return this error with the name of the part of a container in which it is."""
        self.path.insert(0, part)
        return self

    def __str__(self) -> str:
        where = ".".join(self.path).replace(".[", "[")
        return f"{where}: {self.reason}" if where else self.reason


def expected(what: str, value: object) -> PlainError:
    """Return the error for a value that is not `what`."""
    return PlainError(f"expected {what}, got {shown(value, SHOWN)}")
