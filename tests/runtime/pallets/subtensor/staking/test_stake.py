"""Staking and unstaking: rules of the real pallet's tests (`staking.rs`), trades recomputed as fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pysubtensor.consensus.safe_float import SafeFloat
from pysubtensor.runtime import invariants
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchFailed
from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.pallets.alpha_assets import AlphaBurned
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.subtensor.declared.constants import InitialMinStake
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import StakeAdded, StakeRemoved
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet as stake_of,
)
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import increase_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.staking.helpers import clear_small_nominations, get_total_stake_for_hotkey
from pysubtensor.runtime.pallets.subtensor.staking.remove import remove_stake
from pysubtensor.runtime.pallets.subtensor.staking.stake import stake_into_subnet, unstake_from_subnet
from pysubtensor.runtime.pallets.subtensor.storage.delegation import PendingChildKeys
from pysubtensor.runtime.pallets.subtensor.storage.emission import SubnetTaoFlow
from pysubtensor.runtime.pallets.subtensor.storage.locks import Lock
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubtokenEnabled
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetAlphaOut, SubnetTAO, SubnetVolume
from pysubtensor.runtime.pallets.subtensor.storage.root import (
    NumStakingColdkeys,
    RootClaimable,
    RootClaimed,
    StakingColdkeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.staking import (
    Alpha,
    AlphaV2,
    LastColdkeyHotkeyStakeBlock,
    NominatorMinRequiredStake,
    StakingHotkeys,
    TotalHotkeyAlpha,
    TotalHotkeyShares,
    TotalHotkeySharesV2,
    TotalStake,
)
from pysubtensor.runtime.pallets.subtensor.storage.weights import StakeThreshold
from pysubtensor.runtime.pallets.swap import MAX_PRICE, MIN_PRICE
from pysubtensor.runtime.pallets.swap import Error as SwapError

from tests.world import ALICE, BOB, CHARLIE, TAO, AddDynamicNetwork, AddNetwork, Dispatch, RefusedCall, account

OWNER_HOT, OWNER_COLD, HOT, UNOWNED_HOT, AUTHOR = (account(number) for number in range(1, 6))
ROOT = 0
#: The fee of trades: 33 parts of 65535.
FEE = Fraction(33, 65535)
AMOUNT = 20_000_000


@pytest.fixture
def netuid(ctx: Context, add_dynamic_network: AddDynamicNetwork) -> int:
    """A started subnet, whose price is a quarter; Alice has a hotkey. The block has no author."""
    netuid = add_dynamic_network(OWNER_HOT, OWNER_COLD)
    create_account_if_non_existent(ctx, ALICE, HOT)
    set_reserves(ctx, netuid, 100 * TAO, 400 * TAO)
    return netuid


def set_reserves(ctx: Context, netuid: int, tao: int, alpha: int) -> None:
    """Fill a pool, and its account with TAO to pay from."""
    account = get_subnet_account_id(ctx, netuid)
    assert account is not None
    if missing := max(tao - account_data(ctx, account).free, 0):
        mint_into(ctx, account, missing)
    TotalStake.mutate(ctx, lambda total: total + tao - SubnetTAO.get(ctx, netuid))
    SubnetTAO.put(ctx, netuid, tao)
    SubnetAlphaIn.put(ctx, netuid, alpha)


def bought(tao_reserve: int, alpha_reserve: int, paid: int) -> int:
    """Return the output of a purchase by the constant product."""
    return int(Fraction(alpha_reserve * paid, tao_reserve + paid))


def free(ctx: Context, who: bytes) -> int:
    return account_data(ctx, who).free


# --- add_stake -----------------------------------------------------------------------------------------------------


def test_stake_buys_alpha_less_the_fee(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    before, counted, volume = free(ctx, ALICE), TotalStake.get(ctx), SubnetVolume.get(ctx, netuid)
    outstanding = SubnetAlphaOut.get(ctx, netuid)
    dispatch(ALICE, add_stake.call(HOT, netuid, AMOUNT))
    fee = int(AMOUNT * FEE)
    alpha = bought(100 * TAO, 400 * TAO, AMOUNT - fee)
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(alpha, abs=1)
    alpha = stake_of(ctx, HOT, ALICE, netuid)
    assert ctx.block.events[-1] == StakeAdded(ALICE, HOT, AMOUNT, alpha, netuid, fee)
    assert free(ctx, ALICE) == before - AMOUNT
    assert SubnetTAO.get(ctx, netuid) == 100 * TAO + AMOUNT - fee
    assert SubnetAlphaIn.get(ctx, netuid) == 400 * TAO - alpha
    assert SubnetAlphaOut.get(ctx, netuid) == outstanding + alpha
    assert TotalStake.get(ctx) == counted + AMOUNT
    assert SubnetVolume.get(ctx, netuid) == volume + AMOUNT
    assert SubnetTaoFlow.get(ctx, netuid) == AMOUNT - fee
    assert StakingHotkeys.get(ctx, ALICE) == [HOT]
    assert LastColdkeyHotkeyStakeBlock.get(ctx, ALICE, HOT) == ctx.block.number
    invariants.check(ctx)


def test_the_fee_of_stake_goes_to_the_author_in_tao(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    ctx.block.author = AUTHOR
    dispatch(ALICE, add_stake.call(HOT, netuid, AMOUNT))
    assert free(ctx, AUTHOR) == int(AMOUNT * FEE) == 10_070


def test_stake_on_a_foreign_hotkey_is_a_nomination(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(BOB, add_stake.call(HOT, netuid, AMOUNT))
    assert stake_of(ctx, HOT, BOB, netuid) > 0 == stake_of(ctx, HOT, ALICE, netuid)


def test_the_sender_keeps_its_existential_deposit(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    everything = free(ctx, ALICE)
    dispatch(ALICE, add_stake.call(HOT, netuid, everything))
    assert free(ctx, ALICE) == 500
    added = ctx.block.events[-1]
    assert isinstance(added, StakeAdded)
    assert added.tao == everything - 500


def test_stake_needs_a_signature(netuid: int, refused: RefusedCall) -> None:
    refused(NONE, add_stake.call(HOT, netuid, AMOUNT), BadOrigin())
    refused(NONE, remove_stake.call(HOT, netuid, AMOUNT), BadOrigin())


def test_stake_needs_an_owned_hotkey(netuid: int, refused: RefusedCall) -> None:
    refused(ALICE, add_stake.call(UNOWNED_HOT, netuid, AMOUNT), Error.HotKeyAccountNotExists)


def test_stake_needs_a_subnet(netuid: int, refused: RefusedCall) -> None:
    refused(ALICE, add_stake.call(HOT, netuid + 1, AMOUNT), Error.SubnetNotExists)


def test_stake_needs_a_started_subnet(ctx: Context, netuid: int, refused: RefusedCall) -> None:
    SubtokenEnabled.put(ctx, netuid, False)
    refused(ALICE, add_stake.call(HOT, netuid, AMOUNT), Error.SubtokenDisabled)
    refused(ALICE, remove_stake.call(HOT, netuid, AMOUNT), Error.SubtokenDisabled)


def test_stake_needs_the_balance(ctx: Context, netuid: int, refused: RefusedCall) -> None:
    refused(ALICE, add_stake.call(HOT, netuid, free(ctx, ALICE) + 1), Error.NotEnoughBalanceToStake)


def test_the_minimum_stake_is_compared_after_the_fee(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    least = InitialMinStake.get(ctx)
    refused(ALICE, add_stake.call(HOT, netuid, least), Error.AmountTooLow)
    fee = int(least * FEE)
    refused(ALICE, add_stake.call(HOT, netuid, least + fee - 1), Error.AmountTooLow)
    dispatch(ALICE, add_stake.call(HOT, netuid, least + fee))


@pytest.mark.parametrize(("tao", "alpha"), [(10**6 - 1, 10**6 - 1), (400 * TAO, 10**6 - 1), (19_999, 400 * TAO)])
def test_a_pool_with_too_small_reserves_refuses_stake(
    ctx: Context, netuid: int, refused: RefusedCall, tao: int, alpha: int
) -> None:
    """In the last case the input is more than a thousand times the reserve."""
    set_reserves(ctx, netuid, tao, alpha)
    refused(ALICE, add_stake.call(HOT, netuid, AMOUNT), Error.InsufficientLiquidity)


def test_stake_is_refused_where_shares_have_no_value(ctx: Context, netuid: int, refused: RefusedCall) -> None:
    TotalHotkeySharesV2.put(ctx, HOT, netuid, SafeFloat.from_u64(1))
    refused(ALICE, add_stake.call(HOT, netuid, AMOUNT), Error.InsufficientLiquidity)


def test_staking_stops_at_the_price_limit(ctx: Context, netuid: int) -> None:
    """From 0.25 to 0.26 the TAO reserve grows by the root of 1.04; the account keeps the rest."""
    alpha = stake_into_subnet(ctx, HOT, ALICE, netuid, 900 * TAO, 260_000_000)
    paid = SubnetTAO.get(ctx, netuid) - 100 * TAO
    assert paid == pytest.approx(100 * TAO * (1.04**0.5 - 1), abs=2)
    assert alpha == pytest.approx(bought(100 * TAO, 400 * TAO, paid), abs=1)
    with pytest.raises(DispatchFailed) as failure:
        stake_into_subnet(ctx, HOT, ALICE, netuid, TAO, 250_000_000)
    assert failure.value.reason is SwapError.PriceLimitExceeded


# --- remove_stake --------------------------------------------------------------------------------------------------


@pytest.fixture
def staked(ctx: Context, netuid: int, dispatch: Dispatch) -> int:
    """Alice's stake on her hotkey, for one TAO."""
    dispatch(ALICE, add_stake.call(HOT, netuid, TAO))
    return stake_of(ctx, HOT, ALICE, netuid)


def test_unstaking_sells_alpha_less_the_fee(ctx: Context, netuid: int, staked: int, dispatch: Dispatch) -> None:
    tao, alpha, before = SubnetTAO.get(ctx, netuid), SubnetAlphaIn.get(ctx, netuid), free(ctx, ALICE)
    counted, outstanding = TotalStake.get(ctx), SubnetAlphaOut.get(ctx, netuid)
    dispatch(ALICE, remove_stake.call(HOT, netuid, staked))
    fee = int(staked * FEE)
    paid = free(ctx, ALICE) - before
    assert paid == pytest.approx(bought(alpha, tao, staked - fee), abs=1)
    assert ctx.block.events[-1] == StakeRemoved(ALICE, HOT, paid, staked - fee, netuid, fee)
    assert stake_of(ctx, HOT, ALICE, netuid) == 0
    assert not AlphaV2.contains(ctx, (HOT, ALICE, netuid))
    assert SubnetTAO.get(ctx, netuid) == tao - paid
    assert TotalStake.get(ctx) == counted - paid
    # Without an author the fee is burned: it remains outstanding.
    assert SubnetAlphaOut.get(ctx, netuid) == outstanding - staked + fee
    assert AlphaBurned.get(ctx, netuid) == fee
    invariants.check(ctx)


def test_the_fee_of_unstaking_is_sold_for_the_author(
    ctx: Context, netuid: int, staked: int, dispatch: Dispatch
) -> None:
    ctx.block.author = AUTHOR
    tao, before, flow = SubnetTAO.get(ctx, netuid), free(ctx, ALICE), SubnetTaoFlow.get(ctx, netuid)
    dispatch(ALICE, remove_stake.call(HOT, netuid, staked))
    paid, earned = free(ctx, ALICE) - before, free(ctx, AUTHOR)
    fee = int(staked * FEE)
    alpha = SubnetAlphaIn.get(ctx, netuid) - fee
    assert earned == pytest.approx(bought(alpha, tao - paid, fee), abs=1)
    assert SubnetTAO.get(ctx, netuid) == tao - paid - earned
    assert SubnetTaoFlow.get(ctx, netuid) == flow - paid - earned
    assert SubnetAlphaOut.get(ctx, netuid) == 0
    assert AlphaBurned.get(ctx, netuid) == 0


def test_a_round_trip_costs_both_fees(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    ctx.block.author = AUTHOR
    set_reserves(ctx, netuid, 100 * TAO, 1_000 * TAO)
    before = free(ctx, ALICE)
    dispatch(ALICE, add_stake.call(HOT, netuid, 100_000_000))
    dispatch(ALICE, remove_stake.call(HOT, netuid, stake_of(ctx, HOT, ALICE, netuid)))
    lost = before - free(ctx, ALICE)
    assert lost == pytest.approx(100_000_000 * (1 - (1 - float(FEE)) ** 2), rel=0.001)


def test_unstaking_more_than_there_is_takes_all(ctx: Context, netuid: int, staked: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, remove_stake.call(HOT, netuid, staked * 2))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0


def test_unstaking_zero_is_refused(netuid: int, staked: int, refused: RefusedCall) -> None:
    refused(ALICE, remove_stake.call(HOT, netuid, 0), Error.AmountTooLow)
    refused(BOB, remove_stake.call(HOT, netuid, TAO), Error.AmountTooLow)


def test_unstaking_a_part_needs_the_minimum_but_unstaking_all_does_not(
    ctx: Context, netuid: int, staked: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(ALICE, remove_stake.call(HOT, netuid, 7_000_000), Error.AmountTooLow)
    dispatch(ALICE, remove_stake.call(HOT, netuid, staked - 7_000_000))
    dispatch(ALICE, remove_stake.call(HOT, netuid, 7_000_000))
    assert stake_of(ctx, HOT, ALICE, netuid) == 0


def test_unstaking_needs_liquidity(ctx: Context, netuid: int, staked: int, refused: RefusedCall) -> None:
    set_reserves(ctx, netuid, 10**6 - 1, 400 * TAO)
    refused(ALICE, remove_stake.call(HOT, netuid, staked), Error.InsufficientLiquidity)


def test_unstaking_stops_at_the_price_limit_and_keeps_the_rest(ctx: Context, netuid: int, staked: int) -> None:
    sold_down_to = 251_000_000
    unstake_from_subnet(ctx, HOT, ALICE, ALICE, netuid, staked, sold_down_to)
    removed = ctx.block.events[-1]
    assert isinstance(removed, StakeRemoved)
    rest = staked - removed.alpha - removed.fee
    assert 0 < rest < staked
    assert stake_of(ctx, HOT, ALICE, netuid) == pytest.approx(rest, abs=1)


def test_locked_stake_cannot_be_unstaked(
    ctx: Context, netuid: int, staked: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    do_lock_stake(ctx, ALICE, netuid, HOT, staked // 2)
    refused(ALICE, remove_stake.call(HOT, netuid, staked - staked // 2 + 1), Error.StakeUnavailable)
    dispatch(ALICE, remove_stake.call(HOT, netuid, staked - staked // 2))
    assert stake_of(ctx, HOT, ALICE, netuid) == staked // 2
    lock = Lock.get(ctx, (ALICE, netuid, HOT))
    assert lock is not None
    assert lock.locked_mass == staked // 2


def test_pending_children_are_dropped_below_the_stake_threshold(
    ctx: Context, netuid: int, staked: int, dispatch: Dispatch
) -> None:
    for subnet in (netuid, ROOT):
        PendingChildKeys.put(ctx, subnet, HOT, ([(1, OWNER_HOT)], 99))
    StakeThreshold.put(ctx, TAO // 4)
    dispatch(ALICE, remove_stake.call(HOT, netuid, staked // 2))
    assert PendingChildKeys.contains(ctx, netuid, HOT)
    dispatch(ALICE, remove_stake.call(HOT, netuid, staked // 3))
    assert not PendingChildKeys.contains(ctx, netuid, HOT)


# --- root ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def root(ctx: Context, netuid: int, add_network: AddNetwork) -> None:
    """Root, on which stake is TAO."""
    add_network(ROOT, 0)


def test_stake_on_root_is_tao_without_a_fee(ctx: Context, root: None, dispatch: Dispatch) -> None:
    before, counted = free(ctx, ALICE), TotalStake.get(ctx)
    dispatch(ALICE, add_stake.call(HOT, ROOT, TAO))
    assert ctx.block.events[-1] == StakeAdded(ALICE, HOT, TAO, TAO, ROOT, 0)
    assert stake_of(ctx, HOT, ALICE, ROOT) == SubnetTAO.get(ctx, ROOT) == SubnetAlphaOut.get(ctx, ROOT) == TAO
    assert TotalStake.get(ctx) == counted + TAO
    assert (StakingColdkeys.get(ctx, ALICE), NumStakingColdkeys.get(ctx)) == (0, 1)
    dispatch(ALICE, remove_stake.call(HOT, ROOT, TAO))
    assert free(ctx, ALICE) == before
    assert SubnetTAO.get(ctx, ROOT) == SubnetAlphaOut.get(ctx, ROOT) == 0
    assert (StakingColdkeys.get(ctx, ALICE), NumStakingColdkeys.get(ctx)) == (None, 0)
    invariants.check(ctx)


def test_new_stake_on_root_has_no_claim_on_earlier_dividends(
    ctx: Context, netuid: int, root: None, dispatch: Dispatch
) -> None:
    RootClaimable.put(ctx, HOT, {netuid: 1 << 31})
    dispatch(ALICE, add_stake.call(HOT, ROOT, TAO))
    assert RootClaimed.get(ctx, (netuid, HOT, ALICE)) == TAO // 2
    dispatch(ALICE, remove_stake.call(HOT, ROOT, TAO // 4))
    assert RootClaimed.get(ctx, (netuid, HOT, ALICE)) == TAO * 3 // 8


# --- nominations too small -----------------------------------------------------------------------------------------


def test_small_nominations_are_sold_and_those_of_owners_are_not(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    ctx.block.author = AUTHOR
    for coldkey in (ALICE, BOB):
        dispatch(coldkey, add_stake.call(HOT, netuid, TAO))
        stake = stake_of(ctx, HOT, coldkey, netuid)
        dispatch(coldkey, remove_stake.call(HOT, netuid, stake * 997 // 1000))
    mine, nomination = stake_of(ctx, HOT, ALICE, netuid), stake_of(ctx, HOT, BOB, netuid)
    clear_small_nominations(ctx)
    assert stake_of(ctx, HOT, BOB, netuid) == nomination
    before, total = free(ctx, BOB), TotalHotkeyAlpha.get(ctx, HOT, netuid)
    # The factor is in millionths of the least stake, which is 0.002 TAO: a tenth of a TAO.
    NominatorMinRequiredStake.put(ctx, 50_000_000)
    clear_small_nominations(ctx)
    assert stake_of(ctx, HOT, ALICE, netuid) == mine
    assert stake_of(ctx, HOT, BOB, netuid) == 0
    assert free(ctx, BOB) > before
    assert TotalHotkeyAlpha.get(ctx, HOT, netuid) == total - nomination


@pytest.mark.parametrize("sold", [True, False])
def test_the_lock_of_a_small_nomination_ends_with_it(ctx: Context, netuid: int, dispatch: Dispatch, sold: bool) -> None:
    ctx.block.author = AUTHOR
    dispatch(BOB, add_stake.call(HOT, netuid, TAO // 100))
    do_lock_stake(ctx, BOB, netuid, HOT, stake_of(ctx, HOT, BOB, netuid))
    assert Lock.contains(ctx, (BOB, netuid, HOT))
    if not sold:
        set_reserves(ctx, netuid, 10**6 - 1, 4 * 10**6)
    NominatorMinRequiredStake.put(ctx, 50_000_000)
    clear_small_nominations(ctx)
    assert stake_of(ctx, HOT, BOB, netuid) == 0
    assert not Lock.contains(ctx, (BOB, netuid, HOT))


def test_a_nomination_that_cannot_be_sold_is_removed(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(BOB, add_stake.call(HOT, netuid, TAO // 100))
    before = free(ctx, BOB)
    set_reserves(ctx, netuid, 10**6 - 1, 4 * 10**6)
    NominatorMinRequiredStake.put(ctx, 50_000_000)
    clear_small_nominations(ctx)
    assert stake_of(ctx, HOT, BOB, netuid) == 0
    assert free(ctx, BOB) == before


def test_unstaking_sells_a_nomination_that_becomes_too_small(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(BOB, add_stake.call(HOT, netuid, TAO))
    NominatorMinRequiredStake.put(ctx, 50_000_000)
    dispatch(BOB, remove_stake.call(HOT, netuid, stake_of(ctx, HOT, BOB, netuid) * 95 // 100))
    assert stake_of(ctx, HOT, BOB, netuid) == 0


# --- what stakes are worth -----------------------------------------------------------------------------------------


def test_the_value_of_stake_by_hotkey_and_coldkey(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    dispatch(ALICE, add_stake.call(HOT, netuid, AMOUNT))
    price = Fraction(SubnetTAO.get(ctx, netuid), SubnetAlphaIn.get(ctx, netuid))
    stake = stake_of(ctx, HOT, ALICE, netuid)
    assert get_total_stake_for_hotkey(ctx, HOT) == pytest.approx(stake * price, abs=1)


# --- shares as they used to be stored ------------------------------------------------------------------------------


@pytest.mark.parametrize("total_is_new", [False, True])
def test_former_shares_count_until_they_are_changed(ctx: Context, netuid: int, total_is_new: bool) -> None:
    Alpha.put(ctx, (HOT, ALICE, netuid), 1 << 64)
    if total_is_new:
        TotalHotkeySharesV2.put(ctx, HOT, netuid, SafeFloat.from_u64(1))
    else:
        TotalHotkeyShares.put(ctx, HOT, netuid, 1 << 64)
    TotalHotkeyAlpha.put(ctx, HOT, netuid, 200_000)
    assert stake_of(ctx, HOT, ALICE, netuid) == 200_000
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, ALICE, netuid, 200_000)
    assert not Alpha.contains(ctx, (HOT, ALICE, netuid))
    assert not TotalHotkeyShares.contains(ctx, HOT, netuid)
    assert AlphaV2.get(ctx, (HOT, ALICE, netuid)) == TotalHotkeySharesV2.get(ctx, HOT, netuid)
    assert stake_of(ctx, HOT, ALICE, netuid) == 400_000


@pytest.mark.parametrize("amount", [0, 5])
def test_a_payment_into_a_pool_without_denominator_replaces_a_share_that_is_left(
    ctx: Context, netuid: int, amount: int
) -> None:
    """Also a payment of nothing, whose share is zero and not stored."""
    AlphaV2.put(ctx, (HOT, ALICE, netuid), SafeFloat.from_u64(345_501))
    AlphaV2.put(ctx, (HOT, BOB, netuid), SafeFloat.from_u64(7))
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, ALICE, netuid, amount)
    assert AlphaV2.get(ctx, (HOT, ALICE, netuid)) == SafeFloat.from_u64(amount)
    assert AlphaV2.contains(ctx, (HOT, ALICE, netuid)) is bool(amount)
    assert TotalHotkeySharesV2.contains(ctx, HOT, netuid) is bool(amount)
    assert AlphaV2.get(ctx, (HOT, BOB, netuid)) == SafeFloat.from_u64(7)


def test_a_sale_is_possible_at_the_lowest_price(ctx: Context, netuid: int, staked: int) -> None:
    assert unstake_from_subnet(ctx, HOT, ALICE, BOB, netuid, staked, MIN_PRICE) > 0
    assert stake_into_subnet(ctx, HOT, CHARLIE, netuid, TAO, MAX_PRICE) > 0
