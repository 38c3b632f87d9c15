"""Plain values: what they mean, what is refused and with which words, and that showing is the way back."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any

import pytest
from pysubtensor.runtime.apis import APIS
from pysubtensor.runtime.composition import PALLETS
from pysubtensor.runtime.frame.block_types import RUNTIME_EXTRINSIC, UncheckedExtrinsicCodec
from pysubtensor.runtime.frame.call import RUNTIME_CALL, CallsCodec, RuntimeCallCodec
from pysubtensor.runtime.frame.era import IMMORTAL, Era, EraCodec
from pysubtensor.runtime.frame.errors import Module, ModuleError
from pysubtensor.runtime.frame.extrinsic import Address20, Id, Index, MultiAddress
from pysubtensor.runtime.frame.runtime_types import RUNTIME_EVENT
from pysubtensor.runtime.pallets.balances.pallet import Transfer
from pysubtensor.runtime.pallets.system import AccountInfo
from pysubtensor.runtime.scale import (
    H256,
    AccountId,
    AnyCodec,
    Compact,
    FixedLen,
    MaxLen,
    Result,
    Struct,
    VecU16Pairs,
    codec_of,
    i8,
    scale_enum,
    showing,
    u8,
    u16,
    u32,
    u64,
    values,
)
from pysubtensor.runtime.scale.codec import ScopedCodec
from pysubtensor.runtime.scale.containers import Some
from pysubtensor.runtime.scale.describe import ArrayOf, CompactOf, Composite, SequenceOf, TupleOf, Variant
from pysubtensor.runtime.scale.plain import PlainError, parse_amount
from pysubtensor.runtime.scale.types import Err, Ok
from pysubtensor.runtime.scale.values import from_plain, to_plain

from tests.costs import RUNTIME
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


def test_an_option_of_an_option_says_which_of_them_is_present() -> None:
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
def test_an_amount_that_is_no_whole_number_of_rao_is_refused(text: str) -> None:
    with pytest.raises(PlainError):
        parse_amount(text)


CALL = {"Balances": {"transfer_keep_alive": {"dest": BOB_ADDRESS, "value": 5}}}
CALL_BYTES = "0x050300" + BOB.hex() + "14"


@pytest.mark.parametrize(
    "plain",
    [
        CALL,
        {"balances": {"transfer-keep-alive": {"value": "5", "dest": "//Bob"}}},
        'Balances.transfer_keep_alive({"dest": "//Bob", "value": 5})',
        CALL_BYTES,
    ],
)
def test_a_call_can_be_written_in_four_ways(plain: Any) -> None:
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


def test_the_default_account_survives_the_way_there_and_back() -> None:
    codec = AccountInfo.scale
    assert from_plain(codec, to_plain(codec, AccountInfo())) == AccountInfo()


def test_one_nameless_record_stands_for_itself() -> None:
    assert to_plain(Module.scale, Module(ModuleError(5, bytes(4)))) == {
        "Module": {"index": 5, "error": "0x00000000"},
    }


WRONG: list[tuple[Any, Any, str]] = [
    (u8, 256, "256 does not fit u8: 0 to 255"),
    (u8, True, "expected an integer (u8), got True"),
    (u8, 1.0, "expected an integer (u8), got 1.0"),
    (bool, 1, "expected true or false, got 1"),
    (str, 5, "expected text, got 5"),
    (bytes, "0x1", "expected 0x and pairs of hexadecimal digits, got '0x1'"),
    (AccountId, "0x00", "expected 32 bytes, got 1 in '0x00'"),
    (AccountId, ALICE_ADDRESS[:-1] + "X", "expected an address, //Name or 0x…"),
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
    (Annotated[Any, RUNTIME_CALL], "0xffff", "the runtime has no call 255.255"),
    (
        Annotated[Any, RUNTIME_CALL],
        {"Balances": {"transfer_keep_alive": {"dest": "//Bob", "value": -1}}},
        "Balances.transfer_keep_alive.value: -1 does not fit u64",
    ),
]


@pytest.mark.parametrize(("type_", "plain", "message"), WRONG, ids=[message for _, _, message in WRONG])
def test_what_is_wrong_is_said_with_its_place(type_: Any, plain: Any, message: str) -> None:
    with pytest.raises(PlainError) as caught:
        from_plain(codec_of(type_), plain, RUNTIME)
    assert str(caught.value).startswith(message)


def nested(depth: int) -> Any:
    plain: Any = CALL
    for _ in range(depth):
        plain = {"Sudo": {"sudo": {"call": plain}}}
    return plain


def test_nesting_is_bounded_before_anything_recurses() -> None:
    assert from_plain(RUNTIME_CALL, nested(250), RUNTIME).name == "sudo"
    with pytest.raises(PlainError, match="expected a value that is nested at most 1024 deep"):
        from_plain(RUNTIME_CALL, nested(100_000), RUNTIME)


def test_every_type_that_the_runtime_declares_can_be_written_down() -> None:
    seen: dict[int, AnyCodec] = {}
    todo = [RUNTIME_EVENT, *declared_codecs()]
    while todo:
        codec = todo.pop()
        if id(codec) in seen or isinstance(codec, CallsCodec):
            continue
        seen[id(codec)] = codec
        for form in (values._read, showing._show):
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
