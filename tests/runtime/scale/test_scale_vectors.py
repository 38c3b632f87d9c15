"""SCALE against known answers, and against the same bytes mutated."""

from __future__ import annotations

import random
from types import NoneType
from typing import Annotated, Any

import pytest
from pysubtensor.runtime.client.from_plain import from_plain
from pysubtensor.runtime.scale import (
    Codec,
    Compact,
    Err,
    FixedLen,
    Ok,
    Reader,
    Result,
    ScaleError,
    Struct,
    Sum,
    VecU16,
    VecU16Pairs,
    codec_of,
    i8,
    i16,
    i32,
    i64,
    i128,
    u8,
    u16,
    u32,
    u64,
    u128,
    u256,
)
from pysubtensor.runtime.scale.codec import FixedBytes
from pysubtensor.runtime.scale.containers import Array, BTreeMap, BTreeSet, Option, Some, Tuple, Vec

from tests.vectors import load

VECTORS = load("formats/scale")

PLAIN: dict[str, Codec[Any]] = {
    "u8": codec_of(u8),
    "u16": codec_of(u16),
    "u32": codec_of(u32),
    "u64": codec_of(u64),
    "u128": codec_of(u128),
    "u256": codec_of(u256),
    "i8": codec_of(i8),
    "i16": codec_of(i16),
    "i32": codec_of(i32),
    "i64": codec_of(i64),
    "i128": codec_of(i128),
    "bool": codec_of(bool),
    "Text": codec_of(str),
    "Bytes": codec_of(bytes),
    "Compact<u8>": codec_of(Compact[u8]),
    "Compact<u16>": codec_of(Compact[u16]),
    "Compact<u32>": codec_of(Compact[u32]),
    "Compact<u64>": codec_of(Compact[u64]),
    "Compact<u128>": codec_of(Compact[u128]),
    "Option<u8>": codec_of(u8 | None),
    "Option<bool>": codec_of(bool | None),
    "Option<u32>": codec_of(u32 | None),
    "Option<Option<u8>>": Option(Option(codec_of(u8))),
    "Option<Vec<u8>>": codec_of(bytes | None),
    "Vec<u16>": codec_of(list[u16]),
    "Vec<Vec<u8>>": codec_of(list[bytes]),
    "Vec<Vec<u16>>": codec_of(list[list[u16]]),
    "Vec<bool>": codec_of(list[bool]),
    "Vec<Option<u8>>": codec_of(list[u8 | None]),
    "Vec<(u16,u16)>": codec_of(list[tuple[u16, u16]]),
    "(u8,u32)": codec_of(tuple[u8, u32]),
    "[u8;4]": FixedBytes(4),
    "[u16;3]": codec_of(Annotated[list[u16], FixedLen(3)]),
    "BTreeMap<u16,u64>": codec_of(dict[u16, u64]),
    "BTreeSet<u16>": codec_of(frozenset[u16]),
    "Result<u8,bool>": codec_of(Result[u8, bool]),
}


def typed(type_name: str, value: Any) -> Any:
    """A vector's JSON value as the codec wants it."""
    if type_name == "Option<Option<u8>>":
        return Some(value["Some"]) if isinstance(value, dict) else value
    if type_name.startswith("Result"):
        ((side, inner),) = value.items()
        return Ok(inner) if side == "Ok" else Err(inner)
    if isinstance(value, str) and value.startswith("0x") and type_name != "Text":
        return bytes.fromhex(value[2:])
    if type_name in ("Vec<Vec<u8>>",):
        return [bytes.fromhex(item[2:]) for item in value]
    if type_name == "Vec<(u16,u16)>":
        return [tuple(pair) for pair in value]
    if type_name.startswith("("):
        return tuple(value)
    if type_name.startswith("BTreeMap"):
        return dict(value)
    return frozenset(value) if type_name.startswith("BTreeSet") else value


def case_name(case: dict[str, Any]) -> str:
    return f"{case['type'][-40:]}-{case['hex'][:24]}"


@pytest.mark.parametrize("case", VECTORS["plain"], ids=case_name)
def test_plain_types_encode_and_decode(case: dict[str, Any]) -> None:
    codec, value, data = PLAIN[case["type"]], typed(case["type"], case["value"]), bytes.fromhex(case["hex"][2:])
    assert codec.encode(value) == data
    assert codec.decode(data) == value


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=case_name)
def test_bytes_that_the_chain_refuses_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ScaleError):
        PLAIN[case["type"]].decode(bytes.fromhex(case["hex"][2:]))


# --- types of the real runtime, declared from its metadata -------------------------------------------------------


class Registry:
    """The live runtime's types as declarations of ours: what a pallet's author would have written."""

    def __init__(self, types: list[dict[str, Any]]) -> None:
        self.types = {entry["id"]: entry for entry in types}
        self.made: dict[int, Codec[Any]] = {}

    def codec(self, type_id: int) -> Codec[Any]:
        if type_id not in self.made:
            self.made[type_id] = self._make(self.types[type_id])
        return self.made[type_id]

    def _make(self, entry: dict[str, Any]) -> Codec[Any]:
        kind, name = entry["kind"], entry["name"]
        if kind == "primitive":
            return PLAIN["Text" if entry["primitive"] == "str" else entry["primitive"]]
        if kind == "compact":
            return codec_of(Compact[Annotated[Any, self.codec(entry["item"])]])
        if kind == "tuple":
            items = [self.codec(item) for item in entry["items"]]
            return Tuple(tuple(items)) if items else codec_of(NoneType)
        if kind in ("sequence", "array"):
            return self._many(entry)
        if entry.get("path") == "Option":
            return Option(self.codec(entry["params"][0]["type_id"]))
        if name.startswith("BTreeMap"):
            return BTreeMap(*(self.codec(param["type_id"]) for param in entry["params"]))
        if name.startswith("BTreeSet"):
            return BTreeSet(self.codec(entry["params"][0]["type_id"]))
        return self._variant(entry) if kind == "variant" else self._record(Struct, entry["fields"], path=name)

    def _many(self, entry: dict[str, Any]) -> Codec[Any]:
        item = self.codec(entry["item"])
        if item is PLAIN["u8"]:
            return PLAIN["Bytes"] if entry["kind"] == "sequence" else FixedBytes(entry["len"])
        return Vec(item) if entry["kind"] == "sequence" else Array(item, entry["len"])

    def _record(self, base: type, fields: list[dict[str, Any]], label: str = "Record", **how: Any) -> Any:
        if base is Struct and len(fields) == 1 and fields[0]["name"] is None:
            return self.codec(fields[0]["type_id"])
        hints = {f["name"] or f"field{i}": Annotated[Any, self.codec(f["type_id"])] for i, f in enumerate(fields)}
        positional = bool(fields) and fields[0]["name"] is None
        made = type(base)(label, (base,), {"__annotations__": hints}, positional=positional, **how)
        return made.scale if base is Struct else made

    def _variant(self, entry: dict[str, Any]) -> Codec[Any]:
        base = type("Made", (Sum,), {}, path=entry["name"])
        for variant in entry["variants"]:
            self._record(base, variant["fields"], variant["name"], index=variant["index"])
        return base.scale


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(load("interface/runtime_393")["types"])


@pytest.mark.parametrize("case", VECTORS["registry"], ids=case_name)
def test_types_of_the_live_runtime(case: dict[str, Any], registry: Registry) -> None:
    codec, data = registry.codec(case["type_id_393"]), bytes.fromhex(case["hex"][2:])
    value = from_plain(codec, case["value"])
    assert codec.encode(value) == data
    assert codec.decode(data) == value


def test_mutated_bytes_never_crash_a_decoder(registry: Registry) -> None:
    """Flips, cuts, insertions and nonsense: a value, or the one error with a place in the input."""
    dice = random.Random(393)
    places = []
    cases = [(PLAIN[c["type"]], c["hex"]) for c in VECTORS["plain"]]
    cases += [(registry.codec(c["type_id_393"]), c["hex"]) for c in VECTORS["registry"]]
    for codec, text in cases:
        original = bytes.fromhex(text[2:])
        for _ in range(40):
            data = mutated(original, dice)
            try:
                value = codec.decode(data)
            except ScaleError as error:
                places.append((error.at, len(data)))
            else:
                assert codec.decode(codec.encode(value)) == value
    assert all(at is None or 0 <= at <= length for at, length in places)


def mutated(data: bytes, dice: random.Random) -> bytes:
    result = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        at = dice.randint(0, len(result))
        match dice.randrange(4):
            case 0 if at < len(result):
                result[at] ^= 1 << dice.randrange(8)
            case 1:
                del result[at:]
            case 2:
                result[at:at] = dice.randbytes(dice.randint(1, 5))
            case _:
                result[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(result)


# --- cases without vectors ---------------------------------------------------------------------------------------


def test_numbers_decode_into_arrays() -> None:
    assert codec_of(VecU16).decode(bytes.fromhex("0c010002002c01")).tolist() == [1, 2, 300]
    assert codec_of(VecU16Pairs).decode(bytes.fromhex("080100020003000400")).tolist() == [[1, 2], [3, 4]]
    assert codec_of(VecU16).encode([1, 2, 300]) == bytes.fromhex("0c010002002c01")  # type: ignore[arg-type]


def test_an_array_refuses_values_out_of_range() -> None:
    for value in ([65536], [-1], [0.5], [[1, 2]]):
        with pytest.raises(ScaleError):
            codec_of(VecU16).encode(value)  # type: ignore[arg-type]


def test_a_length_beyond_the_input_allocates_nothing() -> None:
    huge = bytes.fromhex("feffffff")  # a count of 2^30 - 1, and then nothing
    for codec in (codec_of(list[u64]), codec_of(VecU16), codec_of(bytes), codec_of(list[tuple[u8, u8]])):
        with pytest.raises(ScaleError):
            codec.decode(huge)


class Inner(Struct, path="test::Inner"):
    flag: bool


class Outer(Struct, path="test::Outer"):
    many: list[Inner]


def test_an_error_names_the_place() -> None:
    with pytest.raises(ScaleError, match=r"expected a bool \(00 or 01\), got 07 in many\.\[1\]\.flag at byte 2"):
        Outer.scale.decode(bytes.fromhex("080107"))
    with pytest.raises(ScaleError, match=r"expected a bool, got int 1 in many\.\[0\]\.flag"):
        Outer.scale.encode(Outer([Inner(1)]))  # type: ignore[arg-type]


def test_a_reader_stops_at_its_end() -> None:
    with pytest.raises(ScaleError, match="expected 4 more bytes, 2 are left at byte 1"):
        Reader(b"\x01\x02\x03", 1).take(4)
