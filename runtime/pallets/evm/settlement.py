"""The execution of a request: its fee is withdrawn, the engine runs, the fee is settled, logs become events.

The payer pays the base fee for the gas that was used, whatever it offered: there are no tips at spec 425.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ...frame.context import Context
from ...frame.errors import DispatchFailed
from . import accounts
from .addresses import NO_ADDRESS
from .declared import AccountCodes, Error, LogEmitted
from .engine.execution import Execution
from .engine.metering import WeightMeter
from .engine.transaction import Result, Transaction, address_of_creation, run_call, run_creation
from .execution_info import CallInfo, CreateInfo, UsedGas, WeightInfo
from .exits import Error as ErrorReason
from .exits import ExitReason, OutOfGas
from .fees import settle_fee, withdraw_fee
from .requests import FEE_READ, Options, Request, RunnerError

#: The name by which a block knows that an execution is under way in it.
RUNNING = "EVM"
U256_MAX = 2**256 - 1


class _Executed(NamedTuple):
    """The parts of the answer that calls and creations share."""

    reason: ExitReason
    output: bytes
    used_gas: UsedGas
    weight_info: WeightInfo | None


def settled_call(ctx: Context, request: Request, target: bytes, options: Options) -> CallInfo:
    """Call an address."""
    execution = Execution(ctx, request.source, _meter(options), options.estimates)
    executed = _execute(execution, request, options, lambda: run_call(execution, _transaction(request), target))
    return CallInfo(executed.reason, executed.output, executed.used_gas, executed.weight_info, execution.substate.logs)


def settled_creation(ctx: Context, request: Request, options: Options, salt: bytes | None) -> CreateInfo:
    """Create a contract, with a salt as CREATE2."""
    execution = Execution(ctx, request.source, _meter(options), options.estimates)
    address = NO_ADDRESS

    def run() -> Result:
        nonlocal address
        address = address_of_creation(execution, request.source, request.data, salt)
        return run_creation(execution, _transaction(request), salt)

    executed = _execute(execution, request, options, run)
    if execution.meter is not None and execution.meter.exceeded:
        address = NO_ADDRESS
    return CreateInfo(executed.reason, address, executed.used_gas, executed.weight_info, execution.substate.logs)


def _transaction(request: Request) -> Transaction:
    """Return the part of a request that the engine needs."""
    return Transaction(
        request.source, request.value, request.data, request.gas_limit, request.access_list, request.authorizations
    )


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
