"""The reasons why a submitted extrinsic does not enter the pool."""

from __future__ import annotations

from traceback import extract_tb

from ...runtime.client.advice import advice_on_refusal, with_advice
from ...runtime.extensions.subtensor import CustomTransactionError
from ...runtime.frame.block_validity import InvalidBlock
from ...runtime.frame.validity import Custom, Refused
from ..errors import OutOfTime


class Rejected(ValueError):
    """A submitted extrinsic that did not enter the pool, or that no block takes."""


class Undecodable(Rejected):
    """Bytes that do not decode as an extrinsic of this chain."""


class Invalid(Rejected):
    """The runtime refuses the extrinsic; `reason` is the runtime's error."""

    def __init__(self, refused: Refused) -> None:
        text = f"{refused}{name_of_custom(refused.reason)}"
        super().__init__(with_advice(text, advice_on_refusal(text)))
        self.reason = refused.reason


class Broken(Rejected):
    """The extrinsic raised a Python exception, which is the cause: its pallet has a fault."""

    def __init__(self, panic: Exception) -> None:
        frames = extract_tb(panic.__traceback__)
        where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
        super().__init__(f"the call broke: {type(panic).__name__}: {panic}{where}. This is a fault of its pallet")
        self.__cause__ = panic


def rejection(error: Exception) -> Rejected:
    """Return why a block does not have an extrinsic: it is refused, would make the block invalid, or broke."""
    if isinstance(error, Refused):
        return Invalid(error)
    return Rejected(str(error)) if isinstance(error, OutOfTime | InvalidBlock) else Broken(error)


def name_of_custom(reason: object) -> str:
    """Return the name of a "Custom error: N" in parentheses, after a space; empty for other reasons."""
    if not isinstance(reason, Custom) or reason.code not in set(CustomTransactionError):
        return ""
    return f" ({CustomTransactionError(reason.code).name})"


class Banned(Rejected):
    """The extrinsic was included or found invalid a short time ago."""


class AlreadyImported(Rejected):
    """The extrinsic is in the pool already."""

    def __init__(self, transaction_hash: bytes) -> None:
        super().__init__(f"0x{transaction_hash.hex()} is in the pool already")
        self.hash = transaction_hash


class PriorityTooLow(Rejected):
    """A transaction of at least the same priority provides the same tags."""


class CycleDetected(Rejected):
    """The transaction would replace one on which it depends."""


class NoTags(Rejected):
    """The transaction provides no tag that distinguishes it from others."""


class ImmediatelyDropped(Rejected):
    """The pool is full of transactions of at least the same priority."""
