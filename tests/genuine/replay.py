"""Replays a script of either format."""

from __future__ import annotations

from pathlib import Path

from .compare import Comparison
from .evm_compare import EvmComparison
from .findings import Findings
from .script import EVM, PALLETS, UnreadableScript, read_script

COMPARISONS: dict[int | str, type[Comparison]] = {PALLETS: Comparison, EVM: EvmComparison}


def replay(path: Path, limit: int | None = None) -> Findings:
    """Replay a script file; see `Findings` for `limit`."""
    try:
        script = read_script(path)
        return COMPARISONS[script.format](script, limit).run()
    except UnreadableScript as error:
        return Findings(path.name, unreadable=str(error))
