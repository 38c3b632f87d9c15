"""The difference of the storage after two blocks, from the keys that the blocks between them changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from .node import Node
from .params import to_list, to_text
from .slices import paced, pause
from .storage_queries import HASH, VALUE, Found, result, to_fields, to_variant

#: The operations of a difference.
ADDED, MODIFIED, DELETED = "added", "modified", "deleted"


@dataclass(frozen=True, slots=True)
class DiffItem:
    """Keys that begin with a prefix, as values or hashes: hex that is not converted yet, "value" or "hash"."""

    key: str
    kind: str
    child: str | None


def to_diff_item(value: Any) -> DiffItem:
    """Return an item from `{"key": …, "returnType": …}`, with a `childTrieKey` or without."""
    fields = to_fields(value, "ArchiveStorageDiffItem", "key", "returnType")
    child = fields.get("childTrieKey")
    kind = to_variant(fields["returnType"], (VALUE, HASH))
    return DiffItem(to_text(fields["key"]), kind, None if child is None else to_text(child))


DiffItems = Annotated[list[DiffItem], to_list(to_diff_item)]
#: A prefix, and what is wanted of the keys that begin with it.
Wanted = Sequence[tuple[bytes, str]]


def differences(node: Node, block: bytes, previous: bytes, wanted: Wanted) -> Iterator[Found]:
    """Yield what differs after `block` from what was after `previous`, in order of the keys; in slices.

    Raises what reads of past states raise.
    """
    new, old = node.context(block).state, node.context(previous).state
    for key in paced(changed_keys(node, block, previous)):
        kinds = {kind for prefix, kind in wanted if key.startswith(prefix)}
        if not kinds:
            continue
        after, before = new.peek(key), old.peek(key)
        if after == before:
            continue
        operation = ADDED if before is None else DELETED if after is None else MODIFIED
        shown = before if after is None else after
        for kind in (VALUE, HASH):
            if kind in kinds and shown is not None:
                yield {**result(key, kind, shown), "type": operation}


def changed_keys(node: Node, *blocks: bytes) -> list[bytes]:
    """Return the keys that a block after the earlier one, up to the later one, has written, in order."""
    history = node.chain.history
    first, last = sorted(map(history.number_of, blocks))
    keys = set[bytes]()
    for number in range(first + 1, last + 1):
        pause()
        keys.update(history.records.changed(number))
    pause()
    return sorted(keys)
