"""Costs of calls in the runtime of the real chain, for tests that compare them with the benchmarked figures."""

from __future__ import annotations

from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.weight import DispatchInfo, Weight, weight_of

RUNTIME = spec_425()
#: The weight that the guard of coldkey swaps adds to every call: its benchmark and two reads.
GUARD = weight_of(17_583_000, 4198, reads=2)
#: What the extensions of every transaction add, in their order; CheckMortality depends on the era.
_EXTENSIONS = (
    Weight(570_000),  # non-zero sender
    Weight(430_000),  # spec version
    Weight(455_000),  # transaction version
    weight_of(3_577_000, reads=1),  # genesis: its hash is read without a proof
    Weight(0),  # nonce
    Weight(3_006_000),  # weight
    weight_of(35_979_000, 3593, reads=1, writes=1),  # payment
    weight_of(0, reads=3),  # who pays
    weight_of(1_000_000, reads=1),  # shielded transactions
    weight_of(17_583_000, 4198, reads=2),  # coldkeys being swapped
)
#: The same with CheckMortality: an immortal transaction proves nothing, a mortal one the hash of its era's first block.
IMMORTAL_EXTENSIONS = sum(_EXTENSIONS, weight_of(6_605_000, reads=1))
MORTAL_EXTENSIONS = sum(_EXTENSIONS, weight_of(6_703_000, 3509, reads=1))


def info(call: Call) -> DispatchInfo:
    """Return the declared cost of a call, guards included."""
    return RUNTIME.info(call)


def weight(call: Call) -> Weight:
    """Return the declared weight of a call, guards included."""
    return RUNTIME.info(call).call_weight


def own_info(call: Call) -> DispatchInfo:
    """Return the declared cost of a call without its own guards; calls inside it have theirs."""
    return call.function.info(call.args, RUNTIME.info)
