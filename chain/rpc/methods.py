"""The table of methods: each is a function named as the method, registered by a decorator, with typed parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from .params import Convert, converter

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `handler` takes the node (a subscription's: the subscription, too) and the parameters."""

    name: str
    handler: Callable[..., Any]
    params: Sequence[tuple[Convert, bool]]
    #: The method name of its notifications, when it subscribes.
    notification: str | None = None
    #: Whether it ends a subscription.
    ends: bool = False
    #: Whether only the operator may call it.
    unsafe: bool = False
    #: Whether it is there only where blocks are made on demand.
    sealing: bool = False


METHODS: dict[str, Method] = {}


def _register(method: Method, names: Sequence[str]) -> None:
    for name in names:
        if name in METHODS:
            raise TypeError(f"the method {name} is registered twice")
        METHODS[name] = method


def _params(handler: Callable[..., Any], skipped: int) -> list[tuple[Convert, bool]]:
    hints = get_type_hints(handler, include_extras=True)
    hints.pop("return", None)
    return [converter(hint) for hint in list(hints.values())[skipped:]]


def method(*aliases: str, unsafe: bool = False, sealing: bool = False) -> Callable[[Handler], Handler]:
    """Serve a function under its name and the aliases."""

    def register(handler: Handler) -> Handler:
        name = handler.__name__
        found = Method(name, handler, _params(handler, 1), unsafe=unsafe, sealing=sealing)
        _register(found, [name, *aliases])
        return handler

    return register


def subscription(
    notification: str, *aliases: str, ended_by: Sequence[str], unsafe: bool = False
) -> Callable[[Handler], Handler]:
    """Serve a function that subscribes; its notifications are called `notification`, `ended_by` name what ends it."""

    def register(handler: Handler) -> Handler:
        name = handler.__name__
        found = Method(name, handler, _params(handler, 2), notification, unsafe=unsafe)
        _register(found, [name, *aliases])
        _register(Method(ended_by[0], handler, (), ends=True), ended_by)
        return handler

    return register
