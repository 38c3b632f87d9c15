"""`pysubtensor query`: storage, constants and runtime APIs of a running chain, derived from the declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from ..runtime.apis import APIS, ApiMethod
from ..runtime.client.from_plain import from_plain
from ..runtime.client.names import find_api, find_name
from ..runtime.client.text import short_name
from ..runtime.client.to_plain import to_plain
from ..runtime.composition import PALLETS
from ..runtime.frame.pallet import Pallet
from ..runtime.frame.storage import StorageItem
from .client import Client
from .errors import Misused
from .options import url_option
from .output import emit_json, emit_rows, emit_value, flattened, json_option, print_message, wants_json
from .params import PlainType, kebab, metavar, plain_of_text, runtime
from .remote import Remote

F = TypeVar("F", bound=Callable[..., Any])
#: Entries of a map that are shown by default.
LIMIT = 20
KEY = "key_"

at_option = click.option(
    "--at", metavar="BLOCK", help="Number or hash of the block whose state is read; default: the last block."
)


class Items(click.Group):
    """The storage items of one pallet."""

    def __init__(self, pallet: Pallet) -> None:
        super().__init__(kebab(pallet.name), help=f"Storage of the pallet {pallet.name}. {pallet.docs}".strip())
        self.items = {kebab(item.name): item for item in pallet.storage.values()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.items)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        item = self.items.get(cmd_name)
        return None if item is None else command_of(item)


class Pallets(click.Group):
    """`constant` and `api`, then the pallets that have storage."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *(kebab(pallet.name) for pallet in PALLETS if pallet.storage)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        found = [pallet for pallet in PALLETS if pallet.storage and kebab(pallet.name) == cmd_name]
        return Items(found[0]) if own is None and found else own


@click.group(cls=Pallets)
def query() -> None:
    """Read storage and constants, and call runtime APIs, of a running chain.

    Every storage item of every pallet is a command, which takes the item's keys. With fewer keys, or none, it shows
    the entries below them. Examples:

    \b
    pysubtensor query system account //Alice
    pysubtensor query system account --limit 5
    pysubtensor query constant balances
    pysubtensor query api AccountNonceApi_account_nonce //Alice
    """


def command_of(item: StorageItem[Any, Any]) -> click.Command:
    """Return the command that reads an item under its keys; with fewer keys, the entries below them."""

    def read(url: str, at: str | None, limit: int = 0, **keys: Any) -> None:
        given = [key for key in keys.values() if key is not None]
        with Client(url) as client:
            remote = Remote(client)
            remote.check()
            block = remote.block_hash(at)
            if len(given) == len(item.keys_codec):
                emit_value(to_plain_or_none(item, remote.storage(item, given, block)))
            else:
                emit_entries(item, remote, given, block, limit)

    shape = " -> ".join(short_name(codec) for codec in (*item.keys_codec, item.codec))
    command = click.command(kebab(item.name), help=f"{item.docs}\n\n{shape}")(read)
    for option in (json_option, at_option, url_option):
        option(command)
    if item.keys_codec:
        click.option(
            "--limit", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="Most entries to show."
        )(command)
    arguments: list[click.Parameter] = [
        click.Argument([f"{KEY}{place}"], type=PlainType(codec), required=False, metavar=f"[{metavar(codec)}]")
        for place, codec in enumerate(item.keys_codec)
    ]
    command.params = arguments + command.params
    return command


def to_plain_or_none(item: StorageItem[Any, Any], value: Any) -> Any:
    """Return a value as JSON; null for an absent one without default."""
    return None if value is None and item.optional else to_plain(item.codec, value)


def emit_entries(item: StorageItem[Any, Any], remote: Remote, first: list[Any], block: bytes, limit: int) -> None:
    """Print up to `limit` entries of a map, and a message if there are more."""
    found = list(remote.entries(item, first, block, limit + 1))
    rows = []
    for parts, value in found[:limit]:
        keys = [None if p is None else to_plain(c, p) for c, p in zip(item.keys_codec, parts, strict=True)]
        rows.append((keys, to_plain(item.codec, value)))
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


@query.command()
@click.argument("pallet")
@click.argument("name", required=False)
@url_option
@json_option
def constant(pallet: str, name: str | None, url: str) -> None:
    """Show the constant NAME of PALLET as the node has it, or all constants of PALLET."""
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
    }
    emit_value(plain if wanted is None else plain[wanted])


@query.command()
@click.argument("method", required=False)
@click.argument("arguments", nargs=-1)
@at_option
@url_option
@json_option
def api(method: str | None, arguments: tuple[str, ...], at: str | None, url: str) -> None:
    """Call the runtime API METHOD with ARGUMENTS; without a method, list all methods.

    Example: pysubtensor query api AccountNonceApi_account_nonce //Alice
    """
    methods = {found.exported: found for each in APIS for found in each.methods.values()}
    if method is None:
        rows = [(name, ", ".join(types(found)), found.docs) for name, found in methods.items()]
        emit_rows(["method", "arguments", "documentation"], rows)
        return
    found = find_api(methods, method)
    if len(arguments) != len(found.inputs):
        expected = ", ".join(types(found)) or "none"
        raise Misused(f"expected these arguments of {found.exported}: {expected}; got {len(arguments)} arguments")
    values = [
        from_plain(field.codec, plain_of_text(field.codec, text), runtime(), amounts=True)
        for field, text in zip(found.inputs, arguments, strict=True)
    ]
    with Client(url) as client:
        remote = Remote(client)
        remote.check()
        answer = remote.ask(found, values, remote.block_hash(at))
    emit_value(to_plain(found.output, answer))


def types(method: ApiMethod) -> list[str]:
    """Return the arguments of a runtime API with their types."""
    return [f"{field.name}: {short_name(field.codec)}" for field in method.inputs]
