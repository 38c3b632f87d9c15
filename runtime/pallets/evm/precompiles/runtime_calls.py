"""Dispatch (6): the input is an encoded call of the runtime, which is dispatched as the account of the caller."""

from __future__ import annotations

from ....frame.nested import attempt
from ....frame.origin import signed
from ....frame.weight import DispatchClass, Pays
from ....scale import ScaleError
from .dispatching import charge_actual, decode_call, dispatch_failed, is_charged, require_gas_for
from .errors import failed
from .handle import Handle


def run(handle: Handle) -> bytes:
    """Dispatch the call and charge its actual weight; bytes after the call are ignored.

    Only calls of the class Normal that pay fees may be dispatched. A failed call costs what is left of the frame's gas.
    """
    try:
        call = decode_call(handle, handle.input)
    except ScaleError:
        raise failed("decode failed") from None
    info = handle.ctx.runtime.info(call)
    weight = info.total_weight
    require_gas_for(handle, weight)
    if info.pays_fee is not Pays.Yes or info.class_ is not DispatchClass.Normal:
        raise failed("invalid call")
    handle.gas.record_weight(weight.ref_time, weight.proof_size)
    outcome = attempt(handle.ctx, signed(handle.caller_account), call)
    if outcome.error is not None:
        raise dispatch_failed(handle, outcome)
    if is_charged(info, outcome):
        # Unlike `dispatch`, the actual weight is not limited to the declared one.
        charge_actual(handle, info, weight if outcome.post.actual_weight is None else outcome.post.actual_weight)
    return b""
