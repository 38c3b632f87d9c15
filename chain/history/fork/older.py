"""The blocks of the other chain up to the one from which a fork begins."""

from __future__ import annotations

from ....runtime.frame.header import Header
from ..blocks import StoredBlock
from ..layout import number_key, pack, unpack
from .cache import Cache
from .source import Source


class OlderBlocks:
    """Blocks with numbers up to `last`, read when they are needed and kept in the cache. Raises SourceFailed."""

    def __init__(self, source: Source, cache: Cache, last: int) -> None:
        self._source, self._cache, self._last = source, cache, last

    def hash_at(self, number: int) -> bytes | None:
        """Return the hash of a block; None if the node does not know it."""
        name = f"hash {number}"
        known = self._cache.fact(name)
        if known is None and (known := self._source.block_hash(number)) is not None:
            self._cache.put_fact(name, known)
        return known

    def number_of(self, block_hash: bytes) -> int | None:
        """Return the number of a block before the last one; None for a hash that none of them has."""
        name = f"number {block_hash.hex()}"
        if (known := self._cache.fact(name)) is not None:
            return int.from_bytes(known)
        header = self._source.header(block_hash)
        if header is None or header.number >= self._last or self.hash_at(header.number) != block_hash:
            return None
        self._cache.put_fact(name, number_key(header.number))
        return header.number

    def block(self, number: int) -> StoredBlock | None:
        """Return a block; None if the node does not have it."""
        name = f"block {number}"
        if (known := self._cache.fact(name)) is not None:
            header, *body = unpack(known)
            return StoredBlock(number, Header.decode(header).hash, header, tuple(body))
        block_hash = self.hash_at(number)
        block = None if block_hash is None else self._source.block(block_hash)
        if block is not None:
            self._cache.put_fact(name, pack([block.header, *block.body]))
        return block
