"""Storage items: typed access to the key-value state.

An item has a prefix, hashers, codecs and a default; it alone writes under its prefix. All methods take the context
first: `Account.get(ctx, who)`, `Account.put(ctx, who, info)`.

An absent entry reads as the item's default, or as None for an item without one. A constant as default stands for its
value on the chain that reads.
"""

from __future__ import annotations

from .item import ABSENT, StorageItem, StorageValue
from .maps import CountedStorageMap, StorageMap
from .multi_maps import StorageDoubleMap, StorageNMap

__all__ = [
    "ABSENT",
    "CountedStorageMap",
    "StorageDoubleMap",
    "StorageItem",
    "StorageMap",
    "StorageNMap",
    "StorageValue",
]
