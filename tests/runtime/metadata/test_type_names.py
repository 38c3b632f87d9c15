"""The names of the types of fields (`typeName`), by which clients convert values, and the order of variants.

They are compared with the real chain's, for types that are declared here; README.md names the source of the table.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.metadata import encoded_metadata, registry, v14, v15, v16
from pysubtensor.runtime.scale import Codec

TABLE = Path(__file__).with_name("type_names.json.gz")
LAYOUTS: dict[int, Codec[Any]] = {14: v14.MetadataV14.scale, 15: v15.MetadataV15.scale, 16: v16.MetadataV16.scale}
Fields = list[list[str | None]]

#: New since 393 and none of Subtensor's own types: fields of the standard library's types have no names.
STAKE = "pallet_subtensor::rpc_info::stake_info::StakeAvailability"
NEWER: dict[str, Fields] = {
    "sp_arithmetic::per_things::Perquintill": [[None, "u64"]],
    "Option<Vec<pallet_subtensor::rpc_info::subnet_info::HyperparamEntry>>::Some": [[None, None]],
    "Option<pallet_subtensor::staking::lock::LockState>::Some": [[None, None]],
    f"BTreeMap<u16, {STAKE}>": [[None, None]],
    f"BTreeMap<sp_core::crypto::AccountId32, BTreeMap<u16, {STAKE}>>": [[None, None]],
}
#: The types of LimitOrders, as its source has them.
ACCOUNT = "sp_core::crypto::AccountId32"
ORDER, SIGNED_ORDER = f"pallet_limit_orders::Order<{ACCOUNT}>", f"pallet_limit_orders::SignedOrder<{ACCOUNT}>"
CALLABLE = "self::sp_api_hidden_includes_construct_runtime::hidden_include::dispatch\n::CallableCallFor<{}, Runtime>"
NEWER |= {
    "node_subtensor_runtime::RuntimeEvent::LimitOrders": [[None, "pallet_limit_orders::Event<Runtime>"]],
    "node_subtensor_runtime::RuntimeError::LimitOrders": [[None, "pallet_limit_orders::Error<Runtime>"]],
    "node_subtensor_runtime::RuntimeCall::LimitOrders": [[None, CALLABLE.format("LimitOrders")]],
    f"bounded_collections::bounded_vec::BoundedVec<{SIGNED_ORDER}>": [[None, "Vec<T>"]],
    SIGNED_ORDER: [
        ["order", "VersionedOrder<AccountId>"],
        ["signature", "MultiSignature"],
        ["partial_fill", "Option<u64>"],
    ],
    f"pallet_limit_orders::VersionedOrder<{ACCOUNT}>::V1": [[None, "Order<AccountId>"]],
    ORDER: [
        ["signer", "AccountId"],
        ["hotkey", "AccountId"],
        ["netuid", "NetUid"],
        ["order_type", "OrderType"],
        ["amount", "u64"],
        ["limit_price", "u64"],
        ["expiry", "u64"],
        ["fee_rate", "Perbill"],
        ["fee_recipient", "AccountId"],
        ["relayer", "Option<BoundedVec<AccountId, ConstU32<10>>>"],
        ["max_slippage", "Option<Perbill>"],
        ["chain_id", "u64"],
        ["partial_fills_enabled", "bool"],
    ],
    f"Option<bounded_collections::bounded_vec::BoundedVec<{ACCOUNT}>>::Some": [[None, None]],
    "Option<sp_arithmetic::per_things::Perbill>::Some": [[None, None]],
    "pallet_limit_orders::OrderStatus::PartiallyFilled": [[None, "u64"]],
}
#: The types of ProxyFilterRuntimeApi, as their source has them.
COMMON = "subtensor_runtime_common"
NEWER |= {
    f"{COMMON}::ProxyTypeInfo": [["name", "Vec<u8>"], ["index", "u8"], ["deprecated", "bool"]],
    f"{COMMON}::ProxyFilterInfo": [
        ["proxy_type", "u8"],
        ["name", "Vec<u8>"],
        ["deprecated", "bool"],
        ["filter_mode", "FilterMode"],
        ["calls", "Vec<CallInfo>"],
        ["exceptions", "Vec<CallInfo>"],
    ],
    f"{COMMON}::CallInfo": [
        ["pallet_name", "Vec<u8>"],
        ["pallet_index", "u8"],
        ["call_name", "Option<Vec<u8>>"],
        ["call_index", "Option<u8>"],
        ["condition", "Option<CallCondition>"],
    ],
    f"{COMMON}::CallCondition::ParamLessThan": [["param_name", "Vec<u8>"], ["limit", "u128"]],
    f"{COMMON}::CallCondition::NestedCallMustBe": [["pallet_name", "Vec<u8>"], ["call_name", "Vec<u8>"]],
    f"Option<{COMMON}::CallCondition>::Some": [[None, None]],
    "Option<u8>::Some": [[None, None]],
}
#: Enums whose variants stand in another order here, and why.
OTHER_ORDER = {
    "pallet_subtensor::pallet::Call": "ours stand by index, the chain's as in its source files",
    "pallet_admin_utils::pallet::Call": "the same",
    "pallet_subtensor_swap::pallet::pallet::Call": "the same",
}


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(gzip.decompress(TABLE.read_bytes()))
    return loaded


@pytest.fixture(scope="module", params=LAYOUTS)
def types(request: pytest.FixtureRequest) -> list[registry.PortableType]:
    """The types in our metadata of a version."""
    metadata = LAYOUTS[request.param].decode(encoded_metadata(spec_425(), request.param)[5:])
    found: list[registry.PortableType] = metadata.types
    return found


def records(types: list[registry.PortableType], names: Any) -> Iterator[tuple[str, Fields]]:
    """Each record and each variant with fields: its full name; name and type name of its fields."""
    for entry in types:
        shape, name = entry.definition, names(types).name(entry.id)
        if isinstance(shape, registry.Composite):
            yield name, fields(shape.fields)
        elif isinstance(shape, registry.Variants):
            yield from ((f"{name}::{variant.name}", fields(variant.fields)) for variant in shape.variants)


def fields(declared: list[registry.Field]) -> Fields:
    return [[field.name, field.type_name] for field in declared]


def test_types_of_fields_are_named_as_on_the_chain(
    types: list[registry.PortableType], table: dict[str, Any], type_names: Any
) -> None:
    expected: dict[str, Fields] = table["393"] | table["425"] | NEWER
    ours = {name: fields for name, fields in records(types, type_names) if fields}
    wrong = {name: (fields, expected.get(name)) for name, fields in ours.items() if fields != expected.get(name)}
    report = "\n".join(f"{name}\n    ours:   {mine}\n    theirs: {its}" for name, (mine, its) in wrong.items())
    assert not wrong, f"{len(wrong)} of {len(ours)} differ:\n{report}"


def test_types_missing_in_the_table_are_in_the_metadata(type_names: Any, table: dict[str, Any]) -> None:
    metadata = LAYOUTS[16].decode(encoded_metadata(spec_425(), 16)[5:])
    assert NEWER.keys() <= dict(records(metadata.types, type_names)).keys()
    assert not NEWER.keys() & {*table["393"], *table["425"]}


def test_variants_are_in_the_chains_order(
    types: list[registry.PortableType], table: dict[str, Any], type_names: Any
) -> None:
    wrong = set()
    for entry in types:
        theirs = table["order"].get(type_names(types).name(entry.id))
        if isinstance(entry.definition, registry.Variants) and theirs:
            ours = [variant.name for variant in entry.definition.variants if variant.name in theirs]
            if ours != [name for name in theirs if name in ours]:
                wrong.add("::".join(entry.path))
    assert wrong == set(OTHER_ORDER)


def test_digest_items_are_in_the_order_of_sp_runtime(types: list[registry.PortableType]) -> None:
    """As sp_runtime lists them."""
    (digest_item,) = [entry for entry in types if entry.path[-1:] == ["DigestItem"]]
    assert isinstance(digest_item.definition, registry.Variants)
    names = [(variant.name, variant.index) for variant in digest_item.definition.variants]
    assert names == [("PreRuntime", 6), ("Consensus", 4), ("Seal", 5), ("Other", 0), ("RuntimeEnvironmentUpdated", 8)]
