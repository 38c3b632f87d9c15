"""What SubtensorModule declares, against the real chain's interface at spec 425, and defaults that are configured."""

from __future__ import annotations

import importlib.util
import math
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.frame.context import Block, Context
from pysubtensor.runtime.frame.pallet import Pallet
from pysubtensor.runtime.metadata import registry, v16
from pysubtensor.runtime.pallets import subtensor
from pysubtensor.runtime.pallets.subtensor import constants, types
from pysubtensor.runtime.pallets.subtensor.storage import (
    delegation,
    neurons,
    rate_limits,
    staking,
    tempo,
    upkeep,
    weights,
)
from pysubtensor.runtime.runtime import Runtime
from pysubtensor.runtime.scale import Reader, ScaleError, codec_of, u16
from pysubtensor.runtime.scale.fixed_types import I96F32, U64F64
from pysubtensor.runtime.state.overlay import MemoryBackend, State

TESTS = Path(__file__).parents[3]
NAME = "SubtensorModule"
HOTKEY, COLDKEY = b"\1" * 32, b"\2" * 32

FIXED = "substrate_fixed::Fixed{}<{}>"
BYTES = "bounded_collections::bounded_vec::BoundedVec<u8>"
#: How the sources spell this pallet's types, and metadata does.
SPELLINGS = {
    "AxonInfoOf": "pallet_subtensor::pallet::AxonInfo",
    "NeuronCertificateOf": "pallet_subtensor::pallet::NeuronCertificate",
    "PrometheusInfoOf": "pallet_subtensor::pallet::PrometheusInfo",
    "ChainIdentityOfV2": "pallet_subtensor::pallet::ChainIdentityV2",
    "SubnetIdentityOfV3": "pallet_subtensor::pallet::SubnetIdentityV3",
    "SubnetLeaseOf<T>": "pallet_subtensor::subnets::leasing::SubnetLease<sp_core::crypto::AccountId32, u32, u64>",
    "RateLimitKey<T::AccountId>": "pallet_subtensor::RateLimitKey<sp_core::crypto::AccountId32>",
    "LockState": "pallet_subtensor::staking::lock::LockState",
    "SafeFloat": "share_pool::SafeFloat",
    "Signature": "[u8; 65]",
    "LeaseId": "u32",
    "RoundNumber": "u64",
    "BlockNumber": "u32",
    "BoundedVec<u8, ConstU32<64>>": BYTES,
    "<<T as Config>::Currency as fungible::Inspect<<T as frame_system::Config>::AccountId>>::Balance": "u64",
    "I64F64": FIXED.format("I128", "U64"),
    "I96F32": FIXED.format("I128", "U32"),
    "U64F64": FIXED.format("U128", "U64"),
    "U96F32": FIXED.format("U128", "U32"),
}
#: What is new since 393 and whose values or shapes the comparison cannot read from the sources.
NEWER = {
    "SubtensorModule.constants.InitialMinStake": "u64 = 80841e0000000000",
    "SubtensorModule.constants.MinTempo": "u16 = 6801",
    "SubtensorModule.constants.MaxTempo": "u16 = e0c4",
    "SubtensorModule.constants.MinActivityCutoffFactorMilli": "u32 = e8030000",
    "SubtensorModule.constants.MaxActivityCutoffFactorMilli": "u32 = 50c30000",
    "SubtensorModule.constants.SubtensorPalletId": f"frame_support::PalletId = {b'subtensr'.hex()}",
    "SubtensorModule.constants.BurnAccountId": f"frame_support::PalletId = {b'burntnsr'.hex()}",
    "SubtensorModule.constants.InitialMaxEpochsPerBlock": "u8 = 02",
    "type share_pool::SafeFloat": "mantissa: u128, exponent: i64",
}


@cache
def interface() -> ModuleType:
    """The comparison of whole runtimes: its code, loaded apart so that spellings added here stay here."""
    spec = importlib.util.spec_from_file_location("interface_of_subtensor", TESTS / "runtime" / "test_interface.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module.SPELLINGS.update(SPELLINGS)
    return module


@pytest.fixture
def runtime() -> Runtime:
    """A runtime of its own, which knows the pallet's constants."""
    runtime = Runtime()
    runtime.constant_values |= {constant: constant.default for constant in subtensor.pallet.constants.values()}
    return runtime


@pytest.fixture
def ctx(runtime: Runtime) -> Context:
    """Block 1 of an empty state."""
    return Context(runtime, State(MemoryBackend()), Block(1, bytes(32)))


def naming(type_names: Any) -> Any:
    """Names of types, but numbers that are types (`typenum`) by their value, as the specification writes them."""

    class Names(type_names):  # type: ignore[misc]  # a fixture gives the class
        def _name(self, number: int) -> str:
            entry = self.types[number]
            if "uint" not in entry.path:
                return str(super()._name(number))
            if entry.path[-1] == "UTerm":
                return "U0"
            higher, last = (self.name(param.type) for param in entry.params)
            return f"U{int(higher[1:]) * 2 + int(last[-1])}"

    return Names


@pytest.fixture
def ours(runtime: Runtime, type_names: Any) -> dict[str, str]:
    """The facts of our declarations, and of the types that they need."""
    known = registry.Registry()
    shown = v16.pallet_of(known, runtime, subtensor.pallet)
    metadata = v16.MetadataV16(known.types, [], None, [], None, {})
    facts = interface().Ours(metadata, naming(type_names)(known.types).name)
    paths = dict(interface().prefixed(NAME, facts.pallet(shown)))
    for entry in known.types:
        if entry.path:
            paths |= interface().type_facts(facts.name(entry.id), facts.shape(entry))
    return paths


def specified() -> Any:
    """The pallet in the sources of 425."""
    return next(pallet for pallet in interface().load(425)["pallets"] if pallet["name"] == NAME)


@pytest.fixture
def theirs(ours: dict[str, str]) -> dict[str, str]:
    """The facts of the chain, as far as they are declared here."""
    older, newer = interface().load(393), interface().load(425)
    facts = dict(interface().facts_393(older))
    source = interface().Source(newer, older, facts)
    paths = dict(source.pallet(specified()))
    for path in ours:
        if path.startswith("type "):
            paths |= dict(source.shape(path.removeprefix("type "))) or {path: facts.get(path, "-")}
    return {path: fact for path, fact in paths.items() if ".calls." not in path or path in ours} | NEWER


# --- against the chain -----------------------------------------------------------------------------------------


def test_declarations_are_the_chains(ours: dict[str, str], theirs: dict[str, str]) -> None:
    wrong = {
        path: (ours.get(path), theirs.get(path)) for path in {**ours, **theirs} if ours.get(path) != theirs.get(path)
    }
    assert not wrong, f"{len(wrong)} differences (ours, theirs): {wrong}"


@pytest.mark.parametrize("kind", ["storage", "constants", "errors", "events"])
def test_rows_stand_in_the_chains_order(ours: dict[str, str], kind: str) -> None:
    prefix = f"{NAME}.{kind}."
    mine = [path.removeprefix(prefix) for path in ours if path.startswith(prefix)]
    assert mine == [row["name"] for row in specified()[kind]]


def test_defaults_follow_the_constants_that_they_follow_on_the_chain() -> None:
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
        if not constant.shown and constant.name in values:
            slow = re.sub(r"prod_or_fast!\((.*),.*\)", r"\1", values[constant.name]["expr"])
            assert constant.default == math.prod(int(factor) for factor in slow.split("*"))


def test_every_row_says_what_it_is() -> None:
    pallet = subtensor.pallet
    assert pallet.event is not None
    texts = [item.docs for item in pallet.storage.values()]
    texts += [constant.docs for constant in pallet.constants.values()]
    texts += [error.docs for error in pallet.error or ()]
    texts += [variant.__doc__ or "" for variant in pallet.event.scale.by_index.values()]
    assert len(texts) == 222 + 75 + 147 + 137
    assert all(text.endswith(".") for text in texts)


# --- defaults that a configuration changes ---------------------------------------------------------------------


def test_a_default_is_the_constant_on_the_chain_that_reads(runtime: Runtime, ctx: Context) -> None:
    assert tempo.Tempo.get(ctx, 1) == 360
    runtime.constant_values[constants.InitialTempo] = 10
    assert tempo.Tempo.get(ctx, 1) == 10
    assert tempo.Tempo.mutate(ctx, 1, lambda blocks: blocks + 1) == 11
    assert tempo.Tempo.get(ctx, 2) == 10


def test_values_follow_constants_as_maps_do(runtime: Runtime, ctx: Context) -> None:
    runtime.constant_values[constants.DefaultPendingCooldown] = 15
    assert delegation.PendingChildKeyCooldown.get(ctx) == 15
    assert upkeep.DissolveNetworkScheduleDuration.get(ctx) == 36_000


def test_metadata_shows_the_configured_default(runtime: Runtime) -> None:
    runtime.constant_values[constants.InitialTempo] = 10
    storage = v16.pallet_of(registry.Registry(), runtime, subtensor.pallet).storage
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


def test_arrays_read_are_never_those_written(ctx: Context) -> None:
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


def test_types_that_are_numbers_have_no_values() -> None:
    (_, bits), *_ = codec_of(U64F64).describe().params
    assert bits is not None
    with pytest.raises(ScaleError, match="no values"):
        bits.encode(64)
    with pytest.raises(ScaleError, match="no values"):
        bits.read(Reader(b""))


@pytest.mark.parametrize("names", [["A"], ["A", "B", "C"], ["A", "B", "B"]])
def test_an_order_names_each_item_once(names: list[str]) -> None:
    pallet = Pallet("Test", 0, crate="test")
    pallet.value("B", u16, docs="")
    pallet.value("A", u16, docs="")
    pallet.arrange(["A", "B"])
    assert list(pallet.storage) == ["A", "B"]
    with pytest.raises(TypeError, match="each storage item once"):
        pallet.arrange(names)
