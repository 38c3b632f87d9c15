"""The identity of a running chain, by which clients notice that it is another one."""

from __future__ import annotations

import secrets

from ..chain import Blockchain


class Instance:
    """An id of the chain that this process holds: another one after each reset and load."""

    def __init__(self, chain: Blockchain) -> None:
        self.id = ""
        self.renew()

    @classmethod
    def of(cls, chain: Blockchain) -> Instance:
        """Return the instance of a chain."""
        return chain.attached(cls)

    def renew(self) -> None:
        """Take another id."""
        self.id = "0x" + secrets.token_hex(16)
