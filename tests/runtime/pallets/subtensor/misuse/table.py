"""Tables of misuse: for each call of the pallets of subnets and each kind either a misuse or the reason for none.

    table = Table()

    @table.misuse("set_weights", Kind.FAST, Error.SettingWeightsTooFast)
    def twice_in_a_row(world: World) -> Attempt:
        ...
        return VALIDATOR, set_weights.call(...)

    table.never(Kind.FAST, "root has no rate limit", "sudo_set_kappa", ...)

The function builds a world in which only that one condition is violated, and returns the caller and the call.
`test_misuse_by_kind.py` makes the attempt, which must fail with this error and change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial, wraps

from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import AnyError
from pysubtensor.runtime.frame.origin import Origin
from pysubtensor.runtime.pallets import admin_utils, mev_shield, swap, system
from pysubtensor.runtime.pallets.commitments import calls as commitments
from pysubtensor.runtime.pallets.crowdloan import calls as crowdloan
from pysubtensor.runtime.pallets.drand import calls as drand
from pysubtensor.runtime.pallets.limit_orders import calls as limit_orders
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.pallets.subtensor.neurons.uids import set_element_at
from pysubtensor.runtime.pallets.subtensor.storage.neurons import ValidatorPermit

from tests.world import BOB, FERDIE, AddDynamicNetwork, AddNetwork, AddNeuron, SetConstant

#: The pallets whose calls are misused.
PALLETS = (
    subtensor.pallet,
    admin_utils.pallet,
    commitments.pallet,
    swap.pallet,
    mev_shield.pallet,
    crowdloan.pallet,
    limit_orders.pallet,
    drand.pallet,
)
#: The owner of the subnet of a world; a funded account, as the other three.
OWNER = BOB
#: A funded account that owns nothing and is registered nowhere.
STRANGER = FERDIE
NETUID = 1


class Kind(Enum):
    """The mistake in a call that the right account makes for an existing subnet."""

    EARLY = "too early or too late"
    FAST = "too fast: the rate limit has not passed"
    MUCH = "too much or too little: an amount or a value outside of its bounds"
    LENGTHS = "wrong lengths: lists that do not match each other or their bounds"
    TWICE = "duplicates: an element that must be unique occurs twice or exists already"


#: The caller (an account or an origin) and the call.
Attempt = tuple[bytes | Origin, Call]


@dataclass
class World:
    """A small chain to which misuses add subnets and neurons."""

    ctx: Context
    add_network: AddNetwork
    add_dynamic_network: AddDynamicNetwork
    add_neuron: AddNeuron
    #: Dispatch a call, which must succeed.
    do: Callable[[bytes | Origin, Call], object]
    #: Set a constant to another value, in this world only.
    set_constant: SetConstant

    def subnet(self, netuid: int = NETUID, tempo: int = 10, owner: bytes = OWNER) -> int:
        """Add a started subnet without neurons."""
        return self.add_network(netuid, tempo, owner)

    def neuron(self, hotkey: bytes, coldkey: bytes | None = None, *, permit: bool = False, netuid: int = NETUID) -> int:
        """Add a neuron, whose coldkey is its hotkey by default, and a validator's permit on demand; return its uid."""
        uid = self.add_neuron(netuid, hotkey, coldkey or hotkey)
        if permit:
            set_element_at(self.ctx, ValidatorPermit, netuid, uid, 1)
        return uid

    def go_to(self, number: int) -> None:
        """Set the block number, without executing the blocks between."""
        self.ctx.block.number = number
        system.Number.put(self.ctx, number)


@dataclass(frozen=True)
class Misuse:
    """One misuse of one call, and its error."""

    call: str
    kind: Kind
    error: AnyError
    attempt: Callable[[World], Attempt]

    def __str__(self) -> str:
        return f"{self.call}-{self.kind.name}-{self.attempt.__name__}"


@dataclass
class Table:
    """The misuses of one file, and the reasons for calls without a misuse of a kind: (call, kind) -> reason."""

    misuses: list[Misuse] = field(default_factory=list)
    exempt: dict[tuple[str, Kind], str] = field(default_factory=dict)

    def misuse(
        self, call: str, kind: Kind, error: AnyError
    ) -> Callable[[Callable[[World], Attempt]], Callable[[World], Attempt]]:
        """Add the decorated attempt; one attempt may be added for several calls and kinds."""

        def add(attempt: Callable[[World], Attempt]) -> Callable[[World], Attempt]:
            self.misuses.append(Misuse(call, kind, error, attempt))
            return attempt

        return add

    def misuse_of_each(
        self, calls: Iterable[str], kind: Kind, error: AnyError
    ) -> Callable[[Callable[[World, str], Attempt]], Callable[[World, str], Attempt]]:
        """Add the decorated attempt for each of several calls that share a rule; its `call` is the name of the call."""

        def add(attempt: Callable[[World, str], Attempt]) -> Callable[[World, str], Attempt]:
            for call in calls:
                self.misuse(call, kind, error)(wraps(attempt)(partial(attempt, call=call)))
            return attempt

        return add

    def never(self, kind: Kind, why: str, *calls: str) -> None:
        """Add the reason why these calls cannot be misused in this way."""
        for call in calls:
            assert (call, kind) not in self.exempt, f"{call} is exempt from {kind.name} twice"
            self.exempt[call, kind] = why

    def open_to_root(self, *calls: str, but: tuple[Kind, ...] = ()) -> None:
        """Exempt calls that root makes with any arguments at any time, except from the kinds `but`."""
        for kind in Kind:
            if kind not in but:
                self.never(kind, "root sets any value, at any time", *calls)
