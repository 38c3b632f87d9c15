"""Everything that pallets, extensions and runtime APIs declare, against the real chain's interface.

Both sides are converted to facts, path by path (`Balances.calls.burn` → `10(value: Compact<u64>, keep_alive: bool)`),
and compared. FRAME's pallets and all shapes of types come from the metadata of spec 393, Subtensor's own pallets from
the sources of spec 425. Items that are not declared yet are not compared; declared ones must be equal, or listed in
`KNOWN`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.metadata import encoded_metadata, registry, v16
from pysubtensor.runtime.metadata.parts import Map, Plain

from tests.genuine.unbuilt import SUBTENSOR_CALLS
from tests.vectors import load

Facts = dict[str, str]

#: Differences that are meant: the path, and why.
KNOWN: dict[str, str] = {
    "System.constants.Version": "393's version and APIs against 425's",
    "api SubnetInfoRuntimeApi": "425 implements version 2; our list shows the version that the trait begins with",
    "MevShield.types.RuntimeCall": "new at 425, of whose associated types we have no list",
    "SubtensorModule.storage.SubnetEpochConsensus": "of a later runtime; new SDKs read it from this one as well",
    "SubtensorModule.storage.CollateralLockShare": "of a later runtime; new SDKs read it from this one as well",
    "SubtensorModule.storage.NetworkRateLimit": "no limit where the faucet is compiled in, as on localnets and here",
}

#: Calls that are not written yet. Whatever else of the pallet is declared, storage, events and errors, is whole.
LATER = {f"SubtensorModule.calls.{name}" for name in SUBTENSOR_CALLS.values()}

#: Items that are new since 393 and whose values or shapes cannot be read from the sources.
NEWER = {
    "SubtensorModule.constants.InitialMinStake": "u64 = 80841e0000000000",
    "SubtensorModule.constants.MinTempo": "u16 = 6801",
    "SubtensorModule.constants.MaxTempo": "u16 = e0c4",
    "SubtensorModule.constants.MinActivityCutoffFactorMilli": "u32 = e8030000",
    "SubtensorModule.constants.MaxActivityCutoffFactorMilli": "u32 = 50c30000",
    "SubtensorModule.constants.SubtensorPalletId": f"frame_support::PalletId = {b'subtensr'.hex()}",
    "SubtensorModule.constants.BurnAccountId": f"frame_support::PalletId = {b'burntnsr'.hex()}",
    "SubtensorModule.constants.InitialMaxEpochsPerBlock": "u8 = 02",
    "LimitOrders.constants.MaxOrdersPerBatch": "u32 = 64000000",
    "LimitOrders.constants.PalletId": f"frame_support::PalletId = {b'bt/limit'.hex()}",
    "LimitOrders.constants.PalletHotkey": f"sp_core::crypto::AccountId32 = {b'modlbt/lmhky'.hex():0<64}",
    "type share_pool::SafeFloat": "mantissa: u128, exponent: i64",
}

#: How the sources of 425 spell types that metadata spells differently.
BYTES, FIXED = "bounded_collections::bounded_vec::BoundedVec<u8>", "substrate_fixed::Fixed{}<{}>"
ACCOUNT, CALL = "sp_core::crypto::AccountId32", "node_subtensor_runtime::RuntimeCall"
MULTI_ADDRESS = f"sp_runtime::multiaddress::MultiAddress<{ACCOUNT}, ()>"
SPELLINGS = {
    **dict.fromkeys(("T::AccountId", "AccountId", "AccountId32", "<T as frame_system::Config>::AccountId"), ACCOUNT),
    **dict.fromkeys(("AccountIdLookupOf<T>",), MULTI_ADDRESS),
    **dict.fromkeys(("<T as Config>::RuntimeCall",), CALL),
    **dict.fromkeys(("BalanceOf<T>", "BalanceOf<Self>", "TaoBalance", "AlphaBalance"), "u64"),
    **dict.fromkeys(("BlockNumberFor<T>", "BlockNumberFor<Self>"), "u32"),
    **dict.fromkeys(("T::Hash", "CallHashOf<T>"), "primitive_types::H256"),
    **dict.fromkeys(("NetUid", "NetUidStorageIndex"), "u16"),
    "MechId": "u8",
    **{name: f"pallet_limit_orders::{name}" for name in ("OrderSide", "OrderType", "OrderStatus")},
    **{
        f"{name}<T::AccountId>": f"pallet_limit_orders::{name}<{ACCOUNT}>" for name in ("SignedOrder", "VersionedOrder")
    },
    "Self::AccountId": ACCOUNT,
    "CrowdloanId": "u32",
    "CrowdloanInfoOf<T>": (
        f"pallet_crowdloan::CrowdloanInfo<{ACCOUNT}, u64, u32, "
        f"frame_support::traits::preimages::Bounded<{CALL}, sp_runtime::traits::BlakeTwo256>>"
    ),
    "T::ProxyType": "subtensor_runtime_common::ProxyType",
    "T::PalletsOrigin": "node_subtensor_runtime::OriginCaller",
    "ShieldEncKey": BYTES,
    "PendingExtrinsic<T>": "pallet_shield::pallet::PendingExtrinsic",
    **dict.fromkeys(
        ("T::AuthorityId", "<T as Config>::AuthorityId"), "sp_consensus_aura::sr25519::app_sr25519::Public"
    ),
    "AuthorityList": "Vec<(sp_consensus_grandpa::app::Public, u64)>",
    "Data": "pallet_commitments::types::Data",
    **dict.fromkeys(
        ("CommitmentInfo<T::MaxFields>", "CommitmentInfo<MaxFields>"), "pallet_commitments::types::CommitmentInfo"
    ),
    "Registration<BalanceOf<T>, T::MaxFields, BlockNumberFor<T>>": "pallet_commitments::types::Registration<u64, u32>",
    "AxonInfoOf": "pallet_subtensor::pallet::AxonInfo",
    "[u16; 2]": "[u16; 2]",
    "HyperparamValue": "pallet_subtensor::rpc_info::subnet_info::HyperparamValue",
    "SubnetHyperparamsV3": "Vec<pallet_subtensor::rpc_info::subnet_info::HyperparamEntry>",
    "StakeAvailability": "pallet_subtensor::rpc_info::stake_info::StakeAvailability",
    "NeuronCertificateOf": "pallet_subtensor::pallet::NeuronCertificate",
    "PrometheusInfoOf": "pallet_subtensor::pallet::PrometheusInfo",
    "ChainIdentityOfV2": "pallet_subtensor::pallet::ChainIdentityV2",
    "SubnetIdentityOfV3": "pallet_subtensor::pallet::SubnetIdentityV3",
    "SubnetLeaseOf<T>": f"pallet_subtensor::subnets::leasing::SubnetLease<{ACCOUNT}, u32, u64>",
    "RateLimitKey<T::AccountId>": f"pallet_subtensor::RateLimitKey<{ACCOUNT}>",
    "LockState": "pallet_subtensor::staking::lock::LockState",
    "SafeFloat": "share_pool::SafeFloat",
    "Balancer": "pallet_subtensor_swap::pallet::balancer::Balancer",
    "TickIndex": "pallet_subtensor_swap::pallet::TickIndex",
    "PositionId": "pallet_subtensor_swap::pallet::PositionId",
    "NonZeroU64": "NonZeroU64",
    "Perquintill": "sp_arithmetic::per_things::Perquintill",
    **dict.fromkeys(("BoundedVec<u8, ConstU32<64>>", "BoundedVec<u8, MigrationKeyMaxLen>"), BYTES),
    **dict.fromkeys(("OpaquePublicKey", "BoundedHash"), BYTES),
    "T::Public": "sp_runtime::MultiSigner",
    "T::Signature": "sp_runtime::MultiSignature",
    "TransactionPriority": "u64",
    "Signature": "[u8; 65]",
    "LeaseId": "u32",
    "RoundNumber": "u64",
    "I32F32": FIXED.format("I64", "U32"),
    "I64F64": FIXED.format("I128", "U64"),
    "I96F32": FIXED.format("I128", "U32"),
    "U64F64": FIXED.format("U128", "U64"),
    "U96F32": FIXED.format("U128", "U32"),
    **dict.fromkeys(
        ("Balance", "<<T as Config>::Currency as fungible::Inspect<<T as frame_system::Config>::AccountId>>::Balance"),
        "u64",
    ),
    "BlockNumber": "u32",
    **{name: f"subtensor_runtime_common::{name}" for name in ("CallCondition", "CallInfo", "FilterMode")},
    **{name: f"subtensor_runtime_common::{name}" for name in ("ProxyFilterInfo", "ProxyTypeInfo")},
    "DispatchResult": "Result<(), sp_runtime::DispatchError>",
    "DispatchError": "sp_runtime::DispatchError",
}
#: APIs that 393 does not have, by the API before them.
NEW_APIS = {"api SubnetRegistrationRuntimeApi": "api ProxyFilterRuntimeApi"}
OUTER = ("RuntimeCall", "RuntimeEvent", "RuntimeError", "RuntimeHoldReason", "RuntimeFreezeReason", "OriginCaller")


# --- our side --------------------------------------------------------------------------------------------------


class Ours:
    """The facts of our own metadata, as a client decodes it."""

    def __init__(self, metadata: v16.MetadataV16, name: Callable[[int], str]) -> None:
        self.metadata, self.name = metadata, name

    def fields(self, fields: Iterable[Any]) -> str:
        return named((field.name, self.name(field.type)) for field in fields)

    def facts(self) -> Iterator[tuple[str, str]]:
        for pallet in self.metadata.pallets:
            yield pallet.name, str(pallet.index)
            yield from prefixed(pallet.name, self.pallet(pallet))
        for position, extension in enumerate(self.metadata.extrinsic.extensions):
            parts = (extension.identifier, self.name(extension.type), self.name(extension.implicit))
            yield f"extension {position}", " ".join(parts)
        extrinsic = self.metadata.extrinsic
        yield "extrinsic", " ".join(map(self.name, (extrinsic.address, extrinsic.call, extrinsic.signature)))
        for api in self.metadata.apis:
            yield f"api {api.name}", str(api.version)
            for method in api.methods:
                yield f"api {api.name}.{method.name}", f"({self.fields(method.inputs)}) -> {self.name(method.output)}"
        for entry in self.metadata.types:
            if entry.path:
                yield from type_facts(self.name(entry.id), self.shape(entry))

    def pallet(self, pallet: v16.Pallet) -> Iterator[tuple[str, str]]:
        for kind, enum in (("calls", pallet.calls), ("events", pallet.event), ("errors", pallet.error)):
            if enum is not None:
                shape = self.metadata.types[enum.type].definition
                assert isinstance(shape, registry.Variants)
                for variant in shape.variants:
                    yield f"{kind}.{variant.name}", f"{variant.index}({self.fields(variant.fields)})"
        for item in pallet.storage.entries if pallet.storage else []:
            yield f"storage.{item.name}", self.storage(item)
        for constant in pallet.constants:
            yield f"constants.{constant.name}", f"{self.name(constant.type)} = {constant.value.hex()}"
        for type_ in pallet.associated_types:
            yield f"types.{type_.name}", self.name(type_.type)
        for view in pallet.view_functions:
            yield f"views.{view.name}", f"{view.id.hex()}({self.fields(view.inputs)}) -> {self.name(view.output)}"

    def storage(self, item: v16.StorageEntry) -> str:
        modifier, default, shape = item.modifier.name, item.default.hex(), item.type
        if isinstance(shape, Plain):
            return stored(modifier, [], [], self.name(shape.value), default)
        assert isinstance(shape, Map)
        hashers, keys = [hasher.name for hasher in shape.hashers], [shape.key]
        if len(hashers) > 1:
            key = self.metadata.types[shape.key].definition
            assert isinstance(key, registry.Tuple)
            keys = key.items
        return stored(modifier, hashers, list(map(self.name, keys)), self.name(shape.value), default)

    def shape(self, entry: registry.PortableType) -> str | dict[str, str]:
        if isinstance(entry.definition, registry.Variants):
            # By index: the order in which metadata lists them is compared in metadata/test_type_names.py.
            variants = sorted(entry.definition.variants, key=lambda variant: variant.index)
            return {v.name: f"{v.index}({self.fields(v.fields)})" for v in variants}
        assert isinstance(entry.definition, registry.Composite)
        return self.fields(entry.definition.fields)


# --- facts, spelled alike --------------------------------------------------------------------------------------


def named(fields: Iterable[tuple[str | None, str]]) -> str:
    return ", ".join(f"{name}: {type_}" if name else type_ for name, type_ in fields)


def prefixed(prefix: str, facts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((f"{prefix}.{path}", fact) for path, fact in facts)


def stored(modifier: str, hashers: list[str], keys: list[str], value: str, default: str) -> str:
    shown = ", ".join(f"{hasher} {key}" for hasher, key in zip(hashers, keys, strict=True))
    return f"{modifier} [{shown}] -> {value} = {default}"


def type_facts(name: str, shape: str | dict[str, str]) -> Iterator[tuple[str, str]]:
    """A type is a fact; an outer enum is one for each pallet. The enums of pallets are compared as their items."""
    if name.endswith(("::pallet::Call", "::pallet::Event", "::pallet::Error")):
        return
    if isinstance(shape, dict) and name.rpartition("::")[2] in OUTER:
        yield from ((f"type {name}.{variant}", fact) for variant, fact in shape.items())
    else:
        yield f"type {name}", shape if isinstance(shape, str) else " | ".join(f"{k}={v}" for k, v in shape.items())


# --- the chain's side ------------------------------------------------------------------------------------------


def fields_of(fields: Iterable[dict[str, Any]]) -> str:
    return named((field["name"], field["type"]) for field in fields)


def facts_393(spec: Any) -> Iterator[tuple[str, str]]:
    """The decoded metadata of spec 393."""
    for pallet in spec["pallets"]:
        yield pallet["name"], str(pallet["index"])
        yield from prefixed(pallet["name"], pallet_393(pallet))
    for extension in spec["extrinsic"]["extensions"]:
        parts = (extension["identifier"], extension["type"], extension["implicit"])
        yield f"extension {extension['position']}", " ".join(parts)
    yield "extrinsic", " ".join(spec["extrinsic"][part] for part in ("address", "call", "signature"))
    for api in spec["runtime_apis"]:
        yield f"api {api['name']}", str(api["version"])
        for method in api["methods"]:
            yield f"api {api['name']}.{method['name']}", f"({fields_of(method['inputs'])}) -> {method['output']}"
    for type_ in spec["types"]:
        if type_.get("path"):
            yield from type_facts(type_["name"], shape_393(type_))


def pallet_393(pallet: Any) -> Iterator[tuple[str, str]]:
    for call in pallet["calls"] or []:
        yield f"calls.{call['name']}", f"{call['index']}({fields_of(call['args'])})"
    for event in pallet["events"] or []:
        yield f"events.{event['name']}", f"{event['index']}({fields_of(event['fields'])})"
    for error in pallet["errors"] or []:
        yield f"errors.{error['name']}", f"{error['index']}({fields_of(error.get('fields', []))})"
    for item in pallet["storage"] or []:
        keys, default = [key["type"] for key in item["keys"]], item["default"][2:]
        yield f"storage.{item['name']}", stored(item["modifier"], item["hashers"], keys, item["value"], default)
    for constant in pallet["constants"]:
        yield f"constants.{constant['name']}", f"{constant['type']} = {constant['value'][2:]}"
    for type_ in pallet["associated_types"]:
        yield f"types.{type_['name']}", type_["type"]
    for view in pallet["view_functions"]:
        yield f"views.{view['name']}", f"{view['id']}({fields_of(view['inputs'])}) -> {view['output']}"


def shape_393(type_: Any) -> str | dict[str, str]:
    if type_["kind"] == "variant":
        return {v["name"]: f"{v['index']}({fields_of(v['fields'])})" for v in type_["variants"]}
    return fields_of(type_["fields"])


class Source:
    """The facts of spec 425's sources: names and numbers as written there, types spelled as in metadata.

    Facts that are not in the sources (values of constants, ids, defaults of types) are taken from spec 393.
    """

    def __init__(self, spec: Any, older: Any, facts: Facts) -> None:
        self.spec, self.facts_393 = spec, facts
        self.types = {type_["name"]: type_ for type_ in spec["types"]}
        self.crates = tuple(f"{pallet['crate']}::" for pallet in spec["pallets"])
        self.paths: dict[str, set[str]] = {}
        for type_ in older["types"]:
            if path := type_.get("path"):
                self.paths.setdefault(path.rpartition("::")[2], set()).add(path)

    def resolve(self, text: str) -> str:
        """A type as metadata spells it; `?` marks what is in none of our tables."""
        text = text.strip()
        if text in SPELLINGS:
            return SPELLINGS[text]
        if text.startswith("(") and text.endswith(")"):
            return f"({', '.join(map(self.resolve, split(text[1:-1])))})"
        head, bracket, rest = text.partition("<")
        arguments = split(rest[:-1]) if bracket and head else []
        if head == "Box":
            return self.resolve(arguments[0])
        if head in ("BoundedVec", "VecDeque"):
            path = "bounded_collections::bounded_vec::BoundedVec" if head == "BoundedVec" else "Vec"
            return f"{path}<{self.resolve(arguments[0])}>"
        if text.islower() and head.isalnum():
            return text
        known = head in ("Vec", "Option", "Compact", "BTreeSet", "BTreeMap", "Result")
        paths = {head} if known else self.paths.get(head.rpartition("::")[2], set())
        path = next(iter(paths)) if len(paths) == 1 else f"?{head}"
        return path + (f"<{', '.join(map(self.resolve, arguments))}>" if arguments else "")

    def fields(self, fields: Iterable[dict[str, Any]], generic: dict[str, str] | None = None) -> str:
        spelled = generic or {}
        return named((f["name"], spelled.get(f["type"]) or self.resolve(f["type"])) for f in fields)

    def facts(self, types: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The pallets, the APIs, and the shapes of those of `types` (named as in metadata) that are in the sources."""
        for pallet in self.spec["pallets"]:
            yield pallet["name"], str(pallet["index"])
            yield from self.pallet(pallet)
        for path in types:
            yield from self.shape(path)
        for api in self.spec["runtime_apis"]:
            yield f"api {api['name']}", str(api["version"])
            for method in api["methods"]:
                answer = self.resolve(method["output"])
                yield f"api {api['name']}.{method['name']}", f"({self.fields(method['inputs'])}) -> {answer}"

    def pallet(self, pallet: Any) -> Iterator[tuple[str, str]]:
        name = pallet["name"]
        for kind, parts in (("calls", "args"), ("events", "fields"), ("errors", "fields")):
            for item in pallet[kind] or []:
                yield f"{name}.{kind}.{item['name']}", f"{item['index']}({self.fields(item[parts])})"
        for item in pallet["storage"]:
            keys, path = list(map(self.resolve, item["keys"])), f"{name}.storage.{item['name']}"
            default = item["default_hex"][2:] if "default_hex" in item else self.facts_393[path].rpartition(" = ")[2]
            yield path, stored(item["modifier"], item["hashers"], keys, self.resolve(item["value"]), default)
        for constant in pallet["constants"]:
            path = f"{name}.constants.{constant['name']}"
            value = self.facts_393.get(path, " = ?").rpartition(" = ")[2]
            yield path, f"{self.resolve(constant['type'])} = {value}"
        same = (f"{name}.types.", f"{name}.views.")
        yield from ((path, fact) for path, fact in self.facts_393.items() if path.startswith(same))

    def shape(self, name: str) -> Iterator[tuple[str, str]]:
        path, _, arguments = name.partition("<")
        crate, _, short = path.rpartition("::")
        declared = self.types.get(short)
        if declared is None or not crate.startswith(("pallet_subtensor", "subtensor_", *self.crates)):
            return
        parameters = dict(zip(split(declared.get("generics", "")), split(arguments[:-1]), strict=False))
        generic = {parameter.strip(): argument.strip() for parameter, argument in parameters.items()}
        if declared["kind"] == "enum":
            variants = declared["variants"]
            yield from type_facts(
                name, {v["name"]: f"{v['index']}({self.fields(v['fields'], generic)})" for v in variants}
            )
        else:
            shown = [field for field in declared["fields"] if not field["type"].startswith("PhantomData")]
            yield from type_facts(name, self.fields(shown, generic))


def split(text: str) -> list[str]:
    """Return the parts between commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "(<[") - (letter in ")>]")
        if letter == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part for part in (*parts, text[start:]) if part.strip()]


# --- the comparison --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ours(type_names: Any) -> Facts:
    metadata: v16.MetadataV16 = v16.MetadataV16.scale.decode(encoded_metadata(spec_425(), 16)[5:])
    return dict(Ours(metadata, type_names(metadata.types).name).facts())


@pytest.fixture(scope="module")
def theirs(ours: Facts) -> Facts:
    older, newer = load("interface/runtime_393"), load("interface/runtime_425")
    facts = dict(facts_393(older))
    types = [path.removeprefix("type ") for path in ours if path.startswith("type ")]
    own = dict(Source(newer, older, facts).facts(types)) | NEWER
    rewritten = tuple(f"{pallet['name']}." for pallet in newer["pallets"])
    # APIs keep their places among 393's: 425's list has those of Subtensor alone.
    rewritten += tuple(f"api {api['name']}." for api in newer["runtime_apis"])
    places = {}
    for path, fact in facts.items():
        if not path.startswith(rewritten):
            places[path] = fact
        if path in NEW_APIS:
            places[NEW_APIS[path]] = own[NEW_APIS[path]]
    return places | own


def comparable(path: str, ours: Facts) -> bool:
    """Return whether a fact of the chain belongs to a declared item."""
    if path.startswith("type "):
        name, _, variant = path.rpartition(".")
        outer = name.rpartition("::")[2] in OUTER
        return variant.split(" ")[0] in ours if outer else path in ours
    if path.startswith("api "):
        return path.partition(".")[0] in ours
    return path.partition(".")[0] in ours


def differences(ours: Facts, theirs: Facts) -> dict[str, tuple[str, str]]:
    """Return path, own fact and the chain's fact, wherever they differ."""
    expected = {path: fact for path, fact in theirs.items() if comparable(path, ours)}
    paths = [path for path in {**expected, **ours} if path in expected or not path.startswith("type ")]
    return {p: (ours.get(p, "-"), expected.get(p, "-")) for p in paths if ours.get(p) != expected.get(p)}


def test_every_declaration_is_as_on_the_chain(ours: Facts, theirs: Facts) -> None:
    found = differences(ours, theirs)
    unknown = {path: pair for path, pair in found.items() if path not in {*KNOWN, *LATER}}
    report = "\n".join(f"{path}\n    ours:   {mine}\n    theirs: {its}" for path, (mine, its) in unknown.items())
    assert not unknown, f"{len(unknown)} differences:\n{report}"


def test_every_listed_difference_exists(ours: Facts, theirs: Facts) -> None:
    assert set(KNOWN) <= set(differences(ours, theirs))


def test_items_listed_as_later_are_missing_and_on_the_chain(ours: Facts, theirs: Facts) -> None:
    assert set(theirs) - set(ours) >= LATER


def test_items_are_in_the_chains_order(ours: Facts, theirs: Facts) -> None:
    """Clients show storage, constants and APIs in the order of the metadata."""
    assert grouped(ours, theirs) == grouped(theirs, ours)


def grouped(facts: Facts, others: Facts) -> dict[str, list[str]]:
    """The facts that both sides have, by pallet and kind."""
    groups: dict[str, list[str]] = {}
    for path in facts:
        if path in others and not path.startswith("type "):
            groups.setdefault(path.rpartition(".")[0] or path.partition(" ")[0], []).append(path)
    for pallets in (group for group in groups if group not in ("api", "extension") and "." not in group):
        groups[pallets].sort()  # 425's pallets stand behind 393's in our table; indices are compared anyway
    return groups
