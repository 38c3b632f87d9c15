"""The declared cost of every call, against what the genuine runtime declares for the same bytes.

The figures hold the guards' weight and, in calls that have calls inside, theirs.
"""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.call import RUNTIME_CALL
from pysubtensor.runtime.frame.runtime import Runtime

from tests.vectors import load

RUNTIME = spec_425()
GENUINE: dict[str, list[list[Any]]] = load("interface/call_costs_425")
DECLARED = [f"{pallet.name}.{call.name}" for pallet in RUNTIME.pallets for call in pallet.calls.values()]


def declared(runtime: Runtime, encoded: str) -> list[Any]:
    """Return class, fee, picoseconds and bytes of proof of an encoded call."""
    info = runtime.info(RUNTIME_CALL.decode(bytes.fromhex(encoded), runtime))
    return [info.class_.name, info.pays_fee.name, info.call_weight.ref_time, info.call_weight.proof_size]


@pytest.mark.parametrize("name", [name for name in DECLARED if name in GENUINE])
def test_a_call_costs_what_the_genuine_one_costs(name: str) -> None:
    assert [declared(RUNTIME, row[0]) for row in GENUINE[name]] == [row[1:] for row in GENUINE[name]]


def test_calls_without_a_genuine_cost_are_those_that_the_scripts_do_not_make() -> None:
    assert {name for name in DECLARED if name not in GENUINE} == {
        *("Grandpa.report_equivocation", "Grandpa.report_equivocation_unsigned"),
        *("MevShield.announce_next_key", "MevShield.set_max_extrinsic_weight"),
        *("MevShield.store_encrypted", "MevShield.submit_encrypted"),
        *("SubtensorModule.faucet", "Timestamp.set"),
        *("System.apply_authorized_upgrade", "System.authorize_upgrade", "System.authorize_upgrade_without_checks"),
        *("System.kill_prefix", "System.set_code", "System.set_code_without_checks", "System.set_heap_pages"),
    }
