"""The pages, one file each. They only lay out what the readers return."""

from __future__ import annotations

from ..state import Explorer
from . import block, home


def register(explorer: Explorer) -> None:
    """Make all pages known to the web server."""
    for page in (home, block):
        page.register(explorer)
