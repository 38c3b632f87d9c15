"""All `dev_*` methods: importing their files registers them."""

from __future__ import annotations

from . import (
    accounts,
    blocks,
    calls,
    drand,
    ethereum,
    impersonation,
    node_info,
    pool,
    snapshots,
    state,
    storage,
    time,
)
from .declare import namespace

#: The files with methods, by topic.
TOPICS = (accounts, blocks, calls, drand, ethereum, impersonation, node_info, pool, snapshots, state, storage, time)

__all__ = ["TOPICS", "namespace"]
