"""MevShield: the rotation of keys, shielded transactions in blocks, and the queue of encrypted calls."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import blake2_256
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.frame.era import IMMORTAL, Era
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.frame.validity import Refused, Stale
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.inherents import create_inherents, inherent_data
from pysubtensor.runtime.pallets import aura, mev_shield
from pysubtensor.runtime.pallets.mev_shield import (
    AuthorKeys,
    CurrentKey,
    EncryptedSubmitted,
    Error,
    ExtrinsicDecodeFailed,
    ExtrinsicExpired,
    ExtrinsicLifetime,
    ExtrinsicLifetimeSet,
    ExtrinsicStored,
    MaxExtrinsicWeight,
    MaxExtrinsicWeightSet,
    MaxPendingExtrinsicsLimit,
    MaxPendingExtrinsicsNumberSet,
    NextKey,
    NextKeyExpiresAt,
    NextPendingExtrinsicIndex,
    OnInitializeWeight,
    OnInitializeWeightSet,
    PendingExtrinsic,
    PendingExtrinsics,
    PendingKey,
    PendingKeyExpiresAt,
    announce_next_key,
    process_pending_extrinsics,
    set_max_extrinsic_weight,
    set_max_pending_extrinsics_number,
    set_on_initialize_weight,
    set_stored_extrinsic_lifetime,
    store_encrypted,
    submit_encrypted,
)
from pysubtensor.runtime.pallets.shared.shielded_transaction import hash_key
from pysubtensor.runtime.shielding import pending_key
from pysubtensor.runtime.validation import validate_transaction

from tests.costs import RUNTIME
from tests.world import ALICE_KEY, GENESIS_HASH, Blocks, Dispatch, Events, RefusedCall, account

AUTHORS = [account(number) for number in (1, 2, 3)]
WHO = account(9)


def key(number: int) -> bytes:
    return bytes([number]) * 1184


def at(ctx: Context, number: int, authors: list[bytes] = AUTHORS) -> Context:
    """Return the context of block `number`, in slot `number - 1`, which determines the author."""
    aura.Authorities.put(ctx, authors)
    ctx.block.number, ctx.block.digest = number, [aura_pre_runtime(number - 1)]
    return ctx.with_origin(NONE)


def keys(ctx: Context) -> tuple[bytes | None, ...]:
    return CurrentKey.get(ctx), PendingKey.get(ctx), NextKey.get(ctx)


# --- keys ----------------------------------------------------------------------------------------------------


def test_a_key_is_next_then_pending_then_current(ctx: Context) -> None:
    """Three authors taking turns; the numbers are those of the real pallet's test."""
    expected = {
        1: ((None, None, None), None, None),
        2: ((None, None, key(1)), None, 5),
        3: ((None, key(1), key(2)), 5, 6),
        4: ((key(1), key(2), key(3)), 6, 7),
        5: ((key(2), key(3), key(1)), 7, 8),
    }
    for number, (passed_on, pending_expires, next_expires) in expected.items():
        announced = key((number - 1) % 3 + 1)
        announce_next_key(at(ctx, number), announced)
        assert keys(ctx) == passed_on
        assert (PendingKeyExpiresAt.get(ctx), NextKeyExpiresAt.get(ctx)) == (pending_expires, next_expires)
        assert AuthorKeys.get(ctx, AUTHORS[(number - 1) % 3]) == announced
        assert pending_key(ctx) == passed_on[1]


def test_the_next_key_is_the_one_announced_before_this_block(ctx: Context) -> None:
    AuthorKeys.put(ctx, AUTHORS[0], key(7))
    announce_next_key(at(ctx, 1, AUTHORS[:1]), key(8))
    assert keys(ctx) == (None, None, key(7))
    assert AuthorKeys.get(ctx, AUTHORS[0]) == key(8)


def test_without_a_next_key_no_key_becomes_current(ctx: Context) -> None:
    for item in (CurrentKey, PendingKey):
        item.put(ctx, key(5))
    announce_next_key(at(ctx, 1), key(1))
    assert keys(ctx) == (key(5), None, None)
    announce_next_key(at(ctx, 2), key(2))
    assert keys(ctx) == (None, None, key(1))


def test_an_author_without_a_key_is_skipped(ctx: Context) -> None:
    AuthorKeys.put(ctx, AUTHORS[0], key(1))
    announce_next_key(at(ctx, 1), None)
    assert AuthorKeys.get(ctx, AUTHORS[0]) is None


def test_only_authors_announce_keys_of_the_right_length(ctx: Context, refused: RefusedCall) -> None:
    at(ctx, 1)
    refused(WHO, announce_next_key.call(key(1)), BadOrigin())
    refused(ROOT_ORIGIN, announce_next_key.call(key(1)), BadOrigin())
    refused(NONE, announce_next_key.call(key(1)[:-1]), Error.BadEncKeyLen)
    at(ctx, 1, [])
    refused(NONE, announce_next_key.call(key(1)), Error.Unreachable)
    at(ctx, 1).block.digest = []
    refused(NONE, announce_next_key.call(key(1)), Error.Unreachable)


def test_the_inherent_follows_the_timestamp_when_the_author_has_a_key(blocks: Blocks) -> None:
    ctx = blocks.begin()
    calls = [blocks.runtime.decode(each.raw).call for each in create_inherents(ctx, inherent_data(50_000, key(1)))]
    assert [str(call) for call in calls] == ["Timestamp.set", "MevShield.announce_next_key"]
    assert calls[1].args == (key(1),)
    assert all(map(blocks.runtime.is_inherent, calls))
    assert len(create_inherents(ctx, inherent_data(50_000))) == 1


# --- shielded transactions -----------------------------------------------------------------------------------


def test_a_shielded_transaction_leaves_an_event(
    ctx: Context, dispatch: Dispatch, events: Events, refused: RefusedCall
) -> None:
    dispatch(WHO, submit_encrypted.call(b"hidden"))
    assert events() == [EncryptedSubmitted(blake2_256(WHO + bytes([6 << 2]) + b"hidden"), WHO)]
    refused(ROOT_ORIGIN, submit_encrypted.call(b"hidden"), BadOrigin())


def test_a_key_is_identified_by_its_twox_hash() -> None:
    """The hash of the empty string is a known answer of xxHash64, for the seeds 0 and 1."""
    assert hash_key(b"").hex() == "99e9d85137db46ef4bbea33613baafd5"


# --- the queue -----------------------------------------------------------------------------------------------


def test_encrypted_calls_are_queued(ctx: Context, dispatch: Dispatch, events: Events, refused: RefusedCall) -> None:
    for index, call in enumerate((b"one", b"two")):
        dispatch(WHO, store_encrypted.call(call))
        assert events() == [ExtrinsicStored(index, WHO)]
        assert PendingExtrinsics.get(ctx, index) == PendingExtrinsic(WHO, call, 1)
    assert (PendingExtrinsics.count(ctx), NextPendingExtrinsicIndex.get(ctx)) == (2, 2)
    MaxPendingExtrinsicsLimit.put(ctx, 2)
    refused(WHO, store_encrypted.call(b"three"), Error.TooManyPendingExtrinsics)
    refused(ROOT_ORIGIN, store_encrypted.call(b"three"), BadOrigin())


def test_the_queue_holds_a_hundred(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    for _ in range(100):
        dispatch(WHO, store_encrypted.call(b""))
    refused(WHO, store_encrypted.call(b""), Error.TooManyPendingExtrinsics)


def test_queued_calls_are_not_decrypted(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    for _ in range(2):
        dispatch(WHO, store_encrypted.call(b"any"))
    events()
    ctx.block.number = 2
    assert process_pending_extrinsics(ctx) == Weight(50_000_000 + 2 * (25_000_000 + 200_000_000))
    assert events() == [ExtrinsicDecodeFailed(0), ExtrinsicDecodeFailed(1)]
    assert (PendingExtrinsics.count(ctx), NextPendingExtrinsicIndex.get(ctx)) == (0, 2)
    assert process_pending_extrinsics(ctx) == Weight(50_000_000)
    assert events() == []


@pytest.mark.parametrize(("age", "event"), [(3, ExtrinsicDecodeFailed(0)), (4, ExtrinsicExpired(0))])
def test_queued_calls_expire_after_their_lifetime(
    ctx: Context, dispatch: Dispatch, events: Events, age: int, event: Any
) -> None:
    dispatch(WHO, store_encrypted.call(b"any"))
    ExtrinsicLifetime.put(ctx, 3)
    ctx.block.number += age
    events()
    process_pending_extrinsics(ctx)
    assert events() == [event]


def test_a_gap_in_the_queue_costs_a_read(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    """Root may write any state; the queue continues after a missing entry."""
    for _ in range(3):
        dispatch(WHO, store_encrypted.call(b"any"))
    ctx.state.delete(PendingExtrinsics.key(1))
    events()
    assert process_pending_extrinsics(ctx) == Weight(75_000_000 + 2 * 225_000_000)
    assert events() == [ExtrinsicDecodeFailed(0), ExtrinsicDecodeFailed(2)]


# --- what root decides ---------------------------------------------------------------------------------------

HALF_A_BLOCK = 2_000_000_000_000


@pytest.mark.parametrize(
    ("call", "item", "default", "value", "event"),
    [
        (set_max_pending_extrinsics_number, MaxPendingExtrinsicsLimit, 100, 50, MaxPendingExtrinsicsNumberSet(50)),
        (set_stored_extrinsic_lifetime, ExtrinsicLifetime, 10, 20, ExtrinsicLifetimeSet(20)),
        (
            set_on_initialize_weight,
            OnInitializeWeight,
            500_000_000_000,
            HALF_A_BLOCK,
            OnInitializeWeightSet(HALF_A_BLOCK),
        ),
        (
            set_max_extrinsic_weight,
            MaxExtrinsicWeight,
            50_000_000_000,
            HALF_A_BLOCK,
            MaxExtrinsicWeightSet(HALF_A_BLOCK),
        ),
    ],
)
def test_root_sets_the_limits(
    ctx: Context,
    dispatch: Dispatch,
    events: Events,
    refused: RefusedCall,
    call: Any,
    item: Any,
    default: int,
    value: int,
    event: Any,
) -> None:
    assert item.get(ctx) == default
    refused(WHO, call.call(value), BadOrigin())
    dispatch(ROOT_ORIGIN, call.call(value))
    assert item.get(ctx) == value
    assert events() == [event]


def test_queued_calls_use_at_most_half_a_block(refused: RefusedCall) -> None:
    for call in (set_on_initialize_weight, set_max_extrinsic_weight):
        refused(ROOT_ORIGIN, call.call(HALF_A_BLOCK + 1), Error.WeightExceedsAbsoluteMax)


def test_calls_have_the_weights_of_the_chain() -> None:
    weights = [call.info((), RUNTIME.info).call_weight for _, call in sorted(mev_shield.pallet.calls.items())]
    assert weights == [
        Weight(33_661_000 + 4 * 25_000_000 + 6 * 100_000_000, 5555),
        Weight(207_223_000),
        Weight(20_000_000_000),
        Weight(104_206_000),
        Weight(104_327_000),
        Weight(104_116_000),
        Weight(104_227_000),
    ]


# --- the era of a wrapper ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("era", "longevity"), [(Era.mortal(4, 0), 3), (Era.mortal(8, 0), 7), (Era.mortal(16, 0), None), (IMMORTAL, None)]
)
def test_an_encrypted_transaction_lives_at_most_eight_blocks(blocks: Blocks, era: Era, longevity: int | None) -> None:
    """Its key expires soon. Other transactions may live longer."""
    ctx = blocks.begin()
    signer = Signer(GENESIS_HASH)
    other, wrapper = (
        blocks.runtime.decode(signer.sign(call, ALICE_KEY, nonce=0, era=era, era_hash=GENESIS_HASH))
        for call in (store_encrypted.call(bytes(42)), submit_encrypted.call(bytes(42)))
    )
    assert validate_transaction(ctx, other).longevity > 0
    if longevity is not None:
        assert validate_transaction(ctx, wrapper).longevity == longevity
        return
    with pytest.raises(Refused) as refused:
        validate_transaction(ctx, wrapper)
    assert refused.value.reason == Stale()
