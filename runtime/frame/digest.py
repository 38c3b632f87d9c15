"""The digest of a block header: items of consensus engines and of the runtime."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from ..scale import Bytes4, SourceName, Struct, Sum

AURA_ENGINE = b"aura"

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
