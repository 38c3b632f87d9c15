"""Timestamp: the time is set once per block, increases, and is in the claimed slot."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.executive import apply_extrinsic
from pysubtensor.runtime.frame.block_validity import (
    SlotMismatch,
    TimestampMissing,
    TimestampSetTwice,
    TimestampTooEarly,
)
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.frame.validity import MandatoryValidation, Refused
from pysubtensor.runtime.frame.weight import DispatchClass, DispatchEventInfo, Pays, Weight
from pysubtensor.runtime.inherents import create_inherents, inherent_data
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.timestamp import DidUpdate, Now, require_timestamp, set_
from pysubtensor.runtime.validation import validate_transaction

from tests.costs import GUARD
from tests.world import ALICE, ALICE_KEY, GENESIS_HASH, Blocks, RefusedCall


def test_the_author_sets_the_time_of_its_block(blocks: Blocks) -> None:
    ctx = blocks.begin()
    assert Now.get(ctx) == 12_000
    assert DidUpdate.get(ctx)
    blocks.end()
    assert not DidUpdate.exists(ctx)
    assert Now.get(ctx) == 12_000


def test_setting_the_time_weighs_two_reads_and_a_write(blocks: Blocks) -> None:
    ctx = blocks.begin()
    weight = Weight(3_816_000 + 150_000_000 + 108_157_000, 1493) + GUARD
    info = DispatchEventInfo(weight, DispatchClass.Mandatory, Pays.Yes)
    assert ctx.block.events[-1] == system.ExtrinsicSuccess(info)


def test_time_advances_by_at_least_half_a_slot(blocks: Blocks) -> None:
    """The last millisecond of slot 1 and the first of slot 2 are too close to each other."""
    blocks.begin(time=23_999)
    blocks.end()
    with pytest.raises(TimestampTooEarly, match=r"sequential blocks: expected at least 29999 ms, got 24000$"):
        blocks.begin(time=24_000)


def test_time_may_advance_by_half_a_slot(blocks: Blocks) -> None:
    blocks.begin(time=23_999)
    blocks.end()
    assert Now.get(blocks.begin(time=29_999)) == 29_999


@pytest.mark.parametrize("time", [11_999, 24_000])
def test_the_time_belongs_to_the_claimed_slot(blocks: Blocks, time: int) -> None:
    with pytest.raises(
        SlotMismatch, match=f"expected a time in slot 1, got {time} ms, which is in slot {time // 12_000}$"
    ):
        blocks.begin(digest=[aura_pre_runtime(1)], time=time)


def test_the_time_is_set_once_per_block(blocks: Blocks) -> None:
    blocks.begin()
    with pytest.raises(TimestampSetTwice, match=r"only once in the block: it was set to 12000, got 18000$"):
        blocks.apply(ExtrinsicCodec.bare(set_.call(18_000)))


def test_a_block_without_a_time_is_invalid(blocks: Blocks) -> None:
    ctx = blocks.begin()
    DidUpdate.kill(ctx)
    with pytest.raises(TimestampMissing, match="must be updated once in the block: "):
        require_timestamp(ctx)


@pytest.mark.parametrize(("clock", "time"), [(24_000, 24_000), (13_000, 18_000)])
def test_the_inherent_has_the_authors_time_or_the_earliest_valid_one(blocks: Blocks, clock: int, time: int) -> None:
    ctx = blocks.begin()
    assert [each.raw for each in create_inherents(ctx, inherent_data(clock))] == [ExtrinsicCodec.bare(set_.call(time))]


def test_a_signed_timestamp_is_refused(blocks: Blocks, refused: RefusedCall) -> None:
    refused(ROOT_ORIGIN, set_.call(12_000), BadOrigin())
    refused(ALICE, set_.call(12_000), BadOrigin())
    ctx = blocks.begin()
    raw = Signer(GENESIS_HASH).sign(set_.call(18_000), ALICE_KEY, nonce=0)
    with pytest.raises(Refused) as refusal:
        validate_transaction(ctx, blocks.runtime.decode(raw))
    assert refusal.value.reason == MandatoryValidation()
    with pytest.raises(Refused):
        apply_extrinsic(ctx, blocks.runtime.decode(raw))
