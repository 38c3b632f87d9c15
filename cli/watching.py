"""Watching a transaction until it is in a block, and its receipt."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ..runtime.client.receipt import Receipt, explain
from ..runtime.client.to_plain import to_plain
from ..runtime.crypto import blake2_256
from ..runtime.frame.runtime_types import RUNTIME_EVENT
from .client import NodeError
from .output import print_message
from .remote import Remote, from_hex, to_hex

#: Last statuses of a transaction besides `finalized`, in words.
LOST = {
    "invalid": "became invalid before it got into a block",
    "dropped": "was dropped by the pool, which is full",
    "usurped": "was replaced by another one with the same nonce",
    "retracted": "was in a block that is no longer part of the chain",
    "finalityTimeout": "was not finalized in time",
}


class Progress:
    """Says what a person waits for, once for each status of a transaction; only in a terminal."""

    WORDS = {"ready": "In the pool: waiting for a block …", "inBlock": "In a block: waiting until it is final …"}

    def __init__(self) -> None:
        self._said: set[str] = set()

    def status(self, name: str) -> None:
        """Print the message of a status for people who wait."""
        if name in self.WORDS and name not in self._said and sys.stderr.isatty():
            self._said.add(name)
            print_message(self.WORDS[name])


def block_of(statuses: Iterator[Any], wanted: str, progress: Progress | None = None) -> bytes:
    """Follow a transaction until it is `wanted` ("inBlock" or "finalized"), and return the hash of its block."""
    for status in statuses:
        name, detail = next(iter(status.items())) if isinstance(status, Mapping) else (status, None)
        if progress is not None and name != wanted:
            progress.status(name)
        if name in (wanted, "finalized"):
            return from_hex(str(detail))
        if name in LOST:
            raise NodeError(f"the transaction {LOST[name]}")
    raise AssertionError("a subscription continues until the transaction's last status")


def receipt_of(remote: Remote, raw: bytes, block: bytes) -> Receipt:
    """Return the receipt of a transaction that is in this block."""
    number, index = remote.locate(raw, block)
    return Receipt(block, number, index, tuple(remote.events(block, index)))


def plain_receipt(receipt: Receipt, raw: bytes) -> dict[str, Any]:
    """Return a transaction's receipt as JSON."""
    error = receipt.error
    return {
        "success": error is None,
        "extrinsic_hash": to_hex(blake2_256(raw)),
        "block_hash": to_hex(receipt.block_hash),
        "block_number": receipt.block_number,
        "extrinsic_index": receipt.index,
        "fee_rao": receipt.fee,
        "error": None if error is None else dict(zip(("name", "docs"), explain(error), strict=True)),
        "events": [to_plain(RUNTIME_EVENT, event) for event in receipt.events],
    }
