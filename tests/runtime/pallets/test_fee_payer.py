"""The payer of a proxied call: the signer, or the account that opted to pay for its delegate."""

from __future__ import annotations

import pytest
from pysubtensor.runtime import executive
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import derivative_account
from pysubtensor.runtime.extensions.payment import fee_payer
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.extrinsic import Id, Index
from pysubtensor.runtime.frame.origin import signed
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.balances.declared import Withdraw
from pysubtensor.runtime.pallets.proxy.calls import add_proxy, proxy, proxy_announced, remove_proxy, set_real_pays_fee
from pysubtensor.runtime.pallets.proxy.declared import Error, RealPaysFee, RealPaysFeeSet
from pysubtensor.runtime.pallets.proxy.proxy_type import ProxyType
from pysubtensor.runtime.pallets.transaction_payment import TransactionFeePaid
from pysubtensor.runtime.pallets.utility import as_derivative, batch, batch_all, force_batch

from tests.world import ALICE, BOB, BOB_KEY, CHARLIE, DAVE, FUNDS, Dispatch, Events, RefusedCall

#: The deposit for one proxy, in rao.
ONE = 93_000_000
REMARK = system.remark.call(b"hello")


def appoint(delegate: bytes, proxy_type: ProxyType = ProxyType.Any) -> Call:
    return add_proxy.call(Id(delegate), proxy_type, 0)


def for_(real: bytes, call: Call) -> Call:
    return proxy.call(Id(real), None, call)


def opt_in(dispatch: Dispatch, real: bytes, delegate: bytes, pays: bool = True) -> None:
    dispatch(real, appoint(delegate))
    dispatch(real, set_real_pays_fee.call(Id(delegate), pays))


def test_an_account_opts_to_pay_for_its_delegate(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, events: Events
) -> None:
    refused(ALICE, set_real_pays_fee.call(Id(BOB), True), Error.NotProxy)
    opt_in(dispatch, ALICE, BOB)
    assert events()[-1] == RealPaysFeeSet(ALICE, BOB, True)
    assert RealPaysFee.contains(ctx, ALICE, BOB)
    dispatch(ALICE, set_real_pays_fee.call(Id(BOB), False))
    assert events() == [RealPaysFeeSet(ALICE, BOB, False)]
    assert not RealPaysFee.contains(ctx, ALICE, BOB)


def test_removing_any_entry_of_the_delegate_ends_paying(ctx: Context, dispatch: Dispatch) -> None:
    opt_in(dispatch, ALICE, BOB)
    dispatch(ALICE, appoint(BOB, ProxyType.Owner))
    dispatch(ALICE, remove_proxy.call(Id(BOB), ProxyType.Owner, 0))
    assert not RealPaysFee.contains(ctx, ALICE, BOB)


#: Dave signs for Bob, Bob acts for Alice.
DEEP = for_(BOB, for_(ALICE, REMARK))


@pytest.mark.parametrize(
    ("call", "pairs", "payer"),
    [
        (REMARK, [(BOB, DAVE)], DAVE),
        (for_(BOB, REMARK), [], DAVE),
        (for_(BOB, REMARK), [(BOB, DAVE)], BOB),
        (for_(BOB, REMARK), [(BOB, ALICE), (ALICE, DAVE)], DAVE),
        (proxy_announced.call(Id(DAVE), Id(BOB), None, REMARK), [(BOB, DAVE)], DAVE),
        (proxy.call(Index(None), None, REMARK), [(BOB, DAVE)], DAVE),
        (DEEP, [], DAVE),
        (DEEP, [(BOB, DAVE)], BOB),
        (DEEP, [(ALICE, BOB)], DAVE),
        (DEEP, [(BOB, DAVE), (ALICE, BOB)], ALICE),
        (DEEP, [(BOB, DAVE), (ALICE, DAVE)], BOB),
        (for_(CHARLIE, DEEP), [(CHARLIE, DAVE), (BOB, CHARLIE), (ALICE, BOB)], BOB),
        (for_(BOB, batch.call([])), [(BOB, DAVE)], BOB),
        (for_(BOB, batch.call([for_(ALICE, REMARK)] * 2)), [(BOB, DAVE), (ALICE, BOB)], ALICE),
        (for_(BOB, batch_all.call([for_(ALICE, REMARK)] * 2)), [(BOB, DAVE), (ALICE, BOB)], ALICE),
        (for_(BOB, force_batch.call([for_(ALICE, REMARK)])), [(BOB, DAVE), (ALICE, BOB)], ALICE),
        (for_(BOB, batch.call([for_(ALICE, REMARK)])), [(BOB, DAVE)], BOB),
        (for_(BOB, batch.call([for_(ALICE, REMARK), REMARK])), [(BOB, DAVE), (ALICE, BOB)], BOB),
        (
            for_(BOB, batch.call([for_(ALICE, REMARK), for_(CHARLIE, REMARK)])),
            [(BOB, DAVE), (ALICE, BOB), (CHARLIE, BOB)],
            BOB,
        ),
        (batch.call([for_(BOB, REMARK)]), [(BOB, DAVE)], DAVE),
    ],
)
def test_the_fee_follows_the_accounts_that_opted_to_pay(
    ctx: Context, dispatch: Dispatch, call: Call, pairs: list[tuple[bytes, bytes]], payer: bytes
) -> None:
    for real, delegate in pairs:
        opt_in(dispatch, real, delegate)
    assert fee_payer(ctx.with_origin(signed(DAVE)), call) == payer


def test_the_real_account_is_charged_and_refunded(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    opt_in(dispatch, ALICE, BOB)
    events()
    ctx.block.author = CHARLIE
    raw = Signer(bytes(32)).sign(for_(ALICE, REMARK), BOB_KEY, nonce=0)
    assert executive.apply_extrinsic(ctx, ctx.runtime.decode(raw)) is None
    fees = [event for event in events() if isinstance(event, Withdraw | TransactionFeePaid)]
    assert [event.who for event in fees] == [ALICE, ALICE]
    assert account_data(ctx, BOB).free == FUNDS
    paid = FUNDS - ONE - account_data(ctx, ALICE).free
    assert paid == fees[1].actual_fee > 0
    assert account_data(ctx, CHARLIE).free == FUNDS + paid


def test_the_signer_pays_for_a_pseudonym(ctx: Context, dispatch: Dispatch) -> None:
    dispatch(ALICE, transfer_keep_alive.call(Id(derivative_account(ALICE, 0)), 10**9))
    assert fee_payer(ctx.with_origin(signed(ALICE)), as_derivative.call(0, REMARK)) == ALICE
