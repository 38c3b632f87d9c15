"""Declares a precompile with Solidity functions: selectors and codecs are derived from their signatures.

    contract = Contract(2053, PrecompileEnum.Staking)

    @contract.view("getStake(bytes32,bytes32,uint256)", "uint256")
    def get_stake(handle: Handle, hotkey: bytes, coldkey: bytes, netuid: int) -> int: ...

A call is answered in the order of the chain: the switch of root, the selector, whether the function may be called in a
static context and may receive TAO, the arguments in their order, the function.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

from ....crypto.hashing import keccak_256
from ....frame.call import CallDef
from ....frame.storage import StorageMap
from ....scale.resolve import parameter_names
from ...admin_utils.pallet import PrecompileEnable, PrecompileEnum
from .abi import Packed, Reader, ReadError, Tuple, Type, encode_result, parse_type, split_types
from .dispatching import dispatch
from .errors import failed, reverted
from .handle import Handle, address_of

P = ParamSpec("P")
R = TypeVar("R")
Body = Callable[Concatenate[Handle, P], R]

SELECTOR_LENGTH = 4
NOTHING: Type = Tuple(())


class Kind(enum.Enum):
    """What a function may do: only read, change the state, or also receive TAO."""

    View = 0
    NonPayable = 1
    Payable = 2

    def check(self, handle: Handle) -> None:
        """Revert when the function may not be called so."""
        if handle.is_static and self is not Kind.View:
            raise reverted("Can't call non-static function in static context")
        if handle.value and self is not Kind.Payable:
            raise reverted("Function is not payable")


@dataclass(frozen=True, slots=True)
class Function:
    """A Solidity function with its body; the names of the arguments appear in errors."""

    signature: str
    kind: Kind
    names: Sequence[str]
    arguments: Sequence[Type]
    returns: Type
    body: Callable[..., Any]

    def run(self, handle: Handle) -> bytes:
        """Answer a call whose selector is that of the function."""
        self.kind.check(handle)
        try:
            arguments = self.read_arguments(handle.input)
        except ReadError as error:
            raise reverted(str(error)) from error
        value = self.body(handle, *arguments)
        return b"" if self.returns is NOTHING else encode_result(self.returns, value)

    def read_arguments(self, data: bytes) -> list[Any]:
        """Return the arguments of an input that begins with the selector. Raises ReadError."""
        reader, values = Reader(data, SELECTOR_LENGTH), []
        reader.expect_arguments(len(self.arguments))
        for name, type_ in zip(self.names, self.arguments, strict=True):
            try:
                values.append(type_.read(reader))
            except ReadError as error:
                raise error.inside(name) from None
        return values


class Contract:
    """A precompile with Solidity functions, at an index that is its address."""

    def __init__(self, index: int, switch: PrecompileEnum) -> None:
        self.index, self.switch = index, switch
        self.functions: dict[str, Function] = {}

    @property
    def address(self) -> bytes:
        """The address, 20 bytes."""
        return address_of(self.index)

    @cached_property
    def by_selector(self) -> dict[bytes, Function]:
        """The functions by the first bytes of the hash of their signature."""
        return {keccak_256(name.encode())[:SELECTOR_LENGTH]: function for name, function in self.functions.items()}

    def run(self, handle: Handle) -> bytes:
        """Answer a call. Raises Reverted or PrecompileFailed."""
        if not PrecompileEnable.get(handle.ctx, self.switch):
            raise failed(f"Precompile {self.switch.name} is disabled")
        if len(handle.input) < SELECTOR_LENGTH:
            raise reverted("Tried to read selector out of bounds")
        function = self.by_selector.get(handle.input[:SELECTOR_LENGTH])
        if function is None:
            raise reverted("Unknown selector")
        return function.run(handle)

    # --- declarations --------------------------------------------------------------------------------------

    def view(self, signature: str, returns: str) -> Callable[[Body[P, R]], Body[P, R]]:
        """Declare a function that only reads, and the type that it returns."""
        return self._declare(signature, Kind.View, parse_type(returns))

    def call(
        self, signature: str, *, payable: bool = False, returns: str = "()", most: Mapping[str, int] | None = None
    ) -> Callable[[Body[P, R]], Body[P, R]]:
        """Declare a function that changes the state; `most` has the longest lengths of arguments, in bytes."""
        kind = Kind.Payable if payable else Kind.NonPayable
        return self._declare(signature, kind, parse_type(returns) if returns != "()" else NOTHING, most)

    def item(self, signature: str, returns: str, item: StorageMap[int, Any, Any]) -> None:
        """Declare a view of the value of a storage item on a subnet, which costs a read."""

        def get(handle: Handle, netuid: int) -> Any:
            handle.charge_reads(1)
            return item.get(handle.ctx, netuid)

        self.view(signature, returns)(get)

    def forward(self, signature: str, call: CallDef[Any], *, payable: bool = True) -> None:
        """Declare a function that dispatches a pallet's call with the same arguments, as the caller."""

        def run(handle: Handle, *arguments: Any) -> None:
            dispatch(handle, call.call(*arguments))

        names = parameter_names(call.body)[1:]
        self._add(signature, Kind.Payable if payable else Kind.NonPayable, names, NOTHING, run)

    def _declare(
        self, signature: str, kind: Kind, returns: Type, most: Mapping[str, int] | None = None
    ) -> Callable[[Body[P, R]], Body[P, R]]:
        def declare(body: Body[P, R]) -> Body[P, R]:
            self._add(signature, kind, parameter_names(body)[1:], returns, body, most or {})
            return body

        return declare

    def _add(
        self,
        signature: str,
        kind: Kind,
        names: Sequence[str],
        returns: Type,
        body: Callable[..., Any],
        most: Mapping[str, int] | None = None,
    ) -> None:
        arguments = [parse_type(text) for text in split_types(signature[signature.index("(") :])]
        if len(arguments) != len(names) or signature in self.functions:
            raise TypeError(f"{signature}: expected a new signature with {len(names)} arguments")
        for name, longest in (most or {}).items():
            at = names.index(name)
            arguments[at] = Packed(arguments[at].name, longest)
        shown = [camel_case(name) for name in names]
        self.functions[signature] = Function(signature, kind, shown, arguments, returns, body)


def camel_case(name: str) -> str:
    """Return a name as Solidity writes it: "amountRao" for amount_rao."""
    first, *rest = name.strip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)
