"""What all pages share: the node, its latest blocks, and what visitors may do."""

from __future__ import annotations

from dataclasses import dataclass, field

from .node.node import Node
from .readers.live import Live


@dataclass(slots=True)
class Explorer:
    """One explorer of one node. With `acts` pages offer what changes a development node."""

    node: Node
    acts: bool = True
    live: Live = field(init=False)

    def __post_init__(self) -> None:
        self.live = Live(self.node)

    @property
    def may_act(self) -> bool:
        """Whether pages offer what changes the node."""
        return self.acts and self.live.is_development
