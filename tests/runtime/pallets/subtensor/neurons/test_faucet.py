"""The faucet: TAO for proof of work on one of the last three blocks."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.frame.weight import Pays, weight_of
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance as BalancesTotalIssuance
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import Faucet
from pysubtensor.runtime.pallets.subtensor.neurons.faucet import create_seal_hash, faucet, hash_meets_difficulty
from pysubtensor.runtime.pallets.subtensor.storage.emission import TotalIssuance
from pysubtensor.runtime.pallets.subtensor.storage.registration import UsedWork
from pysubtensor.runtime.pallets.system import BlockHash

from tests.costs import own_info
from tests.world import ALICE, BOB, Dispatch, Events, GoTo, RefusedCall

#: The least nonce that satisfies the difficulty for Alice and the block of this hash, and its work.
BLOCK, BLOCK_HASH = 7, bytes(range(32))
NONCE = 943_018
WORK = bytes.fromhex("b1f59df7ebc9f1ad9b9af13ae037cbd16376adeb67fb02a946e198739e010000")
GIVEN = 10**12


@pytest.fixture(autouse=True)
def sealed_block(ctx: Context, go_to: GoTo) -> None:
    BlockHash.put(ctx, BLOCK, BLOCK_HASH)
    go_to(BLOCK)


def test_work_is_paid(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    free, issued = account_data(ctx, ALICE).free, (BalancesTotalIssuance.get(ctx), TotalIssuance.get(ctx))
    dispatch(ALICE, faucet.call(BLOCK, NONCE, WORK))
    assert account_data(ctx, ALICE).free == free + GIVEN
    assert (BalancesTotalIssuance.get(ctx), TotalIssuance.get(ctx)) == (issued[0] + GIVEN, issued[1] + GIVEN)
    assert events()[-1] == Faucet(ALICE, GIVEN)
    assert UsedWork.get(ctx, WORK) == BLOCK


@pytest.mark.parametrize("age", [0, 2])
def test_work_is_valid_for_three_blocks(ctx: Context, dispatch: Dispatch, go_to: GoTo, age: int) -> None:
    go_to(BLOCK + age)
    dispatch(ALICE, faucet.call(BLOCK, NONCE, WORK))
    assert UsedWork.get(ctx, WORK) == BLOCK + age


@pytest.mark.parametrize("now", [BLOCK - 1, BLOCK + 3])
def test_work_on_future_or_old_blocks_is_refused(refused: RefusedCall, go_to: GoTo, now: int) -> None:
    go_to(now)
    refused(ALICE, faucet.call(BLOCK, NONCE, WORK), Error.InvalidWorkBlock)


def test_work_must_be_hard_enough(ctx: Context, refused: RefusedCall) -> None:
    easy = create_seal_hash(ctx, BLOCK, 0, ALICE)
    refused(ALICE, faucet.call(BLOCK, 0, easy), Error.InvalidDifficulty)
    refused(ALICE, faucet.call(BLOCK, NONCE, WORK[:-1]), Error.InvalidDifficulty)


def test_work_seals_account_nonce_and_block(ctx: Context, refused: RefusedCall) -> None:
    refused(BOB, faucet.call(BLOCK, NONCE, WORK), Error.InvalidSeal)
    refused(ALICE, faucet.call(BLOCK, NONCE + 1, WORK), Error.InvalidSeal)
    refused(ALICE, faucet.call(BLOCK - 1, NONCE, WORK), Error.InvalidSeal)


def test_the_hash_is_compared_as_a_little_endian_number() -> None:
    limit = (1 << 256) // 10_000
    assert hash_meets_difficulty(limit.to_bytes(32, "little"), 10_000)
    assert not hash_meets_difficulty((limit + 1).to_bytes(32, "little"), 10_000)


def test_the_faucet_is_free_and_must_be_signed(refused: RefusedCall) -> None:
    info = own_info(faucet.call(BLOCK, NONCE, WORK))
    assert info.pays_fee is Pays.No
    assert info.call_weight == weight_of(91_000_000, 0, 27, 22)
    refused(NONE, faucet.call(BLOCK, NONCE, WORK), BadOrigin())
