"""Calls about children: setting, replacing and revoking them; rules and numbers of the chain's `children.rs`."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN
from pysubtensor.runtime.pallets.subtensor.declared import events
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.staking.childkeys import do_set_pending_children
from pysubtensor.runtime.pallets.subtensor.staking.children import (
    set_auto_parent_delegation_enabled,
    set_children,
    set_pending_childkey_cooldown,
)
from pysubtensor.runtime.pallets.subtensor.staking.remove import remove_stake
from pysubtensor.runtime.pallets.subtensor.staking.stake_weights import get_stake_weights_for_hotkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.storage.delegation import (
    AutoParentDelegationEnabled,
    ChildKeys,
    ParentKeys,
    PendingChildKeyCooldown,
    PendingChildKeys,
)
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwnerHotkey, SubtokenEnabled
from pysubtensor.runtime.pallets.subtensor.storage.registration import NetworkRegistrationAllowed
from pysubtensor.runtime.pallets.subtensor.storage.weights import StakeThreshold

from tests.runtime.pallets.subtensor.pools import give_stake, set_reserves
from tests.world import (
    ALICE,
    BOB,
    TAO,
    U64_MAX,
    AddDynamicNetwork,
    AddNetwork,
    AddNeuron,
    Dispatch,
    GoTo,
    RefusedCall,
    account,
)

HOT, CHILD, CHILD_2, CHILD_3, PARENT = (account(number) for number in range(1, 6))
Edges = list[tuple[int, bytes]]
#: Blocks between two changes of a hotkey's children, and until a change takes effect.
LIMIT, COOLDOWN = 150, 7_200


@pytest.fixture
def netuid(add_network: AddNetwork, add_neuron: AddNeuron) -> int:
    """Subnet 1, started, with Alice's neuron."""
    netuid = add_network(1, 13)
    add_neuron(netuid, HOT, ALICE)
    return netuid


@pytest.fixture
def unstarted(ctx: Context, netuid: int) -> int:
    """The subnet before its start, when children take effect at once."""
    SubtokenEnabled.put(ctx, netuid, False)
    return netuid


# --- what is set ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "children",
    [
        [(1_000, CHILD)],
        [(0, CHILD)],
        [(U64_MAX, CHILD)],
        [(500, CHILD), (500, CHILD_2)],
        [(U64_MAX // 2, CHILD), (U64_MAX // 2 + 1, CHILD_2)],
    ],
    ids=["some", "none of it", "all of it", "two", "two with all"],
)
def test_children_are_stored_at_both_ends(ctx: Context, unstarted: int, dispatch: Dispatch, children: Edges) -> None:
    dispatch(ALICE, set_children.call(HOT, unstarted, children))
    assert ChildKeys.get(ctx, HOT, unstarted) == children
    for part, child in children:
        assert ParentKeys.get(ctx, child, unstarted) == [(part, HOT)]
    assert ctx.block.events[-1] == events.SetChildren(HOT, unstarted, children)


@pytest.mark.parametrize(
    "later",
    [[(500, CHILD_2)], [(300, CHILD), (400, CHILD_3)], [(700, CHILD)], []],
    ids=["another", "another beside", "another part", "none"],
)
def test_new_children_replace_the_former(
    ctx: Context, unstarted: int, dispatch: Dispatch, go_to: GoTo, later: Edges
) -> None:
    dispatch(ALICE, set_children.call(HOT, unstarted, [(500, CHILD), (500, CHILD_2)]))
    go_to(1 + LIMIT)
    dispatch(ALICE, set_children.call(HOT, unstarted, later))
    assert ChildKeys.get(ctx, HOT, unstarted) == later
    parts = {child: part for part, child in later}
    for child in (CHILD, CHILD_2, CHILD_3):
        assert ParentKeys.get(ctx, child, unstarted) == ([(parts[child], HOT)] if child in parts else [])
    assert ChildKeys.contains(ctx, HOT, unstarted) == bool(later)


def test_a_child_has_several_parents(ctx: Context, unstarted: int, add_neuron: AddNeuron, dispatch: Dispatch) -> None:
    add_neuron(unstarted, PARENT, BOB)
    dispatch(ALICE, set_children.call(HOT, unstarted, [(100, CHILD)]))
    dispatch(BOB, set_children.call(PARENT, unstarted, [(200, CHILD)]))
    assert ParentKeys.get(ctx, CHILD, unstarted) == [(100, HOT), (200, PARENT)]


# --- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("children", "error"),
    [
        ([(1_000, HOT)], Error.InvalidChild),
        ([(100, CHILD), (200, CHILD)], Error.DuplicateChild),
        ([(U64_MAX, CHILD), (1, CHILD_2)], Error.ProportionOverflow),
        ([(1, account(number)) for number in range(10, 16)], Error.TooManyChildren),
    ],
    ids=["itself", "twice", "more than all", "six"],
)
def test_children_are_five_others_that_share_at_most_all(
    netuid: int, refused: RefusedCall, children: Edges, error: Error
) -> None:
    refused(ALICE, set_children.call(HOT, netuid, children), error)


@pytest.mark.parametrize("children", [[(1_000, CHILD)], []], ids=["setting", "revoking"])
def test_the_owner_of_the_hotkey_sets_children_on_a_subnet(
    netuid: int, add_network: AddNetwork, refused: RefusedCall, children: Edges
) -> None:
    add_network(0, 100)
    refused(BOB, set_children.call(HOT, netuid, children), Error.NonAssociatedColdKey)
    refused(ALICE, set_children.call(HOT, 99, children), Error.SubnetNotExists)
    refused(ALICE, set_children.call(HOT, 0, children), Error.RegistrationNotPermittedOnRootSubnet)
    refused(NONE, set_children.call(HOT, netuid, children), BadOrigin())


def test_a_parent_is_no_child(
    ctx: Context, unstarted: int, add_neuron: AddNeuron, dispatch: Dispatch, refused: RefusedCall
) -> None:
    add_neuron(unstarted, CHILD, BOB)
    dispatch(ALICE, set_children.call(HOT, unstarted, [(100, CHILD)]))
    refused(BOB, set_children.call(CHILD, unstarted, [(100, HOT)]), Error.ChildParentInconsistency)


@pytest.mark.parametrize("started", [True, False])
def test_changes_are_limited_in_time(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo, started: bool
) -> None:
    SubtokenEnabled.put(ctx, netuid, started)
    dispatch(ALICE, set_children.call(HOT, netuid, [(100, CHILD)]))
    refused(ALICE, set_children.call(HOT, netuid, [(100, CHILD_2)]), Error.TxRateLimitExceeded)
    go_to(LIMIT)
    refused(ALICE, set_children.call(HOT, netuid, []), Error.TxRateLimitExceeded)
    go_to(1 + LIMIT)
    dispatch(ALICE, set_children.call(HOT, netuid, [(100, CHILD_2)]))


def test_parents_have_the_stake_threshold_but_to_revoke_children(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo
) -> None:
    StakeThreshold.put(ctx, 1_000_000)
    give_stake(ctx, HOT, ALICE, netuid, 999_999)
    refused(ALICE, set_children.call(HOT, netuid, [(100, CHILD)]), Error.NotEnoughStakeToSetChildkeys)
    dispatch(ALICE, set_children.call(HOT, netuid, []))
    give_stake(ctx, HOT, ALICE, netuid, 1)
    go_to(1 + LIMIT)
    dispatch(ALICE, set_children.call(HOT, netuid, [(100, CHILD)]))


def test_the_hotkey_of_a_subnets_owner_needs_no_stake(ctx: Context, netuid: int, dispatch: Dispatch) -> None:
    StakeThreshold.put(ctx, 1_000_000)
    SubnetOwnerHotkey.put(ctx, netuid, HOT)
    dispatch(ALICE, set_children.call(HOT, netuid, [(100, CHILD)]))
    assert PendingChildKeys.contains(ctx, netuid, HOT)


def test_children_are_set_while_registration_is_closed(ctx: Context, unstarted: int, dispatch: Dispatch) -> None:
    NetworkRegistrationAllowed.put(ctx, unstarted, False)
    dispatch(ALICE, set_children.call(HOT, unstarted, [(100, CHILD)]))
    assert ChildKeys.get(ctx, HOT, unstarted) == [(100, CHILD)]


# --- the cooldown --------------------------------------------------------------------------------------------------


def test_children_take_effect_after_the_cooldown(ctx: Context, netuid: int, dispatch: Dispatch, go_to: GoTo) -> None:
    assert PendingChildKeyCooldown.get(ctx) == COOLDOWN
    dispatch(ALICE, set_children.call(HOT, netuid, [(1_000, CHILD)]))
    assert PendingChildKeys.get(ctx, netuid, HOT) == ([(1_000, CHILD)], 1 + COOLDOWN)
    assert ctx.block.events[-1] == events.SetChildrenScheduled(HOT, netuid, 1 + COOLDOWN, [(1_000, CHILD)])
    go_to(1 + COOLDOWN)
    do_set_pending_children(ctx, netuid)
    assert ChildKeys.get(ctx, HOT, netuid) == []
    go_to(2 + COOLDOWN)
    do_set_pending_children(ctx, netuid)
    assert ChildKeys.get(ctx, HOT, netuid) == [(1_000, CHILD)]
    assert not PendingChildKeys.contains(ctx, netuid, HOT)


def test_root_sets_the_cooldown_for_children_from_then_on(
    ctx: Context, netuid: int, dispatch: Dispatch, refused: RefusedCall
) -> None:
    refused(ALICE, set_pending_childkey_cooldown.call(10), BadOrigin())
    dispatch(ROOT_ORIGIN, set_pending_childkey_cooldown.call(10))
    dispatch(ALICE, set_children.call(HOT, netuid, [(1_000, CHILD)]))
    assert PendingChildKeys.get(ctx, netuid, HOT)[1] == 11


def test_selling_stake_below_the_threshold_drops_scheduled_children(
    ctx: Context, add_dynamic_network: AddDynamicNetwork, dispatch: Dispatch
) -> None:
    netuid = add_dynamic_network(account(9), account(8))
    set_reserves(ctx, netuid, 1_000_000 * TAO, 1_000_000 * TAO)
    give_stake(ctx, HOT, ALICE, netuid, 10 * TAO)
    StakeThreshold.put(ctx, 5 * TAO)
    dispatch(ALICE, set_children.call(HOT, netuid, [(1_000, CHILD)]))
    dispatch(ALICE, remove_stake.call(HOT, netuid, 4 * TAO))
    assert PendingChildKeys.contains(ctx, netuid, HOT)
    dispatch(ALICE, remove_stake.call(HOT, netuid, 2 * TAO))
    assert not PendingChildKeys.contains(ctx, netuid, HOT)


# --- stake of children ---------------------------------------------------------------------------------------------


def inherited(ctx: Context, hotkey: bytes, netuid: int) -> int:
    """Return the alpha that counts for a hotkey."""
    return get_stake_weights_for_hotkey_on_subnet(ctx, hotkey, netuid)[1] >> 64


def test_children_share_the_stake_of_their_parent(ctx: Context, unstarted: int, dispatch: Dispatch) -> None:
    """A quarter, a half and an eighth; the parent keeps the rest. Parts are floored to 32 bits: to 24 alpha here."""
    parts = {CHILD: U64_MAX // 4, CHILD_2: U64_MAX // 2, CHILD_3: U64_MAX // 8}
    alpha = 99_999_999_999
    give_stake(ctx, HOT, ALICE, unstarted, alpha)
    dispatch(ALICE, set_children.call(HOT, unstarted, [(part, child) for child, part in parts.items()]))
    stakes = {child: inherited(ctx, child, unstarted) for child in (*parts, HOT)}
    for child, part in ((CHILD, 4), (CHILD_2, 2), (CHILD_3, 8)):
        assert 0 <= alpha / part - stakes[child] <= 24
    assert 0 <= stakes[HOT] - alpha / 8 <= 3 * 24
    assert alpha - 4 * 24 <= sum(stakes.values()) <= alpha


def test_children_of_different_subnets_are_independent(
    ctx: Context, unstarted: int, add_network: AddNetwork, dispatch: Dispatch
) -> None:
    other = add_network(2, 13)
    SubtokenEnabled.put(ctx, other, False)
    for subnet in (unstarted, other):
        give_stake(ctx, HOT, ALICE, subnet, 1_000_000)
    dispatch(ALICE, set_children.call(HOT, unstarted, [(U64_MAX, CHILD)]))
    dispatch(ALICE, set_children.call(HOT, other, [(U64_MAX // 2, CHILD)]))
    alphas = [inherited(ctx, CHILD, subnet) for subnet in (unstarted, other)]
    assert alphas == pytest.approx([1_000_000, 500_000], abs=1)


# --- automatic delegation ------------------------------------------------------------------------------------------


def test_a_validator_of_root_chooses_whether_owners_become_its_children(
    ctx: Context, netuid: int, add_network: AddNetwork, add_neuron: AddNeuron, dispatch: Dispatch, refused: RefusedCall
) -> None:
    add_network(0, 100)
    refused(ALICE, set_auto_parent_delegation_enabled.call(HOT, False), Error.HotKeyNotRegisteredInSubNet)
    add_neuron(0, HOT, ALICE)
    refused(BOB, set_auto_parent_delegation_enabled.call(HOT, False), Error.NonAssociatedColdKey)
    assert AutoParentDelegationEnabled.get(ctx, HOT) is True
    dispatch(ALICE, set_auto_parent_delegation_enabled.call(HOT, False))
    assert AutoParentDelegationEnabled.get(ctx, HOT) is False
    assert ctx.block.events[-1] == events.AutoParentDelegationEnabledSet(HOT, False)


def test_an_owner_becomes_child_of_the_validators_that_let_it(
    ctx: Context,
    netuid: int,
    add_network: AddNetwork,
    add_neuron: AddNeuron,
    add_dynamic_network: AddDynamicNetwork,
    dispatch: Dispatch,
) -> None:
    add_network(0, 100)
    StakeThreshold.put(ctx, 500_000_000)
    for hotkey, coldkey in ((HOT, ALICE), (PARENT, BOB)):
        add_neuron(0, hotkey, coldkey)
        give_stake(ctx, hotkey, coldkey, 0, 1_000_000_000)
    dispatch(ALICE, set_auto_parent_delegation_enabled.call(HOT, False))
    new = add_dynamic_network(CHILD, account(8))
    assert ChildKeys.get(ctx, HOT, new) == []
    assert ChildKeys.get(ctx, PARENT, new) == [(U64_MAX, CHILD)]
