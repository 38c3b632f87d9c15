"""Balances (index 5): TAO in rao, and what accounts may do with it.

`pallet` declares storage, events and errors; `accounts` keeps balances and account references in step; `fungible`
moves, mints and burns; `holds`, `reserves` and `locks` set amounts aside; `calls` is what users send.
"""

from . import calls, holds, locks
from .pallet import pallet

__all__ = ["calls", "holds", "locks", "pallet"]
