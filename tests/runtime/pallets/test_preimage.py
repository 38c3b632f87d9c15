"""Preimage: deposits for stored bytes, requests, and removal."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto import blake2_256
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed, TokenError, Unavailable
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.frame.weight import Pays, PostInfo
from pysubtensor.runtime.invariants import check
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.declared import Unreserved
from pysubtensor.runtime.pallets.balances.holds import balance_on_hold
from pysubtensor.runtime.pallets.balances.reserves import reserve
from pysubtensor.runtime.pallets.preimage import (
    Cleared,
    Error,
    HoldReason,
    Noted,
    OldRequested,
    OldUnrequested,
    PreimageFor,
    Requested,
    RequestedStatus,
    RequestStatusFor,
    StatusFor,
    UnrequestedStatus,
    ensure_updated,
    fetch,
    note_preimage,
    request_preimage,
    unnote_preimage,
    unrequest_preimage,
)
from pysubtensor.runtime.scale import Sum

from tests.world import ALICE, BOB, FUNDS, Dispatch, Events, RefusedCall

DATA = b"some bytes"
HASH = blake2_256(DATA)
#: Two items at 0.02 TAO, 64 and 10 bytes at 0.001 TAO.
DEPOSIT = 2 * 20_000_000 + 74 * 1_000_000


def on_hold(ctx: Context, who: bytes) -> int:
    return balance_on_hold(ctx, HoldReason.Preimage, who)


def test_noting_bytes_needs_a_deposit_by_their_length(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    assert dispatch(ALICE, note_preimage.call(DATA)) == PostInfo(None, Pays.Yes)
    assert events() == [Noted(HASH)]
    assert RequestStatusFor.get(ctx, HASH) == UnrequestedStatus((ALICE, DEPOSIT), 10)
    data = account_data(ctx, ALICE)
    assert (data.free, data.reserved, on_hold(ctx, ALICE)) == (FUNDS - DEPOSIT, DEPOSIT, DEPOSIT)
    assert fetch(ctx, HASH) == DATA
    check(ctx)


def test_unnoting_returns_the_deposit_and_removes_the_bytes(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, note_preimage.call(DATA))
    events()
    dispatch(ALICE, unnote_preimage.call(HASH))
    assert events() == [Cleared(HASH)]
    assert account_data(ctx, ALICE).free == FUNDS
    assert not RequestStatusFor.contains(ctx, HASH)
    assert not PreimageFor.contains(ctx, (HASH, 10))
    check(ctx)


def test_preimages_noted_by_the_manager_are_requested_and_free(
    ctx: Context, dispatch: Dispatch, events: Events
) -> None:
    assert dispatch(ROOT_ORIGIN, note_preimage.call(DATA)) == PostInfo(None, Pays.No)
    assert RequestStatusFor.get(ctx, HASH) == RequestedStatus(None, 1, 10)
    dispatch(ROOT_ORIGIN, unnote_preimage.call(HASH))
    assert events() == [Noted(HASH), Cleared(HASH)]
    assert not RequestStatusFor.contains(ctx, HASH)


def test_requests_are_counted_and_the_last_unrequest_removes_the_bytes(
    ctx: Context, dispatch: Dispatch, events: Events
) -> None:
    dispatch(ROOT_ORIGIN, request_preimage.call(HASH))
    dispatch(ROOT_ORIGIN, request_preimage.call(HASH))
    assert events() == [Requested(HASH)]
    assert dispatch(BOB, note_preimage.call(DATA)) == PostInfo(None, Pays.No)
    assert account_data(ctx, BOB).free == FUNDS
    dispatch(ROOT_ORIGIN, unrequest_preimage.call(HASH))
    assert RequestStatusFor.get(ctx, HASH) == RequestedStatus(None, 1, 10)
    dispatch(ROOT_ORIGIN, unrequest_preimage.call(HASH))
    assert events() == [Noted(HASH), Cleared(HASH)]
    assert not RequestStatusFor.contains(ctx, HASH)


def test_a_request_without_bytes_can_be_unrequested(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, request_preimage.call(HASH))
    dispatch(ROOT_ORIGIN, unrequest_preimage.call(HASH))
    assert events() == [Requested(HASH)]
    assert not RequestStatusFor.contains(ctx, HASH)


def test_requested_bytes_stay_when_their_owner_unnotes_them(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, note_preimage.call(DATA))
    dispatch(ROOT_ORIGIN, request_preimage.call(HASH))
    assert RequestStatusFor.get(ctx, HASH) == RequestedStatus((ALICE, DEPOSIT), 1, 10)
    dispatch(ALICE, unnote_preimage.call(HASH))
    assert on_hold(ctx, ALICE) == 0
    assert RequestStatusFor.get(ctx, HASH) == RequestedStatus(None, 1, 10)
    assert fetch(ctx, HASH) == DATA
    check(ctx)


def test_bytes_with_an_owner_outlive_their_last_request(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, note_preimage.call(DATA))
    dispatch(ROOT_ORIGIN, request_preimage.call(HASH))
    dispatch(ROOT_ORIGIN, unrequest_preimage.call(HASH))
    assert RequestStatusFor.get(ctx, HASH) == UnrequestedStatus((ALICE, DEPOSIT), 10)


def test_the_manager_takes_over_a_noted_preimage(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, note_preimage.call(DATA))
    dispatch(ROOT_ORIGIN, note_preimage.call(DATA))
    assert RequestStatusFor.get(ctx, HASH) == RequestedStatus((ALICE, DEPOSIT), 1, 10)


@pytest.mark.parametrize("new", [OldUnrequested((ALICE, 1000), 10), OldRequested((ALICE, 1000), 3, 10)])
def test_a_former_reserve_becomes_a_hold_free_of_charge(
    ctx: Context, dispatch: Dispatch, events: Events, new: Sum
) -> None:
    reserve(ctx, ALICE, 1000)
    StatusFor.put(ctx, HASH, new)
    events()
    assert dispatch(BOB, ensure_updated.call([HASH])) == PostInfo(None, Pays.No)
    assert events() == [Unreserved(ALICE, 1000)]
    assert not StatusFor.contains(ctx, HASH)
    owner = (ALICE, DEPOSIT)
    updated = UnrequestedStatus(owner, 10) if isinstance(new, OldUnrequested) else RequestedStatus(owner, 3, 10)
    assert RequestStatusFor.get(ctx, HASH) == updated
    check(ctx)


def test_updating_is_free_only_if_nine_of_ten_needed_it(ctx: Context, dispatch: Dispatch) -> None:
    hashes = [bytes((index,)) * 32 for index in range(10)]

    def update(old: int) -> Pays:
        for hash_ in hashes[:old]:
            StatusFor.put(ctx, hash_, OldRequested(None, 1, None))
        post: PostInfo = dispatch(BOB, ensure_updated.call(hashes))
        return post.pays_fee

    assert (update(8), update(9), update(0)) == (Pays.Yes, Pays.No, Pays.Yes)


def test_bytes_that_are_not_there_are_unavailable(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ROOT_ORIGIN, request_preimage.call(HASH))
    for length in (None, 10):
        with pytest.raises(DispatchFailed) as failure:
            fetch(ctx, HASH, length)
        assert failure.value.error == Unavailable()


def test_misuse_is_refused(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(NONE, note_preimage.call(DATA), BadOrigin())
    refused(ALICE, note_preimage.call(bytes(4 * 1024 * 1024 + 1)), Error.TooBig)
    refused(ALICE, note_preimage.call(bytes(1_000_000)), TokenError.FundsUnavailable)
    refused(ALICE, request_preimage.call(HASH), BadOrigin())
    refused(ALICE, unrequest_preimage.call(HASH), BadOrigin())
    refused(ROOT_ORIGIN, unrequest_preimage.call(HASH), Error.NotRequested)
    refused(ALICE, unnote_preimage.call(HASH), Error.NotNoted)
    refused(ROOT_ORIGIN, ensure_updated.call([HASH]), BadOrigin())
    refused(ALICE, ensure_updated.call([]), Error.TooFew)
    refused(ALICE, ensure_updated.call([HASH] * 1025), Error.TooMany)
    dispatch(ALICE, note_preimage.call(DATA))
    refused(BOB, note_preimage.call(DATA), Error.AlreadyNoted)
    refused(BOB, unnote_preimage.call(HASH), Error.NotAuthorized)
    refused(ROOT_ORIGIN, unrequest_preimage.call(HASH), Error.NotRequested)
    dispatch(ROOT_ORIGIN, note_preimage.call(DATA))
    refused(BOB, unnote_preimage.call(HASH), Error.NotAuthorized)
    dispatch(ALICE, unnote_preimage.call(HASH))
    refused(ALICE, unnote_preimage.call(HASH), Error.NotAuthorized)
