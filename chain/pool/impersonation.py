"""Accounts that act without their signature, on chains for tests."""

from __future__ import annotations

from ...runtime.frame.context import Context
from ...runtime.frame.extrinsic import Extrinsic, Kind, Unread
from ...runtime.frame.runtime import runtime_of
from ...runtime.validation import check_signature


class Impersonation:
    """Which accounts act without their signature, and for which accounts others act.

    A signature is looked at once, when an extrinsic reaches the pool. So this is all that a chain needs to know; its
    blocks hold extrinsics as they came, which no other chain accepts.
    """

    def __init__(self) -> None:
        #: Accounts whose extrinsics are valid with any signature.
        self.accounts: set[bytes] = set()
        #: Whether all accounts are such.
        self.everyone = False
        #: Accounts whose valid extrinsics are those of another account: its nonce, its fee, its call.
        self.actors: dict[bytes, bytes] = {}

    def __bool__(self) -> bool:
        return self.everyone or bool(self.accounts) or bool(self.actors)

    def actor(self, account: bytes) -> bytes:
        """Return the account as which this one acts: itself unless it stands in for another one."""
        return self.actors.get(account, account)

    def verify(self, ctx: Context, extrinsic: Extrinsic | Unread) -> None:
        """Check the signature of an extrinsic, unless its signer needs none; raises Refused."""
        if self.everyone or extrinsic.signer in self.accounts:
            extrinsic.verified = runtime_of(ctx).implicit(ctx, extrinsic)
        else:
            check_signature(ctx, extrinsic)

    def apply(self, ctx: Context, extrinsic: Extrinsic) -> Extrinsic:
        """Return the extrinsic with its signature checked and with the account that acts as its signer."""
        if self and extrinsic.kind is Kind.SIGNED and extrinsic.signer is not None:
            if self.everyone or extrinsic.signer in self.accounts or extrinsic.signer in self.actors:
                self.verify(ctx, extrinsic)
            extrinsic.signer = self.actor(extrinsic.signer)
        return extrinsic

    def copy(self) -> Impersonation:
        """Return an independent copy."""
        other = Impersonation()
        other.accounts, other.everyone, other.actors = set(self.accounts), self.everyone, dict(self.actors)
        return other
