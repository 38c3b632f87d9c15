"""The pages, one file each. They only lay out what the readers return."""

from __future__ import annotations

from ..state import Explorer
from . import account, block, dev, extrinsic, home, search, send, storage, subnet, subnets


def register(explorer: Explorer) -> None:
    """Make all pages known to the web server."""
    for page in (home, block, extrinsic, account, storage, search, subnets, subnet, dev, send):
        page.register(explorer)
