"""ChargeTransactionPayment: withdraw the fee before dispatch, correct it afterwards, pay it to the block's author.

A fee paid in alpha is final: no part of it is refunded.
"""

from __future__ import annotations

from typing import NamedTuple

from ...consensus.integers import saturating_sub
from ...consensus.internal import InternalError
from ..frame.call import Call
from ..frame.context import Context
from ..frame.errors import DispatchError, DispatchFailed
from ..frame.extension import TransactionExtension
from ..frame.extrinsic import Extrinsic, Id
from ..frame.validity import Payment, Refused, Validity
from ..frame.weight import DB_READ, DispatchClass, DispatchInfo, PostInfo, Weight, weight_of
from ..pallets.balances import fungible
from ..pallets.balances.accounts import account_data
from ..pallets.proxy.calls import proxy
from ..pallets.proxy.declared import RealPaysFee
from ..pallets.subtensor.declared import events
from ..pallets.transaction_payment import TransactionFeePaid, compute_actual_fee, compute_fee
from ..pallets.utility import BATCHES
from ..scale import Compact, codec_of, u64
from ..scale.describe import FieldInfo
from .alpha_fees import AlphaFee, can_withdraw_in_alpha, withdraw_in_alpha

NORMAL_PRIORITY, OPERATIONAL_PRIORITY = 1, 10_000_000_000
#: The weight of the fee itself, and of up to three reads to determine the payer.
WEIGHT = weight_of(35_979_000, 3593, 1, 1) + Weight(3 * DB_READ)


class Charge(NamedTuple):
    """A fee that is withdrawn before dispatch: `fee` rao, which include the tip of `tip` rao."""

    payer: bytes
    fee: int
    tip: int
    #: The alpha that paid it, None when it was paid in TAO.
    alpha: AlphaFee | None = None


class ChargeTransactionPayment(TransactionExtension):
    """Charge fees. On this chain, the priority does not depend on the tip."""

    identifier = "ChargeTransactionPayment"
    path = "pallet_transaction_payment::ChargeTransactionPayment"
    wrapper_path = "node_subtensor_runtime::transaction_payment_wrapper::ChargeTransactionPaymentWrapper"
    field = FieldInfo(None, codec_of(Compact[u64]), "BalanceOf<T>")
    fixed_weight = WEIGHT

    def validate(
        self, ctx: Context, extrinsic: Extrinsic, value: int, info: DispatchInfo, validity: Validity
    ) -> Charge | None:
        """Return the fee to charge; Refused with Payment when its payer has neither the TAO nor the alpha."""
        operational = info.class_ is DispatchClass.Operational
        validity.priority += OPERATIONAL_PRIORITY if operational else NORMAL_PRIORITY
        if ctx.origin.account is None:
            return None
        charge = Charge(fee_payer(ctx, extrinsic.call), compute_fee(ctx, len(extrinsic.raw), info, value), value)
        withdraw_error = fungible.find_withdraw_error(ctx, charge.payer, charge.fee, must_live=True)
        if withdraw_error and not can_withdraw_in_alpha(ctx, charge.payer, extrinsic.call, charge.fee):
            raise Refused(Payment())
        return charge

    def prepare(
        self, ctx: Context, extrinsic: Extrinsic, validated: Charge | None, info: DispatchInfo
    ) -> Charge | None:
        """Withdraw the fee, in TAO or else in alpha."""
        if validated is not None and validated.fee:
            try:
                fungible.withdraw(ctx, validated.payer, validated.fee, fungible.Preservation.Preserve)
            except DispatchFailed:
                paid = withdraw_in_alpha(ctx, validated.payer, extrinsic.call, validated.fee)
                return validated._replace(alpha=paid)
        return validated

    def post_dispatch(
        self,
        ctx: Context,
        extrinsic: Extrinsic,
        prepared: Charge | None,
        info: DispatchInfo,
        post: PostInfo,
        error: DispatchError | None,
    ) -> None:
        """Correct a fee in TAO to the actual weight, and emit the event of the payment."""
        if prepared is None:
            return
        fee = prepared.fee
        if post.actual_weight is not None or post.pays_fee is not info.pays_fee:
            fee = compute_actual_fee(ctx, len(extrinsic.raw), info, post, prepared.tip)
        if prepared.alpha is not None:
            netuid, alpha, tao = prepared.alpha
            ctx.deposit(events.TransactionFeePaidWithAlpha(prepared.payer, netuid, alpha, tao))
        elif prepared.fee:
            settle(ctx, prepared, fee)
        ctx.deposit(TransactionFeePaid(prepared.payer, fee, prepared.tip))


def settle(ctx: Context, charge: Charge, fee: int) -> None:
    """Refund what exceeds the actual fee (rao), and pay the rest to the block's author; without an author, burn it."""
    earned = charge.fee
    if account_data(ctx, charge.payer).total > 0:
        earned -= fungible.deposit(ctx, charge.payer, saturating_sub(charge.fee, fee))
    if earned == 0:
        return
    if ctx.block.author is None:
        fungible.rescind(ctx, earned)
    else:
        fungible.resolve(ctx, ctx.block.author, earned)


def fee_payer(ctx: Context, call: Call) -> bytes:
    """Return the account that pays the fee: the signer, or the real account of a proxied call that opted to pay.

    If the proxied call is itself a proxied call, or a batch of proxied calls for the same account, and that account
    opted to pay for the first real account, it pays.
    """
    signer = ctx.origin.account
    if signer is None:
        raise InternalError("expected a signed transaction, got one without a signer")
    if call.function is not proxy:
        return signer
    real = _paying_real(ctx, [call], signer)
    if real is None:
        return signer
    inner: Call = call.args[2]
    nested = inner.args[0] if inner.function in BATCHES else [inner]
    return _paying_real(ctx, nested, real) or real


def _paying_real(ctx: Context, calls: list[Call], delegate: bytes) -> bytes | None:
    """Return the one account for which all calls are proxied, if it pays the fees of `delegate`; else None."""
    reals = {call.args[0] if call.function is proxy else None for call in calls}
    address = reals.pop() if len(reals) == 1 else None
    if isinstance(address, Id) and RealPaysFee.contains(ctx, address.account, delegate):
        return address.account
    return None
