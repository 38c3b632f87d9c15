"""What to do when a data directory, or a file in it, belongs to another user or may not be written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

#: Errors for want of rights. Engines report them by words that have other causes, too.
REFUSALS = (errno.EACCES, errno.EPERM)
RIGHTS = os.R_OK | os.W_OK
#: Whether the system can judge by the effective user.
EFFECTIVE = os.access in os.supports_effective_ids


def reason_of(error: OSError, folder: Path) -> str:
    """Return the text of an error about `folder` or what is in it, with advice if rights are missing."""
    return f"{error.strerror}{advice(folder) if error.errno in REFUSALS else ''}"


def with_advice(text: str, folder: Path) -> str:
    """Return an engine's text about its files in `folder`, with advice if rights are missing."""
    return f"{text}{'' if may_change(folder) else advice(folder)}"


def may_change(folder: Path) -> bool:
    """Return whether `folder` and all that is in it can be read and written."""
    try:
        return all(os.access(each, RIGHTS, effective_ids=EFFECTIVE) for each in (folder, *folder.rglob("*")))
    except OSError:
        return False


def advice(folder: Path) -> str:
    return f"; its owner gives you the rights by `chmod -R u+rwX {folder}`, root by `chown -R USER {folder}`"
