"""The digest of a block header: items of consensus engines and of the runtime."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, NamedTuple

from ..scale import Bytes4, SourceName, Struct, Sum

AURA_ENGINE = b"aura"
#: The engine of items with an `AuthorClaim`.
CLAIM_ENGINE = b"auth"

ConsensusEngineId = Annotated[Bytes4, SourceName("ConsensusEngineId")]


class DigestItem(Sum, path="sp_runtime::generic::digest::DigestItem", positional=True):
    """One item of a digest; the engine id (4 bytes) names the consensus engine that it is for."""


class PreRuntime(DigestItem, index=6):
    engine: ConsensusEngineId
    data: bytes


class Consensus(DigestItem, index=4):
    engine: ConsensusEngineId
    data: bytes


class Seal(DigestItem, index=5):
    engine: ConsensusEngineId
    data: bytes


class Other(DigestItem, index=0):
    data: bytes


class RuntimeEnvironmentUpdated(DigestItem, index=8):
    pass


class Digest(Struct, path="sp_runtime::generic::digest::Digest"):
    logs: list[DigestItem]


def aura_pre_runtime(slot: int) -> DigestItem:
    """Return the digest item with which a block author claims an Aura slot."""
    return PreRuntime(AURA_ENGINE, slot.to_bytes(8, "little"))


def pre_runtime_items(logs: Iterable[DigestItem]) -> list[DigestItem]:
    """Return the items that the author put into the header before the block was executed."""
    return [item for item in logs if isinstance(item, PreRuntime)]


def aura_slot(logs: list[DigestItem]) -> int | None:
    """Return the slot that the block's author claimed, None without a valid claim."""
    for item in logs:
        if isinstance(item, PreRuntime) and item.engine == AURA_ENGINE:
            return int.from_bytes(item.data[:8], "little") if len(item.data) >= 8 else None
    return None


class AuthorClaim(NamedTuple):
    """The authors of this block and of the block after the next one, as indices of Aura's authorities.

    A block has it where a network's engine chooses authors by another rule than the slot.
    """

    author: int
    following: int

    def item(self) -> DigestItem:
        """Return the item of the digest: both as u16, little-endian."""
        return PreRuntime(CLAIM_ENGINE, self.author.to_bytes(2, "little") + self.following.to_bytes(2, "little"))


def author_claim(logs: Iterable[DigestItem]) -> AuthorClaim | None:
    """Return the claim in a digest, None without a valid one."""
    for item in logs:
        if isinstance(item, PreRuntime) and item.engine == CLAIM_ENGINE:
            author, following = item.data[:2], item.data[2:]
            if len(item.data) != 4:
                return None
            return AuthorClaim(int.from_bytes(author, "little"), int.from_bytes(following, "little"))
    return None
