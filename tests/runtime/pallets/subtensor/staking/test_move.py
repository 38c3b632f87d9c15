"""Moving stake to another hotkey, coldkey or subnet; rules and numbers of the chain's `move_stake.rs`."""

from __future__ import annotations

from itertools import count

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor.declared.constants import InitialMinStake
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import StakeAdded, StakeMoved, StakeRemoved, StakeTransferred
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.subtensor.staking.move import move_stake, swap_stake, transfer_stake
from pysubtensor.runtime.pallets.subtensor.storage.networks import TransferToggle
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.staking import StakingHotkeys, TotalHotkeyAlpha, TotalHotkeyShares

from tests.runtime.pallets.subtensor.pools import bought, free, give_stake, set_reserves, sold, stake_of
from tests.world import ALICE, BOB, TAO, AddDynamicNetwork, AddNetwork, Dispatch, RefusedCall, account

HOT, OTHER_HOT, OWNER_HOT, OWNER_COLD, SECOND_OWNER_HOT = (account(number) for number in range(1, 6))
#: Ten times the minimum stake, in rao.
STAKE = 20_000_000


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork) -> int:
    """A started subnet in whose pool an alpha costs a TAO; Alice has two hotkeys. The block has no author."""
    netuid = add_dynamic_network(OWNER_HOT, OWNER_COLD)
    set_reserves(ctx, netuid, 100 * STAKE, 100 * STAKE)
    for hotkey in (HOT, OTHER_HOT):
        create_account_if_non_existent(ctx, ALICE, hotkey)
    return netuid


@pytest.fixture
def other(ctx: Context, netuid: int, add_dynamic_network: AddDynamicNetwork) -> int:
    """Another subnet with the same reserves."""
    other = add_dynamic_network(SECOND_OWNER_HOT, OWNER_COLD)
    set_reserves(ctx, other, 100 * STAKE, 100 * STAKE)
    return other


@pytest.fixture
def staked(ctx: Context, netuid: int, dispatch: Dispatch) -> int:
    """The alpha that Alice has on her first hotkey, for 0.02 TAO."""
    dispatch(ALICE, add_stake.call(HOT, netuid, STAKE))
    return stake_of(ctx, HOT, ALICE, netuid)


# --- within a subnet -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tenths", range(1, 11))
def test_any_part_of_a_stake_moves_to_another_hotkey(
    ctx: Context, netuid: int, dispatch: Dispatch, tenths: int
) -> None:
    dispatch(ALICE, add_stake.call(HOT, netuid, 2 * STAKE))
    alpha = stake_of(ctx, HOT, ALICE, netuid)
    moved = alpha * tenths // 10
    dispatch(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, netuid, moved))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(alpha - moved, abs=10)
    assert stake_of(ctx, OTHER_HOT, ALICE, netuid) == pytest.approx(moved, abs=10)


def test_a_stake_moves_back_and_forth_without_loss(ctx: Context, netuid: int, staked: int, dispatch: Dispatch) -> None:
    for _ in range(3):
        dispatch(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, netuid, stake_of(ctx, HOT, ALICE, netuid)))
        dispatch(ALICE, move_stake.call(OTHER_HOT, HOT, netuid, netuid, stake_of(ctx, OTHER_HOT, ALICE, netuid)))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(staked, rel=0.001)
    assert stake_of(ctx, OTHER_HOT, ALICE, netuid) == 0


def test_a_move_within_a_subnet_trades_nothing(ctx: Context, netuid: int, staked: int, dispatch: Dispatch) -> None:
    before = SubnetTAO.get(ctx, netuid), SubnetAlphaIn.get(ctx, netuid), free(ctx, ALICE)
    dispatch(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, netuid, staked))
    assert (SubnetTAO.get(ctx, netuid), SubnetAlphaIn.get(ctx, netuid), free(ctx, ALICE)) == before
    assert StakingHotkeys.get(ctx, ALICE) == [HOT, OTHER_HOT]


def test_a_move_names_both_hotkeys_and_the_worth(ctx: Context, netuid: int, staked: int, dispatch: Dispatch) -> None:
    """The price is (2 TAO + 0.02 TAO less the fee) / (2 alpha - what was bought)."""
    worth = staked * SubnetTAO.get(ctx, netuid) // SubnetAlphaIn.get(ctx, netuid)
    dispatch(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, netuid, staked))
    removed, added, moved = ctx.block.events[-3:]
    assert removed == StakeRemoved(ALICE, HOT, worth, staked, netuid, 0)
    assert added == StakeAdded(ALICE, OTHER_HOT, worth, staked, netuid, 0)
    assert moved == StakeMoved(ALICE, HOT, netuid, OTHER_HOT, netuid, worth)


def test_a_move_to_the_same_place_is_refused(netuid: int, staked: int, refused: RefusedCall) -> None:
    refused(ALICE, move_stake.call(HOT, HOT, netuid, netuid, staked), Error.SameNetuid)
    refused(ALICE, swap_stake.call(HOT, netuid, netuid, staked), Error.SameNetuid)


def test_the_largest_stake_moves_without_overflow(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    """20 million TAO, a thousand times what is in the pool."""
    alpha = 20_000_000 * TAO
    set_reserves(ctx, netuid, alpha // 1_000, alpha // 1_000)
    give_stake(ctx, HOT, ALICE, netuid, alpha)
    dispatch(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, netuid, alpha))
    assert (stake_of(ctx, HOT, ALICE, netuid), stake_of(ctx, OTHER_HOT, ALICE, netuid)) == (0, alpha)


# --- refusals ------------------------------------------------------------------------------------------------------


def test_a_move_needs_existing_subnets_and_hotkeys(netuid: int, staked: int, refused: RefusedCall) -> None:
    stranger = account(99)
    refused(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, 99, staked), Error.SubnetNotExists)
    refused(ALICE, move_stake.call(HOT, OTHER_HOT, 99, netuid, staked), Error.SubnetNotExists)
    refused(ALICE, move_stake.call(stranger, OTHER_HOT, netuid, netuid, staked), Error.HotKeyAccountNotExists)
    refused(ALICE, move_stake.call(HOT, stranger, netuid, netuid, staked), Error.HotKeyAccountNotExists)


def test_who_has_no_stake_moves_nothing(netuid: int, other: int, staked: int, refused: RefusedCall) -> None:
    """More than the stake means all of it, which is nothing."""
    refused(BOB, move_stake.call(HOT, OTHER_HOT, netuid, netuid, staked), Error.AmountTooLow)
    refused(BOB, transfer_stake.call(ALICE, HOT, netuid, netuid, staked), Error.AmountTooLow)
    refused(BOB, swap_stake.call(HOT, netuid, other, staked), Error.AmountTooLow)


def test_less_than_the_minimum_stake_is_not_moved(netuid: int, other: int, staked: int, refused: RefusedCall) -> None:
    refused(ALICE, move_stake.call(HOT, HOT, netuid, other, 1), Error.AmountTooLow)
    refused(ALICE, transfer_stake.call(BOB, HOT, netuid, netuid, 1), Error.AmountTooLow)
    refused(ALICE, swap_stake.call(HOT, netuid, other, 1), Error.AmountTooLow)


# --- between subnets -----------------------------------------------------------------------------------------------


def moved_alpha(ctx: Context, netuid: int, other: int, alpha: int) -> int:
    """Return what `alpha` become on another subnet: the sale has a fee, the purchase none."""
    tao = sold(SubnetTAO.get(ctx, netuid), SubnetAlphaIn.get(ctx, netuid), alpha)
    return SubnetAlphaIn.get(ctx, other) * tao // (SubnetTAO.get(ctx, other) + tao)


def test_a_move_to_another_subnet_pays_one_fee(
    ctx: Context, netuid: int, other: int, staked: int, dispatch: Dispatch
) -> None:
    expected = moved_alpha(ctx, netuid, other, staked)
    dispatch(ALICE, move_stake.call(HOT, OTHER_HOT, netuid, other, staked))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0
    assert stake_of(ctx, OTHER_HOT, ALICE, other) == pytest.approx(expected, abs=2)


def test_a_transfer_to_another_subnet_gives_the_stake_to_another_coldkey(
    ctx: Context, netuid: int, other: int, staked: int, dispatch: Dispatch
) -> None:
    before = free(ctx, BOB)
    expected = moved_alpha(ctx, netuid, other, staked)
    dispatch(ALICE, transfer_stake.call(BOB, HOT, netuid, other, staked))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0
    assert stake_of(ctx, HOT, BOB, other) == pytest.approx(expected, abs=2)
    assert free(ctx, BOB) == before
    assert isinstance(ctx.block.events[-1], StakeTransferred)


def test_a_swap_works_on_a_foreign_hotkey_too(ctx: Context, netuid: int, other: int, dispatch: Dispatch) -> None:
    dispatch(BOB, add_stake.call(HOT, netuid, STAKE))
    alpha = stake_of(ctx, HOT, BOB, netuid)
    expected = moved_alpha(ctx, netuid, other, alpha)
    dispatch(BOB, swap_stake.call(HOT, netuid, other, alpha))
    assert stake_of(ctx, HOT, BOB, other) == pytest.approx(expected, abs=2)


def test_swaps_there_and_back_cost_a_fee_each(
    ctx: Context, netuid: int, other: int, staked: int, dispatch: Dispatch
) -> None:
    for _ in range(3):
        dispatch(ALICE, swap_stake.call(HOT, netuid, other, stake_of(ctx, HOT, ALICE, netuid)))
        dispatch(ALICE, swap_stake.call(HOT, other, netuid, stake_of(ctx, HOT, ALICE, other)))
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(staked * (1 - 33 / 65535) ** 6, rel=0.001)


def test_stake_from_root_pays_its_fee_on_the_way_in(
    ctx: Context, netuid: int, add_network: AddNetwork, dispatch: Dispatch
) -> None:
    add_network(0, 0)
    give_stake(ctx, HOT, ALICE, 0, STAKE)
    expected = bought(SubnetTAO.get(ctx, netuid), SubnetAlphaIn.get(ctx, netuid), STAKE)
    dispatch(ALICE, swap_stake.call(HOT, 0, netuid, STAKE))
    assert stake_of(ctx, HOT, ALICE, 0) == 0
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(expected, abs=2)


def test_a_sale_must_bring_more_than_the_minimum_stake(
    ctx: Context, netuid: int, other: int, staked: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    """The minimum is 2,000,000 rao; alpha that is worth no more stays where it is."""
    tao, alpha = SubnetTAO.get(ctx, netuid), SubnetAlphaIn.get(ctx, netuid)
    enough = next(amount for amount in count(1_900_000) if sold(tao, alpha, amount) > InitialMinStake.get(ctx))
    refused(ALICE, swap_stake.call(HOT, netuid, other, enough - 2), Error.AmountTooLow)
    assert stake_of(ctx, HOT, ALICE, netuid) == staked
    dispatch(ALICE, swap_stake.call(HOT, netuid, other, enough + 2))
    assert stake_of(ctx, HOT, ALICE, other) > 0


def test_shares_of_an_older_pool_are_moved_to_the_new_items(
    ctx: Context, netuid: int, other: int, dispatch: Dispatch
) -> None:
    """The pool of the hotkey on the destination has a denominator of 161,986,254 / 2^64, as on the main network."""
    set_reserves(ctx, other, 2_409_892_148_947, 15_358_708_513_716)
    set_reserves(ctx, netuid, 2_409_902_148_947, 15_358_718_513_716)
    TotalHotkeyShares.put(ctx, HOT, other, 161_986_254)
    TotalHotkeyAlpha.put(ctx, HOT, other, 36_711_495_953)
    dispatch(BOB, add_stake.call(HOT, netuid, 200_000_000))
    alpha = stake_of(ctx, HOT, BOB, netuid)
    expected = moved_alpha(ctx, netuid, other, alpha)
    dispatch(BOB, move_stake.call(HOT, HOT, netuid, other, alpha))
    assert stake_of(ctx, HOT, BOB, netuid) == 0
    assert stake_of(ctx, HOT, BOB, other) == pytest.approx(expected, abs=1_000)


# --- transfers -----------------------------------------------------------------------------------------------------


def test_a_transfer_gives_the_stake_to_another_coldkey(
    ctx: Context, netuid: int, staked: int, dispatch: Dispatch
) -> None:
    dispatch(ALICE, transfer_stake.call(BOB, HOT, netuid, netuid, staked))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0
    assert stake_of(ctx, HOT, BOB, netuid) == pytest.approx(staked, rel=0.001)


def test_a_transfer_needs_both_subnets_to_allow_it(
    ctx: Context, netuid: int, other: int, staked: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    TransferToggle.put(ctx, other, False)
    refused(ALICE, transfer_stake.call(BOB, HOT, netuid, other, staked), Error.TransferDisallowed)
    TransferToggle.put(ctx, other, True)
    TransferToggle.put(ctx, netuid, False)
    refused(ALICE, transfer_stake.call(BOB, HOT, netuid, other, staked), Error.TransferDisallowed)
    dispatch(ALICE, swap_stake.call(HOT, netuid, other, staked))
