"""Writing storage items by name, with plain values.

These writes are raw: whether the state still makes sense is up to the program. `fund`, `set_stake` and the others keep
the books of the chain in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from ...runtime.client.errors import PlainError
from ...runtime.client.from_plain import from_plain
from ...runtime.client.names import find_item
from ...runtime.client.to_plain import to_plain
from ...runtime.frame.context import Context
from ...runtime.frame.storage import StorageItem
from ...runtime.scale.codec import shown
from ..arguments import SHOWN, split_name, typed_keys
from ..chain import Blockchain
from ..errors import ChainError
from .editing import editing

Item = StorageItem[Any, Any]
#: In a pallet of Chopsticks' form: the items whose entries are removed first.
REMOVE = "$removePrefix"


#: No value was given.
UNSET: Any = object()


def set_any(chain: Blockchain, name: Any, keys: Sequence[Any], value: Any) -> None:
    """Do as `set_item`, or without a value as `set_values`."""
    if value is not UNSET:
        set_item(chain, name, keys, value)
    elif keys or isinstance(name, str):
        raise ChainError(f"expected value=… for {shown(name, SHOWN)}; None removes the entry")
    else:
        set_values(chain, name)


# --- one entry -------------------------------------------------------------------------------------------------


def set_item(chain: Blockchain, name: str, keys: Sequence[Any], value: Any) -> None:
    """Write the value of a storage item, `Pallet.Item`, under plain keys; None removes it.

    A mapping for a record changes the fields that it names, and leaves the others.
    """
    item, parts = find_entry(chain, name, keys)
    with editing(chain) as ctx:
        _write(ctx, item, parts, value, name)


def mutate_item(chain: Blockchain, name: str, keys: Sequence[Any], change: Callable[[Any], Any]) -> Any:
    """Replace the value of a storage item by what `change` returns for it, and return the new value."""
    item, parts = find_entry(chain, name, keys)
    with editing(chain) as ctx:
        _write(ctx, item, parts, change(item.read(ctx, parts)), name)
        return item.read(ctx, parts)


@contextmanager
def editable(chain: Blockchain, name: str, keys: Sequence[Any]) -> Iterator[Any]:
    """Yield the plain value of a record, with fields that can be set, and write it at the end."""
    item, parts = find_entry(chain, name, keys)
    present = item.read(chain.context(), parts)
    plain = None if present is None else to_plain(item.codec, present)
    if not isinstance(plain, Mapping):
        raise ChainError(
            f"expected a record in {name}, got {shown(plain, SHOWN)}: pass a function of the value instead"
        )
    fields = _as_fields(plain)
    yield fields
    with editing(chain) as ctx:
        _write(ctx, item, parts, _as_plain(fields), name)


def _as_fields(value: Any) -> Any:
    if isinstance(value, Mapping):
        return SimpleNamespace(**{name: _as_fields(part) for name, part in value.items()})
    return [_as_fields(part) for part in value] if isinstance(value, list) else value


def _as_plain(value: Any) -> Any:
    if isinstance(value, SimpleNamespace):
        return {name: _as_plain(part) for name, part in vars(value).items()}
    return [_as_plain(part) for part in value] if isinstance(value, list) else value


def find_entry(chain: Blockchain, name: Any, keys: Sequence[Any]) -> tuple[Item, list[Any]]:
    """Return a storage item by its name, `Pallet.Item`, and the typed form of all its keys."""
    chain.require_open()
    pallet, item_name = split_name("a storage item, Pallet.Item", name)
    try:
        item = find_item(chain.runtime.pallets, pallet, item_name)
        return item, typed_keys(chain.runtime, item, keys)
    except PlainError as error:
        raise ChainError(f"{name}: {error}") from None


def _write(ctx: Context, item: Item, parts: Sequence[Any], value: Any, name: str) -> None:
    key = item.key_of(parts)
    if value is None:
        ctx.state.put(key, None)
        return
    try:
        if isinstance(value, Mapping):
            value = _completed(ctx, item, parts, value)
        typed = from_plain(item.codec, value, ctx.runtime, amounts=True)  # type: ignore[arg-type]  # it is a Runtime
    except PlainError as error:
        raise ChainError(f"{name}: {error}") from None
    ctx.state.put(key, item.codec.encode(typed))


def _completed(ctx: Context, item: Item, parts: Sequence[Any], value: Mapping[str, Any]) -> Any:
    """Return a mapping with the present values of the fields that it lacks."""
    present = item.read(ctx, parts)
    plain = None if present is None else to_plain(item.codec, present)
    return _merged(plain, value)


def _merged(below: Any, above: Any) -> Any:
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    names = {_folded(name): name for name in below}
    given = {names.get(_folded(name), name): part for name, part in above.items()}
    return {**below, **{name: _merged(below.get(name), part) for name, part in given.items()}}


def _folded(name: Any) -> str:
    return str(name).replace("_", "").lower()


# --- many entries, in Chopsticks' forms --------------------------------------------------------------------------


def set_values(chain: Blockchain, values: Any) -> None:
    """Write many entries at once: pairs of a key and a value in hex, or a mapping by pallet and item.

    `{"System": {"Number": 5, "Account": [[["5F…"], {"data": {"free": 5}}]]}}`: a plain item has its value, a map a list
    of keys and values. null removes an entry, text in hex is its encoding, `"$removePrefix": ["Account"]` in a pallet
    removes all entries of items first.
    """
    if isinstance(values, Mapping):
        with editing(chain) as ctx:
            for pallet, items in values.items():
                _set_pallet(chain, ctx, str(pallet), items)
        return
    if not isinstance(values, list | tuple):
        raise ChainError(f"expected pairs of key and value, or an object by pallet, got {shown(values, SHOWN)}")
    with editing(chain) as ctx:
        for pair in values:
            if not isinstance(pair, list | tuple) or len(pair) != 2:
                raise ChainError(f"expected a pair of key and value, got {shown(pair, SHOWN)}")
            key, value = pair
            ctx.state.put(_octets(key, "a storage key"), None if value is None else _octets(value, "a value"))


def _set_pallet(chain: Blockchain, ctx: Context, pallet: str, items: Any) -> None:
    if not isinstance(items, Mapping):
        raise ChainError(f"{pallet}: expected an object by storage item, got {shown(items, SHOWN)}")
    removed = items.get(REMOVE, [])
    if not isinstance(removed, list | tuple):
        raise ChainError(f"{pallet}.{REMOVE}: expected a list of storage items, got {shown(removed, SHOWN)}")
    for name in removed:
        ctx.state.clear_prefix(_item_of(chain, pallet, name).prefix)
    for name, content in items.items():
        if name == REMOVE:
            continue
        item = _item_of(chain, pallet, name)
        for keys, value in [([], content)] if not item.keys_codec else _entries(f"{pallet}.{name}", content):
            _, parts = find_entry(chain, f"{pallet}.{name}", keys)
            if isinstance(value, str) and value.startswith("0x"):
                ctx.state.put(item.key_of(parts), _octets(value, f"the encoding of {pallet}.{name}"))
            else:
                _write(ctx, item, parts, value, f"{pallet}.{name}")


def _item_of(chain: Blockchain, pallet: str, name: Any) -> Item:
    try:
        return find_item(chain.runtime.pallets, pallet, str(name))
    except PlainError as error:
        raise ChainError(str(error)) from None


def _entries(name: str, content: Any) -> Iterator[tuple[Sequence[Any], Any]]:
    for entry in content if isinstance(content, list | tuple) else [content]:
        if not isinstance(entry, list | tuple) or len(entry) != 2:
            raise ChainError(f"{name}: expected a list of [keys, value], got {shown(entry, SHOWN)}")
        keys, value = entry
        yield keys if isinstance(keys, list | tuple) else [keys], value


def _octets(value: Any, what: str) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        if isinstance(value, str) and value.startswith("0x"):
            return bytes.fromhex(value[2:])
    except ValueError:
        pass
    raise ChainError(f"expected {what} in hex, got {shown(value, SHOWN)}")
