"""The beginning of a fork for programs: checked arguments, and its notes in the log."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path
from typing import Any

from ..arguments import block_id
from ..forking import Fork, ForkOptions, open_fork
from ..history.stores import Store
from . import checks

log = logging.getLogger(__name__)


def begin_fork(
    url: str,
    at: Any,
    store: Store | Path | None,
    *,
    cache: Path | None,
    dev_accounts: bool,
    whole: bool,
    accept: Collection[str],
) -> Fork:
    """Return what a fork needs (see `Chain.fork`), and log how its layout differs from the other chain's."""
    checks.require_folder(cache)
    checks.require_store(store)
    names = (accept,) if isinstance(accept, str) else tuple(accept)
    options = ForkOptions(cache, dev_accounts, whole, names)
    fork = open_fork(url, None if at is None else block_id(at), store, options)
    for note in fork.notes:
        log.warning("%s", note)
    return fork
