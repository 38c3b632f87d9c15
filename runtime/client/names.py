"""Finding what a runtime declares by its name: pallets, calls, storage items, runtime APIs.

Case, `_` and `-` in a name are ignored: `transfer-keep-alive` is `transfer_keep_alive`. An unknown
name raises `PlainError`, which lists similar names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from ..frame.call import CallDef
from ..frame.pallet import Pallet
from ..frame.runtime_api import ApiMethod
from ..frame.storage import StorageItem
from .errors import SHOWN, PlainError

T = TypeVar("T")
#: Most valid names that an error message lists.
MAX_LISTED = 12


def find_name(what: str, name: str, known: Iterable[str]) -> str:
    """Return the known name that equals `name` but for case, `_` and `-`; raise PlainError if there is none."""
    names = list(known)
    if name in names:
        return name
    folded = _folded(name)
    for candidate in names:
        if _folded(candidate) == folded:
            return candidate
    raise unknown(what, name, names)


def unknown(what: str, name: str, known: Iterable[str]) -> PlainError:
    """Return the error for an unknown name, with similar names or, if few, all known ones."""
    import difflib

    names = list(known)
    near = difflib.get_close_matches(name, names, 3, 0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    if not near and 0 < len(names) <= MAX_LISTED:
        hint = f"; known: {', '.join(names)}"
    return PlainError(f"there is no {what} {name!r:.{SHOWN}}{hint}")


def find_call(pallets: Iterable[Pallet], pallet_name: str, call_name: str) -> CallDef[Any]:
    """Return a call by the names of its pallet and itself."""
    pallet = _find("pallet with calls", pallet_name, {p.name: p for p in pallets if p.calls})
    return _find(f"call of {pallet.name}", call_name, {function.name: function for function in pallet.calls.values()})


def find_item(pallets: Iterable[Pallet], pallet_name: str, item_name: str) -> StorageItem[Any, Any]:
    """Return a storage item by the names of its pallet and itself."""
    pallet = _find("pallet with storage", pallet_name, {p.name: p for p in pallets if p.storage})
    return _find(f"storage item of {pallet.name}", item_name, pallet.storage)


def find_api(methods: Mapping[str, ApiMethod], name: str) -> ApiMethod:
    """Return a method of a runtime API by its name, `Api.method` or `Api_method`."""
    return _find("runtime API", name.replace(".", "_", 1), methods)


def _find(what: str, name: str, known: Mapping[str, T]) -> T:
    return known[find_name(what, name, known)]


def _folded(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()
