"""From an annotation to the text of the source's type."""

from __future__ import annotations

import enum
from typing import Annotated, Any

import pytest
from pysubtensor.runtime.scale import (
    AccountId,
    AsCompact,
    Box,
    Bytes32,
    Compact,
    FixedLen,
    MaxLen,
    Result,
    SourceName,
    Struct,
    codec_of,
    scale_enum,
    u16,
    u32,
    u64,
)
from pysubtensor.runtime.scale.source_names import source_name

NetUid = Annotated[u16, SourceName("NetUid")]
Number = Annotated[u32, SourceName("BlockNumber", "BlockNumberFor<T>")]


class Timepoint(Struct, path="test::Timepoint", params=[("BlockNumber", Number)]):
    height: Number
    index: u32


@scale_enum("test::Kind")
class Kind(enum.Enum):
    One = 0


CONFIG = [("T", None)]


@pytest.mark.parametrize(
    ("annotation", "plain", "in_config"),
    [
        (u16, "u16", "u16"),
        (bool, "bool", "bool"),
        (bytes, "Vec<u8>", "Vec<u8>"),
        (Bytes32, "[u8; 32]", "[u8; 32]"),
        (NetUid, "NetUid", "NetUid"),
        (AccountId, "AccountId", "T::AccountId"),
        (list[tuple[u64, AccountId]], "Vec<(u64, AccountId)>", "Vec<(u64, T::AccountId)>"),
        (Number | None, "Option<BlockNumber>", "Option<BlockNumberFor<T>>"),
        (frozenset[NetUid], "BTreeSet<NetUid>", "BTreeSet<NetUid>"),
        (dict[NetUid, u64], "BTreeMap<NetUid, u64>", "BTreeMap<NetUid, u64>"),
        (list[Compact[NetUid]], "Vec<Compact<NetUid>>", "Vec<Compact<NetUid>>"),
        (AsCompact[Number], "BlockNumber", "BlockNumberFor<T>"),
        (Box[Timepoint], "Box<Timepoint<BlockNumber>>", "Box<Timepoint<BlockNumberFor<T>>>"),
        (Kind, "Kind", "Kind"),
        (Result[None, Kind], "Result<(), Kind>", "Result<(), Kind>"),
        (Annotated[list[NetUid], MaxLen(3)], "BoundedVec<NetUid, ConstU32<3>>", "BoundedVec<NetUid, ConstU32<3>>"),
        (Annotated[bytes, MaxLen(3, bound="T::Limit")], "BoundedVec<u8, T::Limit>", "BoundedVec<u8, T::Limit>"),
        (Annotated[list[u16], FixedLen(2)], "[u16; 2]", "[u16; 2]"),
    ],
)
def test_names_follow_from_annotations(annotation: Any, plain: str, in_config: str) -> None:
    assert source_name(annotation) == plain
    assert source_name(annotation, CONFIG) == in_config


def test_a_declaration_calls_types_by_its_parameters() -> None:
    params = [("N", u32), ("Id", AccountId)]
    assert source_name(list[tuple[AccountId, u32]], params) == "Vec<(Id, N)>"
    assert source_name(AsCompact[u32], params) == "N"
    assert source_name(u16, params) == "u16"


def test_names_change_no_codec() -> None:
    assert codec_of(NetUid) is codec_of(u16)
    assert codec_of(Box[u16]) is codec_of(u16)
    assert codec_of(AsCompact[NetUid]).encode(300) == codec_of(Compact[u16]).encode(300) == bytes.fromhex("b104")
