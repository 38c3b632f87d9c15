"""Reading a running chain: storage items, constants and runtime APIs, printed for people or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..runtime.apis import APIS, ApiMethod
from ..runtime.client.errors import PlainError
from ..runtime.client.money import unit_of
from ..runtime.client.names import find_api, find_item, find_name
from ..runtime.client.to_plain import to_plain
from ..runtime.composition import PALLETS
from ..runtime.frame.storage import StorageItem
from .client import Client
from .derived.shown import shown
from .derived.values import read_value
from .derived.words import description, metavar
from .errors import Misused
from .output import emit_json, emit_rows, emit_value, flattened, print_message, wants_json
from .remote import Remote


def read_item(pallet: str, name: str, unit: str | None, keys: list[Any], url: str, at: str | None, limit: int) -> None:
    """Print the value of an item under these keys; with fewer keys, up to `limit` entries below them."""
    item = find_item(PALLETS, pallet, name)
    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        block = remote.block_hash(at)
        if len(keys) == len(item.keys_codec):
            value = remote.storage(item, keys, block)
            emit_value(None if value is None and item.optional else shown(item.codec, value, unit))
        else:
            emit_entries(item, unit, remote, keys, block, limit)


def emit_entries(
    item: StorageItem[Any, Any], unit: str | None, remote: Remote, first: list[Any], block: bytes, limit: int
) -> None:
    """Print up to `limit` entries of a map, and a message if there are more."""
    found = list(remote.entries(item, first, block, limit + 1))
    rows = []
    for parts, value in found[:limit]:
        keys = [None if p is None else to_plain(c, p) for c, p in zip(item.keys_codec, parts, strict=True)]
        rows.append((keys, shown(item.codec, value, unit)))
    if wants_json():
        emit_json([{"key": keys[0] if len(keys) == 1 else keys, "value": value} for keys, value in rows])
    elif rows:
        emit_rows(*table_of(rows))
    else:
        print_message("No entries.")
    if len(found) > limit:
        print_message(f"There are more than {limit} entries; show more of them with --limit.")


def table_of(rows: list[tuple[list[Any], Any]]) -> tuple[list[str], list[list[Any]]]:
    """Return columns and cells of entries: the parts of the keys, then the fields of records, or the value."""
    cells = [dict(flattened(value)) if isinstance(value, Mapping) else {"value": value} for _, value in rows]
    fields = list(dict.fromkeys(name for cell in cells for name in cell))
    count = len(rows[0][0])
    names = ["key"] if count == 1 else [f"key {place}" for place in range(1, count + 1)]
    table = [[*keys, *(cell.get(name) for name in fields)] for (keys, _), cell in zip(rows, cells, strict=True)]
    return names + fields, table


def read_constants(pallet: str, name: str | None, url: str) -> None:
    """Print a constant as the node has it, or all constants of a pallet."""
    by_name = {each.name: each for each in PALLETS if each.constants}
    chosen = by_name[find_name("pallet with constants", pallet, by_name)]
    wanted = None if name is None else find_name(f"constant of {chosen.name}", name, chosen.constants)
    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        (described,) = [each for each in remote.metadata.pallets if each.name == chosen.name]
    values = {each.name: each.value for each in described.constants}
    plain = {
        known: to_plain(declared.codec, declared.codec.decode(values[known]))
        for known, declared in chosen.constants.items()
        if known in values
    }
    if wanted is not None and wanted not in plain:
        raise Misused(f"{chosen.name}.{wanted} is not among the constants that the node's metadata has")
    emit_value(plain if wanted is None else plain[wanted])


def list_methods() -> None:
    """Print all methods of runtime APIs with their arguments."""
    methods = {found.exported: found for each in APIS for found in each.methods.values()}
    rows = [(name, ", ".join(arguments_of(found)), found.docs) for name, found in methods.items()]
    emit_rows(["method", "arguments", "documentation"], rows)


def call_method(method: str, texts: Sequence[str], url: str, at: str | None) -> None:
    """Print the answer of a runtime API to arguments in the forms of the command line."""
    found = find_api({each.exported: each for api in APIS for each in api.methods.values()}, method)
    if len(texts) != len(found.inputs):
        wanted = ", ".join(arguments_of(found)) or "none"
        raise Misused(f"expected these arguments of {found.exported}: {wanted}; got {len(texts)} arguments")
    values = [argument_value(field, text) for field, text in zip(found.inputs, texts, strict=True)]
    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        answer = remote.ask(found, values, remote.block_hash(at))
    emit_value(shown(found.output, answer))


def argument_value(field: Any, text: str) -> Any:
    """Return the value of an argument; PlainError names it."""
    try:
        return read_value(field.codec, text, unit_of(field))
    except PlainError as error:
        hint = description(field.codec, unit_of(field))
        raise Misused(f"Invalid value for {field.name}: {error}{f' ({hint})' if hint else ''}") from None


def arguments_of(method: ApiMethod) -> list[str]:
    """Return the arguments of a runtime API with their forms."""
    return [f"{field.name}: {metavar(field.codec, unit_of(field))}" for field in method.inputs]
