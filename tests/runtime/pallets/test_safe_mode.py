"""SafeMode: calls that pass while it is entered, its end, and deposits where a chain configures them."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.errors import BadOrigin, as_dispatch_error
from pysubtensor.runtime.frame.events import Initialization
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, signed
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.invariants import check
from pysubtensor.runtime.pallets import multisig, sudo, system, utility
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance
from pysubtensor.runtime.pallets.balances.holds import balance_on_hold
from pysubtensor.runtime.pallets.safe_mode import (
    DepositPlaced,
    DepositReleased,
    Deposits,
    DepositSlashed,
    Entered,
    EnteredUntil,
    Error,
    Exited,
    ExitReason,
    Extended,
    HoldReason,
    enter,
    exit_on_timeout,
    extend,
    force_enter,
    force_exit,
    force_extend,
    force_release_deposit,
    force_slash_deposit,
    release_deposit,
)

from tests.world import ALICE, BOB, FUNDS, Dispatch, Events, RefusedCall

DEPOSIT, MORE = 10**9, 2 * 10**9
TRANSFER = transfer_keep_alive.call(Id(BOB), 10**9)
REMARK = system.remark.call(b"")


@pytest.fixture
def open_to_all(ctx: Context) -> Context:
    """The same state on a chain where all accounts may enter and extend, for a deposit."""
    ctx.runtime = spec_425(
        {
            "SafeMode.EnterDuration": 10,
            "SafeMode.ExtendDuration": 5,
            "SafeMode.EnterDepositAmount": DEPOSIT,
            "SafeMode.ExtendDepositAmount": MORE,
            "SafeMode.ReleaseDelay": 20,
        }
    )
    return ctx


def test_root_enters_for_a_day_and_extends_by_half_a_day(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, force_enter.call())
    dispatch(ROOT_ORIGIN, force_extend.call())
    assert events() == [Entered(1 + 7_200), Extended(1 + 7_200 + 3_600)]
    assert EnteredUntil.get(ctx) == 10_801


def test_root_exits_safe_mode(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, force_enter.call())
    events()
    dispatch(ROOT_ORIGIN, force_exit.call())
    assert events() == [Exited(ExitReason.Force)]
    assert not EnteredUntil.exists(ctx)


def test_safe_mode_ends_after_its_last_block(ctx: Context) -> None:
    EnteredUntil.put(ctx, 9)
    block = BlockEnvironment(9, bytes(32))
    later = Context(ctx.runtime, ctx.state, block)
    block.enter_phase(Initialization())
    assert exit_on_timeout(later) == Weight(733_000 + 25_000_000, 1489)
    assert EnteredUntil.exists(ctx)
    block.number = 10
    assert exit_on_timeout(later) == Weight(4_926_000 + 125_000_000, 1489)
    assert block.events == [Exited(ExitReason.Timeout)]
    assert not EnteredUntil.exists(ctx)


PASSING = [
    REMARK,
    multisig.as_multi_threshold_1.call([BOB], REMARK),
    sudo.sudo.call(TRANSFER),
]
BLOCKED = [TRANSFER, utility.batch.call([REMARK])]


@pytest.mark.parametrize("call", PASSING, ids=str)
def test_whitelisted_calls_pass_while_it_is_entered(dispatch: Dispatch, call: Call) -> None:
    dispatch(ROOT_ORIGIN, force_enter.call())
    dispatch(ALICE, call)


@pytest.mark.parametrize("call", BLOCKED, ids=str)
def test_other_calls_are_filtered(dispatch: Dispatch, refused: RefusedCall, call: Call) -> None:
    dispatch(ROOT_ORIGIN, force_enter.call())
    refused(ALICE, call, system.Error.CallFiltered)
    dispatch(ROOT_ORIGIN, force_exit.call())
    dispatch(ALICE, call)


def test_root_passes_all_filters(dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ROOT_ORIGIN, force_enter.call())
    dispatch(ROOT_ORIGIN, utility.batch.call([REMARK]))
    refused(ROOT_ORIGIN, TRANSFER, BadOrigin())  # not filtered: the error is that of the call itself


def test_nested_calls_are_filtered_too(dispatch: Dispatch, events: Events) -> None:
    dispatch(ROOT_ORIGIN, force_enter.call())
    events()
    dispatch(ALICE, sudo.sudo_as.call(Id(BOB), utility.batch.call([TRANSFER])))
    (interrupted, done) = events()
    error = as_dispatch_error(system.Error.CallFiltered)
    assert interrupted == utility.BatchInterrupted(0, error)
    assert isinstance(done, sudo.SudoAsDone)


def test_deposits_are_not_configured_on_the_real_chain(dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(ALICE, enter.call(), Error.NotConfigured)
    refused(ALICE, extend.call(), Error.Exited)
    dispatch(ROOT_ORIGIN, force_enter.call())
    refused(ALICE, enter.call(), Error.Entered)
    refused(ALICE, extend.call(), Error.NotConfigured)


def test_entering_and_extending_hold_deposits(open_to_all: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, enter.call())
    dispatch(BOB, extend.call())
    assert events() == [DepositPlaced(ALICE, DEPOSIT), Entered(11), DepositPlaced(BOB, MORE), Extended(16)]
    assert Deposits.get(open_to_all, ALICE, 1) == DEPOSIT
    assert balance_on_hold(open_to_all, HoldReason.EnterOrExtend, BOB) == MORE
    assert account_data(open_to_all, ALICE).free == FUNDS - DEPOSIT
    check(open_to_all)


def test_a_deposit_is_released_after_its_delay(
    open_to_all: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    dispatch(ALICE, enter.call())
    refused(BOB, release_deposit.call(ALICE, 1), Error.Entered)
    dispatch(ROOT_ORIGIN, force_exit.call())
    open_to_all.block.number = 21
    refused(BOB, release_deposit.call(ALICE, 1), Error.CannotReleaseYet)
    open_to_all.block.number = 22
    events()
    dispatch(BOB, release_deposit.call(ALICE, 1))
    assert events() == [DepositReleased(ALICE, DEPOSIT)]
    assert account_data(open_to_all, ALICE).free == FUNDS
    refused(BOB, release_deposit.call(ALICE, 1), Error.NoDeposit)
    check(open_to_all)


def test_root_releases_a_deposit_at_once(open_to_all: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, enter.call())
    events()
    dispatch(ROOT_ORIGIN, force_release_deposit.call(ALICE, 1))
    assert events() == [DepositReleased(ALICE, DEPOSIT)]
    assert account_data(open_to_all, ALICE).free == FUNDS
    check(open_to_all)


def test_a_slashed_deposit_lowers_the_issuance(open_to_all: Context, dispatch: Dispatch, events: Events) -> None:
    dispatch(ALICE, enter.call())
    events()
    issued = TotalIssuance.get(open_to_all)
    dispatch(ROOT_ORIGIN, force_slash_deposit.call(ALICE, 1))
    assert events() == [DepositSlashed(ALICE, DEPOSIT)]
    assert TotalIssuance.get(open_to_all) == issued - DEPOSIT
    assert account_data(open_to_all, ALICE).total == FUNDS - DEPOSIT
    check(open_to_all)


def test_an_account_has_one_deposit(open_to_all: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    dispatch(ALICE, enter.call())
    refused(ALICE, extend.call(), Error.AlreadyDeposited)
    poor = Keypair.from_uri("//Poor").account
    refused(poor, extend.call(), Error.CurrencyError)


def test_misuse_is_refused(ctx: Context, dispatch: Dispatch, refused: RefusedCall) -> None:
    by_root = [
        force_enter.call(),
        force_extend.call(),
        force_exit.call(),
        force_slash_deposit.call(ALICE, 1),
        force_release_deposit.call(ALICE, 1),
    ]
    for call in by_root:
        refused(signed(ALICE), call, BadOrigin())
        refused(NONE, call, BadOrigin())
    for call in (enter.call(), extend.call(), release_deposit.call(ALICE, 1)):
        refused(ROOT_ORIGIN, call, BadOrigin())
    refused(ROOT_ORIGIN, force_extend.call(), Error.Exited)
    refused(ROOT_ORIGIN, force_exit.call(), Error.Exited)
    for call in by_root[3:]:
        refused(ROOT_ORIGIN, call, Error.NoDeposit)
    refused(ALICE, release_deposit.call(ALICE, 1), Error.NoDeposit)
    Deposits.put(ctx, ALICE, 1, DEPOSIT)
    refused(ALICE, release_deposit.call(ALICE, 1), Error.NotConfigured)
    dispatch(ROOT_ORIGIN, force_enter.call())
    refused(ROOT_ORIGIN, force_enter.call(), Error.Entered)
