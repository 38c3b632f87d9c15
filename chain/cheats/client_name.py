"""The name by which a node for tests introduces itself to Ethereum's clients."""

from __future__ import annotations

from ..chain import Blockchain


class ClientName:
    """A name in place of the genuine node's; None for that. Hardhat's helpers work with names of Hardhat and Anvil."""

    def __init__(self, chain: Blockchain) -> None:
        self.text: str | None = None

    @classmethod
    def of(cls, chain: Blockchain) -> ClientName:
        """Return the name of a chain's node."""
        return chain.attached(cls)
