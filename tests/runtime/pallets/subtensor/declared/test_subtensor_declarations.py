"""Declarations of SubtensorModule that metadata does not show, and configured defaults.

`tests/runtime/test_interface.py` compares the declarations themselves with the real chain's interface.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.pallet import Pallet
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.metadata import registry, v16
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.pallets.subtensor.declared import constants, types
from pysubtensor.runtime.pallets.subtensor.storage import delegation, neurons, rate_limits, staking, tempo, weights
from pysubtensor.runtime.pallets.subtensor.storage import migrations as upkeep
from pysubtensor.runtime.scale import Reader, ScaleError, codec_of, u16
from pysubtensor.runtime.scale.fixed_types import I96F32, U64F64

from tests.vectors import load
from tests.world import empty_context

NAME = "SubtensorModule"
HOTKEY, COLDKEY = b"\1" * 32, b"\2" * 32


@pytest.fixture
def runtime() -> Runtime:
    """A separate runtime, whose constants a test may change."""
    return spec_425()


@pytest.fixture
def ctx(runtime: Runtime) -> Context:
    """Block 1 of an empty state."""
    return empty_context(runtime, 1)


def specified() -> Any:
    """The pallet in the sources of 425."""
    return next(pallet for pallet in load("interface/runtime_425")["pallets"] if pallet["name"] == NAME)


# --- against the chain -----------------------------------------------------------------------------------------


def test_defaults_depend_on_the_same_constants_as_on_the_chain() -> None:
    found = 0
    for row in specified()["storage"]:
        if asked := re.fullmatch(r"T::(\w+)(::get\(\)(\.into\(\))?)?", row.get("default_expr") or ""):
            constant = subtensor.pallet.storage[row["name"]].default_constant
            assert constant is not None, f"{row['name']} does not follow {asked[1]}"
            assert constant.name == asked[1]
            found += 1
    assert found == 49


def test_parameters_that_metadata_hides_have_the_values_of_the_sources() -> None:
    values = specified()["type_values"]
    for constant in subtensor.pallet.constants.values():
        if not constant.in_metadata and constant.name in values:
            slow = re.sub(r"prod_or_fast!\((.*),.*\)", r"\1", values[constant.name]["expr"])
            assert constant.default == math.prod(int(factor) for factor in slow.split("*"))


def test_every_declaration_has_documentation() -> None:
    pallet = subtensor.pallet
    assert pallet.event is not None
    texts = {
        "storage": [item.docs for item in pallet.storage.values()],
        "constants": [constant.docs for constant in pallet.constants.values()],
        "errors": [error.docs for error in pallet.error or ()],
        "events": [variant.__doc__ or "" for variant in pallet.event.scale.by_index.values()],
    }
    counts = {kind: len(docs) for kind, docs in texts.items()}
    assert counts == {"storage": 224, "constants": 75, "errors": 147, "events": 137}
    assert [text for docs in texts.values() for text in docs if not text.endswith(".")] == []


# --- defaults that a configuration changes ---------------------------------------------------------------------


def test_a_default_is_the_constant_on_the_chain_that_reads(runtime: Runtime, ctx: Context) -> None:
    assert tempo.Tempo.get(ctx, 1) == 360
    runtime.constant_values[constants.InitialTempo] = 10  # what was read from a state before is remembered
    assert tempo.Tempo.get(ctx, 2) == 10
    assert tempo.Tempo.mutate(ctx, 2, lambda blocks: blocks + 1) == 11
    assert tempo.Tempo.column(ctx, [1, 2, 3]) == [360, 11, 10]


def test_values_follow_constants_as_maps_do(runtime: Runtime, ctx: Context) -> None:
    runtime.constant_values[constants.DefaultPendingCooldown] = 15
    assert delegation.PendingChildKeyCooldown.get(ctx) == 15
    assert upkeep.DissolveNetworkScheduleDuration.get(ctx) == 36_000


def test_metadata_shows_the_configured_default(runtime: Runtime) -> None:
    runtime.constant_values[constants.InitialTempo] = 10
    storage = v16.build_pallet(registry.Registry(runtime), runtime, subtensor.pallet).storage
    assert storage is not None
    defaults = {entry.name: entry.default for entry in storage.entries}
    assert defaults["Tempo"] == b"\x0a\0"
    assert defaults["ImmunityPeriod"] == b"\x00\x10"


def test_without_a_chain_the_default_is_the_real_chains(runtime: Runtime) -> None:
    runtime.constant_values[constants.InitialTempo] = 10
    assert tempo.Tempo.default() == 360
    assert tempo.Tempo.default(runtime.constant_values) == 10


# --- what behaviour relies on ----------------------------------------------------------------------------------


def test_rows_of_weights_are_arrays_of_pairs(ctx: Context) -> None:
    assert weights.Weights.get(ctx, 1, 0).shape == (0, 2)
    weights.Weights.put(ctx, 1, 0, np.array([[3, 65_535]], np.uint16))
    assert weights.Weights.get(ctx, 1, 0).tolist() == [[3, 65_535]]


def test_arrays_are_copied_between_reads_and_writes(ctx: Context) -> None:
    mine = np.array([1, 2], np.uint16)
    neurons.Incentive.put(ctx, 1, mine)
    mine[0] = 9
    read = neurons.Incentive.get(ctx, 1)
    assert read.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        read[0] = 9


def test_keys_of_rate_limits_encode_act_and_subnet() -> None:
    key = types.OwnerHyperparamUpdate(5, types.Hyperparameter.TriggerEpoch)
    assert rate_limits.LastRateLimitedBlock.key(key).removeprefix(rate_limits.LastRateLimitedBlock.prefix) == (
        b"\x01\x05\x00\x1f"
    )


def test_an_absent_share_is_zero(ctx: Context) -> None:
    assert staking.AlphaV2.get(ctx, (HOTKEY, COLDKEY, 1)) == types.SafeFloat(0, 0)
    staking.AlphaV2.put(ctx, (HOTKEY, COLDKEY, 1), types.SafeFloat(10**21, -12))
    assert list(staking.AlphaV2.under(ctx, HOTKEY)) == [((COLDKEY, 1), types.SafeFloat(10**21, -12))]


def test_fixed_point_numbers_are_their_bits() -> None:
    assert codec_of(I96F32).encode(-(1 << 32)) == b"\0\0\0\0" + b"\xff" * 12
    assert codec_of(U64F64).decode(bytes(8) + b"\1" + bytes(7)) == 1 << 64


def test_type_level_numbers_have_no_values() -> None:
    (_, bits), *_ = codec_of(U64F64).describe().params
    assert bits is not None
    with pytest.raises(ScaleError, match="no values"):
        bits.encode(64)
    with pytest.raises(ScaleError, match="no values"):
        bits.read(Reader(b""))


@pytest.mark.parametrize("names", [["A"], ["A", "B", "C"], ["A", "B", "B"]])
def test_an_order_names_each_item_once(names: list[str]) -> None:
    pallet = Pallet("Test", 0, crate="test")
    pallet.value(u16, docs="", name="B")
    pallet.value(u16, docs="", name="A")
    pallet.name_declared({})
    pallet.arrange(["A", "B"])
    assert list(pallet.storage) == ["A", "B"]
    with pytest.raises(TypeError, match="each storage item once"):
        pallet.arrange(names)
