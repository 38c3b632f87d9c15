"""The author's part in the MEV shield: announcing keys, and decrypting shielded transactions.

`ShieldKeys`, the default, derives a block's key from the genesis hash and its number: given its parent, time and
extrinsics, a block is always the same bytes, and a chain that was reopened or rolled back can still decrypt what was
encrypted with keys that it announced. These keys are therefore not secret, and shielded transactions hide nothing.
`RandomShieldKeys` draws them at random and forgets them, as the genuine node does.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ..runtime import shielding
from ..runtime.crypto import blake2_512, ml_kem
from ..runtime.frame.context import Context
from ..runtime.frame.extrinsic import Extrinsic, Kind
from ..runtime.frame.runtime import runtime_of
from ..runtime.pallets.shared.shielded_transaction import TAG_LENGTH, hash_key
from ..runtime.pallets.shared.shielded_transaction import ShieldedTransaction as ShieldedTransaction

#: Number of past blocks whose keys are tried. A transaction needs three, and more if it waits in the pool.
LOOKED_BACK = 32


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An ML-KEM-768 key pair: the encapsulation key (1184 bytes) and the decapsulation key (2400 bytes)."""

    public: bytes
    secret: bytes = field(repr=False)


class ShieldKeys:
    """The key pairs of a chain's authors, which all belong to this process; they follow from the genesis hash."""

    def __init__(self, genesis_hash: bytes) -> None:
        self._genesis_hash = genesis_hash
        self._pairs: dict[int, KeyPair] = {}

    def announced(self, number: int, fresh: bool) -> bytes:
        """Return the key that block `number` announces: its own if `fresh`, otherwise always the same."""
        return self._pair(number if fresh else 0).public

    def secret_of(self, public: bytes, number: int) -> bytes | None:
        """Return the secret key of `public` if a block shortly before `number` announced it, None otherwise."""
        for candidate in (0, *range(number - 1, max(number - LOOKED_BACK, 0), -1)):
            pair = self._pair(candidate)
            if pair.public == public:
                return pair.secret
        return None

    def _pair(self, number: int) -> KeyPair:
        pair = self._pairs.get(number)
        if pair is None:
            seed = blake2_512(b"shield" + self._genesis_hash + number.to_bytes(4, "little"))
            pair = self._pairs[number] = KeyPair(*ml_kem.generate_key_pair(seed))
            if len(self._pairs) > 2 * LOOKED_BACK:
                del self._pairs[next(iter(self._pairs))]
        return pair

    def may_open(self, public: bytes, number: int) -> bool:
        """Return whether block `number`, authored here, takes transactions that were encrypted with this key.

        All authors belong to this process, so the key is one of theirs, even if it is forgotten.
        """
        return True


class RandomShieldKeys(ShieldKeys):
    """Key pairs drawn at random, kept in memory for `LOOKED_BACK` blocks, and then forgotten.

    What was encrypted for a block cannot be decrypted later, nor after the process has ended.
    """

    def __init__(self) -> None:
        super().__init__(b"")

    def announced(self, number: int, fresh: bool) -> bytes:
        """Return a new key if `fresh`, otherwise the one that this process announces in all such blocks."""
        for old in [each for each in self._pairs if 0 < each < number - LOOKED_BACK]:
            del self._pairs[old]
        if fresh:
            self._pairs.pop(number, None)  # of a block that was not made, or is no longer part of the chain
        return super().announced(number, fresh)

    def secret_of(self, public: bytes, number: int) -> bytes | None:
        """Return the secret key of `public` if it is not forgotten, None otherwise."""
        return next((pair.secret for pair in self._pairs.values() if pair.public == public), None)

    def _pair(self, number: int) -> KeyPair:
        if number not in self._pairs:
            self._pairs[number] = KeyPair(*ml_kem.generate_key_pair(os.urandom(64)))
        return self._pairs[number]


class OwnShieldKeys(RandomShieldKeys):
    """Random key pairs of one author among several: what is encrypted for another one is left to that one."""

    def may_open(self, public: bytes, number: int) -> bool:
        return self.secret_of(public, number) is not None


class Unshielder:
    """Decrypts the shielded transactions of one block. Create it before the inherents, which rotate the keys."""

    def __init__(self, ctx: Context, keys: ShieldKeys) -> None:
        self._ctx, self._keys = ctx, keys
        self._public = shielding.pending_key(ctx)

    def shielded(self, extrinsic: Extrinsic) -> ShieldedTransaction | None:
        """Return the shielded transaction that an extrinsic carries; None for an ordinary extrinsic."""
        return shielding.shielded(self._ctx, extrinsic)

    def is_due(self, transaction: ShieldedTransaction) -> bool:
        """Return whether it was encrypted for the author of this block."""
        public = self._public
        if public is None or hash_key(public) != transaction.key_hash:
            return False
        return self._keys.may_open(public, self._ctx.block.number)

    @staticmethod
    def content_length(transaction: ShieldedTransaction) -> int:
        """Return the length of the content in bytes: that of the ciphertext without its tag."""
        return max(len(transaction.aead_ct) - TAG_LENGTH, 0)

    def open(self, transaction: ShieldedTransaction) -> Extrinsic | None:
        """Return the decrypted extrinsic; None if it cannot be decrypted, or if it is an inherent."""
        secret = self._keys.secret_of(self._public, self._ctx.block.number) if self._public else None
        inner = shielding.unshield(runtime_of(self._ctx), secret, transaction) if secret else None
        if inner is not None and inner.kind is Kind.BARE and runtime_of(self._ctx).is_inherent(inner.call):
            return None  # a second inherent, behind transactions, would make the block invalid
        return inner
