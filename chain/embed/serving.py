"""Serving a chain that a program goes on using: its methods run in the server's thread, between two requests."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from ..chain import Blockchain
from ..errors import ChainError

if TYPE_CHECKING:
    from ..rpc.server import Running

Class = TypeVar("Class", bound=type[Blockchain])
Result = TypeVar("Result")

#: The sealing modes of a chain that has no time of its own.
MODES = ("instant", "manual", "embedded")


class Servers:
    """The server of a chain, if there is one."""

    def __init__(self, chain: Blockchain) -> None:
        self.running: Running | None = None


def exclusively(chain: Blockchain, action: Callable[[], Result]) -> Result:
    """Run an action on a chain: of a chain that is served, in the server's thread, between two requests."""
    running = chain.attached(Servers).running
    return action() if running is None or running.is_current_thread() else running.call(action)


def shared(cls: Class) -> Class:
    """Let the public methods of a class of chains run by `exclusively`."""
    for name in dir(cls):
        method = inspect.getattr_static(cls, name)
        public = inspect.isfunction(method) and not name.startswith("_") and name not in UNSHARED
        if public and not inspect.isgeneratorfunction(inspect.unwrap(method)):
            setattr(cls, name, _shared(method))
    return cls


#: Methods that check or look something up only, or wait for the server themselves.
UNSHARED = ("attached", "editable", "pending_context", "require_open", "serve")


def _shared(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def run(chain: Blockchain, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        running = chain.attached(Servers).running
        if running is None or running.is_current_thread():
            return method(chain, *args, **kwargs)
        return running.call(lambda: method(chain, *args, **kwargs))

    return run


@contextmanager
def served(chain: Blockchain, host: str | None, port: int, sealing: str) -> Iterator[Running]:
    """Serve a chain while the `with` block runs; ChainError for another sealing mode, and if it is served already."""
    from ..engine.local import LocalEngine, Sealing
    from ..rpc.server import running

    chain.require_open()
    if sealing not in MODES:
        raise ChainError(f"expected a sealing mode of {', '.join(MODES)}, got {sealing!r:.40}")
    servers = chain.attached(Servers)
    if servers.running is not None:
        raise ChainError(f"expected a chain that is not served yet, this one is at {servers.running.url}")
    final = chain.finality.lag
    with running(chain, host, port, engine=LocalEngine(chain, Sealing(sealing))) as server:
        servers.running = server
        try:
            yield server
        finally:
            servers.running = None
    chain.finality.lag = final
