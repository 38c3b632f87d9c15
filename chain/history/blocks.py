"""Stored blocks, how many of them are kept, and the errors for those that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class UnknownBlock(LookupError):
    """No block of this hash or number is kept."""

    def __init__(self, block: bytes | int) -> None:
        name = f"number {block}" if isinstance(block, int) else f"0x{block.hex()}"
        super().__init__(f"expected a block that is kept, got {name}")
        self.block = block


class StateDiscarded(LookupError):
    """The state of the block is no longer kept."""

    def __init__(self, block_hash: bytes) -> None:
        super().__init__(f"State already discarded for 0x{block_hash.hex()}")
        self.hash = block_hash


class NotProvable(LookupError):
    """Nothing can be proved about the state of the block: its root is not that of a trie."""

    def __init__(self, block_hash: bytes) -> None:
        super().__init__(f"the state of 0x{block_hash.hex()} is that of a fork, whose root is not the root of a trie")


@dataclass(frozen=True, slots=True)
class Retention:
    """How many of the latest blocks keep their state, and how many their header and body; None: all.

    A state that is kept needs its block, so `blocks` is at least `states`. The first block is always kept.
    """

    states: int | None = 4096
    blocks: int | None = 4096

    def __post_init__(self) -> None:
        if self.states is not None and self.states < 1:
            raise ValueError(f"expected at least 1 state to be kept, got {self.states}")
        if self.blocks is not None and (self.states is None or self.blocks < self.states):
            raise ValueError(f"expected at least as many blocks as states ({self.states}), got {self.blocks}")


@dataclass(frozen=True, slots=True, eq=False)
class Pin:
    """A block to which the head may be rolled back. Pins of the same block are different pins."""

    number: int
    #: The last final block at that time.
    final: int
    #: Whether it certainly will be, so that earlier blocks have to stay until then.
    firm: bool = True


class StoredBlock(NamedTuple):
    """A stored block; `header` and the extrinsics of `body` are encoded."""

    number: int
    hash: bytes
    header: bytes
    body: tuple[bytes, ...]
