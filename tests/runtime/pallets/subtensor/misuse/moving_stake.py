"""Misuse of SubtensorModule: stake bought and sold up to a price, moved, and destroyed."""

from __future__ import annotations

from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import try_associate_hotkey
from pysubtensor.runtime.pallets.subtensor.ledger.tao import get_coldkey_balance
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake, add_stake_limit
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.staking.move import move_stake, swap_stake, swap_stake_limit, transfer_stake
from pysubtensor.runtime.pallets.subtensor.staking.recycle import add_stake_burn, burn_alpha, recycle_alpha
from pysubtensor.runtime.pallets.subtensor.staking.remove import (
    remove_stake_full_limit,
    remove_stake_limit,
    unstake_all,
    unstake_all_alpha,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubtokenEnabled, TransferToggle
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetAlphaOut, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.staking import Owner
from pysubtensor.runtime.pallets.swap import Error as SwapError

from tests.world import ALICE, CHARLIE, TAO, account

from .stake import HOTKEY, MOST_PAID_IN, OWNERS_HOTKEY, UNOWNED_HOTKEY, pool, staked
from .table import NETUID, OWNER, Attempt, Kind, Table, World

table = Table()

#: Another hotkey of Alice, and a second subnet.
SECOND_HOTKEY, OTHER = account(10), 2
ROOT = 0
#: A price, in rao for one alpha, that no pool here reaches, and one that each has passed.
FAR, NEAR = 10**14, 10**4


def staked_beside_another(world: World) -> int:
    """Stake ten TAO on the first of two subnets; return the alpha. Alice owns a second hotkey."""
    alpha = staked(world)
    assert world.add_dynamic_network(account(11), OWNER) == OTHER
    world.do(ALICE, try_associate_hotkey.call(SECOND_HOTKEY))
    return alpha


BUY, SELL, SELL_ALL = "add_stake_limit", "remove_stake_limit", "remove_stake_full_limit"
MOVE, TRANSFER, SWAP, SWAP_LIMIT = "move_stake", "transfer_stake", "swap_stake", "swap_stake_limit"
BETWEEN = (MOVE, TRANSFER, SWAP, SWAP_LIMIT)
RECYCLE, BURN, BUY_AND_BURN = "recycle_alpha", "burn_alpha", "add_stake_burn"


# --- up to a price -------------------------------------------------------------------------------------------------


def price(world: World) -> int:
    """Return the price of the subnet's alpha in rao, rounded down."""
    return TAO * SubnetTAO.get(world.ctx, NETUID) // SubnetAlphaIn.get(world.ctx, NETUID)


@table.misuse(BUY, Kind.EARLY, Error.SubtokenDisabled)
def bought_before_the_start(world: World) -> Attempt:
    pool(world)
    SubtokenEnabled.put(world.ctx, NETUID, False)
    return ALICE, add_stake_limit.call(HOTKEY, NETUID, TAO, FAR, False)


@table.misuse(BUY, Kind.EARLY, Error.HotKeyAccountNotExists)
def bought_before_the_hotkey_has_an_owner(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake_limit.call(UNOWNED_HOTKEY, NETUID, TAO, FAR, False)


@table.misuse(BUY, Kind.MUCH, Error.SlippageTooHigh)
def more_than_the_limit_allows(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake_limit.call(HOTKEY, NETUID, TAO, price(world) + NEAR, False)


@table.misuse(BUY, Kind.MUCH, SwapError.PriceLimitExceeded)
def bought_above_the_limit(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake_limit.call(HOTKEY, NETUID, TAO, price(world) // 2, True)


@table.misuse(BUY, Kind.MUCH, Error.AmountTooLow)
def bought_for_nothing(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake_limit.call(HOTKEY, NETUID, 0, FAR, True)


@table.misuse(BUY, Kind.MUCH, Error.NotEnoughBalanceToStake)
def bought_for_more_than_the_balance(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake_limit.call(HOTKEY, NETUID, get_coldkey_balance(world.ctx, ALICE) + 1, FAR, False)


@table.misuse(BUY, Kind.MUCH, Error.InsufficientLiquidity)
def bought_for_a_thousand_times_the_pool(world: World) -> Attempt:
    pool(world)
    SubnetTAO.put(world.ctx, NETUID, TAO // MOST_PAID_IN - 1)
    return ALICE, add_stake_limit.call(HOTKEY, NETUID, TAO, FAR, True)


@table.misuse(SELL, Kind.EARLY, Error.HotKeyAccountNotExists)
def sold_after_the_hotkey_lost_its_owner(world: World) -> Attempt:
    alpha = staked(world)
    Owner.remove(world.ctx, HOTKEY)
    return ALICE, remove_stake_limit.call(HOTKEY, NETUID, alpha, NEAR, True)


@table.misuse(SELL, Kind.MUCH, Error.NotEnoughStakeToWithdraw)
def sold_more_than_the_stake(world: World) -> Attempt:
    alpha = staked(world)
    return ALICE, remove_stake_limit.call(HOTKEY, NETUID, alpha + 1, NEAR, False)


@table.misuse(SELL, Kind.MUCH, Error.SlippageTooHigh)
def sold_more_than_the_limit_allows(world: World) -> Attempt:
    alpha = staked(world)
    return ALICE, remove_stake_limit.call(HOTKEY, NETUID, alpha, price(world) - NEAR, False)


@table.misuse(SELL, Kind.MUCH, SwapError.PriceLimitExceeded)
def sold_below_the_limit(world: World) -> Attempt:
    alpha = staked(world)
    return ALICE, remove_stake_limit.call(HOTKEY, NETUID, alpha, 2 * price(world), True)


@table.misuse(SELL, Kind.MUCH, Error.AmountTooLow)
def sold_no_alpha(world: World) -> Attempt:
    staked(world)
    return ALICE, remove_stake_limit.call(HOTKEY, NETUID, 0, NEAR, True)


@table.misuse(SELL, Kind.MUCH, Error.StakeUnavailable)
def sold_what_is_locked(world: World) -> Attempt:
    alpha = staked(world)
    do_lock_stake(world.ctx, ALICE, NETUID, HOTKEY, alpha // 2)
    return ALICE, remove_stake_limit.call(HOTKEY, NETUID, alpha - alpha // 2 + 1, NEAR, False)


@table.misuse(SELL_ALL, Kind.EARLY, Error.SubtokenDisabled)
def all_sold_while_alpha_is_not_traded(world: World) -> Attempt:
    staked(world)
    SubtokenEnabled.put(world.ctx, NETUID, False)
    return ALICE, remove_stake_full_limit.call(HOTKEY, NETUID, None)


@table.misuse(SELL_ALL, Kind.MUCH, Error.SlippageTooHigh)
def all_sold_below_the_limit(world: World) -> Attempt:
    staked(world)
    return ALICE, remove_stake_full_limit.call(HOTKEY, NETUID, price(world) - NEAR)


@table.misuse(SELL_ALL, Kind.MUCH, Error.AmountTooLow)
def all_of_no_stake_sold(world: World) -> Attempt:
    staked(world)
    return CHARLIE, remove_stake_full_limit.call(HOTKEY, NETUID, None)


table.never(Kind.FAST, "trades have no rate limit", BUY, SELL, SELL_ALL)
table.never(Kind.LENGTHS, "they take no list", BUY, SELL, SELL_ALL)
table.never(Kind.TWICE, "a second trade comes on top of the first", BUY, SELL, SELL_ALL)


# --- all subnets ---------------------------------------------------------------------------------------------------

ALL, ALL_TO_ROOT = "unstake_all", "unstake_all_alpha"


@table.misuse(ALL, Kind.EARLY, Error.HotKeyAccountNotExists)
def all_unstaked_from_no_hotkey(world: World) -> Attempt:
    pool(world)
    return ALICE, unstake_all.call(UNOWNED_HOTKEY)


@table.misuse(ALL_TO_ROOT, Kind.EARLY, Error.HotKeyAccountNotExists)
def all_moved_to_root_from_no_hotkey(world: World) -> Attempt:
    pool(world)
    return ALICE, unstake_all_alpha.call(UNOWNED_HOTKEY)


@table.misuse(ALL_TO_ROOT, Kind.MUCH, Error.AmountTooLow)
def no_stake_moved_to_root(world: World) -> Attempt:
    pool(world)
    return ALICE, unstake_all_alpha.call(HOTKEY)


table.never(Kind.MUCH, "it sells what can be sold, which may be nothing", ALL)
table.never(Kind.FAST, "trades have no rate limit", ALL, ALL_TO_ROOT)
table.never(Kind.LENGTHS, "they take no list", ALL, ALL_TO_ROOT)
table.never(Kind.TWICE, "it takes a hotkey only", ALL, ALL_TO_ROOT)


# --- moves ---------------------------------------------------------------------------------------------------------


def moved(call: str, alpha: int, *, limit: int = NEAR, partial: bool = False, hotkey: bytes = HOTKEY) -> Call:
    """Return a move of alpha from the first subnet to the second, by any of the four calls."""
    if call == MOVE:
        return move_stake.call(hotkey, SECOND_HOTKEY, NETUID, OTHER, alpha)
    if call == TRANSFER:
        return transfer_stake.call(CHARLIE, hotkey, NETUID, OTHER, alpha)
    if call == SWAP:
        return swap_stake.call(hotkey, NETUID, OTHER, alpha)
    return swap_stake_limit.call(hotkey, NETUID, OTHER, alpha, limit, partial)


@table.misuse_of_each(BETWEEN, Kind.EARLY, Error.SubtokenDisabled)
def moved_to_a_subnet_that_has_not_started(world: World, call: str) -> Attempt:
    alpha = staked_beside_another(world)
    SubtokenEnabled.put(world.ctx, OTHER, False)
    return ALICE, moved(call, alpha)


@table.misuse_of_each(BETWEEN, Kind.EARLY, Error.HotKeyAccountNotExists)
def moved_from_no_hotkey(world: World, call: str) -> Attempt:
    alpha = staked_beside_another(world)
    return ALICE, moved(call, alpha, hotkey=UNOWNED_HOTKEY)


@table.misuse_of_each(BETWEEN, Kind.MUCH, Error.AmountTooLow)
def moved_too_little(world: World, call: str) -> Attempt:
    staked_beside_another(world)
    return ALICE, moved(call, 1_000)


@table.misuse_of_each(BETWEEN, Kind.MUCH, Error.StakeUnavailable)
def moved_what_is_locked(world: World, call: str) -> Attempt:
    alpha = staked_beside_another(world)
    do_lock_stake(world.ctx, ALICE, NETUID, HOTKEY, alpha // 2)
    return ALICE, moved(call, alpha, partial=True)


@table.misuse_of_each(BETWEEN, Kind.MUCH, Error.InsufficientLiquidity)
def moved_from_a_pool_with_too_little_tao(world: World, call: str) -> Attempt:
    alpha = staked_beside_another(world)
    SubnetTAO.put(world.ctx, NETUID, 10**6 - 1)
    return ALICE, moved(call, alpha, limit=0)


@table.misuse(SWAP_LIMIT, Kind.MUCH, Error.SlippageTooHigh)
def moved_above_the_limit(world: World) -> Attempt:
    alpha = staked_beside_another(world)
    return ALICE, moved(SWAP_LIMIT, alpha, limit=FAR)


@table.misuse(TRANSFER, Kind.EARLY, Error.TransferDisallowed)
def given_away_where_that_is_not_allowed(world: World) -> Attempt:
    alpha = staked_beside_another(world)
    TransferToggle.put(world.ctx, OTHER, False)
    return ALICE, moved(TRANSFER, alpha)


@table.misuse(TRANSFER, Kind.MUCH, Error.AccountRejectsLockedAlpha)
def locked_alpha_given_to_an_account_that_rejects_it(world: World) -> Attempt:
    alpha = staked(world)
    do_lock_stake(world.ctx, ALICE, NETUID, HOTKEY, alpha)
    return ALICE, transfer_stake.call(CHARLIE, HOTKEY, NETUID, NETUID, alpha)


@table.misuse(TRANSFER, Kind.TWICE, Error.LockHotkeyMismatch)
def locked_alpha_given_to_a_coldkey_with_a_lock_elsewhere(world: World) -> Attempt:
    alpha = staked_beside_another(world)
    world.do(CHARLIE, add_stake.call(SECOND_HOTKEY, NETUID, TAO))
    do_lock_stake(world.ctx, CHARLIE, NETUID, SECOND_HOTKEY, 1_000)
    do_lock_stake(world.ctx, ALICE, NETUID, HOTKEY, alpha)
    return ALICE, transfer_stake.call(CHARLIE, HOTKEY, NETUID, NETUID, alpha)


@table.misuse(MOVE, Kind.TWICE, Error.SameNetuid)
def moved_to_where_it_is(world: World) -> Attempt:
    alpha = staked(world)
    return ALICE, move_stake.call(HOTKEY, HOTKEY, NETUID, NETUID, alpha)


@table.misuse(SWAP, Kind.TWICE, Error.SameNetuid)
def swapped_for_itself(world: World) -> Attempt:
    alpha = staked(world)
    return ALICE, swap_stake.call(HOTKEY, NETUID, NETUID, alpha)


@table.misuse(SWAP_LIMIT, Kind.TWICE, Error.SameNetuid)
def swapped_for_itself_up_to_a_price(world: World) -> Attempt:
    alpha = staked(world)
    return ALICE, swap_stake_limit.call(HOTKEY, NETUID, NETUID, alpha, NEAR, True)


table.never(Kind.FAST, "moves have no rate limit", *BETWEEN)
table.never(Kind.LENGTHS, "they take no list", *BETWEEN)


# --- destruction ---------------------------------------------------------------------------------------------------


def destroyed(call: str, amount: int, *, hotkey: bytes = HOTKEY, netuid: int = NETUID) -> Call:
    """Return the destruction of alpha by either call."""
    return (recycle_alpha if call == RECYCLE else burn_alpha).call(hotkey, amount, netuid)


@table.misuse_of_each((RECYCLE, BURN), Kind.EARLY, Error.SubtokenDisabled)
def destroyed_while_alpha_is_not_traded(world: World, call: str) -> Attempt:
    alpha = staked(world)
    SubtokenEnabled.put(world.ctx, NETUID, False)
    return ALICE, destroyed(call, alpha)


@table.misuse_of_each((RECYCLE, BURN), Kind.EARLY, Error.HotKeyAccountNotExists)
def destroyed_on_no_hotkey(world: World, call: str) -> Attempt:
    alpha = staked(world)
    return ALICE, destroyed(call, alpha, hotkey=UNOWNED_HOTKEY)


@table.misuse_of_each((RECYCLE, BURN), Kind.MUCH, Error.CannotBurnOrRecycleOnRootSubnet)
def destroyed_on_root(world: World, call: str) -> Attempt:
    alpha = staked(world)
    world.subnet(ROOT)
    return ALICE, destroyed(call, alpha, netuid=ROOT)


@table.misuse_of_each((RECYCLE, BURN), Kind.MUCH, Error.InsufficientLiquidity)
def destroyed_more_than_is_outstanding(world: World, call: str) -> Attempt:
    alpha = staked(world)
    SubnetAlphaOut.put(world.ctx, NETUID, alpha - 1)
    return ALICE, destroyed(call, alpha)


@table.misuse_of_each((RECYCLE, BURN), Kind.MUCH, Error.StakeUnavailable)
def destroyed_what_is_locked(world: World, call: str) -> Attempt:
    alpha = staked(world)
    do_lock_stake(world.ctx, ALICE, NETUID, HOTKEY, alpha // 2)
    return ALICE, destroyed(call, alpha)


@table.misuse(BUY_AND_BURN, Kind.EARLY, Error.SubtokenDisabled)
def bought_to_burn_before_the_start(world: World) -> Attempt:
    pool(world)
    SubtokenEnabled.put(world.ctx, NETUID, False)
    return ALICE, add_stake_burn.call(HOTKEY, NETUID, TAO, None)


@table.misuse(BUY_AND_BURN, Kind.MUCH, Error.CannotBurnOrRecycleOnRootSubnet)
def bought_to_burn_on_root(world: World) -> Attempt:
    pool(world)
    world.subnet(ROOT)
    return ALICE, add_stake_burn.call(OWNERS_HOTKEY, ROOT, TAO, None)


@table.misuse(BUY_AND_BURN, Kind.MUCH, Error.NotEnoughBalanceToStake)
def bought_to_burn_with_too_little_balance(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake_burn.call(HOTKEY, NETUID, get_coldkey_balance(world.ctx, ALICE) + 1, None)


@table.misuse(BUY_AND_BURN, Kind.MUCH, Error.SlippageTooHigh)
def bought_to_burn_above_the_limit(world: World) -> Attempt:
    pool(world)
    return ALICE, add_stake_burn.call(HOTKEY, NETUID, TAO, price(world) + NEAR)


table.never(Kind.FAST, "alpha may be destroyed at any rate", RECYCLE, BURN, BUY_AND_BURN)
table.never(Kind.LENGTHS, "they take no list", RECYCLE, BURN, BUY_AND_BURN)
table.never(Kind.TWICE, "more than is left destroys what is left", RECYCLE, BURN, BUY_AND_BURN)
