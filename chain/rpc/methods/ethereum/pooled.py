"""Ethereum transactions in the pool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .....runtime.apis import ethereum as api
from .....runtime.client.ethereum import AnyTransaction, hash_of, nonce_tag
from .....runtime.frame.extrinsic import Extrinsic
from ....chain import Blockchain
from ...slices import pause

#: Extrinsics of the pool whose Ethereum hashes are remembered.
REMEMBERED = 16_384
#: Extrinsics whose hashes are computed between two pauses.
EACH = 16


class Pooled:
    """The Ethereum transactions in the pool of one chain."""

    def __init__(self, chain: Blockchain) -> None:
        self._chain = chain
        #: Hash of an extrinsic -> that of its Ethereum transaction, empty for others.
        self._hashes: dict[bytes, bytes] = {}

    @classmethod
    def of(cls, chain: Blockchain) -> Pooled:
        """Return those of a chain."""
        return chain.attached(cls)

    def transaction_hash(self, extrinsic: Extrinsic) -> bytes:
        """Return the hash of the Ethereum transaction in an extrinsic; none if there is none."""
        found = self._hashes.get(extrinsic.hash)
        if found is None:
            if len(self._hashes) >= REMEMBERED:
                self._hashes.clear()
            transaction = self.inside(extrinsic)
            found = b"" if transaction is None else hash_of(transaction)
            self._hashes[extrinsic.hash] = found
        return found

    def inside(self, extrinsic: Extrinsic) -> AnyTransaction | None:
        """Return the Ethereum transaction in an extrinsic."""
        found = api.extrinsic_filter(self._chain.pending_context(), [extrinsic])
        return found[0] if found else None

    def ready_hashes(self) -> list[bytes]:
        """Return the hashes of the ready transactions, in their order for the next block."""
        return [found for _, found in self._with_hashes(list(self._chain.pool.ready())) if found]

    def find(self, transaction_hash: bytes) -> AnyTransaction | None:
        """Return a transaction of the pool by its hash."""
        for extrinsic, found in self._with_hashes(self._chain.pool.waiting()):
            if found == transaction_hash:
                return self.inside(extrinsic)
        return None

    def all(self) -> Iterator[AnyTransaction]:
        """Yield the transactions of the pool, ready ones first."""
        for extrinsic, found in self._with_hashes(self._chain.pool.waiting()):
            if found and (transaction := self.inside(extrinsic)) is not None:
                yield transaction

    def _with_hashes(self, extrinsics: Iterable[Extrinsic]) -> Iterator[tuple[Extrinsic, bytes]]:
        for at, extrinsic in enumerate(extrinsics):
            if at % EACH == 0:
                pause()
            yield extrinsic, self.transaction_hash(extrinsic)

    def next_nonce(self, address: bytes, used: int) -> int:
        """Return the first nonce from `used` on that no ready transaction of an address has."""
        return self._chain.pool.next_free(used, lambda nonce: nonce_tag(address, nonce))
