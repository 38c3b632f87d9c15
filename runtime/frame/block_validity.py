"""Named errors of blocks: one for each check whose failure is a panic of the genuine runtime.

A block that raises one of them is invalid: its changes must be discarded. Each message begins with the text of the
genuine panic, and states what was expected and what came. `assert` guards no block: `python -O` removes it.
"""

from __future__ import annotations

from typing import ClassVar


class Panic(Exception):
    """Raised where the genuine runtime panics; no change may be kept."""


class InvalidBlock(Panic):
    """A block that the runtime refuses."""

    #: The text of the genuine panic.
    text: ClassVar[str]

    def __init__(self, detail: str) -> None:
        super().__init__(f"{self.text}: {detail}")


class InvalidParent(InvalidBlock):
    """The block does not follow the state's last block."""

    text = "Parent hash should be valid."


class SlotNotIncreased(InvalidBlock):
    """The slot in the digest is not later than the parent's (pallet Aura)."""

    text = "Slot must increase"


class SlotMismatch(InvalidBlock):
    """The time is in another slot than the digest claims (pallet Aura)."""

    text = "Timestamp slot must match `CurrentSlot`"


class TimestampSetTwice(InvalidBlock):
    """The block has two inherents that set the time (pallet Timestamp)."""

    text = "Timestamp must be updated only once in the block"


class TimestampTooEarly(InvalidBlock):
    """The time is less than `MinimumPeriod` after the parent's (pallet Timestamp)."""

    text = "Timestamp must increment by at least <MinimumPeriod> between sequential blocks"


class TimestampMissing(InvalidBlock):
    """The block has no inherent that sets the time (pallet Timestamp)."""

    text = "Timestamp must be updated once in the block"


class PreLogExists(InvalidBlock):
    """The author has put an Ethereum block into the digest, and a transaction into the block (pallet Ethereum)."""

    text = "pre log already exists; block is invalid"


class PreBlockInvalid(InvalidBlock):
    """The Ethereum block in the digest has a transaction that cannot be applied (pallet Ethereum)."""

    text = "pre-block transaction failed; the block cannot be built"


class MissingInherentData(InvalidBlock):
    """The author's data for inherents has no time."""

    text = "Timestamp inherent data must be provided"


class InherentOutOfPlace(InvalidBlock):
    """An inherent comes after a transaction."""

    text = "Invalid inherent position"


class InapplicableExtrinsic(InvalidBlock):
    """The block has an extrinsic that may not be in it."""

    text = "Extrinsic is not applicable"


class DigestMismatch(InvalidBlock):
    """The digest of the header is not that of the executed block: an item more, less, or in another place."""

    text = "Digest item must match that calculated."


class StateRootMismatch(InvalidBlock):
    """The state root of the header is not that of the executed block."""

    text = "Storage root must match that calculated."


class ExtrinsicsRootMismatch(InvalidBlock):
    """The extrinsics root of the header is not that of the body."""

    text = "Transaction trie root must be valid."
