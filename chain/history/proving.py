"""The proof of the head when a store is opened: cheap checks that show whether anything is missing."""

from __future__ import annotations

from ...runtime.frame.header import Header
from ...runtime.scale import ScaleError
from ...runtime.state.overlay import Diff
from .blocks import StoredBlock
from .history import SAVED_EVERY, History

#: The last blocks whose hashes and links are checked: those from which the trie is brought to the head.
CHAINED = SAVED_EVERY


def prove_head(history: History) -> None:
    """Raise `StoreDamaged` unless no block is missing, the last ones are linked, and the trie has the head's root."""
    head = history.head
    if history.records.count_blocks() != head.blocks:
        raise history.damaged(f"it holds {history.records.count_blocks()} blocks, and should hold {head.blocks}")
    first = max(head.first_block, head.number - CHAINED)
    header = None
    for number in range(head.number, first - 1, -1):
        expected = head.hash if header is None else header.parent_hash
        header = proved_header(history, history.block_by_number(number), expected)
        if header.number == head.number and header.state_root != history.trie.update(Diff({}, {}))[0]:
            raise history.damaged(f"the trie is not that of block {head.number}")


def proved_header(history: History, block: StoredBlock, expected_hash: bytes) -> Header:
    """Return the header of a stored block; raises `StoreDamaged` unless it has this hash and the block's number."""
    try:
        header = Header.decode(block.header)
    except ScaleError as error:
        raise history.damaged(f"the header of block {block.number} cannot be decoded: {error}") from error
    if not header.hash == block.hash == expected_hash or header.number != block.number:
        raise history.damaged(f"block {block.number} does not have the hash 0x{expected_hash.hex()}")
    return header
