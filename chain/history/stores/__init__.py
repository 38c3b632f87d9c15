"""Stores of blocks and state: in memory, LevelDB, and SQLite.

`open_store` chooses one; `store.Store` is their interface.
"""

from ...errors import BlocksLost, StoreDamaged, StoreError, StoreFailed, StoreLocked, WrongEngine
from .choose import open_store
from .store import Store

__all__ = [
    "BlocksLost",
    "Store",
    "StoreDamaged",
    "StoreError",
    "StoreFailed",
    "StoreLocked",
    "WrongEngine",
    "open_store",
]
