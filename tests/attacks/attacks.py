"""All attacks, in the order in which they are played."""

from __future__ import annotations

from . import connections, large_requests
from .attack import Attack

ATTACKS: list[Attack] = [*large_requests.ATTACKS, *connections.ATTACKS]
