"""Decoding a submitted extrinsic, whose length its sender chose: the part of its validation that needs no state."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from ...runtime.frame.context import Context
from ...runtime.frame.extrinsic import Extrinsic
from ...runtime.frame.runtime import Runtime
from ..blocks import Head
from .impersonation import Impersonation

#: Longer extrinsics are decoded only if their signature is valid. The genuine node decodes all of them first: of one
#: that is invalid in both ways it says that it cannot be decoded, as this node does of shorter ones.
VERIFIED_FIRST = 16 * 1024


class ChainView(Protocol):
    """What the pool needs of its chain."""

    runtime: Runtime
    #: Time between two blocks, in milliseconds: bans are counted in blocks.
    slot_ms: int

    @property
    def head(self) -> Head: ...

    def pending_context(self) -> Context:
        """Return the context in which a transaction is validated: the head's state, at the next block number."""

    def nonce(self, account: bytes) -> int:
        """Return how many transactions of this account are in blocks."""


def decode(chain: ChainView, raw: bytes, impersonation: Impersonation) -> Extrinsic:
    """Return the extrinsic that these bytes encode, with its cost and nesting if it is long.

    Raises ScaleError for other bytes, and Refused for a long extrinsic with a wrong signature.
    """
    if len(raw) <= VERIFIED_FIRST:
        extrinsic = chain.runtime.decode(raw)
        return impersonation.apply(chain.pending_context(), extrinsic) if impersonation else extrinsic
    extrinsic = chain.runtime.decode(raw, partial(impersonation.verify, chain.pending_context()))
    chain.runtime.nesting(extrinsic)
    chain.runtime.dispatch_info(extrinsic)
    return impersonation.apply(chain.pending_context(), extrinsic)
