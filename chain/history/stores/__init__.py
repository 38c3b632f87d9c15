"""Stores of blocks and state: in memory, LevelDB, and SQLite.

`open_store` chooses one; `store.Store` is their interface.
"""

from .choose import open_store
from .store import Store, StoreError, StoreLocked, WrongEngine

__all__ = ["Store", "StoreError", "StoreLocked", "WrongEngine", "open_store"]
