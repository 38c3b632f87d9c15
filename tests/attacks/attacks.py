"""All attacks, in the order in which they are played."""

from __future__ import annotations

from . import connections, contracts, floods, following, full_blocks, large_requests, long_work
from .attack import Attack

ATTACKS: list[Attack] = [
    *large_requests.ATTACKS,
    *long_work.ATTACKS,
    *connections.ATTACKS,
    *floods.ATTACKS,
    *following.ATTACKS,
    *full_blocks.ATTACKS,
    *contracts.ATTACKS,
]
