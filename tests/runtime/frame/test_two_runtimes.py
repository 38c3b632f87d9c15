"""Two runtimes with different pallets, side by side in one process: what belongs to one does not reach the other.

Both have System. At index 7 one has Notes, with a declaration of each kind, and the other one Clock, which has hooks
and no calls. The expected bytes are written by hand from the formats of calls, events and errors.
"""

from __future__ import annotations

import pytest
from pysubtensor.runtime import executive, metadata
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.crypto.hashing import blake2_128, twox_128
from pysubtensor.runtime.extensions.system import CheckNonce, CheckWeight
from pysubtensor.runtime.frame.call import RUNTIME_CALL, Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchError, DispatchFailed
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Sr25519, signing_payload
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN, signed
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.runtime_types import RUNTIME_EVENT, RUNTIME_HOLD_REASON, EventRecord
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.metadata import v14, v15
from pysubtensor.runtime.metadata.registry import PortableType, Variants
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.scale import ScaleError, codec_of
from pysubtensor.runtime.state.build import ordered_root

from tests.runtime.frame.small_pallets import (
    GUARD,
    MaxNotes,
    NotesError,
    NotesHoldReason,
    Ticked,
    Written,
    clock_runtime,
    notes,
    notes_runtime,
    write,
)
from tests.world import ALICE, ALICE_KEY, BOB, BOB_KEY, GENESIS_HASH, empty_context

NOTES, CLOCK = notes_runtime(), clock_runtime()

#: A call of Notes: the pallet's index, the call's index, the note with its length.
WRITE_HELLO = bytes.fromhex("0701 0c 616263")
#: A call of System, which both runtimes have: `remark` with two bytes.
REMARK = bytes.fromhex("0000 08 6869")
#: Event 0 of pallet 7: Alice and a length of 3 in one runtime, a number in the other.
WRITTEN = bytes.fromhex("0700") + ALICE + bytes.fromhex("03000000")
TICKED = bytes.fromhex("0700 0100000000000000")


# --- calls, events, errors, reasons ----------------------------------------------------------------------------


def test_the_same_bytes_are_a_call_in_one_runtime_and_refused_in_the_other() -> None:
    call = read_call(NOTES, WRITE_HELLO)
    assert call == write.call(b"abc")
    assert call.encode() == WRITE_HELLO
    with pytest.raises(ScaleError, match=r"no call 7\.1"):
        read_call(CLOCK, WRITE_HELLO)
    for runtime in (NOTES, CLOCK):
        assert read_call(runtime, REMARK) == system.remark.call(b"hi")


def read_call(runtime: Runtime, data: bytes) -> Call:
    return RUNTIME_CALL.decode(data, runtime)


def test_the_same_extrinsic_is_read_by_the_runtime_that_has_its_call_and_extensions() -> None:
    bare = ExtrinsicCodec.bare(write.call(b"abc"))
    assert bare == bytes.fromhex("1c 05") + WRITE_HELLO
    assert NOTES.decode(bare).call == write.call(b"abc")
    with pytest.raises(ScaleError):
        CLOCK.decode(bare)
    raw = sign(system.remark.call(b"hi"), ALICE_KEY, b"\0")
    assert NOTES.decode(raw).explicit == (0, None)
    with pytest.raises(ScaleError):
        CLOCK.decode(raw)


def test_events_are_encoded_and_read_with_the_pallet_of_their_runtime() -> None:
    written, ticked = Written(ALICE, 3), Ticked(1)
    assert RUNTIME_EVENT.encode(written) == WRITTEN
    assert RUNTIME_EVENT.encode(ticked) == TICKED
    assert RUNTIME_EVENT.decode(WRITTEN, NOTES) == written
    assert RUNTIME_EVENT.decode(TICKED, CLOCK) == ticked
    with pytest.raises(ScaleError):
        RUNTIME_EVENT.decode(WRITTEN, CLOCK)
    with pytest.raises(ScaleError):
        RUNTIME_EVENT.decode(TICKED, NOTES)


def test_hold_reasons_exist_in_the_runtime_of_their_pallet_alone() -> None:
    assert RUNTIME_HOLD_REASON.encode(NotesHoldReason.Deposit) == bytes.fromhex("0702")
    assert RUNTIME_HOLD_REASON.decode(bytes.fromhex("0702"), NOTES) is NotesHoldReason.Deposit
    with pytest.raises(ScaleError, match="no variant 7"):
        RUNTIME_HOLD_REASON.decode(bytes.fromhex("0702"), CLOCK)


def test_errors_carry_the_index_of_their_pallet() -> None:
    """Variant 3 of `DispatchError`, the pallet's index, the error's four bytes."""
    ctx = empty_context(NOTES)
    with pytest.raises(DispatchFailed) as failure:
        NOTES.dispatch(ctx.with_origin(signed(ALICE)), write.call(b"abcde"))
    assert DispatchError.scale.encode(failure.value.error) == bytes.fromhex("03 07 00000000")
    assert DispatchError.scale.encode(NotesError.Forbidden.as_dispatch_error()) == bytes.fromhex("03 07 03000000")


# --- metadata --------------------------------------------------------------------------------------------------


def variants_of(types: list[PortableType], number: int) -> dict[str, int]:
    """Return the names and indices of the variants of an enum."""
    definition = types[number].definition
    assert isinstance(definition, Variants)
    return {variant.name: variant.index for variant in definition.variants}


def test_metadata_shows_the_pallets_of_its_own_runtime() -> None:
    shown, other = v15.build(NOTES), v15.build(CLOCK)
    assert [(pallet.name, pallet.index) for pallet in shown.pallets] == [("System", 0), ("Notes", 7)]
    assert [(pallet.name, pallet.index) for pallet in other.pallets] == [("System", 0), ("Clock", 7)]
    assert variants_of(shown.types, shown.outer_enums.call) == {"System": 0, "Notes": 7}
    assert variants_of(other.types, other.outer_enums.call) == {"System": 0}
    assert variants_of(shown.types, shown.outer_enums.event) == {"System": 0, "Notes": 7}
    assert variants_of(other.types, other.outer_enums.event) == {"System": 0, "Clock": 7}
    assert variants_of(shown.types, shown.outer_enums.error) == {"System": 0, "Notes": 7}
    assert variants_of(other.types, other.outer_enums.error) == {"System": 0}
    assert [extension.identifier for extension in shown.extrinsic.extensions] == ["CheckNonce", "CheckWeight"]
    assert other.extrinsic.extensions == []


@pytest.mark.parametrize("version", metadata.VERSIONS)
def test_no_version_of_metadata_names_the_other_runtimes_pallet(version: int) -> None:
    shown, other = (metadata.encoded_metadata(runtime, version) for runtime in (NOTES, CLOCK))
    assert [name in shown for name in (b"pallet_notes", b"pallet_clock")] == [True, False]
    assert [name in other for name in (b"pallet_notes", b"pallet_clock")] == [False, True]


def test_a_constant_has_the_value_of_its_runtime() -> None:
    (constant,) = v14.build(NOTES).pallets[1].constants
    assert (constant.name, constant.value) == ("MaxNotes", b"\5")
    assert MaxNotes.get(empty_context(NOTES)) == 5
    assert MaxNotes.get(empty_context(Runtime([system.pallet, notes]))) == 9


# --- rules -----------------------------------------------------------------------------------------------------


def test_filters_of_one_runtime_do_not_touch_the_other() -> None:
    remark = system.remark.call(b"hi")
    with pytest.raises(DispatchFailed) as failure:
        NOTES.dispatch(empty_context(NOTES).with_origin(signed(BOB)), remark)
    assert failure.value.error == NotesError.Forbidden.as_dispatch_error()
    NOTES.dispatch(empty_context(NOTES).with_origin(signed(ALICE)), remark)
    CLOCK.dispatch(empty_context(CLOCK).with_origin(signed(BOB)), remark)
    NOTES.dispatch(empty_context(NOTES).with_origin(ROOT_ORIGIN), remark)


def test_the_same_call_has_the_weight_of_each_runtimes_guards() -> None:
    """A call remembers what it costs: each runtime must get its own answer, in any order."""
    remark = system.remark.call(b"hi")
    own = CLOCK.info(remark).call_weight
    assert NOTES.info(remark).call_weight == own + GUARD
    assert CLOCK.info(remark).call_weight == own
    assert NOTES.info(write.call(b"abc")).call_weight == Weight(5_300, 74)


# --- blocks ----------------------------------------------------------------------------------------------------


def sign(call: Call, key: Keypair, explicit: bytes) -> bytes:
    """Return a signed extrinsic whose extensions carry these bytes and add nothing to what is signed."""
    signature = Sr25519(key.sign(signing_payload(call.encode(), explicit, b"")))
    return ExtrinsicCodec.signed(key.account, signature, explicit, call.encode())


def begin(runtime: Runtime) -> Context:
    """Begin block 1 of a runtime, on a state in which Alice and Bob have accounts."""
    ctx = empty_context(runtime)
    for who in (ALICE, BOB):
        system.Account.put(ctx, who, system.AccountInfo(providers=1))
    return executive.initialize_block(runtime, ctx.state, 1, GENESIS_HASH, [])


def records(ctx: Context) -> list[EventRecord]:
    """Return the stored events of a finished block, read by its runtime."""
    stored = ctx.state.get(twox_128(b"System") + twox_128(b"Events"))
    assert stored is not None
    return codec_of(list[EventRecord]).decode(stored, ctx.runtime)


def test_blocks_of_both_runtimes_are_made_in_turns() -> None:
    first, second = begin(NOTES), begin(CLOCK)
    remark = system.remark.call(b"hi")
    written, forbidden = sign(write.call(b"abc"), ALICE_KEY, b"\0"), sign(remark, BOB_KEY, b"\0")
    too_long, plain = sign(write.call(b"abcde"), ALICE_KEY, b"\4"), sign(remark, BOB_KEY, b"")

    assert executive.apply_extrinsic(first, NOTES.decode(written)) is None
    assert executive.apply_extrinsic(second, CLOCK.decode(plain)) is None
    assert executive.apply_extrinsic(first, NOTES.decode(forbidden)) == NotesError.Forbidden.as_dispatch_error()
    assert executive.apply_extrinsic(first, NOTES.decode(too_long)) == NotesError.TooLong.as_dispatch_error()
    headers = [executive.finalize_block(ctx, lambda state, also: bytes(32)) for ctx in (first, second)]

    assert [header.number for header in headers] == [1, 1]
    assert headers[0].extrinsics_root == ordered_root([written, forbidden, too_long])
    assert headers[1].extrinsics_root == ordered_root([plain])
    note_key = twox_128(b"Notes") + twox_128(b"Note") + blake2_128(ALICE) + ALICE
    ticks_key = twox_128(b"Clock") + twox_128(b"Ticks")
    assert (first.state.get(note_key), second.state.get(note_key)) == (b"\x0cabc", None)
    assert (first.state.get(ticks_key), second.state.get(ticks_key)) == (None, b"\1" + bytes(7))
    names = [[type(record.event).__name__ for record in records(ctx)] for ctx in (first, second)]
    assert names == [
        ["Written", "ExtrinsicSuccess", "ExtrinsicFailed", "ExtrinsicFailed"],
        ["Ticked", "ExtrinsicSuccess"],
    ]
    assert [system.Account.get(first, who).nonce for who in (ALICE, BOB)] == [2, 1]
    assert [system.Account.get(second, who).nonce for who in (ALICE, BOB)] == [0, 0]


def test_what_an_extrinsic_costs_is_reported_with_the_rules_of_its_runtime() -> None:
    """Each runtime remembers the events of frequent costs for itself."""
    remark = system.remark.call(b"hi")
    weights = []
    for runtime, explicit in ((NOTES, b"\0"), (CLOCK, b"")):
        ctx = begin(runtime)
        assert executive.apply_extrinsic(ctx, runtime.decode(sign(remark, ALICE_KEY, explicit))) is None
        event = ctx.block.events[-1]
        assert isinstance(event, system.ExtrinsicSuccess)
        weights.append(event.dispatch_info.weight)
    checks = CheckNonce.fixed_weight + CheckWeight.fixed_weight
    assert weights[0] == weights[1] + GUARD + checks
