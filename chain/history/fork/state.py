"""The state of a block of another node, read when it is needed and kept in the cache.

A walk reads pages of keys with their values. A single read of a map takes a page of the map with it, because its other
entries are mostly read soon, one by one, and each request costs a round trip.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from ....runtime.state.sorted_keys import end_of_prefix
from ...errors import SourceFailed
from .cache import Cache
from .source import MAX_PAGE, Source
from .spans import TOP

#: Length of the prefix that all keys of a storage item share.
ITEM_PREFIX = 32
#: Length of what the keys of one subnet share in most maps of subnets: the item and the netuid (u16).
SUBNET_PREFIX = ITEM_PREFIX + 2
#: Single reads in one subnet's part of a large map, after which a page of that part is read.
FEW = 2
#: Pairs in the first page of a walk, and in the page that comes with a single read.
FIRST_PAGE = 256


class RemoteState:
    """The state after block `at` (a `Past`)."""

    def __init__(self, source: Source, cache: Cache, at: bytes) -> None:
        #: Called between two requests.
        self.step: Callable[[], object] = lambda: None
        self._source, self._cache, self._at = source, cache, at
        self._tried: set[bytes] = set()
        self._misses: Counter[bytes] = Counter()

    def get(self, key: bytes) -> bytes | None:
        """Return the value under `key`, or None; raises SourceFailed."""
        known = self._cache.get(key)
        if known is None and self._read_around(key):
            known = self._cache.get(key)
        if known is None:
            self.prefetch([key])
            known = self._cache.get(key)
        return None if known is None else known[0]

    def prefetch(self, keys: Sequence[bytes]) -> None:
        """Read the values of those keys into the cache that are not there yet."""
        wanted = [key for key in keys if self._cache.get(key) is None]
        if wanted:
            self._cache.put(zip(wanted, self._source.values(wanted, self._at), strict=True))

    def _read_around(self, key: bytes) -> bool:
        """Read a page of the map in which a key is; return whether its value is known then."""
        if len(key) <= ITEM_PREFIX:
            return False
        item, subnet = key[:ITEM_PREFIX], key[:SUBNET_PREFIX]
        if item not in self._tried:
            self._read_page(item, item, FIRST_PAGE)
            self._tried.add(item)
        elif subnet not in self._tried:
            self._misses[subnet] += 1
            if self._misses[subnet] < FEW:
                return False
            self._read_page(subnet, subnet, FIRST_PAGE)
            self._tried.add(subnet)
        return self._cache.get(key) is not None

    def items(self, prefix: bytes, after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Return pairs in ascending order of their keys; see `Backend.items`. Raises SourceFailed."""
        end = end_of_prefix(prefix) or TOP
        start = prefix if after is None or after < prefix else after + b"\0"
        size = FIRST_PAGE
        while start < end:
            known = self._cache.spans.end_of(start)
            if known is None:
                known = self._read_page(prefix, start, size)
                size = min(2 * size, MAX_PAGE)
            known = min(known, end)
            yield from self._cache.items(start, known)
            start = known

    def _read_page(self, prefix: bytes, start: bytes, count: int) -> bytes:
        """Read the first `count` pairs with a prefix whose keys are at least `start`; return the end of that span."""
        self.step()
        keys = self._source.keys(prefix, count, just_below(start) if start > prefix else None, self._at)
        whole = len(keys) < count
        keys = [key for key in keys if key >= start]
        values = self._source.values(keys, self._at)
        if None in values:
            raise SourceFailed(f"{self._source.url} lists the key 0x{keys[values.index(None)].hex()} without a value")
        if not whole and not keys:
            raise SourceFailed(f"{self._source.url} lists keys that no state has, before 0x{start.hex()}")
        end = end_of_prefix(prefix) or TOP if whole else keys[-1] + b"\0"
        self._cache.put(zip(keys, values, strict=True), (start, end))
        return end


def just_below(key: bytes) -> bytes:
    """Return a byte string below `key` such that no key of a state lies between."""
    return key[:-1] if key[-1] == 0 else key[:-1] + bytes([key[-1] - 1]) + TOP
