"""Drand: pulses, the beacon, pruning, and extrinsics without a signature. Numbers are those of the genuine tests."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import pytest
from pysubtensor.runtime.crypto import bls
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.extrinsic import Ed25519, ExtrinsicCodec, Sr25519
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.frame.validity import (
    BadProof,
    BadSigner,
    Future,
    InvalidTransaction,
    Refused,
    Stale,
    TransactionSource,
    ValidTransaction,
)
from pysubtensor.runtime.frame.validity import Call as UnexpectedCall
from pysubtensor.runtime.frame.weight import weight_of
from pysubtensor.runtime.pallets.drand.calls import (
    set_beacon_config,
    set_oldest_stored_round,
    validate_unsigned,
    write_pulse,
)
from pysubtensor.runtime.pallets.drand.declared import (
    BeaconConfig,
    BeaconConfigChanged,
    Ed25519Signer,
    Error,
    LastStoredRound,
    NewPulse,
    NextUnsignedAt,
    OldestStoredRound,
    Pulse,
    Pulses,
    PulsesPayload,
    SetOldestStoredRound,
)
from pysubtensor.runtime.pallets.drand.pulses import MAX_KEPT_PULSES, prune_old_pulses, random_at, round_message
from pysubtensor.runtime.pallets.system import ExtrinsicSuccess
from pysubtensor.runtime.validation import validate_transaction

from tests.costs import own_info
from tests.world import ALICE, BOB_KEY, EVE_KEY, Blocks, Dispatch, Events, RefusedCall

from .drand import BEACON, ROUND_1000, ROUND_2000, config, pulses, signed, write

BLOCK = 100_000_000
U64_MAX = 2**64 - 1
#: A pulse that says nothing.
EMPTY = Pulse(0, b"", b"")
#: A signature of another beacon, which is not a point of the curve.
OTHER_SIGNATURE = bytes.fromhex(
    "b0a8b04e009cf72534321aca0f50048da596a3feec1172a0244d9a4a623a3123d0402da79854d4c705e94bc73224c341"
)
#: A beacon whose key is known, for rounds that quicknet's vectors do not have.
SECRET = 1234567
OWN_BEACON = replace(BEACON, public_key=bls.public_of_secret(SECRET))


def own_pulse(number: int) -> Pulse:
    """Return a pulse of our own beacon."""
    return Pulse(number, bytes(32), bls.sign(SECRET, round_message(number)))


def refusal(ctx: Context, call: Call) -> InvalidTransaction:
    """Return why an extrinsic without signature is refused with this call."""
    with pytest.raises(Refused) as refused:
        validate_unsigned(ctx, TransactionSource.External, call)
    assert isinstance(refused.value.reason, InvalidTransaction)
    return refused.value.reason


# --- pulses --------------------------------------------------------------------------------------------------


def test_a_valid_pulse_is_stored(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    ctx.block.number = BLOCK
    dispatch(ROOT_ORIGIN, set_beacon_config.call(config(BLOCK), None))
    assert (events(), NextUnsignedAt.get(ctx)) == ([BeaconConfigChanged()], BLOCK + 1)
    dispatch(NONE, write_pulse.call(pulses(ROUND_1000, block=BLOCK), None))
    assert Pulses.get(ctx, 1000) == ROUND_1000
    assert (LastStoredRound.get(ctx), OldestStoredRound.get(ctx), NextUnsignedAt.get(ctx)) == (1000, 1000, BLOCK)
    assert events() == [NewPulse([1000])]


def test_the_beacon_is_quicknet_until_root_sets_another(ctx: Context, dispatch: Dispatch) -> None:
    assert BeaconConfig.get(ctx) == BEACON
    dispatch(NONE, write_pulse.call(pulses(ROUND_1000, ROUND_2000), None))
    assert [Pulses.get(ctx, 1000), Pulses.get(ctx, 2000)] == [ROUND_1000, ROUND_2000]
    assert (LastStoredRound.get(ctx), OldestStoredRound.get(ctx)) == (2000, 1000)


@pytest.mark.parametrize(
    "signature", [OTHER_SIGNATURE, b"", b"garbage", ROUND_1000.signature[:47], bytes(48), b"\x80" + bytes(47)]
)
def test_a_pulse_with_garbage_for_a_signature_fails_and_changes_nothing(
    ctx: Context, refused: RefusedCall, signature: bytes
) -> None:
    ctx.block.number = BLOCK
    wrong = replace(ROUND_1000, signature=signature)
    refused(NONE, write(wrong, block=BLOCK), Error.PulseVerificationError)
    refused(
        NONE, write(ROUND_1000, replace(ROUND_2000, signature=signature), block=BLOCK), Error.PulseVerificationError
    )
    assert Pulses.get(ctx, 1000) is None


@pytest.mark.parametrize(
    "wrong", [replace(ROUND_1000, round=1001), replace(ROUND_1000, signature=ROUND_2000.signature)]
)
def test_a_pulse_with_the_signature_of_another_round_is_not_stored(
    ctx: Context, dispatch: Dispatch, events: Events, wrong: Pulse
) -> None:
    """The call succeeds, as on the chain, and leaves such pulses out."""
    dispatch(NONE, write(wrong))
    assert events() == []
    assert not list(Pulses.items(ctx))
    assert (LastStoredRound.get(ctx), OldestStoredRound.get(ctx)) == (0, 0)
    dispatch(NONE, write(wrong, ROUND_2000))
    assert events() == [NewPulse([2000])]
    assert OldestStoredRound.get(ctx) == 2000


def test_round_numbers_have_to_increase(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(NONE, write(ROUND_1000))
    ctx.block.number = 2
    refused(NONE, write(ROUND_1000), Error.InvalidRoundNumber)
    refused(NONE, write(ROUND_2000, ROUND_2000), Error.InvalidRoundNumber)
    dispatch(NONE, write(ROUND_2000))
    refused(NONE, write(ROUND_1000), Error.InvalidRoundNumber)


def test_rounds_may_be_missed(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(NONE, write(ROUND_1000))
    dispatch(NONE, write(ROUND_2000))
    assert [number for number in (1000, 1001, 1999, 2000) if Pulses.contains(ctx, number)] == [1000, 2000]
    assert (OldestStoredRound.get(ctx), LastStoredRound.get(ctx)) == (1000, 2000)


def test_the_randomness_is_not_verified(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(NONE, write(replace(ROUND_1000, randomness=b"")))
    dispatch(NONE, write(ROUND_2000))
    assert [random_at(ctx, number) for number in (1000, 1500)] == [bytes(32)] * 2
    assert random_at(ctx, 2000).hex() == "e966293dee0664555add6ae4beacf630b65c61eba85af2b63021ab8da20975a9"


def test_bytes_after_a_signature_are_stored_and_ignored(ctx: Context, dispatch: Dispatch) -> None:
    longer = replace(ROUND_1000, signature=ROUND_1000.signature + b"\0")
    dispatch(NONE, write(longer))
    assert Pulses.get(ctx, 1000) == longer


@pytest.mark.parametrize("origin", [ALICE, ROOT_ORIGIN])
def test_pulses_are_written_without_a_signer(refused: RefusedCall, origin: bytes) -> None:
    refused(origin, write(ROUND_1000), BadOrigin())


# --- the beacon ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [ALICE, NONE])
def test_only_root_sets_the_beacon_and_the_oldest_round(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events, origin: bytes
) -> None:
    ctx.block.number = BLOCK
    refused(origin, set_beacon_config.call(config(BLOCK, OWN_BEACON), None), BadOrigin())
    refused(origin, set_oldest_stored_round.call(5), BadOrigin())
    dispatch(ROOT_ORIGIN, set_beacon_config.call(config(BLOCK, OWN_BEACON), None))
    dispatch(ROOT_ORIGIN, set_oldest_stored_round.call(5))
    assert (BeaconConfig.get(ctx), OldestStoredRound.get(ctx)) == (OWN_BEACON, 5)
    assert events() == [BeaconConfigChanged(), SetOldestStoredRound(5)]


def test_a_pulse_belongs_to_the_beacon_that_is_set(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ROOT_ORIGIN, set_beacon_config.call(config(beacon=OWN_BEACON), None))
    dispatch(NONE, write(ROUND_1000, own_pulse(1001)))
    assert [number for number in (1000, 1001) if Pulses.contains(ctx, number)] == [1001]
    dispatch(ROOT_ORIGIN, set_beacon_config.call(config(beacon=replace(BEACON, public_key=b"no key")), None))
    refused(NONE, write(ROUND_2000), Error.PulseVerificationError)
    dispatch(NONE, write())


def test_calls_weigh_as_on_the_chain() -> None:
    assert own_info(write(ROUND_1000)).call_weight == weight_of(4_294_000_000, 0, 3, 4)
    assert own_info(set_beacon_config.call(config(), None)).call_weight == weight_of(8_766_000, 0, 0, 2)
    assert own_info(set_oldest_stored_round.call(1)).call_weight == weight_of(5_370_000, 0, 0, 1)


# --- pruning -------------------------------------------------------------------------------------------------


def test_pulses_older_than_a_week_are_removed(ctx: Context) -> None:
    last, middle = MAX_KEPT_PULSES + 2, MAX_KEPT_PULSES // 2
    OldestStoredRound.put(ctx, 1)
    for number in (1, 2, 3, middle, last):
        Pulses.put(ctx, number, EMPTY)
    prune_old_pulses(ctx, last)
    assert OldestStoredRound.get(ctx) == 3
    assert [number for number in (1, 2, 3, middle, last) if Pulses.contains(ctx, number)] == [3, middle, last]


def test_a_call_removes_100_pulses_at_most(ctx: Context) -> None:
    last = 1 + MAX_KEPT_PULSES + 250
    OldestStoredRound.put(ctx, 1)
    for number in [*range(1, 152), last]:
        Pulses.put(ctx, number, EMPTY)
    prune_old_pulses(ctx, last)
    assert OldestStoredRound.get(ctx) == 101
    assert sorted(number for number, _ in Pulses.items(ctx)) == [*range(101, 152), last]


@pytest.mark.parametrize(("oldest", "last"), [(1, MAX_KEPT_PULSES), (U64_MAX, 1), (1, 0), (0, U64_MAX)])
def test_nothing_is_removed_before_that(ctx: Context, oldest: int, last: int) -> None:
    OldestStoredRound.put(ctx, oldest)
    Pulses.put(ctx, oldest, EMPTY)
    prune_old_pulses(ctx, last)
    assert (OldestStoredRound.get(ctx), Pulses.contains(ctx, oldest)) == (oldest, True)


def test_a_new_pulse_removes_old_ones(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ROOT_ORIGIN, set_beacon_config.call(config(beacon=OWN_BEACON), None))
    dispatch(NONE, write(own_pulse(1), own_pulse(2)))
    dispatch(NONE, write(own_pulse(1 + MAX_KEPT_PULSES)))
    assert [number for number in (1, 2) if Pulses.contains(ctx, number)] == [2]
    assert OldestStoredRound.get(ctx) == 2


# --- extrinsics without a signature --------------------------------------------------------------------------


def test_a_signed_pulse_is_accepted_with_its_tag(ctx: Context) -> None:
    """The signature of the beacon is not verified then."""
    ctx.block.number = BLOCK
    pulse = Pulse(1, bytes(32), b"\1" * 96)
    tag = b"\x4cDrandOffchainWorker" + blake2b(b"drand\1" + bytes(7), digest_size=32).digest()
    valid = validate_unsigned(ctx, TransactionSource.External, write(pulse, block=BLOCK))
    assert valid == ValidTransaction(U64_MAX, [], [tag], 3, False)


def test_lower_rounds_come_first(ctx: Context) -> None:
    found = [
        validate_unsigned(ctx, TransactionSource.External, write(replace(EMPTY, round=number))).priority
        for number in (1, 1 << 20, (1 << 20) + 1, 1 << 40, U64_MAX)
    ]
    assert found == [U64_MAX, U64_MAX, U64_MAX - 1, U64_MAX + (1 << 20) - (1 << 40), 1 << 20]


def test_a_pulse_needs_a_signature_of_its_payload(ctx: Context) -> None:
    ctx.block.number = BLOCK
    payload = pulses(ROUND_1000, block=BLOCK)
    assert refusal(ctx, write_pulse.call(payload, None)) == BadSigner()
    for wrong in (Sr25519(bytes(64)), signed(pulses(ROUND_2000, block=BLOCK)), signed(payload, BOB_KEY)):
        assert refusal(ctx, write_pulse.call(payload, wrong)) == BadProof()
    assert refusal(ctx, write_pulse.call(payload, Ed25519(signed(payload).signature))) == BadProof()
    other_scheme = PulsesPayload(BLOCK, [ROUND_1000], Ed25519Signer(EVE_KEY.public))
    assert refusal(ctx, write_pulse.call(other_scheme, signed(other_scheme, EVE_KEY))) == BadProof()


def test_any_key_may_send_a_pulse(ctx: Context) -> None:
    assert validate_unsigned(ctx, TransactionSource.Local, write(ROUND_1000, key=EVE_KEY)).longevity == 3


def test_a_payload_of_a_later_block_is_for_the_future(ctx: Context) -> None:
    ctx.block.number = BLOCK
    assert refusal(ctx, write(ROUND_1000, block=BLOCK + 100)) == Future()
    assert refusal(ctx, write(block=BLOCK + 1)) == Future()


def test_an_extrinsic_has_one_pulse(ctx: Context) -> None:
    assert refusal(ctx, write()) == UnexpectedCall()
    assert refusal(ctx, write(ROUND_1000, ROUND_2000)) == UnexpectedCall()


def test_a_round_that_is_not_new_is_stale(ctx: Context) -> None:
    LastStoredRound.put(ctx, 1000)
    assert refusal(ctx, write(ROUND_1000)) == Stale()
    assert validate_unsigned(ctx, TransactionSource.External, write(ROUND_2000)).requires == []


def test_a_pulse_waits_for_the_block_after_another_beacon(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ROOT_ORIGIN, set_beacon_config.call(config(), None))
    assert refusal(ctx, write(ROUND_1000)) == Stale()
    ctx.block.number = 2
    assert validate_unsigned(ctx, TransactionSource.External, write(ROUND_1000)).longevity == 3


def test_another_beacon_enters_the_pool_without_effect(ctx: Context, blocks: Blocks) -> None:
    """As on the chain: its call needs root, whom no extrinsic without signature has."""
    payload = config()
    call = set_beacon_config.call(payload, signed(payload))
    valid = validate_unsigned(ctx, TransactionSource.External, call)
    tag = b"\x4cDrandOffchainWorker" + blake2b(bytes(4) + b"\x84\1" + ALICE, digest_size=32).digest()
    assert valid == ValidTransaction(1 << 20, [], [tag], 1, True)
    assert refusal(ctx, set_beacon_config.call(payload, None)) == BadSigner()
    NextUnsignedAt.put(ctx, 2)
    assert refusal(ctx, call) == Stale()
    blocks.begin()
    assert blocks.apply(ExtrinsicCodec.bare(call)) == BadOrigin()


def test_no_other_call_is_accepted(ctx: Context) -> None:
    assert refusal(ctx, set_oldest_stored_round.call(1)) == UnexpectedCall()


def test_a_pulse_in_a_block_pays_no_fee_and_needs_no_account(blocks: Blocks) -> None:
    ctx = blocks.begin()
    raw = ExtrinsicCodec.bare(write(ROUND_1000))
    assert validate_transaction(ctx, blocks.runtime.decode(raw)).longevity == 3
    assert blocks.apply(raw) is None
    assert isinstance(ctx.block.events[-1], ExtrinsicSuccess)
    assert ctx.block.events[-2] == NewPulse([1000])
    with pytest.raises(Refused) as refused:
        blocks.apply(raw)
    assert refused.value.reason == Stale()
    blocks.end()
