"""Extrinsics without a signature: inherents, what a pallet takes unsigned, and all others."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.block_execution import check_order
from pysubtensor.runtime.crypto import blake2_256
from pysubtensor.runtime.frame.block_validity import InherentOutOfPlace
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Id
from pysubtensor.runtime.frame.validity import Call as UnexpectedCall
from pysubtensor.runtime.frame.validity import ExhaustsResources, NoUnsignedValidator, Refused, ValidTransaction
from pysubtensor.runtime.frame.weight import DispatchClass, DispatchEventInfo, Pays, Weight
from pysubtensor.runtime.pallets import grandpa, utility
from pysubtensor.runtime.pallets.balances.calls import transfer_all
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance
from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.pallets.system import (
    CodeUpdated,
    ExtrinsicFailed,
    ExtrinsicSuccess,
    apply_authorized_upgrade,
    authorize_upgrade_without_checks,
    remark,
)
from pysubtensor.runtime.pallets.timestamp import set_ as set_time
from pysubtensor.runtime.validation import validate_transaction

from tests.world import BOB, Blocks

U64_MAX = 2**64 - 1
CODE = b"new code"
CODE_HASH = blake2_256(CODE)


def validity(blocks: Blocks, call: Call) -> ValidTransaction:
    return validate_transaction(blocks.ctx, blocks.runtime.decode(ExtrinsicCodec.bare(call)))


@pytest.mark.parametrize(
    "call", [remark.call(b""), apply_authorized_upgrade.call(CODE), grandpa.note_stalled.call(1, 2)]
)
def test_pallets_with_a_rule_for_unsigned_calls_expect_no_others(blocks: Blocks, call: Call) -> None:
    blocks.begin()
    with pytest.raises(Refused) as refused:
        validity(blocks, call)
    assert refused.value.reason == UnexpectedCall()
    with pytest.raises(Refused) as refused:
        blocks.apply(ExtrinsicCodec.bare(call))
    assert refused.value.reason == UnexpectedCall()


def test_a_bare_call_of_another_pallet_is_kept_out_of_the_pool_but_is_applied_in_a_block(blocks: Blocks) -> None:
    """The event is the genuine one of Balances.transfer_all, in `tests/genuine/scripts/drand_50.json.gz`."""
    ctx = blocks.begin()
    call = transfer_all.call(Id(BOB), False)
    with pytest.raises(Refused) as refused:
        validity(blocks, call)
    assert refused.value.reason == NoUnsignedValidator()
    owned, weight = TotalIssuance.get(ctx), ctx.block.weight.normal
    assert blocks.apply(ExtrinsicCodec.bare(call)) == BadOrigin()
    summary = DispatchEventInfo(Weight(348_949_000, 7_791), DispatchClass.Normal, Pays.Yes)
    assert ctx.block.events[-1] == ExtrinsicFailed(BadOrigin(), summary)
    assert TotalIssuance.get(ctx) == owned, "no fee is paid"
    assert ctx.block.weight.normal.ref_time == weight.ref_time + 348_949_000
    assert len(ctx.block.extrinsics) == 2
    blocks.end()


def test_a_bare_extrinsic_takes_room_and_needs_it(blocks: Blocks) -> None:
    ctx = blocks.begin()
    raw = ExtrinsicCodec.bare(utility.batch.call([transfer_all.call(Id(BOB), False)]))
    before = ctx.block.length
    assert blocks.apply(raw) == BadOrigin()
    assert ctx.block.length == before + len(raw)
    ctx.block.length = 10 * 1024 * 1024
    with pytest.raises(Refused) as refused:
        blocks.apply(raw)
    assert refused.value.reason == ExhaustsResources()


def test_an_inherent_is_out_of_place_behind_a_bare_call(blocks: Blocks) -> None:
    inherent, bare = (
        blocks.runtime.decode(ExtrinsicCodec.bare(call))
        for call in (set_time.call(1), transfer_all.call(Id(BOB), False))
    )
    check_order(blocks.runtime, [inherent, bare])
    with pytest.raises(InherentOutOfPlace, match="inherent 1 comes after transaction 0"):
        check_order(blocks.runtime, [bare, inherent])


def test_an_authorized_upgrade_needs_no_signature(blocks: Blocks) -> None:
    ctx = blocks.begin()
    blocks.send("Alice", sudo.call(authorize_upgrade_without_checks.call(CODE_HASH)))
    for other in (b"other", b"elsewhere"):  # whose hashes are on both sides of the authorized one
        with pytest.raises(Refused):
            validity(blocks, apply_authorized_upgrade.call(other))
    call = apply_authorized_upgrade.call(CODE)
    assert validity(blocks, call) == ValidTransaction(U64_MAX, [], [CODE_HASH], U64_MAX, True)
    assert blocks.apply(ExtrinsicCodec.bare(call)) is None
    updated, success = ctx.block.events[-2:]
    assert updated == CodeUpdated()
    assert isinstance(success, ExtrinsicSuccess)
    assert success.dispatch_info.pays_fee is Pays.No
    assert ctx.state.get(b":code") == CODE
    with pytest.raises(Refused):
        validity(blocks, call)
