"""What calls cost on the real chain's runtime, for tests that compare it with the benchmarked figures."""

from __future__ import annotations

from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.weight import DispatchInfo, Weight, weight_of

RUNTIME = spec_425()
#: What the guard of coldkeys being swapped adds to the weight of every call: its benchmark and two reads.
GUARD = weight_of(17_583_000, 4198, reads=2)


def info(call: Call) -> DispatchInfo:
    """Return what a call costs, the guards included."""
    return RUNTIME.info(call)


def weight(call: Call) -> Weight:
    """Return the declared weight of a call, the guards included."""
    return RUNTIME.info(call).call_weight


def own_info(call: Call) -> DispatchInfo:
    """Return what a call costs by itself: its own guards are left out, those of the calls inside of it are not."""
    return call.function.info(call.args, RUNTIME.info)
