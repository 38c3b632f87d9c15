"""The runner: validates calls and creations, executes them, and settles their fees (`pallet_evm::runner::stack`).

The payer pays the base fee for the gas that was used, whatever it offered: there are no tips at spec 425.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...frame.context import Context
from ...frame.errors import DispatchFailed
from ...frame.weight import DB_READ, ZERO, Weight
from ..base_fee import BaseFeePerGas
from . import accounts, validation
from .addresses import NO_ADDRESS
from .declared import AccountCodes, DisableWhitelistCheck, Error, LogEmitted, WhitelistedCreators
from .engine.execution import Execution
from .engine.metering import WeightMeter
from .engine.transaction import Authorization, Result, Transaction, address_of_creation, run_call, run_creation
from .execution_info import CallInfo, CreateInfo, UsedGas, WeightInfo
from .exits import Error as ErrorReason
from .exits import ExitReason, OutOfGas
from .fees import settle_fee, withdraw_fee
from .gas import AccessList
from .validation import Candidate, InvalidTransaction, TransactionFault

#: The name by which a block knows that an execution is under way in it.
RUNNING = "EVM"
#: The weight of reading the base fee, and with the account of the sender.
FEE_READ, ACCOUNT_READ = Weight(DB_READ), Weight(3 * DB_READ)
U256_MAX = 2**256 - 1
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


class RunnerError(Exception):
    """An execution that could not begin, with the weight that was used nevertheless."""

    def __init__(self, error: Error, weight: Weight) -> None:
        super().__init__(error)
        self.error, self.weight = error, weight


@dataclass(frozen=True, slots=True)
class Options:
    """How to execute. The pallet's calls are transactional and validated; Ethereum's transactions, validated before,
    are transactional; questions to the runtime are validated but need not pay."""

    is_transactional: bool = True
    validates: bool = True
    #: Charge as searches for a gas limit do.
    estimates: bool = False
    #: The limits of what dispatched calls and reads may use, and the bytes of the transaction in the proof.
    weight_limit: Weight | None = None
    proof_size_base_cost: int | None = None


CALL = Options()


@dataclass(frozen=True, slots=True)
class Request:
    """A call or a creation. Amounts are in wei; `data` is input or initialization code."""

    source: bytes
    data: bytes
    value: int
    gas_limit: int
    max_fee: int | None = None
    max_priority_fee: int | None = None
    #: None takes the next one.
    nonce: int | None = None
    access_list: AccessList = ()
    authorizations: Sequence[Authorization] = ()

    @property
    def transaction(self) -> Transaction:
        """The part that the engine needs."""
        return Transaction(self.source, self.value, self.data, self.gas_limit, self.access_list, self.authorizations)


class _Executed(NamedTuple):
    """The parts of the answer that calls and creations share."""

    reason: ExitReason
    output: bytes
    used_gas: UsedGas
    weight_info: WeightInfo | None


def call(ctx: Context, request: Request, target: bytes, options: Options = CALL) -> CallInfo:
    """Call an address; raise RunnerError when the call cannot begin. A call that fails is an answer."""
    if options.validates:
        validate(ctx, request, options, is_creation=False)
    execution = Execution(ctx, request.source, _meter(options), options.estimates)
    executed = _execute(execution, request, options, lambda: run_call(execution, request.transaction, target))
    return CallInfo(executed.reason, executed.output, executed.used_gas, executed.weight_info, execution.substate.logs)


def create(ctx: Context, request: Request, options: Options = CALL, salt: bytes | None = None) -> CreateInfo:
    """Create a contract, with a salt as CREATE2; raise RunnerError when the creation cannot begin.

    Validated creations are for the addresses on a list: NotAllowed for others, unless the list is switched off.
    """
    if options.validates:
        if not DisableWhitelistCheck.get(ctx) and request.source not in WhitelistedCreators.get(ctx):
            raise RunnerError(Error.NotAllowed, ZERO)
        validate(ctx, request, options, is_creation=True)
    execution = Execution(ctx, request.source, _meter(options), options.estimates)
    address = NO_ADDRESS

    def run() -> Result:
        nonlocal address
        address = address_of_creation(execution, request.source, request.data, salt)
        return run_creation(execution, request.transaction, salt)

    executed = _execute(execution, request, options, run)
    if execution.meter is not None and execution.meter.exceeded:
        address = NO_ADDRESS
    return CreateInfo(executed.reason, address, executed.used_gas, executed.weight_info, execution.substate.logs)


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


def _meter(options: Options) -> WeightMeter | None:
    """Return the meter of an execution, None where nothing is metered; RunnerError for a limit below the base cost."""
    limit, base_cost = options.weight_limit, options.proof_size_base_cost
    if limit is None:
        return None
    if base_cost is not None and limit.proof_size < base_cost:
        raise RunnerError(Error.GasLimitTooLow, FEE_READ)
    return WeightMeter(limit, base_cost)


def _execute(execution: Execution, request: Request, options: Options, run: Callable[[], Result]) -> _Executed:
    """Execute in the block, if no execution is under way in it."""
    running = execution.ctx.block.running
    if RUNNING in running:
        raise RunnerError(Error.Reentrancy, FEE_READ)
    running.add(RUNNING)
    try:
        if execution.ctx.state.depth:
            return _execute_inner(execution, request, options, run)
        with execution.ctx.state.transaction():  # frames are undone within a layer
            return _execute_inner(execution, request, options, run)
    finally:
        running.discard(RUNNING)


def _execute_inner(execution: Execution, request: Request, options: Options, run: Callable[[], Result]) -> _Executed:
    """Withdraw the fee, run, settle the fee, remove destroyed contracts, emit logs."""
    ctx, meter = execution.ctx, execution.meter
    if options.is_transactional and AccountCodes.get(ctx, request.source):
        raise RunnerError(Error.TransactionMustComeFromEOA, FEE_READ)
    base_fee = execution.environment.base_fee
    price = _price(request, options, base_fee)
    if price * request.gas_limit > U256_MAX:
        raise RunnerError(Error.FeeOverflow, FEE_READ)
    withdrawn = _withdraw(ctx, request.source, price * request.gas_limit)
    result = run()
    effective = result.used_gas
    if meter is not None and meter.exceeded:
        result, effective = Result(ErrorReason(OutOfGas()), b"", result.used_gas), request.gas_limit
    if withdrawn is not None:
        settle_fee(
            ctx, request.source, withdrawn, min(effective * price, U256_MAX), min(effective * base_fee, U256_MAX)
        )
    for address in sorted(execution.substate.deleted):
        accounts.remove_account(ctx, address)
    for log in execution.substate.logs:
        ctx.deposit(LogEmitted(log))
    return _Executed(result.reason, result.output, UsedGas(result.used_gas, effective), _weight_info(meter))


def _price(request: Request, options: Options, base_fee: int) -> int:
    """Return the price of gas in wei: the base fee, or nothing for a question or an offer of nothing."""
    if not options.is_transactional or request.max_fee == 0:
        return 0
    if request.max_fee is None:
        raise RunnerError(Error.GasPriceTooLow, FEE_READ)
    return base_fee


def _withdraw(ctx: Context, payer: bytes, fee: int) -> int | None:
    try:
        return withdraw_fee(ctx, payer, fee)
    except DispatchFailed as failure:
        error = failure.reason
        raise RunnerError(error if isinstance(error, Error) else Error.BalanceLow, FEE_READ) from None


def _weight_info(meter: WeightMeter | None) -> WeightInfo | None:
    if meter is None:
        return None
    proof = None if meter.proof_limit is None else meter.proof_usage
    return WeightInfo(meter.time_limit, meter.proof_limit, meter.time_usage, proof)
