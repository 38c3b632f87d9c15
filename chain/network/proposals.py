"""Proposals: blocks as the engine's transactions, the rules of their time and author, and what makes one invalid.

The first transaction of the engine's block is a mark and the block's whole header, sealed; the others are the body. So
all nodes have the same header, although seals are random. The block's number is the engine's height.

The time follows from the engine's: the beginning of the slot of that time, or of the slot after the parent's if that is
later. A proposer has no choice. The digest names the author, and the one that is expected two blocks later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...runtime.frame.digest import aura_pre_runtime, aura_slot, author_claim, pre_runtime_items
from ...runtime.frame.header import Header
from ...runtime.inherents import begins_with_all_inherents, block_time
from ...runtime.scale import ScaleError
from ..authoring import BuiltBlock
from ..chain import Blockchain
from ..verification import BlockRejected

#: What precedes a header. No extrinsic begins so: its first byte would be the length 0.
MARK = b"\0header\0"


class ProposalRefused(ValueError):
    """A proposal that is no valid next block. Nothing has changed."""


class ConsensusClock:
    """The time on which the validators have agreed for the next block; see `Clock`."""

    def __init__(self) -> None:
        #: In milliseconds since 1970.
        self.time_ms = 0

    def next_timestamp(self, parent_ms: int, slot_ms: int) -> int:
        return max(self.time_ms // slot_ms, parent_ms // slot_ms + 1) * slot_ms

    def present_ms(self) -> int:
        return self.time_ms

    def commit(self, timestamp_ms: int) -> None:
        """Do nothing: the engine tells the time of each block."""

    def snapshot(self) -> Callable[[], None]:
        """Return a function that does nothing: a shared chain does not go back."""
        return lambda: None


def to_transactions(header: Header, body: Sequence[bytes]) -> list[bytes]:
    """Return the engine's transactions of a block."""
    return [MARK + header.encode(), *body]


def from_transactions(transactions: Sequence[bytes]) -> tuple[Header, list[bytes]]:
    """Return the header and the body in the engine's transactions; raises ProposalRefused."""
    if not transactions or not transactions[0].startswith(MARK):
        raise ProposalRefused("expected a header in the first transaction")
    encoded = transactions[0][len(MARK) :]
    try:
        header = Header.decode(encoded)
    except ScaleError as error:
        raise ProposalRefused(f"expected a header in the first transaction: {error}") from error
    if header.encode() != encoded:
        raise ProposalRefused("expected the canonical encoding of a header in the first transaction")
    return header, list(transactions[1:])


def execute(chain: Blockchain, header: Header, body: Sequence[bytes], expected_ms: int) -> BuiltBlock:
    """Check and execute a proposal on the head; raises ProposalRefused, and leaves the state as it was."""
    _check_digest(chain, header)
    try:
        built = chain.execute_block(header, body, None, requires_seal=True)
    except BlockRejected as error:
        raise ProposalRefused(str(error)) from error
    found_ms = block_time(built.context)
    if found_ms == expected_ms and begins_with_all_inherents(chain.runtime, built.body):
        return built
    chain.discard_block(built)
    if found_ms != expected_ms:
        raise ProposalRefused(f"expected the time {expected_ms} ms, got {found_ms} ms")
    raise ProposalRefused("expected each inherent once, at the beginning of the body")


def _check_digest(chain: Blockchain, header: Header) -> None:
    items, claim = pre_runtime_items(header.digest.logs), author_claim(header.digest.logs)
    slot = aura_slot(header.digest.logs)
    if claim is None or slot is None or items != [aura_pre_runtime(slot), claim.item()]:
        raise ProposalRefused("expected a slot and an author in the digest, and no other item of its author")
    if (count := len(chain.authorities())) <= max(claim):
        raise ProposalRefused(f"expected authors below {count}, got {claim.author} and {claim.following}")
