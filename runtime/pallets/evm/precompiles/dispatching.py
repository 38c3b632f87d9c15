"""Dispatches calls of the chain's pallets for precompiles, with their weight as gas."""

from __future__ import annotations

from ....frame.call import RUNTIME_CALL, Call, nesting_depth
from ....frame.nested import NestedResult, attempt
from ....frame.origin import signed
from ....frame.runtime import runtime_of
from ....frame.weight import DispatchInfo, Pays, Weight
from ....scale import BoundedReader, ScaleError
from .error_texts import error_text
from .errors import PrecompileFailed, failed, out_of_gas
from .handle import WEIGHT_PER_GAS, Handle

#: How deep the containers and calls of an encoded call may nest.
MAX_DEPTH = 8


def decode_call(handle: Handle, data: bytes) -> Call:
    """Return the call that data begins with; raise ScaleError when it is none or nests too deep.

    Its memory is limited as that of a transaction's call: the genuine runtime has no more to decode it into.
    """
    runtime = runtime_of(handle.ctx)
    call = RUNTIME_CALL.read(BoundedReader(data, scope=runtime))
    if nesting_depth(call, runtime.pause) > MAX_DEPTH:
        raise ScaleError(f"nested deeper than {MAX_DEPTH} levels")
    return call


def dispatch(handle: Handle, call: Call, account: bytes | None = None) -> None:
    """Dispatch a call as `account`, by default the caller's; guards and filters apply.

    The frame's gas must be enough for the declared weight; the actual weight is charged. A failed call fails the
    precompile, and is charged too.
    """
    info = handle.ctx.runtime.info(call)
    record_declared(handle, info)
    outcome = attempt(handle.ctx, signed(handle.caller_account if account is None else account), call)
    if is_charged(info, outcome):
        charge_actual(handle, info, outcome.weight(info))
    if outcome.error is not None:
        raise dispatch_failed(handle, outcome)


def record_declared(handle: Handle, info: DispatchInfo) -> None:
    """Record the declared weight of a call; raise OutOfGas when the frame's gas limit does not cover it."""
    weight = info.total_weight
    require_gas_for(handle, weight)
    handle.gas.record_weight(weight.ref_time, weight.proof_size)


def require_gas_for(handle: Handle, weight: Weight) -> None:
    """Raise OutOfGas unless the gas that the frame began with covers a weight."""
    if weight.ref_time > handle.gas.limit * WEIGHT_PER_GAS:
        raise out_of_gas()


def is_charged(info: DispatchInfo, outcome: NestedResult) -> bool:
    """Return whether a dispatched call is paid for, by its declaration and by its own report."""
    return info.pays_fee is Pays.Yes and outcome.post.pays_fee is Pays.Yes


def charge_actual(handle: Handle, info: DispatchInfo, actual: Weight) -> None:
    """Charge the gas for the actual weight of a call, and refund the recorded weight that it did not need."""
    handle.gas.charge(actual.ref_time // WEIGHT_PER_GAS)
    unused = info.total_weight - actual
    handle.gas.refund_weight(unused.ref_time, unused.proof_size)


def dispatch_failed(handle: Handle, outcome: NestedResult) -> PrecompileFailed:
    """Return the error for a call that failed."""
    if outcome.error is None:
        return failed("dispatch execution failed")
    return failed(f"dispatch execution failed: {error_text(runtime_of(handle.ctx), outcome.error)}")
