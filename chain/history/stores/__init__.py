"""Where blocks and state are kept: memory, LevelDB, and a second embedded engine.

`open_store` picks one; `store.Store` is what all of them promise.
"""

from .choose import open_store
from .store import Store, StoreError, StoreLocked, WrongEngine

__all__ = ["Store", "StoreError", "StoreLocked", "WrongEngine", "open_store"]
