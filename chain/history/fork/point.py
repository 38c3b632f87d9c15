"""The block from which a fork begins: found at a node or, when that does not answer, in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ...errors import ChainError, SourceFailed, StoreError
from ..blocks import StoredBlock
from .cache import Cache
from .older import OlderBlocks
from .source import Source
from .state import RemoteState
from .wire import Wire

SUFFIX = ".sqlite"
#: Cached blocks that a message names.
NAMED = 5


class ForkPoint:
    """A block of another chain with its state, read over RPC and kept in a cache."""

    def __init__(self, source: Source, cache: Cache, genesis_hash: bytes, number: int, block_hash: bytes) -> None:
        self._source, self._cache = source, cache
        self.url, self.genesis_hash, self.number, self.hash = source.url, genesis_hash, number, block_hash
        source.what = f"the fork of block {number} (0x{block_hash.hex()[:8]}…)"
        self.state = RemoteState(source, cache, block_hash)
        self.older = OlderBlocks(source, cache, number)
        cache.put_fact(f"hash {number}", block_hash)
        cache.put_fact("hash 0", genesis_hash)
        found = self.older.block(number)
        if found is None:
            raise SourceFailed(f"{self.url} does not have block 0x{block_hash.hex()}, whose header it has")
        self.block: StoredBlock = found

    def older_state(self, block_hash: bytes) -> RemoteState:
        """Return the state after an older block; what is read of it is forgotten with it."""
        return RemoteState(self._source, Cache(None), block_hash)

    @property
    def cache_file(self) -> Path | None:
        """The file in which everything that was read is kept."""
        return self._cache.path

    def fact(self, method: str, *, at_block: bool = False) -> Any:
        """Return the result of an RPC method about the chain or, with `at_block`, about it at the fork's block."""
        import orjson  # see `wire`

        known = self._cache.fact(method)
        if known is None:
            params = ["0x" + self.hash.hex()] if at_block else []
            known = orjson.dumps(self._source.ask(method, *params))
            self._cache.put_fact(method, known)
        return orjson.loads(known)

    def close(self) -> None:
        """End the connection and close the cache."""
        try:
            self._source.close()
        finally:
            self._cache.close()


def find_point(url: str, at: int | bytes | None, folder: Path) -> ForkPoint:
    """Return a block of the node at `url`: that of a number or a hash, by default the node's last one.

    Without an answer it is looked for in the caches in `folder`. Raises ChainError for a block that the node does not
    have, SourceFailed if neither the node nor the cache has it.
    """
    source = Source(Wire(url))
    try:
        try:
            genesis_hash, number, block_hash = _ask(source, at)
        except SourceFailed as error:
            genesis_hash, number, block_hash = _find_cached(url, at, folder, error)
        cache = Cache(folder / f"{genesis_hash.hex()[:16]}-{number}-{block_hash.hex()[:16]}{SUFFIX}")
        try:
            cache.put_fact(f"url {url}", b"")
            return ForkPoint(source, cache, genesis_hash, number, block_hash)
        except BaseException:
            cache.close()
            raise
    except BaseException:
        source.close()
        raise


def _ask(source: Source, at: int | bytes | None) -> tuple[bytes, int, bytes]:
    """Return the genesis hash, and number and hash of a block."""
    genesis_hash = source.block_hash(0)
    block_hash = at if isinstance(at, bytes) else source.block_hash(at)
    if genesis_hash is None:
        raise SourceFailed(f"{source.url} does not know block 0 of its chain")
    header = None if block_hash is None else source.header(block_hash)
    if header is None or block_hash is None:
        name = f"0x{at.hex()}" if isinstance(at, bytes) else f"number {at}"
        raise ChainError(f"expected a block of the node at {source.url}, it has none of {name}")
    return genesis_hash, header.number, block_hash


def _find_cached(url: str, at: int | bytes | None, folder: Path, error: SourceFailed) -> tuple[bytes, int, bytes]:
    """Return the genesis hash, number and hash of a block that was read from `url` before."""
    cached = list(_cached(url, folder))
    for genesis_hash, number, block_hash in cached:
        if at in (number, block_hash):
            return genesis_hash, number, block_hash
    numbers = sorted(number for _, number, _ in cached)
    known = f"blocks {', '.join(map(str, numbers[-NAMED:]))} of it: name one of them" if numbers else "no block of it"
    raise SourceFailed(f"{error}. The cache in {folder} has {known}") from error


def _cached(url: str, folder: Path) -> Iterator[tuple[bytes, int, bytes]]:
    for path in sorted(folder.glob(f"*-*-*{SUFFIX}")):
        try:
            number = int(path.stem.split("-")[1])
            with closing(Cache(path)) as cache:
                genesis_hash, block_hash = cache.fact("hash 0"), cache.fact(f"hash {number}")
                if cache.fact(f"url {url}") is not None and genesis_hash and block_hash:
                    yield genesis_hash, number, block_hash
        except (ValueError, StoreError):
            continue  # no cache, or a damaged one, which cannot be used
