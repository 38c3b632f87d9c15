"""Parsing the forms in which tools write enums, eras and calls; and the limit of nesting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..frame.call import CallDef
from ..frame.pallet import Pallet
from ..scale.reader import MAX_DEPTH
from .errors import PlainError, expected
from .leaves import is_integer, octets
from .names import find_call

#: A call within a call takes three levels: pallet, call, argument.
MAX_PLAIN_DEPTH = 4 * MAX_DEPTH
_CALL = re.compile(r"\s*(\w+)\.(\w+)\s*\((.*)\)\s*", re.DOTALL)
_CALL_FORMS = '{"Pallet": {"call": {arguments}}} or "Pallet.call({arguments})"'
_ERA_FORMS = '"Immortal" or {"Mortal": [period, phase]}'


def check_depth(value: Any) -> None:
    """Refuse a value that is nested too deeply, before anything recurses into it."""
    level = [value]
    for _ in range(MAX_PLAIN_DEPTH):
        level = [part for each in level for part in parts_of(each)]
        if not level:
            return
    raise PlainError(f"expected a value that is nested at most {MAX_PLAIN_DEPTH} deep")


def parts_of(value: Any) -> Iterable[Any]:
    """Return what a plain value contains."""
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def is_nothing(value: Any) -> bool:
    """Return whether a value stands for no content: null, an empty list or an empty object."""
    return value is None or (isinstance(value, Mapping | list | tuple) and not value)


def tagged(what: str, value: Any) -> tuple[str, Any]:
    """Return name and content of `{"Name": content}`, of `("Name", content)`, or of a name alone."""
    if isinstance(value, str):
        return value, None
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, content),) = value.items()
        if isinstance(name, str):
            return name, content
    if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[0], str):
        return value[0], value[1]
    raise expected(what, value)


def require_no_fields(name: str, content: Any) -> None:
    if not is_nothing(content):
        raise expected("nothing", content).inside(name)


def era_parts(value: Any) -> tuple[Any, Any]:
    """Return period and phase as they are written; `current` is the number of a block in the era."""
    parts: Any = None
    if isinstance(value, Mapping) and value.keys() == {"period", "phase"}:
        parts = [value["period"], value["phase"]]
    elif isinstance(value, Mapping) and value.keys() == {"period", "current"}:
        period, current = value["period"], value["current"]
        if is_integer(period) and is_integer(current) and period > 0 and current >= 0:
            parts = [period, current % period]
    elif isinstance(value, Mapping) and value.keys() == {"Mortal"}:
        parts = value["Mortal"]
    if not isinstance(parts, list | tuple) or len(parts) != 2 or not all(is_integer(part) for part in parts):
        raise expected(_ERA_FORMS, value)
    return parts[0], parts[1]


def call_parts(by_index: Mapping[int, Pallet], value: Any) -> tuple[CallDef[Any], Any]:
    """Return the call that is meant, and its arguments as they are written; `by_index` are a runtime's pallets."""
    pallets = by_index.values()
    if isinstance(value, str):
        pallet, call, arguments = _call_of_text(value)
        return find_call(pallets, pallet, call), arguments
    if isinstance(value, Mapping) and {"call_module", "call_function"} <= value.keys():
        function = find_call(pallets, str(value["call_module"]), str(value["call_function"]))
        return function, _named_arguments(value.get("call_args", {}))
    if isinstance(value, Mapping) and "callIndex" in value:
        return _call_of_index(by_index, octets(value["callIndex"])), value.get("args", {})
    pallet, inner = tagged(_CALL_FORMS, value)
    call, arguments = tagged(_CALL_FORMS, inner)
    return find_call(pallets, pallet, call), {} if arguments is None else arguments


def _named_arguments(arguments: Any) -> Any:
    """Return arguments that are written as a list of `{"name": …, "value": …}` as an object."""
    if not isinstance(arguments, list | tuple) or not all(isinstance(each, Mapping) for each in arguments):
        return arguments
    if any(not {"name", "value"} <= each.keys() for each in arguments):
        raise expected('a list of {"name": …, "value": …}', arguments)
    return {str(each["name"]): each["value"] for each in arguments}


def _call_of_index(by_index: Mapping[int, Pallet], index: bytes) -> CallDef[Any]:
    pallet = by_index.get(index[0]) if len(index) == 2 else None
    if pallet is None or index[1] not in pallet.calls:
        raise expected("the two indices of a call, such as 0x0503", "0x" + index.hex())
    return pallet.calls[index[1]]


def _call_of_text(text: str) -> tuple[str, str, Any]:
    import json  # few calls are written as text

    match = _CALL.fullmatch(text)
    if match is None:
        raise expected(_CALL_FORMS, text)
    try:
        return match[1], match[2], json.loads(match[3].strip() or "{}")
    except ValueError as error:
        raise PlainError(f"expected the arguments as JSON: {error}").inside(f"{match[1]}.{match[2]}") from None
