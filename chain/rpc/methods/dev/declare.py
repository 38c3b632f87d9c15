"""How `dev_*` methods are declared: parameters in order or as one object, and two errors.

An invalid argument is -32602 with its name, what was expected and what came. What the chain refuses is error 1 with the
reason, as Chopsticks has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

from .....consensus.integers import U32_MAX
from .....runtime.client.errors import PlainError
from .....runtime.client.leaves import is_integer
from .....runtime.scale import ScaleError
from .....runtime.scale.codec import shown
from ....arguments import SHOWN, account_of, netuid_of, rao_of
from ....clock import ClockError
from ....errors import ChainError
from ....history.blocks import NotProvable, StateDiscarded, UnknownBlock
from ....pool.rejections import Rejected
from ...errors import RpcError
from ...namespace import Cost, Handler, Method, Namespace
from ...node import Node

namespace = Namespace()

INVALID, REFUSED = -32602, 1
#: The name of a parameter that takes all names that are not another parameter's.
OTHERS = "others"
Convert = Callable[[Any], Any]


class Parameter(NamedTuple):
    """A parameter: its name as clients write it, its conversion, and whether it may be missing."""

    name: str
    convert: Convert
    optional: bool


def dev(handler: Handler) -> Handler:
    """Register a function as a method: its parameters after the node are annotated with the types below."""
    return register(handler, [handler.__name__])


def verb(*aliases: str) -> Callable[[Handler], Handler]:
    """Register a function as `dev` does, also under the names that other tools have for it."""
    return lambda handler: register(handler, [handler.__name__, *aliases])


def register(handler: Handler, names: Sequence[str]) -> Handler:
    """Register a function as a method under these names."""
    hints = get_type_hints(handler, include_extras=True)
    hints.pop("return", None)
    parameters = [_parameter(name, hint) for name, hint in list(hints.items())[1:]]

    def call(node: Node, params: Any) -> Any:
        arguments = read(params, parameters)
        try:
            return as_json(handler(node, *arguments))
        except (ChainError, ClockError, LookupError, Rejected, NotProvable, PlainError, ScaleError) as error:
            if isinstance(error, LookupError) and not isinstance(error, UnknownBlock | StateDiscarded):
                raise
            raise RpcError(REFUSED, str(error)) from error

    namespace.add(Method(names[0], call, (), unsafe=True, dev=True, cost=Cost.SHORT), names)
    return handler


def as_json(value: Any) -> Any:
    """Return a value as JSON can have it: integers of more than 64 bits as decimal text."""
    if isinstance(value, dict):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    return str(value) if type(value) is int and not -(1 << 63) <= value < 1 << 64 else value


def _parameter(name: str, hint: Any) -> Parameter:
    parts = get_args(hint)
    optional = type(None) in parts
    inner = next(part for part in parts if part is not type(None)) if optional else hint
    return Parameter(name, get_args(inner)[1], optional)


def read(params: Any, parameters: Sequence[Parameter]) -> list[Any]:
    """Return the arguments: from a list in order, an object by name, or a list that ends with such an object."""
    if params is None:
        params = []
    if isinstance(params, list) and len(params) == 1 and isinstance(params[0], dict) and _names(params[0], parameters):
        params = params[0]
    if isinstance(params, dict):
        params = _in_order(params, parameters)
    if isinstance(params, list) and len(params) > 1 and isinstance(params[-1], dict):
        first, last = params[:-1], params[-1]
        if last and {folded(name) for name in last} <= {folded(each.name) for each in parameters[len(first) :]}:
            params = _in_order(
                {each.name: value for each, value in zip(parameters, first, strict=False)} | last, parameters
            )
    if not isinstance(params, list):
        raise invalid(f"expected a list of parameters, or an object of them by name, got {shown(params, SHOWN)}")
    if len(params) > len(parameters):
        known = ", ".join(each.name for each in parameters) or "none"
        raise invalid(f"expected at most {len(parameters)} parameters ({known}), got {len(params)}")
    given = [*params, *[None] * (len(parameters) - len(params))]
    return [_converted(parameter, value) for parameter, value in zip(parameters, given, strict=True)]


def _names(given: Mapping[str, Any], parameters: Sequence[Parameter]) -> bool:
    """Return whether an object names parameters, and is not the value of the first one."""
    known = {folded(each.name) for each in parameters}
    return folded(OTHERS) in known or all(folded(name) in known for name in given)


def _in_order(given: Mapping[str, Any], parameters: Sequence[Parameter]) -> list[Any]:
    known = {folded(each.name): each.name for each in parameters}
    found: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for name, value in given.items():
        if folded(name) in known and known[folded(name)] != OTHERS:
            found[known[folded(name)]] = value
        else:
            others[name] = value
    if OTHERS in known.values():
        found[OTHERS] = others
    elif others:
        names = ", ".join(known.values()) or "none"
        raise invalid(f"there is no parameter {next(iter(others))}; known: {names}")
    return [found.get(each.name) for each in parameters]


def folded(name: str) -> str:
    """Return a name without case and `_`, by which parameters are found."""
    return name.replace("_", "").lower()


def _converted(parameter: Parameter, value: Any) -> Any:
    if value is None:
        if parameter.optional:
            return None
        raise invalid(f"{parameter.name} is missing")
    try:
        return parameter.convert(value)
    except (ValueError, TypeError) as error:
        raise invalid(f"{parameter.name}: {error}") from None


def invalid(why: str) -> RpcError:
    """Return the error for an invalid argument."""
    return RpcError(INVALID, f"Invalid params: {why}")


def refused(why: str) -> RpcError:
    """Return the error for what the chain refuses."""
    return RpcError(REFUSED, why)


# --- types of parameters -------------------------------------------------------------------------------------------


def _wrong(wanted: str, value: Any) -> ValueError:
    return ValueError(f"expected {wanted}, got {shown(value, SHOWN)}")


def _integer(wanted: str, low: int, high: int) -> Convert:
    def convert(value: Any) -> int:
        if isinstance(value, str) and value.removeprefix("-").isdecimal():
            value = int(value) if len(value) < 30 else value
        if not is_integer(value) or not low <= value <= high:
            raise _wrong(f"{wanted} from {low} to {high}", value)
        return int(value)

    return convert


def _of_type(wanted: str, type_: type[Any]) -> Convert:
    def convert(value: Any) -> Any:
        if not isinstance(value, type_):
            raise _wrong(wanted, value)
        return value

    return convert


def _plain(read_: Callable[[Any], Any]) -> Convert:
    def convert(value: Any) -> Any:
        try:
            return read_(value)
        except ChainError as error:
            raise ValueError(str(error).partition(": ")[2] or str(error)) from None

    return convert


def to_octets(value: Any) -> bytes:
    """Return bytes from hex."""
    if isinstance(value, str) and value.startswith("0x"):
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            pass
    raise _wrong("0x and pairs of hexadecimal digits", value)


def to_block(value: Any) -> bytes | int:
    """Return a block as its hash or its number, which may be negative: blocks back from the head."""
    if isinstance(value, str) and len(value) == 66:
        return to_octets(value)
    if is_integer(value) and abs(value) <= U32_MAX:
        return int(value)
    raise _wrong("a block: its hash (0x and 64 digits) or its number", value)


def list_of(convert: Convert) -> Convert:
    """Return the conversion of a list."""

    def of_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _wrong("a list", value)
        return [convert(each) for each in value]

    return of_all


Count = Annotated[int, _integer("a number", 0, U32_MAX)]
#: The node answers nothing else meanwhile: blocks of a small chain take about half a millisecond each.
MOST_BLOCKS, MOST_EPOCHS = 100_000, 1_000
Blocks = Annotated[int, _integer("a number of blocks", 0, MOST_BLOCKS)]
Epochs = Annotated[int, _integer("a number of epochs", 0, MOST_EPOCHS)]
Milliseconds = Annotated[int, _integer("milliseconds", 0, (1 << 53) - 1)]
Flag = Annotated[bool, _of_type("true or false", bool)]
Text = Annotated[str, _of_type("text", str)]
Texts = Annotated[list[str], list_of(_of_type("text", str))]
Object = Annotated[dict[str, Any], _of_type("an object", dict)]
Anything = Annotated[Any, lambda value: value]
Account = Annotated[bytes, _plain(account_of)]
Rao = Annotated[int, _plain(rao_of)]
NetUid = Annotated[int, _plain(netuid_of)]
Octets = Annotated[bytes, to_octets]
Block = Annotated[bytes | int, to_block]
Extrinsics = Annotated[list[bytes], list_of(to_octets)]
