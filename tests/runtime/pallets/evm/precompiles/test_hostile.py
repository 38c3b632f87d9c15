"""Input that no honest client sends ends in a revert or an error, and changes nothing."""

from __future__ import annotations

import random

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.evm.precompiles.contract import Contract
from pysubtensor.runtime.pallets.evm.precompiles.table import CONTRACTS, PRECOMPILES

from tests.runtime.pallets.evm.precompiles.frame import call, encoded
from tests.runtime.pallets.evm.precompiles.world import SECOND

WORD = 32
SEED = 425
#: Words by which decoders are misled: offsets at and beyond ends, lengths, and numbers at the ends of their ranges.
WORDS = [0, 1, 31, 32, 33, 64, 2**8, 2**16 - 1, 2**16, 2**31, 2**32 - 1, 2**32, 2**64 - 1, 2**64, 2**255, 2**256 - 1]


def is_harmless(ctx: Context, index: int, data: bytes) -> None:
    """Call a precompile with an input; it may fail, with all its changes undone."""
    with ctx.state.anchor():
        before, events, mark = ctx.state.changes(), list(ctx.block.events), ctx.block.mark()
        outcome = call(ctx, index, data, caller=SECOND)
        if outcome.exit not in ("Returned", "Stopped"):
            assert (ctx.state.changes(), ctx.block.events) == (before, events)
        assert outcome.gas >= 0
    ctx.block.rewind(mark)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: str(contract.index))
def test_truncated_arguments_revert(ctx: Context, contract: Contract) -> None:
    for selector, function in contract.by_selector.items():
        for length in range(WORD * len(function.arguments)):
            if length % WORD in (0, 1, WORD - 1):
                outcome = call(ctx, contract.index, selector + bytes(length))
                assert outcome.revert_text == f"Expected at least {len(function.arguments)} arguments"


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: str(contract.index))
def test_misleading_words_do_no_harm(ctx: Context, contract: Contract) -> None:
    chance = random.Random(SEED + contract.index)
    for selector, function in contract.by_selector.items():
        for _ in range(6):
            words = [chance.choice(WORDS) for _ in range(len(function.arguments) + chance.randrange(8))]
            data = b"".join(word.to_bytes(WORD, "big") for word in words)
            is_harmless(ctx, contract.index, selector + data + chance.randbytes(chance.randrange(WORD)))


@pytest.mark.parametrize("address", PRECOMPILES, ids=lambda address: str(int.from_bytes(address, "big")))
def test_random_bytes_do_no_harm(ctx: Context, address: bytes) -> None:
    index = int.from_bytes(address, "big")
    chance = random.Random(SEED - index)
    for _ in range(20):
        is_harmless(ctx, index, chance.randbytes(chance.randrange(300)))


def test_arrays_end_with_the_input(ctx: Context) -> None:
    items = 20_000
    head = encoded("setWeights(uint16,uint16[],uint16[],uint64)", 1, [], [], 0)[: 4 + 4 * WORD]
    offset = (4 * WORD).to_bytes(WORD, "big")
    data = bytearray(head + (2**32 - 1).to_bytes(WORD, "big") + bytes(WORD * items))
    data[4 + WORD : 4 + 3 * WORD] = offset + offset
    outcome = call(ctx, 2052, bytes(data))
    assert outcome.revert_text == f"dests[{items}]: Tried to read uint16 out of bounds"


def test_encoded_calls_are_bounded_in_memory(ctx: Context) -> None:
    # A batch of 100,000 empty remarks would take 30 MB in the genuine runtime's memory.
    count = 100_000
    batch = bytes([11, 0]) + (count << 2 | 2).to_bytes(4, "little") + bytes(3 * count)
    assert call(ctx, 6, batch, gas=10**9).exit == "decode failed"
