"""polkadot.js sees each status of each transaction, in all sealing modes and at any distance, and can try transactions.

It looks up the block of a status, and hides the status from its users if the next one arrives before it is done.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running
from pysubtensor.genesis.presets import dev

from tests.clients.environments import CACHE, POLKADOT_JS
from tests.clients.latency import delayed
from tests.clients.visits import PATIENCE_S, TOO_MUCH, interpreter, run_driver

pytestmark = [pytest.mark.clients, pytest.mark.timeout(2 * PATIENCE_S)]

COUNT, WAITS, AMOUNT = 50, 5, 1_000_000
FUNDED = 2_000 * 10**9
LATENCY_S = 0.01
BLOCK_TIME_MS = {Sealing.INTERVAL: 200, Sealing.MIXED: 200}


def follow(sealing: Sealing, latency: float | None, home: Path, block_time_ms: int | None = None) -> dict[str, Any]:
    """Run the driver at a node with this sealing, behind a proxy if there is a latency; return its report."""
    program = interpreter(POLKADOT_JS)
    slot = block_time_ms or BLOCK_TIME_MS.get(sealing, 12_000)
    config = dev(start_ms=None, slot_duration_ms=slot) if sealing is Sealing.INTERVAL else dev(slot_duration_ms=slot)
    with (
        Chain(config) as chain,
        running(chain, engine=LocalEngine(chain, sealing)) as node,
        nullcontext(node.port) if latency is None else delayed(node.port, latency) as port,
    ):
        task = {
            "url": f"ws://127.0.0.1:{port}",
            "environment": str(CACHE / POLKADOT_JS),
            "manual": sealing is Sealing.MANUAL,
            "count": COUNT,
            "waits": WAITS,
            "too_much": TOO_MUCH,
            "timeout": PATIENCE_S // 3,
        }
        return run_driver(POLKADOT_JS, program, "polkadot_js_statuses.mjs", task, home)


@pytest.mark.parametrize("latency", [None, LATENCY_S], ids=["direct", "10 ms away"])
@pytest.mark.parametrize("sealing", [Sealing.INTERVAL, Sealing.INSTANT, Sealing.MIXED, Sealing.MANUAL])
def test_polkadot_js_sees_each_status_and_can_try_transactions(
    sealing: Sealing, latency: float | None, tmp_path: Path
) -> None:
    seen = follow(sealing, latency, tmp_path)
    assert seen["statuses"] == [[["Ready", "InBlock", "Finalized"], True]] * COUNT
    assert seen["included"] == WAITS
    assert seen["free"] == FUNDED + (COUNT + WAITS) * AMOUNT, "to try changes nothing"
    good = {"ok": {"ok": []}}
    # The library reads the answer with a table of its own, in which FundsUnavailable has its former name.
    assert seen["dry"] == {
        "good": good,
        "again": good,
        "failing": {"ok": {"err": {"token": "NoFunds"}}},
        "unpayable": {"err": {"invalid": {"payment": None}}},
        "wrong": {"err": {"invalid": {"badProof": None}}},
    }
