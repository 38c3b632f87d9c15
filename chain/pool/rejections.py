"""Why a submitted extrinsic does not enter the pool."""

from __future__ import annotations

from ...runtime.extensions.subtensor import CustomTransactionError
from ...runtime.frame.validity import Custom, Refused


class Rejected(ValueError):
    """A submitted extrinsic that did not enter the pool."""


class Undecodable(Rejected):
    """Bytes that are no extrinsic of this chain."""


class Invalid(Rejected):
    """The runtime refuses it; `reason` is the runtime's."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(f"{refused}{name_of_custom(refused.reason)}")
        self.reason = refused.reason


def name_of_custom(reason: object) -> str:
    """Return what stands behind the number of a "Custom error", for people; nothing for other reasons."""
    if not isinstance(reason, Custom) or reason.code not in set(CustomTransactionError):
        return ""
    return f" ({CustomTransactionError(reason.code).name})"


class Banned(Rejected):
    """It was in a block or found invalid a short time ago."""


class AlreadyImported(Rejected):
    """It is in the pool."""

    def __init__(self, transaction_hash: bytes) -> None:
        super().__init__(f"0x{transaction_hash.hex()} is in the pool already")
        self.hash = transaction_hash


class PriorityTooLow(Rejected):
    """Another transaction has its place, with no less priority."""


class CycleDetected(Rejected):
    """It would take the place of a transaction on which it depends."""


class NoTags(Rejected):
    """It provides no tag that distinguishes it from others."""


class ImmediatelyDropped(Rejected):
    """The pool is full of transactions of no less priority."""
