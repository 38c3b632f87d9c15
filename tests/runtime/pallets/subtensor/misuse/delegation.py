"""Misuse of SubtensorModule: takes, children, automatic staking, dividends of root, and locks."""

from __future__ import annotations

from pysubtensor.runtime.frame.origin import ROOT_ORIGIN as BY_ROOT
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import KeepSubnets
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import try_associate_hotkey
from pysubtensor.runtime.pallets.subtensor.staking.auto_stake import set_coldkey_auto_stake_hotkey
from pysubtensor.runtime.pallets.subtensor.staking.children import set_auto_parent_delegation_enabled, set_children
from pysubtensor.runtime.pallets.subtensor.staking.lock_calls import lock_stake, move_lock
from pysubtensor.runtime.pallets.subtensor.staking.root_claims import (
    claim_root,
    set_root_claim_type,
    sudo_set_num_root_claims,
    sudo_set_root_claim_threshold,
)
from pysubtensor.runtime.pallets.subtensor.staking.takes import decrease_take, increase_take, set_childkey_take
from pysubtensor.runtime.pallets.subtensor.storage.delegation import (
    ChildkeyTake,
    MaxDelegateTake,
    MinChildkeyTake,
    MinDelegateTake,
    ParentKeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.weights import StakeThreshold

from tests.world import ALICE, CHARLIE, account

from .stake import HOTKEY, UNOWNED_HOTKEY, pool, staked
from .table import NETUID, OWNER, Attempt, Kind, Table, World

table = Table()

ROOT = 0
CHILD, OTHER_CHILD = account(20), account(21)
#: All of a parent's stake, and takes in parts of 65535.
WHOLE = 2**64 - 1
TAKE, MOST_TAKE, MOST_CHILDKEY_TAKE = 6_000, 11_796, 11_796

DECREASE, INCREASE, CHILDKEY_TAKE = "decrease_take", "increase_take", "set_childkey_take"
CHILDREN, DELEGATION = "set_children", "set_auto_parent_delegation_enabled"
AUTO_STAKE, CLAIM, CLAIM_TYPE = "set_coldkey_auto_stake_hotkey", "claim_root", "set_root_claim_type"
LOCK, MOVE_LOCK, PERPETUAL, REJECT = "lock_stake", "move_lock", "set_perpetual_lock", "set_reject_locked_alpha"


# --- takes ---------------------------------------------------------------------------------------------------------


def delegate(world: World) -> None:
    """Give Alice a hotkey with a take."""
    pool(world)
    world.do(ALICE, increase_take.call(HOTKEY, TAKE))


@table.misuse(DECREASE, Kind.MUCH, Error.DelegateTakeTooLow)
def lowered_to_what_it_is(world: World) -> Attempt:
    delegate(world)
    return ALICE, decrease_take.call(HOTKEY, TAKE)


@table.misuse(DECREASE, Kind.MUCH, Error.DelegateTakeTooLow)
def lowered_below_the_minimum(world: World) -> Attempt:
    delegate(world)
    MinDelegateTake.put(world.ctx, TAKE - 10)
    return ALICE, decrease_take.call(HOTKEY, TAKE - 11)


@table.misuse(DECREASE, Kind.EARLY, Error.HotKeyAccountNotExists)
def lowered_before_the_hotkey_has_an_owner(world: World) -> Attempt:
    delegate(world)
    return ALICE, decrease_take.call(UNOWNED_HOTKEY, TAKE)


@table.misuse(INCREASE, Kind.MUCH, Error.DelegateTakeTooLow)
def raised_to_what_it_is(world: World) -> Attempt:
    delegate(world)
    return ALICE, increase_take.call(HOTKEY, TAKE)


@table.misuse(INCREASE, Kind.MUCH, Error.DelegateTakeTooHigh)
def raised_above_the_maximum(world: World) -> Attempt:
    delegate(world)
    assert MaxDelegateTake.get(world.ctx) == MOST_TAKE
    return ALICE, increase_take.call(HOTKEY, MOST_TAKE + 1)


@table.misuse(INCREASE, Kind.FAST, Error.DelegateTxRateLimitExceeded)
def raised_twice_within_the_limit(world: World) -> Attempt:
    world.go_to(1)
    delegate(world)
    world.go_to(2)  # the limit of these tests is one block, which is too few
    return ALICE, increase_take.call(HOTKEY, TAKE + 1)


@table.misuse(INCREASE, Kind.EARLY, Error.HotKeyAccountNotExists)
def raised_before_the_hotkey_has_an_owner(world: World) -> Attempt:
    pool(world)
    return ALICE, increase_take.call(UNOWNED_HOTKEY, TAKE)


@table.misuse(CHILDKEY_TAKE, Kind.MUCH, Error.InvalidChildkeyTake)
def a_childkey_take_above_the_maximum(world: World) -> Attempt:
    pool(world)
    return ALICE, set_childkey_take.call(HOTKEY, NETUID, MOST_CHILDKEY_TAKE + 1)


@table.misuse(CHILDKEY_TAKE, Kind.MUCH, Error.InvalidChildkeyTake)
def a_childkey_take_below_the_minimum(world: World) -> Attempt:
    pool(world)
    MinChildkeyTake.put(world.ctx, 10)
    return ALICE, set_childkey_take.call(HOTKEY, NETUID, 9)


@table.misuse(CHILDKEY_TAKE, Kind.FAST, Error.TxChildkeyTakeRateLimitExceeded)
def a_childkey_take_raised_twice_in_a_block(world: World) -> Attempt:
    world.go_to(1)
    pool(world)
    world.do(ALICE, set_childkey_take.call(HOTKEY, NETUID, 10))
    assert ChildkeyTake.get(world.ctx, HOTKEY, NETUID) == 10
    return ALICE, set_childkey_take.call(HOTKEY, NETUID, 11)


table.never(Kind.EARLY, "a hotkey has a take from its beginning", CHILDKEY_TAKE)
table.never(Kind.FAST, "a take may be lowered at any time", DECREASE)
table.never(Kind.LENGTHS, "they take no list", DECREASE, INCREASE, CHILDKEY_TAKE)
table.never(Kind.TWICE, "the same take again is too low", DECREASE, INCREASE)
table.never(Kind.TWICE, "the same take may be set again", CHILDKEY_TAKE)
table.open_to_root("sudo_set_tx_childkey_take_rate_limit", "sudo_set_min_childkey_take", "sudo_set_max_childkey_take")


# --- children ------------------------------------------------------------------------------------------------------


@table.misuse(CHILDREN, Kind.MUCH, Error.ProportionOverflow)
def more_than_the_whole_stake(world: World) -> Attempt:
    pool(world)
    return ALICE, set_children.call(HOTKEY, NETUID, [(WHOLE, CHILD), (1, OTHER_CHILD)])


@table.misuse(CHILDREN, Kind.MUCH, Error.NotEnoughStakeToSetChildkeys)
def with_too_little_stake(world: World) -> Attempt:
    staked(world)
    StakeThreshold.put(world.ctx, WHOLE)
    return ALICE, set_children.call(HOTKEY, NETUID, [(WHOLE, CHILD)])


@table.misuse(CHILDREN, Kind.MUCH, Error.RegistrationNotPermittedOnRootSubnet)
def children_on_root(world: World) -> Attempt:
    pool(world)
    world.subnet(ROOT)
    return ALICE, set_children.call(HOTKEY, ROOT, [(WHOLE, CHILD)])


@table.misuse(CHILDREN, Kind.LENGTHS, Error.TooManyChildren)
def six_children(world: World) -> Attempt:
    pool(world)
    return ALICE, set_children.call(HOTKEY, NETUID, [(1, account(30 + number)) for number in range(6)])


@table.misuse(CHILDREN, Kind.TWICE, Error.DuplicateChild)
def the_same_child_twice(world: World) -> Attempt:
    pool(world)
    return ALICE, set_children.call(HOTKEY, NETUID, [(1, CHILD), (2, CHILD)])


@table.misuse(CHILDREN, Kind.TWICE, Error.InvalidChild)
def the_hotkey_itself(world: World) -> Attempt:
    pool(world)
    return ALICE, set_children.call(HOTKEY, NETUID, [(1, HOTKEY)])


@table.misuse(CHILDREN, Kind.TWICE, Error.ChildParentInconsistency)
def a_parent_as_child(world: World) -> Attempt:
    pool(world)
    ParentKeys.put(world.ctx, HOTKEY, NETUID, [(WHOLE, CHILD)])
    return ALICE, set_children.call(HOTKEY, NETUID, [(1, CHILD)])


@table.misuse(CHILDREN, Kind.FAST, Error.TxRateLimitExceeded)
def again_within_150_blocks(world: World) -> Attempt:
    staked(world)
    world.go_to(1)
    world.do(ALICE, set_children.call(HOTKEY, NETUID, [(WHOLE, CHILD)]))
    world.go_to(150)
    return ALICE, set_children.call(HOTKEY, NETUID, [(WHOLE, OTHER_CHILD)])


@table.misuse(CHILDREN, Kind.EARLY, Error.NonAssociatedColdKey)
def children_before_the_hotkey_has_an_owner(world: World) -> Attempt:
    pool(world)
    return ALICE, set_children.call(UNOWNED_HOTKEY, NETUID, [(WHOLE, CHILD)])


@table.misuse(DELEGATION, Kind.EARLY, Error.HotKeyNotRegisteredInSubNet)
def delegated_before_it_is_on_root(world: World) -> Attempt:
    pool(world)
    return ALICE, set_auto_parent_delegation_enabled.call(HOTKEY, True)


table.never(Kind.FAST, "it has no rate limit", DELEGATION)
table.never(Kind.MUCH, "it takes a choice only", DELEGATION)
table.never(Kind.LENGTHS, "it takes no list", DELEGATION)
table.never(Kind.TWICE, "the same choice may be made again", DELEGATION)
table.open_to_root("set_pending_childkey_cooldown")


# --- automatic staking ---------------------------------------------------------------------------------------------


@table.misuse(AUTO_STAKE, Kind.EARLY, Error.HotKeyNotRegisteredInSubNet)
def a_hotkey_that_is_not_registered(world: World) -> Attempt:
    pool(world)
    return CHARLIE, set_coldkey_auto_stake_hotkey.call(NETUID, HOTKEY)


@table.misuse(AUTO_STAKE, Kind.TWICE, Error.SameAutoStakeHotkeyAlreadySet)
def the_hotkey_that_is_set(world: World) -> Attempt:
    pool(world)
    world.neuron(HOTKEY, ALICE)
    world.do(CHARLIE, set_coldkey_auto_stake_hotkey.call(NETUID, HOTKEY))
    return CHARLIE, set_coldkey_auto_stake_hotkey.call(NETUID, HOTKEY)


table.never(Kind.FAST, "it has no rate limit", AUTO_STAKE)
table.never(Kind.MUCH, "it takes no amount", AUTO_STAKE)
table.never(Kind.LENGTHS, "it takes no list", AUTO_STAKE)


# --- dividends of root ---------------------------------------------------------------------------------------------


@table.misuse(CLAIM, Kind.LENGTHS, Error.InvalidSubnetNumber)
def claimed_on_no_subnet(world: World) -> Attempt:
    return ALICE, claim_root.call(frozenset())


@table.misuse(CLAIM, Kind.LENGTHS, Error.InvalidSubnetNumber)
def claimed_on_six_subnets(world: World) -> Attempt:
    return ALICE, claim_root.call(frozenset(range(1, 7)))


@table.misuse(CLAIM_TYPE, Kind.LENGTHS, Error.InvalidSubnetNumber)
def kept_on_no_subnet(world: World) -> Attempt:
    return ALICE, set_root_claim_type.call(KeepSubnets(frozenset()))


@table.misuse("sudo_set_num_root_claims", Kind.MUCH, Error.InvalidNumRootClaim)
def claims_for_more_than_fifty(world: World) -> Attempt:
    return BY_ROOT, sudo_set_num_root_claims.call(51)


@table.misuse("sudo_set_root_claim_threshold", Kind.MUCH, Error.InvalidRootClaimThreshold)
def a_threshold_above_ten_million(world: World) -> Attempt:
    pool(world)
    return OWNER, sudo_set_root_claim_threshold.call(NETUID, 10_000_001)


table.never(Kind.EARLY, "what has not been earned is not paid, without an error", CLAIM)
table.never(Kind.EARLY, "the choice holds for dividends to come", CLAIM_TYPE)
table.never(Kind.FAST, "they have no rate limit", CLAIM, CLAIM_TYPE)
table.never(Kind.MUCH, "all that is owed is paid", CLAIM)
table.never(Kind.MUCH, "it takes a choice only", CLAIM_TYPE)
table.never(Kind.TWICE, "after a claim nothing is owed, which is no error", CLAIM)
table.never(Kind.TWICE, "the same choice may be made again", CLAIM_TYPE)
table.open_to_root("sudo_set_num_root_claims", "sudo_set_root_claim_threshold", but=(Kind.MUCH,))


# --- locks ---------------------------------------------------------------------------------------------------------


@table.misuse(LOCK, Kind.MUCH, Error.AmountTooLow)
def nothing_locked(world: World) -> Attempt:
    staked(world)
    return ALICE, lock_stake.call(HOTKEY, NETUID, 0)


@table.misuse(LOCK, Kind.MUCH, Error.InsufficientStakeForLock)
def more_than_the_stake_locked(world: World) -> Attempt:
    alpha = staked(world)
    return ALICE, lock_stake.call(HOTKEY, NETUID, alpha + 1)


@table.misuse(LOCK, Kind.EARLY, Error.HotKeyAccountNotExists)
def locked_to_no_hotkey(world: World) -> Attempt:
    staked(world)
    return ALICE, lock_stake.call(UNOWNED_HOTKEY, NETUID, 1_000)


@table.misuse(LOCK, Kind.TWICE, Error.LockHotkeyMismatch)
def locked_to_a_second_hotkey(world: World) -> Attempt:
    staked(world)
    world.do(CHARLIE, try_associate_hotkey.call(CHILD))
    world.do(ALICE, lock_stake.call(HOTKEY, NETUID, 1_000))
    return ALICE, lock_stake.call(CHILD, NETUID, 1_000)


@table.misuse(MOVE_LOCK, Kind.EARLY, Error.NoExistingLock)
def no_lock_moved(world: World) -> Attempt:
    staked(world)
    return ALICE, move_lock.call(HOTKEY, NETUID)


@table.misuse(MOVE_LOCK, Kind.EARLY, Error.HotKeyAccountNotExists)
def a_lock_moved_to_no_hotkey(world: World) -> Attempt:
    staked(world)
    world.do(ALICE, lock_stake.call(HOTKEY, NETUID, 1_000))
    return ALICE, move_lock.call(UNOWNED_HOTKEY, NETUID)


table.never(Kind.FAST, "locks have no rate limit", LOCK, MOVE_LOCK)
table.never(Kind.MUCH, "the whole lock moves", MOVE_LOCK)
table.never(Kind.LENGTHS, "they take no list", LOCK, MOVE_LOCK)
table.never(Kind.TWICE, "a lock may move to where it is", MOVE_LOCK)
for kind in Kind:
    table.never(kind, "anyone may choose at any time", PERPETUAL, REJECT)
