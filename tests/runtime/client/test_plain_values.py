"""Plain values: conversion from and to typed values, and the messages of refused ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime.apis import APIS
from pysubtensor.runtime.client import from_plain as from_plain_module
from pysubtensor.runtime.client import to_plain as to_plain_module
from pysubtensor.runtime.client.errors import PlainError
from pysubtensor.runtime.client.from_plain import Options, call_from_plain, from_plain
from pysubtensor.runtime.client.text import parse_amount
from pysubtensor.runtime.client.to_plain import to_plain
from pysubtensor.runtime.composition import PALLETS
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.block_types import RUNTIME_EXTRINSIC, UncheckedExtrinsicCodec
from pysubtensor.runtime.frame.call import RUNTIME_CALL, CallsCodec, RuntimeCallCodec
from pysubtensor.runtime.frame.era import IMMORTAL, Era, EraCodec
from pysubtensor.runtime.frame.errors import Module, ModuleError
from pysubtensor.runtime.frame.extrinsic import Address20, Id, Index, MultiAddress
from pysubtensor.runtime.frame.runtime_types import RUNTIME_EVENT
from pysubtensor.runtime.pallets import utility
from pysubtensor.runtime.pallets.balances.declared import Transfer
from pysubtensor.runtime.pallets.commitments.data import Data, Nothing, raw
from pysubtensor.runtime.pallets.commitments.declared import CommitmentInfo
from pysubtensor.runtime.pallets.system import AccountInfo
from pysubtensor.runtime.scale import (
    H256,
    AccountId,
    AnyCodec,
    Bytes4,
    Compact,
    FixedLen,
    MaxLen,
    Result,
    Struct,
    VecU16,
    VecU16Pairs,
    codec_of,
    i8,
    scale_enum,
    u8,
    u16,
    u32,
    u64,
)
from pysubtensor.runtime.scale.codec import ScopedCodec
from pysubtensor.runtime.scale.containers import Some
from pysubtensor.runtime.scale.describe import ArrayOf, CompactOf, Composite, SequenceOf, TupleOf, Variant
from pysubtensor.runtime.scale.types import Err, Ok

from tests.costs import RUNTIME
from tests.runtime.frame.small_pallets import write
from tests.world import ALICE, ALICE_ADDRESS, BOB, BOB_ADDRESS


@scale_enum("test::Colour")
class Colour(Enum):
    Red = 0
    DarkBlue = 1


class Pair(Struct, path="test::Pair", positional=True):
    first: u8
    second: u8


class Record(Struct, path="test::Record"):
    count: u32
    from_: AccountId
    note: str | None


FORMS: list[tuple[Any, Any, Any]] = [
    (u8, 255, 255),
    (Compact[u64], 1 << 63, 1 << 63),
    (i8, -128, -128),
    (bool, True, True),
    (str, "höhe", "höhe"),
    (bytes, b"\x01\xff", "0x01ff"),
    (H256, bytes(32), "0x" + "00" * 32),
    (AccountId, ALICE, ALICE_ADDRESS),
    (MultiAddress, Id(BOB), BOB_ADDRESS),
    (MultiAddress, Address20(bytes(20)), {"Address20": "0x" + "00" * 20}),
    (MultiAddress, Index(None), {"Index": None}),
    (list[u16], [1, 2], [1, 2]),
    (Annotated[list[u8 | None], FixedLen(2)], [None, 7], [None, 7]),
    (tuple[u8, bool], (1, False), [1, False]),
    (None, None, None),
    (u8 | None, None, None),
    ((u8 | None) | None, 3, 3),
    (dict[u8, str], {1: "one"}, {"1": "one"}),
    (dict[tuple[u8, u8], u8], {(1, 2): 3}, [[[1, 2], 3]]),
    (frozenset[u8], frozenset({3, 1}), [1, 3]),
    (Result[u8, str], Ok(4), {"Ok": 4}),
    (Result[u8, str], Err("no"), {"Err": "no"}),
    (Colour, Colour.DarkBlue, "DarkBlue"),
    (Pair, Pair(1, 2), [1, 2]),
    (Record, Record(1, ALICE, None), {"count": 1, "from": ALICE_ADDRESS, "note": None}),
    (Annotated[Era, EraCodec()], IMMORTAL, "Immortal"),
    (Annotated[Era, EraCodec()], Era(64, 9), {"Mortal": [64, 9]}),
]


@pytest.mark.parametrize(("type_", "typed", "plain"), FORMS, ids=str)
def test_each_type_has_a_plain_form_both_ways(type_: Any, typed: Any, plain: Any) -> None:
    codec = codec_of(type_)
    assert from_plain(codec, plain) == typed
    assert to_plain(codec, typed) == plain
    assert from_plain(codec, typed) == typed, "a value that has its type already is taken as it is"


class Wrapped(Struct, path="test::Wrapped", positional=True):
    items: Annotated[list[Colour], MaxLen(3)]


DATA_FORMS = [
    {"Raw5": b"hello"},
    {"Raw5": "hello"},
    {"Raw5": "0x68656c6c6f"},
    {"raw5": [104, 101, 108, 108, 111]},
    ("Raw5", b"hello"),
    ["Raw5", bytearray(b"hello")],
    {"Raw5": [b"hello"]},
]
ALICE_NUMBERS = list(ALICE)
PHASES = (("phase", 9), ("current", 137))

#: (type, value as some tool writes it, typed value). Where it comes from: py-scale-codec and async-substrate-interface
#: write `{"call_module": …}`, one-element lists around wrapped values and records as lists; polkadot.js writes
#: camelCase, numbers for bytes, `{"callIndex": …}`; NumPy's numbers come out of `query`.
OTHER_FORMS: list[tuple[Any, Any, Any]] = [
    *[(u16, value, 7) for value in (np.uint16(7), np.int64(7), "7", "0x07", " 7 ")],
    *[(Compact[u64], value, 7) for value in (np.uint8(7), "7", "0x7")],
    *[(i8, value, -7) for value in (np.int8(-7), np.int64(-7), "-7")],
    *[(bool, value, True) for value in (np.True_, "true", "True")],
    *[(bytes, value, b"\1\2\3") for value in ([1, 2, 3], (1, 2, 3), "0x010203", bytearray(b"\1\2\3"))],
    *[(bytes, value, b"\1\2\3") for value in (memoryview(b"\1\2\3"), np.array([1, 2, 3]), [np.uint8(1), 2, 3])],
    (bytes, [], b""),
    (Annotated[bytes, MaxLen(3)], [[1, 2, 3]], b"\1\2\3"),
    (Bytes4, [1, 2, 3, 4], b"\1\2\3\4"),
    (H256, [7] * 32, b"\7" * 32),
    *[
        (AccountId, value, ALICE)
        for value in (ALICE, ALICE_NUMBERS, "0x" + ALICE.hex(), "//Alice", "alice", ALICE_ADDRESS)
    ],
    (AccountId, Keypair.from_uri("//Alice"), ALICE),
    *[(MultiAddress, value, Id(ALICE)) for value in (ALICE, ALICE_NUMBERS, ALICE_ADDRESS, "//Alice", "Alice")],
    *[(MultiAddress, {"Id": value}, Id(ALICE)) for value in (ALICE, ALICE_ADDRESS, "0x" + ALICE.hex(), [ALICE])],
    (MultiAddress, ("Id", ALICE_ADDRESS), Id(ALICE)),
    (MultiAddress, Keypair.from_uri("//Alice"), Id(ALICE)),
    *[(Colour, value, Colour.DarkBlue) for value in ("DarkBlue", "darkBlue", "dark_blue", {"DarkBlue": None})],
    *[(Colour, value, Colour.DarkBlue) for value in ({"DarkBlue": []}, {"darkBlue": {}}, ("DarkBlue", None))],
    *[(Data, value, raw(b"hello")) for value in DATA_FORMS],
    *[(Data, value, Nothing()) for value in ("None", {"None": None}, ("None", ()))],
    (CommitmentInfo, {"fields": [[{"Raw5": b"hello"}]]}, CommitmentInfo([raw(b"hello")])),
    (CommitmentInfo, {"fields": [{"Raw5": b"hello"}]}, CommitmentInfo([raw(b"hello")])),
    (CommitmentInfo, {"fields": [[{"Raw5": b"hello"}, "None"]]}, CommitmentInfo([raw(b"hello"), Nothing()])),
    (CommitmentInfo, {"fields": []}, CommitmentInfo([])),
    (CommitmentInfo, {"fields": [[]]}, CommitmentInfo([])),
    *[(Wrapped, value, Wrapped([Colour.Red])) for value in (["Red"], [["Red"]], [[["Red"]]], ("Red",))],
    *[(Pair, value, Pair(1, 2)) for value in ([1, 2], (1, 2), np.array([1, 2]))],
    *[(Record, value, Record(1, ALICE, None)) for value in ([1, "//Alice", None], (1, ALICE, None))],
    (Record, {"count": 1, "From": "//Alice"}, Record(1, ALICE, None)),
    *[(u8 | None, value, 7) for value in (7, np.uint8(7), {"Some": 7}, "7")],
    *[(u8 | None, value, None) for value in (None, {"None": None})],
    (Result[u8, str], ("Ok", 4), Ok(4)),
    *[(tuple[u8, bool], value, (1, False)) for value in ([1, False], (1, False))],
    *[(list[u16], value, [1, 2]) for value in ((1, 2), np.array([1, 2], np.uint16), [np.uint16(1), "2"])],
    *[(dict[u8, str], value, {1: "one"}) for value in ({1: "one"}, {"1": "one"}, [(1, "one")], ((1, "one"),))],
    *[(frozenset[u8], value, frozenset({1, 3})) for value in ([3, 1], (1, 3), {1, 3}, np.array([1, 3]))],
    *[(None, value, None) for value in (None, [], (), {})],
    *[
        (Annotated[Era, EraCodec()], value, Era(64, 9))
        for value in ({"Mortal": (64, 9)}, {"Mortal": [64, np.uint8(9)]})
    ],
    *[(Annotated[Era, EraCodec()], {"period": 64, name: value}, Era(64, 9)) for name, value in PHASES],
]


@pytest.mark.parametrize(("type_", "written", "typed"), OTHER_FORMS, ids=lambda value: repr(value)[:50])
def test_the_forms_of_other_tools_are_understood(type_: Any, written: Any, typed: Any) -> None:
    read = from_plain(codec_of(type_), written)
    assert read == typed
    assert type(read) is type(typed), "no scalar of NumPy goes on inside"


def test_nested_options_are_distinguished() -> None:
    from pysubtensor.runtime.scale.containers import Option

    codec = Option(codec_of(u8 | None))
    assert from_plain(codec, {"Some": None}) == Some(None)
    assert to_plain(codec, Some(None)) == {"Some": None}
    assert from_plain(codec, None) is None


def test_numeric_vectors_become_arrays() -> None:
    codec = codec_of(VecU16Pairs)
    array = from_plain(codec, [[1, 2], [3, 4]])
    assert array.dtype == "uint16"
    assert to_plain(codec, array) == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("text", "rao"),
    [("1.5tao", 1_500_000_000), ("10rao", 10), ("1_000 TAO", 10**12), ("0.000000001tao", 1), ("7", 7)],
)
def test_amounts_are_read_only_where_they_are_asked_for(text: str, rao: int) -> None:
    assert from_plain(codec_of(u64), text, amounts=True) == rao
    if not text.isdigit():
        with pytest.raises(PlainError, match="expected an integer"):
            from_plain(codec_of(u64), text)


@pytest.mark.parametrize("text", ["1.0000000001tao", "1.5rao", "1.5", "tao", "-1tao", "1" * 99 + "tao"])
def test_a_fraction_of_a_rao_is_refused(text: str) -> None:
    with pytest.raises(PlainError):
        parse_amount(text)


CALL = {"Balances": {"transfer_keep_alive": {"dest": BOB_ADDRESS, "value": 5}}}
CALL_BYTES = "0x050300" + BOB.hex() + "14"


@pytest.mark.parametrize(
    "plain",
    [
        CALL,
        bytes.fromhex(CALL_BYTES[2:]),
        ("Balances", {"transfer_keep_alive": ["//Bob", 5]}),
        {"balances": {"transferKeepAlive": {"dest": {"Id": BOB_ADDRESS}, "value": 5}}},
        {"call_module": "Balances", "call_function": "transfer_keep_alive", "call_args": {"dest": "//Bob", "value": 5}},
        {
            "call_module": "Balances",
            "call_function": "transfer_keep_alive",
            "call_args": [{"name": "dest", "value": BOB_ADDRESS}, {"name": "value", "value": 5}],
        },
        {"callIndex": "0x0503", "args": {"dest": {"id": BOB_ADDRESS}, "value": "5"}},
        {"balances": {"transfer-keep-alive": {"value": "5", "dest": "//Bob"}}},
        'Balances.transfer_keep_alive({"dest": "//Bob", "value": 5})',
        CALL_BYTES,
    ],
)
def test_a_call_is_written_as_by_any_tool(plain: Any) -> None:
    call = from_plain(RUNTIME_CALL, plain, RUNTIME)
    assert "0x" + call.encode().hex() == CALL_BYTES
    assert to_plain(RUNTIME_CALL, call) == CALL


#: A bare extrinsic of 10 bytes: Timestamp.set with 2^40 ms.
INHERENT = "0x280502000b000000000001"


def test_an_extrinsic_is_its_encoding() -> None:
    extrinsic = from_plain(RUNTIME_EXTRINSIC, INHERENT, RUNTIME)
    assert to_plain(RUNTIME_CALL, extrinsic.call) == {"Timestamp": {"set": {"now": 1 << 40}}}
    assert to_plain(RUNTIME_EXTRINSIC, extrinsic) == INHERENT
    with pytest.raises(PlainError, match="1 bytes are left over"):
        from_plain(RUNTIME_EXTRINSIC, INHERENT + "00", RUNTIME)


def test_events_are_shown_with_their_pallet() -> None:
    event = Transfer(ALICE, BOB, 5)
    plain = {"Balances": {"Transfer": {"from": ALICE_ADDRESS, "to": BOB_ADDRESS, "amount": 5}}}
    assert to_plain(RUNTIME_EVENT, event) == plain
    assert from_plain(RUNTIME_EVENT, plain, RUNTIME) == event


def test_the_default_account_has_a_plain_form() -> None:
    codec = AccountInfo.scale
    assert from_plain(codec, to_plain(codec, AccountInfo())) == AccountInfo()


def test_a_record_of_one_nameless_field_is_its_value() -> None:
    assert to_plain(Module.scale, Module(ModuleError(5, bytes(4)))) == {
        "Module": {"index": 5, "error": "0x00000000"},
    }


#: A number that Python does not write in digits.
HUGE = 10**5_000

WRONG: list[tuple[Any, Any, str]] = [
    (u8, 256, "256 does not fit u8: 0 to 255"),
    (u8, HUGE, "a number of 16610 bits does not fit u8: 0 to 255"),
    (u8, "0x" + "f" * 6_000, "a number of 24000 bits does not fit u8: 0 to 255"),
    (bytes, [HUGE], "[0]: expected a number from 0 to 255, got a value with too many digits"),
    (bytes, "\ud800", "expected text that UTF-8 can hold, got '\\ud800'"),
    (str, "\ud800", "expected text that UTF-8 can hold, got '\\ud800'"),
    (AccountId, "//\ud800", "expected a secret URI"),
    (u8, True, "expected an integer (u8), got True"),
    (u8, 1.0, "expected an integer (u8), got 1.0"),
    (u8, np.float64(1.0), "expected an integer (u8), got np.float64(1.0)"),
    (u8, np.True_, "expected an integer (u8), got np.True_"),
    (u8, np.uint16(256), "256 does not fit u8: 0 to 255"),
    (u8, "1,000", "expected an integer (u8), got '1,000'"),
    (u8, None, "expected an integer (u8), got None"),
    (bytes, [1, 256], "[1]: expected a number from 0 to 255, got 256"),
    (bytes, [1, True], "[1]: expected a number from 0 to 255, got True"),
    (bytes, [1, "2"], "[1]: expected a number from 0 to 255, got '2'"),
    (bytes, np.array([1.0]), "[0]: expected a number from 0 to 255, got np.float64(1.0)"),
    (bytes, 5, "expected bytes: 0x…, text, or a list of numbers from 0 to 255, got 5"),
    (AccountId, 5, "expected an account: an address, //Name, 0x… or 32 bytes, got 5"),
    (AccountId, [1, 2], "expected 32 bytes, got 2 in [1, 2]"),
    (VecU16, np.array([True]), "expected integers (Vec<u16>)"),
    (VecU16, np.array([1.5]), "expected integers (Vec<u16>), got float64"),
    (Colour, {"Red": 1}, "Red: expected nothing, got 1"),
    (Colour, 0, "expected a name (Red, DarkBlue), got 0"),
    (Data, {"None": 0}, "None: expected nothing, got 0"),
    (Data, {"Raw5": b"four"}, "Raw5: expected 5 bytes, got 4 in b'four'"),
    (CommitmentInfo, {"fields": [[{"Raw5": b"four"}]]}, "fields[0].Raw5: expected 5 bytes, got 4 in b'four'"),
    (Record, [1, "//Bob"], "expected an object with the fields of Record (count, from, note), got [1, '//Bob']"),
    (Record, {"count": 1, "from": "//Bob", "From": "//Bob"}, "expected the fields of Record (count, from, note), got"),
    (u8 | None, {"Some": "x"}, "Some: expected an integer (u8), got 'x'"),
    (dict[u8, u8], [[1, 2], [1, 3]], "[1]: expected each key once, got 1 twice"),
    (dict[u8, u8], 5, "expected an object, or a list of pairs, got 5"),
    (None, 0, "expected null, got 0"),
    (Annotated[Era, EraCodec()], {"period": 64, "current": -1}, 'expected "Immortal" or {"Mortal": [period, phase]}'),
    (Annotated[Era, EraCodec()], {"period": 0, "current": 1}, 'expected "Immortal" or {"Mortal": [period, phase]}'),
    (Annotated[Any, RUNTIME_CALL], {"callIndex": "0x05ff", "args": {}}, "expected the two indices of a call, such as"),
    (Annotated[Any, RUNTIME_CALL], {"call_module": "Balances"}, "there is no pallet with calls 'call_module'"),
    (bool, 1, "expected true or false, got 1"),
    (str, 5, "expected text, got 5"),
    (bytes, "0x1", "expected 0x and pairs of hexadecimal digits, got '0x1'"),
    (AccountId, "0x00", "expected 32 bytes, got 1 in '0x00'"),
    (AccountId, ALICE_ADDRESS[:-1] + "X", "expected an address, //Name, 0x… or a name such as alice"),
    (list[u8], [1, "x"], "[1]: expected an integer (u8), got 'x'"),
    (tuple[u8, u8], [1], "expected a list of 2 items (u8, u8), got [1]"),
    (Annotated[list[u8], MaxLen(2)], [1, 2, 3], "at most 2 items are allowed, got 3"),
    (Annotated[list[u8], FixedLen(2)], [1], "expected 2 items, got 1"),
    (Colour, "Green", "there is no variant 'Green'; known: Red, DarkBlue"),
    (Record, {"count": 1}, "expected the fields of Record (count, from, note), from is missing"),
    (Record, {"count": 1, "form": "//Bob"}, "there is no field 'form'; did you mean from?"),
    (Record, {"count": {}, "from": "//Bob"}, "count: expected an integer (u32), got {}"),
    (MultiAddress, {"Address20": "0x00"}, "Address20: expected 20 bytes, got 1 in '0x00'"),
    (Result[u8, str], {"Ok": 1, "Err": "x"}, 'expected {"Ok": …} or {"Err": …}'),
    (Annotated[Era, EraCodec()], {"Mortal": [63, 0]}, "expected a period that is a power of two"),
    (
        Annotated[Any, RUNTIME_CALL],
        {"Balance": {"burn": {}}},
        "there is no pallet with calls 'Balance'; did you",
    ),
    (Annotated[Any, RUNTIME_CALL], {"Balances": {"transfre": {}}}, "there is no call of Balances 'transfre'; did you"),
    (Annotated[Any, RUNTIME_CALL], "Balances.burn({)", "Balances.burn: expected the arguments as JSON"),
    (
        CommitmentInfo,
        {"fields": [[{"Raw999": b"hello"}]]},
        "fields[0]: there is no variant 'Raw999'; did you mean Raw99",
    ),
    (Colour, {HUGE: None}, "expected a name (Red, DarkBlue), got a value with too many digits"),
    (Record, {HUGE: 1}, "there is no field 'a value with too many digits'"),
    (Annotated[Any, RUNTIME_CALL], "0xffff", "the runtime has no call 255.255"),
    (
        Annotated[Any, RUNTIME_CALL],
        {"Balances": {"transfer_keep_alive": {"dest": "//Bob", "value": -1}}},
        "Balances.transfer_keep_alive.value: -1 does not fit u64",
    ),
]


@pytest.mark.parametrize(("type_", "plain", "message"), WRONG, ids=[message for _, _, message in WRONG])
def test_invalid_values_are_reported_with_their_path(type_: Any, plain: Any, message: str) -> None:
    with pytest.raises(PlainError) as caught:
        from_plain(codec_of(type_), plain, RUNTIME)
    assert str(caught.value).startswith(message)


def nested(depth: int) -> Any:
    plain: Any = CALL
    for _ in range(depth):
        plain = {"Sudo": {"sudo": {"call": plain}}}
    return plain


def test_an_encoded_call_that_is_wrong_is_reported_with_its_path() -> None:
    with pytest.raises(PlainError, match=r"^calls\[0\]: 1 bytes are left over at byte 3"):
        call_from_plain(utility.batch, {"calls": [b"\0\0\0\0"]}, Options(RUNTIME))


def test_a_call_of_another_runtime_is_refused() -> None:
    """Its bytes would be another call here, or none."""
    with pytest.raises(PlainError, match=r"^calls\[0\]: expected a call of this runtime, got Notes\.write"):
        call_from_plain(utility.batch, {"calls": [write.call(b"note")]}, Options(RUNTIME))


def test_nesting_is_bounded_before_anything_recurses() -> None:
    assert from_plain(RUNTIME_CALL, nested(250), RUNTIME).name == "sudo"
    with pytest.raises(PlainError, match="expected a value that is nested at most 1024 deep"):
        from_plain(RUNTIME_CALL, nested(100_000), RUNTIME)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.sampled_from(["", "0x", "0x01", "//Bob", "None", "Some", "Id", "Ok", "Immortal", "Balances", "a.b({})"])
    | st.binary(max_size=3)
    | st.sampled_from([np.uint16(3), np.float64(2), np.True_, np.array([1, 2]), np.array(3), np.array([[1.5]])]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(st.sampled_from(["Id", "Raw1", "Some"]), inner)
        | st.dictionaries(st.sampled_from(["Id", "Some", "call_module", "callIndex", "period", 3]), inner, max_size=2)
    ),
    max_leaves=5,
)


def test_nothing_but_a_plain_error_comes_out_of_any_value() -> None:
    codecs = list({codec.name: codec for codec in [RUNTIME_CALL, RUNTIME_EVENT, *declared_codecs()]}.values())

    @settings(derandomize=True, max_examples=1500, deadline=None)
    @given(st.sampled_from(codecs), PLAIN)
    def play(codec: AnyCodec, value: Any) -> None:
        with suppress(PlainError):
            codec.encode(from_plain(codec, value, RUNTIME))

    play()


def test_every_declared_type_has_a_plain_form() -> None:
    seen: dict[int, AnyCodec] = {}
    todo = [RUNTIME_EVENT, *declared_codecs()]
    while todo:
        codec = todo.pop()
        if id(codec) in seen or isinstance(codec, CallsCodec):
            continue
        seen[id(codec)] = codec
        for form in (from_plain_module._read, to_plain_module._show):
            assert form.dispatch(type(codec)) is not form.dispatch(object), codec
        if not isinstance(codec, RuntimeCallCodec | EraCodec | UncheckedExtrinsicCodec):
            todo += inner_codecs(codec)
    assert len(seen) > 100


def declared_codecs() -> Iterator[AnyCodec]:
    for pallet in PALLETS:
        for item in pallet.storage.values():
            yield from (item.codec, *item.keys_codec)
        for function in pallet.calls.values():
            yield from (field.codec for field in function.args)
        yield from (constant.codec for constant in pallet.constants.values())
    for api in APIS:
        for method in api.methods.values():
            yield from (method.output, *(field.codec for field in method.inputs))


def inner_codecs(codec: AnyCodec) -> list[AnyCodec]:
    described = codec.describe_in(RUNTIME) if isinstance(codec, ScopedCodec) else codec.describe()
    shape = described.shape
    if isinstance(shape, Composite):
        return [field.codec for field in shape.fields]
    if isinstance(shape, Variant):
        return [field.codec for variant in shape.variants for field in variant.fields]
    if isinstance(shape, TupleOf):
        return list(shape.items)
    return [shape.item] if isinstance(shape, SequenceOf | ArrayOf | CompactOf) else []
