"""The guard of what a validator has signed last.

The engine keeps the height and the step of its last vote, so that it never signs two votes for the same step. A copy of
its folder, or an old state of it, would sign again what was signed: a double vote. So a node's folder belongs to the
place where it was started first, and its last vote must not be older than the last one that was seen.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import ChainError
from .home import Home
from .turns import write_whole

MACHINE_ID = Path("/etc/machine-id")


class CopiedState(ChainError):
    """What the validator has signed last may be unknown: it must not sign."""


def _place(home: Home) -> dict[str, Any]:
    machine = MACHINE_ID.read_text().strip() if MACHINE_ID.is_file() else ""
    return {"machine": machine, "inode": home.data.stat().st_ino}


def last_signed(home: Home) -> tuple[int, int, int]:
    """Return height, round and step of the last vote; raises CopiedState if the engine's file is lost or damaged."""
    try:
        found = json.loads(home.signed.read_bytes())
        return int(found["height"]), int(found["round"]), int(found["step"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CopiedState(
            f"expected what this validator has signed last in {home.signed}, there is nothing to read ({error}): with "
            "another file it could vote twice. Remove the validator by sudo, and add it again with a new key"
        ) from error


def check(home: Home) -> None:
    """Raise CopiedState if the folder was copied or put back; at the first start, note where it is."""
    path = home.folder / "bound.json"
    signed, here = last_signed(home), _place(home)
    if not path.exists():
        _write(path, here, signed)
        return
    try:
        bound = json.loads(path.read_bytes())
        place, seen = {name: bound[name] for name in here}, tuple(int(part) for part in bound["signed"])
    except (ValueError, KeyError, TypeError) as error:
        raise CopiedState(f"expected where this node was started in {path}, got something else") from error
    if place != here:
        raise CopiedState(
            f"{home.folder} was copied or restored from a backup: if the original has voted since, or still runs, this "
            "validator would vote twice. If the original is gone for good and has not voted since the copy was made, "
            "`pysubtensor network doctor --accept-copy` lets this one go on"
        )
    if signed < seen:
        raise CopiedState(
            f"expected a last vote at height {seen[0]} or later in {home.signed}, got one at {signed[0]}: the file was "
            "put back, and this validator would vote twice"
        )


def note(home: Home) -> None:
    """Remember the last vote that was seen, for `check`."""
    _write(home.folder / "bound.json", _place(home), last_signed(home))


def _write(path: Path, place: dict[str, Any], signed: tuple[int, int, int]) -> None:
    write_whole(path, json.dumps(place | {"signed": list(signed)}).encode())
