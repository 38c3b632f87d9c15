"""Methods, and their declaration: a decorated function with the method's name and typed parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar, get_type_hints

from .params import Convert, converter

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


#: The cost of all calls of a method, or a function of their parameters as they came.
CostOf = Cost | Callable[[Any], Cost]
#: Bytes of a request up to which methods of cost `BY_SIZE` are light.
SHORT_REQUEST = 8 * 1024


@dataclass(frozen=True, slots=True)
class Method:
    """A method. `handler` takes the node, for subscriptions also the subscription, and the parameters."""

    name: str
    handler: Callable[..., Any]
    params: Sequence[tuple[Convert, bool]]
    #: The method name of its notifications, if it subscribes.
    notification: str | None = None
    #: Whether it ends a subscription.
    ends: bool = False
    #: Whether only the operator may call it.
    unsafe: bool = False
    #: Whether it is available only if blocks are made on demand.
    sealing: bool = False
    cost: CostOf = Cost.LIGHT

    def cost_of(self, params: Any, size: int) -> Cost:
        """Return the cost of a call with these parameters in a request of `size` bytes; it is not `BY_SIZE`."""
        cost = self.cost if isinstance(self.cost, Cost) else self.cost(params)
        if cost is Cost.BY_SIZE:
            return Cost.LONG if size > SHORT_REQUEST else Cost.LIGHT
        return cost


class Namespace:
    """The methods of one file. A decorator registers a function by its name, with parameters by its annotations."""

    def __init__(self) -> None:
        self.methods: dict[str, Method] = {}

    def method(
        self, *aliases: str, unsafe: bool = False, sealing: bool = False, cost: CostOf = Cost.LIGHT
    ) -> Callable[[Handler], Handler]:
        """Register a function under its name and the aliases. Making blocks is for operators, too."""

        def register(handler: Handler) -> Handler:
            name = handler.__name__
            private = unsafe or sealing
            found = Method(name, handler, _params(handler, 1), unsafe=private, sealing=sealing, cost=cost)
            self.add(found, [name, *aliases])
            return handler

        return register

    def subscription(
        self,
        notification: str,
        *aliases: str,
        ended_by: Sequence[str],
        unsafe: bool = False,
        cost: CostOf = Cost.LIGHT,
    ) -> Callable[[Handler], Handler]:
        """Register a function that subscribes to `notification`s; `ended_by` are the methods that unsubscribe."""

        def register(handler: Handler) -> Handler:
            name = handler.__name__
            found = Method(name, handler, _params(handler, 2), notification, unsafe=unsafe, cost=cost)
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


def _params(handler: Callable[..., Any], skipped: int) -> list[tuple[Convert, bool]]:
    hints = get_type_hints(handler, include_extras=True)
    hints.pop("return", None)
    return [converter(hint) for hint in list(hints.values())[skipped:]]
