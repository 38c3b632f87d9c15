"""Recycling and burning alpha, bought for it or not; rules and numbers of the chain's `recycle_alpha.rs`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pysubtensor.consensus.safe_float import SafeFloat
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.alpha_assets import AlphaBurned, AlphaRecycled
from pysubtensor.runtime.pallets.subtensor.declared import events as declared
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.staking.recycle import add_stake_burn, burn_alpha, recycle_alpha
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaOut
from pysubtensor.runtime.pallets.subtensor.storage.staking import AlphaV2, TotalHotkeyAlpha, TotalHotkeySharesV2

from tests.runtime.pallets.subtensor.pools import bought, free, give_stake, price_of, set_reserves, stake_of
from tests.world import ALICE, BOB, TAO, AddDynamicNetwork, AddNetwork, Dispatch, RefusedCall, account

HOT, OWNER_HOT, OWNER_COLD = (account(number) for number in range(1, 4))
STAKE = 200_000

#: A call that destroys alpha.
Destroyer = Callable[[bytes, int, int], Call]
DESTROYERS = pytest.mark.parametrize("destroy", [recycle_alpha.call, burn_alpha.call], ids=["recycle", "burn"])


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork, add_network: AddNetwork) -> int:
    """A started subnet, beside root; Alice has 200,000 rao of its alpha on her hotkey."""
    add_network(0, 0)
    netuid = add_dynamic_network(OWNER_HOT, OWNER_COLD)
    give_stake(ctx, HOT, ALICE, netuid, STAKE)
    return netuid


@pytest.mark.parametrize("who", [ALICE, BOB], ids=["owner", "nominator"])
def test_recycled_alpha_leaves_the_stake_and_what_is_outstanding(
    ctx: Context, netuid: int, dispatch: Dispatch, who: bytes
) -> None:
    give_stake(ctx, HOT, BOB, netuid, STAKE)
    outstanding, staked = SubnetAlphaOut.get(ctx, netuid), TotalHotkeyAlpha.get(ctx, HOT, netuid)
    dispatch(who, recycle_alpha.call(HOT, STAKE // 2, netuid))
    assert SubnetAlphaOut.get(ctx, netuid) == outstanding - STAKE // 2
    assert TotalHotkeyAlpha.get(ctx, HOT, netuid) == staked - STAKE // 2
    assert stake_of(ctx, HOT, who, netuid) == STAKE // 2
    assert stake_of(ctx, HOT, BOB if who == ALICE else ALICE, netuid) == pytest.approx(STAKE, abs=2)
    assert AlphaRecycled.get(ctx, netuid) == STAKE // 2
    assert ctx.block.events[-1] == declared.AlphaRecycled(who, HOT, STAKE // 2, netuid)


@pytest.mark.parametrize("who", [ALICE, BOB], ids=["owner", "nominator"])
def test_burned_alpha_leaves_the_stake_but_stays_outstanding(
    ctx: Context, netuid: int, dispatch: Dispatch, who: bytes
) -> None:
    give_stake(ctx, HOT, BOB, netuid, STAKE)
    outstanding, staked = SubnetAlphaOut.get(ctx, netuid), TotalHotkeyAlpha.get(ctx, HOT, netuid)
    dispatch(who, burn_alpha.call(HOT, STAKE // 2, netuid))
    assert SubnetAlphaOut.get(ctx, netuid) == outstanding
    assert TotalHotkeyAlpha.get(ctx, HOT, netuid) == staked - STAKE // 2
    assert stake_of(ctx, HOT, who, netuid) == STAKE // 2
    assert stake_of(ctx, HOT, BOB if who == ALICE else ALICE, netuid) == pytest.approx(STAKE, abs=2)
    assert AlphaBurned.get(ctx, netuid) == STAKE // 2
    assert ctx.block.events[-1] == declared.AlphaBurned(who, HOT, STAKE // 2, netuid)


@DESTROYERS
def test_more_than_the_stake_destroys_all_of_it(
    ctx: Context, netuid: int, dispatch: Dispatch, destroy: Destroyer
) -> None:
    dispatch(ALICE, destroy(HOT, 10 * STAKE, netuid))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0


@DESTROYERS
def test_alpha_of_unknown_subnets_of_root_and_of_unknown_hotkeys_is_not_destroyed(
    netuid: int, refused: RefusedCall, destroy: Destroyer
) -> None:
    refused(ALICE, destroy(HOT, 100_000, 99), Error.SubnetNotExists)
    refused(ALICE, destroy(HOT, 100_000, 0), Error.CannotBurnOrRecycleOnRootSubnet)
    refused(ALICE, destroy(account(99), 100_000, netuid), Error.HotKeyAccountNotExists)


@DESTROYERS
def test_no_more_than_what_is_outstanding_is_destroyed(
    ctx: Context, netuid: int, refused: RefusedCall, destroy: Destroyer
) -> None:
    outstanding = SubnetAlphaOut.get(ctx, netuid)
    TotalHotkeyAlpha.put(ctx, HOT, netuid, 2 * outstanding)
    refused(ALICE, destroy(HOT, outstanding + 1, netuid), Error.InsufficientLiquidity)


@DESTROYERS
def test_locked_alpha_is_not_destroyed(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall, destroy: Destroyer
) -> None:
    do_lock_stake(ctx, ALICE, netuid, HOT, STAKE // 2)
    refused(ALICE, destroy(HOT, STAKE // 2 + 1, netuid), Error.StakeUnavailable)
    dispatch(ALICE, destroy(HOT, STAKE // 2, netuid))
    assert stake_of(ctx, HOT, ALICE, netuid) == STAKE // 2


@DESTROYERS
def test_half_of_a_share_of_a_billionth_is_destroyed_exactly(
    ctx: Context, netuid: int, dispatch: Dispatch, destroy: Destroyer
) -> None:
    billionth = SafeFloat(1, -9)
    TotalHotkeySharesV2.put(ctx, HOT, netuid, billionth)
    AlphaV2.put(ctx, (HOT, ALICE, netuid), billionth)
    dispatch(ALICE, destroy(HOT, STAKE // 2, netuid))
    assert stake_of(ctx, HOT, ALICE, netuid) == STAKE // 2


# --- add_stake_burn ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [None, 2 * TAO])
def test_alpha_is_bought_and_burned_at_once(ctx: Context, netuid: int, dispatch: Dispatch, limit: int | None) -> None:
    """100 TAO into 1,000 of each raise the price from 1 to 1.21."""
    set_reserves(ctx, netuid, 1_000 * TAO, 1_000 * TAO)
    before, staked, outstanding = free(ctx, BOB), stake_of(ctx, HOT, BOB, netuid), SubnetAlphaOut.get(ctx, netuid)
    dispatch(BOB, add_stake_burn.call(HOT, netuid, 100 * TAO, limit))
    alpha = bought(1_000 * TAO, 1_000 * TAO, 100 * TAO)
    assert free(ctx, BOB) == before - 100 * TAO
    assert stake_of(ctx, HOT, BOB, netuid) == staked == 0
    assert AlphaBurned.get(ctx, netuid) == pytest.approx(alpha, abs=1)
    assert SubnetAlphaOut.get(ctx, netuid) - outstanding == AlphaBurned.get(ctx, netuid)
    assert float(price_of(ctx, netuid)) == pytest.approx(1.21, rel=0.001)
    burned = ctx.block.events[-1]
    assert burned == declared.AddStakeBurn(netuid, HOT, 100 * TAO, AlphaBurned.get(ctx, netuid))


def test_a_purchase_to_burn_is_made_whole_or_not_at_all(ctx: Context, netuid: int, refused: RefusedCall) -> None:
    set_reserves(ctx, netuid, 1_000 * TAO, 1_000 * TAO)
    refused(BOB, add_stake_burn.call(HOT, netuid, 100 * TAO, 1_200_000_000), Error.SlippageTooHigh)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"netuid": 99}, Error.SubnetNotExists),
        ({"amount": 1_001 * TAO}, Error.NotEnoughBalanceToStake),
        ({"hotkey": account(99)}, Error.HotKeyAccountNotExists),
    ],
    ids=["subnet", "balance", "hotkey"],
)
def test_a_purchase_to_burn_needs_what_a_stake_needs(
    ctx: Context, netuid: int, refused: RefusedCall, change: dict[str, Any], error: Error
) -> None:
    set_reserves(ctx, netuid, 1_000 * TAO, 1_000 * TAO)
    create_account_if_non_existent(ctx, BOB, account(4))
    arguments = {"hotkey": HOT, "netuid": netuid, "amount": TAO, "limit": None} | change
    refused(BOB, add_stake_burn.call(**arguments), error)
