"""Going back: snapshots, earlier heads, other last blocks."""

from __future__ import annotations

from typing import Annotated, Any

from ....cheats.reorganizing import reorganize
from ....cheats.snapshots import Snapshots
from ...node import Node
from ...shapes import to_hex
from .declare import Block, Count, Text, dev, to_octets
from .resolve import decoded, number_of


def to_id(value: Any) -> int:
    """Return the id of a snapshot from text such as "0x1", or a number."""
    if type(value) is int:
        return value
    try:
        return int(value, 16) if isinstance(value, str) and value.startswith("0x") else int(value)
    except (TypeError, ValueError):
        raise ValueError(f'expected the id of a snapshot such as "0x1", got {value!r:.60}') from None


SnapshotId = Annotated[int, to_id]


def to_options(value: Any) -> dict[str, Any]:
    """Return options of a revert: {"keep": true}, {"height": "keep"}."""
    if not isinstance(value, dict) or not value.keys() <= {"keep", "height"}:
        raise ValueError(f'expected {{"keep": true}} or {{"height": "keep"}}, got {value!r:.60}')
    if value.get("height", "keep") != "keep" or not isinstance(value.get("keep", False), bool):
        raise ValueError(f'expected {{"keep": true}} or {{"height": "keep"}}, got {value!r:.60}')
    return value


RevertOptions = Annotated[dict[str, Any], to_options]


@dev
def dev_snapshot(node: Node, label: Text | None) -> str:
    """Take a snapshot of blocks, state, pool and clock, and return its id."""
    return hex(Snapshots.of(node.chain).take(label or ""))


@dev
def dev_revert(node: Node, id: SnapshotId, options: RevertOptions | None) -> bool:  # as clients name it
    """Go back to a snapshot; false for an id that has ended or never was. Later snapshots end, and this one.

    `{"keep": true}` keeps it. `{"height": "keep"}` takes back the state alone: blocks go on from the present head, so
    that caches of clients by number or hash stay right.
    """
    snapshots, wanted = Snapshots.of(node.chain), options or {}
    if id not in {each.id for each in snapshots.list()}:
        return False
    if "height" in wanted:
        snapshots.revert_state(id)
    else:
        snapshots.revert(id, wanted.get("keep", False))
    return True


@dev
def dev_listSnapshots(node: Node) -> list[dict[str, Any]]:
    """Return the snapshots to which the chain can go back."""
    return [
        {"id": hex(each.id), "label": each.label, "number": each.head.number, "hash": to_hex(each.head.hash)}
        for each in Snapshots.of(node.chain).list()
    ]


@dev
def dev_dropSnapshot(node: Node, id: SnapshotId) -> bool:
    """End a snapshot without going back; false for an id that has ended or never was."""
    snapshots = Snapshots.of(node.chain)
    if id not in {each.id for each in snapshots.list()}:
        return False
    snapshots.drop(id)
    return True


@dev
def dev_setHead(node: Node, block: Block) -> str:
    """Make an earlier block (hash, number, or how many back as a negative number) the head, and return its hash."""
    return to_hex(node.chain.rollback_to(number_of(node, block)).hash)


def to_placed(value: Any) -> list[tuple[bytes, int]]:
    """Return extrinsics with the index of the new block in which they are."""
    if not isinstance(value, list) or any(not isinstance(each, list) or len(each) != 2 for each in value):
        raise ValueError(f"expected a list of [extrinsic, index of its block], got {value!r:.60}")
    if any(type(index) is not int or index < 0 for _, index in value):
        raise ValueError("expected indices of blocks from 0 on")
    return [(to_octets(raw), index) for raw, index in value]


Placed = Annotated[list[tuple[bytes, int]], to_placed]


@dev
def dev_reorg(node: Node, depth: Count, transactions: Placed | None) -> str:
    """Replace the last `depth` blocks by as many others with these transactions, and return the hash of the head.

    The transactions of the former blocks are retracted and wait in the pool; the new blocks include them where they are
    still valid.
    """
    placed = [(extrinsic, index) for (raw, index) in transactions or () for extrinsic in decoded(node, [raw])]
    return to_hex(reorganize(node.chain, depth, placed, node.engine.produce).hash)
