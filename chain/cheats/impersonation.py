"""Acting as any account without its key."""

from __future__ import annotations

from typing import Any

from ...runtime.crypto import Keypair, Scheme
from ..arguments import AccountLike, account_of
from ..chain import Blockchain
from ..errors import ChainError
from ..pool.operating import forgive

#: What Chopsticks' helper `signFake` puts in the place of a signature. An impersonated account needs no other one.
MAGIC_SIGNATURE = bytes.fromhex("deadbeef") + b"\xcd" * 60


class ActingKey(Keypair):
    """Signs for an account without its key, where the chain impersonates the account.

    As a context manager it ends the impersonation.
    """

    __slots__ = ("_chain",)

    def __init__(self, chain: Blockchain, account: bytes) -> None:
        self.scheme, self.public, self._secret = Scheme.SR25519, account, b""
        self._chain = chain

    def sign(self, message: bytes) -> bytes:
        """Return the signature that is no signature."""
        return MAGIC_SIGNATURE

    def __enter__(self) -> ActingKey:
        return self

    def __exit__(self, *_: object) -> None:
        stop_impersonating(self._chain, self.account)


def impersonate(chain: Blockchain, account: AccountLike, signer: AccountLike | None = None) -> bytes:
    """Accept extrinsics of an account with any signature, and return the account.

    With `signer`, extrinsics that this other account signs act as `account` instead: with its nonce, fee and rights.
    ChainError on a chain of type Live.
    """
    require_test_chain(chain)
    who, impersonation = account_of(account), chain.pool.impersonation
    forgive(chain.pool)
    if signer is None:
        impersonation.accounts.add(who)
    else:
        impersonation.actors[account_of(signer, "signer")] = who
    return who


def stop_impersonating(chain: Blockchain, account: AccountLike) -> None:
    """Ask for the account's own signature again."""
    who, impersonation = account_of(account), chain.pool.impersonation
    impersonation.accounts.discard(who)
    for signer in [signer for signer, actor in impersonation.actors.items() if actor == who]:
        del impersonation.actors[signer]


def impersonate_everyone(chain: Blockchain, wanted: bool) -> None:
    """Accept any signature of any account, or no longer."""
    require_test_chain(chain)
    chain.pool.impersonation.everyone = wanted
    forgive(chain.pool)


def acting_key(chain: Blockchain, account: Any) -> ActingKey:
    """Return a key that signs for an account without its secret, from now on or within its `with` block."""
    return ActingKey(chain, impersonate(chain, account))


def require_test_chain(chain: Blockchain) -> None:
    """Raise ChainError for a chain of type Live, on which accounts are their keys."""
    chain.require_open()
    if chain.config.chain_type == "Live":
        raise ChainError("expected a chain for tests, this one is of type Live: its accounts act by their keys alone")
