"""Acting as any account."""

from __future__ import annotations

from ....cheats import impersonation
from ...node import Node
from .declare import Account, Flag, dev


@dev
def dev_impersonate(node: Node, account: Account, signer: Account | None) -> None:
    """Accept extrinsics of an account with any signature.

    With `signer`, what this other account signs acts as `account`, with its nonce and fee: for clients that always sign
    with a key of their own.
    """
    impersonation.impersonate(node.chain, account, signer)


@dev
def dev_stopImpersonating(node: Node, account: Account) -> None:
    """Ask for the account's own signature again."""
    impersonation.stop_impersonating(node.chain, account)


@dev
def dev_autoImpersonate(node: Node, enabled: Flag) -> None:
    """Accept any signature of any account, or no longer."""
    impersonation.impersonate_everyone(node.chain, enabled)
