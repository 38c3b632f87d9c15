"""Subtensor's guards as a transaction extension: the pool refuses what they refuse, with a custom error code."""

from __future__ import annotations

import enum
from typing import Any

from ..frame.context import Context
from ..frame.errors import AnyError, DispatchFailed
from ..frame.extension import TransactionExtension
from ..frame.extrinsic import Extrinsic
from ..frame.validity import Custom, Refused, Validity
from ..frame.weight import DispatchInfo, Weight
from ..pallets.subtensor import guards
from ..pallets.subtensor.declared.errors import Error


class CustomTransactionError(enum.IntEnum):
    """The codes `N` of "Custom error: N", for all extensions of the chain."""

    ColdkeyInSwapSchedule = 0
    StakeAmountTooLow = 1
    BalanceTooLow = 2
    SubnetNotExists = 3
    HotkeyAccountDoesntExist = 4
    NotEnoughStakeToWithdraw = 5
    RateLimitExceeded = 6
    InsufficientLiquidity = 7
    SlippageTooHigh = 8
    TransferDisallowed = 9
    HotKeyNotRegisteredInNetwork = 10
    InvalidIpAddress = 11
    ServingRateLimitExceeded = 12
    InvalidPort = 13
    ZeroMaxAmount = 14
    InvalidRevealRound = 15
    CommitNotFound = 16
    CommitBlockNotInRevealRange = 17
    InputLengthsUnequal = 18
    UidNotFound = 19
    EvmKeyAssociateRateLimitExceeded = 20
    ColdkeySwapDisputed = 21
    InvalidRealAccount = 22
    FailedShieldedTxParsing = 23
    InvalidShieldedTxPubKeyHash = 24
    NonAssociatedColdKey = 25
    DelegateTakeTooLow = 26
    DelegateTakeTooHigh = 27
    BadRequest = 255


#: The codes of the pallet's errors. Most have the same name in both; an error without a code is BadRequest.
CODES: dict[AnyError, CustomTransactionError] = {
    **{
        error: CustomTransactionError[error.name] for error in Error if error.name in CustomTransactionError.__members__
    },
    Error.AmountTooLow: CustomTransactionError.StakeAmountTooLow,
    Error.NotEnoughStakeToSetWeights: CustomTransactionError.StakeAmountTooLow,
    Error.NotEnoughBalanceToStake: CustomTransactionError.BalanceTooLow,
    Error.HotKeyAccountNotExists: CustomTransactionError.HotkeyAccountDoesntExist,
    Error.NoWeightsCommitFound: CustomTransactionError.CommitNotFound,
    Error.RevealTooEarly: CustomTransactionError.CommitBlockNotInRevealRange,
    Error.CommittingWeightsTooFast: CustomTransactionError.RateLimitExceeded,
    Error.SettingWeightsTooFast: CustomTransactionError.RateLimitExceeded,
    Error.NetworkTxRateLimitExceeded: CustomTransactionError.RateLimitExceeded,
    Error.HotKeyNotRegisteredInSubNet: CustomTransactionError.UidNotFound,
    Error.ColdkeySwapAnnounced: CustomTransactionError.ColdkeyInSwapSchedule,
}


class SubtensorTransactionExtension(TransactionExtension):
    """Refuse what the guards refuse. Every call has the weight of the check for coldkey swaps."""

    identifier = "SubtensorTransactionExtension"
    path = "pallet_subtensor::extensions::subtensor::SubtensorTransactionExtension"
    names_runtime = True
    fixed_weight = guards.CHECK_COLDKEY_SWAP_WEIGHT

    def weight(self, extrinsic: Extrinsic, value: Any) -> Weight:
        return guards.single_call_weight(extrinsic.call)

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> None:
        try:
            guards.check(ctx, extrinsic.call)
        except DispatchFailed as failure:
            raise Refused(Custom(CODES.get(failure.reason, CustomTransactionError.BadRequest))) from None
