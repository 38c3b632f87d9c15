"""The author's part in the MEV shield: the keys that it announces, and opening what they shield.

A production node draws its keys at random and forgets them. Here a block's key follows from the chain and the block's
number: given its parent, time and extrinsics, a block is always the same bytes; and a chain that was closed and opened,
or rolled back, still opens what it has announced keys for. It also means that there are no secrets here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..runtime import shielding
from ..runtime.crypto import blake2_512, ml_kem
from ..runtime.frame.context import Context
from ..runtime.frame.extrinsic import Extrinsic, Kind
from ..runtime.frame.runtime import runtime_of
from ..runtime.pallets.shared.shielded_transaction import ShieldedTransaction, hash_key

#: How many blocks ago a key was announced that is still looked for. It takes three; blocks that authors left out more.
LOOKED_BACK = 32


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An ML-KEM-768 key to encrypt with (1184 bytes) and the one that opens (2400 bytes)."""

    public: bytes
    secret: bytes


class ShieldKeys:
    """The key pairs of a chain's authors, all of whom this process is."""

    def __init__(self, genesis_hash: bytes) -> None:
        self._genesis_hash = genesis_hash
        self._known: dict[int, KeyPair] = {}

    def announced(self, number: int, fresh: bool) -> bytes:
        """Return the key for the inherent of block `number`: one of its own when `fresh`, else always the same."""
        return self._pair(number if fresh else 0).public

    def secret_of(self, public: bytes, number: int) -> bytes | None:
        """Return the key that opens what `public` encrypted, if a block shortly before `number` announced it."""
        for candidate in (0, *range(number - 1, max(number - LOOKED_BACK, 0), -1)):
            pair = self._pair(candidate)
            if pair.public == public:
                return pair.secret
        return None

    def _pair(self, number: int) -> KeyPair:
        known = self._known.get(number)
        if known is None:
            seed = blake2_512(b"shield" + self._genesis_hash + number.to_bytes(4, "little"))
            known = self._known[number] = KeyPair(*ml_kem.generate_key_pair(seed))
            if len(self._known) > 2 * LOOKED_BACK:
                del self._known[next(iter(self._known))]
        return known


class Unshielder:
    """Opens the shielded transactions of one block. Made before its inherents, which pass the keys on."""

    def __init__(self, ctx: Context, keys: ShieldKeys) -> None:
        self._ctx, self._keys = ctx, keys
        self._public = shielding.pending_key(ctx)

    def shielded(self, extrinsic: Extrinsic) -> ShieldedTransaction | None:
        """Return what an extrinsic shields, None when it is an ordinary one."""
        return shielding.shielded(self._ctx, extrinsic)

    def is_due(self, transaction: ShieldedTransaction) -> bool:
        """Return whether it was encrypted for this block's author; others are left to theirs."""
        return self._public is not None and hash_key(self._public) == transaction.key_hash

    def open(self, transaction: ShieldedTransaction) -> Extrinsic | None:
        """Return the extrinsic inside, None when there is none that a transaction's place could be given to."""
        secret = self._keys.secret_of(self._public, self._ctx.block.number) if self._public else None
        inner = shielding.unshield(runtime_of(self._ctx), secret, transaction) if secret else None
        if inner is not None and inner.kind is Kind.BARE and runtime_of(self._ctx).is_inherent(inner.call):
            return None  # a second inherent, behind transactions, would make the block invalid
        return inner
