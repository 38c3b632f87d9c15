"""Runtimes of nodes that were found to have this program's types, so that a command need not compare them again.

Comparing decodes the node's whole metadata, which takes longer than most commands. The hash of a node's `:code` stands
for its types: a genuine node has its Wasm there, a node of pysubtensor a hash of all declarations and constants.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from .client import Client, RpcFailed
from .derived.index import index

#: Storage key `:code`.
CODE = "0x3a636f6465"
_HASH = re.compile(r"0x[0-9a-f]{64}")


def marker(client: Client) -> Path | None:
    """Return the file that exists if the node's runtime was verified; None if the node does not give its hash."""
    try:
        code = client.call("state_getStorageHash", CODE)
    except RpcFailed:
        return None
    if not isinstance(code, str) or not _HASH.fullmatch(code):
        return None
    name = blake2b(f"{index()['digest']} {code}".encode(), digest_size=16).hexdigest()
    return cache_folder() / "verified" / name


def remember(path: Path) -> None:
    """Make the file; without permission nothing is remembered."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def cache_folder() -> Path:
    """Return the folder of this program in the user's folder for caches."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "pysubtensor"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pysubtensor"
