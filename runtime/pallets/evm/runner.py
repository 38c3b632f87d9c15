"""The runner: validates calls and creations, and has them executed (`pallet_evm::runner::stack`)."""

from __future__ import annotations

from ...frame.context import Context
from ...frame.weight import ZERO
from ..base_fee import BaseFeePerGas
from . import accounts, validation
from .declared import DisableWhitelistCheck, Error, WhitelistedCreators
from .execution_info import CallInfo, CreateInfo
from .requests import ACCOUNT_READ, CALL, Options, Request, RunnerError
from .validation import Candidate, InvalidTransaction, TransactionFault

#: The errors of calls for what is wrong with a transaction.
ERRORS = {
    TransactionFault.GasLimitTooLow: Error.GasLimitTooLow,
    TransactionFault.GasLimitTooHigh: Error.GasLimitTooHigh,
    TransactionFault.GasPriceTooLow: Error.GasPriceTooLow,
    TransactionFault.PriorityFeeTooHigh: Error.GasPriceTooLow,
    TransactionFault.BalanceTooLow: Error.BalanceLow,
    TransactionFault.TxNonceTooLow: Error.InvalidNonce,
    TransactionFault.TxNonceTooHigh: Error.InvalidNonce,
    TransactionFault.InvalidFeeInput: Error.GasPriceTooLow,
    TransactionFault.InvalidChainId: Error.InvalidChainId,
    TransactionFault.InvalidSignature: Error.InvalidSignature,
    TransactionFault.EmptyAuthorizationList: Error.Undefined,
    TransactionFault.AuthorizationListTooLarge: Error.Undefined,
    TransactionFault.UnknownError: Error.Undefined,
}


def call(ctx: Context, request: Request, target: bytes, options: Options = CALL) -> CallInfo:
    """Call an address; raise RunnerError when the call cannot begin. A call that fails is an answer."""
    if options.validates:
        validate(ctx, request, options, is_creation=False)
    # Imported here: most chains execute nothing, and the engine takes a twentieth of their start.
    from .settlement import settled_call

    return settled_call(ctx, request, target, options)


def create(ctx: Context, request: Request, options: Options = CALL, salt: bytes | None = None) -> CreateInfo:
    """Create a contract, with a salt as CREATE2; raise RunnerError when the creation cannot begin.

    Validated creations are for the addresses on a list: NotAllowed for others, unless the list is switched off.
    """
    if options.validates:
        if not DisableWhitelistCheck.get(ctx) and request.source not in WhitelistedCreators.get(ctx):
            raise RunnerError(Error.NotAllowed, ZERO)
        validate(ctx, request, options, is_creation=True)
    from .settlement import settled_creation  # as above

    return settled_creation(ctx, request, options, salt)


def validate(ctx: Context, request: Request, options: Options, is_creation: bool) -> None:
    """Check a request as the next transaction of its source; raise RunnerError."""
    account = accounts.account_basic(ctx, request.source)
    candidate = Candidate(
        is_creation,
        request.data,
        account.nonce if request.nonce is None else request.nonce,
        request.gas_limit,
        request.value,
        None,
        request.max_fee,
        request.max_priority_fee,
        request.access_list,
        len(request.authorizations),
        options.is_transactional,
        options.weight_limit,
        options.proof_size_base_cost,
    )
    try:
        validation.check_nonce(candidate, account, in_block=True)
        validation.check_gas(candidate)
        validation.check_base_fee(candidate, BaseFeePerGas.get(ctx))
        validation.check_balance(candidate, account)
    except InvalidTransaction as invalid:
        raise RunnerError(ERRORS[invalid.fault], ACCOUNT_READ) from None
