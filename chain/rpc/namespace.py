"""Methods, and their declaration: a decorated function with the method's name and typed parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from .params import Convert, converter

Handler = TypeVar("Handler", bound=Callable[..., Any])


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


class Namespace:
    """The methods of one file. A decorator registers a function by its name, with parameters by its annotations."""

    def __init__(self) -> None:
        self.methods: dict[str, Method] = {}

    def method(self, *aliases: str, unsafe: bool = False, sealing: bool = False) -> Callable[[Handler], Handler]:
        """Register a function under its name and the aliases. Making blocks is for operators, too."""

        def register(handler: Handler) -> Handler:
            name = handler.__name__
            found = Method(name, handler, _params(handler, 1), unsafe=unsafe or sealing, sealing=sealing)
            self.add(found, [name, *aliases])
            return handler

        return register

    def subscription(
        self, notification: str, *aliases: str, ended_by: Sequence[str], unsafe: bool = False
    ) -> Callable[[Handler], Handler]:
        """Register a function that subscribes to `notification`s; `ended_by` are the methods that unsubscribe."""

        def register(handler: Handler) -> Handler:
            name = handler.__name__
            found = Method(name, handler, _params(handler, 2), notification, unsafe=unsafe)
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
