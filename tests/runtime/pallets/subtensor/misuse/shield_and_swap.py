"""Misuse of MevShield and Swap."""

from __future__ import annotations

from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.pallets import aura, swap
from pysubtensor.runtime.pallets.mev_shield import (
    KEY_LENGTH,
    MAX_ON_INITIALIZE_WEIGHT,
    Error,
    MaxPendingExtrinsicsLimit,
    announce_next_key,
    set_max_extrinsic_weight,
    set_on_initialize_weight,
    store_encrypted,
)

from tests.world import ALICE, BOB, CHARLIE

from .table import NETUID, STRANGER, Attempt, Kind, Table, World

table = Table()


# --- keys of authors -------------------------------------------------------------------------------------------


def a_block_with_an_author(world: World) -> None:
    aura.Authorities.put(world.ctx, [ALICE, BOB, CHARLIE])
    world.ctx.block.digest = [aura_pre_runtime(1)]


@table.misuse("announce_next_key", Kind.LENGTHS, Error.BadEncKeyLen)
def a_key_that_lacks_a_byte(world: World) -> Attempt:
    a_block_with_an_author(world)
    return NONE, announce_next_key.call(bytes(KEY_LENGTH - 1))


@table.misuse("announce_next_key", Kind.LENGTHS, Error.BadEncKeyLen)
def a_key_of_a_byte_too_many(world: World) -> Attempt:
    a_block_with_an_author(world)
    return NONE, announce_next_key.call(bytes(KEY_LENGTH + 1))


@table.misuse("announce_next_key", Kind.EARLY, Error.Unreachable)
def in_a_block_without_a_slot_and_so_without_an_author(world: World) -> Attempt:
    a_block_with_an_author(world)
    world.ctx.block.digest = []
    return NONE, announce_next_key.call(bytes(KEY_LENGTH))


table.never(Kind.FAST, "a second one in a block would pass the keys on once more", "announce_next_key")
table.never(Kind.MUCH, "it takes no amount", "announce_next_key")
table.never(Kind.TWICE, "an author may announce the same key again, or that of another", "announce_next_key")


# --- encrypted transactions ------------------------------------------------------------------------------------


@table.misuse("store_encrypted", Kind.MUCH, Error.TooManyPendingExtrinsics)
def more_calls_than_the_queue_holds(world: World) -> Attempt:
    for _ in range(MaxPendingExtrinsicsLimit.get(world.ctx)):
        world.do(STRANGER, store_encrypted.call(b"sealed"))
    return STRANGER, store_encrypted.call(b"sealed")


table.never(Kind.EARLY, "calls are queued at any time", "store_encrypted")
table.never(Kind.FAST, "what counts is how many are queued, not how often they come", "store_encrypted")
table.never(
    Kind.LENGTHS, "more than 8192 bytes do not decode, and the call does not look into fewer", "store_encrypted"
)
table.never(Kind.TWICE, "the same call may be queued again", "store_encrypted")

table.never(Kind.EARLY, "the call takes any bytes, whatever key they are sealed with", "submit_encrypted")
table.never(Kind.FAST, "nothing counts how often it comes", "submit_encrypted")
table.never(Kind.MUCH, "it takes no amount", "submit_encrypted")
table.never(
    Kind.LENGTHS,
    "more than 8192 bytes do not decode, and the call does not look into fewer",
    "submit_encrypted",
)
table.never(Kind.TWICE, "the same bytes may come again", "submit_encrypted")


# --- what root decides -----------------------------------------------------------------------------------------


@table.misuse("set_on_initialize_weight", Kind.MUCH, Error.WeightExceedsAbsoluteMax)
def more_than_half_a_block_for_all(world: World) -> Attempt:
    return ROOT_ORIGIN, set_on_initialize_weight.call(MAX_ON_INITIALIZE_WEIGHT + 1)


@table.misuse("set_max_extrinsic_weight", Kind.MUCH, Error.WeightExceedsAbsoluteMax)
def more_than_half_a_block_for_one(world: World) -> Attempt:
    return ROOT_ORIGIN, set_max_extrinsic_weight.call(MAX_ON_INITIALIZE_WEIGHT + 1)


@table.misuse("set_fee_rate", Kind.MUCH, swap.Error.FeeRateTooHigh)
def a_fee_above_the_greatest(world: World) -> Attempt:
    world.subnet()
    return ROOT_ORIGIN, swap.set_fee_rate.call(NETUID, swap.MaxFeeRate.get(world.ctx) + 1)


BOUNDED = ("set_on_initialize_weight", "set_max_extrinsic_weight", "set_fee_rate")
table.never(Kind.EARLY, "root sets it at any time", *BOUNDED)
table.never(Kind.FAST, "root sets it as often as it likes", *BOUNDED)
table.never(Kind.LENGTHS, "it takes no list", *BOUNDED)
table.never(Kind.TWICE, "it may be set to the value that it has", *BOUNDED)

table.open_to_root("set_max_pending_extrinsics_number", "set_stored_extrinsic_lifetime")

for kind in Kind:
    table.never(
        kind,
        "it is deprecated, and fails whatever is right or wrong with it",
        "add_liquidity",
        "remove_liquidity",
        "modify_position",
        "toggle_user_liquidity",
        "disable_lp",
    )
