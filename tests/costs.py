"""Costs of calls in the runtime of the real chain, for tests that compare them with the benchmarked figures."""

from __future__ import annotations

from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.weight import DispatchInfo, Weight, weight_of

RUNTIME = spec_425()
#: The weight that the guard of coldkey swaps adds to every call: its benchmark and two reads.
GUARD = weight_of(17_583_000, 4198, reads=2)


def info(call: Call) -> DispatchInfo:
    """Return the declared cost of a call, guards included."""
    return RUNTIME.info(call)


def weight(call: Call) -> Weight:
    """Return the declared weight of a call, guards included."""
    return RUNTIME.info(call).call_weight


def own_info(call: Call) -> DispatchInfo:
    """Return the declared cost of a call without its own guards; calls inside it have theirs."""
    return call.function.info(call.args, RUNTIME.info)
