"""Runs with nodes that begin late: one that is behind, and one that begins with a snapshot."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.network.nets import Net, running

#: A node that is behind has to be this many times as fast as the network makes blocks.
TIMES_FASTER = 10


def behind(folder: Path, minutes: float) -> dict[str, Any]:
    """Let a replica be behind by the blocks of some minutes: it catches up ten times as fast as blocks are made."""
    with running(Net.make(folder)) as net:
        net.stop("replica0")
        time.sleep(minutes * 60)
        missing, began = net.height("node0") - 2, time.monotonic()
        net.start("replica0")
        while net.height("replica0") < 1:
            time.sleep(0.1)
        started, first = time.monotonic(), net.height("replica0")
        net.wait(missing, ["replica0"], within=missing / 2 + 60)
        took = time.monotonic() - started
        rate = (missing - first) / took
        alone = (net.height("node0") - missing - 2) / (time.monotonic() - began)
        found = {"blocks": missing - first, "s": round(took, 1), "blocks per s": round(rate, 1)}
        found |= {"times the network's rate": round(rate / alone, 1), "equal blocks": net.compare()}
        assert rate >= TIMES_FASTER * alone, found
        return found
