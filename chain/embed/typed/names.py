"""The attributes of a chain that name what its runtime declares, such as `chain.storage.SubtensorModule.Tempo`.

Each is found by its exact name when it is first used, and kept; an unknown name raises AttributeError, which lists
similar names. The functions return Any, because type checkers and editors see the classes of `declared` instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ....genesis import accounts
from ....runtime.client.from_plain import Options, call_from_plain
from ....runtime.client.names import find_call, unknown
from ....runtime.client.receipt import Receipt
from ....runtime.frame.call import Call, CallDef
from ....runtime.frame.pallet import Pallet
from ....runtime.frame.runtime import Runtime
from ....runtime.frame.storage import StorageDoubleMap, StorageItem, StorageMap, StorageValue
from .items import DoubleMap, Item, Map, MultiMap, Source, Value

if TYPE_CHECKING:
    from ....runtime.client.plain import SigningKey

T = TypeVar("T")
#: Signs a call, includes it in a block and returns the receipt: `Chain.execute`.
Execute = Callable[[Call, Any], Receipt]
#: Returns the answer of a runtime API: `Chain.ask`.
Ask = Callable[..., Any]


class Names:
    """Attributes made at first use: `make` returns the one that a declaration becomes."""

    def __init__(self, what: str, declared: Mapping[str, T], make: Callable[[T], Any]) -> None:
        self._what, self._declared, self._make = what, declared, make

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self._declared:
            raise AttributeError(str(unknown(self._what, name, self._declared)))
        made = self._make(self._declared[name])
        setattr(self, name, made)
        return made

    def __dir__(self) -> list[str]:
        return sorted(self._declared)

    def __repr__(self) -> str:
        return f"<{len(self._declared)} names, each a {self._what}>"


def _by_pallet(runtime: Runtime, what: str, declared: Callable[[Pallet], Mapping[str, T]], make: Any) -> Any:
    """Return names of pallets, which have names of their declarations; a pallet without any is left out."""
    pallets = {pallet.name: declared(pallet) for pallet in runtime.pallets if declared(pallet)}
    named = {name: partial(Names, f"{what} of {name}", rows, make) for name, rows in pallets.items()}
    return Names(f"pallet with a {what}", named, lambda names: names())


# --- calls and transactions ------------------------------------------------------------------------------------


def calls(runtime: Runtime) -> Any:
    """Return the names of all calls; each is a function that returns a Call."""
    return _by_pallet(runtime, "call", _calls_of, partial(_call_maker, runtime))


def transactions(runtime: Runtime, execute: Execute) -> Any:
    """Return the names of all calls; each is a function that signs the call and includes it in a block."""
    return _by_pallet(runtime, "call", _calls_of, partial(_executor, runtime, execute))


def _calls_of(pallet: Pallet) -> dict[str, CallDef[Any]]:
    return {call.name: call for call in pallet.calls.values()}


def _call_maker(runtime: Runtime, function: CallDef[Any]) -> Callable[..., Call]:
    def make(**arguments: Any) -> Call:
        return call_from_plain(function, arguments, Options(runtime, amounts=True))

    return _documented(make, function)


def _executor(runtime: Runtime, execute: Execute, function: CallDef[Any]) -> Callable[..., Receipt]:
    make = _call_maker(runtime, function)

    def run(*, signer: SigningKey, sudo: bool = False, **arguments: Any) -> Receipt:
        call = make(**arguments)
        return execute(find_call(runtime.pallets, "Sudo", "sudo").call(call) if sudo else call, signer)

    return _documented(run, function)


def _documented(made: Callable[..., T], function: CallDef[Any]) -> Callable[..., T]:
    made.__name__, made.__qualname__ = function.name, f"{function.pallet.name}.{function.name}"
    made.__doc__ = function.docs
    return made


# --- storage, runtime APIs, constants, events ------------------------------------------------------------------


def storage(source: Source) -> Any:
    """Return the names of all storage items."""

    def item_of(item: StorageItem[Any, Any]) -> Item:
        if isinstance(item, StorageValue):
            return Value(source, item)
        if isinstance(item, StorageMap):
            return Map(source, item)
        return DoubleMap(source, item) if isinstance(item, StorageDoubleMap) else MultiMap(source, item)

    return _by_pallet(source.runtime, "storage item", lambda pallet: pallet.storage, item_of)


def apis(runtime: Runtime, ask: Ask) -> Any:
    """Return the names of all runtime APIs; each has its methods as functions of plain arguments."""

    def method_of(api: str, name: str) -> Callable[..., Any]:
        def answer(*arguments: Any, at: Any = None) -> Any:
            return ask(f"{api}.{name}", *arguments, at=at)

        answer.__name__, answer.__qualname__ = name, f"{api}.{name}"
        answer.__doc__ = runtime.api_methods[f"{api}_{name}"].docs
        return answer

    named = {
        api.name: partial(Names, f"method of {api.name}", {m: m for m in api.methods}, partial(method_of, api.name))
        for api in runtime.apis
    }
    return Names("runtime API", named, lambda names: names())


def constants(runtime: Runtime) -> Any:
    """Return the names of all constants; each is its value on this chain."""
    return _by_pallet(runtime, "constant", lambda pallet: pallet.constants, runtime.constant_values.__getitem__)


def events(runtime: Runtime) -> Any:
    """Return the names of all events; each is the class of its values."""
    return _by_pallet(runtime, "event", _events_of, lambda event: event)


def _events_of(pallet: Pallet) -> dict[str, type[Any]]:
    scale = pallet.event.scale if pallet.event else None
    return {scale.names[index]: cls for index, cls in scale.by_index.items()} if scale else {}


def development_accounts() -> Any:
    """Return the names of the development accounts in small letters; each is its key pair."""
    return Names("development account", {name.lower(): name for name in accounts.ACCOUNTS}, accounts.keypair)
