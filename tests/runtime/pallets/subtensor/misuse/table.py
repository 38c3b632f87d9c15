"""How calls are misused: by kind, and for each call of the pallets of subnets either a misuse or the reason for none.

    table = Table()

    @table.misuse("set_weights", Kind.FAST, Error.SettingWeightsTooFast)
    def twice_in_a_row(world: World) -> Attempt:
        ...
        return VALIDATOR, set_weights.call(...)

    table.never(Kind.FAST, "root changes it as often as it likes", "sudo_set_kappa", ...)

The function builds a world in which everything but that one thing is in order, and gives who calls what.
`test_misuse_by_kind.py` makes the attempt: it has to fail with this very error, and to change nothing.
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
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.subtensor.neurons.uids import set_element_at
from pysubtensor.runtime.pallets.subtensor.storage.neurons import ValidatorPermit

from tests.world import BOB, FERDIE, AddDynamicNetwork, AddNetwork, AddNeuron, SetConstant

#: Who owns the subnet of a world; a funded account, as the other three.
OWNER = BOB
#: A funded account that owns nothing and is registered nowhere.
STRANGER = FERDIE
NETUID = 1


class Kind(Enum):
    """What is wrong with a call that the right account makes of a subnet that there is."""

    EARLY = "too early, or too late: the time for it has not come or is over"
    FAST = "too fast: the last time was a short time ago"
    MUCH = "too much or too little: an amount or a value outside of its bounds"
    LENGTHS = "wrong lengths: lists that do not fit each other or their bounds"
    TWICE = "duplicates: what must be there once is there twice, or is there already"


#: Who makes a call (an account or an origin), and the call.
Attempt = tuple[bytes | Origin, Call]


@dataclass
class World:
    """A small chain in which subnets and neurons are made by hand."""

    ctx: Context
    add_network: AddNetwork
    add_dynamic_network: AddDynamicNetwork
    add_neuron: AddNeuron
    #: Makes a call, which has to succeed.
    do: Callable[[bytes | Origin, Call], object]
    #: Gives a constant another value, in this world alone.
    set_constant: SetConstant

    def subnet(self, netuid: int = NETUID, tempo: int = 10, owner: bytes = OWNER) -> int:
        """A started subnet without neurons."""
        return self.add_network(netuid, tempo, owner)

    def neuron(self, hotkey: bytes, coldkey: bytes | None = None, *, permit: bool = False, netuid: int = NETUID) -> int:
        """A neuron, of its own hotkey unless a coldkey is named, with a validator's permit if asked for; its uid."""
        uid = self.add_neuron(netuid, hotkey, coldkey or hotkey)
        if permit:
            set_element_at(self.ctx, ValidatorPermit, netuid, uid, 1)
        return uid

    def go_to(self, number: int) -> None:
        """Make it another block, without any of the work of those between."""
        self.ctx.block.number = number
        system.Number.put(self.ctx, number)


@dataclass(frozen=True)
class Misuse:
    """One way to misuse one call, and the error that the chain answers with."""

    call: str
    kind: Kind
    error: AnyError
    attempt: Callable[[World], Attempt]

    def __str__(self) -> str:
        return f"{self.call}-{self.kind.name}-{self.attempt.__name__}"


@dataclass
class Table:
    """The misuses that one file names, and what cannot be misused in some way: (call, kind) -> why not."""

    misuses: list[Misuse] = field(default_factory=list)
    exempt: dict[tuple[str, Kind], str] = field(default_factory=dict)

    def misuse(
        self, call: str, kind: Kind, error: AnyError
    ) -> Callable[[Callable[[World], Attempt]], Callable[[World], Attempt]]:
        """Add the decorated attempt; the same one may stand for several calls and kinds."""

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
        """Say why these calls cannot be misused in this way."""
        for call in calls:
            assert (call, kind) not in self.exempt, f"{call} is exempt from {kind.name} twice"
            self.exempt[call, kind] = why

    def open_to_root(self, *calls: str, but: tuple[Kind, ...] = ()) -> None:
        """Root makes these calls with any arguments at any time; `but` names the kinds of misuse that there are."""
        for kind in Kind:
            if kind not in but:
                self.never(kind, "root sets any value, at any time", *calls)
