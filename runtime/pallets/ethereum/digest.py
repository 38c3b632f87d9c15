"""What the digest of a block says of its Ethereum block."""

from __future__ import annotations

from collections.abc import Iterable

from ...frame.digest import DigestItem, PreRuntime
from ...scale import H256, ScaleError, Struct, Sum
from .block import EthereumBlock

ENGINE = b"fron"


class Hashes(Struct, path="fp_consensus::Hashes"):
    """The hashes of the block and of its transactions."""

    block_hash: H256
    transaction_hashes: list[H256]


class PostLog(Sum, path="fp_consensus::PostLog", positional=True):
    """What the runtime puts into the digest at the end of a block."""


class PostHashes(PostLog, index=1, name="Hashes"):
    hashes: Hashes


class PreLog(Sum, path="fp_consensus::PreLog", positional=True):
    """What an author may put into the digest: a whole block, which is executed first. No known author does."""


class PreBlock(PreLog, index=3, name="Block"):
    block: EthereumBlock


def block_of_author(digest: Iterable[DigestItem]) -> EthereumBlock | None:
    """Return the Ethereum block that the author put into the digest; None without one, and for several ones."""
    found = []
    for item in digest:
        if isinstance(item, PreRuntime) and item.engine == ENGINE:
            try:
                found.append(PreLog.scale.decode(item.data).block)
            except ScaleError:
                continue
    return found[0] if len(found) == 1 else None
