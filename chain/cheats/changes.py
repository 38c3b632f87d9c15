"""Changes of the state by the names and typed values of storage items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...runtime.client.to_plain import to_plain
from ...runtime.frame.runtime import Runtime
from ...runtime.frame.storage import StorageItem
from ...runtime.scale import ScaleError

PREFIX = 32


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that changed: its key, its item and keys if the runtime has it, and both values (None: absent)."""

    key: bytes
    #: `Pallet.Item`; the key in hex for an entry of no item.
    name: str
    keys: tuple[Any, ...]
    old: Any
    new: Any
    #: Both values, encoded.
    old_raw: bytes | None = None
    new_raw: bytes | None = None

    def __str__(self) -> str:
        keys = f"[{', '.join(map(str, self.keys))}]" if self.keys else ""
        return f"{self.name}{keys}: {self.old} -> {self.new}"


class Names:
    """The storage items of a runtime by their prefix."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._items = {item.prefix: item for pallet in runtime.pallets for item in pallet.storage.values()}

    def item(self, key: bytes) -> StorageItem[Any, Any] | None:
        """Return the item to which a key belongs, None without one."""
        return self._items.get(key[:PREFIX])

    def is_entry(self, key: bytes) -> bool:
        """Return whether a key may have a value: it is not the prefix of a map."""
        item = self.item(key)
        return item is None or not item.keys_codec or key != item.prefix

    def changes(self, before: Mapping[bytes, bytes | None], after: Mapping[bytes, bytes | None]) -> list[Change]:
        """Return what differs, in the order of the keys; both have the values of the same keys."""
        return [self.change(key, before[key], after[key]) for key in sorted(after) if before[key] != after[key]]

    def change(self, key: bytes, old: bytes | None, new: bytes | None) -> Change:
        """Return a change with its values decoded, in plain form; what cannot be decoded is in hex."""
        item = self.item(key)
        if item is None:
            return Change(key, "0x" + key.hex(), (), _hex(old), _hex(new), old, new)
        try:
            parts = item.parts_of(key)
            keys = tuple(
                None if part is None else to_plain(codec, part)
                for codec, part in zip(item.keys_codec, parts, strict=True)
            )
            found = self._plain(item, old), self._plain(item, new)
        except ScaleError:
            return Change(key, f"{item.pallet_prefix}.{item.name}", ("0x" + key.hex(),), _hex(old), _hex(new), old, new)
        return Change(key, f"{item.pallet_prefix}.{item.name}", keys, found[0], found[1], old, new)

    def _plain(self, item: StorageItem[Any, Any], raw: bytes | None) -> Any:
        return None if raw is None else to_plain(item.codec, item.codec.decode(raw, self._runtime))


def _hex(value: bytes | None) -> str | None:
    return None if value is None else "0x" + value.hex()


def nested(changes: list[Change], side: str) -> dict[str, Any]:
    """Return one side of changes as Chopsticks shows it: by pallet (camelCase), item and the keys as text.

    It is "old", "new", or "delta", pairs of both.
    """
    shown: dict[str, Any] = {}
    for change in changes:
        pallet, _, item = change.name.partition(".")
        level = shown.setdefault(_camel(pallet), {}) if item else shown
        path = [_camel(item or pallet), *[str(key) for key in change.keys]]
        for step in path[:-1]:
            level = level.setdefault(step, {})
        level[path[-1]] = [change.old, change.new] if side == "delta" else getattr(change, side)
    return shown


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
