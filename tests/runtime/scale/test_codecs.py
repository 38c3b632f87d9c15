"""Every kind of codec: bytes by the definition of SCALE, and what is refused, with its place."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pysubtensor.runtime.scale import (
    H256,
    Bytes8,
    Compact,
    FixedLen,
    MaxLen,
    Reader,
    ScaleError,
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
)
from pysubtensor.runtime.scale.codec import UNIT, CompactUnit
from pysubtensor.runtime.scale.containers import Option, Some
from pysubtensor.runtime.scale.reader import MAX_DEPTH, encode_compact

#: Type, value, its encoding.
ENCODINGS: list[tuple[Any, Any, str]] = [
    (u8, 255, "ff"),
    (u16, 0x0102, "0201"),
    (u32, 0x01020304, "04030201"),
    (u64, (1 << 64) - 1, "ff" * 8),
    (u128, 1 << 127, "00" * 15 + "80"),
    (i8, -128, "80"),
    (i8, 127, "7f"),
    (i16, -2, "feff"),
    (i32, -1, "ffffffff"),
    (i64, -(1 << 63), "00" * 7 + "80"),
    (i128, -1, "ff" * 16),
    (bool, True, "01"),
    (bool, False, "00"),
    (str, "αβ", "10ceb1ceb2"),
    (bytes, b"\1\2", "080102"),
    (list[u16], [1, 2], "0801000200"),
    (list[u16], [], "00"),
    (list[bytes], [b"", b"\1"], "08000401"),
    (Annotated[list[u16], FixedLen(2)], [1, 2], "01000200"),
    (Annotated[bytes, MaxLen(2)], b"\1\2", "080102"),
    (H256, bytes(range(32)), bytes(range(32)).hex()),
    (Bytes8, b"\1" * 8, "01" * 8),
    (tuple[u8, bool, u16], (1, True, 2), "01010200"),
    (u8 | None, None, "00"),
    (u8 | None, 5, "0105"),
    (dict[u8, u16], {2: 1, 1: 3}, "080103000201" + "00"),
    (frozenset[u8], frozenset({3, 1}), "080103"),
    (Compact[u8], 63, "fc"),
    (Compact[u8], 64, "0101"),
    (Compact[u16], 0x3FFF, "fdff"),
    (Compact[u16], 0x4000, "02000100"),
    (Compact[u32], 0x3FFF_FFFF, "feffffff"),
    (Compact[u32], 0x4000_0000, "0300000040"),
    (Compact[u64], 1 << 32, "070000000001"),
    (Compact[u64], (1 << 64) - 1, "13" + "ff" * 8),
    (Compact[u128], (1 << 128) - 1, "33" + "ff" * 16),
]


@pytest.mark.parametrize(("type_", "value", "encoded"), ENCODINGS)
def test_a_value_has_one_encoding(type_: Any, value: Any, encoded: str) -> None:
    codec = codec_of(type_)
    assert codec.encode(value).hex() == encoded
    assert codec.decode(bytes.fromhex(encoded)) == value
    assert codec.encode_all([value, value]) == [bytes.fromhex(encoded)] * 2
    reader = Reader(b"\xee" + bytes.fromhex(encoded) + b"\xee", 1)
    assert (codec.read(reader), reader.at) == (value, 1 + len(encoded) // 2)
    assert reader.depth == 0


@pytest.mark.parametrize(("type_", "value", "encoded"), ENCODINGS)
def test_no_value_lacks_bytes_or_leaves_some(type_: Any, value: Any, encoded: str) -> None:
    codec, whole = codec_of(type_), bytes.fromhex(encoded)
    for end in range(len(whole)):
        with pytest.raises(ScaleError):
            codec.decode(whole[:end])
        with pytest.raises(ScaleError):  # the reader does not look behind its end
            codec.read(Reader(whole, 0, end))
    with pytest.raises(ScaleError, match=r"^1 bytes are left over at byte \d+$"):
        codec.decode(whole + b"\0")
    assert codec.min_size <= len(whole)


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        (u8, 256, "256 does not fit u8"),
        (u8, -1, "-1 does not fit u8"),
        (i8, 128, "128 does not fit i8"),
        (i8, -129, "-129 does not fit i8"),
        (u16, "1", "expected an integer (u16), got str '1'"),
        (Compact[u8], 256, "256 does not fit u8"),
        (Compact[u8], -1, "-1 does not fit u8"),
        (Compact[u8], None, "expected an integer (Compact<u8>), got NoneType None"),
        (bool, 1, "expected a bool, got int 1"),
        (str, b"", "expected a string, got bytes b''"),
        (bytes, "", "expected bytes, got str ''"),
        (list[u8], {1}, "expected a list (Vec<u8>), got set {1}"),
        (list[u16], [1, 70_000], "70000 does not fit u16 in [1]"),
        (list[list[u16]], [[], [1, -1]], "-1 does not fit u16 in [1].[1]"),
        (Annotated[list[u16], FixedLen(2)], [1], "expected 2 items ([u16; 2]), got list [1]"),
        (Annotated[list[u16], MaxLen(1)], [1, 2], "at most 1 items are allowed, got 2"),
        (Bytes8, b"\1" * 7, "expected 8 bytes ([u8; 8]), got bytes b'\\x01\\x01\\x01\\x01\\x01\\x01\\x01'"),
        (Bytes8, b"123456789", "expected 8 bytes ([u8; 8]), got bytes b'123456789'"),
        (Bytes8, "12345678", "expected 8 bytes ([u8; 8]), got str '12345678'"),
        (tuple[u8, u8], (1,), "expected a tuple (u8, u8), got tuple (1,)"),
        (dict[u8, u8], [], "expected a dict (BTreeMap<u8, u8>), got list []"),
        (frozenset[u8], [1], "expected a set (BTreeSet<u8>), got list [1]"),
    ],
)
def test_a_value_of_another_type_or_range_is_refused(type_: Any, value: Any, message: str) -> None:
    with pytest.raises(ScaleError) as refusal:
        codec_of(type_).encode(value)
    assert str(refusal.value) == message
    with pytest.raises(ScaleError):
        codec_of(type_).encode_all([value])


@pytest.mark.parametrize(
    ("type_", "encoded", "message"),
    [
        (u32, "0102", "expected 4 more bytes, 2 are left at byte 0"),
        (bool, "02", "expected a bool (00 or 01), got 02 at byte 0"),
        (bool, "", "expected 1 more byte, the input ends at byte 0"),
        (str, "04ff", "expected UTF-8 text, got invalid bytes: invalid start byte at byte 0"),
        (u8 | None, "02", "expected an option (00 or 01), got 02 at byte 0"),
        (tuple[u8, bool], "0502", "expected a bool (00 or 01), got 02 at byte 1"),
        (list[u16], "0c01000200", "3 items cannot fit in the 4 bytes that are left at byte 0"),
        (list[bool], "080102", "expected a bool (00 or 01), got 02 in [1] at byte 2"),
        (Annotated[bytes, MaxLen(1)], "080102", "at most 1 items are allowed, got 2 at byte 0"),
        (Compact[u32], "", "expected 1 more byte, the input ends at byte 0"),
        (Compact[u32], "0100", "compact 0 is not in its shortest form at byte 0"),
        (Compact[u32], "fd00", "compact 63 is not in its shortest form at byte 0"),
        (Compact[u32], "feff0000", "compact 16383 is not in its shortest form at byte 0"),
        (Compact[u32], "03ffffff3f", "compact integer is not in its shortest form at byte 0"),
        (Compact[u64], "07ffffffff00", "compact integer is not in its shortest form at byte 0"),
        (Compact[u8], "0104", "compact 256 does not fit u8 at byte 0"),
        (Compact[u32], "070000000001", "compact 4294967296 does not fit u32 at byte 0"),
    ],
)
def test_bytes_that_encode_nothing_are_refused_with_their_place(type_: Any, encoded: str, message: str) -> None:
    with pytest.raises(ScaleError) as refusal:
        codec_of(type_).decode(bytes.fromhex(encoded))
    assert str(refusal.value) == message


def test_compact_integers_have_at_most_67_bytes() -> None:
    most = (1 << 536) - 1
    assert encode_compact(most) == b"\xff" * 68
    assert Reader(b"\xff" * 68).compact() == most
    with pytest.raises(ScaleError, match="at most 67 bytes, got 68"):
        encode_compact(most + 1)
    with pytest.raises(ScaleError, match="unsigned, got -1"):
        encode_compact(-1)


def test_duplicate_keys_and_items_are_decoded_once() -> None:
    assert codec_of(dict[u8, u8]).decode(bytes.fromhex("0801020103")) == {1: 3}
    assert codec_of(frozenset[u8]).decode(bytes.fromhex("080101")) == frozenset({1})


def test_options_of_options_and_of_nothing_tell_some_from_none() -> None:
    codec = Option(codec_of(u8 | None))
    for value, encoded in ((None, "00"), (Some(None), "0100"), (Some(5), "010105")):
        assert codec.encode(value).hex() == encoded  # type: ignore[arg-type]  # Some stands for the value
        assert codec.decode(bytes.fromhex(encoded)) == value
    assert Option(UNIT).decode(b"\1") == Some(None)


def test_nothing_has_no_bytes() -> None:
    for codec in (UNIT, CompactUnit()):
        assert (codec.encode(None), codec.decode(b""), codec.min_size) == (b"", None, 0)
        with pytest.raises(ScaleError, match="expected None, got int 0"):
            codec.encode(0)  # type: ignore[arg-type]  # that is the test


def test_lists_of_nothing_are_bounded_by_the_input() -> None:
    assert codec_of(list[tuple[()]]).decode(b"\0") == []
    with pytest.raises(ScaleError, match="5 items cannot fit in the 0 bytes"):
        codec_of(list[tuple[()]]).decode(b"\x14")


def test_containers_nest_256_deep_at_most() -> None:
    assert MAX_DEPTH == 256
    reader = Reader(b"")
    for _ in range(256):
        reader.descend()
    with pytest.raises(ScaleError, match="nested deeper than 256 levels"):
        reader.descend()


def test_the_least_size_bounds_what_a_length_may_allocate() -> None:
    sizes = {
        u8: 1,
        u64: 8,
        i128: 16,
        bool: 1,
        tuple[u8, u32]: 5,
        Annotated[list[u16], FixedLen(3)]: 6,
        Annotated[list[u16], FixedLen(0)]: 0,
        list[u64]: 1,
        u64 | None: 1,
        Compact[u64]: 1,
    }
    assert {type_: codec_of(type_).min_size for type_ in sizes} == sizes


def test_only_values_that_nothing_changes_are_shared() -> None:
    shared = [u8, bytes, str, tuple[u8, bytes], u8 | None, Compact[u8]]
    changed = [list[u8], dict[u8, u8], tuple[u8, list[u8]], list[u8] | None, Annotated[list[u8], MaxLen(3)]]
    assert [codec_of(type_).immutable for type_ in shared] == [True] * len(shared)
    assert [codec_of(type_).immutable for type_ in changed] == [False] * len(changed)
    copied = [list[u8], dict[u8, u8], Annotated[list[u8], MaxLen(3)]]
    assert [codec_of(type_).copyable for type_ in copied] == [True] * 3
    assert not any(codec_of(type_).copyable for type_ in (list[list[u8]], dict[u8, list[u8]], u8))


def test_codecs_are_named_as_in_metadata() -> None:
    names = {
        u8: "u8",
        i64: "i64",
        Compact[u32]: "Compact<u32>",
        tuple[u8, bool]: "(u8, bool)",
        u8 | None: "Option<u8>",
        dict[u8, bytes]: "BTreeMap<u8, Vec<u8>>",
        Annotated[list[u16], FixedLen(3)]: "[u16; 3]",
    }
    assert {type_: codec_of(type_).name for type_ in names} == names
