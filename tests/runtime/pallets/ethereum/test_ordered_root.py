"""The roots of transactions and receipts: the genuine ones, and those of the library `trie`."""

from __future__ import annotations

import random

import pytest
import rlp
from pysubtensor.runtime.pallets.ethereum.ordered_root import EMPTY_ROOT, ordered_root
from trie import HexaryTrie

from tests.vectors import load


def test_roots_are_those_of_the_genuine_chain() -> None:
    blocks = load("ethereum/ethereum")["blocks"]
    assert {len(block["transactions"]) for block in blocks} >= {1, 2, 127, 128, 129}
    for block in blocks:
        for kind in ("transactions", "receipts"):
            assert ordered_root([bytes.fromhex(raw) for raw in block[kind]]).hex() == block[f"{kind}_root"]


@pytest.mark.parametrize("count", [0, 1, 2, 16, 17, 127, 128, 129, 256, 257, 300])
def test_roots_are_those_of_the_library(count: int) -> None:
    """Values of all lengths: nodes of less than 32 bytes stand in their parents."""
    chance = random.Random(count)
    values = [chance.randbytes(chance.choice([1, 2, 5, 20, 31, 32, 33, 60, 300])) for _ in range(count)]
    trie = HexaryTrie({})
    for index, value in enumerate(values):
        trie[rlp.encode(index)] = value
    assert ordered_root(values) == trie.root_hash


def test_the_root_of_nothing() -> None:
    assert ordered_root([]) == EMPTY_ROOT == HexaryTrie({}).root_hash
