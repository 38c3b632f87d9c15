"""The least amounts of stake, on both sides of each limit: rules of the real `stake_utils.rs` and `lock.rs`."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import StakeLocked
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet as stake_of,
)
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.staking.remove import remove_stake
from pysubtensor.runtime.pallets.subtensor.staking.stake import stake_into_subnet
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn
from pysubtensor.runtime.pallets.swap import MAX_PRICE, FeeRate

from tests.world import ALICE, BOB, TAO, AddDynamicNetwork, AddNetwork, Dispatch, RefusedCall, account

OWNER_HOT, OWNER_COLD, HOT = (account(number) for number in range(1, 4))
ROOT = 0
#: `DefaultMinStake` of spec 425, in rao.
LEAST = 2_000_000
#: The fee of trades, and the highest one that can be set, in parts of 65535.
DEFAULT_FEE, HIGHEST_FEE = 33, 10_000


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork) -> int:
    """A started subnet on which Alice has a hotkey."""
    create_account_if_non_existent(ctx, ALICE, HOT)
    return add_dynamic_network(OWNER_HOT, OWNER_COLD)


@pytest.fixture
def on_root(ctx: Context, netuid: int, add_network: AddNetwork, dispatch: Dispatch) -> None:
    """Ten minimum stakes of Alice on root, where alpha is TAO and trades are free."""
    add_network(ROOT, 0)
    dispatch(ALICE, add_stake.call(HOT, ROOT, 10 * LEAST))


def fee(amount: int, rate: int) -> int:
    return int(Fraction(amount * rate, 65_535))


def test_what_reaches_the_pool_is_at_least_the_minimum_stake(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    """The fee on the minimum is smaller than the fee on the minimum with its fee: the first is not enough."""
    FeeRate.put(ctx, netuid, HIGHEST_FEE)
    least = LEAST
    while least - fee(least, HIGHEST_FEE) < LEAST:
        least += 1
    assert least == 2_360_133 > LEAST + fee(LEAST, HIGHEST_FEE)
    refused(ALICE, add_stake.call(HOT, netuid, LEAST + fee(LEAST, HIGHEST_FEE)), Error.AmountTooLow)
    refused(ALICE, add_stake.call(HOT, netuid, least - 1), Error.AmountTooLow)
    dispatch(ALICE, add_stake.call(HOT, netuid, least))


def test_a_pool_that_refuses_trades_adds_its_fee_to_the_minimum_too(
    ctx: Context, netuid: int, refused: RefusedCall
) -> None:
    SubnetAlphaIn.put(ctx, netuid, 10**6 - 1)
    least = LEAST + fee(LEAST, DEFAULT_FEE)
    assert least == 2_001_007
    refused(ALICE, add_stake.call(HOT, netuid, least - 1), Error.AmountTooLow)
    refused(ALICE, add_stake.call(HOT, netuid, least), Error.InsufficientLiquidity)


def test_stake_on_root_is_at_least_the_minimum(on_root: None, dispatch: Dispatch, refused: RefusedCall) -> None:
    refused(BOB, add_stake.call(HOT, ROOT, LEAST - 1), Error.AmountTooLow)
    dispatch(BOB, add_stake.call(HOT, ROOT, LEAST))


def test_a_part_that_is_unstaked_is_worth_at_least_the_minimum(
    ctx: Context, on_root: None, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(ALICE, remove_stake.call(HOT, ROOT, LEAST - 1), Error.AmountTooLow)
    dispatch(ALICE, remove_stake.call(HOT, ROOT, LEAST))
    assert stake_of(ctx, HOT, ALICE, ROOT) == 9 * LEAST


def test_the_whole_stake_may_be_one_rao(ctx: Context, on_root: None, dispatch: Dispatch) -> None:
    dispatch(BOB, add_stake.call(HOT, ROOT, LEAST))  # keeps the account of root above the existential deposit
    dispatch(ALICE, remove_stake.call(HOT, ROOT, 10 * LEAST - 1))
    assert stake_of(ctx, HOT, ALICE, ROOT) == 1
    dispatch(ALICE, remove_stake.call(HOT, ROOT, 1))
    assert stake_of(ctx, HOT, ALICE, ROOT) == 0


def test_a_purchase_pays_at_least_one_alpha(ctx: Context, netuid: int) -> None:
    SubnetAlphaIn.put(ctx, netuid, 100 * TAO)
    with pytest.raises(DispatchFailed) as failure:
        stake_into_subnet(ctx, HOT, ALICE, netuid, 0, MAX_PRICE)
    assert failure.value.reason is Error.AmountTooLow
    # The pool holds 0.1 TAO, and of alpha a thousand times that: the price is a thousandth.
    assert stake_into_subnet(ctx, HOT, ALICE, netuid, 1, MAX_PRICE) > 0


def test_the_least_lock_is_one(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, add_stake.call(HOT, netuid, TAO))
    with pytest.raises(DispatchFailed) as failure:
        do_lock_stake(ctx, ALICE, netuid, HOT, 0)
    assert failure.value.reason is Error.AmountTooLow
    do_lock_stake(ctx, ALICE, netuid, HOT, 1)
    assert ctx.block.events[-1] == StakeLocked(ALICE, HOT, netuid, 1)
