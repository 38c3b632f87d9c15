"""The part of a state that belongs to its height and time, whatever else it holds."""

from __future__ import annotations

from ..pallets import aura, system, timestamp
from ..state.overlay import ITEM_PREFIX

#: The pallets that count blocks and time.
COUNTING = (system.pallet, timestamp.pallet, aura.pallet)
_PREFIXES = {item.prefix for pallet in COUNTING for item in pallet.storage.values()} - {system.Account.prefix}


def is_of_the_head(key: bytes) -> bool:
    """Return whether an entry counts blocks or time, and so may not go back alone; accounts do not."""
    return key[:ITEM_PREFIX] in _PREFIXES
