"""Aura: authors of slots, the order of slots, and changes of authorities."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.block_validity import SlotNotIncreased
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.digest import (
    AuthorClaim,
    Consensus,
    DigestItem,
    Other,
    PreRuntime,
    aura_pre_runtime,
    aura_slot,
    author_claim,
)
from pysubtensor.runtime.frame.runtime import runtime_of
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.pallets.aura import Authorities, CurrentSlot, change_authorities, claim_slot, following_author

from tests.world import Blocks

FIRST, SECOND, THIRD = (Keypair.from_uri(f"//{name}").account for name in ("One", "Two", "Three"))


def begin(ctx: Context, digest: list[DigestItem]) -> tuple[BlockEnvironment, Weight]:
    """Begin a block with this digest as far as Aura is concerned."""
    block = BlockEnvironment(2, bytes(32), digest)
    return block, claim_slot(Context(ctx.runtime, ctx.state, block))


def test_authorities_take_turns_by_slot(ctx: Context) -> None:
    Authorities.put(ctx, [FIRST, SECOND, THIRD])
    turns = [begin(ctx, [aura_pre_runtime(slot)])[0].author for slot in (3, 4, 5, 9)]
    assert turns == [FIRST, SECOND, THIRD, FIRST]
    assert CurrentSlot.get(ctx) == 9


def test_the_hook_weighs_two_reads_and_a_write(ctx: Context) -> None:
    assert begin(ctx, [aura_pre_runtime(1)])[1] == Weight(150_000_000)
    assert begin(ctx, [])[1] == Weight(25_000_000)


@pytest.mark.parametrize("slot", [7, 6])
def test_slots_must_increase(ctx: Context, slot: int) -> None:
    begin(ctx, [aura_pre_runtime(7)])
    with pytest.raises(SlotNotIncreased, match=f"^Slot must increase: expected a slot after 7, got {slot}$"):
        begin(ctx, [aura_pre_runtime(slot)])


@pytest.mark.parametrize(
    ("digest", "slot"),
    [
        ([], None),
        ([Other(b"aura")], None),
        ([PreRuntime(b"BABE", bytes(8)), aura_pre_runtime(5)], 5),
        ([PreRuntime(b"aura", bytes(7)), aura_pre_runtime(5)], None),  # the first claim counts, readable or not
        ([PreRuntime(b"aura", (5).to_bytes(8, "little") + b"more")], 5),
    ],
)
def test_the_first_item_of_aura_claims_the_slot(digest: list[DigestItem], slot: int | None) -> None:
    assert aura_slot(digest) == slot


def test_claims_name_authors_where_they_count(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    Authorities.put(ctx, [FIRST, SECOND, THIRD])
    digest = [aura_pre_runtime(3), AuthorClaim(author=1, following=2).item()]
    assert begin(ctx, digest)[0].author == FIRST  # by the slot: on chains like the genuine one claims mean nothing
    monkeypatch.setattr(runtime_of(ctx), "claimed_authors", True)
    block, _ = begin(ctx, [aura_pre_runtime(4), *digest[1:]])
    assert block.author == SECOND
    assert following_author(Context(ctx.runtime, ctx.state, block)) == THIRD
    assert begin(ctx, [aura_pre_runtime(6)])[0].author == FIRST


def test_a_claim_has_four_bytes() -> None:
    assert author_claim([PreRuntime(b"auth", bytes([1, 0, 2, 1]))]) == (1, 258)
    assert author_claim([PreRuntime(b"auth", bytes(3)), aura_pre_runtime(1)]) is None
    assert author_claim([Other(bytes(4))]) is None


def test_a_block_without_claim_has_no_author(ctx: Context) -> None:
    Authorities.put(ctx, [FIRST])
    assert begin(ctx, [])[0].author is None
    assert CurrentSlot.get(ctx) == 0


def test_new_authorities_are_announced_and_effective_at_once(blocks: Blocks) -> None:
    ctx = blocks.begin()
    assert ctx.block.author == FIRST
    change_authorities(ctx, [SECOND, THIRD])
    assert Authorities.get(ctx) == [SECOND, THIRD]
    assert ctx.block.author == THIRD
    announcement = Consensus(b"aura", b"\x01\x08" + SECOND + THIRD)
    assert blocks.end().digest.logs[:2] == [aura_pre_runtime(1), announcement], "Ethereum's block follows"


def test_an_empty_list_of_authorities_changes_nothing(ctx: Context) -> None:
    Authorities.put(ctx, [FIRST])
    change_authorities(ctx, [])
    assert Authorities.get(ctx) == [FIRST]
    assert ctx.block.digest == []
