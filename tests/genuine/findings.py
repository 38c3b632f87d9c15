"""The findings of a replay: differences by kind, and steps that are not built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

#: Puts ours and the genuine side of a difference in words.
Sides = Callable[[], tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    """One difference in words: where it is, of what kind, and both sides."""

    where: str
    kind: str
    ours: str
    genuine: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}\n    ours:    {self.ours}\n    genuine: {self.genuine}"


@dataclass
class Findings:
    """The outcome of one file. Every difference is counted; of each kind the first `limit` are put in words."""

    name: str
    #: How many differences of one kind are put in words; None: all.
    limit: int | None = None
    steps: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    #: Steps that are not built, by what is missing.
    unbuilt: Counter[str] = field(default_factory=Counter)
    named: list[Difference] = field(default_factory=list)
    #: Why the file could not be read; None when it was.
    unreadable: str | None = None

    def note(self, where: str, kind: str, sides: Sides) -> None:
        """Count a difference, and put it in words within the limit."""
        self.kinds[kind] += 1
        if self.limit is None or self.kinds[kind] <= self.limit:
            self.named.append(Difference(f"{self.name} {where}", kind, *sides()))

    def unnamed(self) -> Counter[str]:
        """Return how many differences of each kind were counted only."""
        return self.kinds - Counter(difference.kind for difference in self.named)
