"""Sudo: only the key calls as root or as another account, free of charge."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, CannotLookup, TokenError, as_dispatch_error
from pysubtensor.runtime.frame.extrinsic import Id, Index
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.frame.weight import DispatchClass, Pays, PostInfo, Weight, weight_of
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.balances.declared import Transfer
from pysubtensor.runtime.pallets.sudo import (
    Error,
    Key,
    KeyChanged,
    KeyRemoved,
    Sudid,
    SudoAsDone,
    remove_key,
    set_key,
    sudo,
    sudo_as,
    sudo_unchecked_weight,
)
from pysubtensor.runtime.pallets.utility import BatchCompleted, ItemCompleted, batch
from pysubtensor.runtime.scale import Err, Ok

from tests.costs import RUNTIME, own_info
from tests.world import ALICE, BOB, Dispatch, Events, RefusedCall

ROOT_ONLY = system.set_storage.call([(b"key", b"value")])
PAY = transfer_keep_alive.call(Id(ALICE), 5)
FREE = PostInfo(None, Pays.No)

CALLS = [
    sudo.call(ROOT_ONLY),
    sudo_unchecked_weight.call(ROOT_ONLY, Weight(1)),
    set_key.call(Id(BOB)),
    sudo_as.call(Id(ALICE), PAY),
    remove_key.call(),
]


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_only_the_key_may_call(refused: RefusedCall, call: Call) -> None:
    refused(BOB, call, Error.RequireSudo)
    refused(NONE, call, BadOrigin())


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_the_key_and_root_call_free_of_charge(dispatch: Dispatch, call: Call) -> None:
    assert dispatch(ROOT_ORIGIN, sudo.call(ROOT_ONLY)) == FREE
    assert dispatch(ALICE, call) == FREE


def test_sudo_calls_as_root(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, sudo.call(ROOT_ONLY))
    assert ctx.state.get(b"key") == b"value"
    dispatch(ALICE, sudo.call(PAY))
    dispatch(ALICE, sudo_unchecked_weight.call(ROOT_ONLY, Weight(1)))
    assert events() == [Sudid(Ok(None)), Sudid(Err(BadOrigin())), Sudid(Ok(None))]


def test_sudo_passes_the_call_filter(dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, sudo.call(batch.call([batch.call([])])))
    assert events() == [BatchCompleted(), ItemCompleted(), BatchCompleted(), Sudid(Ok(None))]


def test_sudo_as_calls_as_another_account(dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, sudo_as.call(Id(BOB), PAY))
    assert events() == [Transfer(BOB, ALICE, 5), SudoAsDone(Ok(None))]
    dispatch(ALICE, sudo_as.call(Id(bytes(32)), PAY))
    dispatch(ALICE, sudo_as.call(Id(BOB), ROOT_ONLY))
    broke = as_dispatch_error(TokenError.FundsUnavailable)
    assert events() == [SudoAsDone(Err(broke)), SudoAsDone(Err(BadOrigin()))]


def test_the_key_can_be_changed(ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events) -> None:
    dispatch(ALICE, set_key.call(Id(BOB)))
    assert events() == [KeyChanged(ALICE, BOB)]
    refused(ALICE, set_key.call(Id(ALICE)), Error.RequireSudo)
    dispatch(BOB, remove_key.call())
    assert events() == [KeyRemoved()]
    assert Key.get(ctx) is None
    refused(BOB, sudo.call(ROOT_ONLY), Error.RequireSudo)
    dispatch(ROOT_ORIGIN, set_key.call(Id(ALICE)))
    assert events() == [KeyChanged(None, ALICE)]


@pytest.mark.parametrize("call", [set_key.call(Index(None)), sudo_as.call(Index(None), PAY)], ids=str)
def test_accounts_are_named_by_their_id(refused: RefusedCall, call: Call) -> None:
    refused(ALICE, call, CannotLookup())


def test_weights_and_classes_follow_the_inner_call() -> None:
    inner = RUNTIME.info(ROOT_ONLY)
    assert inner.class_ is DispatchClass.Operational
    for call, own in (
        (sudo.call(ROOT_ONLY), weight_of(7_939_000, 1517, reads=1)),
        (sudo_as.call(Id(BOB), ROOT_ONLY), weight_of(7_870_000, 1517, reads=1)),
    ):
        info = own_info(call)
        assert info.call_weight == own + inner.call_weight
        assert info.class_ is DispatchClass.Operational
        assert info.pays_fee is Pays.Yes
    info = own_info(sudo_unchecked_weight.call(ROOT_ONLY, Weight(3, 4)))
    assert (info.call_weight, info.class_) == (Weight(3, 4), DispatchClass.Operational)
    assert own_info(sudo.call(PAY)).class_ is DispatchClass.Normal
    assert own_info(set_key.call(Id(BOB))).call_weight == Weight(7_237_000 + 125_000_000, 1517)
    assert own_info(remove_key.call()).call_weight == Weight(6_417_000 + 125_000_000, 1517)
