"""Proxy: delegates, delays, announcements and deposits."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import blake2_256, pure_proxy_account
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, CannotLookup
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.frame.extrinsic import Id, Index
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, signed
from pysubtensor.runtime.frame.weight import DispatchClass, Pays, PostInfo, weight_of
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import transfer_all, transfer_keep_alive
from pysubtensor.runtime.pallets.balances.declared import Error as BalancesError
from pysubtensor.runtime.pallets.balances.declared import Reserved, Transfer, Unreserved
from pysubtensor.runtime.pallets.proxy.calls import (
    add_proxy,
    announce,
    create_pure,
    find_proxy,
    kill_pure,
    poke_deposit,
    proxy,
    proxy_announced,
    reject_announcement,
    remove_announcement,
    remove_proxies,
    remove_proxy,
    set_real_pays_fee,
)
from pysubtensor.runtime.pallets.proxy.declared import (
    Announced,
    Announcement,
    AnnouncementDepositBase,
    Announcements,
    DepositKind,
    DepositPoked,
    Error,
    LastCallResult,
    Proxies,
    ProxyAdded,
    ProxyDefinition,
    ProxyDepositBase,
    ProxyExecuted,
    ProxyRemoved,
    PureCreated,
    PureKilled,
    RealPaysFee,
)
from pysubtensor.runtime.pallets.proxy.entries import clear_results
from pysubtensor.runtime.pallets.proxy.proxy_type import ProxyType
from pysubtensor.runtime.pallets.utility import BatchInterrupted, ItemCompleted, as_derivative, batch, batch_all
from pysubtensor.runtime.scale import Err, Ok

from tests.costs import own_info, weight
from tests.world import ALICE, BOB, CHARLIE, DAVE, FUNDS, Dispatch, Events, RefusedCall

#: In rao: for having proxies 60,000,000 and 33,000,000 for each; for announcements 36,000,000 and 68,000,000.
ONE, TWO, PENDING_ONE, PENDING_TWO = 93_000_000, 126_000_000, 104_000_000, 172_000_000
FILTERED = Err(system.Error.CallFiltered.as_dispatch_error())
REMARK = system.remark.call(b"hello")
PAY = transfer_keep_alive.call(Id(DAVE), 5)
HASH = blake2_256(PAY.encode())


def appoint(delegate: bytes, proxy_type: ProxyType = ProxyType.Any, delay: int = 0) -> Call:
    return add_proxy.call(Id(delegate), proxy_type, delay)


def for_(real: bytes, call: Call, proxy_type: ProxyType | None = None) -> Call:
    return proxy.call(Id(real), proxy_type, call)


def announced(call: Call = PAY, proxy_type: ProxyType | None = None) -> Call:
    """Execute the call that Bob announced for Alice."""
    return proxy_announced.call(Id(BOB), Id(ALICE), proxy_type, call)


def reserved(ctx: Context, who: bytes) -> int:
    return account_data(ctx, who).reserved


# --- appointing and dismissing -------------------------------------------------------------------------------


def test_proxies_cost_a_deposit_that_is_returned(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, appoint(BOB, ProxyType.Transfer))
    dispatch(ALICE, appoint(BOB, ProxyType.Any, 3))
    assert events() == [
        Reserved(ALICE, ONE),
        ProxyAdded(ALICE, BOB, ProxyType.Transfer, 0),
        Reserved(ALICE, TWO - ONE),
        ProxyAdded(ALICE, BOB, ProxyType.Any, 3),
    ]
    entries = [ProxyDefinition(BOB, ProxyType.Any, 3), ProxyDefinition(BOB, ProxyType.Transfer, 0)]
    assert Proxies.get(ctx, ALICE) == (entries, TWO)
    dispatch(ALICE, remove_proxy.call(Id(BOB), ProxyType.Any, 3))
    dispatch(ALICE, remove_proxy.call(Id(BOB), ProxyType.Transfer, 0))
    assert events() == [
        Unreserved(ALICE, TWO - ONE),
        ProxyRemoved(ALICE, BOB, ProxyType.Any, 3),
        Unreserved(ALICE, ONE),
        ProxyRemoved(ALICE, BOB, ProxyType.Transfer, 0),
    ]
    assert not Proxies.contains(ctx, ALICE)
    assert account_data(ctx, ALICE).free == FUNDS


def test_entries_are_sorted_by_delegate_type_and_delay(ctx: Context, dispatch: Dispatch) -> None:
    wanted = [
        (who, kind, delay) for who in (BOB, CHARLIE) for kind in (ProxyType.Owner, ProxyType.Any) for delay in (9, 1)
    ]
    for who, kind, delay in wanted:
        dispatch(ALICE, appoint(who, kind, delay))
    found = [(entry.delegate, entry.proxy_type, entry.delay) for entry in Proxies.get(ctx, ALICE)[0]]
    assert found == sorted(wanted, key=lambda entry: (entry[0], entry[1].value, entry[2]))


def test_adding_a_proxy_has_limits(dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, appoint(ALICE), Error.NoSelfProxy)
    for delay in range(20):
        dispatch(ALICE, appoint(BOB, delay=delay))
    refused(ALICE, appoint(BOB, delay=7), Error.Duplicate)
    refused(ALICE, appoint(BOB, delay=20), Error.TooMany)


def test_the_deposit_must_be_available(dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, transfer_keep_alive.call(Id(DAVE), FUNDS - ONE + 1))
    refused(ALICE, appoint(BOB), BalancesError.InsufficientBalance)
    refused(ALICE, create_pure.call(ProxyType.Any, 0, 0), BalancesError.InsufficientBalance)


def test_removing_a_proxy_must_match_the_whole_entry(dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, remove_proxy.call(Id(BOB), ProxyType.Any, 0), Error.NotFound)
    dispatch(ALICE, appoint(BOB))
    refused(ALICE, remove_proxy.call(Id(CHARLIE), ProxyType.Any, 0), Error.NotFound)
    refused(ALICE, remove_proxy.call(Id(BOB), ProxyType.Owner, 0), Error.NotFound)
    refused(ALICE, remove_proxy.call(Id(BOB), ProxyType.Any, 1), Error.NotFound)


def test_all_proxies_can_be_removed_at_once(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    dispatch(ALICE, appoint(BOB))
    dispatch(ALICE, appoint(CHARLIE))
    dispatch(ALICE, set_real_pays_fee.call(Id(BOB), True))
    events()
    dispatch(ALICE, remove_proxies.call())
    assert events() == [Unreserved(ALICE, TWO)]
    assert not RealPaysFee.contains(ctx, ALICE, BOB)
    refused(BOB, for_(ALICE, REMARK), Error.NotProxy)
    dispatch(ALICE, remove_proxies.call())
    assert events() == []


# --- acting --------------------------------------------------------------------------------------------------


def test_a_proxy_acts_for_its_account(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, appoint(BOB))
    events()
    assert dispatch(BOB, for_(ALICE, PAY)) == PostInfo()
    assert events() == [Transfer(ALICE, DAVE, 5), ProxyExecuted(Ok(None))]
    assert LastCallResult.get(ctx, ALICE) == Ok(None)
    dispatch(BOB, for_(ALICE, system.set_heap_pages.call(1)))
    assert events() == [ProxyExecuted(Err(BadOrigin()))]
    assert LastCallResult.get(ctx, ALICE) == Err(BadOrigin())
    clear_results(ctx)
    assert LastCallResult.get(ctx, ALICE) is None


def test_accounts_without_a_proxy_entry_cannot_act(dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, appoint(BOB, ProxyType.Transfer))
    refused(CHARLIE, for_(ALICE, PAY), Error.NotProxy)
    refused(ALICE, for_(ALICE, PAY), Error.NotProxy)
    refused(ALICE, for_(BOB, PAY), Error.NotProxy)
    refused(BOB, for_(ALICE, PAY, ProxyType.Any), Error.NotProxy)
    dispatch(BOB, for_(ALICE, PAY, ProxyType.Transfer))


def test_a_proxy_with_a_delay_has_to_announce(dispatch: Dispatch, refused: RefusedCall, events: Events) -> None:
    dispatch(ALICE, appoint(BOB, ProxyType.Any, 1))
    refused(BOB, for_(ALICE, PAY), Error.Unannounced)
    dispatch(ALICE, appoint(BOB, ProxyType.Transfer))
    # The first entry is used, unless a type is named.
    refused(BOB, for_(ALICE, PAY), Error.Unannounced)
    dispatch(BOB, for_(ALICE, PAY, ProxyType.Transfer))
    assert events()[-1] == ProxyExecuted(Ok(None))


def test_types_filter_calls_in_any_nesting(dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, appoint(BOB, ProxyType.NonTransfer))
    events()
    dispatch(BOB, for_(ALICE, PAY))
    assert events() == [ProxyExecuted(FILTERED)]
    dispatch(BOB, for_(ALICE, batch.call([REMARK, PAY])))
    assert events() == [ItemCompleted(), BatchInterrupted(1, FILTERED.error), ProxyExecuted(Ok(None))]
    dispatch(BOB, for_(ALICE, as_derivative.call(0, PAY)))
    assert events() == [ProxyExecuted(FILTERED)]


def test_a_proxied_call_does_not_inherit_the_filters_of_its_signer(
    ctx: Context, dispatch: Dispatch, events: Events
) -> None:
    dispatch(ALICE, appoint(BOB))
    events()
    dispatch(signed(BOB).restricted(lambda call: call.function is proxy), for_(ALICE, PAY))
    assert events()[-1] == ProxyExecuted(Ok(None))


def test_the_call_filter_of_the_chain_holds_for_proxies(dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, appoint(BOB))
    dispatch(BOB, for_(ALICE, batch.call([batch.call([])])))
    assert events()[-1] == ProxyExecuted(FILTERED)


@pytest.mark.parametrize(
    ("own", "call", "may"),
    [
        (ProxyType.Any, appoint(CHARLIE), True),
        (ProxyType.Any, remove_proxies.call(), True),
        (ProxyType.NonTransfer, appoint(CHARLIE), False),
        (ProxyType.NonTransfer, appoint(CHARLIE, ProxyType.Transfer), False),
        (ProxyType.NonTransfer, appoint(CHARLIE, ProxyType.NonTransfer), True),
        (ProxyType.NonTransfer, appoint(CHARLIE, ProxyType.Staking), True),
        (ProxyType.NonTransfer, remove_proxy.call(Id(BOB), ProxyType.Any, 0), False),
        (ProxyType.NonTransfer, remove_proxy.call(Id(BOB), ProxyType.NonTransfer, 0), True),
        (ProxyType.NonTransfer, remove_proxies.call(), False),
        (ProxyType.NonTransfer, kill_pure.call(Id(ALICE), ProxyType.Any, 0, 1, 1), False),
        (ProxyType.Transfer, appoint(CHARLIE, ProxyType.SmallTransfer), False),
    ],
)
def test_a_proxy_cannot_grant_more_rights_than_its_own(
    dispatch: Dispatch, events: Events, own: ProxyType, call: Call, may: bool
) -> None:
    dispatch(ALICE, appoint(BOB, own))
    dispatch(BOB, for_(ALICE, call))
    assert (events()[-1] == ProxyExecuted(Ok(None))) is may
    assert may or events() == []


# --- pure accounts -------------------------------------------------------------------------------------------


def test_a_pure_account_is_controlled_by_its_proxy_alone(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    dispatch(ALICE, create_pure.call(ProxyType.Any, 0, 0))
    # b"modlpy/proxy____", the spawner, block 1 and extrinsic 1, the type, the index.
    seed = b"modlpy/proxy____" + ALICE + b"\x01\0\0\0" + b"\x01\0\0\0" + b"\0" + b"\0\0"
    pure = blake2_256(seed)
    assert events() == [Reserved(ALICE, ONE), PureCreated(pure, ALICE, ProxyType.Any, 0)]
    refused(ALICE, create_pure.call(ProxyType.Any, 0, 0), Error.Duplicate)
    dispatch(ALICE, transfer_keep_alive.call(Id(pure), 10_000))
    dispatch(ALICE, for_(pure, PAY))
    assert account_data(ctx, pure).free == 9_995
    refused(ALICE, kill_pure.call(Id(ALICE), ProxyType.Any, 0, 1, 1), Error.NoPermission)
    events()
    dispatch(ALICE, for_(pure, kill_pure.call(Id(ALICE), ProxyType.Any, 0, 1, 1)))
    assert events() == [
        Unreserved(ALICE, ONE),
        PureKilled(pure, ALICE, ProxyType.Any, 0),
        ProxyExecuted(Ok(None)),
    ]
    refused(ALICE, for_(pure, PAY), Error.NotProxy)
    assert account_data(ctx, ALICE).free == FUNDS - 10_000


def test_pure_accounts_depend_on_all_their_parameters(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, batch_all.call([create_pure.call(ProxyType.Any, 0, index) for index in (0, 1)]))
    dispatch(ALICE, create_pure.call(ProxyType.Owner, 0, 0))
    dispatch(BOB, create_pure.call(ProxyType.Any, 0, 0))
    ctx.block.phase = ApplyExtrinsic(2)
    dispatch(ALICE, create_pure.call(ProxyType.Any, 0, 0))
    assert len(list(Proxies.keys(ctx))) == 5
    pure = pure_proxy_account(ALICE, 1, 2, ProxyType.Any.value, 0)
    assert find_proxy(ctx, pure, ALICE) == ProxyDefinition(ALICE, ProxyType.Any, 0)


def test_a_restricted_proxy_cannot_kill_a_pure_account(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, create_pure.call(ProxyType.NonTransfer, 0, 0))
    pure = pure_proxy_account(ALICE, 1, 1, ProxyType.NonTransfer.value, 0)
    dispatch(ALICE, for_(pure, kill_pure.call(Id(ALICE), ProxyType.NonTransfer, 0, 1, 1)))
    assert events()[-1] == ProxyExecuted(FILTERED)
    assert Proxies.contains(ctx, pure)


# --- announcements -------------------------------------------------------------------------------------------


def test_announcements_cost_a_deposit(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, appoint(BOB, ProxyType.Any, 1))
    dispatch(CHARLIE, appoint(BOB, ProxyType.Any, 1))
    events()
    dispatch(BOB, announce.call(Id(ALICE), HASH))
    dispatch(BOB, announce.call(Id(CHARLIE), bytes(32)))
    assert events() == [
        Reserved(BOB, PENDING_ONE),
        Announced(ALICE, BOB, HASH),
        Reserved(BOB, PENDING_TWO - PENDING_ONE),
        Announced(CHARLIE, BOB, bytes(32)),
    ]
    pending = [Announcement(ALICE, HASH, 1), Announcement(CHARLIE, bytes(32), 1)]
    assert Announcements.get(ctx, BOB) == (pending, PENDING_TWO)


def test_only_proxies_announce_and_no_more_than_75_times(dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(BOB, announce.call(Id(ALICE), HASH), Error.NotProxy)
    dispatch(ALICE, appoint(BOB, ProxyType.Any, 1))
    refused(BOB, announce.call(Id(CHARLIE), HASH), Error.NotProxy)
    for _ in range(75):
        dispatch(BOB, announce.call(Id(ALICE), HASH))
    refused(BOB, announce.call(Id(ALICE), HASH), Error.TooMany)
    # One execution removes all announcements of the call.
    dispatch(BOB, remove_announcement.call(Id(ALICE), HASH))
    refused(BOB, remove_announcement.call(Id(ALICE), HASH), Error.NotFound)


def test_an_announcement_needs_its_deposit(dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, appoint(BOB, ProxyType.Any, 1))
    dispatch(BOB, transfer_keep_alive.call(Id(DAVE), FUNDS - PENDING_ONE + 1))
    refused(BOB, announce.call(Id(ALICE), HASH), BalancesError.InsufficientBalance)


def test_both_sides_can_withdraw_an_announcement(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    dispatch(ALICE, appoint(BOB, ProxyType.Any, 1))
    for call_hash in (HASH, bytes(32)):
        dispatch(BOB, announce.call(Id(ALICE), call_hash))
    events()
    refused(BOB, remove_announcement.call(Id(ALICE), b"\1" * 32), Error.NotFound)
    refused(BOB, remove_announcement.call(Id(CHARLIE), HASH), Error.NotFound)
    refused(CHARLIE, reject_announcement.call(Id(BOB), HASH), Error.NotFound)
    refused(ALICE, reject_announcement.call(Id(CHARLIE), HASH), Error.NotFound)
    dispatch(BOB, remove_announcement.call(Id(ALICE), HASH))
    assert Announcements.get(ctx, BOB) == ([Announcement(ALICE, bytes(32), 1)], PENDING_ONE)
    dispatch(ALICE, reject_announcement.call(Id(BOB), bytes(32)))
    assert not Announcements.contains(ctx, BOB)
    assert events() == [Unreserved(BOB, PENDING_TWO - PENDING_ONE), Unreserved(BOB, PENDING_ONE)]


def test_an_announced_call_waits_for_its_delay(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    dispatch(ALICE, appoint(BOB, ProxyType.Any, 3))
    refused(DAVE, announced(), Error.Unannounced)
    dispatch(BOB, announce.call(Id(ALICE), HASH))
    ctx.block.number = 3
    refused(DAVE, announced(), Error.Unannounced)
    ctx.block.number = 4
    refused(DAVE, announced(REMARK), Error.Unannounced)
    refused(DAVE, announced(proxy_type=ProxyType.Transfer), Error.NotProxy)
    events()
    # Any account may execute an announced call.
    dispatch(DAVE, announced())
    assert events() == [Unreserved(BOB, PENDING_ONE), Transfer(ALICE, DAVE, 5), ProxyExecuted(Ok(None))]
    refused(DAVE, announced(), Error.Unannounced)
    assert reserved(ctx, BOB) == 0


def test_a_plain_proxied_call_keeps_announcements(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, appoint(BOB))
    dispatch(BOB, announce.call(Id(ALICE), HASH))
    dispatch(BOB, for_(ALICE, PAY))
    assert len(Announcements.get(ctx, BOB)[0]) == 1


# --- deposits under new rules --------------------------------------------------------------------------------


def test_poking_settles_both_deposits_free_of_charge(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(BOB, appoint(CHARLIE))
    dispatch(ALICE, appoint(BOB, ProxyType.Any, 1))
    dispatch(BOB, announce.call(Id(ALICE), HASH))
    assert dispatch(BOB, poke_deposit.call()) == PostInfo(None, Pays.Yes)
    events()
    ctx.runtime = spec_425({ProxyDepositBase.id: 70_000_000, AnnouncementDepositBase.id: 6_000_000})
    assert dispatch(BOB, poke_deposit.call()) == PostInfo(None, Pays.No)
    assert events() == [
        Reserved(BOB, 10_000_000),
        DepositPoked(BOB, DepositKind.Proxies, ONE, 103_000_000),
        Unreserved(BOB, 30_000_000),
        DepositPoked(BOB, DepositKind.Announcements, PENDING_ONE, 74_000_000),
    ]
    assert Proxies.get(ctx, BOB)[1] + Announcements.get(ctx, BOB)[1] == reserved(ctx, BOB)
    assert dispatch(BOB, poke_deposit.call()) == PostInfo(None, Pays.Yes)
    assert dispatch(DAVE, poke_deposit.call()) == PostInfo(None, Pays.Yes)
    assert events() == []


def test_poking_is_refused_without_deposits_to_change(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, appoint(BOB))
    dispatch(ALICE, transfer_all.call(Id(DAVE), True))
    ctx.runtime = spec_425({ProxyDepositBase.id: 70_000_000})
    refused(ALICE, poke_deposit.call(), BalancesError.InsufficientBalance)


# --- who may call --------------------------------------------------------------------------------------------

CALLS = [
    for_(ALICE, PAY),
    appoint(BOB),
    remove_proxy.call(Id(BOB), ProxyType.Any, 0),
    remove_proxies.call(),
    create_pure.call(ProxyType.Any, 0, 0),
    kill_pure.call(Id(ALICE), ProxyType.Any, 0, 1, 1),
    announce.call(Id(ALICE), HASH),
    remove_announcement.call(Id(ALICE), HASH),
    reject_announcement.call(Id(BOB), HASH),
    announced(),
    poke_deposit.call(),
    set_real_pays_fee.call(Id(BOB), True),
]


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_proxy_calls_must_be_signed(refused: RefusedCall, call: Call) -> None:
    refused(NONE, call, BadOrigin())
    refused(ROOT_ORIGIN, call, BadOrigin())


@pytest.mark.parametrize("call", [call for call in CALLS if call.args and isinstance(call.args[0], Id)], ids=str)
def test_accounts_are_named_by_their_id(refused: RefusedCall, call: Call) -> None:
    refused(ALICE, Call(call.function, (Index(None), *call.args[1:])), CannotLookup())


# --- weights -------------------------------------------------------------------------------------------------


def test_calls_assume_the_most_proxies_and_announcements() -> None:
    inner = system.set_heap_pages.call(1)
    info = own_info(for_(ALICE, inner))
    own = weight_of(28_026_265 + 20 * 53_205, 4254 + 20 * 37, reads=4, writes=2)
    assert info.call_weight == own + weight(inner)
    assert (info.class_, info.pays_fee) == (DispatchClass.Normal, Pays.Yes)
    assert own_info(for_(ALICE, batch.call([]))).pays_fee is Pays.No
    info = own_info(announced(batch.call([])))
    own = weight_of(53_234_507 + 75 * 228_831 + 20 * 54_037, 8615 + 75 * 68 + 20 * 37, reads=6, writes=4)
    assert info.call_weight == own + weight(batch.call([]))
    assert info.pays_fee is Pays.Yes
    weights = {
        "add_proxy": weight_of(25_770_804 + 20 * 80_892, 4254, 1, 1),
        "remove_proxy": weight_of(27_827_049 + 20 * 64_054, 4254, 1, 2),
        "remove_proxies": weight_of(27_407_028 + 20 * 55_808, 4254, 1, 1),
        "create_pure": weight_of(27_853_436 + 20 * 20_160, 4254, 1, 1),
        "kill_pure": weight_of(26_529_087 + 20 * 48_014, 4254, 1, 1),
        "announce": weight_of(34_286_251 + 75 * 194_092 + 20 * 53_615, 8615, 3, 2),
        "remove_announcement": weight_of(25_595_226 + 75 * 205_163 + 20 * 40_277, 8615, 2, 2),
        "reject_announcement": weight_of(26_388_332 + 75 * 199_703 + 20 * 17_846, 8615, 2, 2),
        "poke_deposit": weight_of(46_757_000, 8615, 3, 3),
        "set_real_pays_fee": weight_of(14_259_931 + 20 * 42_799, 4254, 1, 1),
    }
    assert {call.name: own_info(call).call_weight for call in CALLS if call.name in weights} == weights
