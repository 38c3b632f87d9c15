"""Misuse of each call of the pallets of subnets by kind: the chain's own error, and no change.

`misuse/` has a file for each group of calls. A call without a misuse of some kind has a reason there.
Wrong origins and unknown subnets are in `test_misuse.py`.
"""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest
from pysubtensor.runtime.frame.context import Context

from tests.world import AddDynamicNetwork, AddNetwork, AddNeuron, Dispatch, RefusedCall, SetConstant

from .misuse.table import PALLETS, Kind, Misuse, Table, World

#: The table of each file of the folder but the one that defines what a table is.
TABLES: list[Table] = [
    import_module(f".misuse.{path.stem}", __package__).table
    for path in sorted(Path(__file__).with_name("misuse").glob("*.py"))
    if path.stem != "table"
]
CALLS = [call.name for pallet in PALLETS for call in pallet.calls.values()]
MISUSES = [misuse for table in TABLES for misuse in table.misuses]


@pytest.fixture
def world(
    ctx: Context,
    add_network: AddNetwork,
    add_dynamic_network: AddDynamicNetwork,
    add_neuron: AddNeuron,
    dispatch: Dispatch,
    set_constant: SetConstant,
) -> World:
    return World(ctx, add_network, add_dynamic_network, add_neuron, dispatch, set_constant)


@pytest.mark.parametrize("misuse", MISUSES, ids=str)
def test_misuse_changes_nothing(world: World, refused: RefusedCall, misuse: Misuse) -> None:
    who, call = misuse.attempt(world)
    assert call.name == misuse.call
    refused(who, call, misuse.error)


def test_each_call_has_a_misuse_of_each_kind_or_a_reason() -> None:
    misused = {(misuse.call, misuse.kind) for misuse in MISUSES}
    exempt = Counter(pair for table in TABLES for pair in table.exempt)
    assert not [pair for pair, times in exempt.items() if times > 1], "exempt in two tables"
    assert misused.isdisjoint(exempt), "both misused and exempt"
    assert misused | exempt.keys() == set(product(CALLS, Kind)), "calls and kinds without a misuse or a reason"
