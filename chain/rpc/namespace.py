"""Methods, and their declaration: a decorated function with the method's name and typed parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar, get_type_hints

from .params import Convert, converter, in_order

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Cost(Enum):
    """How long a call of a method may take."""

    #: Less than a millisecond, whatever the parameters.
    LIGHT = "light"
    #: Some milliseconds, in one piece on the live state.
    SHORT = "short"
    #: As `LIGHT` in a short request, as `LONG` in a longer one.
    BY_SIZE = "by size"
    #: Any time. The handler runs in slices (see `slices`): it may only use states that stay the same.
    LONG = "long"
    #: As `LONG`, and seconds are usual: it waits for its like alone. The handler limits its own time.
    RUN = "run"


#: The cost of all calls of a method, or a function of their parameters, in order but not converted.
CostOf = Cost | Callable[[Any], Cost]
#: Bytes of a request up to which methods of cost `BY_SIZE` are light.
SHORT_REQUEST = 8 * 1024


@dataclass(frozen=True, slots=True)
class Method:
    """A method. `handler` takes the node, then the subscription or the client if it needs one, and the parameters."""

    name: str
    handler: Callable[..., Any]
    params: Sequence[tuple[Convert, bool]]
    #: The names of the parameters, for clients that send an object: those of the genuine node, in snake case.
    names: Sequence[str] = ()
    #: The method name of its notifications, if it subscribes.
    notification: str | None = None
    #: Whether it ends a subscription.
    ends: bool = False
    #: Whether only the operator may call it.
    unsafe: bool = False
    #: Whether it is available only if blocks are made on demand.
    sealing: bool = False
    #: Whether the handler takes the client, which is None over HTTP.
    for_client: bool = False
    #: Whether it is for chains for tests. Its handler takes the parameters as they came.
    dev: bool = False
    cost: CostOf = Cost.LIGHT

    def cost_of(self, params: Any, size: int) -> Cost:
        """Return the cost of a call with these parameters in a request of `size` bytes; it is not `BY_SIZE`."""
        cost = self.cost if isinstance(self.cost, Cost) else self.cost(in_order(params, self.names))
        if cost is Cost.BY_SIZE:
            return Cost.LONG if size > SHORT_REQUEST else Cost.LIGHT
        return cost


class Namespace:
    """The methods of one file. A decorator registers a function by its name, with parameters by its annotations."""

    def __init__(self) -> None:
        self.methods: dict[str, Method] = {}

    def method(
        self,
        *aliases: str,
        named: Sequence[str] | None = None,
        for_client: bool = False,
        unsafe: bool = False,
        sealing: bool = False,
        cost: CostOf = Cost.LIGHT,
    ) -> Callable[[Handler], Handler]:
        """Register a function under its name and the aliases. Making blocks is for operators, too.

        `named` are the genuine node's names of the parameters, where the function has others.
        """

        def register(handler: Handler) -> Handler:
            name, private = handler.__name__, unsafe or sealing
            params, own = _params(handler, 2 if for_client else 1)
            found = Method(
                name,
                handler,
                params,
                named or own,
                for_client=for_client,
                unsafe=private,
                sealing=sealing,
                cost=cost,
            )
            self.add(found, [name, *aliases])
            return handler

        return register

    def subscription(
        self,
        notification: str,
        *aliases: str,
        ended_by: Sequence[str],
        named: Sequence[str] | None = None,
        unsafe: bool = False,
        cost: CostOf = Cost.LIGHT,
    ) -> Callable[[Handler], Handler]:
        """Register a function that subscribes to `notification`s; `ended_by` are the methods that unsubscribe."""

        def register(handler: Handler) -> Handler:
            name = handler.__name__
            params, own = _params(handler, 2)
            found = Method(name, handler, params, named or own, notification, unsafe=unsafe, cost=cost)
            self.add(found, [name, *aliases])
            self.add(Method(ended_by[0], handler, (), ends=True), ended_by)
            return handler

        return register

    def add(self, method: Method, names: Sequence[str]) -> None:
        """Register a method under these names; TypeError if one is taken."""
        for name in names:
            if name in self.methods:
                raise TypeError(f"the method {name} is registered twice")
            self.methods[name] = method


def _params(handler: Callable[..., Any], skipped: int) -> tuple[list[tuple[Convert, bool]], list[str]]:
    """Return the converters and the names of a handler's parameters after the first ones."""
    hints = get_type_hints(handler, include_extras=True)
    hints.pop("return", None)
    return [converter(hint) for hint in list(hints.values())[skipped:]], list(hints)[skipped:]
