"""Balances: transfers, reaping, reserves, holds and locks, and their effects on accounts and issuance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubtensor.runtime import invariants
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.errors import (
    ArithmeticFault,
    BadOrigin,
    CannotLookup,
    DispatchFailed,
    TokenError,
    TooManyConsumers,
    as_dispatch_error,
)
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.frame.extrinsic import Address20, Id, Raw
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, signed
from pysubtensor.runtime.frame.weight import Pays, PostInfo
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances import fungible
from pysubtensor.runtime.pallets.balances.accounts import account_data, mutate_account
from pysubtensor.runtime.pallets.balances.calls import (
    burn,
    force_adjust_total_issuance,
    force_set_balance,
    force_transfer,
    force_unreserve,
    transfer_all,
    transfer_allow_death,
    transfer_keep_alive,
    upgrade_accounts,
)
from pysubtensor.runtime.pallets.balances.declared import (
    AdjustmentDirection,
    BalanceLock,
    BalanceSet,
    Burned,
    Deposit,
    DustLost,
    Endowed,
    Error,
    HoldAmount,
    Holds,
    InactiveIssuance,
    Issued,
    Locks,
    Minted,
    Reasons,
    Rescinded,
    Reserved,
    TotalIssuance,
    TotalIssuanceForced,
    Transfer,
    Unreserved,
    Upgraded,
    Withdraw,
)
from pysubtensor.runtime.pallets.balances.fungible import Preservation
from pysubtensor.runtime.pallets.balances.holds import balance_on_hold, burn_held, hold, release
from pysubtensor.runtime.pallets.balances.reserves import reserve, unreserve
from pysubtensor.runtime.pallets.preimage import HoldReason as PreimageHold
from pysubtensor.runtime.pallets.safe_mode import HoldReason as SafeModeHold
from pysubtensor.runtime.pallets.shared.account_data import NEW_LOGIC, AccountData
from pysubtensor.runtime.pallets.system import Account, AccountInfo, KilledAccount, NewAccount
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from tests.costs import own_info
from tests.world import ALICE, BOB, FUNDS, U64_MAX, Dispatch, Events, RefusedCall, account

NEW = Keypair.from_uri("//New").account
EXISTENTIAL_DEPOSIT = 500
KEEP, ENTER = PreimageHold.Preimage, SafeModeHold.EnterOrExtend


def fails(error: Any, action: Any) -> None:
    """Assert that an action fails with this error."""
    with pytest.raises(DispatchFailed) as failure:
        action()
    assert failure.value.error == as_dispatch_error(error)


def set_lock(ctx: Context, who: bytes, amount: int) -> None:
    """Lock `amount` rao of an account, 0 for none. No pallet of the runtime does, but a state may have locks."""
    mutate_account(ctx, who, replace(account_data(ctx, who), frozen=amount))
    if amount:
        Locks.put(ctx, who, [BalanceLock(b"lock    ", amount, Reasons.All)])
    else:
        Locks.remove(ctx, who)


@pytest.fixture(autouse=True)
def _books(ctx: Context) -> Any:
    """Check the invariants after each test of this file."""
    yield
    invariants.check(ctx)


# --- transfers -----------------------------------------------------------------------------------------------


def test_a_transfer_may_create_an_account(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, transfer_keep_alive.call(Id(NEW), 500))
    assert events() == [NewAccount(NEW), Endowed(NEW, 500), Transfer(ALICE, NEW, 500)]
    assert Account.get(ctx, NEW) == AccountInfo(0, 0, 1, 0, AccountData(free=500))


def test_a_transfer_may_kill_the_sender_whose_dust_leaves_the_issuance(
    ctx: Context, dispatch: Dispatch, events: Events
) -> None:
    issued = TotalIssuance.get(ctx)
    dispatch(ALICE, transfer_allow_death.call(Id(BOB), FUNDS - 499))
    assert events() == [KilledAccount(ALICE), DustLost(ALICE, 499), Transfer(ALICE, BOB, FUNDS - 499)]
    assert not Account.contains(ctx, ALICE)
    assert TotalIssuance.get(ctx) == issued - 499


def test_all_but_the_existential_deposit_can_be_sent_and_the_account_kept(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(ALICE, transfer_keep_alive.call(Id(BOB), FUNDS - 499), TokenError.NotExpendable)
    dispatch(ALICE, transfer_keep_alive.call(Id(BOB), FUNDS - 500))
    assert account_data(ctx, ALICE).free == 500


def test_transfer_all_with_keep_alive_keeps_the_deposit(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, transfer_all.call(Id(BOB), True))
    dispatch(BOB, transfer_all.call(Id(NEW), False))
    total = 2 * FUNDS - 500
    assert events() == [
        Transfer(ALICE, BOB, FUNDS - 500),
        KilledAccount(BOB),
        NewAccount(NEW),
        Endowed(NEW, total),
        Transfer(BOB, NEW, total),
    ]


def test_a_transfer_to_oneself_changes_nothing(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, transfer_keep_alive.call(Id(ALICE), 5))
    assert events() == []
    assert account_data(ctx, ALICE).free == FUNDS


def test_root_transfers_funds_of_any_account(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, force_transfer.call(Id(ALICE), Id(BOB), 7))
    assert events() == [Transfer(ALICE, BOB, 7)]


def test_accounts_with_consumers_cannot_be_reaped(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    reserve(ctx, ALICE, 1000)
    refused(ALICE, transfer_allow_death.call(Id(BOB), FUNDS - 1000), TokenError.Frozen)
    refused(ALICE, transfer_allow_death.call(Id(BOB), FUNDS - 1000 - 499), TokenError.Frozen)
    dispatch(ALICE, transfer_all.call(Id(BOB), False))
    assert account_data(ctx, ALICE) == AccountData(free=500, reserved=1000)


def test_frozen_funds_cannot_be_sent_and_overlap_with_reserves(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall
) -> None:
    set_lock(ctx, ALICE, 10_000)
    refused(ALICE, transfer_keep_alive.call(Id(BOB), FUNDS - 9_999), TokenError.Frozen)
    hold(ctx, KEEP, ALICE, 4_000)
    dispatch(ALICE, transfer_keep_alive.call(Id(BOB), FUNDS - 4_000 - 6_000))
    assert account_data(ctx, ALICE) == AccountData(free=6_000, reserved=4_000, frozen=10_000)


# --- burning, setting, adjusting -----------------------------------------------------------------------------


def test_burning_lowers_the_issuance(ctx: Context, dispatch: Dispatch, events: Events, refused: RefusedCall) -> None:
    issued = TotalIssuance.get(ctx)
    dispatch(ALICE, burn.call(10**9, True))
    refused(ALICE, burn.call(FUNDS - 10**9 - 499, True), TokenError.FundsUnavailable)
    dispatch(ALICE, burn.call(FUNDS - 10**9 - 499, False))
    assert events() == [
        Burned(ALICE, 10**9),
        KilledAccount(ALICE),
        DustLost(ALICE, 499),
        Burned(ALICE, FUNDS - 10**9 - 499),
    ]
    assert TotalIssuance.get(ctx) == issued - FUNDS


def test_burn_has_the_weight_of_its_variant() -> None:
    assert own_info(burn.call(1, True)).call_weight.ref_time == 30_219_000
    assert own_info(burn.call(1, False)).call_weight.ref_time == 20_720_000


@pytest.mark.parametrize(
    ("new_free", "expected"),
    [
        (FUNDS + 5, [Issued(5), BalanceSet(ALICE, FUNDS + 5)]),
        (FUNDS - 5, [Rescinded(5), BalanceSet(ALICE, FUNDS - 5)]),
        (FUNDS, [BalanceSet(ALICE, FUNDS)]),
        (499, [KilledAccount(ALICE), Rescinded(FUNDS), BalanceSet(ALICE, 0)]),
    ],
)
def test_the_issuance_follows_a_balance_that_is_set(
    ctx: Context, dispatch: Dispatch, events: Events, new_free: int, expected: list[Any]
) -> None:
    dispatch(ROOT_ORIGIN, force_set_balance.call(Id(ALICE), new_free))
    assert events() == expected


def test_root_adjusts_the_issuance_which_saturates(
    ctx: Context, dispatch: Dispatch, events: Events, refused: RefusedCall
) -> None:
    issued = TotalIssuance.get(ctx)
    up, down = AdjustmentDirection.Increase, AdjustmentDirection.Decrease
    dispatch(ROOT_ORIGIN, force_adjust_total_issuance.call(up, U64_MAX))
    dispatch(ROOT_ORIGIN, force_adjust_total_issuance.call(down, 1))
    assert events() == [TotalIssuanceForced(issued, U64_MAX), TotalIssuanceForced(U64_MAX, U64_MAX - 1)]
    refused(ROOT_ORIGIN, force_adjust_total_issuance.call(up, 0), Error.DeltaZero)
    InactiveIssuance.put(ctx, 10)
    refused(ROOT_ORIGIN, force_adjust_total_issuance.call(down, U64_MAX - 10), Error.IssuanceDeactivated)
    TotalIssuance.put(ctx, issued)


# --- reserves and holds --------------------------------------------------------------------------------------


def test_reserves_add_a_consumer_to_the_account(ctx: Context, events: Events) -> None:
    reserve(ctx, ALICE, 1000)
    assert Account.get(ctx, ALICE) == AccountInfo(0, 1, 1, 0, AccountData(free=FUNDS - 1000, reserved=1000))
    assert unreserve(ctx, ALICE, 1500) == 500
    assert Account.get(ctx, ALICE) == AccountInfo(0, 0, 1, 0, AccountData(free=FUNDS))
    assert events() == [Reserved(ALICE, 1000), Unreserved(ALICE, 1000)]


def test_root_unreserves(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    reserve(ctx, ALICE, 1000)
    events()
    dispatch(ROOT_ORIGIN, force_unreserve.call(Id(ALICE), 400))
    assert events() == [Unreserved(ALICE, 400)]
    assert account_data(ctx, ALICE).reserved == 600


def test_reserving_needs_unfrozen_funds(ctx: Context) -> None:
    fails(Error.InsufficientBalance, lambda: reserve(ctx, ALICE, FUNDS + 1))
    set_lock(ctx, ALICE, 1000)
    fails(Error.LiquidityRestrictions, lambda: reserve(ctx, ALICE, FUNDS - 999))


def test_holds_are_kept_by_reason_and_the_entry_stays(ctx: Context) -> None:
    hold(ctx, KEEP, ALICE, 1000)
    hold(ctx, ENTER, ALICE, 300)
    hold(ctx, KEEP, ALICE, 500)
    assert Holds.get(ctx, ALICE) == [HoldAmount(KEEP, 1500), HoldAmount(ENTER, 300)]
    assert account_data(ctx, ALICE) == AccountData(free=FUNDS - 1800, reserved=1800)
    assert release(ctx, KEEP, ALICE, 9999) == 1500
    assert Holds.get(ctx, ALICE) == [HoldAmount(ENTER, 300)]
    assert release(ctx, ENTER, ALICE, 300) == 300
    assert ctx.state.get(Holds.key(ALICE)) == b"\0"
    assert Account.get(ctx, ALICE) == AccountInfo(0, 0, 1, 0, AccountData(free=FUNDS))


def test_a_hold_may_take_frozen_funds_but_not_the_last_deposit(ctx: Context) -> None:
    set_lock(ctx, ALICE, FUNDS)
    fails(TokenError.FundsUnavailable, lambda: hold(ctx, KEEP, ALICE, FUNDS - 499))
    hold(ctx, KEEP, ALICE, FUNDS - 500)
    assert balance_on_hold(ctx, KEEP, ALICE) == FUNDS - 500
    fails(TokenError.FundsUnavailable, lambda: hold(ctx, KEEP, NEW, 1))
    fails(TokenError.CannotCreateHold, lambda: hold(ctx, KEEP, NEW, 0))


def test_burning_a_hold_lowers_the_issuance(ctx: Context) -> None:
    issued = TotalIssuance.get(ctx)
    hold(ctx, KEEP, ALICE, 1000)
    assert burn_held(ctx, KEEP, ALICE, 400) == 400
    assert burn_held(ctx, KEEP, ALICE, 4000) == 600
    assert TotalIssuance.get(ctx) == issued - 1000
    assert account_data(ctx, ALICE) == AccountData(free=FUNDS - 1000)


def test_an_account_has_at_most_16_consumers(ctx: Context) -> None:
    account = Account.get(ctx, ALICE)
    Account.put(ctx, ALICE, AccountInfo(0, 16, 1, 0, account.data))

    def hold_whole() -> None:
        with ctx.state.transaction():
            hold(ctx, KEEP, ALICE, 1)

    fails(TooManyConsumers(), hold_whole)


# --- old accounts --------------------------------------------------------------------------------------------


def test_an_old_account_is_upgraded_on_first_change(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    """Formerly reserves added no consumer to their account; locks added one."""
    Account.put(ctx, ALICE, AccountInfo(providers=1, data=AccountData(FUNDS - 1000, 1000, 0, 0)))
    dispatch(ALICE, transfer_keep_alive.call(Id(BOB), 7))
    assert events() == [Upgraded(ALICE), Transfer(ALICE, BOB, 7)]
    expected = AccountData(FUNDS - 1007, 1000, 0, NEW_LOGIC)
    assert Account.get(ctx, ALICE) == AccountInfo(0, 1, 1, 0, expected)


def test_upgrading_is_free_only_if_nine_of_ten_accounts_needed_it(ctx: Context, dispatch: Dispatch) -> None:
    def upgrade(old: int) -> Any:
        names = [Keypair.from_uri(f"//Old//{index}").account for index in range(10)]
        for name in names:
            Account.remove(ctx, name)
        for name in names[:old]:
            Account.put(ctx, name, AccountInfo(providers=1, data=AccountData(0, 0, 0, 0)))
        return dispatch(BOB, upgrade_accounts.call(names))

    assert upgrade(10) == PostInfo(None, Pays.No)
    assert upgrade(9) == PostInfo(None, Pays.No)
    assert upgrade(8) == PostInfo(None, Pays.Yes)
    assert dispatch(BOB, upgrade_accounts.call([])) == PostInfo(None, Pays.Yes)


# --- misuse --------------------------------------------------------------------------------------------------

BY_SIGNER = [
    transfer_allow_death.call(Id(BOB), 1),
    transfer_keep_alive.call(Id(BOB), 1),
    transfer_all.call(Id(BOB), True),
    upgrade_accounts.call([]),
    burn.call(1, True),
]
BY_ROOT = [
    force_transfer.call(Id(ALICE), Id(BOB), 1),
    force_unreserve.call(Id(ALICE), 1),
    force_set_balance.call(Id(ALICE), 1),
    force_adjust_total_issuance.call(AdjustmentDirection.Increase, 1),
]


@pytest.mark.parametrize("call", BY_SIGNER, ids=str)
def test_accounts_transfer_only_their_own_funds(refused: RefusedCall, call: Call) -> None:
    refused(ROOT_ORIGIN, call, BadOrigin())
    refused(NONE, call, BadOrigin())


@pytest.mark.parametrize("call", BY_ROOT, ids=str)
def test_forcing_calls_need_root(refused: RefusedCall, call: Call) -> None:
    refused(signed(ALICE), call, BadOrigin())


def test_impossible_transfers_are_refused(ctx: Context, refused: RefusedCall) -> None:
    refused(ALICE, transfer_allow_death.call(Id(BOB), FUNDS + 1), TokenError.FundsUnavailable)
    refused(ALICE, transfer_allow_death.call(Id(BOB), 7 * FUNDS), ArithmeticFault.Underflow)
    refused(ALICE, transfer_allow_death.call(Id(NEW), 499), TokenError.BelowMinimum)
    for address in (Raw(BOB), Address20(bytes(20))):
        refused(ALICE, transfer_allow_death.call(address, 1), CannotLookup())
        refused(ROOT_ORIGIN, force_set_balance.call(address, 1), CannotLookup())


def test_minting_and_burning_change_the_issuance_by_their_amount(ctx: Context, events: Events) -> None:
    issued = TotalIssuance.get(ctx)
    fungible.mint_into(ctx, NEW, 700)
    assert (TotalIssuance.get(ctx), account_data(ctx, NEW).free) == (issued + 700, 700)
    fungible.burn_from(ctx, NEW, 150, Preservation.Expendable)
    assert (TotalIssuance.get(ctx), account_data(ctx, NEW).free) == (issued + 550, 550)
    fungible.withdraw(ctx, NEW, 50, Preservation.Expendable)
    fungible.resolve(ctx, NEW, 20)
    assert (TotalIssuance.get(ctx), account_data(ctx, NEW).free) == (issued + 550, 520)
    fungible.resolve(ctx, Keypair.from_uri("//Poor").account, 30)  # less than an account may hold
    assert TotalIssuance.get(ctx) == issued + 520
    assert events() == [
        NewAccount(NEW),
        Endowed(NEW, 700),
        Minted(NEW, 700),
        Burned(NEW, 150),
        Withdraw(NEW, 50),
        Deposit(NEW, 20),
    ]


def test_minting_never_overflows(ctx: Context) -> None:
    fails(ArithmeticFault.Overflow, lambda: fungible.mint_into(ctx, ALICE, U64_MAX))
    fails(TokenError.BelowMinimum, lambda: fungible.mint_into(ctx, NEW, 499))


# --- any sequence --------------------------------------------------------------------------------------------

NAMES = [account(index) for index in range(1, 4)]
WHO, AMOUNT = st.sampled_from(NAMES), st.integers(0, 3_000)
ACTIONS = st.one_of(
    st.tuples(st.just("transfer"), WHO, WHO, AMOUNT, st.sampled_from(Preservation)),
    st.tuples(st.just("burn"), WHO, AMOUNT, st.sampled_from(Preservation)),
    st.tuples(st.just("mint"), WHO, AMOUNT),
    st.tuples(st.just("hold"), st.sampled_from((KEEP, ENTER)), WHO, AMOUNT),
    st.tuples(st.just("release"), st.sampled_from((KEEP, ENTER)), WHO, AMOUNT),
    st.tuples(st.just("burn_held"), st.just(KEEP), WHO, AMOUNT),
    st.tuples(st.just("reserve"), WHO, AMOUNT),
    st.tuples(st.just("lock"), WHO, AMOUNT),
)
#: A lock on an account that does not exist (yet) has no effect, also on the real chain.
FUNCTIONS: dict[str, Any] = {
    "transfer": fungible.transfer,
    "burn": fungible.burn_from,
    "mint": fungible.mint_into,
    "hold": hold,
    "release": release,
    "burn_held": burn_held,
    "reserve": reserve,
    "lock": lambda ctx, who, amount: Account.contains(ctx, who) and set_lock(ctx, who, amount),
}
RUNTIME = spec_425()


@settings(max_examples=60)
@given(st.lists(ACTIONS, max_size=25))
def test_random_operations_keep_the_invariants(actions: list[tuple[Any, ...]]) -> None:
    block = BlockEnvironment(1, bytes(32))
    block.enter_phase(ApplyExtrinsic(0))
    world = Context(RUNTIME, State(MemoryBackend()), block)
    for who in NAMES[:2]:
        fungible.mint_into(world, who, 2_000)
    for name, *arguments in actions:
        try:
            with world.state.transaction():
                FUNCTIONS[name](world, *arguments)
        except DispatchFailed:
            pass
        invariants.check(world)


def test_violations_of_invariants_are_reported(ctx: Context) -> None:
    alice = Account.get(ctx, ALICE)
    wrong = {
        "rao are issued": AccountInfo(providers=1, data=AccountData(free=FUNDS + 1)),
        "but no provider": AccountInfo(data=AccountData(free=FUNDS)),
        "but no consumer": AccountInfo(providers=1, data=AccountData(free=FUNDS - 1, reserved=1)),
        "its largest lock is 0": AccountInfo(consumers=1, providers=1, data=AccountData(free=FUNDS, frozen=1)),
    }
    for message, info in wrong.items():
        Account.put(ctx, ALICE, info)
        with pytest.raises(AssertionError, match=message):
            invariants.check(ctx)
    Account.put(ctx, ALICE, alice)
    Holds.put(ctx, ALICE, [HoldAmount(KEEP, 1)])
    with pytest.raises(AssertionError, match="1 rao on hold, but only 0 reserved"):
        invariants.check(ctx)
    Holds.remove(ctx, ALICE)
    assert system.Account.get(ctx, ALICE) == alice
